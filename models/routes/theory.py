"""Where route choice would end: the user equilibrium of what drivers perceive, and the system optimum.

A driver who counts a share kappa of the time it costs others and pays a share s of it as a toll perceives
t + kappa x t' + (1 - kappa) (fixed toll + s x t'), the same cost for all where one kappa holds: an equilibrium of a
potential (`models.networks.assignment`), over all open roads of the network, not only over the routes of the world.
Where fleets differ in kappa there is no potential, and the line is that of selfish drivers.
"""

from typing import NamedTuple

import numpy as np

from models.networks import assignment
from models.networks.assignment import Demand, Roads

GAP = 1e-4  # relative gap at which lines are drawn; a hundredth of what a chart shows


class Perceived(NamedTuple):
    """What all drivers perceive beside the time."""

    kappa: float
    toll_share: float
    toll_min: np.ndarray  # (L,)


def restrict(roads: Roads, is_open: np.ndarray) -> Roads:
    """The roads that are open."""
    return Roads(*(part[is_open] for part in roads))


def equilibrium_min(roads: Roads, demand: Demand, is_open: np.ndarray, perceived: Perceived) -> float:
    """Mean travel time at the user equilibrium, in min."""
    counted = perceived.kappa + (1.0 - perceived.kappa) * perceived.toll_share
    toll = (1.0 - perceived.kappa) * perceived.toll_min[is_open]
    found = assignment.equilibrium(restrict(roads, is_open), demand, counted, toll, GAP)
    return found.total / float(demand.volume.sum())


def optimum_min(roads: Roads, demand: Demand, is_open: np.ndarray) -> float:
    """Mean travel time at the system optimum, in min."""
    return assignment.optimum(restrict(roads, is_open), demand, GAP).total / float(demand.volume.sum())


def link_gap(roads: Roads, is_open: np.ndarray, demand: Demand, flow: np.ndarray) -> float:
    """Relative gap of link flows (L,) on the whole network: the share of their time that shortest paths would save."""
    network = restrict(roads, is_open)
    cost = network.cost(flow[is_open])
    shortest = assignment.all_or_nothing(network, demand, cost)
    return float(1.0 - cost @ shortest / (cost @ flow[is_open]))
