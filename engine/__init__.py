"""The loop, knowing nothing of any world or learner."""
