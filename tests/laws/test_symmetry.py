"""What is symmetric in a world is symmetric in its results: sides, axes, companies, firms, buyers and sellers."""

import numpy as np
import pytest

import learners
import models
from models.crossing.state import WRECKED
from tests.laws import grids


def mean_and_error(values):
    """Mean of values over seeds, and its standard error."""
    return np.mean(values), np.std(values, ddof=1) / len(values) ** 0.5


def test_each_side_of_a_crossing_answers_for_as_many_collisions():
    world = models.make("crossing/no_signals", learner="random", seed=1, safety_layer=False, demand_veh_per_h=900.0)
    guilt, state = np.zeros(4), world.state
    while state.collisions[0] < 300:
        before = state.collisions[0]
        world.run(20)  # a wreck stands for longer, so none is missed
        if state.collisions[0] > before:
            wrecks = [car for car in state.box[: state.box_number[0]] if state.where[car] == WRECKED]
            np.add.at(guilt, state.side[wrecks], state.guilt[wrecks])
    assert guilt.sum() == 300
    assert abs(guilt - 75).max() < 4 * (300 * 3 / 16) ** 0.5, guilt  # four standard errors of a share of a quarter


def test_a_town_turned_by_a_quarter_waits_as_long():
    across, along = {"weight_north": 0.4, "weight_south": 0.4}, {"weight_east": 0.4, "weight_west": 0.4}

    def delays(weights):
        worlds = [models.make("traffic/rush_hour", learner="max_pressure", seed=s, **weights) for s in range(8)]
        for world in worlds:
            world.run(1800)
        return [world.record.frame()["mean_delay_s"].mean() for world in worlds]

    (one, error), (other, more) = mean_and_error(delays(across)), mean_and_error(delays(along))
    assert abs(one - other) < 4 * np.hypot(error, more)


def test_two_firms_that_are_alike_earn_alike():
    learner = learners.load("q", epsilon=0.05)
    ahead = []
    for seed in range(60):
        world = models.make("oligopoly/duopoly", learner=learner, seed=seed)
        world.run(5_000)
        first, second = world.turn.rewards
        ahead.append(first - second)
    mean, error = mean_and_error(ahead)
    assert abs(mean) < 4 * error


def test_buyers_and_sellers_who_are_alike_share_alike():
    learner = learners.load("q", gamma=0.0)
    shares = []
    for seed in range(20):
        world = models.make("market/one_pair", learner=learner, seed=seed)
        world.run(20_000)
        shares.append(world.record.frame()["buyers_share"].mean())
    mean, error = mean_and_error(shares)
    assert abs(mean - 0.5) < 4 * error


LOAD = {"A": 0.0, "B": 90.0}


@pytest.mark.parametrize(
    ("units", "lines", "expected"),
    [
        ([("A", 100, 10), ("A", 50, 10)], [("A", "B", 200)], [60, 30]),  # at one bus
        ([("A", 100, 10), ("B", 100, 10)], [("A", "B", 200)], [45, 45]),  # at two, and the line has room
        ([("A", 100, 10), ("B", 100, 10)], [("A", "B", 20)], [20, 70]),  # the line says who runs, not the order
        ([("B", 40, 5), ("A", 100, 10), ("A", 100, 10)], [("A", "B", 200)], [40, 25, 25]),  # after a cheaper one
        ([("B", 100, 10), ("A", 100, 10), ("A", 100, 10)], [("A", "B", 20)], [70, 10, 10]),
    ],
)
def test_equal_offers_share_what_is_taken_of_them(units, lines, expected, tmp_path):
    for order in (1, -1):
        folder = tmp_path / str(order)
        folder.mkdir()
        world = grids.world(grids.write(folder, LOAD, units[::order], lines))
        world.step()
        assert world.state.now.mw[: len(units)] == pytest.approx(expected[::order], abs=1e-6)
