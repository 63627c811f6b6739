"""Laws of the road: vehicles are conserved, links do not overflow, red means stop, and north is nothing special."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from models.traffic import crossings
from models.traffic.state import Sum
from tests.laws import roads

small = st.fixed_dictionaries(
    {
        "rows": st.integers(1, 2),
        "columns": st.integers(1, 3),
        "learner": st.sampled_from(["random", "q", "fixed_time", "max_pressure"]),
        "seed": st.integers(0, 10_000),
        "demand_veh_per_s": st.sampled_from([0.0, 0.05, 0.2, 0.6]),
        "shared_lanes": st.booleans(),
        "link_length_m": st.sampled_from([60.0, 200.0]),
        "yellow_s": st.integers(0, 4),
        "detectors": st.sampled_from(["stop_line", "advance", "full", "clock"]),
    }
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "demand_veh_per_s": st.sampled_from([0.0, 0.1, 1.0]),
        "weight_north": st.floats(0, 5),
        "left_share_ew": st.floats(0, 0.8),
        "closed_links": st.just(("A1-A2",)),
        "saturation_headway_s": st.integers(1, 4),
        "min_green_s": st.integers(1, 9),
        "decide_every_s": st.integers(1, 9),
        "max_red_s": st.sampled_from([0, 20, 120]),
        "yellow_s": st.integers(0, 10),
    },
)


@given(small, changes, st.integers(1, 900))
@settings(max_examples=40)
def test_vehicles_are_neither_made_nor_lost_and_every_count_agrees_with_a_recount(given_roads, changed, ticks):
    world = roads.world(**given_roads, record_every_ticks=10_000)
    world.run(ticks)
    if given_roads["columns"] == 1:
        changed = {name: value for name, value in changed.items() if name != "closed_links"}
    world.change(**changed)
    for _ in range(3):
        world.run(ticks % 97)
        present = roads.recount(world)
        born, finished = roads.made_and_gone(world)
        assert born == finished + present


def test_arrivals_beyond_the_waiting_room_are_turned_away_and_counted():
    world = roads.world(1, 1, demand_veh_per_s=1.0, weight_north=5.0, record_every_ticks=2_000)
    row = world.run(2_000).iloc[0]
    born = row["queue_veh"] * 2_000 / row["mean_delay_s"]
    finished = row["throughput_veh_per_h"] * 2_000 / 3_600
    assert world.state.buffer_number.max() == world.state.buffer.shape[1]
    assert born == pytest.approx(finished + roads.recount(world))
    arrived = 8.0 * 2_000  # 5 from the north and 1 from each other side in a second
    assert born + row["turned_away_veh"] == pytest.approx(arrived, abs=4 * arrived**0.5)


@given(small)
@settings(max_examples=10)
def test_only_the_green_phase_discharges_and_nobody_does_in_yellow(given_roads):
    world = roads.world(**given_roads)
    world.run(200)
    state = world.state
    for _ in range(60):
        before = [roads.vehicles_on(state, lane)[:1] for lane in range(state.on_lane.size)]
        turn = state.turn.copy()
        world.step()
        for lane, first in enumerate(before):
            if first and roads.vehicles_on(state, lane)[:1] != first:
                link = world.network.lane_link[lane]
                assert state.next_phase[link // 4] == -1
                assert 2 * (link % 2) + (world.network.direction[turn[first[0]]] == 0) == state.phase[link // 4]


@pytest.mark.parametrize("shared_lanes", [False, True])
def test_a_full_road_lets_nobody_in(shared_lanes):
    world = roads.world(1, 3, demand_veh_per_s=0.6, link_length_m=60.0, lanes=1, shared_lanes=shared_lanes)
    between, state, full = world.network.start >= 0, world.state, 0
    for _ in range(900):
        world.step()
        assert (state.occupied_veh <= state.layout.storage_veh).all()
        full += (state.occupied_veh == state.layout.storage_veh)[between].any()
    assert full > 300


@pytest.mark.parametrize("yellow_s", [0, 1, 3, 10])
def test_every_switch_costs_its_yellow(yellow_s):
    plan = {"kind": "fixed_time", "cycle_s": 80}
    world = roads.world(1, 1, learner=plan, yellow_s=yellow_s, max_red_s=0, record_every_ticks=1_000)
    dark = 0
    for _ in range(799):
        world.step()
        dark += int(world.state.next_phase[0] >= 0)
    assert world.state.sums[Sum.SWITCHES] == 39 and dark == 39 * yellow_s  # ten cycles of four, but for the last


def test_a_lane_discharges_one_vehicle_per_headway():
    world = roads.world(1, 1, learner="random", demand_veh_per_s=0.8)
    last: dict[int, int] = {}
    for _ in range(400):
        starts = world.state.next_start.copy()
        world.step()
        for lane in np.flatnonzero(world.state.next_start != starts):
            assert world.tick - last.get(lane, -99) >= 2
            last[lane] = world.tick


@given(st.sampled_from(["max_pressure", "random"]), st.sampled_from([0.05, 0.12]))
@settings(max_examples=4)
def test_littles_law_holds(learner, demand):
    """Vehicles present = flow x time in the system; the free part of a trip is its links' free-flow time."""
    world = roads.world(1, 2, learner=learner, demand_veh_per_s=demand, record_every_ticks=100_000)
    row = world.run(100_000).iloc[0]
    closed, shares = np.zeros(8, bool), world.shares(world.scenario.world, np.zeros(8, bool))
    flow = world.flows(shares, world.state.derived.arrivals_veh[0], closed)
    inflow = flow[world.network.gate_link].sum()
    free_time = (flow * world.state.layout.lag_s).sum() / inflow
    trips_per_s = row["throughput_veh_per_h"] / 3600
    assert row["vehicles"] == pytest.approx(trips_per_s * (free_time + row["mean_delay_s"]), rel=0.02)


