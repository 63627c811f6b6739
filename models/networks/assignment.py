"""Traffic assignment: the flows at which no driver gains by another route, and those at which all together lose least.

Links cost t(x) = free + slope x^power at flow x, which never falls in x; the polynomial of the Bureau of Public Roads
(1964), free (1 + b (x / capacity)^power), is one of them. Flows are a fluid: drivers are many and none weighs anything.
At a user equilibrium all used routes of an origin and destination cost the same and no other route costs less (Wardrop
1952, Proceedings of the Institution of Civil Engineers 1); it minimises sum of integrals of t (Beckmann, McGuire and
Winsten 1956). Drivers who count a share kappa of the time they cost others perceive t + kappa x t' (Chen and Kempe
2008, SODA), which here is the same family with slope (1 + kappa power): kappa = 1 gives the system optimum.

Solved by conjugate Frank-Wolfe (Mitradjieva and Lindberg 2013, Transportation Science 47): all-or-nothing flows on the
shortest paths, a direction conjugate to the last, an exact line search. All routes of the network are open to drivers.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import brentq
from scipy.sparse import csgraph

GAP, ITERATIONS = 1e-6, 5_000
NEARLY_ONE = 1.0 - 1e-3  # weight that the last direction has at most; 1 would never move again


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


class Assignment(NamedTuple):
    """Flows on a network and what they cost."""

    flow: np.ndarray  # (L,)
    cost: np.ndarray  # (L,) travel time, tolls and altruism not counted
    total: float  # sum of flow times travel time
    gap: float  # share of what drivers perceive that they would save on shortest paths; 0 at an equilibrium


def bpr(
    free: np.ndarray, capacity: np.ndarray, b: np.ndarray | float = 0.15, power: np.ndarray | float = 4.0
) -> tuple[np.ndarray, np.ndarray]:
    """Slope and power, both (L,), of the Bureau of Public Roads' links with a free time and a capacity (L,)."""
    return free * b / capacity**power, np.broadcast_to(power, free.shape)


def equilibrium(
    roads: Roads, demand: Demand, kappa: float = 0.0, toll: np.ndarray | float = 0.0, gap: float = GAP
) -> Assignment:
    """The user equilibrium, by conjugate Frank-Wolfe.

    Parameters
    ----------
    kappa
        Share of the time they cost others that drivers count: 0 selfish, 1 the system optimum.
    toll
        Added to what each link is perceived to cost (L,), in units of time.
    gap
        Stops at this relative gap, or after 5,000 iterations; the answer says what it has reached.

    Raises
    ------
    ValueError
        When a destination cannot be reached.
    """
    perceived = roads.altruistic(kappa)._replace(free=roads.free + toll)
    flow = all_or_nothing(perceived, demand, perceived.cost(np.zeros(len(roads.free))))
    goal, reached = flow, np.inf
    for step in range(ITERATIONS):
        cost = perceived.cost(flow)
        shortest = all_or_nothing(perceived, demand, cost)
        reached = float(cost @ (flow - shortest) / max(cost @ flow, np.finfo(float).tiny))
        if reached <= gap:
            break
        goal = _conjugate(perceived, flow, shortest, goal) if step else shortest
        flow = flow + _best_step(perceived, flow, goal - flow) * (goal - flow)
    cost = roads.cost(flow)
    return Assignment(flow, cost, float(flow @ cost), reached)


def optimum(roads: Roads, demand: Demand, gap: float = GAP) -> Assignment:
    """The system optimum: flows at which the total time is least."""
    return equilibrium(roads, demand, kappa=1.0, gap=gap)


def price_of_anarchy(roads: Roads, demand: Demand) -> float:
    """Total time at the user equilibrium over that at the optimum.

    At most 4/3 where power is 1 (Roughgarden and Tardos 2002, Journal of the ACM 49).
    """
    return equilibrium(roads, demand).total / optimum(roads, demand).total


def all_or_nothing(roads: Roads, demand: Demand, cost: np.ndarray) -> np.ndarray:
    """Link flows (L,) when everyone takes a shortest path at these costs (L,).

    Raises
    ------
    ValueError
        When a destination cannot be reached.
    """
    nodes = int(max(roads.tail.max(), roads.head.max(), demand.origin.max(), demand.destination.max())) + 1
    pair = roads.tail * nodes + roads.head
    order = np.lexsort((cost, pair))
    chosen = order[np.unique(pair[order], return_index=True)[1]]  # the cheapest of parallel links
    links = sparse.csr_array((cost[chosen], (roads.tail[chosen], roads.head[chosen])), shape=(nodes, nodes))
    number = dict(zip(pair[chosen].tolist(), chosen.tolist(), strict=True))
    origins = np.unique(demand.origin)
    _, before = csgraph.dijkstra(links, indices=origins, return_predecessors=True)
    flow = np.zeros(len(cost))
    for row, origin in zip(before, origins, strict=True):
        for p in np.flatnonzero(demand.origin == origin):
            node = int(demand.destination[p])
            while node != origin:
                if row[node] < 0:
                    raise ValueError(f"no way leads from node {origin} to node {demand.destination[p]}")
                flow[number[int(row[node]) * nodes + node]] += demand.volume[p]
                node = int(row[node])
    return flow


def _conjugate(roads: Roads, flow: np.ndarray, shortest: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """A goal between the shortest paths and the last goal whose direction does not undo the last step."""
    curvature = roads.slope * roads.power * flow ** (roads.power - 1.0)
    last, new = goal - flow, shortest - flow
    along = float(last @ (curvature * new))
    across = along - float(last @ (curvature * last))
    weight = min(max(along / across, 0.0), NEARLY_ONE) if across != 0.0 else 0.0
    return weight * goal + (1.0 - weight) * shortest


def _best_step(roads: Roads, flow: np.ndarray, direction: np.ndarray) -> float:
    """Share of the way at which Beckmann's sum is least."""

    def rises(step: float) -> float:
        return float(roads.cost(np.maximum(flow + step * direction, 0.0)) @ direction)

    if rises(1.0) <= 0.0:
        return 1.0
    return float(brentq(rises, 0.0, 1.0, xtol=1e-15)) if rises(0.0) < 0.0 else 0.0
