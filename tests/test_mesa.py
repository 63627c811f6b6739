"""A world is a Mesa model: batches, agents, data collector, seeds and steps work as Mesa's users know them.

Mesa 3.3 counts steps; Mesa 3.5 (on Python 3.12) also keeps time and events, which the last tests ask for.
"""

import collections.abc
import inspect

import mesa
import numpy as np
import pytest

import models
from models.view import View

keeps_time = pytest.mark.skipif(not hasattr(mesa.Model, "schedule_event"), reason="Mesa before 3.5 keeps no time")


def game(**settings):
    return models.Games("games/coordination_ring", **{"seed": 3, **settings})


def batch(seeds, **options):
    """Rows of Mesa's batch runner; Mesa 3.5 takes seeds as an argument and drops those among the parameters."""
    parameters = {"scenario": "games/climbing", "record_every_ticks": 10, **options.pop("parameters", {})}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        options["rng"] = seeds
    else:
        parameters["seed"] = seeds
    return mesa.batch_run(
        models.Games, parameters=parameters, number_processes=1, max_steps=40, display_progress=False, **options
    )


def test_a_batch_runs_every_combination_of_scenario_parameters_and_seeds():
    rows = batch([1, 2], parameters={"learner": ["q", "random"]})
    assert sorted((row["learner"], row["seed"]) for row in rows) == [("q", 1), ("q", 2), ("random", 1), ("random", 2)]
    for row in rows:
        alone = models.make("games/climbing", learner=row["learner"], seed=row["seed"], record_every_ticks=10)
        alone.run(40)
        assert row["reward"] == alone.record.frame()["reward"][40]


def test_a_batch_collects_while_it_runs():
    rows = batch([5], data_collection_period=15)
    alone = models.make("games/climbing", seed=5, record_every_ticks=10)
    alone.run(40)
    closed = alone.record.frame()["reward"]
    collected = {row["Step"]: row["reward"] for row in rows}
    (first, nothing), *later = collected.items()
    assert first in (0, 1) and np.isnan(nothing)  # Mesa 3.3 counts from 0, Mesa 3.5 from 1
    assert [step - first for step, _ in later][:2] == [15, 30]
    assert [reward for _, reward in later][:2] == [closed[10], closed[30]]  # after ticks 16 and 31


def test_agents_are_an_agent_set_of_views_on_the_arrays():
    world = game()
    world.run(200)
    agents = world.agents
    assert isinstance(agents, collections.abc.MutableSet) and len(agents) == 64 and agents is world.agents
    assert agents.get("action") == world.turn.actions.tolist()
    assert agents.agg("reward", np.sum) == pytest.approx(world.turn.rewards.sum())
    left = agents.select(lambda agent: agent.action == 0)
    assert len(left) == int((world.turn.actions == 0).sum())
    groups = agents.groupby("action").count()
    assert sum(groups.values()) == 64
    assert next(iter(agents.sort("reward", ascending=True))).reward == world.turn.rewards.min()
    assert [agent.name for agent in agents] == world.agent_names
    world.run(50)
    assert agents.get("action") == world.turn.actions.tolist()  # views, not copies


def test_a_view_shows_values_and_the_greedy_policy():
    world = game(learner={"kind": "q", "epsilon": 0.5})
    world.run(300)
    agent = list(world.agents)[7]
    assert isinstance(agent, View) and agent.values.shape == (3, 2) and agent.values.any()
    assert agent.policy.tolist() == [int(np.argmax(values)) for values in agent.values]
    assert agent.state == world.turn.past_states[7]
    ignorant = next(iter(game(learner="random").agents))
    assert ignorant.values is None and ignorant.policy is None


def test_a_signal_shows_its_queue_and_phase():
    world = models.Traffic("traffic/single_crossing", seed=1, demand_veh_per_s=0.6)
    world.run(300)
    (signal,) = world.agents
    assert signal.queue_veh == world.state.queue_veh[0] > 0
    seen = set()
    for _ in range(120):
        world.step()
        seen.add((signal.phase, signal.changing))
    assert {changing for _, changing in seen} == {True, False}
    assert len({phase for phase, _ in seen}) >= 2


def test_the_data_collector_answers_step_by_step():
    world = game(record_every_ticks=20, record_agents=True)
    world.run(50)
    frame = world.datacollector.get_model_vars_dataframe()
    rows = world.record.frame()
    assert len(frame) == 50 and list(frame.columns) == list(rows.columns)
    assert frame["reward"][:19].isna().all()
    assert (frame["reward"][19:39] == rows["reward"][20]).all() and (frame["reward"][39:] == rows["reward"][40]).all()
    agents = world.datacollector.get_agent_vars_dataframe()
    assert agents.index.names == ["Step", "AgentID"] and len(agents) == 2 * 64
    assert agents.xs(40, level="Step")["reward"].mean() == pytest.approx(rows["reward"][40])


def test_seed_and_rng_are_two_names_of_one_thing():
    first, second, third = game(seed=11), game(seed=None, rng=11), game(seed=None, rng=np.random.SeedSequence(11))
    for world in (first, second):
        world.run(200)
    assert first.seed == second.seed == 11 and third.seed == game(seed=None, rng=np.random.SeedSequence(11)).seed
    assert first.record.frame().equals(second.record.frame())
    one, same = (game(seed=None, rng=np.random.default_rng(4)) for _ in range(2))
    assert one.seed == same.seed != first.seed
    drawn = game(seed=None)
    drawn.run(200)
    again = game(seed=drawn.seed)
    again.run(200)
    assert drawn.record.frame().equals(again.record.frame())


def test_a_seed_that_is_no_whole_number_is_refused():
    for wrong in (-1, 1.5, True, "7"):
        with pytest.raises(models.world.ScenarioError, match="a seed is a whole number, not negative"):
            game(seed=wrong)


def test_steps_are_ticks_whichever_way_they_are_taken(tmp_path):
    world = game()
    world.step()
    world.run(9)
    assert world.steps == world.tick == 10
    world.observe()
    world.advance(np.zeros(64))
    twin = world.fork()
    twin.step()
    twin.run(5)
    assert (world.steps, twin.steps) == (11, 17) == (world.tick, twin.tick)
    world.save(tmp_path / "world.npz")
    opened = models.World.open(tmp_path / "world.npz")
    opened.step()
    assert opened.steps == opened.tick == 12
    assert world.restart().steps == 0


def test_mesas_own_random_numbers_of_a_fork_go_on_alike():
    world = game()
    world.random.random()
    twin = world.fork()
    assert twin.random.random() == world.random.random()


@keeps_time
def test_time_is_the_steps_taken():
    world = game()
    world.run(10)
    world.step()
    twin = world.fork()
    twin.run(4)
    assert (world.time, twin.time) == (11, 15)
    world.run_for(5)
    assert world.time == world.steps == world.tick == 16


@keeps_time
def test_an_event_happens_at_its_time_inside_a_run():
    world, met = game(), []

    def note():
        met.append(world.tick)

    def cooperate():
        world.change(cooperation=1.0)

    for time in (3.0, 7.5):
        world.schedule_event(note, at=time)
    world.schedule_event(cooperate, at=20.0)
    world.run(30)
    assert met == [3, 8]  # an event between two ticks is met at the later one
    assert world.time == world.tick == 30 and world.changes == [(20, {"cooperation": 1.0})]
