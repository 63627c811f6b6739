"""Lives with recurring regimes: examinations, the measures of the literature, and logs in its format."""
