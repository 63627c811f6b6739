"""Reinforcement as in Roth and Erev, modified for electricity markets: what has paid is done more often.

q_i(s,a) <- (1 - forgetting) q_i(s,a) + r (1 - experimentation)                  for the action a that was held
q_i(s,b) <- (1 - forgetting) q_i(s,b) + q_i(s,b) experimentation / (K - 1)       for every other action b
Actions are drawn in proportion to their propensities q_i(s,.).

Source: Nicolaisen, Petrov and Tesfatsion 2001, IEEE Transactions on Evolutionary Computation 5 (modified Roth-Erev);
Erev and Roth 1998, American Economic Review 88, whose rule gives other actions a share of r, so that one who earns
nothing learns nothing. Returns count from the lowest an agent has met, or from nothing, whichever is lower (Erev and
Roth count from the smallest possible payoff), so propensities never fall below 0. Each state has propensities of its
own.
Where early returns are far worse than all that follow, such as on roads that jam while everyone drives at random, the
lowest of all leaves next to nothing to tell actions apart: `narrowing` draws it towards each return.
Known to fail: it does not look ahead (no gamma); sizes matter, for `initial` far above what is earned is forgotten
slowly and far below it locks in what came first; a new lowest return does not undo what was learned before.
"""

from typing import NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import index
from engine.limits import COUNT, Limits
from engine.loop import act, learn
from learners.base import Learner, Space, draw
from scenarios.schema import ScenarioError


class RothErevMind(NamedTuple):
    """Propensities of a group; n agents, S states, K actions."""

    propensity: np.ndarray  # (n, S, K)
    visits: np.ndarray  # (n, S, K) int64
    lowest: np.ndarray  # (n,) lowest return met, never above 0
    forgetting: float
    experimentation: float
    narrowing: float

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"visits": COUNT}


class RothErev(Learner):
    """Modified Roth-Erev reinforcement."""

    initial: float = Field(1.0, gt=0, description="Initial propensity of every action, on the scale of returns.")
    forgetting: float = Field(0.1, ge=0, le=1, description="Share of every propensity that is lost in each decision.")
    experimentation: float = Field(
        0.2, ge=0, lt=1, description="Share of their own propensity that actions not chosen gain."
    )
    narrowing: float = Field(0.0, ge=0, lt=1, description="Share of the way to each return that the lowest one rises.")

    def begin(self, space: Space, rng: np.random.Generator) -> RothErevMind:
        """Equal propensities."""
        others = 1.0 - self.forgetting + self.experimentation / max(space.actions - 1, 1)
        if (1.0 - self.forgetting) * others ** (space.actions - 1) > 1.0:
            raise ScenarioError(
                f"roth_erev: with {space.actions} actions, forgetting = {self.forgetting} and experimentation = "
                f"{self.experimentation} propensities grow without end whatever is earned; set a larger forgetting "
                f"or a smaller experimentation"
            )
        shape = (space.agents, space.states, space.actions)
        return RothErevMind(
            propensity=np.full(shape, self.initial),
            visits=np.zeros(shape, np.int64),
            lowest=np.zeros(space.agents),
            forgetting=self.forgetting,
            experimentation=self.experimentation,
            narrowing=self.narrowing,
        )

    def policy(self, mind: RothErevMind, member: int) -> np.ndarray:
        """Propensities (S, K) of one agent."""
        values: np.ndarray = mind.propensity[member]
        return values

    def visits(self, mind: RothErevMind, member: int) -> np.ndarray:
        """How often each action was reinforced, (S, K)."""
        visits: np.ndarray = mind.visits[member]
        return visits


@learn.body_for(RothErevMind)
def learn_roth_erev(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.judged[i]:
            s, a = index(turn.past_states[i]), index(turn.past_actions[i])
            risen = mind.lowest[k] + mind.narrowing * (turn.returns[i] - mind.lowest[k])
            mind.lowest[k] = min(risen, turn.returns[i], 0.0)
            propensity = mind.propensity[k, s]
            others = 1.0 - mind.forgetting + mind.experimentation / max(propensity.size - 1, 1)
            for b in range(propensity.size):
                if b != a:
                    propensity[b] *= others
            earned = turn.returns[i] - mind.lowest[k]
            propensity[a] = (1.0 - mind.forgetting) * propensity[a] + (1.0 - mind.experimentation) * earned
            mind.visits[k, s, a] += 1


@act.body_for(RothErevMind)
def act_roth_erev(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.deciding[i]:
            turn.actions[i] = draw(mind.propensity[k, index(turn.states[i])], rng)
