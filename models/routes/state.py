"""Arrays of drivers on a road network; A drivers, P pairs, K routes of a pair, L links, M links on the longest route,
G fleets (groups of drivers), B regime blocks.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.limits import COUNT, FIXED, Limits, each, or_none
from models.sums import FleetSums

WAYS = 6  # routes of a single pair up to which each has a metric


class Sum(IntEnum):
    """Sums over the days of the open window."""

    TIME_MIN = 0  # of a trip
    RATIO = 1  # of that to the optimum
    COST_MIN = 2  # of all, tolls included
    LEAST_MIN = 3  # the same on the cheapest routes
    CHANGED = 4  # share of drivers
    TOLL_MIN = 5  # of a trip


class Derived(NamedTuple):
    """What follows from the parameters of each regime block."""

    free: np.ndarray  # (B, L) float64, min on the empty link
    slope: np.ndarray  # (B, L) float64, t = free + slope x^power
    power: np.ndarray  # (B, L) float64
    open: np.ndarray  # (B, L) bool
    driven: np.ndarray  # (B, P, K) int64, the route taken by who chose each one
    toll_min: np.ndarray  # (B, L) float64, fixed toll
    toll_share: np.ndarray  # (B,) float64, share of x t' that is charged
    vehicles: np.ndarray  # (B, P) float64, that a driver of each pair stands for
    demand: np.ndarray  # (B,) float64, vehicles of all drivers
    optimum_min: np.ndarray  # (B,) float64, mean time at the system optimum
    kappa: np.ndarray  # (B, A) float64, share of x t' that a driver counts of its own accord
    informed: np.ndarray  # (B, A) bool, who hears the times of all its routes


class RoutesState(NamedTuple):
    """The roads as they were on the last day; at first, empty."""

    derived: Derived
    pair: np.ndarray  # (A,) int64
    links: np.ndarray  # (P, K, M) int64, padded with -1
    size: np.ndarray  # (P,) int64, drivers of each pair
    route: np.ndarray  # (A,) int64, route driven, -1 before the first day
    route_flow: np.ndarray  # (P, K) float64, veh
    route_time: np.ndarray  # (P, K) float64, min
    route_external: np.ndarray  # (P, K) float64, min that one more driver costs all others: x t' along the route
    route_toll: np.ndarray  # (P, K) float64, min
    link_flow: np.ndarray  # (L,) float64, veh
    link_time: np.ndarray  # (L,) float64, min
    link_external: np.ndarray  # (L,) float64, min: x t'
    link_toll: np.ndarray  # (L,) float64, min
    changed: np.ndarray  # (1,) int64, drivers who changed their route on the last day
    sums: np.ndarray  # (len(Sum),) float64
    share_sums: np.ndarray  # (K or 0,) float64, over the open window, shares of the routes of a single pair
    fleets: FleetSums  # mean time of a day, by days
    fleet_size: np.ndarray  # (G,) float64, drivers of each fleet

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {
            **each(FIXED, "derived", "pair", "links", "size", "fleet_size"),
            "route": or_none(self.links.shape[1]),
            "changed": COUNT,
        }
