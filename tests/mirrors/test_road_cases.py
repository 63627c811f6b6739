"""Road cases as files: read as written whatever names things bear, and refused in a sentence where they are spoiled."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from models.networks.roads.case import RoadCase
from models.networks.roads.columns import ABOUT, TABLES
from scenarios import ScenarioError
from tests.laws import networks

ROOT = Path(__file__).parents[2]
TOWN = ROOT / "models" / "traffic" / "cases" / "market_town"
NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8).map(
    lambda name: f"{name}, “{name}”-{name}"
)
LOOSE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def renamed(case, names):
    """The case with other names for its links."""
    new = {link: f"{name} {k}" for k, (link, name) in enumerate(zip(case.links.link, names, strict=False))}
    tables = {}
    for table in TABLES:
        frame = case.table(table).copy()
        for column in {"link", "from_link", "to_link"} & set(frame.columns):
            frame[column] = frame[column].map(lambda name: new.get(name, name)).astype(object)
        tables[table] = frame
    return dataclasses.replace(case, **tables)


@given(networks.cases(), st.lists(NAMES, min_size=12, max_size=12))
@settings(max_examples=30, suppress_health_check=LOOSE)
def test_a_case_is_read_as_it_was_written_whatever_its_roads_are_called(tmp_path, case, names):
    case = renamed(case, names)
    case.write(tmp_path / "case")
    assert RoadCase.read(tmp_path / "case") == case


def test_names_of_roads_change_nothing_but_names(tmp_path):
    case = RoadCase.read(TOWN)
    other = renamed(case, [f"ü-{k}, x" for k in range(len(case.links))])
    other.write(tmp_path / "other")
    worlds = [
        models.make("traffic/market_town", seed=4, **changes) for changes in ({}, {"case": str(tmp_path / "other")})
    ]
    one, two = (world.run(3_000) for world in worlds)
    assert one.equals(two) and one["mean_delay_s"].notna().all()


@given(st.data())
@settings(max_examples=150, suppress_health_check=LOOSE)
def test_a_spoiled_cell_is_refused_in_a_sentence_or_is_a_case_that_runs(tmp_path, data):
    case = RoadCase.read(TOWN)
    case.write(tmp_path / "case")
    path = tmp_path / "case" / f"{data.draw(st.sampled_from(['nodes', 'links', 'turns', 'phases', 'demand']))}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = data.draw(st.integers(0, len(lines) - 1))
    cells = lines[row].split(",")
    column = data.draw(st.integers(0, len(cells) - 1))
    cells[column] = data.draw(
        st.sampled_from(["", "-1", "nan", "inf", "1e400", "0", "99", "no such", "x" * 500, '"', "G", "1.5"])
    )
    lines[row] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        world = models.make("traffic/market_town", learner="random", seed=1, case=str(tmp_path / "case"))
    except ScenarioError as error:
        assert "\n" not in str(error) and len(str(error)) > 20
    else:
        world.run(300)
        assert not world.audit() and np.isfinite(world.record.frame().to_numpy(float)[:, 0]).all()


@pytest.mark.parametrize("name", ["about.toml", "nodes.csv", "links.csv", "turns.csv"])
def test_a_file_that_is_missing_is_named(name, tmp_path):
    RoadCase.read(TOWN).write(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ScenarioError, match=name):
        RoadCase.read(tmp_path)


def test_the_documentation_says_of_every_column_what_the_code_does():
    text = (ROOT / "docs" / "worlds" / "road-cases.md").read_text(encoding="utf-8")
    for columns in (ABOUT, *TABLES.values()):
        for name, column in columns.items():
            rows = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
            assert any(column.meaning in row and (column.unit or "–") in row for row in rows), name
            assert all(value in text for value in column.allowed), name


def test_who_misses_a_destination_or_a_signal_is_told(tmp_path):
    with pytest.raises(ScenarioError, match='its demand has destinations; set drivers = "travel"'):
        models.make("traffic/market_town", drivers="turn")
    with pytest.raises(ScenarioError, match="demand_csv belongs to graphs"):
        models.make("traffic/market_town", demand_csv="there.csv")
    with pytest.raises(ScenarioError, match="there is no such folder; allowed are market_town"):
        models.make("traffic/market_town", case="market town")
    case = RoadCase.read(TOWN)
    quiet = dataclasses.replace(
        case,
        nodes=case.nodes.assign(control="none", signal="").astype({"control": object, "signal": object}),
        turns=case.turns.assign(green="").astype({"green": object}),
        phases=case.phases.iloc[:0],
    )
    quiet.write(tmp_path)
    with pytest.raises(ScenarioError, match="no node has a signal"):
        models.make("traffic/market_town", case=str(tmp_path))


def test_a_closed_road_of_a_case_closes_its_way_back_and_drivers_go_round():
    world = models.make("traffic/market_town", learner="max_pressure", seed=2)
    world.run(900)
    world.change(closed_links=["market to town-hall"])
    closed = np.flatnonzero(world.state.derived.closed[0])
    assert {world.network.links[link] for link in closed} == {"market to town-hall", "town-hall to market"}
    world.run(1_800)
    assert not world.state.on_link[closed].any()
    assert world.record.frame()["cut_off_veh"].iloc[-1] == 0 < world.record.frame()["throughput_veh_per_h"].iloc[-1]
