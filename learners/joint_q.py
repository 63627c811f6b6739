"""Joint-action Q-learning (multi-agent Q-learning, MAQL): an agent values its action together with its neighbours'.

Q_i(s, a_i, a_-i) <- Q_i(s, a_i, a_-i)
                     + alpha [ r + gamma max_{a_i'} Q_i(s', a_i', a_-i^{t+1}) - Q_i(s, a_i, a_-i) ]

a_-i are the actions the neighbours in the world's graph *hold*; the rule needs their actual next actions, so it
learns in `settle`. To act, an agent needs a model of the others: how often it saw each joint action in this state
(`others = "frequencies"`), or the last ones (`"last"`: those held after its last decision).

Source: the joint-action learner of Claus and Boutilier 1998, AAAI, which this is where gamma is 0; with gamma, what
follows is judged by what the others really do next, as in SARSA, and by one's own best action, as in Q-learning.

One table of all joint actions grows as K^N. Beyond `JOINT_LIMIT` combinations the neighbours are summarised by how many
hold each action ("load": exact where payoffs depend on counts, as in congestion), or there is one table per neighbour
("pairwise"), whose mean is the value: exact where a payoff is a sum over neighbours, as in games played on a graph, and
blind to what two of them do together (Guestrin, Lagoudakis and Parr 2002, ICML: coordination graphs). With one
neighbour all three are the same rule.
Known to fail: it knows what a joint action is worth, not which one will come. Frequencies remember others that still
explored, so it plays safe for ever: it never climbs (climbing game, and several of them in turn), and misses the best
pair of the penalty game more often than independent Q, which forgets; `hysteretic_q` finds all of these
(`everlearn papers games`). The max is taken over the own action only, given what the others happened to do.
"""

from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import kernel
from engine.limits import COUNT, FIXED, Limits, below, each
from engine.loop import act, settle
from learners.base import Rates, Space, TableLearner, best, choose, step_size
from learners.memory import tables
from scenarios.schema import ScenarioError

Summary = Literal["each", "load", "pairwise"]
JOINT_LIMIT = 4096  # joint actions of the neighbours in one table


class JointMind(NamedTuple):
    """Tables of a group; n agents, S states, K own actions, J columns for what the neighbours hold.

    J falls into P parts of equal width: one part of all joint actions or counts, or a part of K for each neighbour.
    What the neighbours hold is then P columns, and the value of an own action the mean over them.
    """

    q: np.ndarray  # (tables, S, J, K)
    visits: np.ndarray  # (tables, S, J, K) int64
    seen: np.ndarray  # (tables, S, J) int64, columns met in each state
    rows: np.ndarray  # (n,)
    joint: np.ndarray  # (n, P) int64, columns of what the neighbours held after the last decision
    following: np.ndarray  # (P,) int64, scratch: columns of what they hold now
    values: np.ndarray  # (K,) scratch
    rates: Rates
    code: np.ndarray  # (N, K) int64, what each neighbour's action adds to its column
    last: bool  # others are expected to hold what they hold

    def limits(self) -> Limits:
        """What a file may put into each array."""
        tables, _, columns, _ = self.q.shape
        return {
            **each(COUNT, "visits", "seen"),
            **each(below(columns), "joint", "following"),
            "rows": below(tables),
            "code": FIXED,
        }


