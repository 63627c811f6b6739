"""Independent Q-learning: every agent treats the others as part of its world.

Q_i(s,a) <- Q_i(s,a) + alpha [ r + gamma max_a' Q_i(s',a') - Q_i(s,a) ]

Source: Watkins and Dayan 1992, Machine Learning 8. With other learners about, the world an agent meets is not
stationary and the convergence proof does not hold; it often works all the same (Tan 1993), and fails where a
mistake of the other is punished hard (climbing game: Claus and Boutilier 1998).
"""

from typing import NamedTuple

import numpy as np

from engine.loop import act, learn
from learners.base import Rates, Space, TableLearner, best, explored, grow_older, hardly_known, largest, step_size


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
    q, tried, rates = mind.q, mind.visits, mind.rates
    for k in range(members.size):
        i = members[k]
        if turn.judged[i]:
            table, s, a = mind.rows[k], turn.past_states[i], turn.past_actions[i]
            target = turn.returns[i] + turn.discount[i] * largest(q[table, turn.states[i]])
            error = target - q[table, s, a]
            alpha = step_size(rates.by_visits, rates.alpha[k], rates.alpha_end, tried[table, s, a])
            q[table, s, a] += (alpha if error >= 0.0 else alpha * mind.bad_news) * error
            tried[table, s, a] += 1


@act.body_for(QMind)
def act_q(mind, members, turn, world, rng):
    q, tried, epsilon, enough = mind.q, mind.visits, mind.rates.epsilon, mind.rates.fallback_visits
    for k in range(members.size):
        i = members[k]
        if not turn.deciding[i]:
            continue
        table, s, action = mind.rows[k], turn.states[i], -1
        if turn.thawed[i]:
            action = explored(epsilon[k], q.shape[2], rng)
        elif turn.advice[i] >= 0 and hardly_known(tried[table, s], enough):
            action = turn.advice[i]
        turn.actions[i] = action if action >= 0 else best(q[table, s])
    grow_older(mind.rates, turn.deciding, turn.thawed, members)
