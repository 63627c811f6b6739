"""PettingZoo: SUMO behind the interface of `AllAgents`, so that what trains in our traffic world trains and acts there.

Agents, spaces, observations and the rhythm of decisions are those of the traffic world on the same case; vehicles are
SUMO's. The reward of a signal is that of the world too: minus the vehicles that stand on its links, by what its
detectors see; those that wait outside the map are seen by nobody. An episode is the period of the case.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np

import models
from models.envs.one_agent import Observation
from models.envs.parallel import AllAgents, ByAgent
from models.networks.roads import importing
from models.traffic.in_sumo import Hand, Town
from models.traffic.rules import REWARD_PER_VEHICLE
from scenarios import ScenarioError


class SumoAgents(AllAgents):
    """All signals of a case in SUMO; see `models.sumo_env`."""

    def __init__(self, folder: str | os.PathLike[str], *, observation: Observation = "states", **changes: Any) -> None:
        kept = importing.sumo_files(Path(folder))
        super().__init__(str(folder), observation=observation, **changes)
        if self.world.kappa(self.world.parameters_at_reset).any():
            raise ScenarioError(f"{folder}: cooperation is not mixed in SUMO; leave it at 0, and add rewards yourself")
        traffic: Any = self.world
        if traffic.domain != "traffic" or traffic.case is None:
            raise ScenarioError(f"{folder}: its scenario is no traffic world on a road case")
        self.town = Town(traffic.case, *kept)
        self.ticks = min(self.ticks, self.town.seconds)
        self._sumo: Any = None

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ByAgent, ByAgent]:
        """Begin an episode in a fresh SUMO, of this seed or of the next in the environment's own stream."""
        self.close()
        if seed is not None:
            self._rng = np.random.default_rng(seed)
        self.world = models.make(**self._given, seed=0)
        self.world.observe()  # from now on with features
        self._sumo = self.town.start(int(self._rng.integers(2**31)) if seed is None else seed % 2**31)
        self._hand = Hand(self.world, self._sumo)
        self._hand.look(0)
        self.agents = list(self.possible_agents)
        return self._look()

    def close(self) -> None:
        """End SUMO."""
        if self._sumo is not None:
            self._sumo.close()
        self._sumo = None

    def _advance(self, actions: list[int]) -> np.ndarray:
        self._hand.move(np.array(actions))
        self._sumo.simulationStep()
        self._hand.look(self._tick + 1)
        state: Any = self.world.state
        gains: np.ndarray = REWARD_PER_VEHICLE * state.queue_veh[: len(self.agents)]
        return gains

    @property
    def _tick(self) -> int:
        return int(self.world.turn.tick[0])

    def _observed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        turn = self.world.turn
        return turn.deciding.copy(), turn.states.copy(), turn.features.copy()
