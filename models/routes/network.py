"""Roads, origin-destination pairs and the routes between them, from a named network or a GraphML file.

Links are directed and numbered as they come in the graph; no two of them join the same places the same way (a file in
which two do is refused). A GraphML file may be undirected (all roads both ways). Attributes read, all optional: node
`name`, `x`, `y`; edge `free_min`, `slope_min` and `power` of t = free_min + slope_min x^power, or `free_min`,
`capacity_veh`, `b` and `power` of the Bureau of Public Roads; what is missing comes from the parameters.
"""

import itertools
import math
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from models.networks import assignment, topology
from models.networks.assignment import Roads
from scenarios import ScenarioError
from scenarios.routes.parameters import NETWORKS, Parameters
from scenarios.schema import suggestion

PLACES = {
    "braess": {"Home": (0.0, 0.5), "North": (0.5, 0.0), "South": (0.5, 1.0), "Work": (1.0, 0.5)},
    "pigou": {"Home": (0.0, 0.5), "Bypass": (0.5, 0.0), "Bridge": (0.5, 1.0), "Work": (1.0, 0.5)},
}
ROADS = {  # free time in min, and minutes that each vehicle adds
    "braess": {
        ("Home", "North"): (0.0, 0.01), ("Home", "South"): (45.0, 0.0), ("North", "Work"): (45.0, 0.0),
        ("South", "Work"): (0.0, 0.01), ("North", "South"): (0.0, 0.0),
    },
    "pigou": {
        ("Home", "Bypass"): (1.0, 0.0), ("Bypass", "Work"): (0.0, 0.0), ("Home", "Bridge"): (0.0, 0.00025),
        ("Bridge", "Work"): (0.0, 0.0),
    },
}  # fmt: skip
SWITCHED = {"braess": [("North", "South")], "pigou": [("Home", "Bypass")]}  # roads that a page offers to close
READ = ("free_min", "slope_min", "power", "capacity_veh", "b")
SPREAD = 0.3  # streets of a grid differ in free time by this share, up or down


class Routes(NamedTuple):
    """Where drivers may go; P pairs, K routes, M links on the longest."""

    ends: list[tuple[int, int]]  # (P,) origin and destination
    links: np.ndarray  # (P, K, M) int64, padded with -1; a pair with fewer routes has them several times
    number: list[int]  # (P,) routes that differ


def build(p: Parameters, where: str) -> nx.DiGraph:
    """The road network (raises ScenarioError; `where` opens the message)."""
    if topology.is_file(p.network):
        return topology.read(Path(p.network), f"{where}: network", edges=READ, directed=True)
    if p.network == "grid":
        return _streets(p)
    if p.network not in NETWORKS:
        hint = suggestion(p.network, NETWORKS)
        known = ", ".join(NETWORKS)
        what = f'network = "{p.network}"; allowed are {known}, or a .graphml file.{hint}'
        raise ScenarioError(f"{where}: {what}")
    graph, places = nx.DiGraph(), PLACES[p.network]
    for i, (name, (x, y)) in enumerate(places.items()):
        graph.add_node(i, name=name, x=x, y=y)
    number = {name: i for i, name in enumerate(places)}
    for (start, end), (free, slope) in ROADS[p.network].items():
        graph.add_edge(number[start], number[end], free_min=free, slope_min=slope, power=1.0)
    return graph


def _streets(p: Parameters) -> nx.DiGraph:
    """Streets of a grid, both ways alike, whose free times differ."""
    graph = topology.grid(p.rows, p.columns)
    rng = np.random.default_rng(p.graph_seed)
    for _, _, street in graph.edges(data=True):
        street["longer"] = 1.0 + SPREAD * (2.0 * rng.random() - 1.0)
    return nx.DiGraph(graph)


def roads(graph: nx.DiGraph, p: Parameters, where: str) -> Roads:
    """Cost functions of all links with these parameters."""
    edges = list(graph.edges(data=True))
    tail, head = (np.array([edge[end] for edge in edges], np.int64) for end in (0, 1))
    longer = _attribute(edges, "longer", 1.0, 0.0, where)
    free = _attribute(edges, "free_min", p.free_min, 0.0, where) * longer
    power = _attribute(edges, "power", p.congestion_power, 1.0, where)
    capacity = _attribute(edges, "capacity_veh", p.capacity_veh, 1e-9, where)
    slope, _ = assignment.bpr(free, capacity, _attribute(edges, "b", p.congestion, 0.0, where), power)
    given = _attribute(edges, "slope_min", -1.0, -1.0, where)
    return Roads(tail, head, free, np.where(given >= 0, given, slope), power)


def _attribute(edges: list[Any], name: str, default: float, lowest: float, where: str) -> np.ndarray:
    """An attribute of all links as numbers (L,)."""
    values = []
    for _, _, data in edges:
        try:
            value = float(data.get(name, default))
        except ValueError:
            value = math.nan
        if not lowest <= value < math.inf:
            raise ScenarioError(f"{where}: {name} = {data[name]!r} of a road; a number of at least {max(lowest, 0):g}")
        values.append(value)
    return np.array(values)


