"""A world is a Mesa model: Mesa's own tools accept it unmodified."""

import copy

import mesa
import networkx as nx
import numpy as np
import pytest
from mesa.agent import AgentSet

import models
from models import Games, Traffic

HAS_EVENTS = hasattr(mesa.Model, "schedule_event")
has_events = pytest.mark.skipif(not HAS_EVENTS, reason="this Mesa has no time and events")


def game(**settings):
    return Games("games/prisoners_dilemma", **{"seed": 1, **settings})


def batch(parameters, seeds, **settings):
    """Rows of Mesa's batch runner; Mesa 3.3 takes seeds as a parameter, 3.5 as rng=."""
    seeds = {"parameters": parameters, "rng": seeds} if HAS_EVENTS else {"parameters": {**parameters, "seed": seeds}}
    return mesa.batch_run(Games, **seeds, **settings, number_processes=1, display_progress=False)


def test_mesas_batch_runner_varies_parameters_and_seeds():
    rows = batch(
        {"scenario": "games/climbing", "learner": ["q", "random"], "payoff_noise": [0.0, 1.0]}, [1, 2],
        max_steps=250, data_collection_period=-1,
    )  # fmt: skip
    assert len(rows) == 8
    assert {(row["learner"], row["payoff_noise"]) for row in rows} == {(k, n) for k in ("q", "random") for n in (0, 1)}
    for row in rows:
        assert row["Step"] in (250, 251)  # Mesa 3.3 takes one step more than it is asked for
        by_hand = models.make(
            "games/climbing", learner=row["learner"], payoff_noise=row["payoff_noise"], seed=row["seed"]
        )
        by_hand.run(200)
        assert row["reward"] == by_hand.record.frame()["reward"].iloc[-1]


