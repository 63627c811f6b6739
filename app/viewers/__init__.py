"""The tabs that look at a run, and what they may ask."""
