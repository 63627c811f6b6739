"""Roads as tables: links, lanes, turns, signals and the phases that serve them.

A **link** leads traffic in one direction to a **junction**. A **turn** leads from a link to the next one, or out of the
network, and may be taken from some neighbouring **lanes** of its link. A **phase** of a signal is a set of turns that
have green: protected, or permitted, which yield to the turns that go first. At junctions without a signal turns yield
likewise, or go in order of arrival. `crossings.py` makes such a network from a graph, `road_case.py` from a case.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from models.traffic.state import EXIT
from scenarios import ScenarioError
from scenarios.schema import suggestion

RED, PERMITTED, PROTECTED = 0, 1, 2
GAPS, FIRST_COME = 0, 1  # how turns that yield at a junction without a signal find their time


class Network(NamedTuple):
    """Road network; A signals, J junctions (the signals first), L links, K lanes, U turns, G gates, H phases."""

    junctions: list[str]  # names (J,), the signals first
    links: list[str]  # names (L,), such as "A1-A2" from A1 to A2, or "A1.N" for the gate north of A1
    road: np.ndarray  # (L,) int64, number of the road, of one or two links, that is closed as one; -1 at gates
    start: np.ndarray  # (L,) int64, junction at which a link begins, -1 at the edge of the map
    junction: np.ndarray  # (L,) int64, junction at its end
    side: np.ndarray  # (L,) int64, from which it arrives: 0 north, 1 east, 2 south, 3 west
    length_m: np.ndarray  # (L,) float64
    lag_s: np.ndarray  # (L,) int64, free-flow time
    wave_s: np.ndarray  # (L,) int64, time until the space of a leaving vehicle reaches the upstream end
    storage_veh: np.ndarray  # (L,) int64, vehicles that fit on it
    lane_link: np.ndarray  # (K,) int64
    turn_link: np.ndarray  # (U,) int64; the turns of a link follow each other
    target: np.ndarray  # (U,) int64, link or EXIT
    direction: np.ndarray  # (U,) int64: LEFT, THROUGH, RIGHT or BACK
    destination: np.ndarray  # (U,) int64, number of the destination where vehicles leave, -1 elsewhere
    first_lane: np.ndarray  # (U,) int64, lanes that a turn may be taken from follow each other
    turn_lanes: np.ndarray  # (U,) int64, their number
    headway_s: np.ndarray  # (U,) float64, saturation headway of one lane; nan for that of the parameters
    share: np.ndarray  # (U,) float64, of the vehicles without destination; nan for that of the parameters
    destinations: list[str]  # names (D,)
    gate_link: np.ndarray  # (G,) int64
    phases: np.ndarray  # (A,) int64, number of phases of a signal
    green: np.ndarray  # (n, 3) int64: phase of the network (H), turn, PERMITTED or PROTECTED; ordered by phase
    phase_names: list[str]  # (H,)
    plan_s: np.ndarray  # (H,) int64, programme of the case, losses included; zeros for Webster's
    offset_s: np.ndarray  # (A,) int64, when that programme starts
    lost_s: np.ndarray  # (H,) int64, yellow and all-red after a phase, -1 for the parameter
    yields: np.ndarray  # (n, 2) int64: turn, turn that goes first; ordered by turn
    control: np.ndarray  # (J,) int64: GAPS or FIRST_COME
    # to draw it: metres, y down
    lines: list[np.ndarray]  # (L,) of (n, 2) float64, the middle of each link from its start to its end
    aside_m: np.ndarray  # (K,) float64, how far each lane is to the right of that
    spots: np.ndarray  # (A, 2) float64, of the signals
    size: np.ndarray  # (2,) float64

    @property
    def signals(self) -> list[str]:
        """Names (A,) of the signals."""
        return self.junctions[: self.phases.size]

    @property
    def first_phase(self) -> np.ndarray:
        """First phase (A + 1,) of each signal."""
        return starts(self.phases)

    @property
    def first_turn(self) -> np.ndarray:
        """First turn (L + 1,) of each link."""
        return starts(np.bincount(self.turn_link, minlength=len(self.links)))


def whole_s(length_m: np.ndarray, speed_m_per_s: np.ndarray | float) -> np.ndarray:
    """Time (L,) for some lengths, whole seconds, one at least."""
    return np.maximum(np.rint(length_m / speed_m_per_s), 1).astype(np.int64)


def starts(numbers: np.ndarray) -> np.ndarray:
    """Where each of some stretches begins that have so many entries, and the end (n + 1,)."""
    return np.concatenate(([0], np.cumsum(numbers))).astype(np.int64)


def table(rows: np.ndarray, values: np.ndarray, number: int) -> np.ndarray:
    """Values by row (number, longest + 1), in the order given, and -1 after the last."""
    order, lengths = np.argsort(rows, kind="stable"), np.bincount(rows, minlength=number)
    found = np.full((number, int(lengths.max(initial=0)) + 1), -1, np.int32)
    found[rows[order], np.arange(rows.size) - starts(lengths)[rows[order]]] = values[order]
    return found


def close(network: Network, roads: tuple[str, ...], where: str) -> np.ndarray:
    """Which links are closed, (L,) bool; `roads` are links such as "B2-B3", each with its way back.

    Raises
    ------
    ScenarioError
        For a road that is not there, or that can be read in two ways.
    """
    closed = np.zeros(len(network.links), bool)
    by_name: dict[str, set[int]] = {}
    for name, road in zip(network.links, network.road.tolist(), strict=True):
        if road >= 0:
            by_name.setdefault(name, set()).add(road)
    for name in roads:
        if name not in by_name:
            shown = ", ".join(sorted({min(names) for names in road_names(network)})[:12])
            what = f'there is no road "{name}"; there are {shown}, ...{suggestion(name, list(by_name))}'
            raise ScenarioError(f"{where}: closed_links: {what}")
        if len(by_name[name]) > 1:
            links = [link for link, other in enumerate(network.links) if other == name]
            ends = [(network.start[link], network.junction[link]) for link in links]
            ways = " or ".join(sorted(f"{network.junctions[a]} to {network.junctions[b]}" for a, b in ends))
            remedy = "rename one of these places in the file"
            raise ScenarioError(f'{where}: closed_links: "{name}" can mean {ways}; {remedy}')
        closed |= np.isin(network.road, list(by_name[name]))
    return closed


def road_names(network: Network) -> list[list[str]]:
    """Names of the links of every road that can be closed, first of the one that begins at the junction named first."""
    names: list[list[str]] = [[] for _ in range(network.road.max(initial=-1) + 1)]
    for link in np.argsort(network.start, kind="stable"):
        if network.road[link] >= 0:
            names[network.road[link]].append(network.links[link])
    return names


def open_turns(network: Network, closed: np.ndarray, where: str, roads_first: bool = False) -> np.ndarray:
    """Turn (U,) whose way each turn takes: its own, or another one of its link where that is closed.

    Those who queue for a closed road go on straight, else right, else left; with `roads_first` they do not leave the
    network while there is another way.

    Raises
    ------
    ScenarioError
        Where traffic has nowhere to go.
    """
    ways = np.arange(network.target.size)
    barred = (network.target >= 0) & closed[np.maximum(network.target, 0)]
    for link, (first, last) in enumerate(pairwise(network.first_turn)):
        if not barred[first:last].any() and first < last:
            continue
        left = [turn for turn in range(first, last) if not barred[turn]]
        if not left:
            what = f"traffic on {network.links[link]} has nowhere to go"
            raise ScenarioError(f"{where}: {what}; open a road or add a gate at its end")
        left.sort(key=lambda turn: (roads_first and network.target[turn] == EXIT, PREFERENCE[network.direction[turn]]))
        ways[first:last] = np.where(barred[first:last], left[0], ways[first:last])
    return ways


PREFERENCE = (2, 0, 1, 3)  # of left, through, right and back


def turn_shares(network: Network, closed: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Shares (U,) of the turns of each link, of those that are open; equal ones where all the others are zero."""
    usable = ~((network.target >= 0) & closed[np.maximum(network.target, 0)])
    links = len(network.links)
    share = np.where(usable, share, 0.0)
    total = np.bincount(network.turn_link, share, links)[network.turn_link]
    even = usable / np.maximum(np.bincount(network.turn_link, usable, links), 1)[network.turn_link]
    return np.where(total > 0, share / np.where(total > 0, total, 1.0), even)


def cumulated(network: Network, share: np.ndarray) -> np.ndarray:
    """Bounds (U,): a draw below a turn's, and not below the one before, takes it; the last of a link takes the rest."""
    below = np.concatenate([np.cumsum(share[first:last]) for first, last in pairwise(network.first_turn)])
    below[network.first_turn[1:] - 1] = 2.0
    return below
