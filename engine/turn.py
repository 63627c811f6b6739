"""What worlds and learners tell each other: one `Turn` of arrays, the `Course` of regimes, and `Group`s of agents."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.limits import FINITE, FIXED, Limits, below, each, or_none

NEIGHBOURS, EVERYONE, PLANNER = 0, 1, 2  # whom a cooperating agent cares for


class Turn(NamedTuple):
    """What worlds and learners tell each other; A agents, F features, N neighbours at most, E public
    quantities.

    "Past" is the decision that is now being judged: state s and action a held since; `states` and `actions` are s'
    and, once everyone has acted, a'.
    """

    tick: np.ndarray  # (1,) int64, ticks done
    block: np.ndarray  # (1,) int64, index of the regime block in force
    block_end: np.ndarray  # (1,) int64, tick at which that block ends
    deciding: np.ndarray  # (A,) bool, who decides now
    judged: np.ndarray  # (A,) bool, who decides now, has decided before, and may learn from it
    thawed: np.ndarray  # (A,) bool, whether the agent learns and explores at all
    started: np.ndarray  # (A,) bool, whether the agent has decided before
    states: np.ndarray  # (A,) int64
    features: np.ndarray  # (A, F) float32; F = 0 when nobody wants them
    actions: np.ndarray  # (A,) int64, the action each agent holds
    past_states: np.ndarray  # (A,) int64
    past_actions: np.ndarray  # (A,) int64
    advice: np.ndarray  # (A,) int64, what a hand-made rule would do, -1 for none
    potential: np.ndarray  # (A,) float64, Phi of the present state
    past_potential: np.ndarray  # (A,) float64
    rewards: np.ndarray  # (A,) float64, own reward of this tick
    common: np.ndarray  # (A,) float64, the planner's reward of this tick, as each one answers for it
    public: np.ndarray  # (E,) float64, what all see of the outside world in this tick; E = 0 when nobody wants it
    gains: np.ndarray  # (A,) float64, own and others' rewards mixed by cooperation
    returns: np.ndarray  # (A,) float64, gains since the agent's last decision
    weight: np.ndarray  # (A,) float64, gamma per tick to the power of the ticks since then
    discount: np.ndarray  # (A,) float64, weight of the future as seen from the past decision
    gamma_tick: np.ndarray  # (A,) float64, 1 where gamma is per decision
    gamma_decision: np.ndarray  # (A,) float64, 1 where gamma is per tick
    elapsed: np.ndarray  # (A,) int64, ticks since the last decision
    neighbours: np.ndarray  # (A, N) int64, padded with -1
    window: np.ndarray  # (1,) int64, ticks between two rows of the record
    reward_sums: np.ndarray  # (A,) float64, own rewards summed over the open window

    def limits(self, states: int, actions: int, blocks: int, ticks: int) -> Limits:
        """What a file may put into each array: so many states, actions and regime blocks, and ticks at most."""
        return {
            **each(FIXED, "neighbours", "window", "gamma_tick", "gamma_decision"),
            **each((0, ticks), "tick", "elapsed"),
            "block": below(blocks),
            "block_end": (0, np.iinfo(np.int64).max),
            **each(below(states), "states", "past_states"),
            **each(below(actions), "actions", "past_actions"),
            "advice": or_none(actions),
            "features": FINITE,
        }


class Course(NamedTuple):
    """When each regime block holds, and how far agents cooperate in it; B blocks."""

    starts: np.ndarray  # (B + 1,) int64, first tick of each block; the last entry is the length of one pass
    repeat: np.ndarray  # (1,) bool, whether the pass starts again (else the last block lasts for ever)
    cooperation: np.ndarray  # (B, A) float64, kappa
    cooperate_with: np.ndarray  # (B,) int64: NEIGHBOURS, EVERYONE or PLANNER


class Group(NamedTuple):
    """Agents that share one learner."""

    members: np.ndarray  # (n,) int64
    mind: Any
    rng: np.random.Generator

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"members": FIXED}


def begin_turn(neighbours: Sequence[Sequence[int]], features: int, window: int, public: int = 0) -> Turn:
    """The turn of tick 0 for agents with these neighbours."""
    agents = len(neighbours)
    near = np.full((agents, max(map(len, neighbours), default=0)), -1)
    for i, others in enumerate(neighbours):
        near[i, : len(others)] = others
    fields: dict[str, np.ndarray] = {name: np.zeros(agents) for name in Turn._fields}
    for name in ("states", "actions", "past_states", "past_actions", "elapsed"):
        fields[name] = np.zeros(agents, np.int64)
    for name in ("deciding", "judged", "started"):
        fields[name] = np.zeros(agents, bool)
    for name in ("tick", "block", "block_end"):
        fields[name] = np.zeros(1, np.int64)
    for name in ("weight", "gamma_tick", "gamma_decision"):
        fields[name] = np.ones(agents)
    fields["thawed"], fields["advice"] = np.ones(agents, bool), np.full(agents, -1)
    fields["features"] = np.zeros((agents, features), np.float32)
    fields["neighbours"], fields["window"] = near, np.array([window])
    fields["public"] = np.zeros(public)
    return Turn(**fields)
