"""Costs and limits as files have them: pieces, prices below zero, least output, and units that take power.

HiGHS solves the same hour from voltage angles and from the units' own costs and bounds; it knows neither offers nor
stretches. Published objectives are those of PGLib-OPF's table of results, DC column.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.laws import grids

LOST_LOAD = 5000.0
POWER = Path(__file__).resolve().parents[3] / "shared/data/power"
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def cleared(case, hour=17, **changes):
    """The market of a case after an hour in which all offer at cost and units are in service as given."""
    world = grids.world(case, commitment="as given", lost_load_per_mwh=LOST_LOAD, price_cap_per_mwh=5000.0, **changes)
    world.run(hour + 1)
    assert world.state.now.status[0] == 0
    return world


def objective(world):
    """What units cost, with what costs them nothing to give up, and load that is lost, $/h."""
    lost = world.offers.unit[world.offers.wind + 2 :] < 0
    shed = world.state.now.mw[world.offers.wind + 2 :][lost].sum()
    return sum(world.case.curve(u).at(mw) for u, mw in enumerate(world.unit_mw())) + LOST_LOAD * shed


def least_cost(case, load):
    """By HiGHS: outputs, a cost above every piece of it, load lost and angles; None where there is no dispatch."""
    units, buses, lines = len(case.unit_names), load.size, len(case.line_names)
    b = case.base_mva / case.reactance_pu
    size = 2 * units + 2 * buses
    incidence = np.zeros((lines, buses))
    np.add.at(incidence, (np.arange(lines), case.line_from), 1.0)
    np.add.at(incidence, (np.arange(lines), case.line_to), -1.0)
    balance = np.zeros((buses, size))
    balance[case.unit_bus, np.arange(units)] = 1.0
    balance[:, 2 * units : 2 * units + buses] = np.eye(buses)
    balance[:, 2 * units + buses :] = -incidence.T @ (b[:, None] * incidence)
    flow = np.zeros((lines, size))
    flow[:, 2 * units + buses :] = b[:, None] * incidence
    rows, bound = [flow, -flow], [case.limit_mw, case.limit_mw]
    for u in range(units):
        curve = case.curve(u)
        points = curve.points if len(curve.points) else np.array([(mw, curve.at(mw)) for mw in (0.0, 1.0)])
        for (x, y), slope in zip(points, np.diff(points[:, 1]) / np.diff(points[:, 0]), strict=False):
            row = np.zeros((1, size))
            row[0, u], row[0, units + u] = slope, -1.0
            rows.append(row)
            bound.append(np.array([slope * x - y]))
    limits = [*zip(case.min_mw, case.max_mw, strict=True), *[(None, None)] * units, *[(0.0, mw) for mw in load]]
    angles = [(0.0, 0.0), *[(None, None)] * (buses - 1)]
    weights = np.concatenate((np.zeros(units), np.ones(units), np.full(buses, LOST_LOAD), np.zeros(buses)))
    finite = np.isfinite(np.concatenate(bound))
    return linprog(
        weights, np.concatenate(rows)[finite], np.concatenate(bound)[finite], balance, load, [*limits, *angles],
        options=EXACT,
    )  # fmt: skip


@st.composite
def markets(draw):
    """Buses in a ring with chords, units with pieces, prices below zero and least output, and some that take power."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    buses = draw(st.integers(1, 8))
    load = np.round(rng.uniform(0, 100, buses), 1)
    ends = [(i, (i + 1) % buses) for i in range(buses if buses > 2 else buses - 1)]
    ends += [(i, j) for i, j in rng.integers(buses, size=(draw(st.integers(0, 3)), 2)).tolist() if i != j]
    lines = [(f"B{a}", f"B{b}", round(float(rng.uniform(0.1, 1.0) * load.sum()), 1) + 1) for a, b in ends]
    units = []
    for _ in range(draw(st.integers(1, 6))):
        kind, most = rng.integers(4), round(float(rng.uniform(20, 120)), 1)
        least = [0.0, round(0.3 * most, 1), -most, -most][kind]
        most = [most, most, 0.5 * most, -0.2 * most][kind]
        slopes = np.sort(np.round(rng.uniform(-30, 60, rng.integers(1, 5)), 1))
        mw = np.cumsum([least - rng.uniform(0, 5), *rng.uniform(5, 40, slopes.size)])
        cost = np.cumsum([rng.uniform(0, 100), *slopes * np.diff(mw)])
        units.append((int(rng.integers(buses)), least, most, np.column_stack((mw, cost))))
    units.append((0, 0.0, float(np.ceil(load.sum() + 300)), np.array([(0.0, 0.0), (1.0, 70.0)])))
    return load, lines, units


