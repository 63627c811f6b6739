"""From a networkx graph to a road network of crossings with four sides, all with signals.

Every neighbour of a node takes one of its four sides, the one nearest in direction; a node has four at most. A free
side is a gate, where traffic enters and leaves, unless the node attribute `gates` (text, some of "NESW") says
otherwise. Each approach has a lane for each of left, through and right, or one for all where lanes are shared. Phases
are north-south through and right, north-south left, east-west through and right, east-west left. Attributes read from
a GraphML file, all optional: node `name`, `x`, `y` (drawing plane, y down), `gates`; edge `length_m` (else the
parameter `link_length_m`). Roads go both ways; files with other roads are refused.
"""

from typing import Any

import networkx as nx
import numpy as np
from scipy.optimize import linear_sum_assignment

from models.traffic.network import GAPS, PROTECTED, Network, whole_s
from models.traffic.state import EXIT, LEFT, RIGHT, THROUGH
from scenarios import ScenarioError
from scenarios.traffic.parameters import SPACE_M, Parameters

SIDES = "NESW"
LONGEST_M = 10_000
DIRECTIONS = np.array([[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
MIDDLE_M, LANE_M = 6.0, 3.0  # as drawn: from the middle of a road to its middle lane, and from lane to lane
CROSSING_M = 13.0  # from the middle of a crossing to the stop line
REACH = 0.7  # of a road that leads out of the picture
PHASES = ["north–south", "north–south left", "east–west", "east–west left"]


def build(graph: nx.Graph, p: Parameters, where: str) -> Network:
    """The road network of a graph (raises ScenarioError; `where` opens the message)."""
    names = [graph.nodes[i]["name"] for i in graph]
    side = {(i, j): a for i in graph for j, a in _sides(graph, i, where).items()}
    neighbour = {(i, a): j for (i, j), a in side.items()}
    gates = {(i, a) for i in graph for a in _gates(graph.nodes[i], [(i, a) in neighbour for a in range(4)], where)}
    if not gates:
        raise ScenarioError(f"{where}: no road enters the network; leave a side of some node free, or name its gates")
    places = sorted({*neighbour, *gates})
    number = {place: link for link, place in enumerate(places)}
    start = np.array([neighbour.get(place, -1) for place in places])
    length = np.array([
        _length(graph.edges[i, neighbour[i, a]], p.link_length_m, where) if (i, a) in neighbour else p.link_length_m
        for i, a in places
    ])  # fmt: skip
    exits = {gate: n for n, gate in enumerate(sorted(gates))}
    turns = [turn for place in places for turn in _turns(place, neighbour, side, number, exits)]
    turn_link, target, direction, destination = np.array(turns).reshape(-1, 4).T.copy()
    lane = turn_link if p.shared_lanes else np.arange(len(turns))
    here, from_side = np.array(places).T
    phase = 4 * here[turn_link] + 2 * (from_side[turn_link] % 2) + (direction == LEFT)
    order = np.argsort(phase, kind="stable")
    spots = _spots(graph, p.link_length_m)
    roads = sorted({tuple(sorted((i, j))) for (i, _), j in neighbour.items()})
    return Network(
        junctions=names,
        links=[
            f"{names[neighbour[i, a]]}-{names[i]}" if (i, a) in neighbour else f"{names[i]}.{SIDES[a]}"
            for i, a in places
        ],
        road=np.array([
            roads.index(tuple(sorted((i, neighbour[i, a])))) if (i, a) in neighbour else -1 for i, a in places
        ]),
        start=start,
        junction=here.copy(),
        side=from_side.copy(),
        length_m=length,
        lag_s=whole_s(length, p.free_speed_m_per_s),
        wave_s=whole_s(length, p.wave_speed_m_per_s),
        storage_veh=np.maximum(np.rint(p.lanes * length / SPACE_M), 1).astype(np.int64),
        lane_link=np.arange(len(places)) if p.shared_lanes else turn_link,
        turn_link=turn_link,
        target=target,
        direction=direction,
        destination=destination,
        first_lane=lane,
        turn_lanes=np.ones(len(turns), np.int64),
        headway_s=np.full(len(turns), np.nan),
        share=np.full(len(turns), np.nan),
        destinations=[f"{names[i]}.{SIDES[a]}" for i, a in exits],
        gate_link=np.array([number[gate] for gate in exits]),
        phases=np.full(len(names), 4),
        green=np.stack((phase, np.arange(len(turns)), np.full(len(turns), PROTECTED)), axis=1)[order],
        phase_names=PHASES * len(names),
        plan_s=np.zeros(4 * len(names), np.int64),
        offset_s=np.zeros(len(names), np.int64),
        lost_s=np.full(4 * len(names), -1),
        yields=np.zeros((0, 2), np.int64),
        control=np.full(len(names), GAPS),
        lines=[_line(spots, place, int(up), p.link_length_m) for place, up in zip(places, start, strict=True)],
        aside_m=np.zeros(len(places)) if p.shared_lanes else LANE_M * (direction - THROUGH),
        spots=spots,
        size=spots.max(axis=0) + REACH * p.link_length_m,
    )  # fmt: skip


def _spots(graph: nx.Graph, length_m: float) -> np.ndarray:
    """Places (A, 2) of the signals in metres: a road as long as most is drawn to scale."""
    spots = np.array([[data["x"], data["y"]] for _, data in graph.nodes(data=True)])
    near = [np.linalg.norm(spots[i] - spots[j]) for i, j in graph.edges]
    scale = length_m / (float(np.median(near)) if near else 1.0)
    placed: np.ndarray = (spots - spots.min(axis=0)) * scale + REACH * length_m
    return placed


def _line(spots: np.ndarray, place: tuple[int, int], upstream: int, length_m: float) -> np.ndarray:
    """Start and end (2, 2) of the middle lane of an approach, on the right-hand side of its road."""
    here = spots[place[0]]
    start = spots[upstream] if upstream >= 0 else here + DIRECTIONS[place[1]] * REACH * length_m
    along = (here - start) / np.linalg.norm(here - start)
    right = np.array([-along[1], along[0]]) * MIDDLE_M
    gap = CROSSING_M if upstream >= 0 else 0.0
    return np.array([start + right + along * gap, here + right - along * CROSSING_M])


Place = tuple[int, int]  # a node, and one of its sides


def _turns(
    place: Place,
    neighbour: dict[Place, int],
    side: dict[tuple[int, int], int],
    number: dict[Place, int],
    exits: dict[Place, int],
) -> list[tuple[int, int, int, int]]:
    """Link, target, direction and destination of the turns from one side of a node."""
    node, found = place[0], []
    for direction in (LEFT, THROUGH, RIGHT):
        out = (node, (place[1] + 1 + direction) % 4)
        if out in neighbour:
            found.append((number[place], number[neighbour[out], side[neighbour[out], node]], direction, -1))
        elif out in exits:
            found.append((number[place], EXIT, direction, exits[out]))
    return found


def _sides(graph: nx.Graph, i: int, where: str) -> dict[int, int]:
    """Side of node i that each neighbour takes."""
    others = sorted(graph[i])
    if len(others) > 4:
        name = graph.nodes[i]["name"]
        raise ScenarioError(f"{where}: {name} has {len(others)} roads; a crossing has four sides. Take a sparser graph")
    here = np.array([graph.nodes[i]["x"], graph.nodes[i]["y"]])
    away = np.array([[graph.nodes[j]["x"], graph.nodes[j]["y"]] for j in others]).reshape(-1, 2) - here
    length = np.linalg.norm(away, axis=1, keepdims=True)
    _, sides = linear_sum_assignment(-(away / np.where(length > 0, length, 1.0)) @ DIRECTIONS.T)
    return dict(zip(others, sides.tolist(), strict=True))


def _length(edge: dict[str, Any], default: float, where: str) -> float:
    try:
        length = float(edge.get("length_m", default))
    except ValueError:
        length = 0.0
    if not 30 <= length <= LONGEST_M:
        raise ScenarioError(f"{where}: length_m = {edge['length_m']!r} of an edge; a road has 30 to {LONGEST_M} m")
    return length


def _gates(node: dict[str, Any], taken: list[bool], where: str) -> list[int]:
    free = [a for a in range(4) if not taken[a]]
    if "gates" not in node:
        return free
    wanted = [SIDES.find(letter) for letter in str(node["gates"])]
    if not set(wanted) <= set(free):
        allowed = "".join(SIDES[a] for a in free)
        raise ScenarioError(f'{where}: gates = {node["gates"]!r} of {node["name"]}; its free sides are "{allowed}"')
    return sorted(set(wanted))
