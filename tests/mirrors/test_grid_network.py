"""Flow factors: hand values, and the two laws of Kirchhoff on random networks with outages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.grid import case
from models.grid.network import islands, ptdf
from scenarios import ScenarioError

CONVENTIONS = ("matpower", "powermodels")


def network(tmp_path, lines, buses):
    """A case of `buses` buses A, B, ...; lines: from, to, resistance, reactance, tap, shift in degrees."""
    folder = tmp_path / "mine"
    folder.mkdir(exist_ok=True)
    names = [chr(ord("A") + bus) for bus in range(buses)]
    (folder / "about.toml").write_text('source = "a test"\nbase_mva = 100\n', encoding="utf-8")
    (folder / "buses.csv").write_text("bus,load_mw\n" + "".join(f"{name},1\n" for name in names), encoding="utf-8")
    (folder / "units.csv").write_text("unit,bus,max_mw,cost_per_mwh\nG1,A,9,1\n", encoding="utf-8")
    header = "from_bus,to_bus,resistance_pu,reactance_pu,tap,shift_deg\n"
    rows = "".join(f"{names[line[0]]},{names[line[1]]},{','.join(map(str, line[2:]))}\n" for line in lines)
    (folder / "lines.csv").write_text(header + rows, encoding="utf-8")
    return case.read(str(folder), "a test")


def plain(*pairs):
    return [(a, b, 0, 0.1, 1, 0) for a, b in pairs]


def factors(grid, out=(), susceptance="matpower"):
    service = np.array([name not in out for name in grid.line_names], bool)
    return ptdf(grid, service, susceptance)


def test_one_line_carries_all_that_is_taken_out_at_its_other_end(tmp_path):
    by_bus, offset, island = factors(network(tmp_path, plain((0, 1)), 2))
    assert by_bus.tolist() == [[0, -1]]  # a MW fed in at B flows to A, the reference, against the direction A-B
    assert (offset.tolist(), island.tolist()) == ([0], [0, 0])


def test_in_a_triangle_two_thirds_take_the_short_way(tmp_path):
    by_bus, _, _ = factors(network(tmp_path, plain((0, 1), (1, 2), (0, 2)), 3))
    flow = by_bus @ [3, 0, -3]  # from A to C: lines A-B, B-C, A-C
    assert flow == pytest.approx([1, 1, 2])


def test_parallel_lines_share_by_susceptance(tmp_path):
    grid = network(tmp_path, [(0, 1, 0, 0.1, 1, 0), (0, 1, 0, 0.3, 1, 0)], 2)
    assert factors(grid)[0] @ [4, -4] == pytest.approx([3, 1])


def test_a_tap_divides_the_susceptance_of_matpower_and_is_left_out_by_powermodels(tmp_path):
    grid = network(tmp_path, [(0, 1, 0, 0.1, 1, 0), (0, 1, 0, 0.1, 2, 0)], 2)
    assert factors(grid)[0] @ [3, -3] == pytest.approx([2, 1])
    assert factors(grid, susceptance="powermodels")[0] @ [2, -2] == pytest.approx([1, 1])


def test_resistance_counts_for_powermodels_only(tmp_path):
    grid = network(tmp_path, [(0, 1, 0, 0.1, 1, 0), (0, 1, 0.1, 0.1, 1, 0)], 2)  # b = 10, and 10 or 0.1 / 0.02 = 5
    assert factors(grid)[0] @ [3, -3] == pytest.approx([1.5, 1.5])
    assert factors(grid, susceptance="powermodels")[0] @ [3, -3] == pytest.approx([2, 1])


def test_a_phase_shifter_drives_power_round_its_loop(tmp_path):
    lines = plain((0, 1), (1, 2))
    grid = network(tmp_path, [*lines, (2, 0, 0, 0.1, 1, 3)], 3)
    round_trip = -100 * np.radians(3) / 0.3  # base MVA x angle over the reactance of the loop, against the shift
    assert factors(grid)[1] == pytest.approx([round_trip] * 3)
    assert factors(grid, out=["A-B"])[1] == pytest.approx([0, 0, 0])  # no loop, no way round


def test_an_outage_splits_a_chain_into_islands_with_a_reference_each(tmp_path):
    grid = network(tmp_path, plain((0, 1), (1, 2), (2, 3)), 4)
    by_bus, _, island = factors(grid, out=["B-C"])
    assert island.tolist() == [0, 0, 1, 1]
    assert by_bus.tolist() == [[0, -1, 0, 0], [0, 0, 0, 0], [0, 0, 0, -1]]


def test_a_single_bus_has_no_lines_and_is_its_own_island(tmp_path):
    by_bus, offset, island = factors(network(tmp_path, [], 1))
    assert (by_bus.shape, offset.shape, island.tolist()) == ((0, 1), (0,), [0])


def test_reactances_that_cancel_are_refused(tmp_path):
    grid = network(tmp_path, [(0, 1, 0, 0.1, 1, 0), (0, 1, 0, -0.1, 1, 0)], 2)
    with pytest.raises(ScenarioError, match="mine: negative reactances cancel others; change reactance_pu of one"):
        factors(grid)


@st.composite
def grids(draw):
    """Buses, lines (a tree and more) and which are in service."""
    buses = draw(st.integers(2, 8))
    ends = [(draw(st.integers(0, b - 1)), b) for b in range(1, buses)]
    pair = st.tuples(st.integers(0, buses - 1), st.integers(0, buses - 1)).filter(lambda ends: ends[0] != ends[1])
    ends += draw(st.lists(pair, max_size=6))
    number = st.tuples(st.floats(0, 0.5), st.floats(0.01, 1), st.floats(0.8, 1.2), st.floats(-10, 10))
    lines = [(*pair, *draw(number)) for pair in ends]
    return buses, lines, np.array(draw(st.lists(st.booleans(), min_size=len(ends), max_size=len(ends))))


@settings(max_examples=150, deadline=None)
@given(drawn=grids(), seed=st.integers(0, 99), susceptance=st.sampled_from(CONVENTIONS))
def test_flows_balance_at_every_bus_and_angles_add_up_round_every_loop(drawn, seed, susceptance, tmp_path_factory):
    buses, lines, service = drawn
    grid = network(tmp_path_factory.mktemp("grid"), lines, buses)
    by_bus, offset, island = ptdf(grid, service, susceptance)
    assert np.array_equal(island, islands(grid, service))
    fed = np.random.default_rng(seed).normal(0, 100, buses)
    fed -= (np.bincount(island, fed) / np.bincount(island))[island]  # every island in balance
    flow = offset + by_bus @ fed
    assert not flow[~service].any()
    leaving = np.zeros((len(lines), buses))
    leaving[np.arange(len(lines)), grid.line_from] = 1
    leaving[np.arange(len(lines)), grid.line_to] = -1
    assert leaving.T @ flow == pytest.approx(fed, abs=1e-8)
    if susceptance == "matpower":
        ohms, shift = grid.reactance_pu * grid.tap, np.radians(grid.shift_deg)
    else:
        ohms, shift = (grid.resistance_pu**2 + grid.reactance_pu**2) / grid.reactance_pu, 0 * grid.shift_deg
    across = (flow / 100 * ohms + shift)[service]  # differences of angles: there are angles that have them all
    angles = np.linalg.lstsq(leaving[service], across, rcond=None)[0]
    assert leaving[service] @ angles == pytest.approx(across, abs=1e-8)


@pytest.mark.parametrize("name", case.names())
def test_no_line_of_a_shipped_case_carries_more_than_what_is_fed_in(name):
    grid = case.read(name, "a test")
    by_bus, _, island = ptdf(grid, np.ones(len(grid.line_names), bool), "matpower")
    assert not island.any()
    assert not by_bus[:, 0].any()  # the first bus is the reference
    assert np.all(np.abs(by_bus) <= 1 + 1e-12)
