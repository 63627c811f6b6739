"""Exp3: exponential weights for exploration and exploitation, a bandit that trusts no one.

p_i(a) = (1 - mixing) w_i(a) / sum_b w_i(b) + mixing / K;  x = r / p_i(a) for the action a that was held
w_i(a) <- w_i(a) exp(mixing x / K)

Source: Auer, Cesa-Bianchi, Freund and Schapire 2002, SIAM Journal on Computing 32. Against any sequence of rewards in
[0, 1], even one made by an adversary, it earns in g decisions at most 2.63 sqrt(g K ln K) less than the best single
action (corollary 3.2, with mixing = min(1, sqrt(K ln K / ((e - 1) g)))). Rewards are scaled from [lowest, highest]; a
return outside widens that range, and the bound no longer holds. Where early returns are far worse than all that follow,
such as on roads that jam while everyone drives at random, a range that never shrinks leaves next to nothing to tell
actions apart: `narrowing` draws its ends towards each return. Each state has weights of its own.
Known to fail: "the best single action" is all it promises; it does not look ahead (no gamma), weights never forget, so
after a change it is slow in proportion to its age, and its estimates are noisy where K is large.
"""

import math
from typing import NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import index, kernel
from engine.limits import COUNT, Limits
from engine.loop import act, learn
from learners.base import Learner, Space, draw
from scenarios.schema import ScenarioError


class Exp3Mind(NamedTuple):
    """Weights of a group; n agents, S states, K actions."""

    log_weight: np.ndarray  # (n, S, K), the largest of a state is 0
    strategy: np.ndarray  # (n, S, K), weights that sum to 1, before mixing
    visits: np.ndarray  # (n, S, K) int64
    lowest: np.ndarray  # (n,) returns are scaled from
    highest: np.ndarray  # (n,) to
    mixing: float
    narrowing: float

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"visits": COUNT}


class Exp3(Learner):
    """Exp3, the adversarial bandit."""

    mixing: float = Field(
        0.05, gt=0, le=1, description="Share of choices made uniformly at random (gamma in the paper)."
    )
    lowest: float = Field(0.0, description="The lowest possible return.")
    highest: float = Field(1.0, description="The highest possible return.")
    narrowing: float = Field(0.0, ge=0, lt=1, description="Share of the way to each return that the range shrinks.")

    def begin(self, space: Space, rng: np.random.Generator) -> Exp3Mind:
        """Equal weights."""
        if self.lowest >= self.highest:
            raise ScenarioError(f"exp3: lowest = {self.lowest} must be below highest = {self.highest}")
        shape = (space.agents, space.states, space.actions)
        return Exp3Mind(
            log_weight=np.zeros(shape),
            strategy=np.full(shape, 1.0 / space.actions),
            visits=np.zeros(shape, np.int64),
            lowest=np.full(space.agents, self.lowest),
            highest=np.full(space.agents, self.highest),
            mixing=self.mixing,
            narrowing=self.narrowing,
        )

    def policy(self, mind: Exp3Mind, member: int) -> np.ndarray:
        """Logarithms of weights (S, K) of one agent; the best action of a state has 0."""
        values: np.ndarray = mind.log_weight[member]
        return values

    def visits(self, mind: Exp3Mind, member: int) -> np.ndarray:
        """How often each action was learned from, (S, K)."""
        visits: np.ndarray = mind.visits[member]
        return visits


@kernel
def weigh(log_weight, strategy):
    """Shift logarithms so that the largest is 0, and write weights that sum to 1."""
    top, total = log_weight[0], 0.0
    for b in range(log_weight.size):
        top = max(top, log_weight[b])
    for b in range(log_weight.size):
        log_weight[b] -= top
        strategy[b] = math.exp(log_weight[b])
        total += strategy[b]
    for b in range(log_weight.size):
        strategy[b] /= total


@learn.body_for(Exp3Mind)
def learn_exp3(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.judged[i]:
            s, a, earned = index(turn.past_states[i]), index(turn.past_actions[i]), turn.returns[i]
            low = min(mind.lowest[k] + mind.narrowing * (earned - mind.lowest[k]), earned)
            high = max(mind.highest[k] + mind.narrowing * (earned - mind.highest[k]), earned)
            if high > low:
                mind.lowest[k], mind.highest[k] = low, high
            scaled = (earned - mind.lowest[k]) / (mind.highest[k] - mind.lowest[k])
            actions = mind.log_weight.shape[2]
            chance = (1.0 - mind.mixing) * mind.strategy[k, s, a] + mind.mixing / actions  # as it was when it chose
            mind.log_weight[k, s, a] += mind.mixing * scaled / (chance * actions)
            weigh(mind.log_weight[k, s], mind.strategy[k, s])
            mind.visits[k, s, a] += 1


@act.body_for(Exp3Mind)
def act_exp3(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.deciding[i]:
            strategy = mind.strategy[k, index(turn.states[i])]
            if turn.thawed[i] and rng.random() < mind.mixing:
                turn.actions[i] = int(rng.random() * strategy.size)
            else:
                turn.actions[i] = draw(strategy, rng)
