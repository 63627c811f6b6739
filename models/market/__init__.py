"""Dealers and traders on a network."""
