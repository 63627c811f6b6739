"""Joint-action Q-learning (multi-agent Q-learning, MAQL): an agent values its action together with its neighbours'.

Q_i(s, a_i, a_-i) <- Q_i(s, a_i, a_-i)
                     + alpha [ r + gamma max_{a_i'} Q_i(s', a_i', a_-i^{t+1}) - Q_i(s, a_i, a_-i) ]

a_-i are the actions the neighbours in the world's graph *hold*; the rule needs their actual next actions, so it
learns in `settle`. To act, an agent needs a model of the others: how often it saw each joint action in this state
(`others = "frequencies"`, the joint-action learner of Claus and Boutilier 1998, AAAI), or the last ones
(`"last"`: those held after its last decision).

Tables grow as K^N. Beyond `JOINT_LIMIT` combinations the neighbours are summarised by how many hold each action
("load"); `JointQ.summary` says which.
Known to fail: taken literally the rule reaches the best joint action of climbing games in few states, because the max
is taken over the own action only, given what the others happened to do; `hysteretic_q` does better there.
"""

from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import kernel
from engine.loop import act, settle
from learners.base import Rates, Space, TableLearner, best, choose, largest, step_size
from learners.memory import tables

JOINT_LIMIT = 4096  # joint actions of the neighbours in one table


class JointMind(NamedTuple):
    """Tables of a group; n agents, S states, J joint actions of the neighbours, K own actions."""

    q: np.ndarray  # (tables, S, J, K)
    visits: np.ndarray  # (tables, S, J, K) int64
    seen: np.ndarray  # (tables, S, J) int64, joint actions met in each state
    rows: np.ndarray  # (n,)
    joint: np.ndarray  # (n,) int64, what the neighbours held after the last decision
    values: np.ndarray  # (K,) scratch
    tried: np.ndarray  # (K,) int64, scratch
    rates: Rates
    code: np.ndarray  # (N, K) int64, part of each neighbour's action in the joint index
    last: bool  # others are expected to hold what they hold


class JointQ(TableLearner):
    """Joint-action Q-learning over the neighbours in the graph."""

    others: Literal["frequencies", "last"] = Field(
        "frequencies", description="Model of the neighbours: how often each joint action was met, or the last one."
    )

    def summary(self, space: Space) -> Literal["each", "load"]:
        """Whether neighbours are told apart or counted; raises where even counts are too many."""
        if space.actions**space.neighbours <= JOINT_LIMIT:
            return "each"
        if (space.neighbours + 1) ** (space.actions - 1) <= JOINT_LIMIT:
            return "load"
        raise ValueError(
            f"joint_q: {space.neighbours} neighbours with {space.actions} actions are more than {JOINT_LIMIT} joint "
            f"actions, even when only counted; use a sparser graph, fewer actions, or q"
        )

    def begin(self, space: Space, rng: np.random.Generator) -> JointMind:
        """Tables of initial values."""
        others, actions = np.arange(space.neighbours)[:, None], np.arange(space.actions)[None, :]
        if self.summary(space) == "each":
            code = actions * space.actions**others
        else:
            code = np.where(actions > 0, (space.neighbours + 1) ** np.maximum(actions - 1, 0), 0) + 0 * others
        joint = int(code.max(axis=1).sum()) + 1
        q = self.table(space, space.states, joint, space.actions)
        return JointMind(
            q=q,
            visits=np.zeros(q.shape, np.int64),
            seen=np.zeros(q.shape[:3], np.int64),
            rows=self.rows(space),
            joint=np.zeros(space.agents, np.int64),
            values=np.zeros(space.actions),
            tried=np.zeros(space.actions, np.int64),
            rates=self.rates(space),
            code=code,
            last=self.others == "last",
        )

    def policy(self, mind: JointMind, member: int) -> np.ndarray:
        """Values (S, K) expected under the model of the neighbours."""
        q, seen = mind.q[mind.rows[member]], mind.seen[mind.rows[member]]
        total = seen.sum(axis=1, keepdims=True)
        share = np.where(total > 0, seen / np.maximum(total, 1), 1.0 / seen.shape[1])
        return np.einsum("sj,sjk->sk", share, q)

    def visits(self, mind: JointMind, member: int) -> np.ndarray:
        """Updates of each own action, (S, K)."""
        return mind.visits[mind.rows[member]].sum(axis=1)


@tables.body_for(JointMind)
def tables_joint_q(mind):
    return mind.q, mind.visits, mind.seen


@kernel
def joint_action(neighbours, agent, actions, code):
    """Index of what the neighbours of an agent hold: the sum of each one's part."""
    index = 0
    for n in range(neighbours.shape[1]):
        j = neighbours[agent, n]
        if j >= 0:
            index += code[n, actions[j]]
    return index


@kernel
def expect(mind, table, s, held):
    """Write value and tries of each own action, expected over what the others may do, into the mind's scratch."""
    mind.values[:] = 0.0
    mind.tried[:] = 0
    met = 0
    for j in range(mind.seen.shape[2]):
        met += mind.seen[table, s, j]
    for j in range(mind.seen.shape[2]):
        weight = mind.seen[table, s, j] if met > 0 else 1
        if mind.last:
            weight = 1 if j == held else 0
        if weight > 0:
            for a in range(mind.values.size):
                mind.values[a] += weight * mind.q[table, s, j, a]
                mind.tried[a] += mind.visits[table, s, j, a]


@act.body_for(JointMind)
def act_joint_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = members[k]
        if turn.deciding[i]:
            expect(mind, mind.rows[k], turn.states[i], mind.joint[k])
            turn.actions[i] = choose(best(mind.values), mind.tried, k, i, turn, mind.rates, rng)


@settle.body_for(JointMind)
def settle_joint_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = members[k]
        if not turn.deciding[i]:
            continue
        table, following = mind.rows[k], joint_action(turn.neighbours, i, turn.actions, mind.code)
        if turn.judged[i]:
            s, a, held = turn.past_states[i], turn.past_actions[i], mind.joint[k]
            target = turn.returns[i] + turn.discount[i] * largest(mind.q[table, turn.states[i], following])
            alpha = step_size(mind.rates, k, mind.visits[table, s, held, a])
            mind.q[table, s, held, a] += alpha * (target - mind.q[table, s, held, a])
            mind.visits[table, s, held, a] += 1
        mind.joint[k] = following
        if turn.thawed[i]:
            mind.seen[table, turn.states[i], following] += 1
