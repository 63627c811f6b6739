"""Where drivers may want to go, and the ways there: tables that follow from the road network.

Trips lead from every gate to all gates on other sides of the map, or where a road case says. The first route of a pair
of ends is the shortest by free-flow time; of ways equally long that with fewer turns. The others are found by link
penalties (de la Barra, Perez and Anez 1993, PTRC 21): the links of every route found cost more, and the shortest way is
looked for again, since the k shortest ways of a grid share most of their links; which of ways equally long and equally
straight comes first follows the numbers of the links. No route passes a junction twice, unless every way does. A driver
whose route is cut follows the shortest open way from where it is.
"""

import pickle
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from models.traffic.network import Network, starts
from models.traffic.state import EXIT, THROUGH
from scenarios import ScenarioError

TURN_S = 0.01  # what a turn counts in the order of routes that are equally long
PENALTY, TRIES = 1.3, 6  # factor on the links of a route found, and searches for each route wanted
LOST_S = 1e9  # what leaving at another gate counts
LARGEST_SEARCH = 100_000_000  # pairs times routes times links


class Routes(NamedTuple):
    """Pairs of a gate and a destination, and their routes; P pairs, R routes of a pair at most, G gates."""

    first: np.ndarray  # (G + 1,) int64, the first pair of each gate; its pairs follow each other
    to: np.ndarray  # (P,) int64, destination
    number: np.ndarray  # (P,) int64, routes of a pair
    first_leg: np.ndarray  # (P R,) int64, where the turns of each route begin
    legs: np.ndarray  # int32, turns of each route in order, and -1 after the last
    free_s: np.ndarray  # (P R,) float64, free-flow time; infinite where a pair has fewer routes

    def origins(self) -> np.ndarray:
        """Gate (P,) at which the trips of a pair begin."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))

    def taken(self) -> tuple[np.ndarray, np.ndarray]:
        """Route and turn (n,) of every leg."""
        inner = self.legs >= 0
        return np.cumsum(~inner)[inner], self.legs[inner]


class Pairs(NamedTuple):
    """Where trips lead, by gate."""

    origin: np.ndarray  # (P,) int64, gate, in order
    to: np.ndarray  # (P,) int64, destination


def across(net: Network) -> Pairs:
    """From every gate to those on other sides of the map, or to all others where every gate is on one side."""
    side, gates = net.side[net.gate_link], np.arange(net.gate_link.size)
    apart = side[:, None] != side[None, :] if np.ptp(side) else gates[:, None] != gates[None, :]
    origin, to = np.nonzero(apart)
    return Pairs(origin, np.ascontiguousarray(to))


def build(net: Network, pairs: Pairs, given: list[list[int]], most: int, where: str) -> Routes:
    """The routes of some pairs in an open network (raises ScenarioError; `where` opens the message).

    `given` are the turns of the only route of each pair; where they are empty, routes are looked for.
    """
    if pairs.to.size == 0:
        raise ScenarioError(f'{where}: drivers = "travel" needs two gates; the network has {net.gate_link.size}')
    if pairs.to.size * most * len(net.links) > LARGEST_SEARCH:
        what = f"{pairs.to.size:,} pairs of gates"
        raise ScenarioError(
            f'{where}: drivers = "travel" with {what}; take a smaller network, or fewer routes_per_trip'
        )
    number, first_leg, legs, free_s = _search(pickle.dumps((net, pairs, given)), most)
    cut_off = np.flatnonzero(number == 0)
    if cut_off.size:
        here, there = (end[cut_off[0]] for end in pairs)
        ends = f"from {net.links[int(net.gate_link[here])]} to {net.destinations[there]}"
        raise ScenarioError(f'{where}: drivers = "travel": no road leads {ends}')
    first = np.searchsorted(pairs.origin, np.arange(net.gate_link.size + 1))
    return Routes(first, pairs.to, number.copy(), first_leg.copy(), legs.copy(), free_s.copy())


class Steps(NamedTuple):
    """Every step from one link to the next, or out of the network; nodes are links, then destinations (L + D)."""

    start: np.ndarray  # (n,) link
    end: np.ndarray  # (n,) node
    turn: np.ndarray  # (n,)
    graph: sparse.csr_array  # (L + D, L + D), time of a step


def find_steps(net: Network, closed: np.ndarray) -> Steps:
    """Steps that are open; each takes the free-flow time of the link it leads to, and a little if it is a turn."""
    links, exits = len(net.links), len(net.destinations)
    turns = np.flatnonzero((net.target == EXIT) | ~closed[np.maximum(net.target, 0)])
    ends = np.where(net.target[turns] == EXIT, links + net.destination[turns], net.target[turns])
    time = np.append(net.lag_s, np.zeros(exits))[ends] + TURN_S * (1 + (net.direction[turns] != THROUGH))
    begins = net.turn_link[turns]
    graph = sparse.csr_array((time, (begins, ends)), shape=(links + exits, links + exits))
    return Steps(begins, ends, turns, graph)


@lru_cache(maxsize=8)
def _search(pickled: bytes, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Number (P,), legs and free-flow times (P R,) of the routes; the same network is searched once."""
    net, pairs, given = pickle.loads(pickled)
    steps = find_steps(net, np.zeros(len(net.links), bool))
    turn = {(s, e): t for s, e, t in zip(steps.start.tolist(), steps.end.tolist(), steps.turn.tolist(), strict=True)}
    number, free_s = np.zeros(pairs.to.size, np.int64), np.full(pairs.to.size * most, np.inf)
    legs: list[list[int]] = [[] for _ in range(pairs.to.size * most)]
    ends = zip(net.gate_link[pairs.origin].tolist(), (len(net.links) + pairs.to).tolist(), strict=True)
    for pair, (start, end) in enumerate(ends):
        ways = [given[pair]] if given[pair] else []
        if not ways:
            paths = _diverse(steps.graph, net.junction, start, end, most)
            ways = [[turn[step] for step in pairwise(path)] for path in paths]
        number[pair] = len(ways)
        for route, way in enumerate(ways, pair * most):
            free_s[route], legs[route] = net.lag_s[net.turn_link[way]].sum(), way
    first_leg = starts(np.array([len(turns) + 1 for turns in legs]))[:-1]
    return number, first_leg, np.array([leg for turns in legs for leg in (*turns, -1)], np.int32), free_s


