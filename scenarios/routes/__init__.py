"""Parameters of drivers who choose routes."""
