"""The routes that drivers choose from: those shortest on empty roads, or those in use once roads have filled."""

from typing import NamedTuple

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import yen

from models.networks import route_sets
from models.networks.assignment import Demand, Roads
from models.networks.ways import Ways
from scenarios import ScenarioError
from scenarios.routes.parameters import Parameters

GAP = 1e-5  # of the equilibrium whose routes are taken
TOLD = 8  # places of a route that its name says, at most
SHUNNED = 1000.0  # times as dear a road seems to who looks for a way around it
DIGITS = 9  # of minutes: routes that differ by less are equal, and go in the order of their links


class Routes(NamedTuple):
    """Where drivers may go; P pairs, K routes, M links on the longest."""

    ends: list[tuple[int, int]]  # (P,) origin and destination
    links: np.ndarray  # (P, K, M) int64, padded with -1; a pair with fewer routes has them several times
    number: list[int]  # (P,) routes that differ


def find(
    graph: nx.DiGraph,
    ends: list[tuple[int, int]],
    roads: Roads,
    demand: Demand,
    toll: np.ndarray,
    p: Parameters,
    where: str,
) -> Routes:
    """The routes of every pair.

    Parameters
    ----------
    ends
        (P,) places, origin and destination, for messages.
    roads, demand, toll
        The network with what its links cost beside time (L,), and the trips of each pair.

    Raises
    ------
    ScenarioError
        Where no road leads from an origin to its destination; `where` opens the message.
    """
    if p.route_set == "shortest when empty":
        found = _shortest(roads, demand, toll, p.routes)
    else:
        found = _in_use(roads, demand, toll, p.routes)
    for pair, paths in zip(ends, found, strict=True):
        if not paths:
            names = [graph.nodes[end]["name"] for end in pair]
            raise ScenarioError(f"{where}: no road leads from {names[0]} to {names[1]}")
    most, longest = max(map(len, found)), max(len(path) for paths in found for path in paths)
    links = np.full((len(found), most, longest), -1)
    for p_, paths in enumerate(found):
        for k in range(most):
            path = paths[k % len(paths)]
            links[p_, k, : len(path)] = path
    return Routes(ends, links, [len(paths) for paths in found])


def _shortest(roads: Roads, demand: Demand, toll: np.ndarray, most: int) -> list[list[list[int]]]:
    """By the algorithm of Yen (1971); none where there is no way."""
    ways = Ways.of(roads, demand)
    cost, link = roads.free + toll, ways.cheapest(roads.free + toll)
    ends = ways.tail.astype(np.int32), ways.head.astype(np.int32)
    graph = csr_array((cost[link], ends), shape=(ways.nodes, ways.nodes))
    found = []
    for origin, destination in zip(demand.origin.tolist(), demand.destination.tolist(), strict=True):
        length, before = yen(graph, origin, destination, most, return_predecessors=True)
        paths = [ways.path(origin, destination, row, link) for row in before[: length.size]]
        found.append(sorted(paths, key=lambda path: (round(float(cost[path].sum()), DIGITS), path)))
    return found


def _in_use(roads: Roads, demand: Demand, toll: np.ndarray, most: int) -> list[list[list[int]]]:
    """Those with most flow at the equilibrium, then those that were in use on the way to it."""
    try:
        found = route_sets.find(roads, demand, GAP, toll)
    except ValueError:  # then the shortest paths say which pair has none
        return _shortest(roads, demand, toll, 1)
    ways, cost = Ways.of(roads, demand), roads.cost(found.link_flow) + toll
    ends = np.sort(np.column_stack((roads.tail, roads.head)), axis=1)
    road = np.unique(ends, axis=0, return_inverse=True)[1].reshape(-1)  # of each link: both ways are one
    pairs = zip(demand.origin.tolist(), demand.destination.tolist(), strict=True)
    return [
        _with_another(routes[:most], ways, pair, cost, road, most)
        for routes, pair in zip(found.routes, pairs, strict=True)
    ]


def _with_another(
    routes: list[list[int]], ways: Ways, pair: tuple[int, int], cost: np.ndarray, road: np.ndarray, most: int
) -> list[list[int]]:
    """The routes of a pair, and one that shuns the roads all of them use, so that one that closes leaves a way."""
    used = [set(road[route].tolist()) for route in routes]
    shared = used[0].intersection(*used[1:])
    if not shared:
        return routes
    dearer = np.where(np.isin(road, list(shared)), SHUNNED * cost, cost)
    _, before, link = ways.trees(np.array(pair[:1]), dearer)
    another = ways.path(*pair, before[0], link)
    return routes if another in routes else [*routes[: most - 1], another]


def name(graph: nx.DiGraph, links: np.ndarray) -> str:
    """A route in words: "Home–North–Work"; of a long one what lies at its ends, and how many roads it has."""
    ends = list(graph.edges())
    steps = [ends[link] for link in links if link >= 0]
    places = [graph.nodes[i]["name"] for i in [steps[0][0], *(end for _, end in steps)]]
    if len(places) > TOLD:
        places[TOLD // 2 : -(TOLD // 2)] = ["…"]
    return "–".join(places) + (f" ({len(steps)} roads)" if "…" in places else "")


def driven(graph: nx.DiGraph, routes: Routes, closed: np.ndarray, free: np.ndarray, where: str) -> np.ndarray:
    """The route (P, K) that is driven by who chose each: itself where it is open, else the shortest open one.

    Where a pair has fewer routes than others and so has them several times, it is the first of the same.
    """
    padded = np.append(closed, False)[routes.links]  # -1, the padding, is the link after the last
    time = np.append(free, 0.0)[routes.links].sum(axis=2)
    time[padded.any(axis=2)] = np.inf
    for (origin, destination), times in zip(routes.ends, time, strict=True):
        if np.isinf(times).all():
            names = [graph.nodes[end]["name"] for end in (origin, destination)]
            raise ScenarioError(
                f"{where}: closed_links leaves no route from {names[0]} to {names[1]}; open a road or raise routes"
            )
    itself = np.arange(time.shape[1]) % np.array(routes.number)[:, None]
    chosen: np.ndarray = np.where(np.isinf(time), time.argmin(axis=1)[:, None], itself)
    return chosen
