"""Laws of route choice: nobody is lost on the way, and what drivers learn is what theory says."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
import scenarios
from models.routes import theory
from tests.contracts.digests import digest

BAND = 0.5  # min, around the figures of Braess
STREETS = {"network": "grid", "rows": 3, "columns": 3, "pairs": ("A1-C3", "C1-A3", "B2-C1"), "routes": 4}


def shortcut(learner="q", seed=1, **changes):
    """The network of Braess without regimes, its shortcut open."""
    plain = scenarios.load("routes/braess").model_copy(update={"regime": (), "repeat": False})
    return models.make(plain, learner=learner, seed=seed, **changes)


def settled_min(world, days=3000):
    """Mean travel time over the last half of some days."""
    return float(world.run(days)["mean_cost_min"].iloc[-days // 2 // world.record.window_ticks :].mean())


LEARNING = {"kind": "q", "gamma": 0.0, "alpha": 0.05, "epsilon": 0.01}
SETTLING = {**LEARNING, "epsilon": 0.1, "exploration": "exponential", "half_life": 200.0}


@given(st.integers(0, 1000))
@settings(max_examples=10)
def test_every_day_each_pair_puts_its_whole_demand_on_the_road(seed):
    world = shortcut("random", seed, drivers=50, demand_veh=1000.0, **STREETS)
    for _ in range(5):
        world.step()
        assert world.state.route_flow.sum(axis=1) == pytest.approx(world.demand(world.scenario.world).volume)
        assert world.state.route.tolist() == world.turn.actions.tolist()


@given(st.integers(0, 1000))
@settings(max_examples=10)
def test_what_enters_a_place_leaves_it_or_ends_there(seed):
    world = shortcut("random", seed, drivers=50, **STREETS)
    world.run(3)
    roads, demand = world.roads(world.scenario.world), world.demand(world.scenario.world)
    balance = np.zeros(len(world.graph))
    np.add.at(balance, roads.head, world.state.link_flow)
    np.subtract.at(balance, roads.tail, world.state.link_flow)
    np.add.at(balance, demand.origin, demand.volume)
    np.subtract.at(balance, demand.destination, demand.volume)
    assert balance == pytest.approx(np.zeros(len(world.graph)), abs=1e-9)


def test_the_network_of_braess_has_three_routes_and_their_times_are_those_of_the_textbook():
    """By hand: 1000 over the shortcut and 2000, 1000 at the sides: 30 + 20, 30 + 45 and 45 + 20 min."""
    world = shortcut("random", drivers=4, demand_veh=4000.0)
    assert world.routes.number == [3]
    names = world.scene()["names"][0]
    via = {name: names.index(f"Home–{name}–Work") for name in ("North–South", "North", "South")}
    world.observe()
    world.advance([via["North–South"], via["North"], via["North"], via["South"]])
    assert world.state.route_time[0, list(via.values())] == pytest.approx([50.0, 75.0, 65.0])
    assert -world.turn.rewards == pytest.approx([50.0, 75.0, 75.0, 65.0])


def test_the_planner_charges_each_driver_what_its_trip_costs_all_others():
    """By hand in the same day: x t' is 30 min on the first link, 20 on the last."""
    world = shortcut("random", drivers=4, demand_veh=4000.0, cooperation=1.0)
    names = world.scene()["names"][0]
    via = [names.index(f"Home–{name}–Work") for name in ("North–South", "North", "North", "South")]
    world.observe()
    assert -world.advance(via) == pytest.approx([100.0, 105.0, 105.0, 85.0])
    tolled = shortcut("random", drivers=4, demand_veh=4000.0, toll="marginal")
    tolled.observe()
    assert -tolled.advance(via) == pytest.approx([100.0, 105.0, 105.0, 85.0])


@given(st.floats(0.0, 1.0), st.integers(0, 1000))
@settings(max_examples=10)
def test_cooperation_with_the_planner_is_altruism_in_routing(kappa, seed):
    """Chen and Kempe 2008: perceived cost t + kappa x t'."""
    world = shortcut("random", seed, drivers=30, cooperation=kappa, **STREETS)
    world.run(2)
    state, i = world.state, np.arange(30)
    perceived = (state.route_time + kappa * state.route_external)[state.pair[i], state.route[i]]
    assert -world.turn.gains == pytest.approx(perceived)


