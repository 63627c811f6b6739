"""Where drivers may want to go, and the ways there: tables that follow from the road network.

Trips lead from every gate to all gates on other sides of the map. The first route of a pair of gates is the shortest by
free-flow time; of ways equally long that with fewer turns. The others are found by link penalties (de la Barra, Perez
and Anez 1993, PTRC 21): the links of every route found cost more, and the shortest way is looked for again, since the k
shortest ways of a grid share most of their links; which of ways equally long and equally straight comes first follows
the numbers of the links. No route passes a crossing twice. A driver whose route is cut follows
the shortest open way from where it is.
"""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from models.traffic.network import Network
from models.traffic.state import EXIT, THROUGH
from scenarios import ScenarioError

TURN_S = 0.01  # what a turn counts in the order of routes that are equally long
PENALTY, TRIES = 1.3, 6  # factor on the links of a route found, and searches for each route wanted
LOST_S = 1e9  # what leaving at another gate counts
LARGEST_TABLE = 100_000_000  # entries of the table of routes by links


class Routes(NamedTuple):
    """Pairs of gates and their routes; P pairs, R routes of a pair at most, G gates, L links."""

    first: np.ndarray  # (G + 1,) int64, the first pair of each gate; its pairs follow each other
    to: np.ndarray  # (P,) int64, gate at which a trip ends
    number: np.ndarray  # (P,) int64, routes of a pair
    way: np.ndarray  # (P R, L) int8, movement of a route at each of its links, -1 elsewhere
    free_s: np.ndarray  # (P R,) float64, free-flow time; infinite where a pair has fewer routes

    def origins(self) -> np.ndarray:
        """Gate (P,) at which the trips of a pair begin."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))


def build(net: Network, lag_s: np.ndarray, most: int, where: str) -> Routes:
    """Pairs and routes of an open network (raises ScenarioError; `where` opens the message)."""
    origins, to = _pairs(net.gate_link)
    if len(to) == 0:
        raise ScenarioError(f'{where}: drivers = "travel" needs two gates; the network has {net.gate_link.size}')
    if len(to) * most * net.upstream.size > LARGEST_TABLE:
        raise ScenarioError(f'{where}: drivers = "travel" with {len(to):,} pairs of gates; take a smaller network')
    found = _search(net.target.tobytes(), net.gate_link.tobytes(), lag_s.tobytes(), most)
    cut_off = np.flatnonzero(found[0] == 0)
    if cut_off.size:
        here, there = (net.link_name(int(net.gate_link[end[cut_off[0]]])) for end in (origins, to))
        raise ScenarioError(f'{where}: drivers = "travel": no road leads from {here} to {there}')
    first = np.searchsorted(origins, np.arange(net.gate_link.size + 1))
    return Routes(first, to, *(table.copy() for table in found))


def _pairs(gate_link: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Origins and destinations (P,), by origin: gates on other sides, or all others where every gate is on one side."""
    side, gates = gate_link % 4, np.arange(gate_link.size)
    apart = side[:, None] != side[None, :] if np.ptp(side) else gates[:, None] != gates[None, :]
    origins, to = np.nonzero(apart)
    return origins, np.ascontiguousarray(to)


class Steps(NamedTuple):
    """Every step from one link to the next, or out of the network; nodes are links, then gates (L + G)."""

    start: np.ndarray  # (n,) link
    end: np.ndarray  # (n,) node
    movement: np.ndarray  # (n,)
    graph: sparse.csr_array  # (L + G, L + G), time of a step