def _diverse(graph: sparse.csr_array, junction: np.ndarray, start: int, end: int, most: int) -> list[list[int]]:
    """Up to `most` different paths (nodes in order), each the shortest when those before it cost more."""
    paths: list[list[int]] = []
    shortest = None
    costs = graph.copy()
    for _ in range(TRIES * most):
        _, before = csgraph.dijkstra(costs, indices=start, return_predecessors=True)
        if before[end] < 0:
            break
        path = [end]
        while path[-1] != start:
            path.append(int(before[path[-1]]))
        path.reverse()
        if shortest is None:
            shortest = path
        if path not in paths and len({int(junction[link]) for link in path[:-1]}) == len(path) - 1:
            paths.append(path)
        if len(paths) == most:
            break
        costs.data[np.isin(costs.indices, path[1:-1])] *= PENALTY
    if not paths and shortest is not None:
        return [shortest]
    return sorted(paths, key=lambda path: sum(graph[step] for step in pairwise(path)))


class Openings(NamedTuple):
    """What is open in a regime block."""

    open: np.ndarray  # (P R,) bool, routes
    next_way: np.ndarray  # (D, L) int32, turn on the shortest open way to each destination, or out where there is none


def openings(routes: Routes, net: Network, closed: np.ndarray, where: str) -> Openings:
    """What is open (raises ScenarioError where the roads that are left join the ends of a pair no more)."""
    links, exits = len(net.links), len(net.destinations)
    steps = find_steps(net, closed)
    left_s = csgraph.dijkstra(steps.graph.T, indices=links + np.arange(exits))  # (D, L + D)
    origins = routes.origins()
    apart = np.flatnonzero(~np.isfinite(left_s[routes.to, net.gate_link[origins]]))
    if apart.size:
        ends = f"{net.links[int(net.gate_link[origins[apart[0]]])]} to {net.destinations[routes.to[apart[0]]]}"
        raise ScenarioError(f"{where}: closed_links leave no way from {ends}; open one of these roads")
    left_s = np.where(np.isfinite(left_s), left_s, LOST_S + left_s.min(axis=0))
    next_way, best = np.zeros((exits, links), np.int32), np.full((exits, links), np.inf)
    next_way[:] = net.first_turn[:-1]
    for link, end, turn in zip(steps.start, steps.end, steps.turn, strict=True):
        time = steps.graph[link, end] + left_s[:, end]
        better = time < best[:, link]
        best[better, link], next_way[better, link] = time[better], turn
    return Openings(np.isfinite(routes.free_s) & ~_passes(routes, net, closed), next_way)


def _passes(routes: Routes, net: Network, closed: np.ndarray) -> np.ndarray:
    """Which routes (P R,) pass a closed link."""
    route, turn = routes.taken()
    return np.bincount(route, closed[net.turn_link[turn]], routes.free_s.size) > 0


def load(routes: Routes, net: Network, opened: Openings, demand: np.ndarray) -> np.ndarray:
    """Flow of every turn (U,) when the demand of each pair (P,) spreads evenly over its shortest open routes."""
    time = np.where(opened.open, routes.free_s, np.inf).reshape(routes.to.size, -1)
    shortest = np.isfinite(time) & (time == time.min(axis=1, keepdims=True))
    share = demand[:, None] * shortest / np.maximum(shortest.sum(axis=1, keepdims=True), 1)
    route, turn = routes.taken()
    flow = np.bincount(turn, share.reshape(-1)[route], net.target.size)
    for pair in np.flatnonzero(~shortest.any(axis=1)):  # nothing its drivers know is open
        flow[_next_ways(net, opened, net.gate_link[routes.origins()[pair]], routes.to[pair])] += demand[pair]
    return flow


def _next_ways(net: Network, opened: Openings, link: int, destination: int) -> list[int]:
    """Turns of the shortest open way from a link to a destination."""
    turns = []
    while link >= 0:
        turns.append(int(opened.next_way[destination, link]))
        link = int(net.target[turns[-1]])
    return turns
