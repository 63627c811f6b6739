"""From a road case, a folder of tables, to the network that vehicles drive on.

Links that end at the edge of the map, or where trips end, have a turn that leads out of the network, from any lane and
in every phase. A link holds as many vehicles as stand on it, and as many as it needs to carry the saturation flow of
its lanes, however short it is. What `yields_to` says counts for permitted turns of a signal and at junctions without
one; at junctions of control "none" nobody yields.
"""

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from models.networks.roads.case import RoadCase
from models.traffic.network import FIRST_COME, GAPS, PERMITTED, PROTECTED, Network, starts, whole_s
from models.traffic.state import BACK, EXIT, LEFT, RIGHT, THROUGH
from scenarios import ScenarioError
from scenarios.schema import suggestion
from scenarios.traffic.parameters import CASES, Parameters

DIRECTION = {"left": LEFT, "through": THROUGH, "right": RIGHT, "back": BACK}
LANE_M, MARGIN = 3.2, 0.05  # width of a lane; space around the network, as a share of its size


FOLDER = Path(__file__).resolve().parent / "cases"


def read(name_or_path: str, where: str) -> RoadCase:
    """A shipped case, or a folder of tables (raises ScenarioError; `where` opens the message)."""
    folder = FOLDER / name_or_path if name_or_path in CASES else Path(name_or_path)
    if not folder.is_dir():
        hint = suggestion(name_or_path, CASES)
        what = f"there is no such folder; allowed are {', '.join(CASES)}, or a folder that `everlearn import` wrote"
        raise ScenarioError(f"{where}: case = {name_or_path!r}: {what}.{hint}")
    return RoadCase.read(folder)


def build(case: RoadCase, p: Parameters, where: str) -> Network:
    """The road network of a case (raises ScenarioError; `where` opens the message)."""
    nodes, links = case.nodes, case.links
    signals = list(dict.fromkeys(nodes.signal[nodes.control == "signal"]))
    if not signals:
        raise ScenarioError(f"{where}: no node has a signal, so there is nobody to learn; give one control = signal")
    others = nodes.node[nodes.control != "signal"].tolist()
    number = {name: j for j, name in enumerate(signals)} | {name: len(signals) + j for j, name in enumerate(others)}
    junction_of = {
        row.node: number[row.signal if row.control == "signal" else row.node] for row in nodes.itertuples(index=False)
    }
    control = np.full(len(number), GAPS)
    control[[junction_of[node] for node in nodes.node[nodes.control == "all_way"]]] = FIRST_COME
    start, junction = (np.array([junction_of[node] for node in links[end]]) for end in ("from_node", "to_node"))
    lines, size, spots = _drawing(case, signals)
    turns = _turns(case)
    lanes, length = np.array(links.lanes, np.int64), np.array(links.length_m, float)
    first_lane = starts(lanes)
    lag, wave = whole_s(length, np.array(links.free_speed_m_per_s, float)), whole_s(length, p.wave_speed_m_per_s)
    standing = np.rint(lanes * length / case.about.space_per_vehicle_m)
    carrying = np.ceil(lanes * (lag + wave) / p.saturation_headway_s)
    gates = sorted({*case.demand.from_link, *case.trips.from_link}, key=links.link.tolist().index)
    gate_link = np.array([links.link.tolist().index(link) for link in gates], np.int64)
    phases = case.phases.groupby("signal", sort=False).size()
    return Network(
        junctions=[*signals, *others],
        links=links.link.tolist(),
        road=_roads(case, set(gates)),
        start=start,
        junction=junction,
        side=np.array([_side(line) for line in lines]),
        length_m=length,
        lag_s=lag,
        wave_s=wave,
        storage_veh=np.maximum(standing, carrying).astype(np.int64),
        lane_link=np.repeat(np.arange(len(links)), lanes),
        turn_link=np.array(turns.link, np.int64),
        target=np.array(turns.target, np.int64),
        direction=np.array(turns.direction.map(DIRECTION), np.int64),
        destination=np.array(turns.destination, np.int64),
        first_lane=first_lane[turns.link] + np.array(turns.first_lane, np.int64),
        turn_lanes=np.array(turns.last_lane - turns.first_lane + 1, np.int64),
        headway_s=np.array(turns.saturation_headway_s, float),
        share=np.array(turns.share, float),
        destinations=links.link[turns.link[turns.destination >= 0]].tolist(),
        gate_link=gate_link,
        phases=np.array(phases.reindex(signals), np.int64),
        **_greens(case, turns, signals, junction),
        yields=_yields(case, turns),
        control=control,
        lines=lines,
        aside_m=_aside(case, lanes),
        spots=spots,
        size=size,
    )


