"""A learner that goes wrong with some seeds, as a user's own might; in a file of its own, so that processes find it."""

import os
from typing import Any

import numpy as np

from learners.base import Memory, PythonLearner


class Frail(PythonLearner):
    """Draws once; where the draw is low, its first action raises, or ends the process."""

    share: float = 0.3
    deadly: bool = False

    def begin(self, space: Any, rng: np.random.Generator) -> Memory:
        """Draw."""
        return Memory(draw=np.array([rng.random()]), actions=np.array([space.actions]))

    def act(self, mind: Any, members: np.ndarray, turn: Any, rng: np.random.Generator) -> None:
        """Go wrong, or act at random."""
        if mind.draw[0] < self.share:
            if self.deadly:
                os._exit(1)
            raise ValueError("no idea\nwhat to do")
        turn.actions[members] = rng.integers(mind.actions[0], size=members.size)
