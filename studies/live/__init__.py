"""A running world: its past, and what a change would do to it."""
