"""The crossing against what is known in closed form: gaps, turns, signals, light traffic, and chicken."""

import numpy as np
import pytest

import models
from models.crossing import theory
from models.games.theory import equilibria

FLOWS = {200: 846.1, 400: 654.3, 600: 504.6, 900: 340.0, 1200: 227.7}  # major road -> capacity of the minor one, veh/h
EVEN = np.full(4, 1.0)


def served_veh_per_h(world, ticks, warm_up=20_000):
    """Cars (4,) an hour that enter the box from each side."""
    world.run(warm_up)
    before = world.state.crossed.copy()
    world.run(ticks)
    return (world.state.crossed - before) * 36_000 / ticks


@pytest.mark.parametrize(("major", "capacity"), FLOWS.items())
def test_gap_capacity_is_that_of_the_formula(major, capacity):
    assert theory.gap_capacity_veh_per_h(major, 6.2, 3.3) == pytest.approx(capacity, abs=0.05)


def test_gap_capacity_without_traffic_is_one_car_per_follow_up_time():
    assert theory.gap_capacity_veh_per_h(0.0, 6.2, 3.3) == pytest.approx(3600 / 3.3)
    assert theory.gap_capacity_veh_per_h(1e-6, 6.2, 3.3) == pytest.approx(3600 / 3.3)


@pytest.mark.parametrize("major", FLOWS)
def test_a_minor_road_that_always_waits_gets_the_capacity_of_gap_acceptance(major):
    """Poisson arrivals on the major road, no least headway there; the formula at the flow that came."""
    world = models.make(
        "crossing/priority_road", learner="gap_acceptance", seed=1, demand_veh_per_h=1_800.0, follow_up_s=0.0,
        weight_north=major / 1_800.0, weight_south=0.0, weight_east=1.0, weight_west=0.0,
    )  # fmt: skip
    north, east, *_ = served_veh_per_h(world, 8_000_000)
    assert north == pytest.approx(major, rel=0.01)
    assert east == pytest.approx(FLOWS[major], rel=0.01)


def saturated(learner, **changes):
    """A crossing whose lanes are always full."""
    return models.make("crossing/no_signals", learner=learner, seed=1, demand_veh_per_h=3_600.0, **changes)


@pytest.mark.parametrize("cross_s", [2.5, 3.0, 4.0])
def test_roads_that_take_turns_of_one_car_serve_the_capacity_of_alternating_service(cross_s):
    expected = theory.turns_capacity_veh_per_h(1.0, cross_s, 2.0)
    assert expected == pytest.approx(7_200 / cross_s)
    served = served_veh_per_h(saturated("all_way_stop", cross_s=cross_s), 200_000)
    assert served.sum() == pytest.approx(expected, rel=0.01)


def test_platoons_approach_two_cars_per_follow_up_time_and_turns_of_one_are_alternating():
    many = [theory.turns_capacity_veh_per_h(n, 3.0, 2.0) for n in (1, 2, 5, 1e9)]
    assert many == pytest.approx([2_400.0, 2_880.0, 7_200 * 5 / 11, 3_600.0])


def test_a_signal_under_load_serves_its_platoons():
    world = saturated("fixed_time")
    greens = world.state.derived.green_s[0]
    expected = theory.signal_capacity_veh_per_h(greens, 3.0, 2.0)
    assert served_veh_per_h(world, 400_000).sum() == pytest.approx(expected, rel=0.01)
    cars = np.ceil(greens[0] / 2.0)
    assert expected == pytest.approx(theory.turns_capacity_veh_per_h(cars, 3.0, 2.0), rel=0.05)  # the plan is rounder


@pytest.mark.parametrize("demand", [20.0, 60.0])
def test_in_light_traffic_going_in_order_of_coming_loses_what_one_server_does(demand):
    world = models.make("crossing/no_signals", learner="first_come", seed=1, demand_veh_per_h=demand)
    frame = world.run(12_000_000)
    lost = frame["queue_veh"].sum() * 120.0
    came = 4 * demand / 3_600 * 1_200_000
    expected = theory.first_come_delay_s(demand * EVEN, 3.0, 2.0)
    assert lost / came == pytest.approx(expected, rel=0.05)


def test_light_traffic_by_hand():
    """Half of 80 cars an hour are of the other road and take 3 s, a quarter of the own lane and take 2 s."""
    flow = 80 / 3_600
    first_order = flow * (0.5 * 9.0 + 0.25 * 4.0) / 2.0
    assert theory.first_come_delay_s(20.0 * EVEN, 3.0, 2.0) == pytest.approx(first_order / (1 - flow * 2.0))
    assert theory.first_come_delay_s(0.0 * EVEN, 3.0, 2.0) == 0.0
    assert theory.first_come_delay_s(450.0 * EVEN, 3.0, 2.0) == np.inf


@pytest.mark.parametrize("demand", [100.0, 300.0, 450.0])
def test_a_signal_loses_about_what_webster_says(demand):
    world = models.make("crossing/no_signals", learner="fixed_time", seed=1, demand_veh_per_h=demand)
    frame = world.run(2_000_000)
    lost = frame["queue_veh"].sum() * 120.0 / (4 * demand / 3_600 * 200_000)
    assert lost == pytest.approx(theory.signal_delay_s(demand * EVEN, 3.0, 2.0), rel=0.1)


def test_the_demand_from_which_a_signal_pays_is_where_both_lose_the_same():
    demand = theory.signal_pays_from_veh_per_h(3.0, 2.0)
    yielding = theory.first_come_delay_s(demand * EVEN, 3.0, 2.0)
    assert yielding == pytest.approx(theory.signal_delay_s(demand * EVEN, 3.0, 2.0), rel=1e-6)


def test_chicken_is_mixed_one_in_seven():
    share = theory.chicken_share_go(crash=20.0, yield_alone=2.0, yield_both=3.0)
    assert share == pytest.approx(1 / 7)
    payoff = np.array([[-20.0, 0.0], [-2.0, -3.0]])
    mixed = [x for x, y in equilibria(payoff, payoff.T) if 0 < x[0] < 1]
    assert len(mixed) == 1 and mixed[0][0] == pytest.approx(share)
    assert models.make("games/chicken").parameters["payoff"] == ((-20.0, 0.0), (-2.0, -3.0))


@pytest.mark.parametrize("alpha", [0.02, 0.005])
def test_learners_who_play_chicken_with_everybody_go_as_often_as_the_equilibrium_says(alpha):
    """Of 141 players about twenty go, so that each of the others meets one in seven; exploration is part of it."""
    learner = {"kind": "q", "alpha": alpha, "gamma": 0.0, "epsilon": 0.02}
    share = models.make("games/chicken", nodes=141, seed=1, learner=learner).run(20_000)["share_go"].iloc[100:].mean()
    assert share == pytest.approx(1 / 7, abs=0.004)
