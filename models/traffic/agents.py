"""Signals as Mesa agents, and drivers on demand: named views on the arrays of the traffic world."""

from itertools import takewhile
from typing import Any

import numpy as np

from models.view import View


def phase_name(world: Any, signal: int, phase: int) -> str:
    """What people call a phase of a signal."""
    name: str = world.network.phase_names[world.network.first_phase[signal] + phase]
    return name


class Signal(View):
    """One signal."""

    @property
    def queue_veh(self) -> int:
        """Vehicles that stand at it or wait to enter there."""
        return int(self.model.state.queue_veh[self.index])

    @property
    def phase(self) -> str:
        """The direction that has green, or had it before the present yellow."""
        return phase_name(self.model, self.index, int(self.model.state.phase[self.index]))

    @property
    def changing(self) -> bool:
        """Whether it is yellow."""
        return bool(self.model.state.next_phase[self.index] >= 0)


class Driver:
    """One driver who has a destination; no agent of the loop."""

    def __init__(self, world: Any, number: int) -> None:
        drivers = world.state.drivers
        if not 0 <= number < len(drivers.last_route):
            raise IndexError(f"driver {number}: there are {len(drivers.last_route)}, numbered from 0")
        self.model, self.number, self.pair = world, number, number // int(drivers.per_pair[0])
        gate = int(np.searchsorted(drivers.first_pair, self.pair, side="right") - 1)
        self._start, self._end = int(world.network.gate_link[gate]), int(drivers.pair_to[self.pair])
        self._known = int(drivers.routes[self.pair])

    @property
    def ends(self) -> tuple[str, str]:
        """Names of the gates between which it travels, such as ("A1.N", "B2.S")."""
        return self.model.network.links[self._start], self.model.network.destinations[self._end]

    @property
    def routes(self) -> list[list[str]]:
        """Names of the links of every route that it knows."""
        net, drivers = self.model.network, self.model.state.drivers
        first, found = self.pair * drivers.expected_s.shape[1], []
        for leg in drivers.first_leg[first : first + self._known]:
            turns = takewhile(lambda turn: turn >= 0, drivers.legs[leg:].tolist())
            found.append([net.links[net.turn_link[turn]] for turn in turns])
        return found

    @property
    def expected_s(self) -> np.ndarray:
        """Time that it expects of each of these routes."""
        known: np.ndarray = self.model.state.drivers.expected_s[self.number, : self._known].copy()
        return known

    @property
    def trips(self) -> np.ndarray:
        """Trips on each of these routes that it has learned from."""
        made: np.ndarray = self.model.state.drivers.trips[self.number, : self._known].copy()
        return made
