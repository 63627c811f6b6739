"""Signals as Mesa agents, and drivers on demand: named views on the arrays of the traffic world."""

from typing import Any

import numpy as np

from models.view import View

PHASES = ("north–south", "north–south left", "east–west", "east–west left")


class Signal(View):
    """One signal."""

    @property
    def queue_veh(self) -> int:
        """Vehicles that stand at it or wait to enter there."""
        return int(self.model.state.queue_veh[self.index])

    @property
    def phase(self) -> str:
        """The direction that has green, or had it before the present yellow."""
        return PHASES[self.model.state.phase[self.index]]

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
        gates = (np.searchsorted(drivers.first_pair, self.pair, side="right") - 1, drivers.pair_to[self.pair])
        self._start, self._end = (int(world.network.gate_link[gate]) for gate in gates)
        self._known = int(drivers.routes[self.pair])

    @property
    def ends(self) -> tuple[str, str]:
        """Names of the gates between which it travels, such as ("A1.N", "B2.S")."""
        return self.model.network.link_name(self._start), self.model.network.link_name(self._end)

    @property
    def routes(self) -> list[list[str]]:
        """Names of the links of every route that it knows."""
        net, drivers = self.model.network, self.model.state.drivers
        first, found = self.pair * drivers.expected_s.shape[1], []
        for way in drivers.way[first : first + self._known]:
            link, names = self._start, []
            while link >= 0:
                names.append(net.link_name(link))
                link = int(net.target[3 * link + int(way[link])])
            found.append(names)
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