def test_on_curved_roads_a_trip_costs_all_others_the_flow_times_the_slope():
    world = shortcut("random", drivers=30, **STREETS)
    world.run(2)
    roads, flow, step = world.roads(world.scenario.world), world.state.link_flow, 1e-2
    slope = (roads.cost(flow + step) - roads.cost(np.maximum(flow - step, 0.0))) / (2 * step)
    assert roads.power.max() > 1.0
    assert world.state.link_external[flow > 1.0] == pytest.approx((flow * slope)[flow > 1.0], rel=1e-4)


def test_nobody_switches_on_the_first_day():
    days = shortcut("random", drivers=50, record_every_ticks=1).run(2)["switches"]
    assert days.iloc[0] == 0.0 < days.iloc[1]


def test_closed_roads_carry_nobody_and_their_drivers_take_the_shortest_open_way():
    world = shortcut("random", drivers=200, closed_links=("North-South",), record_every_ticks=1)
    gap = world.run(5)["relative_gap"].iloc[-1]
    ends = list(world.graph.edges)
    names = {(world.graph.nodes[i]["name"], world.graph.nodes[j]["name"]): n for n, (i, j) in enumerate(ends)}
    assert world.state.link_flow[names["North", "South"]] == 0.0
    assert world.state.route_flow.sum() == pytest.approx(4000.0)
    via = world.scene()["names"][0].index("Home–North–South–Work")
    assert world.state.route_flow[0, via] == 0.0 and (world.turn.actions == via).any()
    time, flow = (np.delete(part[0], via) for part in (world.state.route_time, world.state.route_flow))
    assert gap == pytest.approx(flow @ (time - time.min()) / (flow @ time))  # nobody gains by a road that is closed


def test_at_the_equilibrium_nobody_gains_by_another_route():
    """All on the shortcut: 80 min, 85 by either side."""
    world = shortcut("random", drivers=40)
    names = world.scene()["names"][0]
    via = names.index("Home–North–South–Work")
    world.observe()
    world.advance([via] * 40)
    assert world.state.route_time[0].argmin() == via and world.state.route_time.min() == 80.0
    assert world.state.route_time.max() == 85.0


@pytest.mark.parametrize("kappa", [0.0, 1.0])
def test_one_driver_more_or_less_is_all_that_separates_best_replies_from_theory(kappa):
    """Drivers who take turns to answer best rest within a vehicle of the equilibrium that assignment finds."""
    world = shortcut("random", drivers=400, cooperation=kappa)
    actions = np.zeros(400, np.int64)
    for turn in range(4000):
        world.observe()
        world.advance(actions)
        cost = (world.state.route_time + kappa * world.state.route_external)[0]
        driver = turn % 400
        if cost[actions[driver]] > cost.min() + 0.2:  # what ten vehicles add
            actions[driver] = cost.argmin()
    expected = world.theory_lines("mean_cost_min")["user equilibrium"][0]
    found = float(world.state.route_flow[0] @ world.state.route_time[0] / 4000)
    assert found == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("change", "minutes"),
    [({"closed_links": ("North-South",)}, 65.0), ({}, 80.0), ({"toll": "marginal"}, 64.6875)],
    ids=["closed", "open", "tolled"],
)
def test_four_thousand_learning_drivers_end_where_braess_says(change, minutes):
    world = shortcut(LEARNING, **change)
    assert settled_min(world) == pytest.approx(minutes, abs=BAND)
    if not change:
        assert world.theory_lines("price_of_anarchy")["user equilibrium"][0] == pytest.approx(80 / 64.6875, abs=1e-3)


def test_once_settled_frozen_drivers_repeat_their_day_and_hardly_one_would_answer_it_otherwise():
    world = shortcut(SETTLING, toll="marginal")
    world.run(3000)
    world.freeze()
    world.run(1)
    flow, cost = world.state.route_flow.copy(), world.state.route_time + world.state.route_toll
    assert (flow * (cost - cost.min())).sum() / (flow * cost).sum() < 0.005
    world.run(50)
    assert np.array_equal(world.state.route_flow, flow)


def test_drivers_who_cooperate_fully_need_no_toll():
    assert settled_min(shortcut(SETTLING, cooperation=1.0)) == pytest.approx(64.6875, abs=0.1)


@pytest.mark.parametrize(("toll", "minutes"), [("none", 1.0), ("marginal", 0.75)])
def test_pigous_drivers_waste_a_quarter_and_the_toll_saves_it(toll, minutes):
    plain = scenarios.load("routes/pigou").model_copy(update={"regime": (), "repeat": False})
    assert settled_min(models.make(plain, seed=1, toll=toll)) == pytest.approx(minutes, abs=0.02)


