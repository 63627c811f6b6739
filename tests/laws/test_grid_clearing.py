"""The market's clearing against HiGHS, which solves the same hour from voltage angles and knows no flow factors.

A cleared hour is the cheapest if and only if it keeps to all limits and prices support it (Karush, Kuhn and Tucker):
both are checked beside the objective.
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
    rise: np.ndarray  # (J,)


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
    """By HiGHS, at a price for each offer: flow_l = (angle_from - angle_to - shift_l) / reactance_l, the first angle of every island 0."""
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
    """Clear both ways and compare; the status.

    A dispatch is the cheapest if and only if none is cheaper at its marginal costs, for cost is convex. So HiGHS, which
    minimises at these, gives a bound that is exact.
    """
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
    price = np.round(rng.uniform(5, 60, units), draw(st.sampled_from([-1, 0, 4])))
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
        hour = Hour(network, np.array([joined]), load=load, **offers)
        assert check(hour, ptdf(network, hour.in_service, "matpower")) == status


def test_prices_are_not_unique_where_an_offer_ends_just_where_the_load_does():
    network, nothing = network_of([], [], [], np.array([100.0])), np.zeros(0)
    price, factors = np.array([10.0, 20.0]), ptdf(network, nothing > 0, "matpower")
    for first, unique in (100.0, False), (90.0, True):
        offered = np.array([first, 50.0])
        hour = Hour(network, nothing > 0, nothing, np.array([100.0]), np.zeros(2, np.int64), price, offered)
        assert bool(cleared(hour, factors)[0].unique[0]) is unique
