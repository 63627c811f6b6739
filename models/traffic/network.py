"""From a networkx graph to links, movements and gates.

Every neighbour of a node takes one of its four sides, the one nearest in direction; a node has four at most. A free
side is a gate, where traffic enters and leaves, unless the node attribute `gates` (text, some of "NESW") says
otherwise. Attributes read from a GraphML file, all optional: node `name`, `x`, `y` (drawing plane, y down), `gates`;
edge `length_m` (else the parameter `link_length_m`). Roads go both ways; files with other roads are refused.
"""

from typing import NamedTuple

import networkx as nx
import numpy as np
from scipy.optimize import linear_sum_assignment

from models.networks import topology
from models.traffic.state import EXIT, NOWHERE
from scenarios import ScenarioError
from scenarios.schema import suggestion

SIDES = "NESW"
LONGEST_M = 10_000
DIRECTIONS = np.array([[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])


class Network(NamedTuple):
    """Roads as the kernels need them; A signals, L = 4 A approach links, G gates."""

    names: list[str]
    upstream: np.ndarray  # (L,) signal at the other end, -1 where there is no road between signals
    target: np.ndarray  # (3 L,) link, EXIT or NOWHERE
    gate_link: np.ndarray  # (G,)
    length_m: np.ndarray  # (L,)

    def link_name(self, link: int) -> str:
        """Name of a link: "A1-A2" for the road from A1 to A2, "A1.N" for the gate north of A1."""
        here, there = self.names[link // 4], self.upstream[link]
        return f"{self.names[there]}-{here}" if there >= 0 else f"{here}.{SIDES[link % 4]}"


def build(graph: nx.Graph, length_m: float, where: str) -> Network:
    """Sides, links, movements and gates of a road graph (raises ScenarioError; `where` opens the message)."""
    nodes = len(graph)
    side = {(i, j): a for i in graph for j, a in _sides(graph, i, where).items()}
    upstream, lengths = np.full(4 * nodes, -1), np.full(4 * nodes, float(length_m))
    for (i, j), a in side.items():
        upstream[4 * i + a] = j
        lengths[4 * i + a] = _length(graph.edges[i, j], length_m, where)
    gates = [4 * i + a for i in graph for a in _gates(graph.nodes[i], upstream[4 * i : 4 * i + 4], where)]
    target = np.full(12 * nodes, NOWHERE)
    for i in graph:
        for a in range(4):
            for movement in range(3):
                out = (a + 1 + movement) % 4
                j = upstream[4 * i + out]
                if j >= 0:
                    target[3 * (4 * i + a) + movement] = 4 * j + side[j, i]
                elif 4 * i + out in gates:
                    target[3 * (4 * i + a) + movement] = EXIT
    if not gates:
        raise ScenarioError(f"{where}: no road enters the network; leave a side of some node free, or name its gates")
    return Network([graph.nodes[i]["name"] for i in graph], upstream, target, np.array(gates), lengths)


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


def _length(edge: dict, default: float, where: str) -> float:
    try:
        length = float(edge.get("length_m", default))
    except ValueError:
        length = 0.0
    if not 30 <= length <= LONGEST_M:
        raise ScenarioError(f"{where}: length_m = {edge['length_m']!r} of an edge; a road has 30 to {LONGEST_M} m")
    return length


def _gates(node: dict, upstream: np.ndarray, where: str) -> list[int]:
    free = [a for a in range(4) if upstream[a] < 0]
    if "gates" not in node:
        return free
    wanted = [SIDES.find(letter) for letter in str(node["gates"])]
    if not set(wanted) <= set(free):
        allowed = "".join(SIDES[a] for a in free)
        raise ScenarioError(f'{where}: gates = {node["gates"]!r} of {node["name"]}; its free sides are "{allowed}"')
    return sorted(set(wanted))


def close(network: Network, roads: tuple[str, ...], where: str) -> np.ndarray:
    """Which links are closed, (L,) bool; `roads` are names such as "B2-B3", closed both ways."""
    known = {
        (network.names[network.upstream[link]], network.names[link // 4]): link
        for link in np.flatnonzero(network.upstream >= 0)
    }
    closed = np.zeros(network.upstream.size, bool)
    for road in roads:
        found = topology.ends(road, lambda *ends: ends in known, f"{where}: closed_links")
        if found is None:
            shown = ", ".join([f"{start}-{end}" for start, end in sorted(known) if start < end][:12])
            hint = suggestion(road, ["-".join(ends) for ends in known])
            what = f'there is no road "{road}"; there are {shown}, ...{hint}'
            raise ScenarioError(f"{where}: closed_links: {what}")
        closed[[known[found], known[found[::-1]]]] = True
    return closed


def open_lanes(network: Network, closed: np.ndarray, where: str, roads_first: bool = False) -> np.ndarray:
    """Lane (3 L,) whose way each lane takes: its own, or another open one where that is closed, -1 where none is.

    Those who queue for a closed road go on straight, else right, else left; with `roads_first` they do not leave the
    network while there is another way.
    """
    lanes = np.arange(network.target.size).reshape(-1, 3)
    for link, ways in enumerate(network.target.reshape(-1, 3)):
        barred = [m for m in range(3) if ways[m] >= 0 and closed[ways[m]]]
        left = [m for m in (1, 2, 0) if ways[m] != NOWHERE and m not in barred]
        used = network.upstream[link] >= 0 or link in network.gate_link
        if used and not left:
            name = network.link_name(link)
            raise ScenarioError(f"{where}: traffic on {name} has nowhere to go; open a road or add a gate at its end")
        if roads_first:
            left.sort(key=lambda m: bool(ways[m] == EXIT))
        for m in barred:
            lanes[link, m] = 3 * link + left[0] if left else -1
    return lanes.reshape(-1)


def open_targets(network: Network, lanes: np.ndarray) -> np.ndarray:
    """Where each lane leads, (3 L,), when it takes the way of another one."""
    return np.where(lanes >= 0, network.target[lanes], NOWHERE)


def turn_shares(network: Network, closed: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Shares (L, 3) of left, through and right among the movements that are open; `left`, `right` by link (L,)."""
    shares = np.stack((left, 1.0 - left - right, right), axis=1)
    target = network.target.reshape(-1, 3)
    shares[(target == NOWHERE) | ((target >= 0) & closed[np.maximum(target, 0)])] = 0.0
    total = shares.sum(axis=1, keepdims=True)
    usable = (target != NOWHERE) & ~((target >= 0) & closed[np.maximum(target, 0)])
    even = usable / np.maximum(usable.sum(axis=1, keepdims=True), 1)
    return np.where(total > 0, shares / np.where(total > 0, total, 1.0), even)
