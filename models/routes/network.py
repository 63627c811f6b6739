"""Roads and origin-destination pairs, from a named network, a GraphML file or the case of a city.

Links are directed and numbered as they come in the graph. In a case two of them may join the same places; a GraphML
file in which two do is refused, and it may be undirected (all roads both ways). Attributes read, all optional: node
`name`, `x`, `y`; edge `free_min`, `slope_min` and `power` of t = free_min + slope_min x^power, or `free_min`,
`capacity_veh`, `b` and `power` of the Bureau of Public Roads; what is missing comes from the parameters. Who arrives at
a place without through traffic arrives at a node of its own, from which no road leads.
"""

import math
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from models.networks import assignment, topology
from models.networks.assignment import Roads
from models.networks.cities import graph as cities
from models.networks.cities.case import CityCase
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


class Trips(NamedTuple):
    """Who goes where; P pairs."""

    ends: list[tuple[int, int]]  # (P,) places, origin and destination
    volume: np.ndarray | None  # (P,) vehicles of a case; None where all pairs share the demand evenly


def build(case: CityCase | None, p: Parameters, where: str) -> nx.DiGraph:
    """The road network (raises ScenarioError; `where` opens the message)."""
    if case is not None:
        return cities.build(case)
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
    tail = np.array([start for start, _, _ in edges], np.int64)
    head = np.array([arrival(graph, end) for _, end, _ in edges], np.int64)
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


def arrival(graph: nx.DiGraph, place: int) -> int:
    """The node at which who drives to a place arrives: itself, or one of its own behind all others."""
    return place if graph.nodes[place].get("through", True) else place + len(graph)


def own_tolls(graph: nx.DiGraph) -> np.ndarray:
    """What links of a case cost beside their time, (L,) min."""
    return np.array([data.get("toll_min", 0.0) for _, _, data in graph.edges(data=True)])


def link_names(graph: nx.DiGraph) -> list[str]:
    """Names of the links: their own, or "Home-North"."""
    name = graph.nodes
    return [data.get("link", f"{name[i]['name']}-{name[j]['name']}") for i, j, data in graph.edges(data=True)]


def named(graph: nx.DiGraph, wanted: tuple[str, ...], parameter: str, where: str) -> np.ndarray:
    """Which links a list of names means, (L,) bool; both ways."""
    names, ends = link_names(graph), list(graph.edges())
    own = {name: n for n, name in enumerate(names)} if graph.is_multigraph() else {}
    number = {tuple(graph.nodes[end]["name"] for end in link): n for n, link in enumerate(ends)}
    chosen = np.zeros(len(names), bool)
    for name in wanted:
        road = None if own else topology.ends(name, lambda *road: road in number, f"{where}: {parameter}")
        found = own.get(name) if road is None else number[road]
        if found is None:
            hint = suggestion(name, names)
            shown = ", ".join(names[:12])
            what = f'there is no road "{name}"; there are {shown}, ...{hint}'
            raise ScenarioError(f"{where}: {parameter}: {what}")
        start, end = ends[found]
        chosen[found] = True
        chosen[[n for n, link in enumerate(ends) if link == (end, start)]] = True
    return chosen


def trips(graph: nx.DiGraph, case: CityCase | None, p: Parameters, where: str) -> Trips:
    """The pairs of the world, those of a case in the order of its table (raises ScenarioError)."""
    nodes = {data["name"]: i for i, data in graph.nodes(data=True)}
    if case is None:
        ends = [_pair(pair, nodes, where) for pair in p.pairs]
        return Trips(ends or [(0, len(nodes) - 1)], None)
    rows = case.trips[case.trips["veh"] > 0]
    ends = [(nodes[start], nodes[end]) for start, end in zip(rows["from_node"], rows["to_node"], strict=True)]
    if not ends:
        raise ScenarioError(f"{where}: case = {p.case!r}: nobody travels there; add rows to its trips.csv")
    if p.drivers < len(ends):
        raise ScenarioError(f"{where}: drivers = {p.drivers:,} for {len(ends):,} pairs; give every pair a driver")
    return Trips(ends, rows["veh"].to_numpy())


def _pair(pair: str, nodes: dict[str, int], where: str) -> tuple[int, int]:
    found = topology.ends(pair, lambda a, b: a != b and a in nodes and b in nodes, f"{where}: pairs")
    if found is None:
        start, _, end = pair.partition("-")
        meant = [suggestion(place, nodes) for place in (start, end) if place not in nodes]
        places = ", ".join(list(nodes)[:12]) + ", ..." * (len(nodes) > 12)
        what = f'"{pair}" is no two places joined by "-"; places are {places}.{"".join(meant[:1])}'
        raise ScenarioError(f"{where}: pairs: {what}")
    return nodes[found[0]], nodes[found[1]]
