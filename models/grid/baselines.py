"""Rules that know the market: what learners are compared with."""

from typing import NamedTuple

import numpy as np

from engine.loop import act
from learners.base import Learner, Space
from models.grid import state as at
from models.grid.game import best_reply, quiet


class TruthfulMind(NamedTuple):
    """Nothing to know."""

    nothing: np.ndarray  # (0,)


class BestResponseMind(NamedTuple):
    """Nothing to know: the world remembers what everyone did at this hour of the day before."""

    nothing: np.ndarray  # (0,)


class Truthful(Learner):
    """Offer everything at cost (the lowest choice); storage rests, and the regulator leaves the highest cap."""

    def begin(self, space: Space, rng: np.random.Generator) -> TruthfulMind:
        """Nothing to keep."""
        return TruthfulMind(np.empty(0))


class BestResponse(Learner):
    """Reply best, in the order of the companies, to what the others did at this hour of the day before.

    Where everyone replies so, the market comes to rest at a pure equilibrium or circles; storage and the regulator
    take the market as it is.
    """

    def begin(self, space: Space, rng: np.random.Generator) -> BestResponseMind:
        """Nothing to keep."""
        return BestResponseMind(np.empty(0))


@act.body_for(TruthfulMind)
def act_truthful(mind, members, turn, world, rng):
    quiet(world, turn.block[0], world.asked)
    for i in members:
        turn.actions[i] = world.asked[i]


@act.body_for(BestResponseMind)
def act_best_response(mind, members, turn, world, rng):
    block, hour = turn.block[0], turn.tick[0] % at.HOURS
    companies = world.first_offer.size - 1
    for i in members:
        if i >= companies:
            quiet(world, turn.block[0], world.asked)
            turn.actions[i] = world.asked[i]
    for j in range(turn.actions.size):
        world.asked[j] = world.choices[hour, j] if j < companies else turn.actions[j]
    for i in members:
        if i < companies:
            world.asked[i] = best_reply(world, block, hour, i)
            turn.actions[i] = world.asked[i]
