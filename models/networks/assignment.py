"""Traffic assignment: the flows at which no driver gains by another route, and those at which all together lose least.

At a user equilibrium all used routes of an origin and destination cost the same and no other route costs less (Wardrop
1952, Proceedings of the Institution of Civil Engineers 1); it minimises sum of integrals of t (Beckmann, McGuire and
Winsten 1956). Drivers who count a share kappa of the time they cost others perceive t + kappa x t' (Chen and Kempe
2008, SODA), which here is the same family with slope (1 + kappa power): kappa = 1 gives the system optimum. All routes
of the network are open to drivers; `route_sets` finds those they use.
"""

from typing import NamedTuple

import numpy as np

from models.networks import route_sets
from models.networks.ways import Demand, Roads, all_or_nothing, beckmann, bpr

__all__ = [
    "Assignment", "Demand", "Roads", "all_or_nothing", "beckmann", "bpr", "equilibrium", "optimum", "price_of_anarchy",
]  # fmt: skip

GAP = 1e-6


class Assignment(NamedTuple):
    """Flows on a network and what they cost."""

    flow: np.ndarray  # (L,)
    cost: np.ndarray  # (L,) travel time, tolls and altruism not counted
    total: float  # sum of flow times travel time
    gap: float  # share of what drivers perceive that they would save on shortest paths; 0 at an equilibrium


def equilibrium(
    roads: Roads, demand: Demand, kappa: float = 0.0, toll: np.ndarray | float = 0.0, gap: float = GAP
) -> Assignment:
    """The user equilibrium.

    Parameters
    ----------
    kappa
        Share of the time they cost others that drivers count: 0 selfish, 1 the system optimum.
    toll
        Added to what each link is perceived to cost (L,), in units of time.
    gap
        Stops at this relative gap, or after 200 rounds; the answer says what it has reached.

    Raises
    ------
    ValueError
        When a destination cannot be reached.
    """
    found = route_sets.find(roads.altruistic(kappa), demand, gap, toll)
    cost = roads.cost(found.link_flow)
    return Assignment(found.link_flow, cost, float(found.link_flow @ cost), found.gap)


def optimum(roads: Roads, demand: Demand, gap: float = GAP) -> Assignment:
    """The system optimum: flows at which the total time is least."""
    return equilibrium(roads, demand, kappa=1.0, gap=gap)


def price_of_anarchy(roads: Roads, demand: Demand) -> float:
    """Total time at the user equilibrium over that at the optimum.

    At most 4/3 where power is 1 (Roughgarden and Tardos 2002, Journal of the ACM 49).
    """
    return equilibrium(roads, demand).total / optimum(roads, demand).total