def write(folder, market):
    """The market as a case."""
    load, lines, units = market
    names = {f"B{b}": mw for b, mw in enumerate(load.tolist())}
    grids.write(folder, names, [(f"B{bus}", 1, 0) for bus, *_ in units], lines)
    rows = [f"G{i + 1},B{bus},G{i + 1},{least},{most}" for i, (bus, least, most, _) in enumerate(units)]
    (folder / "units.csv").write_text("\n".join(["unit,bus,company,min_mw,max_mw", *rows]), encoding="utf-8")
    points = [f"G{i + 1},{mw!r},{cost!r}" for i, unit in enumerate(units) for mw, cost in unit[3].tolist()]
    (folder / "costs.csv").write_text("\n".join(["unit,mw,cost_per_h", *points]), encoding="utf-8")
    return str(folder)


@settings(max_examples=40, deadline=None)
@given(market=markets())
def test_a_market_clears_at_the_cost_that_highs_finds_from_the_units_own_costs_and_bounds(market, tmp_path_factory):
    world = cleared(write(tmp_path_factory.mktemp("case"), market), hour=0, record_every_ticks=1)
    case, load = world.case, world.case.load_mw[0]
    oracle = least_cost(case, load)
    given = world.unit_mw()
    kept = (given >= case.min_mw - 1e-7).all() and (given <= case.max_mw + 1e-7).all()
    if oracle.status == 2:
        assert not kept, "nobody can keep to the bounds"
        return
    assert oracle.status == 0, oracle.message
    if kept:  # else keeping to them costs more than the value of lost load
        assert objective(world) == pytest.approx(oracle.fun, rel=1e-9, abs=1e-6)
    assert world.record.frame()["settlement_gap"].max() < 1e-9


def test_least_output_runs_at_a_price_below_its_cost_and_sets_none(tmp_path):
    case = grids.write(tmp_path, {"A": 100.0}, [("A", 200, 50.0), ("A", 200, 10.0)])
    units = "unit,bus,min_mw,max_mw,cost_per_mwh\nG1,A,60,200,50\nG2,A,0,200,10\n"
    (tmp_path / "units.csv").write_text(units, encoding="utf-8")
    for pricing, profit in ("nodal", (-40 * 60, 0)), ("uniform", (-40 * 60, 0)), ("pay_as_bid", (0, 0)):
        world = cleared(case, hour=0, pricing=pricing)
        assert world.unit_mw().tolist() == [60, 40]
        assert world.state.price.tolist() == [10]
        assert world.state.profit == pytest.approx(profit)
    free = grids.world(case)
    free.run(1)
    assert free.unit_mw().tolist() == [0, 100]


def test_prices_fall_below_zero_where_a_unit_pays_to_run(tmp_path):
    case = grids.write(tmp_path, {"A": 100.0}, [("A", 150, -20.0), ("A", 200, 10.0)])
    world = cleared(case, hour=0)
    assert (world.state.price.tolist(), world.unit_mw().tolist()) == ([-20], [100, 0])
    assert world.state.profit.tolist() == [0, 0]


def test_a_markup_raises_an_offer_below_zero_too(tmp_path):
    case = grids.write(tmp_path, {"A": 100.0}, [("A", 150, -20.0)])
    world = grids.world(case, learner="random", choices=[0.0, 50.0, 150.0])
    for action, price in (0, -20.0), (1, -10.0), (2, 10.0):
        world.advance([action])
        assert world.state.price[0] == pytest.approx(price)


def test_a_load_that_may_give_way_is_served_up_to_its_worth(tmp_path):
    case = grids.write(tmp_path, {"A": 50.0}, [("A", 80, 10.0), ("A", 80, 40.0)])
    units = "unit,bus,min_mw,max_mw,cost_per_mwh\nG1,A,0,80,10\nG2,A,0,80,40\nD,A,-60,-10,30\n"
    (tmp_path / "units.csv").write_text(units, encoding="utf-8")
    world = cleared(case, hour=0)
    assert world.unit_mw() == pytest.approx([80, 0, -30])  # 10 MW whatever it costs, the rest while power costs 10
    assert world.state.price.tolist() == [30]


# Published ----------------------------------------------------------------------------------------------------------


def published():
    """Name and DC objective as printed, of the files that are here."""
    table = POWER / "pglib_baseline_head.md"
    text = table.read_text(encoding="utf-8") if table.exists() else ""
    found = dict(re.findall(r"\| (pglib_\S+) \| \d+ \| \d+ \| (\S+)", text))
    return [(name, found[name]) for name in sorted(found) if (POWER / f"{name}.m").exists()]


@pytest.mark.skipif(not POWER.exists(), reason="the files of PGLib-OPF are not here")
@pytest.mark.parametrize(("name", "printed"), published())
def test_published_dc_objectives_come_out_to_their_last_digit(name, printed):
    world = cleared(str(POWER / f"{name}.m"), susceptance="powermodels", sees="nothing")
    assert f"{objective(world):.4e}" == printed
    assert (world.unit_mw() >= world.case.min_mw - 1e-6).all()
