"""Independent Q-learning: every agent treats the others as part of its world.

Q_i(s,a) <- Q_i(s,a) + alpha [ r + gamma max_a' Q_i(s',a') - Q_i(s,a) ]

Source: Watkins and Dayan 1992, Machine Learning 8. With other learners about, the world an agent meets is not
stationary and the convergence proof does not hold; it often works all the same (Tan 1993), and fails where a
mistake of the other is punished hard (climbing game: Claus and Boutilier 1998).
"""

from typing import NamedTuple

import numpy as np

from engine.loop import act, learn
from learners.base import Rates, Space, TableLearner, choose, largest, step_size


class QMind(NamedTuple):
    """Tables of a group; n agents, S states, K actions."""

    q: np.ndarray  # (tables, S, K)
    visits: np.ndarray  # (tables, S, K) int64
    rows: np.ndarray  # (n,) table of each agent
    rates: Rates
    bad_news: float  # factor on alpha where the outcome is worse than expected; 1 in plain Q-learning


class Q(TableLearner):
    """Independent Q-learning."""

    def begin(self, space: Space, rng: np.random.Generator) -> QMind:
        """Tables of initial values."""
        q = self.table(space, space.states, space.actions)
        return QMind(q, np.zeros(q.shape, np.int64), self.rows(space), self.rates(space), bad_news=1.0)


@learn.body_for(QMind)
def learn_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = members[k]
        if turn.judged[i]:
            table, s, a = mind.rows[k], turn.past_states[i], turn.past_actions[i]
            target = turn.returns[i] + turn.discount[i] * largest(mind.q[table, turn.states[i]])
            error = target - mind.q[table, s, a]
            alpha = step_size(mind.rates, k, mind.visits[table, s, a])
            mind.q[table, s, a] += (alpha if error >= 0.0 else alpha * mind.bad_news) * error
            mind.visits[table, s, a] += 1


@act.body_for(QMind)
def act_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = members[k]
        if turn.deciding[i]:
            table, s = mind.rows[k], turn.states[i]
            turn.actions[i] = choose(mind.q[table, s], mind.visits[table, s], k, i, turn, mind.rates, rng)
