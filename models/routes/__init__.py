"""Drivers who choose a route every day."""
