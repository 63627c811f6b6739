"""Lenient Q-learning: bad news is forgiven at first, and less often the better an action is known.

delta = r + gamma max_a' Q_i(s',a') - Q_i(s,a)
Q_i(s,a) <- Q_i(s,a) + alpha delta   if delta >= 0, or else with probability exp(-leniency T_i(s,a))
T_i(s,a) <- cooling T_i(s,a), from 1

Source: Panait, Sullivan and Luke 2006, AAMAS; Panait, Tuyls and Luke 2008, Journal of Machine Learning Research 9; the
probability is that of Palmer, Tuyls, Bloembergen and Savani 2018, AAMAS. The temperature T of a pair falls by itself
each time the pair is judged, so a lenient learner ends as a plain one and rewards that are noisy by nature are, in
time, seen as they are; `hysteretic_q` stays optimistic for ever.
Known to fail: leniency is spent once, so a partner that starts late, or a world that changes, meets a learner that
forgives no more. It must outlast exploration: cooled before that ends, or with large steps while partners still
explore, it is Q-learning and falls from the top of the climbing game.
"""

import math
from typing import NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import index
from engine.limits import Limits
from engine.loop import act, learn
from learners.base import Rates, Space, step_size
from learners.memory import tables
from learners.q import Q, act_q, follow, limits_of_tables


class LenientMind(NamedTuple):
    """Tables of a group; n agents, S states, K actions."""

    q: np.ndarray  # (tables, S, K)
    visits: np.ndarray  # (tables, S, K) int64, judgements, forgiven ones too
    greedy: np.ndarray  # (tables, S) int64, a best action, kept until another is better; always in step with q
    unchanged: np.ndarray  # (n,) int64, decisions learned from since a greedy action changed
    rows: np.ndarray  # (n,) table of each agent
    rates: Rates
    temperature: np.ndarray  # (tables, S, K), from 1 to 0
    leniency: float
    cooling: float

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return limits_of_tables(self)


class LenientQ(Q):
    """Lenient Q-learning: forgives bad news while an action is new."""

    leniency: float = Field(
        5.0, ge=0, description="Leniency: bad news of a new action counts with weight exp(-leniency)."
    )
    cooling: float = Field(
        0.9995, ge=0, le=1, description="Share of an action's temperature that is left after each update."
    )

    def begin(self, space: Space, rng: np.random.Generator) -> LenientMind:
        """Tables of initial values, all hot."""
        tables = self.begin_tables(space, rng)
        hot = np.ones(tables["q"].shape)
        return LenientMind(**tables, temperature=hot, leniency=self.leniency, cooling=self.cooling)


act.body_for(LenientMind)(act_q)


@tables.body_for(LenientMind)
def tables_lenient(mind):
    return mind.q, mind.visits, mind.greedy, mind.temperature


@learn.body_for(LenientMind)
def learn_lenient_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.judged[i]:
            table, s, a = index(mind.rows[k]), index(turn.past_states[i]), index(turn.past_actions[i])
            following = index(turn.states[i])
            value = mind.q[table, following, index(mind.greedy[table, following])]
            error = turn.returns[i] + turn.discount[i] * value - mind.q[table, s, a]
            changed = False
            if error >= 0.0 or rng.random() < math.exp(-mind.leniency * mind.temperature[table, s, a]):
                mind.q[table, s, a] += step_size(mind.rates, k, mind.visits[table, s, a]) * error
                changed = follow(mind, table, s, a, error >= 0.0, rng)
            mind.visits[table, s, a] += 1
            mind.temperature[table, s, a] *= mind.cooling
            mind.unchanged[k] = 0 if changed else mind.unchanged[k] + 1
