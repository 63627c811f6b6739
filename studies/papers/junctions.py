"""A crossing without signals against textbooks: gaps, turns, and chicken.

Capacity of a minor road between Poisson arrivals on the major: Harders 1968 and Siegloch 1973, as in the Highway
Capacity Manual (TRB 2000, chapter 17), with its critical gap of 6.2 s and follow-up time of 3.3 s: published is the
formula at the flow of the row. Chicken: the mixed equilibrium of Rapoport and Chammah's game (1966, American Behavioral
Scientist 10) with the payoffs of `games/chicken`, met by a population that learns.
"""

from functools import partial

import models
from models.crossing.model import Crossing
from studies.papers import Row, by_seed, near

SEEDS, TICKS, WARM_UP = 4, 1_000_000, 20_000
MINOR = {200: 846.1, 400: 654.3, 600: 504.6, 900: 340.0, 1200: 227.7}  # major road -> capacity, veh/h
HCM, CHICKEN = "HCM 2000, chapter 17", "Rapoport and Chammah 1966"


def served_veh_per_h(world: models.World, ticks: int) -> list[float]:
    """Cars an hour that enter the box from each side."""
    world.run(WARM_UP)
    assert isinstance(world, Crossing)
    before = world.state.crossed.copy()
    world.run(ticks)
    return [float(cars) for cars in (world.state.crossed - before) * 36_000 / ticks]


def minor_veh_per_h(major: int, seed: int) -> float:
    """What a minor road that always waits lets go, beside so much traffic on the major."""
    world = models.make(
        "crossing/priority_road", learner="gap_acceptance", seed=seed, demand_veh_per_h=1_800.0, follow_up_s=0.0,
        weight_north=major / 1_800.0, weight_south=0.0, weight_east=1.0, weight_west=0.0,
    )  # fmt: skip
    return served_veh_per_h(world, TICKS)[1]


def in_turns_veh_per_h(cross_s: float, seed: int) -> float:
    """Four full approaches that take turns of one car."""
    world = models.make(
        "crossing/no_signals", learner="all_way_stop", seed=seed, demand_veh_per_h=3_600.0, cross_s=cross_s
    )
    return sum(served_veh_per_h(world, 100_000))


def share_go(seed: int) -> float:
    """Of 141 players about twenty go, so that each of the others meets one in seven."""
    learner = {"kind": "q", "alpha": 0.02, "gamma": 0.0, "epsilon": 0.02}
    found = models.make("games/chicken", nodes=141, seed=seed, learner=learner).run(20_000)["share_go"]
    return float(found.iloc[100:].mean())


def rows() -> list[Row]:
    """Capacities, and how many go."""
    found = []
    for major, capacity in MINOR.items():
        served = by_seed(partial(minor_veh_per_h, major), SEEDS)
        found.append(near(f"{major} veh/h on the major road: minor, veh/h", served, capacity, 0.02 * capacity, HCM))
    for cross_s in (2.5, 3.0, 4.0):
        served = by_seed(partial(in_turns_veh_per_h, cross_s), SEEDS)
        both = 7_200 / cross_s  # two cars of one road at once
        found.append(near(f"turns of one car, {cross_s} s: veh/h", served, both, 0.01 * both, "alternating service"))
    found.append(near("chicken, 141 players: share who go", by_seed(share_go, SEEDS), round(1 / 7, 4), 0.004, CHICKEN))
    return found