def find_steps(target: np.ndarray, gate_link: np.ndarray, lag_s: np.ndarray, closed: np.ndarray) -> Steps:
    """Steps that are open; each takes the free-flow time of the link it leads to, and a little if it is a turn."""
    links, gates = lag_s.size, gate_link.size
    lanes = np.flatnonzero((target == EXIT) | ((target >= 0) & ~closed[np.maximum(target, 0)]))
    gate_of = np.full(links, -1)
    gate_of[gate_link] = np.arange(gates)
    ends = np.where(target[lanes] == EXIT, links + gate_of[out_link(lanes)], target[lanes])
    time = np.append(lag_s, np.zeros(gates))[ends] + TURN_S * (1 + (lanes % 3 != THROUGH))
    places = (lanes // 3, ends)
    return Steps(*places, lanes % 3, sparse.csr_array((time, places), shape=(links + gates, links + gates)))


def out_link(lanes: np.ndarray) -> np.ndarray:
    """The link that enters a crossing on the side where traffic of a lane leaves it."""
    links, movements = lanes // 3, lanes % 3
    return links // 4 * 4 + (links + 1 + movements) % 4


@lru_cache(maxsize=8)
def _search(target: bytes, gate_link: bytes, lag_s: bytes, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number (P,), ways (P R, L) and free-flow times (P R,) of the routes; the same network is searched once."""
    targets, gates, lag = (np.frombuffer(part, np.int64) for part in (target, gate_link, lag_s))
    steps, (origins, to) = find_steps(targets, gates, lag, np.zeros(lag.size, bool)), _pairs(gates)
    movement = {(s, e): m for s, e, m in zip(steps.start.tolist(), steps.end.tolist(), steps.movement, strict=True)}
    number, way = np.zeros(len(to), np.int64), np.full((len(to) * most, lag.size), -1, np.int8)
    free_s = np.full(len(to) * most, np.inf)
    for pair, (g, h) in enumerate(zip(gates[origins].tolist(), (lag.size + to).tolist(), strict=True)):
        paths = _diverse(steps.graph, g, h, most)
        number[pair] = len(paths)
        for route, path in enumerate(paths, pair * most):
            free_s[route] = lag[path[:-1]].sum()
            way[route, path[:-1]] = [movement[step] for step in pairwise(path)]
    return number, way, free_s


def _diverse(graph: sparse.csr_array, start: int, end: int, most: int) -> list[list[int]]:
    """Up to `most` different paths (nodes in order), each the shortest when those before it cost more."""
    paths: list[list[int]] = []
    costs = graph.copy()
    for _ in range(TRIES * most):
        _, before = csgraph.dijkstra(costs, indices=start, return_predecessors=True)
        if before[end] < 0:
            break
        path = [end]
        while path[-1] != start:
            path.append(int(before[path[-1]]))
        path.reverse()
        if path not in paths and _is_simple(path[:-1]):
            paths.append(path)
        if len(paths) == most:
            break
        costs.data[np.isin(costs.indices, path[1:-1])] *= PENALTY
    return sorted(paths, key=lambda path: sum(graph[step] for step in pairwise(path)))


def _is_simple(links: list[int]) -> bool:
    return len({link // 4 for link in links}) == len(links)


class Openings(NamedTuple):
    """What is open in a regime block."""

    open: np.ndarray  # (P R,) bool, routes
    next_way: np.ndarray  # (G, L) int8, movement on the shortest open way to each gate, or out where there is none


def openings(routes: Routes, net: Network, lag_s: np.ndarray, closed: np.ndarray, where: str) -> Openings:
    """What is open (raises ScenarioError where the roads that are left join two gates of a pair no more)."""
    links, gates = net.upstream.size, net.gate_link.size
    steps = find_steps(net.target, net.gate_link, lag_s, closed)
    left_s = csgraph.dijkstra(steps.graph.T, indices=links + np.arange(gates))  # (G, L + G)
    origins = routes.origins()
    apart = np.flatnonzero(~np.isfinite(left_s[routes.to, net.gate_link[origins]]))
    if apart.size:
        here, there = (net.link_name(int(net.gate_link[ends[apart[0]]])) for ends in (origins, routes.to))
        raise ScenarioError(f"{where}: closed_links leave no way from {here} to {there}; open one of these roads")
    left_s = np.where(np.isfinite(left_s), left_s, LOST_S + left_s.min(axis=0))
    next_way, best = np.full((gates, links), THROUGH, np.int8), np.full((gates, links), np.inf)
    for link, end, movement in zip(steps.start, steps.end, steps.movement, strict=True):
        time = steps.graph[link, end] + left_s[:, end]
        better = time < best[:, link]
        best[better, link], next_way[better, link] = time[better], movement
    return Openings(np.isfinite(routes.free_s) & ~((routes.way >= 0) & closed).any(axis=1), next_way)


def load(routes: Routes, net: Network, opened: Openings, demand: np.ndarray) -> np.ndarray:
    """Flow of every lane (3 L,) when the demand of each pair (P,) spreads evenly over its shortest open routes."""
    time = np.where(opened.open, routes.free_s, np.inf).reshape(len(routes.to), -1)
    shortest = np.isfinite(time) & (time == time.min(axis=1, keepdims=True))
    share = demand[:, None] * shortest / np.maximum(shortest.sum(axis=1, keepdims=True), 1)
    route, link = np.nonzero(routes.way >= 0)
    flow = np.bincount(3 * link + routes.way[route, link], share.reshape(-1)[route], net.target.size)
    for pair in np.flatnonzero(~shortest.any(axis=1)):  # nothing its drivers know is open
        flow[_next_ways(net, opened, net.gate_link[routes.origins()[pair]], routes.to[pair])] += demand[pair]
    return flow


def _next_ways(net: Network, opened: Openings, link: int, gate: int) -> list[int]:
    """Lanes of the shortest open way from a link to a gate."""
    lanes = []
    while link >= 0:
        lanes.append(3 * link + int(opened.next_way[gate, link]))
        link = net.target[lanes[-1]]
    return lanes
