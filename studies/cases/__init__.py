"""The runs of a study: one case, and where and in which order cases run."""
