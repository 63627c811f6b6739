"""One crossing without signals."""