def _turns(case: RoadCase) -> pd.DataFrame:
    """Turns by link, those out of the network last, with `link`, `target` and `destination` as numbers."""
    number = {link: n for n, link in enumerate(case.links.link)}
    turns = case.turns.assign(
        link=case.turns.from_link.map(number), target=case.turns.to_link.map(number), destination=-1
    )
    ends = {*case.demand.to_link[case.demand.to_link != ""], *case.trips.to_link}
    out = [link for link in case.links.link if link in ends or link not in set(case.turns.from_link)]
    leaving = pd.DataFrame({"from_link": out, "link": [number[link] for link in out]}).assign(
        turn="", direction="through", first_lane=0, last_lane=case.links.lanes.to_numpy()[[number[o] for o in out]] - 1,
        green="", yields_to="", saturation_headway_s=np.nan, target=EXIT, destination=np.arange(len(out)),
        share=[np.nan if link not in set(case.turns.from_link) else 0.0 for link in out],
    )  # fmt: skip
    both = pd.concat((turns, leaving), ignore_index=True)
    return both.sort_values("link", kind="stable", ignore_index=True).astype({"link": np.int64, "target": np.int64})


def _greens(case: RoadCase, turns: pd.DataFrame, signals: list[str], junction: np.ndarray) -> dict[str, Any]:
    """Phases in the order of the signals: who has green, names, and the programme of the case."""
    table = case.phases.set_index(case.phases.signal.map({name: i for i, name in enumerate(signals)}))
    table = table.sort_values("phase").sort_index(kind="stable")
    first = starts(np.bincount(table.index, minlength=len(signals)))
    rows = []
    for turn, (link, letters, out) in enumerate(zip(turns.link, turns.green, turns.target == EXIT, strict=True)):
        signal = junction[link]
        if signal >= len(signals):
            continue
        for phase in range(first[signal], first[signal + 1]):
            letter = "G" if out else letters[phase - first[signal]]
            if letter in "Gg":
                rows.append((phase, turn, PROTECTED if letter == "G" else PERMITTED))
    lost = np.array((table.yellow_s + table.all_red_s).round(), np.int64)
    green = np.array(sorted(rows), np.int64)
    return {
        "green": green,
        "phase_names": [_phase_name(case, turns, green, phase) for phase in range(len(table))],
        "plan_s": np.maximum(np.array(table.green_s.round(), np.int64), 1) + lost,
        "offset_s": np.array((table.groupby(level=0).offset_s.first() - case.about.start_s).round(), np.int64),
        "lost_s": lost,
    }


def _phase_name(case: RoadCase, turns: pd.DataFrame, green: np.ndarray, phase: int) -> str:
    """The streets and directions that have green in a phase."""
    served = turns.loc[green[green[:, 0] == phase, 1]]
    served = served[served.target != EXIT]
    names = case.links.name.where(case.links.name != "", case.links.link).to_numpy()[served.link.to_numpy()]
    by_street: dict[str, set[str]] = {}
    for name, direction in zip(names, served.direction, strict=True):
        by_street.setdefault(name, set()).add(direction)
    said = [name + (" left" if ways == {"left"} else "") for name, ways in by_street.items()]
    return " + ".join(said[:3]) + (" …" if len(said) > 3 else "")


