"""Cities for route choice: roads with costs and trips between zones, as tables, and a reader of TNTP files."""
