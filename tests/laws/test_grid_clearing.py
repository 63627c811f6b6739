"""The market's clearing against HiGHS, which solves the same hour from voltage angles and knows no flow factors.

A cleared hour is the cheapest if and only if it keeps to all limits and prices support it (Karush, Kuhn and Tucker):
both are checked beside the objective. Cost is convex, so a dispatch is also the cheapest if and only if none is cheaper
at its marginal costs; that is a linear programme, which HiGHS solves, also where prices rise with output.
"""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from engine.generic import entry
from models.grid import case as cases
from models.grid.case import Case
from models.grid.clearing import INFEASIBLE, SOLVED, Clearing, Grid, clear, room, workspace
from models.grid.network import ptdf

LOST_LOAD = 1000.0
DRAWS, DRAWS_AN_OUTAGE = 1_000, 5
HIGHS_OPTIMAL, HIGHS_INFEASIBLE = 0, 2
# By default HiGHS lets bounds be missed by 1e-7; here it is held to rounding.
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


class Hour(NamedTuple):
    """An hour to clear: J offers."""

    network: Case
    in_service: np.ndarray  # (n_l,) bool
    limit: np.ndarray  # (n_l,) MW
    load: np.ndarray  # (n_b,) MW
    bus: np.ndarray  # (J,)
    price: np.ndarray  # (J,)
    offered: np.ndarray  # (J,)
    rise: np.ndarray  # (J,) 0 = flat


@entry
def solve(c, g, w):
    """The clearing, callable from Python."""
    clear(c, g, w)


def cleared(hour: Hour, factors) -> tuple[Clearing, Grid]:
    """By the market."""
    factors, offset, island = factors
    by_bus, line_island = np.ascontiguousarray(factors.T), island[hour.network.line_from]
    g = Grid(by_bus, factors, hour.limit, hour.bus, island, line_island, island.max() + 1)
    c = room(hour.bus.size, hour.limit.size, hour.load.size)
    c.price[:], c.offered[:], c.rise[:] = hour.price, hour.offered, hour.rise
    c.demand[:] = np.bincount(island, hour.load, hour.load.size)
    c.base[:] = offset - factors @ hour.load
    solve(c, g, workspace(hour.bus.size, hour.limit.size))
    return c, g


def highs(hour: Hour, price, island):
    """By HiGHS, at a price for each offer; angles of which the first of every island is 0 make the flows.

    flow_l = (angle_from - angle_to - shift_l) / reactance_l
    """
    n, kept = hour.network, np.flatnonzero(hour.in_service)
    buses, offers, lines = hour.load.size, hour.bus.size, kept.size
    b, row = 1.0 / (n.reactance_pu * n.tap)[kept], np.arange(lines)
    ends = n.line_from[kept], n.line_to[kept]
    signs = np.repeat([1.0, -1.0], lines)
    incidence = csr_array((signs, (np.tile(row, 2), np.concatenate(ends))), shape=(lines, buses))
    by_angle = csr_array((np.tile(b, 2) * signs, (np.tile(row, 2), np.concatenate(ends))), shape=(lines, buses))
    driven = -n.base_mva * b * np.radians(n.shift_deg[kept])
    feed = csr_array((np.ones(offers), (hour.bus, np.arange(offers))), shape=(buses, offers))
    flow = hstack((csr_array((lines, offers)), by_angle)).tocsr()[np.isfinite(hour.limit[kept])]
    limit, shifted = (part[np.isfinite(hour.limit[kept])] for part in (hour.limit[kept], driven))
    fixed = np.isin(np.arange(buses), np.unique(island, return_index=True)[1])
    return linprog(
        np.concatenate((price, np.zeros(buses))),
        A_ub=vstack((flow, -flow)) if limit.size else None,
        b_ub=np.concatenate((limit - shifted, limit + shifted)) if limit.size else None,
        A_eq=hstack((feed, -(incidence.T @ by_angle))),
        b_eq=hour.load + incidence.T @ driven,
        bounds=[(0.0, most) for most in hour.offered] + [(0.0, 0.0) if f else (None, None) for f in fixed],
        method="highs",
        options=EXACT,
    )


