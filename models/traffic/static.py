"""The static model of travellers: steady flows on turns whose delay follows from their flow, under Webster's plan.

A turn costs the free-flow time of its link and the control delay of the Highway Capacity Manual 2000 (chapter 16:
pretimed signals, random arrivals, a quarter of an hour), which stays finite beyond capacity.
`models.networks.assignment` takes costs of the form free + slope flow^power, so each turn has the one that agrees with
the manual at no flow, at half and at nine tenths of the capacity of its lanes. Queues that spill back, platoons and
signals that answer to traffic are not in it, and its drivers may take any way and not only the routes of a choice set.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from models.networks import assignment
from models.networks.assignment import Demand, Roads
from models.traffic.network import Network
from models.traffic.routes import Routes, find_steps

PERIOD_H, PRETIMED = 0.25, 0.5
FIT = (0.5, 0.9)  # shares of capacity at which the fitted costs are the manual's
GAP = 1e-3  # relative gap at which an assignment ends


def control_delay_s(share: float, green: np.ndarray, cycle_s: np.ndarray, capacity_veh_per_s: np.ndarray) -> np.ndarray:
    """Delay (n,) of a vehicle at lanes with this share of their capacity used; `green` is a share of the cycle."""
    uniform = 0.5 * cycle_s * (1 - green) ** 2 / (1 - min(share, 1.0) * green)
    spread = 8 * PRETIMED * share / (3600 * capacity_veh_per_s * PERIOD_H)
    return uniform + 900 * PERIOD_H * (share - 1 + np.sqrt((share - 1) ** 2 + spread))


class Costs(NamedTuple):
    """Time on a link before each turn (U,) at a flow in veh/s: free + slope flow^power, in s."""

    free: np.ndarray
    slope: np.ndarray
    power: np.ndarray


def turn_costs(net: Network, plan_s: np.ndarray, lost_s: np.ndarray, headway_s: np.ndarray) -> Costs:
    """Costs under a plan (H,), of which some seconds (H,) are lost; at junctions without signal nobody waits."""
    free = net.lag_s[net.turn_link].astype(float)
    signal = net.junction[net.turn_link]
    served = green_s(net, plan_s, lost_s)
    at_signal = served > 0
    cycle = np.add.reduceat(plan_s, net.first_phase[:-1])[np.where(at_signal, signal, 0)].astype(float)
    green = np.where(at_signal, served / cycle, 0.5)
    capacity = green * net.turn_lanes / headway_s
    empty, half, full = (control_delay_s(x, green, cycle, capacity) for x in (0.0, *FIT))
    power = np.maximum(np.log((full - empty) / (half - empty)) / np.log(FIT[1] / FIT[0]), 1.0)
    slope = (full - empty) / (FIT[1] * capacity) ** power
    return Costs(free + np.where(at_signal, empty, 0.0), np.where(at_signal, slope, 0.0), power)


def green_s(net: Network, plan_s: np.ndarray, lost_s: np.ndarray) -> np.ndarray:
    """Seconds (U,) of green that each turn has in a cycle of a plan (H,); 0 at junctions without signal."""
    phase, turn = net.green[:, 0], net.green[:, 1]
    seconds: np.ndarray = np.bincount(turn, (plan_s - lost_s)[phase], net.target.size)
    return seconds


def mean_trips_s(
    net: Network, routes: Routes, closed: np.ndarray, costs: Costs, demand: np.ndarray
) -> tuple[float, float]:
    """Mean time of a trip at the user equilibrium and at the system optimum; `demand` (P,) in veh/s."""
    steps = find_steps(net, closed)
    roads = Roads(steps.start, steps.end, *(part[steps.turn] for part in costs))
    wanted = demand > 0
    if not wanted.any():
        return float("nan"), float("nan")
    ends = (net.gate_link[routes.origins()], len(net.links) + routes.to, demand)
    trips = Demand(*(part[wanted] for part in ends))
    means = [_total(*(part.tobytes() for part in (*roads, *trips)), kappa) / demand.sum() for kappa in (0.0, 1.0)]
    return means[0], means[1]


@lru_cache(maxsize=64)
def _total(*given: bytes | float) -> float:
    """Total time at the equilibrium of roads and demand, of drivers who count so much of what they cost others."""
    kinds = (np.int64, np.int64, float, float, float, np.int64, np.int64, float)
    parts = [np.frombuffer(part, kind) for part, kind in zip(given[:-1], kinds, strict=True)]
    return assignment.equilibrium(Roads(*parts[:5]), Demand(*parts[5:]), float(given[-1]), gap=GAP).total
