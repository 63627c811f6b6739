"""Network cases: the shipped numbers against published ones, what is written reads back."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from models.grid import case
from models.grid.case import WEEKDAY, Case
from models.grid.costs import Curve
from models.grid.network import ptdf

HERE = "scenarios/grid/mine.toml"


def everything(network):
    return np.ones(len(network.line_names), bool)


# What is shipped


@pytest.mark.parametrize(
    ("name", "printed"), [("pjm5", "1.7480e+04"), ("ieee30", "7.4728e+03"), ("ieee118", "9.3101e+04")]
)
def test_linear_cases_have_the_dc_objective_that_pglib_prints(name, printed):
    network = case.read(name, HERE)
    load = network.load_mw[network.load_mw.sum(axis=1).argmax()]
    factors, offset, _ = ptdf(network, everything(network), "powermodels")
    by_unit, base = factors[:, network.unit_bus], offset - factors @ load
    cheapest = linprog(
        network.cost_per_mwh,
        A_ub=np.vstack((by_unit, -by_unit)),
        b_ub=np.concatenate((network.limit_mw - base, network.limit_mw + base)),
        A_eq=np.ones((1, len(network.unit_names))),
        b_eq=[load.sum()],
        bounds=np.column_stack((network.min_mw, network.max_mw)),
    )
    assert f"{cheapest.fun:.4e}" == printed


def test_fourteen_buses_cost_7642_59_where_marginal_costs_are_equal_and_no_line_is_full():
    network = case.read("ieee14", HERE)
    load = network.load_mw.max(axis=0)
    assert load.sum() == pytest.approx(259)
    g1 = 259 / (1 + network.cost_per_mw2h[0] / network.cost_per_mw2h[1])
    mw = np.array([g1, 259 - g1, 0, 0, 0])
    marginal = network.cost_per_mwh + 2 * network.cost_per_mw2h * mw
    assert marginal[0] == pytest.approx(marginal[1])
    assert marginal[:2].max() < marginal[2:].min()
    assert (network.cost_per_mwh * mw + network.cost_per_mw2h * mw**2).sum() == pytest.approx(7642.59, abs=0.005)
    factors, offset, _ = ptdf(network, everything(network), "matpower")
    injected = np.bincount(network.unit_bus, mw, 14) - load
    assert np.all(np.abs(offset + factors @ injected) < network.limit_mw)


def test_the_published_dispatch_of_ames_fills_the_line_from_1_to_2_and_no_other():
    network = case.read("ames5", HERE)
    mw = np.array([110.0, 13.87, 332.53, 0.0, 443.59])
    assert mw.sum() == pytest.approx(network.load_mw[0].sum(), abs=0.02)
    factors, _, _ = ptdf(network, everything(network), "matpower")
    flow = factors @ (np.bincount(network.unit_bus, mw, 5) - network.load_mw[0])
    assert flow[0] == pytest.approx(250, abs=0.02)
    assert np.all(np.abs(flow[1:]) < network.limit_mw[1:] - 1)


def test_the_load_of_ames_swings_from_738_to_1154_mw_and_peaks_at_hour_17():
    load = case.read("ames5", HERE).load_mw.sum(axis=1)
    assert (load.argmin(), load.argmax()) == (4, 17)
    assert (load.min(), load.max()) == (pytest.approx(738.40), pytest.approx(1153.59))


@pytest.mark.parametrize(("name", "peak_mw"), [("pjm5", 1000), ("ieee14", 259), ("ieee30", 283.4), ("ieee118", 4242)])
def test_loads_without_hours_follow_the_weekday_and_reach_the_printed_load_at_its_peak(name, peak_mw):
    load = case.read(name, HERE).load_mw
    assert load[17].sum() == pytest.approx(peak_mw)
    assert np.array_equal(load, WEEKDAY[:, None] * load[17])
    assert (WEEKDAY.max(), WEEKDAY.min(), WEEKDAY.size) == (1.0, 0.59, 24)


def test_units_at_one_bus_belong_to_one_company_unless_a_case_says_otherwise():
    assert case.read("pjm5", HERE).unit_company == ["G1", "G1", "G3", "G4", "G5"]
    assert case.read("ames5", HERE).unit_company == ["G1", "G2", "G3", "G4", "G5"]
    for name in case.names():
        network = case.read(name, HERE)
        assert np.all(network.max_mw > 0), "condensers give nothing and are left out"


def crossings(network, width, height):
    """Pairs of lines that cross in a picture, those that meet at a bus apart."""
    place = np.column_stack((network.bus_x * width, network.bus_y * height))
    ends = {tuple(sorted(pair)) for pair in zip(network.line_from.tolist(), network.line_to.tolist(), strict=True)}

    def left(a, b, c):
        return np.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    def cross(p, q):
        a, b, c, d = place[[*p, *q]]
        return left(a, b, c) != left(a, b, d) and left(c, d, a) != left(c, d, b)

    return sum(cross(p, q) for p, q in itertools.combinations(ends, 2) if not set(p) & set(q))


@pytest.mark.parametrize(
    ("name", "box_px", "crossed"),
    [("ames5", (46, 26), 0), ("pjm5", (46, 26), 0), ("ieee14", (46, 26), 0), ("ieee30", (46, 26), 0),
     ("ieee118", (20, 13), 3)],
)  # fmt: skip
def test_drawn_buses_do_not_overlap_and_few_lines_cross(name, box_px, crossed):
    network, width, height = case.read(name, HERE), 640, 440
    assert crossings(network, width, height) <= crossed
    for a, b in itertools.combinations(range(len(network.bus_names)), 2):
        apart = abs(network.bus_x[a] - network.bus_x[b]) * width, abs(network.bus_y[a] - network.bus_y[b]) * height
        assert apart[0] > box_px[0] or apart[1] > box_px[1]


# Written and read again


@st.composite
def rising_costs(draw):
    """Points of a convex cost, (k, 2)."""
    widths = draw(st.lists(st.floats(1, 100), min_size=1, max_size=4))
    slopes = sorted(draw(st.lists(st.floats(-50, 100), min_size=len(widths), max_size=len(widths))))
    mw = np.cumsum([draw(st.floats(-100, 100)), *widths])
    return np.column_stack((mw, np.cumsum([draw(st.floats(-100, 1000)), *np.multiply(widths, slopes)])))


@st.composite
def networks(draw):
    """A connected network as the readers name things: buses "1", "2", ..., units after their bus."""
    amount = st.floats(0.001, 1000, allow_subnormal=False)
    buses = draw(st.integers(1, 6))
    ends = [(draw(st.integers(0, b - 1)), b) for b in range(1, buses)]
    if buses > 1:
        more = st.tuples(st.integers(0, buses - 1), st.integers(0, buses - 1)).filter(lambda pair: pair[0] != pair[1])
        ends += draw(st.lists(more, max_size=4))
    units = draw(st.lists(st.integers(0, buses - 1), min_size=1, max_size=5))

    def numbers(size, values=amount):
        return np.array(draw(st.lists(values, min_size=size, max_size=size)))

    pairs = [f"{a + 1}-{b + 1}" for a, b in ends]
    least = numbers(len(units), st.floats(-100, 100))
    points = [draw(st.just(np.zeros((0, 2))) | rising_costs()) for _ in units]
    straight = [Curve(p, 0.0, 0.0, 0.0) if len(p) else None for p in points]
    cost = {
        "cost_per_mwh": numbers(len(units), st.floats(-50, 1000)),
        "fixed_cost_per_h": numbers(len(units), st.floats(-100, 100)),
    }
    cost["cost_per_mw2h"] = numbers(len(units), amount | st.just(0.0))
    for u, curve in enumerate(straight):
        if curve:
            first = curve.slopes()[0]
            cost["cost_per_mwh"][u], cost["cost_per_mw2h"][u] = first, 0.0
            cost["fixed_cost_per_h"][u] = curve.at(0.0)
    corners = [0.0, 1.0] if buses > 1 else [0.5]
    return Case(
        name="mine",
        source="hypothesis",
        base_mva=100.0,
        bus_names=[str(b + 1) for b in range(buses)],
        bus_x=np.array(corners + numbers(buses - len(corners), st.floats(0, 1)).tolist()),
        bus_y=np.array(corners + numbers(buses - len(corners), st.floats(0, 1)).tolist()),
        load_mw=WEEKDAY[:, None] * numbers(buses),
        available_mw=np.zeros((0, len(units))),
        start=None,
        notes=(),
        line_names=[p + (chr(97 + pairs[:i].count(p)) if p in pairs[:i] else "") for i, p in enumerate(pairs)],
        line_from=np.array([a for a, _ in ends], np.int64),
        line_to=np.array([b for _, b in ends], np.int64),
        resistance_pu=numbers(len(ends)),
        reactance_pu=numbers(len(ends)),
        tap=numbers(len(ends), st.floats(0.5, 1.5)),
        shift_deg=numbers(len(ends), st.floats(-30, 30)),
        limit_mw=numbers(len(ends), amount | st.just(np.inf)),
        unit_names=[
            f"G{b + 1}" + (chr(97 + units[:i].count(b)) if units.count(b) > 1 else "") for i, b in enumerate(units)
        ],
        unit_bus=np.array(units, np.int64),
        unit_company=[f"G{b + 1}" for b in units],
        unit_fuel=draw(st.lists(st.sampled_from(["NG", "COW", ""]), min_size=len(units), max_size=len(units))),
        min_mw=least,
        max_mw=np.maximum(least + numbers(len(units)), [1.0, *[-np.inf] * (len(units) - 1)]),  # one can give power
        **cost,
        cost_points=points,
    )


def csv_text(columns):
    rows = zip(*columns.values(), strict=True)
    return "".join(f"{','.join(map(str, row))}\n" for row in [tuple(columns), *rows])


def write_tables(network, folder):
    """The same as tables in a folder."""
    names = network.bus_names
    peak = network.load_mw[17].tolist()
    buses = {"bus": names, "load_mw": peak, "x": network.bus_x.tolist(), "y": network.bus_y.tolist()}
    lines = {"from_bus": [names[b] for b in network.line_from], "to_bus": [names[b] for b in network.line_to]}
    lines |= {c: getattr(network, c).tolist() for c in ("resistance_pu", "reactance_pu", "tap", "shift_deg")}
    lines["limit_mw"] = ["" if np.isinf(mw) else mw for mw in network.limit_mw.tolist()]
    units = {"unit": network.unit_names, "bus": [names[b] for b in network.unit_bus]}
    units |= {"company": network.unit_company, "fuel": network.unit_fuel}
    units |= {c: getattr(network, c).tolist() for c in ("min_mw", "max_mw")}
    by_points = [len(p) > 0 for p in network.cost_points]
    for column in ("cost_per_mwh", "cost_per_mw2h", "fixed_cost_per_h"):
        units[column] = ["" if p else c for p, c in zip(by_points, getattr(network, column).tolist())]
    told = [(name, *point) for name, p in zip(network.unit_names, network.cost_points) for point in p.tolist()]
    costs = dict(zip(("unit", "mw", "cost_per_h"), zip(*told))) if told else {}
    folder.mkdir(exist_ok=True)
    for name, columns in (("buses", buses), ("lines", lines), ("units", units), *[("costs", costs)] * bool(costs)):
        (folder / f"{name}.csv").write_text(csv_text(columns), encoding="utf-8")
    (folder / "about.toml").write_text('source = "hypothesis"\nbase_mva = 100\n', encoding="utf-8")
    return str(folder)


def write_matpower(network, path):
    """The same as a MATPOWER-format file."""

    def table(name, rows):
        return f"mpc.{name} = [\n" + "".join(f"\t{' '.join(map(str, row))};\n" for row in rows) + "];\n"

    bus = [(n, 1, mw, 0, 0, 0, 1, 1, 0, 230, 1, 1.1, 0.9) for n, mw in zip(network.bus_names, network.load_mw[17])]
    ends = zip(network.line_from + 1, network.line_to + 1)
    rate = np.where(np.isinf(network.limit_mw), 0, network.limit_mw)
    branch = [
        (*pair, r, x, 0, mw, 0, 0, tap, shift, 1, -360, 360)
        for pair, r, x, mw, tap, shift in zip(
            ends, network.resistance_pu, network.reactance_pu, rate, network.tap, network.shift_deg
        )
    ]
    gen = [
        (b + 1, 0, 0, 0, 0, 1, 100, 1, high, low)
        for b, high, low in zip(network.unit_bus, network.max_mw, network.min_mw)
    ]
    polynomials = zip(network.cost_per_mw2h, network.cost_per_mwh, network.fixed_cost_per_h)
    cost = [
        (1, 0, 0, len(p), *p.reshape(-1).tolist()) if len(p) else (2, 0, 0, 3, *c)
        for p, c in zip(network.cost_points, polynomials)
    ]
    fuel = "mpc.genfuel = {\n" + "".join(f"\t'{f}';\n" for f in network.unit_fuel) + "};\n"
    text = "function mpc = mine\n%MINE  a comment\nmpc.version = '2';\nmpc.baseMVA = 100;\n" + table("bus", bus)
    text += table("gen", gen) + table("branch", branch) + table("gencost", cost) + fuel
    path.write_text(text, encoding="utf-8")
    return str(path)


def assert_equal(found, expected, apart):
    for field in Case._fields:
        if field not in apart:
            a, b = getattr(found, field), getattr(expected, field)
            same = (
                all(map(np.array_equal, a, b)) and len(a) == len(b) if field == "cost_points" else np.array_equal(a, b)
            )
            assert same, field


@settings(max_examples=60, deadline=None)
@given(network=networks())
def test_a_case_written_as_tables_or_as_a_matpower_file_reads_back(network, tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    assert_equal(case.read(write_tables(network, folder / "mine"), HERE), network, ())
    found = case.read(write_matpower(network, folder / "mine.m"), HERE)
    assert_equal(found, network, ("source", "bus_x", "bus_y"))
    assert all(0 <= place <= 1 for place in (*found.bus_x, *found.bus_y))
