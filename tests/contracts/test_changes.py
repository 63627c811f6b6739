"""Regimes and changes are one mechanism, for every parameter that may change while a world runs."""

import numpy as np
import pytest

import models
import scenarios
from engine import snapshot
from scenarios.schema import Regime
from tests.contracts.cases import LIVE, SMALLEST

NOISY = {"games": {"payoff_noise": 0.5}}  # a world without noise draws none; noise is where pairing must hold


every_live_parameter = pytest.mark.parametrize(("domain", "name", "value"), LIVE)


def life(world):
    """All that a world has lived through: record, minds, random states, and what everyone holds."""
    held = world.turn._replace(block=np.zeros(1), block_end=np.zeros(1))
    found = snapshot.arrays((held, world.groups)) | world.record.arrays()
    streams = [rng.bit_generator.state for rng in (world.rng, *(group.rng for group in world.groups))]
    return {name: array.tobytes() for name, array in found.items()}, streams


def scheduled(domain, repeat, *blocks):
    """The smallest world with regimes (ticks, changes), and the same world without any."""
    plain = scenarios.load(SMALLEST[domain]).change(**NOISY.get(domain, {}), record_every_ticks=50)
    regimes = tuple(Regime(name=str(n), ticks=ticks, change=change) for n, (ticks, change) in enumerate(blocks))
    with_regimes = plain.model_copy(update={"regime": regimes, "repeat": repeat})
    without = plain.model_copy(update={"regime": (), "repeat": False})
    return (models.make(scenario, learner="q", seed=2) for scenario in (with_regimes, without))


@every_live_parameter
def test_a_regime_and_the_equal_change_give_the_same_run(domain, name, value):
    by_clock, by_hand = scheduled(domain, False, (130, {}), (70, {name: value}))
    by_clock.run(300)
    by_hand.run(130)
    by_hand.change(**{name: value})
    assert by_hand.parameters[name] == value
    by_hand.run(170)
    assert life(by_clock) == life(by_hand)


@pytest.mark.parametrize("domain", sorted(SMALLEST))
def test_recurring_regimes_are_changes_back_and_forth(domain):
    by_clock, by_hand = scheduled(domain, True, (60, {}), (40, {"cooperation": 0.75}))
    by_clock.run(230)
    for ticks, kappa in ((60, 0.75), (40, None), (60, 0.75), (40, None), (30, 0.75)):
        by_hand.run(ticks)
        by_hand.change(cooperation=kappa)
    assert life(by_clock) == life(by_hand) and by_clock.regime_at(260) == by_clock.regime_at(299) == 1


@every_live_parameter
def test_a_world_that_was_changed_draws_the_same_random_numbers(domain, name, value):
    _, world = scheduled(domain, False)
    twin = world.fork()
    twin.change(**{name: value})
    for lived in (world, twin):
        lived.run(300)
    assert twin.rng.bit_generator.state == world.rng.bit_generator.state
    assert world.changes == [] and world.parameters[name] != twin.parameters[name]


@every_live_parameter
def test_a_change_given_back_leaves_the_schedule_in_force(domain, name, value):
    by_clock, pinned = scheduled(domain, False, (100, {}), (100, {name: value}))
    assert pinned.parameters[name] == by_clock.parameters[name] != value
    by_clock.change(**{name: value})
    assert by_clock.parameters[name] == value
    by_clock.change(**{name: None})
    assert by_clock.parameters[name] != value
    by_clock.run(150)
    assert by_clock.parameters[name] == value and by_clock.changes == [(0, {name: value}), (0, {name: None})]


def test_parameters_that_hold_for_a_run_are_refused_in_it():
    for domain in SMALLEST:
        world = models.make(SMALLEST[domain], learner="random", seed=0)
        for knob in scenarios.knobs(scenarios.parameters(domain)()):
            if not knob.live:
                with pytest.raises(scenarios.ScenarioError, match=f'"{knob.name}" is set when a world is made'):
                    world.change(**{knob.name: knob.value})
