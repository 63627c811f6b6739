"""Signals of a traffic world that drive SUMO: its vehicles, our eyes, our minds.

Every second the counts that a signal sees are taken from SUMO's vehicles and written where the kernels keep them; the
world's own code then says who is due, what they see, and what they do, and SUMO's lights follow. A signal sees what
its detectors would: a vehicle *stands* when it halts, or when it has been on its link for longer than an empty link
takes; it *comes* when it will have been in five seconds. Nothing in the world learns or moves.

Delay is SUMO's own: time lost against the speeds allowed, and the wait to enter, of every vehicle, those that have not
arrived or not even entered included. Source of the simulator: Lopez et al. 2018, IEEE ITSC.
"""

import os
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine.generic import entry
from models.networks.roads.case import RoadCase
from models.traffic.rules import LOOK_AHEAD_S, MIN_GREEN, decide_signals, turn_green
from scenarios import ScenarioError

HALTS_M_PER_S = 1.4  # SUMO's own bound of waiting is .1; queues that creep are queues
os.environ.setdefault("LIBSUMO_AS_TRACI", "quiet")  # it warns of a library that it does not use here


class Outcome(NamedTuple):
    """One run of SUMO."""

    delay_s: float  # of a vehicle
    waiting_s: float  # of a vehicle that entered, at less than .1 m/s
    arrived: int
    unfinished: int


class Town:
    """The SUMO files of a case, ready to run.

    Parameters
    ----------
    case
        The case of the files.
    network, routes, additional
        What SUMO reads.
    """

    def __init__(self, case: RoadCase, network: Path, routes: list[Path], additional: list[Path]) -> None:
        self.case, self.network, self.routes, self.additional = case, network, routes, additional

    def run(self, seed: int, output: Path, world: Any = None) -> Outcome:
        """The period of the case once, its signals by the programme of the file, or by the learners of a world.

        Parameters
        ----------
        seed
            Of SUMO.
        output
            Where SUMO writes its account of trips.
        world
            A traffic world on the case, frozen; it is left at another tick and with other counts.
        """
        sumo = self.start(seed, output)
        try:
            hand = None if world is None else Hand(world, sumo)
            for second in range(self.seconds):
                if hand is not None:
                    hand.look(second)
                    hand.move()
                sumo.simulationStep()
        finally:
            sumo.close()
        return _outcome(output)

    @property
    def seconds(self) -> int:
        """Length of the period of the case."""
        return round(self.case.about.period_s)

    def start(self, seed: int, output: Path | None = None) -> Any:
        """SUMO with these files, at the beginning of the period; `output` is where its account of trips goes.

        Raises
        ------
        ScenarioError
            Where SUMO runs already in this process, for it has room for one, or cannot read its files.
        """
        import libsumo  # an extra

        if libsumo.isLoaded():
            raise ScenarioError("SUMO runs in this process already, which has room for one; close() it first")
        given: dict[str, Any] = {
            "net-file": self.network, "route-files": ",".join(map(str, self.routes)),
            "begin": self.case.about.start_s, "seed": seed, "no-step-log": "true", "no-warnings": "true",
            "ignore-route-errors": "true",
        }  # fmt: skip
        if output is not None:
            given |= {"tripinfo-output": output} | dict.fromkeys(
                ("tripinfo-output.write-unfinished", "tripinfo-output.write-undeparted"), "true"
            )
        if self.additional:
            given["additional-files"] = ",".join(map(str, self.additional))
        try:
            libsumo.start(["sumo", *(str(part) for name, value in given.items() for part in (f"--{name}", value))])
        except libsumo.TraCIException as error:
            raise ScenarioError(f"{self.network}: SUMO cannot run this ({error}); run it with SUMO itself") from None
        return libsumo


def _outcome(path: Path) -> Outcome:
    delay, waiting, arrived, number = 0.0, 0.0, 0, 0
    for trip in ET.parse(path).getroot().iter("tripinfo"):
        number += 1
        delay += float(trip.get("timeLoss", 0.0)) + max(float(trip.get("departDelay", 0.0)), 0.0)
        waiting += float(trip.get("waitingTime", 0.0))
        arrived += float(trip.get("arrival", -1.0)) >= 0
    return Outcome(delay / max(number, 1), waiting / max(number, 1), arrived, number - arrived)


@entry
def move_signals(world, turn):
    """The part of a tick in which signals do what was decided."""
    block, tick = turn.block[0], turn.tick[0]
    decide_signals(world, turn, block, tick)
    for i in range(turn.deciding.size):
        turn_green(world, i, block, tick)


