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
from learners.base import Rates, Space, TableLearner, best, explored, grow_older, hardly_known, largest, step_size

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
def expect(q, seen, table, s, values):
    """Write the value of each own action, expected over what the neighbours did in this state, into `values` (K,)."""
    values[:] = 0.0
    met = 0
    for j in range(q.shape[2]):
        met += seen[table, s, j]
    for j in range(q.shape[2]):
        weight = seen[table, s, j] if met > 0 else 1
        if weight > 0:
            for a in range(values.size):
                values[a] += weight * q[table, s, j, a]


@kernel
def tries(visits, table, s, tried):
    """Write how often each own action was learned from, whatever the neighbours did, into `tried` (K,)."""
    tried[:] = 0
    for j in range(visits.shape[2]):
        for a in range(tried.size):
            tried[a] += visits[table, s, j, a]


@act.body_for(JointMind)
def act_joint_q(mind, members, turn, world, rng):
    q, seen, visits, rows, joint = mind.q, mind.seen, mind.visits, mind.rows, mind.joint
    epsilon, enough, values, tried = mind.rates.epsilon, mind.rates.fallback_visits, mind.values, mind.tried
    deciding, thawed, states, actions, advice = turn.deciding, turn.thawed, turn.states, turn.actions, turn.advice
    for k in range(members.size):
        i = members[k]
        if not deciding[i]:
            continue
        table, s, action = rows[k], states[i], -1
        if thawed[i]:
            action = explored(epsilon[k], q.shape[3], rng)
        elif advice[i] >= 0:
            tries(visits, table, s, tried)
            action = advice[i] if hardly_known(tried, enough) else -1
        if action < 0:
            if mind.last:
                action = best(q[table, s, joint[k]])
            else:
                expect(q, seen, table, s, values)
                action = best(values)
        actions[i] = action
    grow_older(mind.rates, turn.deciding, turn.thawed, members)


@settle.body_for(JointMind)
def settle_joint_q(mind, members, turn, world, rng):
    q, visits, seen, rows, joint = mind.q, mind.visits, mind.seen, mind.rows, mind.joint
    alphas, alpha_end, by_visits = mind.rates.alpha, mind.rates.alpha_end, mind.rates.by_visits
    neighbours, actions, states, code = turn.neighbours, turn.actions, turn.states, mind.code
    deciding, judged, thawed, returns, discount = turn.deciding, turn.judged, turn.thawed, turn.returns, turn.discount
    past_states, past_actions = turn.past_states, turn.past_actions
    for k in range(members.size):
        i = members[k]
        if not deciding[i]:
            continue
        table, following = rows[k], joint_action(neighbours, i, actions, code)
        if judged[i]:
            s, a, held = past_states[i], past_actions[i], joint[k]
            target = returns[i] + discount[i] * largest(q[table, states[i], following])
            alpha = step_size(by_visits, alphas[k], alpha_end, visits[table, s, held, a])
            q[table, s, held, a] += alpha * (target - q[table, s, held, a])
            visits[table, s, held, a] += 1
        joint[k] = following
        if thawed[i]:
            seen[table, states[i], following] += 1
