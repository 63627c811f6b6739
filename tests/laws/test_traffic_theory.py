"""The production kernel against what is known in closed form."""

import numpy as np
import pytest

import models
from engine.generic import entry
from models.traffic import crossings, rules, theory
from models.traffic.state import EXIT, THROUGH

STRAIGHT = {f"{turn}_share_{axis}": 0.0 for turn in ("left", "right") for axis in ("ns", "ew")}
FROM_NORTH = {f"weight_{side}": 0.0 for side in ("east", "south", "west")}
GREEN_30_OF_60 = {"kind": "fixed_time", "cycle_s": 60, "splits": (0.55, 0.0, 0.45, 0.0)}  # 33 s, 3 of them yellow
ALWAYS_GREEN = {"kind": "fixed_time", "cycle_s": 60, "splits": (1.0, 0.0, 0.0, 0.0)}


def crossing(learner, seed=0, **changes):
    """One crossing without turns and without the safety rule."""
    return models.make("traffic/single_crossing", learner=learner, seed=seed, **STRAIGHT, max_red_s=0, **changes)


def test_a_queue_discharges_at_saturation_flow_times_the_share_of_green():
    demand = {"demand_veh_per_s": 0.9, "weight_east": 0.0, "weight_west": 0.0}
    world = crossing(GREEN_30_OF_60, **demand, record_every_ticks=6_000)
    world.run(6_000)  # let queues build up
    trips = world.run(12_000)["throughput_veh_per_h"] * 6_000 / 3_600
    assert trips.tolist() == [2 * 100 * 15.0] * 2  # two approaches, 100 cycles, 30 s of green at 2 s


@pytest.mark.parametrize("load", [0.3, 0.5, 0.7, 0.9])
def test_a_lane_that_is_always_green_is_an_md1_queue(load):
    ticks = 12_000_000 if load > 0.8 else 4_000_000
    world = crossing(ALWAYS_GREEN, demand_veh_per_s=load / 2, **FROM_NORTH, record_every_ticks=ticks)
    wait = world.run(ticks)["mean_delay_s"].iloc[0]
    assert wait == pytest.approx(theory.md1_wait_s(load, service_s=2.0), rel=0.02)


@pytest.mark.parametrize("saturation", [0.2, 0.4, 0.6, 0.8, 0.9, 0.95])
def test_delay_at_a_fixed_plan_is_websters(saturation):
    ticks, flow = 6_000_000, 0.25 * saturation
    world = crossing(GREEN_30_OF_60, demand_veh_per_s=flow, **FROM_NORTH, record_every_ticks=ticks)
    delay = world.run(ticks)["mean_delay_s"].iloc[0]
    assert delay == pytest.approx(float(theory.webster_delay_s(np.array(flow), np.array(30.0), 60.0, 0.5)), rel=0.08)


def test_max_pressure_needs_its_bias_under_yellow_loss():
    def growth(**bias):
        """Queue at 2 T over queue at T (means of the fifth before), at load 0.94, seven seeds."""
        queues = np.zeros(2)
        for seed in range(7):
            rule = {"kind": "max_pressure", **bias}
            two = {"weight_south": 0.0, "weight_west": 0.0, "demand_veh_per_s": 0.235}
            world = crossing(rule, seed, **two, decide_every_s=10, record_every_ticks=2_000)
            queues += world.run(20_000)["queue_veh"].to_numpy()[[4, 9]]
            assert world.record.frame()["turned_away_veh"].sum() == 0
        return queues[1] / queues[0]

    assert growth(bias=0.0) >= 1.8
    assert growth() <= 1.2


@entry
def put_vehicle(state, vehicle, link):
    """A vehicle starts on a link at tick 0."""
    rules.enter_link(state, vehicle, link, 0, 0, 0)


@pytest.mark.parametrize("vehicles", [2, 5, 7, 10, 15, 20, 24, 26])
def test_a_ring_has_the_triangular_fundamental_diagram(vehicles, monkeypatch):
    links, ticks = 10, 6_000
    build = crossings.build
    monkeypatch.setattr(crossings, "build", lambda *given: _ring(build(*given), links))
    always_east_west = {"kind": "fixed_time", "cycle_s": 60, "splits": (0.0, 0.0, 1.0, 0.0)}
    world = crossing(always_east_west, rows=1, columns=links, lanes=1, demand_veh_per_s=0.0, yellow_s=0)
    state = world.state
    for number in range(vehicles * links):
        state.free_number[0] -= 1
        put_vehicle(state, state.free_place[state.free_number[0]], 4 * (number % links) + 3)
    lag, wave, storage = (int(part[3]) for part in (state.layout.lag_s, state.layout.wave_s, state.layout.storage_veh))
    assert (lag, wave, storage) == (14, 40, 27)
    world.run(ticks)
    before = state.free_flow_s.sum()
    world.run(ticks)
    flow = (state.free_flow_s.sum() - before) / lag / links / ticks
    assert flow == pytest.approx(theory.ring_flow_veh_per_s(vehicles, lag, wave, storage, saturation=0.5), abs=0.001)


def _ring(network, links):
    """A row of crossings as a one-way ring eastwards: through traffic from the west enters the next; one idle gate."""
    target = np.full_like(network.target, EXIT)
    for i in range(links):
        target[3 * (4 * i + 3) + THROUGH] = 4 * ((i + 1) % links) + 3
    share = np.where(network.direction == THROUGH, 1.0, 0.0)
    return network._replace(target=target, share=share, gate_link=np.array([0]), destination=np.zeros_like(target))


def test_websters_plan_shares_its_green_by_flow_and_keeps_a_minimum():
    plan = theory.webster_plan(np.array([0.3, 0.05, 0.2, 0.05]), np.full(4, 3), min_green_s=5)
    green = plan - 3
    assert plan.sum() == pytest.approx((1.5 * 12 + 5) / (1 - 0.6), abs=3)
    assert green[0] / green[2] == pytest.approx(1.5, rel=0.1) and green.min() >= 5


def test_flows_of_a_straight_road_are_its_arrivals():
    world = models.make("traffic/arterial", seed=0, **STRAIGHT)
    shares = world.shares(world.scenario.world, np.zeros(len(world.network.links), bool))
    arrivals = world.state.derived.arrivals_veh[0]
    flow = world.flows(shares, arrivals, np.zeros(len(world.network.links), bool))
    assert flow[3::4] == pytest.approx([0.26] * 6) and flow[0::4] == pytest.approx([0.26 * 0.23] * 6)
