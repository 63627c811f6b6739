"""The routes that drivers use once roads have filled: column generation, and flow that moves between routes.

In every round and for every origin, the path that is shortest now joins the routes of each pair; then flow moves from
each dearer route of the pair to its cheapest, until both cost the same or the dearer is empty. Each move lowers the
sum of Beckmann, McGuire and Winsten (1956), whose least value is the user equilibrium; links that both routes share do
not matter to it. After Dafermos and Sparrow 1969, Journal of Research of the National Bureau of Standards 73B. Link
flows at equilibrium are unique where costs rise; route flows are one of many that give them.
"""

from typing import NamedTuple

import numpy as np

from models.networks.levelling import level
from models.networks.ways import Demand, Roads, Ways

ROUNDS = 500
SWEEPS = 2  # of moves between routes, before new paths are looked for
UNUSED = 1e-10  # of a pair's volume: a route with less is dropped
BETTER = 1e-12  # of its cost: a path must be shorter by this much to be a new route
TINY = np.finfo(float).tiny


class RouteSet(NamedTuple):
    """Routes of P pairs and the flow on each."""

    routes: list[list[list[int]]]  # (P)(K) links as they are driven; those with the most flow first, then spare ones
    link_flow: np.ndarray  # (L,)
    gap: float  # share of their cost that drivers would save on shortest paths


class _Origin:
    """The pairs that begin at one node, with R routes on M links at most, and their flows."""

    def __init__(self, node: int, demand: Demand) -> None:
        self.node = node
        self.pairs = np.flatnonzero(demand.origin == node)
        self.destination, self.volume = demand.destination[self.pairs], demand.volume[self.pairs]
        self.paths = np.zeros((0, 0), np.int64)  # (R, M) padded with -1
        self.pair = np.zeros(0, np.int64)  # (R,) place in `pairs`, rising
        self.flow = np.zeros(0)  # (R,)
        self.spare: dict[int, list[tuple[int, ...]]] = {}  # of a pair: routes that were in use, the latest last

    def least(self, cost: np.ndarray) -> np.ndarray:
        """Cost of the cheapest route of each pair; infinite where there is none."""
        found = np.full(self.volume.size, np.inf)
        np.minimum.at(found, self.pair, np.append(cost, 0.0)[self.paths].sum(axis=1))
        return found

    def add(self, places: list[int], routes: list[list[int]], on_links: np.ndarray) -> None:
        """A route for each of some pairs; the first of a pair takes all its vehicles."""
        first = ~np.isin(places, self.pair)
        flow = np.where(first, self.volume[places], 0.0)
        for route, veh in zip(routes, flow.tolist(), strict=True):
            on_links[route] += veh
        width = max(self.paths.shape[1], *map(len, routes))
        paths = np.full((self.pair.size + len(routes), width), -1)
        paths[: self.pair.size, : self.paths.shape[1]] = self.paths
        for row, route in enumerate(routes, self.pair.size):
            paths[row, : len(route)] = route
        pair, flow = np.append(self.pair, places), np.append(self.flow, flow)
        order = np.argsort(pair, kind="stable")
        self.paths, self.pair, self.flow = paths[order], pair[order], flow[order]

    def drop_unused(self, on_links: np.ndarray) -> None:
        """Put routes aside that nobody takes."""
        used = self.flow >= UNUSED * self.volume[self.pair]
        for row in np.flatnonzero(~used).tolist():
            path = self.paths[row][self.paths[row] >= 0]
            on_links[path] = np.maximum(on_links[path] - self.flow[row], 0.0)
            self.spare.setdefault(int(self.pair[row]), []).append(tuple(path.tolist()))
        if not used.all():
            self.paths, self.pair, self.flow = self.paths[used], self.pair[used], self.flow[used]

    def routes(self, place: int) -> list[list[int]]:
        """Routes of a pair, those with the most flow first, then those that were in use before."""
        rows = np.flatnonzero(self.pair == place)
        rows = rows[np.argsort(-self.flow[rows], kind="stable")]
        used = [tuple(self.paths[row][self.paths[row] >= 0].tolist()) for row in rows]
        return [list(way) for way in dict.fromkeys([*used, *reversed(self.spare.get(place, []))])]


def find(roads: Roads, demand: Demand, gap: float, toll: np.ndarray | float = 0.0) -> RouteSet:
    """Routes that drivers of each pair use at the user equilibrium.

    Parameters
    ----------
    gap
        Stops at this relative gap, or after 500 rounds; the answer says what it has reached.
    toll
        Cost of each link beside its time (L,), whatever the flow.

    Raises
    ------
    ValueError
        When a destination cannot be reached.
    """
    perceived = Roads(*(np.array(part) for part in roads._replace(free=roads.free + toll)))
    on_links, reached, ways = np.zeros(perceived.free.size), np.inf, Ways.of(perceived, demand)
    mark = np.zeros(on_links.size, np.int64)
    origins = [_Origin(int(node), demand) for node in np.unique(demand.origin)]
    for round_ in range(ROUNDS + 1):
        if round_:
            reached = _gap(origins, ways, perceived.cost(on_links), on_links)
        if reached <= gap or round_ == ROUNDS:
            break
        for origin in origins:
            _extend(origin, ways, perceived.cost(on_links), on_links)
            room = np.zeros(origin.pair.size)
            level(perceived, on_links, origin.paths, origin.pair, origin.flow, room, mark, SWEEPS)
            origin.drop_unused(on_links)
    routes: list[list[list[int]]] = [[] for _ in demand.volume]
    for origin in origins:
        for place, pair in enumerate(origin.pairs.tolist()):
            routes[pair] = origin.routes(place)
    return RouteSet(routes, on_links, reached)


def _gap(origins: list[_Origin], ways: Ways, cost: np.ndarray, on_links: np.ndarray) -> float:
    """Share of their cost that drivers would save on shortest paths."""
    distance, _, _ = ways.trees(np.array([origin.node for origin in origins]), cost)
    least = sum(float(row[o.destination] @ o.volume) for row, o in zip(distance, origins, strict=True))
    total = float(cost @ on_links)
    return (total - least) / max(total, TINY)


def _extend(origin: _Origin, ways: Ways, cost: np.ndarray, on_links: np.ndarray) -> None:
    """Let paths join that are shorter than all routes of their pair."""
    distance, before, link = ways.trees(np.array([origin.node]), cost)
    known, now = origin.least(cost), distance[0, origin.destination]
    shorter = np.flatnonzero((now < known * (1.0 - BETTER)) | np.isinf(known)).tolist()
    if shorter:
        ends = origin.destination[shorter].tolist()
        origin.add(shorter, [ways.path(origin.node, end, before[0], link) for end in ends], on_links)