def test_mesas_batch_runner_reads_every_step():
    rows = batch({"record_every_ticks": 4}, [1], max_steps=12, data_collection_period=1)
    late = 0 if HAS_EVENTS else 1  # Mesa 3.3 calls what it reads after the first step "Step 0"
    world = Games(record_every_ticks=4, seed=rows[0]["seed"])
    closed = world.run(16)["reward"]
    assert {row["Step"] for row in rows} >= set(range(1, 12))
    for row in rows:
        after = row["Step"] + late
        assert np.isnan(row["reward"]) if after < 4 else row["reward"] == closed[after // 4 * 4]


def test_mesas_batch_runner_has_a_row_per_agent_where_agents_are_recorded():
    rows = batch({"record_every_ticks": 4, "record_agents": True}, [1], max_steps=12, data_collection_period=-1)
    world = Games(record_every_ticks=4, record_agents=True, seed=rows[0]["seed"])
    world.run(12)
    last = world.record.agents().iloc[-1].tolist()
    assert [row["AgentID"] for row in rows] == [agent.unique_id for agent in world.agents]
    assert [row["agent_reward"] for row in rows] == last and rows[0]["reward"] == np.mean(last)
    assert world.datacollector.get_agent_vars_dataframe()["agent_reward"].iloc[-len(rows) :].tolist() == last


def test_a_batch_that_is_shorter_than_a_window_says_why_it_holds_nothing():
    with pytest.warns(UserWarning, match="a row per 40 steps, so after .* it holds NaN; run longer, or"):
        batch({"record_every_ticks": 40}, [1], max_steps=12, data_collection_period=-1)


def test_agents_are_views_that_know_their_name_policy_and_reward():
    world = game()
    world.run(300)
    first, second = world.agents
    assert isinstance(world.agents, AgentSet) and first.model is world
    assert (first.name, second.name, first.unique_id) == ("1", "2", 1)
    assert first.reward == world.turn.rewards[0] and first.action == world.turn.actions[0]
    assert np.array_equal(first.policy, world.groups[0].mind.greedy[0])
    assert world.agents.get("action") == world.turn.actions.tolist()
    world.run(1)
    assert first.reward == world.turn.rewards[0]  # a view, not a copy
    twin = world.fork()
    twin.run(50)
    assert [agent.unique_id for agent in twin.agents] == [1, 2] and twin.agents[0].model is twin


def test_signals_are_agents_too():
    world = Traffic("traffic/arterial", seed=1)
    world.run(200)
    assert sum(world.agents.get("queue_veh")) == world.state.queue_veh.sum() > 0
    assert set(world.agents.get("changing")) <= {True, False} and "–" in world.agents[0].phase


def test_the_datacollector_answers_step_by_step_with_the_last_closed_window():
    world = game(record_every_ticks=3)
    world.run(8)
    frame, rows = world.datacollector.get_model_vars_dataframe(), world.record.frame()
    assert len(frame) == 8 and frame["reward"].iloc[:2].isna().all()
    assert frame["reward"].iloc[2:].tolist() == [rows["reward"][3]] * 3 + [rows["reward"][6]] * 3
    assert world.datacollector.model_vars["reward"][-1] == rows["reward"][6]
    with pytest.raises(IndexError, match="step 8 of 8"):
        world.datacollector.model_vars["reward"][8]


def test_the_datacollector_tells_rewards_of_agents():
    world = game(record_every_ticks=10, record_agents=True)
    world.run(30)
    frame = world.datacollector.get_agent_vars_dataframe()
    assert frame.index.names == ["Step", "AgentID"] and frame.shape == (6, 1)
    assert frame.loc[(20, "2"), "agent_reward"] == world.record.agents().loc[20, "2"]


def test_seed_and_rng_name_the_same_run():
    frames = []
    for given in ({"seed": 7}, {"rng": 7, "seed": None}, {"rng": np.int64(7), "seed": None}):
        world = game(**given)
        world.run(100)
        frames.append(world.record.frame())
    assert frames[0].equals(frames[1]) and frames[0].equals(frames[2])
    unseeded = Games("games/prisoners_dilemma")
    unseeded.run(100)
    again = Games("games/prisoners_dilemma", seed=unseeded.seed)
    again.run(100)
    assert unseeded.record.frame().equals(again.record.frame())
    assert game(rng=np.random.default_rng(5)).seed == game(rng=np.random.default_rng(5)).seed


def test_steps_are_counted_however_they_are_taken(tmp_path):
    world = game()
    world.step()
    world.run(20)
    world.observe()
    world.advance([0, 1])
    world.step()
    twin = world.fork()
    world.save(tmp_path / "world.npz")
    opened = models.World.open(tmp_path / "world.npz")
    for model in (world, twin, opened):
        assert model.steps == model.tick == 23 and model.running
        model.step()
        model.run(2)
        assert model.steps == model.tick == 26
    world.run_for(4) if hasattr(world, "run_for") else [world.step() for _ in range(4)]
    assert world.steps == world.tick == 30


def test_sets_of_agents_are_chosen_sorted_and_thinned_out_as_in_any_model():
    world = game()
    world.run(50)
    first, second = world.agents
    for others in (world.agents.select(), copy.copy(world.agents), world.agents.shuffle(), world.agents.sort("reward")):
        others.remove(first)
        assert list(others) == [second]
    assert list(world.agents.select(lambda agent: agent.index == 1)) == [second]
    assert [list(agents) for _, agents in world.agents.groupby("name")] == [[first], [second]]
    assert world.agents.agg("reward", sum) == world.turn.rewards.sum() and list(world.agents) == [first, second]


def test_agents_are_known_by_their_type_before_anybody_asked_for_them():
    world = Traffic("traffic/arterial", seed=1)
    (kind,) = world.agent_types
    assert kind.__name__ == "Signal" and list(world.agents_by_type[kind]) == list(world.agents)


def test_the_space_is_the_graph_with_every_agent_at_its_node():
    world = Traffic("traffic/arterial", seed=1)
    assert isinstance(world.space, mesa.discrete_space.Network) and nx.utils.graphs_equal(world.space.G, world.graph)
    assert [agent.cell.coordinate for agent in world.space.agents] == list(world.graph)
    near = {cell.coordinate: sorted(cell.connections) for cell in world.space.all_cells.cells}
    assert near == {node: sorted(world.graph[node]) for node in world.graph}
    twin = world.fork()
    assert twin.space is not world.space and next(iter(twin.space.agents)).model is twin


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.filterwarnings("ignore:Failed to validate hooks")  # Solara of Mesa's own page, as it is imported
def test_mesas_renderer_draws_the_space():
    pytest.importorskip("altair", reason="Mesa's drawing tools need altair, which we do not")
    from mesa.visualization import SpaceRenderer
    from mesa.visualization.components import AgentPortrayalStyle

    world = Traffic("traffic/arterial", seed=1)
    renderer = SpaceRenderer(world, backend="matplotlib")
    renderer.render(agent_portrayal=lambda agent: AgentPortrayalStyle(size=20 + agent.queue_veh))
    drawn = sum(len(collection.get_offsets()) for collection in renderer.canvas.collections)
    assert drawn >= 2 * len(world.agents)  # nodes, and agents at them


def test_a_world_that_is_stopped_runs_no_further():
    world = game(record_every_ticks=10)
    world.watch("stopped", lambda world: setattr(world, "running", world.tick < 30) or 0.0)
    world.run_model()
    assert world.tick == 30
    world.running = True
    world.watch("stopped", lambda world: setattr(world, "running", world.tick < 70) or 0.0)
    assert len(world.run(1000)) == 4 and world.tick == 70 and not world.fork().running
    with pytest.raises(RuntimeError, match=r"set world\.running = True"):
        world.run(1)


@has_events
def test_time_goes_with_the_steps_and_one_step_is_one_tick():
    world = game()
    world.run(11)
    world.step()
    assert world.time == world.steps == world.tick == 12
    world.run_until(20.0)
    assert world.time == world.steps == world.tick == 20


@has_events
def test_events_happen_on_their_tick_in_a_run_as_in_steps():
    def lived(run):
        world, heard = game(), []

        def hear():
            heard.append((world.tick, world.time))

        def cooperate():
            world.change(cooperation=1.0)

        world.schedule_event(hear, at=10.0)
        world.schedule_event(cooperate, at=20.0)
        run(world)
        return heard, world.changes, world.turn.gains.tolist()

    ran, stepped = lived(lambda world: world.run(30)), lived(lambda world: [world.step() for _ in range(30)])
    assert ran == stepped and len(ran[0]) == 1 and [tick for tick, _ in ran[1]] == [20]