class Hand:
    """The signals of a world at the lights of a running SUMO."""

    def __init__(self, world: Any, sumo: Any) -> None:
        self.world, self.sumo = world, sumo
        net = world.network
        self.links = {name: link for link, name in enumerate(net.links)}
        self.lanes = np.searchsorted(net.lane_link, np.arange(len(net.links)))  # the first of each link
        self.turns = {
            (int(link), int(target)): turn
            for turn, (link, target) in enumerate(zip(net.turn_link, net.target, strict=True))
        }
        self.green = np.zeros((net.phases.sum(), net.target.size))
        self.green[net.green[:, 0], net.green[:, 1]] = 1.0
        self.right = np.full(self.green.shape, "r")
        self.right[net.green[:, 0], net.green[:, 1]] = np.array(["r", "g", "G"])[net.green[:, 2]]
        self.yellow_s = _yellows(world.case)
        self.lights = [self._light(name) for name in net.signals]
        self._begin()
        self.entered: dict[str, tuple[int, int]] = {}
        self.ways: dict[str, tuple[str, ...]] = {}

    def _begin(self) -> None:
        """Signals as they are at tick 0."""
        state = self.world.state
        for array in (state.phase, state.candidate, state.green_at, state.green_since, state.last_green):
            array[:] = 0
        state.next_phase[:] = -1
        state.next_due[:] = state.derived.timing[0, MIN_GREEN]

    def _light(self, name: str) -> list[list[int]]:
        """Turns that each link of a SUMO signal belongs to."""
        found = []
        for ways in self.sumo.trafficlight.getControlledLinks(name):
            pairs = [(way[0].rpartition("_")[0], way[1].rpartition("_")[0]) for way in ways]
            numbers = [(self.links.get(a, -1), self.links.get(b, -1)) for a, b in pairs]
            found.append([self.turns[pair] for pair in numbers if pair in self.turns])
        return found

    def look(self, second: int) -> None:
        """Count what there is to see, and find out who is due."""
        self.world.turn.tick[0] = second
        self._see(second)
        self.world.loop.begin()

    def move(self, actions: np.ndarray | None = None) -> None:
        """Decide, by the learners of the world or as told (A,), and set the lights."""
        world, second = self.world, int(self.world.turn.tick[0])
        world.loop.decide(actions)
        move_signals(world.state, world.turn)
        for i, name in enumerate(world.network.signals):
            self.sumo.trafficlight.setRedYellowGreenState(name, self._letters(i, second))

    def _letters(self, i: int, second: int) -> str:
        state, first = self.world.state, int(self.world.network.first_phase[i])
        now, ahead = first + int(state.phase[i]), int(state.next_phase[i])
        right = self.right[now]
        if ahead >= 0:
            changed = second - (int(state.green_at[i]) - int(self.world.state.derived.lost_s[0, now]))
            ends = "y" if changed < self.yellow_s[now] else "r"
            right = np.where((right != "r") & (self.right[first + ahead] == "r"), ends, right)
            right = np.where(self.right[now] == "r", "r", right)
        return "".join(max((right[turn] for turn in turns), key="ryGg".index, default="r") for turns in self.lights[i])

    def _see(self, second: int) -> None:
        """Write the counts of this second."""
        net, vehicle = self.world.network, self.sumo.vehicle
        seen = []
        for name in vehicle.getIDList():
            if name not in self.ways:
                self.ways[name] = vehicle.getRoute(name)
            way, place = self.ways[name], vehicle.getRouteIndex(name)
            if vehicle.getRoadID(name).startswith(":"):  # across a junction: on the link after it
                place += 1
            link = self.links.get(way[place], -1)
            after = self.links.get(way[place + 1], -1) if place + 1 < len(way) else -1
            turn = self.turns.get((link, after), -1)
            if turn < 0:
                continue
            if self.entered.get(name, (-1, 0))[0] != link:
                self.entered[name] = (link, second)
            ready = self.entered[name][1] + net.lag_s[link]
            first = net.first_lane[turn]  # those of its turn are the only lanes that it can leave from
            lane = min(max(self.lanes[link] + vehicle.getLaneIndex(name), first), first + net.turn_lanes[turn] - 1)
            stands = ready < second or vehicle.getSpeed(name) < HALTS_M_PER_S
            seen.append((link, turn, lane, stands, not stands and ready <= second + LOOK_AHEAD_S))
        self._count(*np.array(seen, np.int64).reshape(-1, 5).T)

    def _count(self, link: Any, turn: Any, lane: Any, stands: Any, comes: Any) -> None:
        """Write what was seen of each vehicle (n,) into the counts of the world."""
        net, state = self.world.network, self.world.state
        links, turns, lanes = len(net.links), net.target.size, net.lane_link.size
        state.on_link[:] = np.bincount(link, minlength=links)
        state.link_standing[:] = np.bincount(link, stands, links)
        state.standing[:], state.coming[:] = np.bincount(lane, stands, lanes), np.bincount(lane, comes, lanes)
        for counts, chosen in (("phase_on_link", None), ("phase_standing", stands), ("phase_coming", comes)):
            getattr(state, counts)[:] = self.green @ np.bincount(turn, chosen, turns)
        state.queue_veh[:] = np.bincount(net.junction[link], stands, len(net.junctions))


def _yellows(case: RoadCase) -> np.ndarray:
    """Seconds (H,) of yellow after each phase, in the order of the network."""
    order = {name: i for i, name in enumerate(dict.fromkeys(case.nodes.signal[case.nodes.control == "signal"]))}
    table = case.phases.assign(number=case.phases.signal.map(order)).sort_values(["number", "phase"])
    return np.array(table.yellow_s, float)
