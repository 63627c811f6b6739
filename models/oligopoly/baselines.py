"""Rules that know the market: what learners are compared with."""

from typing import NamedTuple

import numpy as np

from engine.limits import FIXED, Limits
from engine.loop import act
from learners.base import Learner, Space


class RuleMind(NamedTuple):
    """Which rule; it looks everything else up in the market."""

    rule: np.ndarray  # (1,) int64: COMPETITIVE, CARTEL or REPLY

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"rule": FIXED}


COMPETITIVE, CARTEL, REPLY = 0, 1, 2


class Competitive(Learner):
    """The choice nearest to the static Nash equilibrium, in every period."""

    def begin(self, space: Space, rng: np.random.Generator) -> RuleMind:
        """Nothing to remember."""
        return RuleMind(np.array([COMPETITIVE]))


class Cartel(Learner):
    """The choice nearest to the highest sum of profits: a cartel that holds."""

    def begin(self, space: Space, rng: np.random.Generator) -> RuleMind:
        """Nothing to remember."""
        return RuleMind(np.array([CARTEL]))


class BestReply(Learner):
    """The choice that earns most in this period if the others repeat theirs (Cournot's adjustment)."""

    def begin(self, space: Space, rng: np.random.Generator) -> RuleMind:
        """Nothing to remember."""
        return RuleMind(np.array([REPLY]))


@act.body_for(RuleMind)
def act_by_rule(mind, members, turn, world, rng):
    block, rule = turn.block[0], mind.rule[0]
    for i in members:
        if turn.deciding[i]:
            if rule == COMPETITIVE:
                turn.actions[i] = world.derived.competitive[block, i]
            elif rule == CARTEL:
                turn.actions[i] = world.derived.joint_optimum[block, i]
            else:
                turn.actions[i] = world.derived.reply[block, world.joint[0], i]
