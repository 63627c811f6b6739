"""What the page shows of memory across regimes."""
