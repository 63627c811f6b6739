"""Traffic signals on a road network."""
