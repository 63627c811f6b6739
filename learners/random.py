"""Random: every action is equally likely, and nothing is learned. The line every learner must beat."""

from typing import NamedTuple

import numpy as np

from engine.limits import FIXED, Limits
from engine.loop import act
from learners.base import Learner, Space


class RandomMind(NamedTuple):
    """Nothing to know but the number of actions."""

    actions: np.ndarray  # (1,) int64, K

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"actions": FIXED}


class Random(Learner):
    """Uniformly random actions."""

    def begin(self, space: Space, rng: np.random.Generator) -> RandomMind:
        """Keep the number of actions."""
        return RandomMind(np.array([space.actions]))


@act.body_for(RandomMind)
def act_random(mind, members, turn, world, rng):
    for i in members:
        if turn.deciding[i]:
            turn.actions[i] = int(rng.random() * mind.actions[0])
