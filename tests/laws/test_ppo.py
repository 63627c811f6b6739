"""PPO inside the loop learns what it should: a crossing, and without giving up trying."""

import numpy as np
import pytest

import models
from tests.contracts.cases import missing

pytestmark = pytest.mark.skipif(bool(missing("ppo")), reason=missing("ppo"))
DAYS = range(900, 904)


def delay_s(world, day):
    """Mean delay of an hour of another day, frozen, after a quarter of an hour to fill the road."""
    fork = world.restart(seed=day)
    fork.freeze()
    fork.run(900)
    return fork.run(3600)["mean_delay_s"].mean()


def test_ppo_beats_the_fixed_plan_on_every_day_it_has_not_seen():
    """A hundred thousand seconds of one crossing; over eight days of 5,400 s: 18.6 to 20.6 s against 27.9 to 34.0."""
    world, plan = (models.make("traffic/single_crossing", learner=kind, seed=1) for kind in ("ppo", "fixed_time"))
    world.run(100_000)
    assert all(delay_s(world, day) < delay_s(plan, day) for day in DAYS)


def test_entropy_stays_above_its_floor_where_there_is_nothing_left_to_learn_and_learning_goes_on_after_a_change():
    settings = {"kind": "ppo", "gamma": 0.0, "entropy_floor": 0.3, "rollout_size": 128}
    world = models.make("games/prisoners_dilemma", learner=settings, seed=0, sees="nothing")
    world.run(6000)
    held = world.mind(0).rollout.decided.entropy[: int(world.mind(0).rollout.gathered[0]) or None].mean()
    assert world.record.frame()["share_defect"].iloc[-5:].mean() > 0.75  # it has learned
    assert held > 0.5 * 0.3 * np.log(2)
    world.change(payoff=((5.0, 3.0), (1.0, 0.0)))  # now cooperation pays, whatever the other does
    world.run(6000)
    assert world.record.frame()["share_cooperate"].iloc[-5:].mean() > 0.75