def test_a_signal_pays_for_its_queue_and_the_planner_for_the_mean_of_all():
    world = roads.world(2, 2, demand_veh_per_s=0.3)
    for _ in range(200):
        world.step()
        assert world.turn.rewards == pytest.approx(-0.1 * world.state.queue_veh)
        assert world.turn.common == pytest.approx(np.full(4, world.turn.rewards.mean()))
    assert world.turn.rewards.min() < 0.0


@given(st.integers(0, 1000), st.sampled_from(["q", "max_pressure", "detector_rule"]))
@settings(max_examples=8)
def test_turning_the_map_by_a_quarter_turns_the_run(seed, learner):
    weights = {"north": 1.6, "east": 0.7, "south": 1.1, "west": 0.4}
    turned_weights = dict(zip(("east", "south", "west", "north"), weights.values(), strict=True))
    common = {"learner": learner, "seed": seed, "demand_veh_per_s": 0.15}
    world = roads.world(2, 3, **common, **{f"weight_{side}": w for side, w in weights.items()})
    turned = _turned(world, common, turned_weights)
    for _ in range(6):
        world.run(100)
        turned.run(100)
        assert np.array_equal(world.turn.rewards, turned.turn.rewards)
        assert np.array_equal((world.state.phase + 2) % 4, turned.state.phase)
        assert np.array_equal(_quarter(world.state.on_link), turned.state.on_link)
        assert np.array_equal(_quarter(world.state.occupied_veh), turned.state.occupied_veh)


def _quarter(by_link):
    """Values by link as they stand after a clockwise quarter turn: what came from the north comes from the east."""
    return np.roll(by_link.reshape(-1, 4), 1, axis=1).reshape(-1)