def link_names(graph: nx.DiGraph) -> list[str]:
    """Names of the links: "Home-North"."""
    return [f"{graph.nodes[i]['name']}-{graph.nodes[j]['name']}" for i, j in graph.edges]


def named(graph: nx.DiGraph, wanted: tuple[str, ...], parameter: str, where: str) -> np.ndarray:
    """Which links a list of names means, (L,) bool; both ways."""
    names = link_names(graph)
    number = {tuple(graph.nodes[end]["name"] for end in link): n for n, link in enumerate(graph.edges)}
    chosen, ends = np.zeros(len(names), bool), list(graph.edges)
    for name in wanted:
        road = topology.ends(name, lambda *road: road in number, f"{where}: {parameter}")
        if road is None:
            hint = suggestion(name, names)
            shown = ", ".join(names[:12])
            what = f'there is no road "{name}"; there are {shown}, ...{hint}'
            raise ScenarioError(f"{where}: {parameter}: {what}")
        start, end = ends[number[road]]
        chosen[[n for n, link in enumerate(ends) if link in ((start, end), (end, start))]] = True
    return chosen


def find_routes(graph: nx.DiGraph, p: Parameters, where: str) -> Routes:
    """The routes of every pair that are shortest on empty roads, by the algorithm of Yen (1971)."""
    free = roads(graph, p, where).free
    weighted = nx.DiGraph()
    weighted.add_nodes_from(graph)
    number = {}
    for n, (i, j) in enumerate(graph.edges):
        weighted.add_edge(i, j, free=float(free[n]))
        number[i, j] = n
    ends, found = _pairs(graph, p, where), []
    for origin, destination in ends:
        try:
            paths = list(itertools.islice(nx.shortest_simple_paths(weighted, origin, destination, "free"), p.routes))
        except nx.NetworkXNoPath:
            names = [graph.nodes[end]["name"] for end in (origin, destination)]
            raise ScenarioError(f"{where}: no road leads from {names[0]} to {names[1]}") from None
        found.append([[number[step] for step in itertools.pairwise(path)] for path in paths])
    most, longest = max(map(len, found)), max(len(path) for paths in found for path in paths)
    links = np.full((len(found), most, longest), -1)
    for p_, paths in enumerate(found):
        for k in range(most):
            path = paths[k % len(paths)]
            links[p_, k, : len(path)] = path
    return Routes(ends, links, [len(paths) for paths in found])


def _pairs(graph: nx.DiGraph, p: Parameters, where: str) -> list[tuple[int, int]]:
    """Origin and destination of every pair."""
    nodes = {data["name"]: i for i, data in graph.nodes(data=True)}
    if not p.pairs:
        return [(0, len(nodes) - 1)]
    return [_pair(pair, nodes, where) for pair in p.pairs]


def _pair(pair: str, nodes: dict[str, int], where: str) -> tuple[int, int]:
    found = topology.ends(pair, lambda a, b: a != b and a in nodes and b in nodes, f"{where}: pairs")
    if found is None:
        start, _, end = pair.partition("-")
        meant = [suggestion(place, nodes) for place in (start, end) if place not in nodes]
        places = ", ".join(list(nodes)[:12]) + ", ..." * (len(nodes) > 12)
        what = f'"{pair}" is no two places joined by "-"; places are {places}.{"".join(meant[:1])}'
        raise ScenarioError(f"{where}: pairs: {what}")
    return nodes[found[0]], nodes[found[1]]


def route_name(graph: nx.DiGraph, links: np.ndarray) -> str:
    """A route in words: "Home–North–Work"."""
    ends = list(graph.edges)
    steps = [ends[link] for link in links if link >= 0]
    return "–".join(graph.nodes[i]["name"] for i in [steps[0][0], *(end for _, end in steps)])


def driven(graph: nx.DiGraph, routes: Routes, closed: np.ndarray, free: np.ndarray, where: str) -> np.ndarray:
    """The route (P, K) that is driven by who chose each: itself where it is open, else the shortest open one."""
    padded = np.append(closed, False)[routes.links]  # -1, the padding, is the link after the last
    time = np.append(free, 0.0)[routes.links].sum(axis=2)
    time[padded.any(axis=2)] = np.inf
    for (origin, destination), times in zip(routes.ends, time, strict=True):
        if np.isinf(times).all():
            names = [graph.nodes[end]["name"] for end in (origin, destination)]
            raise ScenarioError(
                f"{where}: closed_links leaves no route from {names[0]} to {names[1]}; open a road or raise routes"
            )
    return np.where(np.isinf(time), time.argmin(axis=1)[:, None], np.arange(time.shape[1]))
