"""SARSA: an agent values what it will really do next, its own slips included.

Q_i(s,a) <- Q_i(s,a) + alpha [ r + gamma Q_i(s',a') - Q_i(s,a) ],  a' being the action it takes in s'

Source: Rummery and Niranjan 1994, CUED/F-INFENG/TR 166; named by Sutton 1996, NIPS. On-policy: while exploration
lasts, values are those of exploring, so it keeps away from cliffs that Q-learning walks along.
Known to fail: it converges to the best policy only where exploration fades (Singh, Jaakkola, Littman and Szepesvari
2000); one sampled a' makes its targets noisy (see `expected_sarsa`); and with other learners about it meets the
climbing game as Q-learning does.
"""

from typing import NamedTuple

import numpy as np

from engine.generic import index
from engine.limits import Limits
from engine.loop import act, settle
from learners.base import Rates, Space, step_size
from learners.memory import tables
from learners.q import Q, act_q, follow, limits_of_tables


class SarsaMind(NamedTuple):
    """Tables of a group; n agents, S states, K actions."""

    q: np.ndarray  # (tables, S, K)
    visits: np.ndarray  # (tables, S, K) int64
    greedy: np.ndarray  # (tables, S) int64, a best action, kept until another is better; always in step with q
    unchanged: np.ndarray  # (n,) int64, decisions learned from since a greedy action changed
    rows: np.ndarray  # (n,) table of each agent
    rates: Rates
    expected: bool  # average over what may be done next, rather than take what is done

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return limits_of_tables(self)


class Sarsa(Q):
    """SARSA: learns the value of the policy it follows."""

    def begin(self, space: Space, rng: np.random.Generator) -> SarsaMind:
        """Tables of initial values."""
        return SarsaMind(**self.begin_tables(space, rng), expected=False)


act.body_for(SarsaMind)(act_q)


@tables.body_for(SarsaMind)
def tables_sarsa(mind):
    return mind.q, mind.visits, mind.greedy


@settle.body_for(SarsaMind)
def settle_sarsa(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.judged[i]:
            table, s, a = index(mind.rows[k]), index(turn.past_states[i]), index(turn.past_actions[i])
            following = index(turn.states[i])
            value = mind.q[table, following, index(turn.actions[i])]
            if mind.expected:
                value, epsilon = 0.0, mind.rates.epsilon[k]
                for b in range(mind.q.shape[2]):
                    value += epsilon / mind.q.shape[2] * mind.q[table, following, b]
                value += (1.0 - epsilon) * mind.q[table, following, index(mind.greedy[table, following])]
            error = turn.returns[i] + turn.discount[i] * value - mind.q[table, s, a]
            mind.q[table, s, a] += step_size(mind.rates, k, mind.visits[table, s, a]) * error
            mind.visits[table, s, a] += 1
            mind.unchanged[k] = 0 if follow(mind, table, s, a, error >= 0.0, rng) else mind.unchanged[k] + 1
