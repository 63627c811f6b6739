"""One signal against textbooks: saturation flow, the queue of a lane that is always green, and Webster's delay.

The queue is that with one server and regular service (Pollaczek 1930 and Khinchine 1932): load x service / 2 (1 -
load). Webster 1958, Road Research Technical Paper 39: delay at a fixed plan; his three terms are an approximation, good
to some percent. "Published" is the formula at the plan and flow of the row.
"""

from typing import Any

import numpy as np

import models
from models.traffic import theory
from studies.papers import Row, by_seed, digits, near

SEEDS, TICKS = 4, 1_000_000
STRAIGHT: dict[str, Any] = {f"{turn}_share_{axis}": 0.0 for turn in ("left", "right") for axis in ("ns", "ew")}
FROM_NORTH: dict[str, Any] = {f"weight_{side}": 0.0 for side in ("east", "south", "west")}
GREEN_30_OF_60 = {"kind": "fixed_time", "cycle_s": 60, "splits": (0.55, 0.0, 0.45, 0.0)}  # 33 s, 3 of them yellow
ALWAYS_GREEN = {"kind": "fixed_time", "cycle_s": 60, "splits": (1.0, 0.0, 0.0, 0.0)}
SERVICE_S, SATURATION_VEH_PER_S = 2.0, 0.5


def crossing(plan: dict[str, Any], seed: int, **changes: Any) -> models.World:
    """One crossing without turns and without the safety rule."""
    return models.make("traffic/single_crossing", learner=plan, seed=seed, **STRAIGHT, max_red_s=0, **changes)


def delays_s(plan: dict[str, Any], demand_veh_per_s: float) -> list[float]:
    """Mean delay of vehicles from the north, seed by seed."""

    def live(seed: int) -> float:
        found = crossing(plan, seed, demand_veh_per_s=demand_veh_per_s, **FROM_NORTH, record_every_ticks=TICKS).run(
            TICKS
        )
        return float(found["mean_delay_s"].iloc[0])

    return by_seed(live, SEEDS)


def rows() -> list[Row]:
    """Discharge, waits and delays."""
    two_roads: dict[str, Any] = {"demand_veh_per_s": 0.9, "weight_east": 0.0, "weight_west": 0.0}
    jammed = crossing(GREEN_30_OF_60, 0, **two_roads, record_every_ticks=6_000)
    trips = float(jammed.run(18_000)["throughput_veh_per_h"].iloc[-1])
    found = [digits("two approaches, 30 s of 60 green, jammed: veh/h", trips, "1800.0", "saturation flow x g / C")]
    for load in (0.3, 0.5, 0.7):
        wait_s = float(round(theory.md1_wait_s(load, SERVICE_S), 3))
        waits = delays_s(ALWAYS_GREEN, load / SERVICE_S)
        found.append(near(f"always green, load {load}: wait, s", waits, wait_s, 0.03 * wait_s, "Pollaczek-Khinchine"))
    for degree in (0.2, 0.4, 0.6, 0.8):
        flow = 0.25 * degree
        delay_s = theory.webster_delay_s(np.array(flow), np.array(30.0), 60.0, SATURATION_VEH_PER_S)
        webster_s, delays = round(float(delay_s), 2), delays_s(GREEN_30_OF_60, flow)
        name = f"30 s of 60 green, saturation {degree}: delay, s"
        found.append(near(name, delays, webster_s, round(0.08 * webster_s, 2), "Webster 1958"))
    return found
