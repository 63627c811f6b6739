"""What is known of crossings in closed form: chicken, gaps, capacity in turns, plans and delays of rules.

Sources: gap acceptance, Harders 1968 and Siegloch 1973 in the form of the Highway Capacity Manual (TRB 2000, chapter
17); chicken, Rapoport and Chammah 1966, American Behavioral Scientist 10; plan and delay of a signal, Webster 1958,
Road Research Technical Paper 39; queue with one server, Pollaczek and Khinchine.
"""

import numpy as np
from scipy.optimize import brentq

MIN_CYCLE_S, MAX_CYCLE_S, MIN_GREEN_S = 20.0, 120.0, 4.0
HOUR_S = 3600.0


def chicken_share_go(crash: float, yield_alone: float, yield_both: float) -> float:
    """Chance of going in the mixed equilibrium of chicken, from the costs of its outcomes.

    Parameters
    ----------
    crash
        Cost to each where both go.
    yield_alone, yield_both
        Cost of yielding where the other goes, and where both yield; going alone costs nothing.
    """
    return yield_both / (crash - yield_alone + yield_both)


def gap_capacity_veh_per_h(major_veh_per_h: float, critical_gap_s: float, follow_up_s: float) -> float:
    """Cars an hour of a minor road that always waits, between Poisson arrivals on the major: q e^(-q tc)/(1-e^(-q tf)).

    A gap of length t serves n cars where tc + (n - 1) tf <= t < tc + n tf.
    """
    q = major_veh_per_h / HOUR_S
    if q == 0.0:
        return HOUR_S / follow_up_s
    return float(HOUR_S * q * np.exp(-q * critical_gap_s) / -np.expm1(-q * follow_up_s))


def turns_capacity_veh_per_h(cars_per_turn: float, cross_s: float, follow_up_s: float) -> float:
    """Cars an hour of four approaches that always wait, where roads take turns of this many cars on each side.

    One car per turn is alternating service; many are platoons, whose limit is two cars per `follow_up_s`.
    """
    return 2.0 * HOUR_S * cars_per_turn / (cross_s + (cars_per_turn - 1.0) * follow_up_s)


def webster_greens_s(flow_veh_per_h: np.ndarray, cross_s: float, follow_up_s: float) -> np.ndarray:
    """Webster's greens (2,) for the two roads, from flows (4,) by approach.

    Between them the box must empty, which loses `cross_s` twice in a cycle.
    """
    flow = np.asarray(flow_veh_per_h, float)
    ratios = np.array([max(flow[0], flow[2]), max(flow[1], flow[3])]) * follow_up_s / HOUR_S
    lost, load = 2.0 * cross_s, min(float(ratios.sum()), 0.95)
    cycle = float(np.clip((1.5 * lost + 5.0) / (1.0 - load), MIN_CYCLE_S, MAX_CYCLE_S))
    share = ratios / ratios.sum() if ratios.sum() > 0 else np.full(2, 0.5)
    return np.maximum((cycle - lost) * share, MIN_GREEN_S)


def signal_capacity_veh_per_h(greens_s: np.ndarray, cross_s: float, follow_up_s: float) -> float:
    """Cars an hour of four approaches that always wait: at green one enters at once, then one per `follow_up_s`."""
    cars = 2.0 * np.ceil(np.asarray(greens_s) / follow_up_s - 1e-9).sum()
    return float(HOUR_S * cars / (np.sum(greens_s) + 2.0 * cross_s))


def signal_delay_s(flow_veh_per_h: np.ndarray, cross_s: float, follow_up_s: float) -> float:
    """Webster's delay of a car under his plan (all three terms), mean over cars; infinite where it is full."""
    greens = webster_greens_s(flow_veh_per_h, cross_s, follow_up_s)
    cycle, total = float(greens.sum() + 2.0 * cross_s), 0.0
    flows = np.asarray(flow_veh_per_h, float) / HOUR_S
    for side, flow in enumerate(flows):
        # A car may enter at the very end of green and the first one does at once: half a headway more on average
        share = (greens[side & 1] + follow_up_s / 2.0) / cycle
        x = flow * follow_up_s / share
        if x >= 1.0:
            return float("inf")
        if flow > 0.0:
            uniform = cycle * (1.0 - share) ** 2 / (2.0 * (1.0 - x * share))
            random = x**2 / (2.0 * flow * (1.0 - x))
            correction = 0.65 * (cycle / flow**2) ** (1.0 / 3.0) * x ** (2.0 + 5.0 * share)
            total += flow * (uniform + random - correction)
    return float(total / flows.sum()) if flows.sum() > 0 else 0.0


def first_come_delay_s(flow_veh_per_h: np.ndarray, cross_s: float, follow_up_s: float) -> float:
    """Delay of a car where cars go in the order in which they came; infinite where it is full.

    One server (Pollaczek and Khinchine) whose service of a car lasts until the next may enter: `cross_s` before one of
    the other road, `follow_up_s` before one of the same approach, nothing before one that comes the other way. Exact to
    first order in the flow; above that it forgets that the box serves both ways at once and that order may be given up
    where nobody loses by it.
    """
    flows = np.asarray(flow_veh_per_h, float) / HOUR_S
    flow = float(flows.sum())
    if flow == 0.0:
        return 0.0
    share = flows / flow
    same = float((share**2).sum())
    other_road = 2.0 * float((share[0] + share[2]) * (share[1] + share[3]))
    load = flow * (other_road * cross_s + same * follow_up_s)
    if load >= 1.0:
        return float("inf")
    return flow * (other_road * cross_s**2 + same * follow_up_s**2) / (2.0 * (1.0 - load))


def signal_pays_from_veh_per_h(cross_s: float, follow_up_s: float) -> float:
    """Demand of each of four equal approaches from which a signal loses less time than going in order of coming."""

    def more(demand: float) -> float:
        flows = np.full(4, demand)
        yielding, signal = first_come_delay_s(flows, cross_s, follow_up_s), signal_delay_s(flows, cross_s, follow_up_s)
        return min(yielding, 1e6) - min(signal, 1e6)

    full = HOUR_S / (2.0 * cross_s + follow_up_s)  # each approach, where service in order of coming is full
    return float(brentq(more, 1.0, full))
