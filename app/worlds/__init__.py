"""Which worlds can be opened, and what the page says about them."""
