"""Stable-Baselines3: any scenario as a `VecEnv` in which every agent is a slot, so one policy learns for all of them.

What a slot sees is what the learner `ppo` shows its network (`learners.deep.sight`), so a policy trained here plugs
back in as a learner (`plug_in`), and its weights are saved as arrays by `World.save_minds`, never as a pickle.

A step lasts until somebody is due; rewards are the gains of its ticks. It asks for an action of every slot: those of
agents that are not due are ignored, they hold what they chose before, and `infos[slot]["deciding"]` says whose will
count. Such a slot sees zeros, which no decision ever sees, so choices that were none do not shape those that are.
Stable-Baselines3 discounts per step, which is per decision only where all are due together, or there is one agent; the
learner `ppo` inside the loop has every agent's own discounts and nothing but decisions, and serves better elsewhere.
All slots live in one world, so their episodes end together, truncated at the first decision of any after `ticks`; the
next is a fresh world. The last observation shows all slots, also those that are not due then.
"""

import os
from typing import Any

import numpy as np

import models
from learners.deep.sight import Sight  # first: where a package is missing, it says what to install
from learners.ppo import Ppo
from scenarios import Scenario, ScenarioError

# isort: split
from gymnasium.spaces import Box, Discrete
from stable_baselines3.common.vec_env import VecEnv

from models.envs.one_agent import length, parameters


class Slots(VecEnv):
    """All agents of a world, one slot each; see `models.vec_env`."""

    render_mode: str | None = None

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario,
        *,
        ticks: int | None = None,
        apart: bool = True,
        **changes: Any,
    ) -> None:
        changes = parameters(scenario, changes)
        self._given = {"scenario": scenario, "learner": "random", **changes}  # whose choices are never asked for
        self.world = models.make(**self._given, seed=0)
        self.ticks = length(self.world, ticks)
        agents = len(self.world.agent_names)
        self.sight = Sight.of(self.world.decision_space, apart)
        self._rng = np.random.default_rng()
        self._everyone, self._nobody = np.arange(agents), np.full(agents, -1)
        seen = Box(-np.inf, np.inf, (self.sight.inputs,), np.float32)
        super().__init__(agents, seen, Discrete(self.world.decision_space.actions))

    def reset(self) -> np.ndarray:
        """Begin an episode: a fresh world, of `seed()` or of the next in the environment's own stream."""
        if self._seeds[0] is not None:
            self._rng = np.random.default_rng(self._seeds[0])
        self._reset_seeds()
        self._reset_options()
        seen = self._begin()
        self.reset_infos = self._infos()
        return self._masked(seen)

    def step_async(self, actions: np.ndarray) -> None:
        """Take the actions of all slots (A,)."""
        self._actions = np.asarray(actions)

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Act, and run the world until somebody is due: observations, gains, ends and infos of all slots."""
        gains = self.world.advance(self._actions)
        seen, more = self._wait()
        over = self.world.tick >= self.ticks
        ends: list[dict[str, Any]] = [{} for _ in seen]
        if over:
            ends = [{"terminal_observation": last, "TimeLimit.truncated": True} for last in seen]
            seen = self._begin()
        infos = [info | end for info, end in zip(self._infos(), ends, strict=True)]
        return self._masked(seen), (gains + more).astype(np.float32), np.full(self.num_envs, over), infos

    def _infos(self) -> list[dict[str, Any]]:
        """Whose next actions count."""
        return [{"deciding": bool(due)} for due in self._deciding]

    def _masked(self, seen: np.ndarray) -> np.ndarray:
        """Zeros for those who are not due."""
        return np.where(self._deciding[:, None], seen, np.float32(0.0))

    def _begin(self) -> np.ndarray:
        self.world = models.make(**self._given, seed=int(self._rng.integers(2**32)))
        return self._wait()[0]

    def _wait(self) -> tuple[np.ndarray, np.ndarray]:
        """Run until somebody is due: what all saw last, and their gains on the way; not longer than two episodes."""
        gains = np.zeros(self.num_envs)
        self._deciding, states, features = self.world.observe()
        while not self._deciding.any() and self.world.tick < 2 * self.ticks:
            gains += self.world.advance(self._nobody)
            self._deciding, states, features = self.world.observe()
        return self.sight.show(self._everyone, states, features), gains

    def close(self) -> None:
        """Nothing is held open."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute of this view, once per slot: they share one world."""
        return [getattr(self, attr_name) for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Slots share one world and have no attributes of their own."""
        raise ScenarioError(f"vec_env: slots share one world, so {attr_name} cannot be set for some; use env.world")

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        """Slots share one world and have no methods of their own."""
        raise ScenarioError(f"vec_env: slots share one world and have no method {method_name}; use env.world")

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        """Slots have no wrappers of their own; `VecMonitor` goes around them all."""
        return [False for _ in self._get_indices(indices)]


def plug_in(world: models.World, policy: Any) -> None:
    """Give a policy that Stable-Baselines3 has trained on `models.vec_env` to the learners `ppo` of a world.

    Raises
    ------
    ScenarioError
        Where nobody in the world learns by `ppo`, or its network has other layers.
    """
    minds = [world.mind(number) for number, learner in enumerate(world.learners) if isinstance(learner, Ppo)]
    if not minds:
        kinds = ", ".join(learner.kind() for learner in world.learners)
        raise ScenarioError(
            f'plug_in: no agent of this world learns by "ppo" ({kinds}); make the world with learner="ppo"'
        )
    for mind in minds:
        mind.adopt(policy)
