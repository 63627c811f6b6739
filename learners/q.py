"""Independent Q-learning: every agent treats the others as part of its world.

Q_i(s,a) <- Q_i(s,a) + alpha [ r + gamma max_a' Q_i(s',a') - Q_i(s,a) ]

Source: Watkins and Dayan 1992, Machine Learning 8. With other learners about, the world an agent meets is not
stationary and the convergence proof does not hold; it often works all the same (Tan 1993, ICML).
Known to fail: where a mistake of the other is punished hard, the action is blamed for it (climbing game and penalty
game: Claus and Boutilier 1998, AAAI); and no single greedy action is an equilibrium of a game that asks for a mixture.
"""

from typing import Any, NamedTuple, Protocol

import numpy as np

from engine.generic import index, kernel
from engine.limits import COUNT, Limits, below, each
from engine.loop import act, learn
from learners.base import Rates, Space, TableLearner, best, best_of_each, choose, step_size
from learners.memory import tables


class QMind(NamedTuple):
    """Tables of a group; n agents, S states, K actions."""

    q: np.ndarray  # (tables, S, K)
    visits: np.ndarray  # (tables, S, K) int64
    greedy: np.ndarray  # (tables, S) int64, a best action, kept until another is better; always in step with q
    unchanged: np.ndarray  # (n,) int64, decisions learned from since a greedy action changed
    rows: np.ndarray  # (n,) table of each agent
    rates: Rates
    bad_news: float  # factor on alpha where the outcome is worse than expected; 1 in plain Q-learning

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return limits_of_tables(self)


class Tables(Protocol):
    """What the minds of Q-learning and its relatives have in common, of the fields that `begin_tables` makes."""

    @property
    def q(self) -> np.ndarray:
        """Values (tables, S, K)."""

    @property
    def greedy(self) -> np.ndarray:
        """A best action of every state, (tables, S)."""

    @property
    def rows(self) -> np.ndarray:
        """Table of each agent, (n,)."""

    @property
    def unchanged(self) -> np.ndarray:
        """Decisions learned from since a greedy action changed, (n,)."""


def limits_of_tables(mind: Tables) -> Limits:
    """Limits of the fields that `begin_tables` makes."""
    tables, _, actions = mind.q.shape
    return {**each(COUNT, "visits", "unchanged"), "greedy": below(actions), "rows": below(tables)}


class Q(TableLearner):
    """Independent Q-learning."""

    def begin(self, space: Space, rng: np.random.Generator) -> Tables:
        """Tables of initial values."""
        return QMind(**self.begin_tables(space, rng), bad_news=1.0)

    def begin_tables(self, space: Space, rng: np.random.Generator) -> dict[str, Any]:
        """The fields that minds with one value per state and own action have in common."""
        q = self.table(space, space.states, space.actions)
        return {
            "q": q,
            "visits": np.zeros(q.shape, np.int64),
            "greedy": best_of_each(q, rng),
            "unchanged": np.zeros(space.agents, np.int64),
            "rows": self.rows(space),
            "rates": self.rates(space),
        }

    def preferred(self, mind: Tables, member: int) -> np.ndarray:
        """The best action that it keeps for every state, (S,); of equal ones not always the first."""
        greedy: np.ndarray = mind.greedy[mind.rows[member]]
        return greedy

    def unchanged(self, mind: Tables) -> np.ndarray:
        """Decisions each agent has learned from since it last changed a greedy action, (n,)."""
        return mind.unchanged


@tables.body_for(QMind)
def tables_q(mind):
    return mind.q, mind.visits, mind.greedy


@kernel
def follow(mind, table, s, a, rises, rng):
    """Keep the greedy action in step with a value that has risen or fallen; says whether it changed.

    It stays as long as no action is better, so results do not depend on how actions are numbered. Only a fall of its
    own value needs a look at all the others.
    """
    values, greedy = mind.q[table, s], index(mind.greedy[table, s])
    if a == greedy:
        if rises:
            return False
        better = best(values, rng)
        if values[better] == values[greedy]:
            return False
        mind.greedy[table, s] = better
        return True
    if values[a] > values[greedy]:
        mind.greedy[table, s] = a
        return True
    return False


@learn.body_for(QMind)
def learn_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.judged[i]:
            table, s, a = index(mind.rows[k]), index(turn.past_states[i]), index(turn.past_actions[i])
            following = index(turn.states[i])
            greedy = index(mind.greedy[table, following])
            target = turn.returns[i] + turn.discount[i] * mind.q[table, following, greedy]
            error = target - mind.q[table, s, a]
            alpha = step_size(mind.rates, k, mind.visits[table, s, a])
            mind.q[table, s, a] += (alpha if error >= 0.0 else alpha * mind.bad_news) * error
            mind.visits[table, s, a] += 1
            mind.unchanged[k] = 0 if follow(mind, table, s, a, error >= 0.0, rng) else mind.unchanged[k] + 1


@act.body_for(QMind)
def act_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.deciding[i]:
            table, s = index(mind.rows[k]), index(turn.states[i])
            turn.actions[i] = choose(mind.greedy[table, s], mind.q.shape[2], k, i, turn, mind.rates, rng)
