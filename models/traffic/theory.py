"""What is known of signals in closed form: flows, Webster's plan and delay, capacity, M/D/1, fundamental diagram.

Sources: Webster 1958, Road Research Technical Paper 39 (plan and delay formula); Pollaczek-Khinchine (M/D/1); Newell
1993 (triangular fundamental diagram).
"""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import lsmr

MIN_CYCLE_S, MAX_CYCLE_S = 40.0, 120.0


def link_flows(turn_link: np.ndarray, target: np.ndarray, shares: np.ndarray, inflow: np.ndarray) -> np.ndarray:
    """Steady flow of every link, (L,) veh/s, below saturation.

    Parameters
    ----------
    turn_link, target
        (U,) links that each turn leads from and to, the latter negative where it leaves the network.
    shares
        (U,) of the vehicles of a link.
    inflow
        (L,) veh/s from gates.
    """
    inner = target >= 0
    passes = sparse.csc_array((shares[inner], (target[inner], turn_link[inner])), shape=(inflow.size, inflow.size))
    return lsmr(sparse.eye_array(inflow.size) - passes, inflow, atol=1e-12, btol=1e-12, maxiter=10 * inflow.size)[0]


def flow_ratios(flow: np.ndarray, saturation: np.ndarray, green: np.ndarray, phases: int) -> np.ndarray:
    """Highest flow over saturation flow among the turns (U,) of each phase, (H,); `green` has rows of phase, turn."""
    ratios = np.zeros(phases)
    np.maximum.at(ratios, green[:, 0], (flow / saturation)[green[:, 1]])
    return ratios


def webster_plan(ratios: np.ndarray, lost_s: np.ndarray, min_green_s: float) -> np.ndarray:
    """Webster's cycle and splits of one signal: seconds (n,) of each phase, what is lost after it included."""
    lost = lost_s.sum()
    load = min(ratios.sum(), 0.95)
    cycle = np.clip((1.5 * lost + 5) / (1 - load), MIN_CYCLE_S, MAX_CYCLE_S)
    share = ratios / ratios.sum() if ratios.sum() > 0 else np.full(ratios.size, 1 / ratios.size)
    return np.maximum(np.rint((cycle - lost) * share), min_green_s).astype(np.int64) + lost_s


def webster_delay_s(
    flow: np.ndarray, green_s: np.ndarray, cycle_s: np.ndarray | float, saturation_veh_per_s: np.ndarray | float
) -> np.ndarray:
    """Mean delay of a vehicle at a lane (Webster's three-term formula); infinite from degree of saturation 1."""
    green = green_s / cycle_s
    with np.errstate(divide="ignore", invalid="ignore"):
        x = flow / (green * saturation_veh_per_s)
        uniform = cycle_s * (1 - green) ** 2 / (2 * (1 - np.minimum(x, 1) * green))
        random = x**2 / (2 * flow * (1 - x))
        correction = 0.65 * (cycle_s / flow**2) ** (1 / 3) * x ** (2 + 5 * green)
        delay = uniform + random - correction
    return np.where(x >= 1, np.inf, np.where(flow > 0, delay, 0.0))


def network_delay_s(
    flow: np.ndarray, green_s: np.ndarray, cycle_s: np.ndarray, saturation: np.ndarray, inflow: float
) -> float:
    """Webster's delay per trip, summed over the signals it passes; flow, green, cycle and saturation by turn (U,).

    Arrivals at every signal are taken as random: platoons and their coordination are left out, and so is what vehicles
    lose at junctions without a signal, whose turns have no green.
    """
    used = (flow > 0) & (green_s > 0)
    delay = webster_delay_s(flow[used], green_s[used], cycle_s[used], saturation[used])
    return float((flow[used] * delay).sum()) / inflow if inflow > 0 else 0.0


def capacity_factor(ratios: np.ndarray, lost_s: np.ndarray, signal: np.ndarray, cycle_s: float = MAX_CYCLE_S) -> float:
    """How many times the demand could grow before the busiest signal saturates at the longest cycle.

    Ratios and lost seconds are by phase (H,), and so is the signal of a phase.
    """
    load, lost = np.bincount(signal, ratios), np.bincount(signal, lost_s)
    return float(((1 - lost / cycle_s) / np.maximum(load, 1e-12)).min())


def md1_wait_s(load: float, service_s: float) -> float:
    """Mean wait in an M/D/1 queue."""
    return service_s * load / (2 * (1 - load))


def ring_flow_veh_per_s(vehicles: float, lag_s: float, wave_s: float, storage: float, saturation: float) -> float:
    """Flow of a ring of links with this many vehicles on each: the triangular fundamental diagram."""
    return min(vehicles / lag_s, saturation, (storage - vehicles) / wave_s)
