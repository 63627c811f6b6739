"""Hypothesis: no deadline, for a first example may compile a kernel; in CI the same examples every time."""

import os

from hypothesis import settings

settings.register_profile("everlearn", deadline=None, max_examples=50, derandomize="CI" in os.environ)
settings.load_profile("everlearn")
