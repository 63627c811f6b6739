"""WoLF policy hill climbing: a mixed strategy that moves slowly when it is winning and fast when it is losing.

Q_i as in Q-learning, without exploring beyond epsilon. pi_i(s,.) moves towards the greedy action by delta_w where
sum_a pi_i(s,a) Q_i(s,a) > sum_a pibar_i(s,a) Q_i(s,a), pibar being the mean of its past strategies, else by delta_l:
pi_i(s,b) <- pi_i(s,b) - min(pi_i(s,b), delta / (K - 1)) for every b but the greedy one, which gains it.

Source: Bowling and Veloso 2002, Artificial Intelligence 136. With `lose_over_win` 1 it is plain policy hill climbing
(PHC), which circles round a mixed equilibrium for ever. Convergence is proved for two players of two actions and exact
gradients only; steps must fade (`slows_after`), so a learner that has grown slow follows a changed world slowly.
Known to fail: where values are further apart than noise it is Q-learning with a delay (climbing game), and three
players on a cycle may not settle.
"""

from typing import NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import index, kernel
from engine.limits import COUNT, Limits
from engine.loop import act, learn
from learners.base import Rates, Space, choose, draw, step_size
from learners.memory import tables
from learners.q import Q, follow, limits_of_tables


class WolfMind(NamedTuple):
    """Tables of a group; n agents, S states, K actions."""

    q: np.ndarray  # (tables, S, K)
    visits: np.ndarray  # (tables, S, K) int64
    greedy: np.ndarray  # (tables, S) int64, a best action, kept until another is better; always in step with q
    unchanged: np.ndarray  # (n,) int64, decisions learned from since a greedy action changed
    rows: np.ndarray  # (n,) table of each agent
    rates: Rates
    strategy: np.ndarray  # (tables, S, K), chances of each action; they sum to 1
    mean_strategy: np.ndarray  # (tables, S, K)
    met: np.ndarray  # (tables, S) int64, strategies in that mean
    win_step: float
    lose_step: float
    slows_after: float

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {**limits_of_tables(self), "met": COUNT}


class WolfPhc(Q):
    """WoLF policy hill climbing: win or learn fast."""

    win_step: float = Field(0.001, gt=0, le=1, description="How far the policy moves per decision when winning.")
    lose_over_win: float = Field(4.0, ge=1, description="The step when losing, as a multiple of win_step.")
    slows_after: float = Field(
        20_000.0, gt=0, description="Number of decisions in a state after which steps are half as long."
    )

    def begin(self, space: Space, rng: np.random.Generator) -> WolfMind:
        """Tables of initial values; every action is equally likely."""
        tables = self.begin_tables(space, rng)
        even = np.full(tables["q"].shape, 1.0 / space.actions)
        return WolfMind(
            **tables,
            strategy=even,
            mean_strategy=even.copy(),
            met=np.zeros(even.shape[:2], np.int64),
            win_step=self.win_step,
            lose_step=self.win_step * self.lose_over_win,
            slows_after=self.slows_after,
        )

    def preferred(self, mind: WolfMind, member: int) -> np.ndarray:  # type: ignore[override]
        """The likeliest action of its strategy in every state, (S,)."""
        likeliest: np.ndarray = mind.strategy[mind.rows[member]].argmax(axis=1)
        return likeliest


@kernel
def climb(mind, table, s):
    """Update the mean of strategies in a state, and move the strategy towards the greedy action."""
    values, strategy, mean = mind.q[table, s], mind.strategy[table, s], mind.mean_strategy[table, s]
    mind.met[table, s] += 1
    advantage = 0.0
    for b in range(values.size):
        mean[b] += (strategy[b] - mean[b]) / mind.met[table, s]
        advantage += (strategy[b] - mean[b]) * values[b]
    step = mind.win_step if advantage > 0.0 else mind.lose_step
    step /= 1.0 + mind.met[table, s] / mind.slows_after
    greedy, gained = index(mind.greedy[table, s]), 0.0
    for b in range(values.size):
        if b != greedy:
            lost = min(strategy[b], step / (values.size - 1))
            strategy[b] -= lost
            gained += lost
    strategy[greedy] += gained


@tables.body_for(WolfMind)
def tables_wolf(mind):
    return mind.q, mind.visits, mind.greedy, mind.strategy, mind.mean_strategy, mind.met


@learn.body_for(WolfMind)
def learn_wolf_phc(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.judged[i]:
            table, s, a = index(mind.rows[k]), index(turn.past_states[i]), index(turn.past_actions[i])
            following = index(turn.states[i])
            value = mind.q[table, following, index(mind.greedy[table, following])]
            error = turn.returns[i] + turn.discount[i] * value - mind.q[table, s, a]
            mind.q[table, s, a] += step_size(mind.rates, k, mind.visits[table, s, a]) * error
            mind.visits[table, s, a] += 1
            mind.unchanged[k] = 0 if follow(mind, table, s, a, error >= 0.0, rng) else mind.unchanged[k] + 1
            climb(mind, table, s)


@act.body_for(WolfMind)
def act_wolf_phc(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.deciding[i]:
            table, s = index(mind.rows[k]), index(turn.states[i])
            drawn = draw(mind.strategy[table, s], rng)
            turn.actions[i] = choose(drawn, mind.q.shape[2], k, i, turn, mind.rates, rng)
