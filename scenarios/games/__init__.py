"""Matrix games on a graph."""
