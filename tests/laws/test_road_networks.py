"""Laws of traffic on road networks of any shape: nobody is lost, and junctions carry what theory says."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from models.networks.roads.case import About, RoadCase
from tests.laws import networks, roads


def world(case, folder, learner="max_pressure", **changes):
    """A world on a case."""
    case.write(folder / "case")
    drivers = "travel" if (case.demand.to_link != "").any() else "turn"
    given = {"case": str(folder / "case"), "drivers": drivers, "seed": 3, **changes}
    return models.make("traffic/single_crossing", learner=learner, **given)


@given(networks.cases(), st.sampled_from(["random", "max_pressure", "detector_rule", "fixed_time", "q"]))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_vehicle_is_lost_on_any_road_network(tmp_path_factory, case, learner):
    lived = world(case, tmp_path_factory.mktemp("any"), learner, record_every_ticks=10_000)
    for _ in range(30):
        lived.run(20)
        present = roads.recount(lived)
        made, finished = roads.made_and_gone(lived)
        assert made == finished + present and not lived.audit()
    assert made > 0
    assert all(np.isfinite(line).all() for line in lived.theory_lines("throughput_veh_per_h").values())


@given(networks.cases())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_yields_never_crosses_while_another_is_on_the_crossing(tmp_path_factory, case):
    lived = world(case, tmp_path_factory.mktemp("any"), "random", demand_scale=5.0)
    state, net = lived.state, lived.network
    firsts = {turn: net.yields[net.yields[:, 0] == turn, 1] for turn in range(net.target.size)}
    protected = {(phase, turn) for phase, turn, right in net.green.tolist() if right == 2}
    for _ in range(60):  # in which nobody grows weary of waiting
        before = state.clear_at.copy()
        lived.step()
        for turn in np.flatnonzero(state.clear_at > before):
            at = net.junction[net.turn_link[turn]]
            signal = at < len(net.signals)
            if signal and (net.first_phase[at] + state.phase[at], turn) in protected:
                continue
            assert (before[firsts[turn]] < lived.tick).all()


def junction(control, major_veh_per_h, minor_veh_per_h, yields_to="minor"):
    """Two one-way streets that cross, with a signal that nobody meets far behind."""
    spots = {"W": (-300, 0), "S": (0, -300), "X": (0, 0), "E": (300, 0), "N": (0, 300), "Q": (600, 0)}
    nodes = [{"node": n, "x_m": x, "y_m": y, "control": "none"} for n, (x, y) in spots.items()]
    nodes[2]["control"], nodes[3]["control"], nodes[3]["signal"] = control, "signal", "E"
    ends = ("W", "X"), ("S", "X"), ("X", "E"), ("X", "N"), ("E", "Q")
    links = [
        {"link": a + b, "from_node": a, "to_node": b, "length_m": 300.0, "free_speed_m_per_s": 15.0, "lanes": 1}
        for a, b in ends
    ]
    yields = {"minor": {"WX": "", "SX": "1"}, "both": {"WX": "2", "SX": "1"}}[yields_to]
    pairs = (("1", "WX", "XE"), ("2", "SX", "XN"), ("3", "XE", "EQ"))
    turns = [
        {"turn": n, "from_link": a, "to_link": b, "direction": "through", "first_lane": 0, "last_lane": 0,
         "green": "G" * (a == "XE"), "yields_to": yields.get(a, "")}
        for n, a, b in pairs
    ]  # fmt: skip
    flows = {"WX": ("EQ", major_veh_per_h), "SX": ("XN", minor_veh_per_h)}
    demand = [
        {"from_link": a, "to_link": b, "start_s": 0.0, "end_s": 3600.0, "veh_per_h": flow}
        for a, (b, flow) in flows.items()
    ]
    phases = [{"signal": "E", "phase": 0, "green_s": 30.0, "yellow_s": 0.0, "all_red_s": 0.0, "offset_s": 0.0}]
    return RoadCase.of(About(), nodes=nodes, links=links, turns=turns, phases=phases, demand=demand)


def left(lived, link, ticks):
    """Vehicles a second that leave a link."""
    number, lane = 0, lived.network.links.index(link)
    for _ in range(ticks):
        before = lived.state.head[lane]
        lived.step()
        number += lived.state.head[lane] != before
    return number / ticks


@pytest.mark.parametrize("major_veh_per_s", [0.03, 0.1, 0.2])
def test_a_minor_street_carries_what_gaps_leave_it(major_veh_per_s, tmp_path):
    """Harders 1968 in whole seconds: gaps of n seconds with geometric lengths let floor((n - 4) / 2) vehicles go.

    A vehicle needs six seconds without another, from one before it (who is still crossing) to the critical gap of four
    after it, and follows the one before it after two. With p = exp(-flow), the probability of a second without
    arrivals, and two seconds of the stop line for every vehicle of the major street, (1 - 2 flow) (1 - p) / p gaps
    begin in a second.
    """
    lived = world(junction("priority", 3600 * major_veh_per_s, 3000.0), tmp_path, record_every_ticks=100_000)
    lived.run(2_000)
    trips = lived.state.drivers.trips
    before, ticks = trips.sum(axis=1), 200_000
    lived.run(ticks)
    major, minor = (trips.sum(axis=1) - before).reshape(2, -1).sum(axis=1) / ticks
    free = np.exp(-major_veh_per_s)
    assert minor == pytest.approx((1 - 2 * major_veh_per_s) * free**4 / (1 + free), rel=0.01)
    assert major == pytest.approx(major_veh_per_s, rel=0.03)  # nobody on the major street waits for the other


def test_where_order_of_arrival_counts_full_streets_take_turns(tmp_path):
    lived = world(junction("all_way", 3000.0, 3000.0, yields_to="both"), tmp_path)
    lived.run(500)
    one, other = left(lived, "WX", 4_000), left(lived, "SX", 4_000)
    assert one == pytest.approx(0.25, abs=0.005) and other == pytest.approx(0.25, abs=0.005)  # one in two seconds


def test_where_nobody_yields_both_streets_are_free(tmp_path):
    lived = world(junction("none", 3000.0, 3000.0, yields_to="both"), tmp_path)
    lived.run(500)
    assert left(lived, "WX", 2_000) == left(lived, "SX", 2_000) == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize("length_m", [2.0, 8.0, 20.0])
def test_a_road_of_a_few_metres_carries_all_that_its_lanes_discharge(length_m, tmp_path):
    case = junction("none", 3000.0, 0.0)
    case.links.loc[case.links.link == "XE", "length_m"] = length_m
    lived = world(case, tmp_path)
    lived.run(500)
    assert left(lived, "WX", 2_000) == pytest.approx(0.5, abs=0.001)


def test_a_turn_that_keeps_its_green_goes_on_while_the_signal_changes(tmp_path):
    case = junction("priority", 3000.0, 0.0)
    case = RoadCase.of(
        case.about,
        **{name: case.table(name).to_dict("records") for name in ("nodes", "links", "demand")},
        turns=[{**row, "green": row["green"] * 2} for row in case.turns.to_dict("records")],
        phases=[{**case.phases.iloc[0].to_dict(), "phase": p, "yellow_s": 4.0} for p in (0, 1)],
    )
    lived = world(case, tmp_path, "fixed_time")
    lived.run(500)
    assert left(lived, "XE", 2_000) == pytest.approx(0.5, abs=0.002)  # half of the time it changes, or nearly so
