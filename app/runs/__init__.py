"""Live worlds: each has a thread of its own, which publishes what viewers see."""