class JointQ(TableLearner):
    """Joint-action Q-learning over the neighbours in the graph."""

    others: Literal["frequencies", "last"] = Field(
        "frequencies", description="Model of the neighbours: how often each joint action was met, or only the last one."
    )
    tables: Literal["auto", "each", "load", "pairwise"] = Field(
        "auto",
        description="How neighbours enter: every joint action, how many hold each action, one table per neighbour, or "
        "the first of these that fits.",
    )

    def summary(self, space: Space) -> Summary:
        """How neighbours enter the tables; raises where what was asked for does not fit."""
        actions, neighbours = space.actions, space.neighbours
        sizes: dict[Summary, int] = {"each": actions**neighbours, "load": (neighbours + 1) ** (actions - 1)}
        fits: list[Summary] = [*(kind for kind, size in sizes.items() if size <= JOINT_LIMIT), "pairwise"]
        if self.tables == "auto":
            return fits[0]
        if self.tables not in fits:
            raise ScenarioError(
                f'joint_q: tables = "{self.tables}" has {sizes[self.tables]} columns for {neighbours} neighbours '
                f'with {actions} actions, more than {JOINT_LIMIT}; here "{fits[0]}" fits, or let "auto" choose'
            )
        return self.tables

    def begin(self, space: Space, rng: np.random.Generator) -> JointMind:
        """Tables of initial values."""
        others, actions = np.arange(space.neighbours)[:, None], np.arange(space.actions)[None, :]
        kind, parts = self.summary(space), 1
        if kind == "each":
            code = actions * space.actions**others
        elif kind == "load":
            code = np.where(actions > 0, (space.neighbours + 1) ** np.maximum(actions - 1, 0), 0) + 0 * others
        else:
            code, parts = actions + space.actions * others, max(space.neighbours, 1)
        columns = space.actions * parts if kind == "pairwise" else int(code.max(axis=1).sum()) + 1
        q = self.table(space, space.states, columns, space.actions)
        return JointMind(
            q=q,
            visits=np.zeros(q.shape, np.int64),
            seen=np.zeros(q.shape[:3], np.int64),
            rows=self.rows(space),
            joint=np.zeros((space.agents, parts), np.int64),
            following=np.zeros(parts, np.int64),
            values=np.zeros(space.actions),
            rates=self.rates(space),
            code=code,
            last=self.others == "last",
        )

    def policy(self, mind: JointMind, member: int) -> np.ndarray:
        """Values (S, K) expected under the model of the neighbours."""
        parts = mind.following.size
        seen = mind.seen[mind.rows[member]].reshape(len(mind.seen[0]), parts, -1)
        q = mind.q[mind.rows[member]].reshape(*seen.shape, -1)
        total = seen.sum(axis=2, keepdims=True)
        share = np.where(total > 0, seen / np.maximum(total, 1), 1.0 / seen.shape[2])
        real = (total > 0) | ~total.any(axis=1, keepdims=True)  # parts of neighbours that exist
        values: np.ndarray = np.einsum("spj,spjk->sk", share * real / real.sum(axis=1, keepdims=True), q)
        return values

    def visits(self, mind: JointMind, member: int) -> np.ndarray:
        """Updates of each own action, (S, K)."""
        visits: np.ndarray = mind.visits[mind.rows[member]]
        by_action: np.ndarray = visits[:, : visits.shape[1] // mind.following.size].sum(axis=1)
        return by_action


@tables.body_for(JointMind)
def tables_joint_q(mind):
    return mind.q, mind.visits, mind.seen


@kernel
def parts_of(mind, neighbours, agent):
    """Parts that an agent uses: one, or one per neighbour it has; neighbours are listed first, then -1."""
    parts = 0
    while parts < min(mind.following.size, neighbours.shape[1]) and neighbours[agent, parts] >= 0:
        parts += 1
    return max(parts, 1)


@kernel
def look(mind, neighbours, agent, actions):
    """Write the columns of what an agent's neighbours hold into `following`."""
    mind.following[:] = 0
    for n in range(neighbours.shape[1]):
        j = neighbours[agent, n]
        if j >= 0:
            mind.following[min(n, mind.following.size - 1)] += mind.code[n, actions[j]]


@kernel
def value_of(mind, table, s, columns, parts, a):
    """Value of an own action given what the neighbours hold."""
    total = 0.0
    for p in range(parts):
        total += mind.q[table, s, columns[p], a]
    return total / parts


@kernel
def expect(mind, table, s, held, parts):
    """Write the value of each own action, expected over what the others may do, into the mind's scratch."""
    mind.values[:] = 0.0
    width = mind.seen.shape[2] // mind.following.size
    for p in range(parts):
        met = 0
        for j in range(p * width, (p + 1) * width):
            met += mind.seen[table, s, j]
        scale = 1.0 if parts == 1 else 1.0 / max(met, 1)  # where a table is shared, some parts are met more often
        for j in range(p * width, (p + 1) * width):
            weight = mind.seen[table, s, j] if met > 0 else 1
            if mind.last:
                weight = 1 if j == held[p] else 0
            if weight > 0:
                for a in range(mind.values.size):
                    mind.values[a] += weight * scale * mind.q[table, s, j, a]


@act.body_for(JointMind)
def act_joint_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = members[k]
        if turn.deciding[i]:
            expect(mind, mind.rows[k], turn.states[i], mind.joint[k], parts_of(mind, turn.neighbours, i))
            turn.actions[i] = choose(best(mind.values, rng), mind.values.size, k, i, turn, mind.rates, rng)


@settle.body_for(JointMind)
def settle_joint_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = members[k]
        if not turn.deciding[i]:
            continue
        table, parts, held = mind.rows[k], parts_of(mind, turn.neighbours, i), mind.joint[k]
        look(mind, turn.neighbours, i, turn.actions)
        if turn.judged[i]:
            s, a = turn.past_states[i], turn.past_actions[i]
            top = value_of(mind, table, turn.states[i], mind.following, parts, 0)
            for b in range(1, mind.values.size):
                top = max(top, value_of(mind, table, turn.states[i], mind.following, parts, b))
            error = turn.returns[i] + turn.discount[i] * top - value_of(mind, table, s, held, parts, a)
            for p in range(parts):
                alpha = step_size(mind.rates, k, mind.visits[table, s, held[p], a])
                mind.q[table, s, held[p], a] += alpha * error
                mind.visits[table, s, held[p], a] += 1
        for p in range(parts):
            held[p] = mind.following[p]
            if turn.thawed[i]:
                mind.seen[table, turn.states[i], held[p]] += 1
