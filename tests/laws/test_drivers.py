"""Laws of drivers with destinations: nobody is lost, closed roads stay empty, and trips teach what they took."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from models.traffic import setup, static
from models.traffic.network import Network
from models.traffic.state import TripSum
from scenarios import ScenarioError
from tests.contracts.digests import digest
from tests.laws import roads

ROUTES = 3


def world(rows=2, columns=3, **changes):
    """A small grid whose drivers have destinations."""
    return roads.world(rows, columns, **{"drivers": "travel", "routes_per_trip": ROUTES, **changes})


def lanes_of(state):
    """Lane of every vehicle on the road."""
    return {v: lane for lane in range(state.on_lane.size) for v in roads.vehicles_on(state, lane)}


def names_of(net: Network, legs, gate):
    """Names of the links of a route in order, from its turns."""
    link, names = int(net.gate_link[gate]), []
    for turn in itertools.takewhile(lambda turn: turn >= 0, legs.tolist()):
        assert net.turn_link[turn] == link
        names.append(net.links[link])
        link = int(net.target[turn])
    assert link == -1
    return names


some = st.fixed_dictionaries(
    {
        "rows": st.integers(2, 3),
        "columns": st.integers(2, 3),
        "learner": st.sampled_from(["random", "q", "max_pressure"]),
        "seed": st.integers(0, 10_000),
        "demand_veh_per_s": st.sampled_from([0.02, 0.1, 0.4]),
        "shared_lanes": st.booleans(),
        "link_length_m": st.sampled_from([60.0, 200.0]),
        "drivers_per_pair": st.sampled_from([1, 7]),
        "information_share": st.sampled_from([0.0, 0.5, 1.0]),
    }
)
changed = st.fixed_dictionaries(
    {},
    optional={
        "closed_links": st.sampled_from([("A1-A2",), ("A1-B1", "A2-B2"), ("B1-B2",)]),
        "drivers_learn": st.booleans(),
        "weight_north": st.sampled_from([0.0, 2.0]),
        "choice_spread_s": st.sampled_from([0.0, 30.0]),
        "demand_veh_per_s": st.sampled_from([0.0, 0.2]),
    },
)


@given(some, changed, st.integers(1, 700))
@settings(max_examples=25)
def test_travellers_are_neither_made_nor_lost_and_each_is_in_one_place(given_roads, change, ticks):
    lived = world(**given_roads, record_every_ticks=100_000)
    lived.run(ticks)
    try:
        lived.change(**change)
    except ScenarioError as refusal:  # on two rows, some closings cut the map in two
        assert "leave no way" in str(refusal) or "nowhere to go" in str(refusal)
    for _ in range(3):
        lived.run(100 + ticks % 97)
        present = roads.recount(lived)
        born, finished = roads.made_and_gone(lived)
        sums = lived.state.drivers.sums
        assert born == finished + present == sums[TripSum.SET_OUT]
        assert finished == sums[TripSum.ARRIVED] + sums[TripSum.CUT_OFF]


@pytest.mark.parametrize("closed", [(), ("B2-B3", "D2-D3")])
def test_every_trip_ends_at_the_gate_its_driver_wanted(closed):
    lived = models.make("traffic/both_learn", learner="max_pressure", seed=3, record_every_ticks=100_000)
    lived.run(1_200)
    lived.change(closed_links=closed)
    state, net, drivers = lived.state, lived.network, lived.state.drivers
    gate_of = {int(link): gate for gate, link in enumerate(net.gate_link)}
    ended = 0
    for _ in range(400):
        before, driver = lanes_of(state), drivers.driver.copy()
        lived.step()
        free = set(state.free_place[: state.free_number[0]].tolist())
        for vehicle, lane in before.items():
            if vehicle in free:
                link, turn = net.lane_link[lane], state.turn[vehicle]
                out = 4 * (link // 4) + (link + 1 + net.direction[turn]) % 4
                assert gate_of[out] == drivers.pair_to[driver[vehicle] // drivers.per_pair[0]]
                ended += 1
    assert ended > 400 and drivers.sums[TripSum.CUT_OFF] == 0


def test_a_closed_road_is_entered_by_nobody_and_everybody_still_arrives():
    lived = models.make("traffic/both_learn", learner="max_pressure", seed=5, record_every_ticks=100_000)
    lived.run(1_800)
    lived.change(closed_links=("B2-B3", "C1-C2"), demand_veh_per_s=0.2)
    closed = lived.state.derived.closed[0]
    assert closed.sum() == 4
    on_it = lived.state.on_link[closed].sum()
    assert on_it > 0
    for _ in range(600):
        lived.step()
        now = lived.state.on_link[closed].sum()
        assert now <= on_it
        on_it = now
    assert on_it == 0
    lived.change(demand_veh_per_s=0.0)
    lived.run(10_000)
    born, finished = roads.made_and_gone(lived)
    assert roads.recount(lived) == 0 and born == finished == lived.state.drivers.sums[TripSum.ARRIVED]


def test_routes_are_open_ways_that_pass_no_crossing_twice_and_begin_with_a_shortest():
    lived = world(4, 4)
    routes, net = lived.routes, lived.network
    for pair, gate in enumerate(routes.origins()):
        found = [
            names_of(net, routes.legs[routes.first_leg[ROUTES * pair + k] :], gate) for k in range(routes.number[pair])
        ]
        driver = lived.driver(20 * pair + 7)
        gates = tuple(net.links[int(net.gate_link[end])] for end in (gate, routes.to[pair]))
        assert driver.routes == found and driver.ends == gates
        assert driver.expected_s.tolist() == [14 * len(names) for names in found] and not driver.trips.any()
        assert len({tuple(names) for names in found}) == len(found) >= 1
        for k, names in enumerate(found):
            crossings = [name.split("-")[-1].split(".")[0] for name in names]
            assert len(set(crossings)) == len(crossings)
            assert routes.free_s[ROUTES * pair + k] == 14 * len(names)  # 200 m at 14.3 m/s
            assert len(found[0]) <= len(names)
        here, there = (np.divmod(net.gate_link[end] // 4, 4) for end in (gate, routes.to[pair]))
        assert len(found[0]) == 1 + abs(here[0] - there[0]) + abs(here[1] - there[1])
        assert routes.number[pair] == (1 if here == there else ROUTES)


def test_on_an_empty_road_everyone_takes_the_shortest_way_and_is_late_by_what_signals_cost():
    quiet = {"demand_veh_per_s": 0.003, "link_length_m": 500.0, "choice_spread_s": 1.0}
    brisk = {"kind": "max_pressure", "bias": 0.25}  # serves a vehicle that is alone
    lived = world(2, 3, learner=brisk, record_every_ticks=200_000, **quiet)
    lived.run(200_000)
    drivers = lived.state.drivers
    row = lived.run(200_000).iloc[-1]
    assert row["detour_share"] == 0.0 and drivers.trips.sum() > 5_000
    free, took = (array.reshape(-1, ROUTES)[:, 0] for array in (drivers.free_s, drivers.recent_s))
    assert (took >= free).all() and (took - free).max() < 4 * 15  # four signals at most
    shares = setup.pair_shares(lived, lived.scenario.world)[0]
    mean_free_s = (shares * free).sum() / lived.network.gate_link.size
    assert row["mean_trip_s"] == pytest.approx(mean_free_s + row["mean_delay_s"], rel=0.01)


def test_the_first_trip_of_a_driver_teaches_what_a_hand_calculation_says():
    lived = world(2, 2, demand_veh_per_s=0.02, driver_alpha=0.25, information_share=1.0)
    state, drivers = lived.state, lived.state.drivers
    drivers.recent_s[:] = 100.0
    drivers.expected_s[np.isinf(drivers.expected_s)] = 1_000.0  # routes that a pair does not have
    first = drivers.expected_s.copy()
    while not drivers.sums[TripSum.ARRIVED]:
        before = {v: (int(state.born[v]), int(drivers.driver[v]), int(drivers.taken[v])) for v in lanes_of(state)}
        lived.step()
    assert drivers.sums[TripSum.ARRIVED] == 1
    (vehicle,) = set(before) - set(lanes_of(state))
    born, driver, taken = before[vehicle]
    took = lived.tick - 1 - born
    pair = driver // drivers.per_pair[0]
    expected, had = first.copy(), drivers.routes[pair]
    expected[driver, :had] += 0.25 * (100.0 - first[driver, :had])
    expected[driver, taken] = first[driver, taken] + 0.25 * (took - first[driver, taken])
    heard = np.full((len(first) // drivers.per_pair[0], ROUTES), 100.0)
    heard[pair, taken] += 0.1 * (took - 100.0)
    assert had > 1 and np.allclose(drivers.expected_s, expected, rtol=1e-15)
    assert np.allclose(drivers.recent_s.reshape(-1, ROUTES), heard, rtol=1e-15)
    assert drivers.trips.sum() == drivers.trips[driver, taken] == 1


def set_out_by_route(lived, ticks):
    """How many set out on each route (P, R) over some ticks."""
    drivers, state = lived.state.drivers, lived.state
    taken = np.zeros((len(drivers.routes), ROUTES), int)
    for _ in range(ticks):
        lived.step()
        for vehicle in np.flatnonzero(state.born == lived.tick - 1):
            if state.stream[vehicle] > 1:
                taken[drivers.driver[vehicle] // drivers.per_pair[0], drivers.taken[vehicle]] += 1
    return taken


def test_drivers_who_do_not_learn_split_evenly_over_equal_routes():
    lived = world(2, 2, demand_veh_per_s=0.3, drivers_learn=False, learner="max_pressure", drivers_per_pair=2)
    taken = set_out_by_route(lived, 1_500)
    free = lived.state.drivers.free_s.reshape(-1, ROUTES)
    equal = np.isfinite(free[:, 1]) & (free[:, 0] == free[:, 1]) & (lived.state.drivers.routes == 2)
    assert equal.sum() == 16  # from each of two gates of a corner to each of two of the far one
    assert taken[equal, :2].sum() > 100
    assert (abs(taken[equal, 0] - taken[equal, 1]) <= 1).all() and (taken[~equal, 1:] == 0).all()


def test_a_route_that_is_expected_to_take_one_spread_longer_is_taken_1_e_times_as_often():
    lived = world(2, 2, demand_veh_per_s=0.3, driver_alpha=0.0, choice_spread_s=28.0, learner="max_pressure")
    taken = set_out_by_route(lived, 6_000)
    free = lived.state.drivers.free_s.reshape(-1, ROUTES)
    longer = (lived.state.drivers.routes == 2) & (free[:, 1] == free[:, 0] + 28)
    equal = (lived.state.drivers.routes == 2) & (free[:, 1] == free[:, 0])
    for pairs, chance in ((equal, 0.5), (longer, 1 / (1 + math.e))):
        number, second = taken[pairs].sum(), taken[pairs, 1].sum()
        assert number > 1_000
        assert abs(second / number - chance) < 4 * math.sqrt(chance * (1 - chance) / number)


def knowledge(lived):
    """Every byte of what drivers know."""
    drivers = lived.state.drivers
    known = (drivers.expected_s, drivers.trips, drivers.recent_s)
    return b"".join(array.tobytes() for array in known)


def test_frozen_drivers_neither_learn_nor_explore():
    lived = world(seed=4, learner="max_pressure", demand_veh_per_s=0.08)
    lived.run(3_000)
    known, greedy = knowledge(lived), lived.fork()
    lived.freeze()
    lived.run(2_000)
    assert knowledge(lived) == known
    lived.run(20_000)  # from here every driver has set out on what it thinks best, again and again
    assert lived.record.frame()["route_switches"].iloc[-20:].max() == 0.0
    lived.thaw()
    lived.run(500)
    assert knowledge(lived) != known
    greedy.change(drivers_learn=False)
    greedy.run(2_000)
    assert knowledge(greedy) == known


def test_a_what_if_meets_the_same_travellers():
    one = models.make("traffic/both_learn", learner="max_pressure", seed=2, record_every_ticks=100_000)
    one.run(1_000)
    other = one.fork()
    other.change(closed_links=("A2-A3",), drivers_learn=False, yellow_s=5)
    one.run(3_000)
    other.run(3_000)
    assert one.rng.bit_generator.state == other.rng.bit_generator.state
    assert np.array_equal(one.state.drivers.next_driver, other.state.drivers.next_driver)
    assert one.state.drivers.sums[TripSum.SET_OUT] == other.state.drivers.sums[TripSum.SET_OUT]
    assert knowledge(one) != knowledge(other)


def test_travellers_live_the_same_stepped_run_forked_and_opened(tmp_path):
    def fresh():
        return models.make("traffic/both_learn", seed=6)

    whole, stepped, saved = fresh(), fresh(), fresh()
    whole.run(900)
    for _ in range(450):
        stepped.step()
    stepped = stepped.fork()
    stepped.run(450)
    saved.run(333)
    saved.save(tmp_path / "there")
    opened = models.World.open(tmp_path / "there")
    opened.run(567)
    assert digest(whole) == digest(stepped) == digest(opened)


def test_the_price_of_anarchy_is_the_static_cost_of_the_flows_of_a_window_over_the_optimum():
    lived = world(2, 2, demand_veh_per_s=0.1, learner="max_pressure", record_every_ticks=600)
    entered, there = np.zeros(lived.state.on_lane.size), {}
    for _ in range(600):
        lived.step()
        now = {
            v: (lane, int(lived.state.born[v]), int(lived.state.turn[v])) for v, lane in lanes_of(lived.state).items()
        }
        for vehicle, place in now.items():
            if there.get(vehicle) != place:
                entered[place[2]] += 1
        there = now
    derived, flow = lived.state.derived, entered / 600
    free, slope, power = derived.turn_cost[0]
    trips = flow.reshape(-1, 3)[lived.network.gate_link].sum()
    mean_s = (flow * (free + slope * flow**power)).sum() / trips
    assert lived.record.frame()["price_of_anarchy"].iloc[-1] == pytest.approx(mean_s / derived.optimum_s[0], rel=1e-12)


def test_lanes_cost_what_the_manual_says_at_no_flow_at_half_and_at_nine_tenths_of_capacity():
    half, capacity = np.array([0.5]), np.array([0.25])
    by_hand = 13.3333 + 1.9831  # uniform: 0.5 80 0.25 / 0.75; random: 225 (-0.5 + sqrt(0.25 + 2 / 225))
    assert static.control_delay_s(0.5, half, np.array([80.0]), capacity)[0] == pytest.approx(by_hand, abs=1e-3)
    network = roads.world(1, 1).network
    costs = static.turn_costs(network, np.array([43, 13, 23, 13]), np.full(4, 3), np.full(12, 2.0))
    for lane, green_s in ((1, 40), (0, 10), (4, 20)):  # from the north straight on and left, from the east straight on
        green, most = green_s / 92, 0.5 * green_s / 92
        for share in (0.0, 0.5, 0.9):
            delay = static.control_delay_s(share, np.array([green]), np.array([92.0]), np.array([most]))[0]
            cost = costs.free[lane] + costs.slope[lane] * (share * most) ** costs.power[lane]
            assert cost == pytest.approx(14 + delay, rel=1e-12)


def test_under_websters_plan_learners_come_near_the_equilibrium_of_the_static_model():
    lived = models.make("traffic/both_learn", learner="fixed_time", seed=8)
    lines = lived.theory_lines("mean_trip_s")
    lived.run(144_000)
    frame = lived.run(144_000)
    block = (frame.index.to_numpy() - 1) // 14_400 % 2
    for number, (equilibrium, optimum) in enumerate(zip(*lines.values(), strict=True)):
        assert optimum < equilibrium < 1.02 * optimum
        assert frame["mean_trip_s"][block == number].mean() == pytest.approx(equilibrium, rel=0.12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": 1, "columns": 2, "closed_links": ("A1-A2",)}, "closed_links leave no way from A1.N to A2.E"),
        ({"rows": 40, "columns": 40}, "take a smaller network"),
    ],
)
def test_what_travellers_cannot_do_is_said_in_a_sentence(changes, message):
    with pytest.raises(ScenarioError, match=message):
        world(**changes)
