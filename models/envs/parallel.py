"""PettingZoo: any scenario as a parallel environment, every agent controlled from outside.

A step is a tick. Agents decide only when they are due, so not all of them have a choice in every tick: PettingZoo asks
for an action of every agent, those of agents that are not due are ignored (they hold what they chose before), and
`infos[agent]["deciding"]` says whose actions will count. What an agent that is not due observes may be what it saw at
its last decision. A learner that adds up the rewards between two decisions learns as ours do inside.
"""

import os
from typing import Any

import numpy as np

import models
from models.envs.one_agent import Observation, length, observation_space, parameters
from scenarios import Scenario, ScenarioError
from scenarios.schema import missing_package

try:
    from gymnasium.spaces import Discrete
    from pettingzoo import ParallelEnv
except ModuleNotFoundError:
    raise missing_package("models.parallel_env", "pettingzoo", "gym") from None

ByAgent = dict[str, Any]  # observations and infos, as the environment has them


class AllAgents(ParallelEnv):  # type: ignore[misc]  # PettingZoo comes without types
    """All agents of a world; see `models.parallel_env`."""

    render_mode: str | None = None

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario,
        *,
        observation: Observation = "states",
        ticks: int | None = None,
        **changes: Any,
    ) -> None:
        changes = parameters(scenario, changes)
        self._given = {"scenario": scenario, "learner": "random", **changes}  # whose choices are never asked for
        self.world = models.make(**self._given, seed=0)
        self.ticks = length(self.world, ticks)
        self.metadata = {"name": self.world.scenario.name, "render_modes": [], "is_parallelizable": True}
        self.possible_agents = list(self.world.agent_names)
        self.agents: list[str] = []
        self._features = observation == "features"
        self._rng = np.random.default_rng()
        self._seen = {name: observation_space(self.world, observation) for name in self.possible_agents}
        self._acts = {name: Discrete(self.world.decision_space.actions) for name in self.possible_agents}

    def observation_space(self, agent: str) -> Any:
        """What an agent sees: Discrete, or Box for features."""
        return self._seen[agent]

    def action_space(self, agent: str) -> Any:
        """What an agent can do: Discrete."""
        return self._acts[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ByAgent, ByAgent]:
        """Begin an episode: a fresh world, of this seed or of the next in the environment's own stream."""
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self.world = models.make(**self._given, seed=int(self._rng.integers(2**32)) if seed is None else seed)
        self.agents = list(self.possible_agents)
        return self._look()

    def step(
        self, actions: dict[str, int]
    ) -> tuple[ByAgent, dict[str, float], dict[str, bool], dict[str, bool], ByAgent]:
        """One tick: observations, gains, no termination, truncation after the last tick, and infos, by agent."""
        if not self.agents:
            raise ScenarioError("step: the episode is over, or has not begun; call reset first")
        for name in self.agents:
            if not self._acts[name].contains(actions.get(name)):
                given, last = actions.get(name), self._acts[name].n - 1
                raise ScenarioError(f"step: {name} got {given!r}; give every agent a number from 0 to {last}")
        gains = self._advance([actions[name] for name in self.agents])
        over = self._tick >= self.ticks
        observations, infos = self._look()
        rewards = dict(zip(self.agents, gains.tolist(), strict=True))
        terminated, truncated = dict.fromkeys(self.agents, False), dict.fromkeys(self.agents, over)
        if over:
            self.agents = []
        return observations, rewards, terminated, truncated, infos

    def _advance(self, actions: list[int]) -> np.ndarray:
        """Move by a tick; gains (A,)."""
        return self.world.advance(actions)

    @property
    def _tick(self) -> int:
        return self.world.tick

    def _observed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Who decides (A,), states (A,), features (A, F)."""
        return self.world.observe()

    def _look(self) -> tuple[ByAgent, ByAgent]:
        deciding, states, features = self._observed()
        seen = features if self._features else states
        infos = ({"tick": self._tick, "deciding": due} for due in deciding.tolist())
        return dict(zip(self.agents, seen, strict=True)), dict(zip(self.agents, infos, strict=True))