def check(hour: Hour, factors) -> int:
    """Clear both ways and compare; the status."""
    c, g = cleared(hour, factors)
    marginal = hour.price + hour.rise * c.mw
    oracle = highs(hour, marginal, factors[2])
    assert oracle.status in (HIGHS_OPTIMAL, HIGHS_INFEASIBLE), oracle.message
    assert c.status[0] == (SOLVED if oracle.status == HIGHS_OPTIMAL else INFEASIBLE)
    if c.status[0] == SOLVED:
        assert marginal @ c.mw == pytest.approx(oracle.fun, rel=1e-9, abs=1e-6)
        check_dispatch(hour, c, factors)
        check_prices(hour, c, g, factors)
    return int(c.status[0])


def check_dispatch(hour: Hour, c: Clearing, factors) -> None:
    """Nothing is produced that is not used, and no bound is missed, to 1e-9 of the load."""
    island, small = factors[2], 1e-9 * max(hour.load.sum(), 100.0)
    fed = np.bincount(hour.bus, c.mw, hour.load.size) - hour.load
    assert np.abs(np.bincount(island, fed)).max(initial=0.0) <= small
    assert c.mw.min() >= -small and (c.mw - hour.offered).max(initial=0.0) <= small
    assert np.abs(c.flow - factors[1] - factors[0] @ fed).max(initial=0.0) <= small
    assert (np.abs(c.flow) - hour.limit).max(initial=0.0) <= small


def check_prices(hour: Hour, c: Clearing, g: Grid, factors) -> None:
    """At the nodal price nobody wants to give more or less, and payment = revenue + what full lines earn."""
    price = c.energy_price[g.bus_island] + g.by_bus @ c.shadow_price
    small = 1e-9 * max(np.abs(price).max(), 1.0)
    margin = price[hour.bus] - hour.price - hour.rise * c.mw
    assert margin[c.mw < hour.offered - 1e-6].max(initial=0.0) <= small
    assert margin[c.mw > 1e-6].min(initial=0.0) >= -small
    full = np.abs(np.abs(c.flow) - hour.limit) <= 1e-6
    pushes = (c.shadow_price * np.sign(c.flow))[hour.limit > 1e-6]  # at a limit of 0 both ways are full
    assert not c.shadow_price[~full].any() and pushes.max(initial=0.0) <= small
    payment, rent = price @ hour.load, -c.shadow_price @ (c.flow - factors[1])
    assert payment == pytest.approx(price[hour.bus] @ c.mw + rent, abs=1e-9 * (np.abs(price) @ hour.load + 1.0))


# The shipped cases -----------------------------------------------------------------------------------------------


def bids(network: Case, in_service, rng) -> Hour:
    """Random bids, tight limits, units that are out, ties in price; one hour in eight cannot shed load."""
    load = network.load_mw[rng.integers(24)] * rng.uniform(0.5, 1.3)
    loads, units = np.flatnonzero(load), network.max_mw.size
    costs = network.cost_per_mwh * rng.uniform(1.0, 2.0, units)
    if rng.random() < 0.3:
        costs = np.round(costs, -1)  # many are equal
    rises = rng.choice([0.0, 0.0, 0.5, 1.0])  # of the units: half of the hours are all flat
    rise = rng.uniform(0.001, 0.1, units) * (rng.random(units) < rises)
    working = rng.random(units) > 0.15
    sheds = rng.random() > 0.125
    return Hour(
        network,
        in_service,
        network.limit_mw * rng.choice([0.2, 0.5, 1.0]),
        load,
        np.concatenate((network.unit_bus, loads)),
        np.concatenate((costs, np.full(loads.size, LOST_LOAD))),
        np.concatenate((network.max_mw * working * rng.uniform(0.5, 1.5, units), load[loads] * sheds)),
        np.concatenate((rise, np.zeros(loads.size))),
    )


