"""Power markets on networks."""
