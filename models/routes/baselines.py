"""Rules that know routes: the day-to-day adjustment of transport science."""

import math
from typing import NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import index, kernel
from engine.limits import COUNT, Limits
from engine.loop import act, learn
from learners.base import Learner, Space, draw


class DayMind(NamedTuple):
    """What a group of drivers believes; n drivers, K routes."""

    cost: np.ndarray  # (n, 1, K) min, what each route is believed to cost
    visits: np.ndarray  # (n, 1, K) int64, days from which each was learned
    chance: np.ndarray  # (K,) room for the chances of one choice
    alpha: float
    theta: float
    inertia: float

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"visits": COUNT}


class DayToDay(Learner):
    """Believed costs that follow the day's, and a logit choice among them that most drivers do not make anew each day.

    A driver learns from the route it drove; one who is informed (`information_share`) from all its routes. Beliefs
    begin with empty roads. With a large theta and steps (alpha, 1 - inertia) small enough for the slope of the roads it
    rests next to the user equilibrium; with large steps it swings for ever (Horowitz 1984, Transportation Research B
    18; Cascetta 1989, Transportation Research B 23). What it does not drive and does not hear of, it does not unlearn:
    after a change it may stay away from a road for ever. Frozen, it learns no more and still chooses by chance.
    """

    alpha: float = Field(0.1, gt=0, le=1, description="Weight of a day's cost in the believed cost.")
    theta: float = Field(1.0, ge=0, description="Weight of a minute in the choice; 0: all routes are equally likely.")
    inertia: float = Field(0.9, ge=0, lt=1, description="Probability of keeping yesterday's route without comparing.")

    def begin(self, space: Space, rng: np.random.Generator) -> DayMind:
        """No belief yet."""
        shape = (space.agents, 1, space.actions)
        room = np.zeros(space.actions)
        return DayMind(np.zeros(shape), np.zeros(shape, np.int64), room, self.alpha, self.theta, self.inertia)

    def policy(self, mind: DayMind, member: int) -> np.ndarray:
        """Minus the believed cost (1, K) of one driver."""
        return -mind.cost[member]

    def visits(self, mind: DayMind, member: int) -> np.ndarray:
        """Days from which each route was learned, (1, K)."""
        return mind.visits[member]


@kernel
def logit(cost, theta, chance, rng):
    """A route drawn with chances in proportion to exp(-theta cost)."""
    least = cost[0]
    for k in range(1, cost.size):
        least = min(least, cost[k])
    for k in range(cost.size):
        chance[k] = math.exp(-theta * (cost[k] - least))
    return draw(chance, rng)


@learn.body_for(DayMind)
def learn_day_to_day(mind, members, turn, world, rng):
    block = turn.block[0]
    for n in range(members.size):
        i = index(members[n])
        if turn.judged[i]:
            believed, p, chosen = mind.cost[n, 0], index(world.pair[i]), turn.past_actions[i]
            kappa = world.derived.kappa[block, i]
            for k in range(believed.size):
                if world.derived.informed[block, i]:
                    r = index(world.derived.driven[block, p, k])
                    mixed = kappa * world.route_external[p, r] + (1.0 - kappa) * world.route_toll[p, r]
                    believed[k] += mind.alpha * (world.route_time[p, r] + mixed - believed[k])
                    mind.visits[n, 0, k] += 1
                elif k == chosen:
                    believed[k] += mind.alpha * (-turn.returns[i] - believed[k])
                    mind.visits[n, 0, k] += 1


@act.body_for(DayMind)
def act_day_to_day(mind, members, turn, world, rng):
    for n in range(members.size):
        i = index(members[n])
        if turn.deciding[i]:
            believed = mind.cost[n, 0]
            if not turn.started[i]:
                for k in range(believed.size):
                    believed[k] = world.route_time[index(world.pair[i]), k]
            elif rng.random() < mind.inertia:
                continue
            turn.actions[i] = logit(believed, mind.theta, mind.chance, rng)