def _yields(case: RoadCase, turns: pd.DataFrame) -> np.ndarray:
    """Turn and turn that goes first (n, 2), where there is a signal or somebody yields."""
    number = {name: turn for turn, name in enumerate(turns.turn) if name}
    free = set(case.nodes.node[case.nodes.control == "none"])
    ends = case.links.to_node.to_numpy()
    rows = [
        (turn, number[other])
        for turn, (link, others) in enumerate(zip(turns.link, turns.yields_to, strict=True))
        if ends[link] not in free
        for other in others.split()
    ]
    return np.array(rows, np.int64).reshape(-1, 2)


def _roads(case: RoadCase, gates: set[str]) -> np.ndarray:
    """Number (L,) of the road of each link: with its way back where there is just one each way; -1 at gates."""
    ends = list(zip(case.links.from_node, case.links.to_node, strict=True))
    often = pd.Series(ends).value_counts().to_dict()
    road = np.full(len(ends), -1)
    numbers: dict[object, int] = {}
    for link, (name, (a, b)) in enumerate(zip(case.links.link, ends, strict=True)):
        if name not in gates:
            paired = often[a, b] == 1 and often.get((b, a)) == 1
            road[link] = numbers.setdefault(frozenset((a, b)) if paired else name, len(numbers))
    return road


def _drawing(case: RoadCase, signals: list[str]) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Lines of the links, size of the picture, and places of the signals; metres, y down."""
    spot = dict(zip(case.nodes.node, case.nodes[["x_m", "y_m"]].to_numpy(float), strict=True))
    lines = [
        np.array([point.split() for point in row.shape.split(";")], float)
        if row.shape
        else np.array([spot[row.from_node], spot[row.to_node]])
        for row in case.links.itertuples(index=False)
    ]
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = max(MARGIN * float((high - low).max()), 10.0)

    def placed(xy: np.ndarray) -> np.ndarray:
        return np.stack((xy[:, 0] - low[0], high[1] - xy[:, 1]), axis=1) + margin

    members = case.nodes[case.nodes.control == "signal"].groupby("signal", sort=False)[["x_m", "y_m"]].mean()
    return [placed(line) for line in lines], high - low + 2 * margin, placed(members.loc[signals].to_numpy(float))


def _side(line: np.ndarray) -> int:
    """Side from which a link arrives: 0 north, 1 east, 2 south, 3 west; y down."""
    dx, dy = line[-1] - line[-2]
    if abs(dy) >= abs(dx):
        return 0 if dy > 0 else 2
    return 1 if dx < 0 else 3


def _aside(case: RoadCase, lanes: np.ndarray) -> np.ndarray:
    """How far (K,) each lane is to the right of its link's line: both ways of a road share one line."""
    ends = set(zip(case.links.from_node, case.links.to_node, strict=True))
    aside = []
    for number, a, b in zip(lanes, case.links.from_node, case.links.to_node, strict=True):
        middle = number / 2 if (b, a) in ends else 0.0
        side = 1 if case.about.drives_on == "right" else -1
        aside += [side * LANE_M * (middle + (number - 1) / 2 - k) for k in range(number)]
    return np.array(aside)


def graph(network: Network) -> nx.Graph:
    """The signals, and which of them are next to each other: no other signal is on the way."""
    roads = nx.DiGraph(list(zip(network.start.tolist(), network.junction.tolist(), strict=True)))
    found = nx.Graph()
    for i, (name, (x, y)) in enumerate(zip(network.signals, network.spots.tolist(), strict=True)):
        found.add_node(i, name=name, x=x, y=y)
    for i in range(len(network.signals)):
        reached, front = {i}, [i]
        while front:
            for j in roads.successors(front.pop()) if roads.has_node(i) else ():
                if j in reached:
                    continue
                reached.add(j)
                if j < len(network.signals):
                    found.add_edge(i, j)
                else:
                    front.append(j)
    return found
