"""Firms that post prices."""
