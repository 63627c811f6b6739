"""Directed links whose time grows with their flow, demand between nodes, and the shortest paths that join them.

Links cost t(x) = free + slope x^power at flow x, which never falls in x; the polynomial of the Bureau of Public Roads
(1964), free (1 + b (x / capacity)^power), is one of them. Flows are a fluid: drivers are many and none weighs anything.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


class Roads(NamedTuple):
    """A network of L links between nodes 0, 1, ...; two links may join the same nodes."""

    tail: np.ndarray  # (L,) int64, node at which a link begins
    head: np.ndarray  # (L,) int64, node at which it ends
    free: np.ndarray  # (L,) float64, time on the empty link
    slope: np.ndarray  # (L,) float64, >= 0; 0 where flow does not matter
    power: np.ndarray  # (L,) float64, >= 1

    def cost(self, flow: np.ndarray) -> np.ndarray:
        """Time (L,) on each link."""
        minutes: np.ndarray = self.free + self.slope * flow**self.power
        return minutes

    def marginal(self, flow: np.ndarray) -> np.ndarray:
        """What one more driver costs all together (L,): t + x t'."""
        return self.altruistic(1.0).cost(flow)

    def altruistic(self, kappa: float) -> "Roads":
        """The network as drivers perceive it who count a share kappa of the time that they cost others."""
        return self._replace(slope=self.slope * (1.0 + kappa * self.power))


class Demand(NamedTuple):
    """Trips of P origin-destination pairs."""

    origin: np.ndarray  # (P,) int64
    destination: np.ndarray  # (P,) int64
    volume: np.ndarray  # (P,) float64


class Ways(NamedTuple):
    """Shortest paths in a network whose links change their costs; S steps, each from one node to another."""

    nodes: int
    step: dict[int, int]  # place of a step by tail * nodes + head
    step_of: np.ndarray  # (L,) int64, of each link
    link_of: np.ndarray  # (S,) int64, a link of each step
    tail: np.ndarray  # (S,) int64
    head: np.ndarray  # (S,) int64

    @classmethod
    def of(cls, roads: Roads, demand: Demand) -> "Ways":
        """The ways of a network with room for the places of a demand."""
        nodes = int(max(roads.tail.max(), roads.head.max(), demand.origin.max(), demand.destination.max())) + 1
        steps, link_of, step_of = np.unique(roads.tail * nodes + roads.head, return_index=True, return_inverse=True)
        number = {key: place for place, key in enumerate(steps.tolist())}
        return cls(nodes, number, step_of, link_of, steps // nodes, steps % nodes)

    def cheapest(self, cost: np.ndarray) -> np.ndarray:
        """The cheapest link of each step, (S,)."""
        link = self.link_of.copy()
        if link.size < cost.size:  # some links are parallel
            order = np.argsort(-cost, kind="stable")
            link[self.step_of[order]] = order  # the last to write is the cheapest
        return link

    def trees(self, origins: np.ndarray, cost: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Distances and the nodes before each node, both (origins, nodes), and the cheapest link of each step (S,)."""
        link = self.cheapest(cost)
        ways = sparse.csr_array((cost[link], (self.tail, self.head)), shape=(self.nodes, self.nodes))
        return *csgraph.dijkstra(ways, indices=origins, return_predecessors=True), link

    def path(self, origin: int, destination: int, before: np.ndarray, link: np.ndarray) -> list[int]:
        """Links from an origin, to whose tree `before` and `link` belong.

        Raises
        ------
        ValueError
            When the destination cannot be reached.
        """
        found, node = [], destination
        while node != origin:
            last = int(before[node])
            if last < 0:
                raise ValueError(f"no way leads from node {origin} to node {destination}")
            found.append(int(link[self.step[last * self.nodes + node]]))
            node = last
        return found[::-1]


def beckmann(roads: Roads, flow: np.ndarray, toll: np.ndarray | float = 0.0) -> float:
    """Sum over links of the integral of time, with tolls: least at the user equilibrium."""
    rises = roads.slope * flow ** (roads.power + 1.0) / (roads.power + 1.0)
    return float(((roads.free + toll) * flow + rises).sum())


def bpr(
    free: np.ndarray, capacity: np.ndarray, b: np.ndarray | float = 0.15, power: np.ndarray | float = 4.0
) -> tuple[np.ndarray, np.ndarray]:
    """Slope and power, both (L,), of the Bureau of Public Roads' links with a free time and a capacity (L,)."""
    return free * b / capacity**power, np.broadcast_to(power, free.shape)


def all_or_nothing(roads: Roads, demand: Demand, cost: np.ndarray) -> np.ndarray:
    """Link flows (L,) when everyone takes a shortest path at these costs (L,).

    Raises
    ------
    ValueError
        When a destination cannot be reached.
    """
    ways, flow = Ways.of(roads, demand), np.zeros(len(cost))
    origins = np.unique(demand.origin)
    _, before, link = ways.trees(origins, cost)
    for row, origin in zip(before, origins, strict=True):
        for p in np.flatnonzero(demand.origin == origin):
            flow[ways.path(int(origin), int(demand.destination[p]), row, link)] += demand.volume[p]
    return flow