def _turned(world, common, weights):
    """The same world with its map turned clockwise, gates and streams in the same order, signals green for E-W."""
    build = crossings.build

    def build_turned(graph, parameters, where):
        found = build(graph, parameters, where)
        for node in graph.nodes.values():
            node["x"], node["y"] = -node["y"], node["x"]
        again = build(graph, parameters, where)
        gates = np.array([4 * (link // 4) + (link % 4 + 1) % 4 for link in found.gate_link])
        assert sorted(gates) == sorted(again.gate_link)
        return again._replace(gate_link=gates)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crossings, "build", build_turned)
        turned = roads.world(2, 3, **common, **{f"weight_{side}": w for side, w in weights.items()})
    turned.state.phase[:] = 2
    turned.state.candidate[:] = 2
    return turned


def test_a_regime_and_the_equal_change_give_the_same_run():
    scenario = models.make("traffic/closed_bridge", seed=4).scenario
    plain = scenario.model_copy(update={"regime": ()})
    scheduled = models.make(scenario, seed=4)
    changed = models.make(plain, seed=4)
    changed.run(14_400)
    changed.change(closed_links=("B2-B3",))
    scheduled.run(15_900)
    changed.run(1_500)
    frames = scheduled.record.frame(), changed.record.frame()
    assert frames[0].equals(frames[1])
    changed.change(closed_links=None)
    assert changed.parameters["closed_links"] == ()


def test_nobody_enters_a_closed_road():
    world = models.make("traffic/closed_bridge", learner="max_pressure", seed=1)
    world.run(14_400 + 600)
    closed = np.flatnonzero(world.state.derived.closed[world.regime])
    assert len(closed) == 2 and not world.state.on_link[closed].any()
    assert roads.recount(world) > 0


def test_a_change_meets_the_same_arrivals():
    one = models.make("traffic/rush_hour", learner="max_pressure", seed=2, record_every_ticks=5_000)
    other = one.fork()
    other.change(closed_links=("B2-B3",), yellow_s=5)
    first, second = one.run(5_000), other.run(5_000)
    born = [(f["queue_veh"] * 5_000 / f["mean_delay_s"]).iloc[0] for f in (first, second)]
    assert born[0] == pytest.approx(born[1], abs=1e-6) and not first.equals(second)


@pytest.mark.parametrize(
    ("detectors", "states"), [("stop_line", 480), ("advance", 1920), ("full", 9600), ("clock", 32)]
)
def test_states_are_as_many_as_the_design_says(detectors, states):
    assert roads.world(detectors=detectors).decision_space.states == states


def test_sides_and_movements_follow_the_right_hand_rule():
    net = roads.world(2, 2).network
    names = {link: net.links[link] for link in range(len(net.links))}
    a1, north = net.signals.index("A1"), 0
    left, through, right = net.target[3 * (4 * a1 + north) : 3 * (4 * a1 + north) + 3]
    assert names[left] == "A1-A2"  # from the north, left is east
    assert names[through] == "A1-B1"
    assert right == -1  # west of A1 traffic leaves
    for i, a in itertools.product(range(4), range(4)):
        j = net.start[4 * i + a]
        assert j < 0 or i in net.start[4 * j : 4 * j + 4]


# What is learned -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["q", "joint_q", "tile_q", "wolf_phc"])
@pytest.mark.parametrize("trained", [0, 2_000])
def test_frozen_signals_do_what_they_learned_whatever_the_rule_advises(kind, trained):
    advised, misled = (models.make("traffic/single_crossing", learner=kind, seed=3) for _ in range(2))
    for world in advised, misled:
        world.run(trained)
        world.freeze()
        for _ in range(300):
            world.observe()
            if world is misled:
                world.turn.advice[:] = 1 - world.turn.advice
            world.advance([-1])
    assert np.array_equal(advised.state.phase, misled.state.phase)
    assert advised.record.frame().equals(misled.record.frame())


@pytest.mark.parametrize("name", ["arterial", "closed_bridge", "rush_hour", "single_crossing"])
def test_signals_that_have_learned_nothing_are_no_match_for_the_rule(name):
    untrained = models.make(f"traffic/{name}", seed=5)
    untrained.freeze()
    rule = models.make(f"traffic/{name}", learner="detector_rule", seed=5)
    assert untrained.run(7_200)["mean_delay_s"].mean() > 1.1 * rule.run(7_200)["mean_delay_s"].mean()
