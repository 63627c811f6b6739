"""Laws of the crossing: cars are conserved and keep their order, the safety layer holds, time lost adds up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from models.crossing.rules import unhindered
from models.crossing.state import IDLE, IN_BOX, ON_LANE, TICK_S, WRECKED

RULES = ["first_come", "gap_acceptance", "fixed_time", "all_way_stop"]
LEARNERS = ["random", "q", "expected_sarsa", "wolf_phc"]
somewhere = st.fixed_dictionaries(
    {
        "learner": st.sampled_from([*LEARNERS, *RULES]),
        "seed": st.integers(0, 10_000),
        "demand_veh_per_h": st.sampled_from([0.0, 100.0, 400.0, 1500.0]),
        "weight_east": st.sampled_from([0.0, 0.3, 1.0]),
        "cross_s": st.sampled_from([0.5, 1.7, 3.0, 6.0]),
        "follow_up_s": st.sampled_from([0.0, 1.3, 2.0]),
        "decide_every_s": st.sampled_from([0.1, 0.5, 2.0]),
        "cooperation": st.sampled_from([0.0, 0.5, 1.0]),
    }
)


def crossing(learner="q", seed=0, **changes):
    """A crossing of forty cars."""
    return models.make("crossing/priority_road", learner=learner, seed=seed, **{"weight_west": 1.0, **changes})


def lane(state, side):
    """Cars on a lane, first come first."""
    return [int(state.ring[side, (state.head[side] + k) % state.ring.shape[1]]) for k in range(state.on_lane[side])]


def recount(world):
    """Every car is in one place, and every list agrees with where cars say they are."""
    state = world.state
    idle, box = state.idle[: state.idle_number[0]].tolist(), state.box[: state.box_number[0]].tolist()
    lanes = [lane(state, side) for side in range(4)]
    everyone = idle + box + [car for cars in lanes for car in cars]
    assert sorted(everyone) == list(range(len(world.agent_names)))
    assert set(np.flatnonzero(state.where == IDLE)) == set(idle)
    assert set(np.flatnonzero((state.where == IN_BOX) | (state.where == WRECKED))) == set(box)
    assert set(np.flatnonzero(state.where == ON_LANE)) == {car for cars in lanes for car in cars}
    for side, cars in enumerate(lanes):
        assert len(cars) <= state.lane_veh[0] and (state.side[cars] == side).all()
        assert (np.diff(state.sight_s[cars]) >= 0).all()


@given(somewhere, st.booleans(), st.integers(1, 800))
@settings(max_examples=40)
def test_every_car_is_in_exactly_one_place_and_lanes_keep_the_order_of_arrival(where, safe, ticks):
    world = crossing(**where, safety_layer=safe, record_every_ticks=100_000)
    for _ in range(4):
        world.run(ticks)
        recount(world)
        world.change(demand_veh_per_h=where["demand_veh_per_h"] / 2 + 100, cross_s=2.0)


@given(somewhere, st.integers(0, 10_000))
@settings(max_examples=20)
def test_nobody_overtakes_on_a_lane(where, seed):
    world = crossing(**{**where, "seed": seed})
    before = [lane(world.state, side) for side in range(4)]
    for _ in range(300):
        world.step()
        for side, cars in enumerate(before):
            now, entered = lane(world.state, side), int(world.state.crossed[side])
            gone = [car for car in cars if car not in now]
            assert gone == cars[: len(gone)] and now[: len(cars) - len(gone)] == cars[len(gone) :]
            before[side] = now
            assert entered >= len(gone)


@given(somewhere)
@settings(max_examples=25)
def test_with_the_safety_layer_nothing_ever_collides(where):
    world = crossing(**where, safety_layer=True)
    world.run(20_000)
    assert world.state.collisions[0] == 0


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("demand", [200.0, 450.0, 900.0])
def test_rules_are_safe_without_the_layer_at_any_demand(rule, demand):
    world = models.make("crossing/no_signals", learner=rule, seed=1, demand_veh_per_h=demand)
    world.run(200_000)
    assert world.state.collisions[0] == 0 and world.state.crossed.min() > 300


def test_without_it_cars_that_do_not_care_collide_and_switching_it_on_ends_that():
    world = models.make("crossing/four_drivers", learner="random", seed=1)
    world.run(5_000)
    collisions = int(world.state.collisions[0])
    assert collisions > 20
    world.change(safety_layer=True)
    world.run(50_000)
    assert world.state.collisions[0] == collisions


@given(somewhere)
@settings(max_examples=15)
def test_no_two_cars_of_different_roads_are_in_the_box_at_one_moment_unless_they_collide(where):
    world = crossing(**where)
    seen = []
    for _ in range(400):
        before = world.state.crossed.sum()
        world.step()
        if world.state.crossed.sum() > before:
            box = world.state.box[: world.state.box_number[0]]
            seen += [
                (world.state.enter_s[car], world.state.leave_s[car], world.state.side[car] & 1, car, world.tick)
                for car in box
                if world.state.enter_s[car] >= (world.tick - 1) * TICK_S and world.state.where[car] == IN_BOX
            ]
    if world.state.collisions[0]:
        return
    for n, (enter, leave, road, *_) in enumerate(seen):
        for other_enter, other_leave, other_road, *_ in seen[n + 1 : n + 12]:
            assert road == other_road or other_enter >= leave or enter >= other_leave


def test_the_time_that_cars_lose_is_the_sum_of_what_each_tick_charges_them():
    world = crossing("first_come", seed=3, record_every_ticks=1)
    charged, trips = 0.0, 0.0
    for _ in range(20_000):
        before = world.state.crossed.sum()
        world.step()
        charged -= world.turn.rewards.sum()
        if world.state.crossed.sum() > before:
            box = world.state.box[: world.state.box_number[0]]
            new = box[world.state.enter_s[box] >= (world.tick - 1) * TICK_S - 1e-9]
            trips += (world.state.enter_s[new] - world.state.free_s[new]).sum()
    still = np.maximum(world.tick * TICK_S - world.state.free_s[world.state.where == ON_LANE], 0.0).sum()
    assert charged == pytest.approx(trips + still, rel=1e-9)


def test_right_goes_before_left_and_of_four_nobody_has_the_right_of_way():
    north, east, south, west = 7, 8, 9, 10
    assert unhindered.py_func((north, east, -1, -1)) == 0  # who comes from the east has north on the right
    assert unhindered.py_func((-1, east, south, -1)) == 1
    assert unhindered.py_func((-1, -1, south, west)) == 0
    assert unhindered.py_func((north, -1, -1, west)) == 1
    assert unhindered.py_func((north, east, south, -1)) == 0  # east waits for north, south waits for east
    assert unhindered.py_func((north, east, -1, west)) == 1
    assert unhindered.py_func((north, east, south, west)) == -1


@pytest.mark.parametrize("first", range(4))
def test_where_all_four_go_the_road_of_who_was_first_at_its_line_goes(first):
    world = models.make("crossing/four_drivers", learner="random", seed=1, demand_veh_per_h=0.0, safety_layer=True)
    world.state.line_s[:] = world.state.free_s[:] = -1.0
    world.state.line_s[first] = -2.0
    world.advance([1, 1, 1, 1])
    assert np.flatnonzero(world.state.where == IN_BOX).tolist() == [first % 2, first % 2 + 2]


def two_at_their_lines(safe):
    """A crossing where a car from the north and one from the east are at their lines, north first."""
    world = models.make("crossing/four_drivers", learner="random", seed=1, demand_veh_per_h=0.0, safety_layer=safe)
    state = world.state
    state.line_s[:2] = state.free_s[:2] = -1.0, -0.9
    state.where[2:], state.on_lane[2:] = IDLE, 0
    state.idle[:2], state.idle_number[0] = (2, 3), 2
    return world


def test_two_who_go_in_one_tick_collide_pay_and_block_the_box():
    world = two_at_their_lines(safe=False)
    deciding, *_ = world.observe()
    assert deciding[:2].all() and not deciding[2:].any()
    world.advance([1, 1, -1, -1])
    assert world.state.collisions[0] == 1
    assert (world.turn.rewards[:2] < -100.0).all() and (world.turn.rewards[2:] == 0.0).all()
    assert world.turn.common[:2] == pytest.approx(world.turn.rewards[:2])  # half of both, each
    world.run(99)
    assert (world.state.where[:2] == WRECKED).all()
    world.run(2)
    assert (world.state.where == IDLE).all()
    assert np.flatnonzero(world.state.delays).tolist() == [10, 11]  # a wreck's delay lasts until it is cleared away


def test_who_drives_into_another_answers_for_both():
    world = two_at_their_lines(safe=False)
    world.advance([1, 0, -1, -1])
    world.run(4)
    world.advance([-1, 1, -1, -1])
    assert world.state.collisions[0] == 1
    assert world.turn.rewards[0] == pytest.approx(-100.1) and world.turn.rewards[1] < -100.0
    assert world.turn.common[0] > -1.0 and world.turn.common[1] < -200.0


def test_with_the_layer_the_one_with_nobody_on_the_right_goes_and_the_other_waits():
    world = two_at_their_lines(safe=True)
    world.advance([1, 1, -1, -1])
    assert world.state.where[:2].tolist() == [IN_BOX, ON_LANE]
    world.advance([-1, -1, -1, -1])
    assert world.turn.common[0] == pytest.approx(-TICK_S) and world.turn.rewards[0] == 0.0  # answers for the other
    assert world.turn.rewards[1] == pytest.approx(-TICK_S)


def test_the_planner_counts_every_lost_second_once_beside_the_one_who_loses_it():
    world = crossing("all_way_stop", seed=5, demand_veh_per_h=700.0)
    world.run(5_000)
    for _ in range(500):
        world.step()
        own, answered = -world.turn.rewards.sum(), -world.turn.common.sum()
        assert own - 1e-9 <= answered <= 2 * own + 1e-9


def test_arrivals_are_poisson_in_number_and_the_same_whatever_cars_do():
    worlds = [models.make("crossing/no_signals", learner=kind, seed=4, record_every_ticks=600) for kind in RULES[::3]]
    frames = [world.run(600_000) for world in worlds]
    came = [
        (frame["queue_veh"] * 60 / frame["mean_delay_s"] + frame["turned_away_veh"]).round().to_numpy()
        for frame in frames
    ]
    known = [np.isfinite(number) for number in came]
    both = known[0] & known[1]
    assert both.mean() > 0.99 and (came[0][both] == came[1][both]).all()
    mean, variance = came[0][both].mean(), came[0][both].var()
    assert mean == pytest.approx(20.0, rel=0.03) and variance == pytest.approx(mean, rel=0.15)


def test_fleets_have_delays_of_their_own_that_add_up_to_that_of_all():
    world = models.make("crossing/two_fleets", seed=1)
    assert list(world.metrics)[-2:] == ["mean_delay_s_fleet_1", "mean_delay_s_fleet_2"]
    assert "mean_delay_s_fleet_1" not in models.make("crossing/no_signals").metrics
    row = world.run(1_200).iloc[0]
    low, high = sorted(row[["mean_delay_s_fleet_1", "mean_delay_s_fleet_2"]])
    assert low <= row["mean_delay_s"] <= high
