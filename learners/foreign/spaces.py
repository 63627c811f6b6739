"""From a foreign environment to ours: Gymnasium seen as PettingZoo, observations as states or features.

A Discrete observation is a state. A Box is the features of a learner that wants them, else a state: each number falls
into one of equally wide bins, and the bins are counted through as the digits of a number.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from learners.base import Learner
from scenarios.schema import ScenarioError, missing_package

STATE_LIMIT = 1_000_000  # states of a binned Box
NO_FEATURES = np.zeros(0, np.float32)


class Alone:
    """A Gymnasium environment with the words of PettingZoo's parallel ones; its agent is called "agent"."""

    possible_agents = ("agent",)

    def __init__(self, env: Any) -> None:
        self.env = env
        self.agents: list[str] = []

    def observation_space(self, agent: str) -> Any:
        """What is seen."""
        return self.env.observation_space

    def action_space(self, agent: str) -> Any:
        """What can be done."""
        return self.env.action_space

    def reset(self, seed: int | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Begin an episode."""
        observation, info = self.env.reset(seed=seed)
        self.agents = ["agent"]
        return {"agent": observation}, {"agent": info}

    def step(self, actions: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        """Observation, reward, whether it terminated or was truncated, and info, by agent."""
        told = self.env.step(actions["agent"])
        if told[2] or told[3]:
            self.agents = []
        return tuple({"agent": part} for part in told)


def as_parallel(env: Any) -> Any:
    """The environment with the words of PettingZoo's parallel ones (raises ScenarioError for anything else)."""
    try:
        import gymnasium
    except ModuleNotFoundError:
        raise missing_package("play", "gymnasium", "gym") from None
    if isinstance(env, gymnasium.Env):
        return Alone(env)
    if not hasattr(env, "possible_agents") or hasattr(env, "last"):  # `last` is of PettingZoo's agents that take turns
        kind = type(env).__name__
        raise ScenarioError(f"play: takes a Gymnasium environment or a parallel one of PettingZoo, not {kind}")
    return env


def common_space(env: Any, which: str) -> Any:
    """The observation or action space that all agents have in common."""
    spaces = {agent: getattr(env, which)(agent) for agent in env.possible_agents}
    first, *others = spaces
    for other in others:
        if spaces[other] != spaces[first]:
            both = f"{first} has {spaces[first]}, {other} has {spaces[other]}"
            raise ScenarioError(f"play: agents of one group need the same {which.replace('_', ' ')}; {both}")
    return spaces[first]


def first_action(space: Any) -> int:
    """What the first of the actions is called."""
    from gymnasium.spaces import Discrete

    if not isinstance(space, Discrete):
        raise ScenarioError(f"play: the catalogue's learners choose among numbered actions (Discrete), not {space}")
    return int(space.start)


def name_of(env: Any) -> str:
    """What a message calls an environment."""
    spec = getattr(env, "spec", None)
    return spec.id if spec else (getattr(env, "metadata", None) or {}).get("name") or type(env.unwrapped).__name__


def as_shown(seen: Any) -> str:
    """What an environment has shown, short enough for a message."""
    text = " ".join(repr(seen).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def reward_of(reward: Any, where: str) -> float:
    """A reward as a number (raises ScenarioError where it is none, or not finite)."""
    number = np.asarray(reward)
    if number.size != 1 or number.dtype.kind not in "iufb" or not np.isfinite(number).all():
        raise ScenarioError(f"{where} gives the reward {as_shown(reward)}; a reward is one finite number")
    return float(number.reshape(()))


class Encoding(NamedTuple):
    """How observations become states or features; `encode` gives both, one of them empty."""

    states: int
    features: int
    encode: Callable[[Any], tuple[int, np.ndarray]]


def encoding(space: Any, learner: Learner, bins: int, where: str) -> Encoding:
    """What a learner makes of the observations of a space (raises ScenarioError where it can make nothing).

    So does `encode`, whose message opens with `where`, when the environment shows what is not in that space: kernels
    index by states and by bins of features.
    """
    from gymnasium.spaces import Box, Discrete

    def refuse(seen: Any) -> ScenarioError:
        return ScenarioError(f"{where} shows {as_shown(seen)}, which is not in the {space} that it declares")

    if isinstance(space, Discrete):

        def state(seen: Any) -> tuple[int, np.ndarray]:
            number = np.asarray(seen)
            if number.size != 1 or number.dtype.kind not in "iub" or not 0 <= number.item() - space.start < space.n:
                raise refuse(seen)
            return int(number.item() - space.start), NO_FEATURES

        return Encoding(int(space.n), 0, state)
    if not isinstance(space, Box):
        remedy = "give it one (gymnasium.wrappers.FlattenObservation or TransformObservation)"
        raise ScenarioError(f"play: observations must be a Discrete or Box space, not {space}; {remedy}")

    def numbers(seen: Any) -> np.ndarray:
        """What a Box shows, as a vector; beyond its bounds counts as at them."""
        found = np.asarray(seen)
        if found.shape != space.shape or found.dtype.kind not in "iufb" or np.isnan(found).any():
            raise refuse(seen)
        return found.reshape(-1)

    if learner.wants == "features":
        return Encoding(1, math.prod(space.shape), lambda seen: (0, numbers(seen)))
    return in_bins(space, learner, bins, numbers)


def in_bins(space: Any, learner: Learner, bins: int, numbers: Callable[[Any], np.ndarray]) -> Encoding:
    """Equally wide bins between the bounds of every number of a Box; `numbers` makes a vector of an observation."""
    low, high = bound(space, "low", learner), bound(space, "high", learner)
    if bins < 1:
        raise ScenarioError(f"play: bins = {bins}; a number falls into at least one")
    states = bins ** len(low)
    if states > STATE_LIMIT:
        raise ScenarioError(f"play: {bins} bins of {len(low)} numbers are too many states; take fewer, or tile_q")
    digit = bins ** np.arange(len(low))
    width = np.where(high > low, high - low, 1.0)

    def encode(seen: Any) -> tuple[int, np.ndarray]:
        within = (numbers(seen) - low) / width
        return int(np.clip(within * bins, 0, bins - 1).astype(np.int64) @ digit), NO_FEATURES

    return Encoding(states, 0, encode)


def bound(space: Any, name: str, learner: Learner) -> np.ndarray:
    """The low or high end of every number of a Box."""
    ends = np.ravel(getattr(space, name)).astype(np.float64)
    if not np.isfinite(ends).all():
        where = f"play: number {np.argmin(np.isfinite(ends)) + 1} of the observation has no {name} end"
        remedy = f"give it {name}" if learner.wants == "features" else "take tile_q with low and high"
        raise ScenarioError(f"{where}, and {learner.kind()} needs one; {remedy}, or wrap the environment")
    return ends


def fitted(learner: Learner, space: Any) -> Learner:
    """The learner with its range of features set to that of a Box, where its settings leave it open."""
    from gymnasium.spaces import Box

    open_ends = {"low", "high"} & set(type(learner).model_fields) - learner.model_fields_set
    if not isinstance(space, Box) or learner.wants != "features":
        return learner
    return learner.model_copy(update={name: tuple(bound(space, name, learner).tolist()) for name in open_ends})