@pytest.mark.parametrize("name", ["ames5", "pjm5", "ieee14", "ieee30", "ieee118"])
def test_a_thousand_random_hours_of_a_case_clear_as_highs_clears_them(name):
    network, rng = cases.read(name, "here"), np.random.default_rng(2026)
    lines, found = len(network.line_names), []
    for _ in range(DRAWS // DRAWS_AN_OUTAGE):
        in_service = np.ones(lines, bool)
        in_service[rng.choice(lines, rng.integers(0, 4), replace=False)] = False
        factors = ptdf(network, in_service, "matpower")
        found += [check(bids(network, in_service, rng), factors) for _ in range(DRAWS_AN_OUTAGE)]
    assert {SOLVED, INFEASIBLE} == set(found) and found.count(SOLVED) > 0.8 * DRAWS


# Random networks -------------------------------------------------------------------------------------------------


def network_of(start, end, reactance, load) -> Case:
    """A case with what a clearing needs."""
    lines, blank = len(start), dict.fromkeys(Case._fields)
    line = {"line_from": np.array(start, np.int64), "line_to": np.array(end, np.int64), "tap": np.ones(lines)}
    line |= {"line_names": [str(l) for l in range(lines)], "reactance_pu": np.array(reactance)}
    line |= {"resistance_pu": np.zeros(lines), "shift_deg": np.zeros(lines)}
    return Case(**blank | line | {"base_mva": 100.0, "bus_names": [str(b) for b in range(load.size)]})


@st.composite
def hours(draw) -> Hour:
    """Networks of up to 20 buses, some in pieces, numbers often round so that bounds meet by chance."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    buses, units = draw(st.integers(2, 20)), draw(st.integers(1, 10))
    joined = np.arange(1, buses)[rng.random(buses - 1) > draw(st.sampled_from([0.0, 0.0, 0.2]))]
    start, end = [int(rng.integers(b)) for b in joined], joined.tolist()
    for a, b in rng.integers(buses, size=(draw(st.integers(0, buses)), 2)).tolist():
        if a != b:
            start, end = [*start, a], [*end, b]
    digits = draw(st.sampled_from([-1, 0, 8]))
    load = np.round(rng.uniform(0, 100, buses) * (rng.random(buses) < 0.7), digits)
    loads, lines = np.flatnonzero(load), len(start)
    limit = np.round(rng.uniform(0.02, 1.0, lines) * load.sum() * draw(st.sampled_from([0.2, 0.6, 1.0])), digits)
    limit[rng.random(lines) < 0.2] = np.inf
    price = np.round(rng.uniform(-20, 60, units), draw(st.sampled_from([-1, 0, 4])))
    rises = rng.random(units + loads.size) < draw(st.sampled_from([0.0, 0.3, 1.0]))  # also what demand is worth
    rises[units:] &= draw(st.booleans())
    rise = np.round(10.0 ** rng.uniform(-4, 0.5, rises.size), draw(st.sampled_from([1, 2, 9]))) * rises
    most = np.round(rng.uniform(0, 2.5 * load.sum() / units + 1, units), digits)
    sheds = draw(st.sampled_from([1.0, 1.0, 1.0, 0.0]))
    network = network_of(start, end, rng.uniform(0.01, 0.3, lines), load)
    return Hour(
        network,
        rng.random(lines) > 0.05,
        limit,
        load,
        np.concatenate((rng.integers(buses, size=units), loads)),
        np.concatenate((price, np.full(loads.size, LOST_LOAD))),
        np.concatenate((most, load[loads] * sheds)),
        rise,
    )


@given(hours())
@settings(max_examples=400)
def test_a_random_hour_on_a_random_network_clears_as_highs_clears_it(hour):
    check(hour, ptdf(hour.network, hour.in_service, "matpower"))


def test_an_island_without_enough_offers_cannot_be_cleared_and_the_others_do_not_help():
    load = np.array([50.0, 50.0])
    network = network_of([0], [1], [0.1], load)
    offers = {
        "bus": np.array([0]),
        "price": np.array([10.0]),
        "offered": np.array([200.0]),
        "limit": np.array([np.inf]),
    }
    for joined, status in (True, SOLVED), (False, INFEASIBLE):
        for rise in 0.0, 0.05:
            hour = Hour(network, np.array([joined]), load=load, rise=np.array([rise]), **offers)
            assert check(hour, ptdf(network, hour.in_service, "matpower")) == status


@given(hours(), st.integers(0, 2**32))
@settings(max_examples=100)
def test_the_answer_does_not_depend_on_the_hour_before(hour, seed):
    rng, factors = np.random.default_rng(seed), ptdf(hour.network, hour.in_service, "matpower")
    alone, g = cleared(hour, factors)
    c, w = room(hour.bus.size, hour.limit.size, hour.load.size), workspace(hour.bus.size, hour.limit.size)
    for prices, rise in (rng.permutation(hour.price), rng.permutation(hour.rise)), (hour.price, hour.rise):
        c.price[:], c.rise[:], c.offered[:] = prices, rise, hour.offered
        c.demand[:], c.base[:] = alone.demand, alone.base
        solve(c, g, w)
    assert c.full[: c.fulls[0]].tolist() == alone.full[: alone.fulls[0]].tolist()
    for name in "mw", "flow", "energy_price", "shadow_price", "unique", "status", "pivots":
        assert getattr(c, name).tolist() == getattr(alone, name).tolist(), name


@given(hours())
@settings(max_examples=100)
def test_flat_offers_cost_the_same_beside_one_that_rises_and_offers_nothing(hour):
    """So the active set finds what the simplex finds."""
    factors, flat = ptdf(hour.network, hour.in_service, "matpower"), hour._replace(rise=np.zeros(hour.price.size))
    beside = [np.append(part, value) for part, value in zip(flat[4:], (0, 5.0, 0.0, 1.0), strict=True)]
    (simplex, _), (active_set, _) = cleared(flat, factors), cleared(Hour(*flat[:4], *beside), factors)
    assert simplex.status[0] == active_set.status[0]
    if simplex.status[0] == SOLVED:
        assert flat.price @ active_set.mw[:-1] == pytest.approx(flat.price @ simplex.mw, rel=1e-9, abs=1e-6)


# Hand calculations -----------------------------------------------------------------------------------------------


def at_one_bus(load, price, offered, rise) -> Clearing:
    """A market without a network."""
    network, nothing, load = network_of([], [], [], np.array([load])), np.zeros(0), np.array([load])
    offers = (np.array(part, float) for part in (price, offered, rise))
    hour = Hour(network, nothing > 0, nothing, load, np.zeros(len(price), np.int64), *offers)
    return cleared(hour, ptdf(network, nothing > 0, "matpower"))[0]


def test_rising_offers_share_a_load_at_one_price_and_a_flat_one_fills_up():
    """10 + 0.1 x = 12 + 0.2 y and x + y = 100: 73.33 and 26.67 at 17.33; from 150 MW on, one at 20 takes the rest."""
    offers = {"price": [10.0, 12.0, 20.0], "offered": [200.0, 200.0, 50.0], "rise": [0.1, 0.2, 0.0]}
    c = at_one_bus(100.0, **offers)
    assert c.mw == pytest.approx([220 / 3, 80 / 3, 0]) and c.energy_price[0] == pytest.approx(52 / 3)
    c = at_one_bus(160.0, **offers)
    assert c.mw == pytest.approx([100, 40, 20]) and c.energy_price[0] == pytest.approx(20)
    c = at_one_bus(205.0, **offers)  # 10 + 0.1 x = 12 + 0.2 y and x + y = 155
    assert c.mw == pytest.approx([110, 45, 50]) and c.energy_price[0] == pytest.approx(21)


def test_a_full_line_parts_the_prices_of_rising_offers():
    """A cheap bus sends its 40 MW; there 10 + 0.1 x 40 = 14, here 20 + 0.1 x 60 = 26."""
    network, load = network_of([0], [1], [0.1], np.array([0.0, 100.0])), np.array([0.0, 100.0])
    offers = [np.array(part) for part in ([0, 1], [10.0, 20.0], [200.0, 200.0], [0.1, 0.1])]
    hour = Hour(network, np.array([True]), np.array([40.0]), load, *offers)
    factors = ptdf(network, hour.in_service, "matpower")
    c, g = cleared(hour, factors)
    assert c.mw == pytest.approx([40, 60])
    assert c.energy_price[g.bus_island] + g.by_bus @ c.shadow_price == pytest.approx([14, 26])
    assert c.shadow_price[0] == pytest.approx(-12) and c.unique[0]


def test_equal_flat_offers_share_and_one_that_rises_from_their_price_gives_nothing():
    c = at_one_bus(100.0, price=[20.0, 20.0, 20.0], offered=[100.0, 100.0, 100.0], rise=[0.0, 0.1, 0.0])
    assert c.mw == pytest.approx([50, 0, 50]) and c.energy_price[0] == pytest.approx(20)


def test_prices_are_not_unique_where_an_offer_ends_just_where_the_load_does():
    for first, unique in (100.0, False), (90.0, True):
        for rise in 0.0, 0.05:  # of the first; the second costs more than the end of it
            c = at_one_bus(100.0, price=[10.0, 20.0], offered=[first, 50.0], rise=[rise, 0.0])
            assert bool(c.unique[0]) is unique


def test_prices_are_unique_where_one_rising_offer_ends_and_another_goes_on():
    """10 + 0.1 x 60 = 12 + 0.1 x 40: the first ends there, and the second alone says the price."""
    c = at_one_bus(100.0, price=[10.0, 12.0], offered=[60.0, 80.0], rise=[0.1, 0.1])
    assert c.mw == pytest.approx([60, 40]) and c.energy_price[0] == pytest.approx(16) and c.unique[0]


def test_an_hour_of_a_thousand_buses_clears_as_highs_clears_it():
    """A ring with half as many chords, 125 units of which some rise, and lines of which some are full."""
    rng, buses = np.random.default_rng(7), 1000
    start, end = list(range(buses)), [*range(1, buses), 0]
    for a, b in rng.integers(buses, size=(buses // 2, 2)).tolist():
        if a != b:
            start, end = [*start, a], [*end, b]
    load = np.round(rng.uniform(0, 100, buses) * (rng.random(buses) < 0.7), 1)
    loads, lines, units = np.flatnonzero(load), len(start), buses // 8
    offered = rng.uniform(0.5, 2.0, units)
    network = network_of(start, end, rng.uniform(0.02, 0.3, lines), load)
    hour = Hour(
        network,
        np.ones(lines, bool),
        rng.uniform(0.02, 0.2, lines) * load.sum() / 6,
        load,
        np.concatenate((rng.integers(buses, size=units), loads)),
        np.concatenate((np.round(rng.uniform(5, 60, units), 1), np.full(loads.size, LOST_LOAD))),
        np.concatenate((offered * 1.8 * load.sum() / offered.sum(), load[loads])),
        np.concatenate((rng.uniform(0.001, 0.05, units) * (rng.random(units) < 0.5), np.zeros(loads.size))),
    )
    factors = ptdf(network, hour.in_service, "matpower")
    assert check(hour, factors) == SOLVED
    assert cleared(hour, factors)[0].fulls[0] > 5