def test_drivers_who_know_only_their_own_trips_find_the_equilibrium_of_a_town():
    """Relative gap of learned link flows on the whole network, not only over the routes that drivers know."""
    world = models.make("routes/commute", seed=1)
    world.run(1500)
    p = world.scenario.world
    assert theory.link_gap(world.roads(p), world.is_open(p), world.demand(p), world.state.link_flow) < 0.03
    equilibrium = world.theory_lines("mean_cost_min")["user equilibrium"][0]
    assert world.record.frame()["mean_cost_min"].iloc[-1] == pytest.approx(equilibrium, rel=0.03)


def test_the_fleet_that_thinks_of_others_drives_longer_and_both_drive_less_than_if_nobody_did():
    """By hand: altruists keep to the sides, 1000 each, the 2000 others take the shortcut: 75 and 60 min."""
    row = models.make("routes/two_fleets", seed=1, record_every_ticks=500).run(2500).iloc[-1]
    assert row["mean_cost_min_fleet_1"] == pytest.approx(75.0, abs=0.5)
    assert row["mean_cost_min_fleet_2"] == pytest.approx(60.0, abs=0.5)
    assert row["mean_cost_min"] == pytest.approx(67.5, abs=0.5)


def test_a_memory_finds_its_way_back_when_the_shortcut_opens_again():
    """Without one, nobody tries the road that was dear under the toll, and the second pass looks like the optimum."""
    plain = {"kind": "q", "gamma": 0.0, "alpha": 0.05, "epsilon": 0.01}
    with_memory, without = (models.make("routes/braess", seed=1, learner=kind) for kind in (None, plain))
    for world in (with_memory, without):
        world.run(5000)
    again = [float(world.record.frame()["mean_cost_min"].iloc[-10:].mean()) for world in (with_memory, without)]
    assert again[0] == pytest.approx(80.0, abs=0.5) and again[1] < 70.0


def test_an_informed_driver_learns_from_roads_it_did_not_take():
    for share, learned in ((0.0, 1), (1.0, 3)):
        world = shortcut({"kind": "day_to_day", "inertia": 0.0}, drivers=10, information_share=share)
        world.run(2)
        assert (world.visits(0) > 0).sum() == learned


def test_a_regime_and_its_change_are_the_same_run():
    by_clock, by_hand = (models.make("routes/braess", seed=2, learner=LEARNING) for _ in range(2))
    by_clock.run(1200)
    by_hand.run(1000)
    by_hand.change(closed_links=())
    by_hand.run(200)
    by_hand.change(closed_links=None)
    assert digest(by_clock) == digest(by_hand)


def test_roads_come_from_a_file(tmp_path):
    graph = nx.DiGraph()
    graph.add_node("a", name="Home")
    graph.add_node("b", name="Work")
    graph.add_node("m", name="Middle")
    graph.add_edge("a", "b", free_min=10.0, capacity_veh=100.0, b=0.5, power=1.0)
    graph.add_edge("a", "m", free_min=4.0, slope_min=0.1, power=1.0)
    graph.add_edge("m", "b", free_min=8.0, slope_min=0.0, power=1.0)
    nx.write_graphml(graph, tmp_path / "town.graphml")
    town = {"network": str(tmp_path / "town.graphml"), "pairs": ("Home-Work",), "drivers": 2, "demand_veh": 200.0}
    world = shortcut("random", **town)
    world.observe()
    world.advance([0, 1])
    assert world.state.route_time[0, :2] == pytest.approx([10.0 + 5.0, 4.0 + 10.0 + 8.0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"network": "brass"}, 'network = "brass"; allowed are braess, pigou, grid.*Did you mean "braess"'),
        ({"closed_links": ("North-Sout",)}, 'closed_links: there is no road "North-Sout".*Did you mean "North-South"'),
        ({"tolled_links": ("X-Y",)}, 'tolled_links: there is no road "X-Y"'),
        ({"closed_links": ("South-Work", "North-Work")}, "closed_links leaves no route from Home to Work"),
        ({"pairs": ("Home-Wrok",)}, 'pairs: "Home-Wrok" is no two places'),
        ({"pairs": ("Work-Home",)}, "no road leads from Work to Home"),
        ({"drivers": 1, "pairs": ("Home-Work", "Home-North")}, "give every pair a driver"),
        ({"network": "nowhere.graphml"}, "no such file"),
    ],
)
def test_roads_that_cannot_be_are_refused_in_a_sentence(wrong, message):
    with pytest.raises(scenarios.ScenarioError, match=message) as refused:
        shortcut(**wrong)
    assert "\n" not in str(refused.value) and "braess.toml" in str(refused.value)
