"""What is known of signals in closed form: flows, Webster's plan and delay, capacity, M/D/1, fundamental diagram.

Sources: Webster 1958, Road Research Technical Paper 39 (plan and delay formula); Pollaczek-Khinchine (M/D/1); Newell
1993 (triangular fundamental diagram).
"""

import numpy as np

MIN_CYCLE_S, MAX_CYCLE_S = 40.0, 120.0


def link_flows(target: np.ndarray, shares: np.ndarray, inflow: np.ndarray) -> np.ndarray:
    """Steady flow of every link, (L,) veh/s, below saturation.

    Parameters
    ----------
    target
        (3 L,) link that each lane leads to, negative where it leaves the network.
    shares
        (L, 3) turn shares.
    inflow
        (L,) veh/s from gates.
    """
    links = inflow.size
    passes = np.zeros((links, links))
    for lane in np.flatnonzero(target >= 0):
        passes[target[lane], lane // 3] += shares.reshape(-1)[lane]
    return np.linalg.lstsq(np.eye(links) - passes, inflow, rcond=None)[0]  # least, where traffic may circle for ever


def flow_ratios(flow: np.ndarray, shares: np.ndarray, saturation_veh_per_s: float) -> np.ndarray:
    """Highest flow over saturation flow among the lanes of each phase, (A, 4)."""
    lanes = (flow[:, None] * shares / saturation_veh_per_s).reshape(-1, 4, 3)
    through, left = lanes[:, :, 1:].max(axis=2), lanes[:, :, 0]
    axes = [np.maximum(side[:, a], side[:, a + 2]) for a in (0, 1) for side in (through, left)]
    return np.stack(axes, axis=1)


def webster_plan(ratios: np.ndarray, yellow_s: float, min_green_s: float) -> np.ndarray:
    """Webster's cycle and splits of one signal: seconds (4,) of each phase, its yellow included."""
    lost = 4 * yellow_s
    load = min(ratios.sum(), 0.95)
    cycle = np.clip((1.5 * lost + 5) / (1 - load), MIN_CYCLE_S, MAX_CYCLE_S)
    share = ratios / ratios.sum() if ratios.sum() > 0 else np.full(4, 0.25)
    return np.maximum(np.rint((cycle - lost) * share), min_green_s).astype(np.int64) + int(yellow_s)


def webster_delay_s(flow: np.ndarray, green_s: np.ndarray, cycle_s: float, saturation_veh_per_s: float) -> np.ndarray:
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
    flow: np.ndarray, shares: np.ndarray, plan_s: np.ndarray, yellow_s: float, saturation: float, inflow: float
) -> float:
    """Webster's delay per trip, summed over the signals it passes, under a plan (A, 4).

    Arrivals at every signal are taken as random: platoons and their coordination are left out.
    """
    total = 0.0
    for i, plan in enumerate(plan_s):
        for side in range(4):
            for movement in range(3):
                phase = 2 * (side & 1) + (movement == 0)
                lane_flow = flow[4 * i + side] * shares[4 * i + side, movement]
                if lane_flow > 0:
                    green = plan[phase] - yellow_s
                    total += lane_flow * float(webster_delay_s(lane_flow, green, plan.sum(), saturation))
    return total / inflow if inflow > 0 else 0.0


def capacity_factor(ratios: np.ndarray, yellow_s: float, cycle_s: float = MAX_CYCLE_S) -> float:
    """How many times the demand could grow before the busiest signal saturates at the longest cycle."""
    return float((1 - 4 * yellow_s / cycle_s) / max(ratios.sum(axis=1).max(), 1e-12))


def md1_wait_s(load: float, service_s: float) -> float:
    """Mean wait in an M/D/1 queue."""
    return service_s * load / (2 * (1 - load))


def ring_flow_veh_per_s(vehicles: float, lag_s: float, wave_s: float, storage: float, saturation: float) -> float:
    """Flow of a ring of links with this many vehicles on each: the triangular fundamental diagram."""
    return min(vehicles / lag_s, saturation, (storage - vehicles) / wave_s)
