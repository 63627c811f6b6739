"""Whoever is examined plays what it has learned: a memory recalls, and an agent does what it is said to prefer."""

import numpy as np
import pytest

import learners
import models
import scenarios
from tests.contracts.cases import case

REMEMBERING = [name for name in scenarios.names()
               if any(group.settings.get("lifelong") for group in scenarios.load(name).learner)]  # fmt: skip
PASSES = 2  # through all regimes; after one, a record of the last regime may still be too young to be known again
MARGIN = 0.05  # of what is earned while learning goes on
DRAWS = {"exp3": "strategy", "roth_erev": "propensity", "wolf_phc": "strategy"}  # by which an action is drawn
TABLES = [kind for kind in learners.names() if kind not in ("random", "ppo")]


@pytest.mark.parametrize("name", REMEMBERING)
def test_frozen_after_training_a_memory_does_as_well_as_if_it_went_on_learning(name):
    scenario = scenarios.load(name)
    ticks = sum(regime.ticks for regime in scenario.regime)
    world = models.make(scenario, seed=1)
    world.run(PASSES * ticks)
    exam = world.fork()
    exam.freeze()
    live, frozen = (each.run(ticks)["reward"].mean() for each in (world, exam))
    assert frozen >= live - MARGIN * abs(live)


@pytest.mark.parametrize("ticks", [0, 60])
@pytest.mark.parametrize("kind", [case(kind) for kind in TABLES])
def test_what_an_agent_prefers_is_what_it_does_when_it_does_not_explore(kind, ticks):
    """Also before it has learned anything, when all actions are worth the same."""
    for seed in range(5):
        world = models.make("games/climbing", learner=kind, seed=seed)
        world.run(ticks)
        world.freeze()
        world.step()
        mind = world.mind(0)
        for agent in world.agents:
            if agent.values is None:
                assert agent.policy is None  # a learner without a table of values
                continue
            preferred, values = agent.policy[agent.state], agent.values[agent.state]
            if kind in DRAWS:
                chances = getattr(mind, DRAWS[kind])[agent.index, agent.state]
                assert chances[preferred] == chances.max()
            elif hasattr(mind, "greedy"):
                assert agent.action == preferred
            else:  # a lot is drawn among equals each time
                assert np.isclose(values[agent.action], values.max()) and np.isclose(values[preferred], values.max())
