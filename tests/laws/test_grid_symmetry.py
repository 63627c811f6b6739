"""What a power market must not depend on: labels, units of measurement, how a line is drawn, where prices begin.

Each law writes one case twice, as tables that describe the same market, and compares a day of both.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from models.grid.case import FOLDER, HOURS
from tests.laws import grids

NEAR = {"rtol": 1e-9, "atol": 1e-7}  # of a number; and MW or dollars, what the clearing lets a bound be missed by
SCALED = {"load_mw", "limit_mw", "min_mw", "max_mw"}
MARKUPS = [(0.0, 50.0), (25.0, 50.0)]  # the truthful rule takes the first: at cost, or everyone a quarter above it
PRICINGS = ["nodal", "uniform", "pay_as_bid"]


class Day(NamedTuple):
    """A day of a market, (24, n) each, columns by name."""

    price: pd.DataFrame  # $/MWh by bus
    profit: pd.DataFrame  # $/h by company
    flow: pd.DataFrame  # MW by line
    mw: pd.DataFrame  # by unit
    unserved: pd.DataFrame  # MW by bus


def tables(name):
    """Tables of a shipped case; names are text."""
    names = {"bus": str, "from_bus": str, "to_bus": str, "unit": str, "company": str}
    return {path.stem: pd.read_csv(path, dtype=names) for path in (FOLDER / name).glob("*.csv")}


def congested(name):
    """A case whose lines are often full, with a phase shifter, by which alone base_mva shows."""
    case = tables(name)
    shifted = np.arange(len(case["lines"])) == 1
    case["lines"] = case["lines"].assign(shift_deg=np.where(shifted, 1.0, 0.0))
    case["lines"]["limit_mw"] *= {"ames5": 1.0, "pjm5": 0.8, "ieee14": 0.3}[name]
    return case


def live(folder, case, base_mva=100.0, **changes):
    """Write a case and live its day under the truthful rule."""
    folder.mkdir()
    for table, rows in case.items():
        rows.to_csv(folder / f"{table}.csv", index=False)
    (folder / "about.toml").write_text(f'source = "a law"\nbase_mva = {base_mva}\n', encoding="utf-8")
    world = grids.world(str(folder), **changes)
    offers, state, days = world.offers, world.state, []
    units, buses = len(world.case.unit_names), len(world.case.bus_names)
    demand = slice(offers.wind + 2, None)
    for _ in range(HOURS):
        world.step()
        mw = state.now.mw
        given = np.bincount(offers.unit[: offers.wind], mw[: offers.wind], units)
        unserved = np.bincount(offers.bus[demand], mw[demand], buses)
        days.append([part.copy() for part in (state.price, state.profit, state.now.flow, given, unserved)])
    names = [world.case.bus_names, world.agent_names, world.case.line_names, world.case.unit_names]
    parts = zip(zip(*days, strict=True), [*names, names[0]], strict=True)
    return Day(*(pd.DataFrame(part, columns=columns) for part, columns in parts))


def assert_same(one, other, **tolerance):
    """Two days are the same, part by part, whatever the order of columns."""
    for part, first, second in zip(Day._fields, one, other, strict=True):
        assert sorted(first) == sorted(second), part
        np.testing.assert_allclose(first[second.columns], second, **tolerance, err_msg=part)


def assert_lines_are_full(day, case):
    """The law would say little of a market whose prices are the same everywhere."""
    assert day.price.max(axis=1).sub(day.price.min(axis=1)).max() > 1.0
    assert np.isclose(day.flow.abs(), case["lines"]["limit_mw"], atol=1e-6).any()


def relabelled(case, rng):
    """The case with its buses and lines in another order and under other names; new names of buses and lines."""
    buses = case["buses"]["bus"]
    new = dict(zip(buses, (f"B{n}" for n in rng.permutation(len(buses))), strict=True))
    lines = case["lines"].assign(**{end: case["lines"][end].map(new) for end in ("from_bus", "to_bus")})
    ends = zip(case["lines"]["from_bus"], case["lines"]["to_bus"], strict=True)
    pairs = {f"{a}-{b}": f"{new[a]}-{new[b]}" for a, b in ends}
    assert len(pairs) == len(lines)  # no two lines beside each other, whose letters would follow their order
    turned = case | {
        "buses": shuffled(case["buses"].assign(bus=buses.map(new)), rng),
        "lines": shuffled(lines, rng),
        "units": case["units"].assign(bus=case["units"]["bus"].map(new)),
    }
    if "hours" in case:
        turned["hours"] = case["hours"].rename(columns=new)
    return turned, new | pairs


def shuffled(rows, rng):
    """The rows in another order."""
    return rows.iloc[rng.permutation(len(rows))]


every_case = pytest.mark.parametrize("name", ["ames5", "pjm5", "ieee14"])


@every_case
@pytest.mark.parametrize("pricing", PRICINGS)
def test_buses_and_lines_in_another_order_under_other_names_are_the_same_market(name, pricing, tmp_path):
    case = congested(name)
    day = live(tmp_path / "one", case, pricing=pricing)
    assert_lines_are_full(day, case)
    for seed in range(4):
        turned, names = relabelled(case, np.random.default_rng(seed))
        renamed = {part: getattr(day, part).rename(columns=names) for part in ("price", "flow", "unserved")}
        assert_same(day._replace(**renamed), live(tmp_path / str(seed), turned, pricing=pricing), **NEAR)


@every_case
@pytest.mark.parametrize("choices", MARKUPS)
def test_firms_in_another_order_are_the_same_market(name, choices, tmp_path):
    """To the byte where costs are straight; sums over rising offers are rounded in the order of the firms."""
    case = congested(name)
    rounding = 1e-12 if np.any(case["units"].get("cost_per_mw2h", 0.0)) else 0.0
    day = live(tmp_path / "one", case, choices=choices)
    for seed in range(4):
        turned = case | {"units": shuffled(case["units"], np.random.default_rng(seed))}
        assert_same(day, live(tmp_path / str(seed), turned, choices=choices), rtol=rounding, atol=1e3 * rounding)


@every_case
def test_firms_of_one_cost_in_another_order_share_alike(name, tmp_path):
    case = tables(name)
    case["units"] = case["units"].assign(cost_per_mwh=20.0, cost_per_mw2h=0.0)
    case["lines"] = case["lines"].assign(limit_mw=np.nan)  # lines that are full may leave shares to the merit order
    day = live(tmp_path / "one", case)
    other = live(tmp_path / "other", case | {"units": case["units"][::-1]})
    assert_same(day, other, **NEAR)


@every_case
@pytest.mark.parametrize("choices", MARKUPS)
def test_two_lines_beside_each_other_are_one_of_half_the_reactance_and_twice_the_limit(name, choices, tmp_path):
    case = congested(name)
    whole = live(tmp_path / "whole", case, choices=choices)
    assert_lines_are_full(whole, case)
    for l, line in enumerate(whole.flow.columns):
        halves = case["lines"].iloc[[*range(l + 1), *range(l, len(case["lines"]))]].copy()
        halves.iloc[[l, l + 1], halves.columns.get_loc("reactance_pu")] *= 2.0
        halves.iloc[[l, l + 1], halves.columns.get_loc("limit_mw")] *= 0.5
        both = live(tmp_path / line, case | {"lines": halves}, choices=choices)
        merged = both.flow.assign(**{line: both.flow[line] + both.flow[f"{line}b"]}).drop(columns=f"{line}b")
        assert_same(both._replace(flow=merged), whole, **NEAR)


@every_case
@pytest.mark.parametrize("k", [0.25, 3.0])
def test_reactances_per_unit_of_another_base_are_the_same_market(name, k, tmp_path):
    case = congested(name)
    lines = case["lines"].assign(reactance_pu=k * case["lines"]["reactance_pu"])
    one, other = live(tmp_path / "one", case), live(tmp_path / "other", case | {"lines": lines}, base_mva=k * 100.0)
    assert_same(one, other, **NEAR)


@every_case
@pytest.mark.parametrize("k", [0.25, 3.0])
@pytest.mark.parametrize("pricing", PRICINGS)
def test_a_market_k_times_as_large_has_the_same_prices_and_k_times_the_profits(name, k, pricing, tmp_path):
    case = congested(name)
    large = {t: rows.assign(**{c: k * rows[c] for c in SCALED & set(rows)}) for t, rows in case.items()}
    rising = large["units"].get("cost_per_mw2h", 0.0)  # pjm5 has no such column
    large["units"] = large["units"].assign(cost_per_mw2h=rising / k)
    if "hours" in case:
        large["hours"] = k * case["hours"]
        large["hours"]["hour"] = case["hours"]["hour"]
    rules = {"pricing": pricing, "choices": MARKUPS[1]}
    one, other = live(tmp_path / "one", case, **rules), live(tmp_path / "other", large, base_mva=k * 100.0, **rules)
    scaled = Day(*(k * part for part in one))
    assert one.profit.to_numpy().max() > 0.0
    assert_same(scaled._replace(price=one.price), other, **NEAR)


@every_case
@pytest.mark.parametrize("pricing", PRICINGS)
@pytest.mark.parametrize(
    ("demand_scale", "cap", "lost_load_rises"),
    [(1.0, 1000.0, False), (1.0, 1000.0, True), (2.5, 35.0, True)],  # it must where some demand goes unserved
)
def test_costs_that_all_rise_by_as_much_raise_prices_by_it(
    name, pricing, demand_scale, cap, lost_load_rises, tmp_path
):  # fmt: skip
    case, rise = congested(name), 7.0
    dear = case | {"units": case["units"].assign(cost_per_mwh=case["units"]["cost_per_mwh"] + rise)}
    rules = {"pricing": pricing, "demand_scale": demand_scale}
    one = live(tmp_path / "one", case, price_cap_per_mwh=cap, lost_load_per_mwh=2000.0, **rules)
    lost_load = 2000.0 + rise * lost_load_rises
    other = live(tmp_path / "other", dear, price_cap_per_mwh=cap + rise, lost_load_per_mwh=lost_load, **rules)
    assert (one.unserved.to_numpy().max() > 1.0) == (demand_scale > 1.0)
    assert_same(one._replace(price=one.price + rise), other, **NEAR)
