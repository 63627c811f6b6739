"""Cities of TNTP files: read without loss, zones nobody passes, published equilibria, and drivers who find them."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import models
from app.cli import cli
from models.networks import assignment
from models.networks.cities import tntp
from models.networks.cities.case import CityCase
from scenarios import ScenarioError
from studies.papers import routes as paper

FILES = Path(__file__).resolve().parents[3] / "shared/data/tntp"
given = pytest.mark.skipif(not FILES.exists(), reason="the files of Transportation Networks for Research are not here")
NET = """<NUMBER OF ZONES> 3
<NUMBER OF NODES> 5
<FIRST THRU NODE> 4
<NUMBER OF LINKS> 9
<TOLL FACTOR> 0.5
<DISTANCE FACTOR> 2
<END OF METADATA>

~ init term capacity length free b power speed toll type ;
1 4 1 0 1 0 0 0 0 9 ;
4 2 1 0 1 0 0 0 0 9 ;
4 5 100 0.5 3 0.15 4 50 4 1 ;
4 5 100 0 5 0.15 4 50 0 1 ;
5 2 1 0 1 0.5 0 0 0 9 ;
5 3 1 0 1 0 1 0 0 9 ;
2 3 1 0 0.1 0 0 0 0 9 ;
3 3 1 0 1 0 0 0 0 9 ;
3 4 10 0 2 1 1 0 0 9 ;
"""
LINKS = ["1-4", "2-3", "3-4", "4-2", "4-5", "4-5 (2)", "5-2", "5-3"]  # as a world numbers them: by where they begin
TRIPS = """<NUMBER OF ZONES> 3
<TOTAL OD FLOW> 60
<END OF METADATA>

Origin 1
 1 : 5.0 ; 2 : 20.0 ; 3 : 30.0 ;
Origin 3
 2 : 5 ; 1 : 0 ;
"""


def files_of(folder, net=NET, trips=TRIPS):
    """A small city as its files."""
    paths = folder / "Small_net.tntp", folder / "Small_trips.tntp"
    for path, text in zip(paths, (net, trips), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_what_a_file_says_is_kept_or_named(tmp_path):
    case = tntp.read(*files_of(tmp_path))
    links = case.links.set_index("link")
    assert list(links.index) == ["1-4", "4-2", "4-5", "4-5 (2)", "5-2", "5-3", "2-3", "3-4"]
    assert links.loc["4-5", ["free_min", "capacity_veh", "b", "power", "toll_min"]].tolist() == [3, 100, 0.15, 4, 3]
    assert links.loc["5-2", ["free_min", "b", "power"]].tolist() == [1.5, 0, 0]  # power 0: always (1 + b) as long
    assert case.nodes.set_index("node")["through"].to_dict() == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1}
    assert case.trips.to_dict("list") == {"from_node": ["1", "1", "3"], "to_node": ["2", "3", "2"], "veh": [20, 30, 5]}
    said = " ".join(case.about.notes)
    for told in (
        "8 links were read, 5 of them with a time that no flow changes, 1 beside another of the same ends; 1 that lead",
        "3 pairs with 55 vehicles were read, 60 in all; 1 pairs without any were dropped, and 5 vehicles that stay",
        "3 zones are closed to through traffic",
    ):
        assert told in said
    case.write(tmp_path / "case")
    assert CityCase.read(tmp_path / "case") == case


def test_nobody_drives_through_a_zone(tmp_path):
    """From 1 to 3 the way over zone 2 would take 1 + 1 + 0.1 min; the way around it takes 5 at least."""
    roads, demand, toll = paper.static(tntp.read(*files_of(tmp_path)))
    found = assignment.equilibrium(roads, demand, toll=toll)
    assert found.flow[LINKS.index("2-3")] == 0.0
    assert found.flow[LINKS.index("5-3")] == pytest.approx(30.0)


def test_parallel_links_share_flow_until_they_cost_the_same(tmp_path):
    """By hand: 3 + 3 + 0.45 (x / 100)^4 = 5 + 0.75 (y / 100)^4 where x + y = 600."""
    roads, demand, toll = paper.static(tntp.read(*files_of(tmp_path)))
    heavy = demand._replace(volume=demand.volume * 20)
    found = assignment.equilibrium(roads, heavy, toll=toll)
    x, y = found.flow[[LINKS.index("4-5"), LINKS.index("4-5 (2)")]]
    assert x > 0 and y > 0 and x + y == pytest.approx(600.0)
    assert 6 + 0.45 * (x / 100) ** 4 == pytest.approx(5 + 0.75 * (y / 100) ** 4, rel=1e-5)


SLIPS = {
    ("net", "1 4 1 0 1 0 0 0 0 9", "1 4 one 0 1 0 0 0 0 9"): ", line 10: capacity is 'one'; write a number",
    ("net", "1 4 1 0 1 0 0 0 0 9", "1 4 1 0 1"): ", line 10: has 5 numbers; it needs 10: init_node, term_node, ",
    ("net", "1 4 1 0 1 0 0 0 0 9", "1.5 4 1 0 1 0 0 0 0 9"): ", line 10: 1.5 is no node; nodes are numbered 1, 2, ...",
    ("net", "LINKS> 9", "LINKS> 12"): ": <NUMBER OF LINKS> is 12, and there are 9 rows",
    (
        "net",
        "3 0.15 4 50",
        "3 0.15 0.5 50",
    ): "/links.csv, row 4: power is 0.5 with b = 0.15; write a power of 1 or more",
    ("net", "FACTOR> 0.5", "FACTOR> half"): ": <TOLL FACTOR> is 'half'; write a number",
    ("net", "2 3 1 0 0.1", "2 3 -1 0 0.1"): "",
    ("trips", "2 : 20.0 ;", "2 : many ;"): ", line 6: vehicles is 'many'; write a number",
    ("trips", "2 : 20.0 ;", "2 20.0 ;"): ", line 6: '2 20.0' is no trips; write Origin and a number, then zone : ",
    ("trips", "2 : 20.0 ;", "3 : 20.0 ;"): ", line 6: trips from 1 to 3 were given before; keep one",
    ("trips", "Origin 1\n", ""): ", line 5: '1 : 5.0' is no trips; write Origin and a number",
    ("trips", "2 : 20.0 ;", "2 : -20.0 ;"): "",
}


@pytest.mark.parametrize(("slip", "message"), SLIPS.items())
def test_a_slip_is_answered_with_file_and_line(slip, message, tmp_path):
    which, old, new = slip
    texts = {"net": NET, "trips": TRIPS}
    assert old in texts[which]
    net, trips = files_of(tmp_path, **(texts | {which: texts[which].replace(old, new, 1)}))
    if not message:  # nothing that a kernel could misread
        message, texts = "", None
        try:
            case = tntp.read(net, trips)
        except ScenarioError as refused:
            assert str(refused).startswith(str(net))
        else:
            assert (case.trips["veh"] > 0).all() and (case.links["capacity_veh"] > 0).all()
        return
    with pytest.raises(ScenarioError) as refused:
        tntp.read(net, trips)
    assert str(refused.value).startswith(f"{trips if which == 'trips' else net}{message}")


def test_an_imported_city_runs_with_its_own_volumes(tmp_path):
    net, trips = files_of(tmp_path)
    done = CliRunner().invoke(cli, ["import", str(net), "--demand", str(trips), "--out", str(tmp_path / "mine")])
    assert done.exit_code == 0 and "5 nodes, 8 links, 3 trips" in done.stdout
    world = models.make(str(tmp_path / "mine"), seed=1, drivers=11, demand_scale=2.0)
    assert np.bincount(world.pair).tolist() == [4, 5, 2]  # one each, the rest by volume
    world.run(50)
    state = world.state
    assert state.route_flow.sum(axis=1) == pytest.approx([40.0, 60.0, 10.0])
    inflow = np.bincount(np.repeat(range(3), world.routes.links[:, :, 0].shape[1]), state.route_flow.ravel())
    assert inflow.sum() == pytest.approx(110.0)
    assert state.link_toll[LINKS.index("4-5")] == 3.0
    assert world.notes() == list(world.case.about.notes)
    shortest = {"route_set": "shortest when empty", "closed_links": ("4-2",)}
    closed = models.make(str(tmp_path / "mine"), seed=1, drivers=11, **shortest)
    closed.run(20)
    assert closed.state.link_flow[LINKS.index("5-2")] > 0.0
    assert closed.state.link_flow[LINKS.index("4-2")] == 0.0


def test_a_driver_whose_pair_has_few_routes_drives_one_of_them_and_is_told_so(tmp_path):
    tntp.read(*files_of(tmp_path)).write(tmp_path / "case")
    world = models.make("routes/forty_drivers", case=str(tmp_path / "case"), learner="random", routes=6, seed=1)
    assert min(world.routes.number) < world.decision_space.actions
    world.run(20)
    assert (world.state.route < np.array(world.routes.number)[world.pair]).all()
    for agent in range(len(world.agent_names)):
        world.inspect(agent)
    assert (world.frame()["drivers"] < max(world.routes.number)).all()


def test_fewer_drivers_than_pairs_are_refused(tmp_path):
    tntp.read(*files_of(tmp_path)).write(tmp_path / "case")
    with pytest.raises(ScenarioError, match="drivers = 2 for 3 pairs; give every pair a driver"):
        models.make("routes/forty_drivers", case=str(tmp_path / "case"), drivers=2, seed=1)


@given
def test_published_objectives_are_reached_and_learners_end_within_a_hundredth(monkeypatch):
    monkeypatch.setenv(paper.FOLDER, str(FILES))
    monkeypatch.setattr(paper, "SEEDS", 1)
    rows = paper.rows()
    assert len(rows) == 6 and all(row["passed"] for row in rows), rows


@given
def test_eastern_massachusetts_is_at_an_equilibrium():
    roads, demand, toll = paper.static(tntp.read(FILES / "EMA_net.tntp", FILES / "EMA_trips.tntp"))
    assert assignment.equilibrium(roads, demand, toll=toll).gap <= 1e-6


@pytest.mark.parametrize("learner", ["roth_erev", "exp3"])
def test_a_first_day_of_jams_is_forgotten_where_the_range_of_returns_shrinks(learner, tmp_path):
    """Two lanes of 2 beside a road of 60: if a third of 60 drivers takes each, the lanes take 1,500 times as long."""
    rows = [(f"{i} 2", cap) for i, cap in ((1, 60), (3, 2), (4, 2))]
    net = (
        "".join(f"{ends} {cap} 0 1 0.15 4 0 0 1 ;\n" for ends, cap in rows)
        + "1 3 1 0 0 0 0 0 0 1 ;\n1 4 1 0 0 0 0 0 0 1 ;\n"
    )
    head = "<FIRST THRU NODE> 1\n<END OF METADATA>\n"
    tntp.read(*files_of(tmp_path, head + net, head + "Origin 1\n 2 : 60 ;\n")).write(tmp_path / "case")
    ends = {}
    for narrowing in (0.0, 0.03):
        mind = {"kind": learner, "narrowing": narrowing}
        world = models.make("routes/forty_drivers", case=str(tmp_path / "case"), learner=mind, drivers=60, seed=1)
        ends[narrowing] = world.run(3_000)["mean_cost_min"].iloc[-10:].mean()
    equilibrium = world.theory_lines("mean_cost_min")["user equilibrium"][0]
    assert ends[0.03] - equilibrium < (ends[0.0] - equilibrium) / 2


def test_a_road_whose_delay_no_number_holds_is_refused(tmp_path):
    net = NET.replace("4 5 100 0.5 3 0.15 4", "4 5 0.00001 0.5 3 1000000 20")
    with pytest.raises(ScenarioError, match=r"row 4: if all drove here it would take .* raise capacity_veh"):
        tntp.read(*files_of(tmp_path, net))


def test_trips_of_another_network_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"no road of Small_net.tntp leads to or from 9; give the trips of this"):
        tntp.read(*files_of(tmp_path, trips=TRIPS.replace("3 : 30.0", "9 : 30.0")))


@given
def test_any_road_of_sioux_falls_may_close_and_everyone_still_arrives(tmp_path):
    case = tntp.read(FILES / "SiouxFalls_net.tntp", FILES / "SiouxFalls_trips.tntp")
    case.write(tmp_path)
    asked = {"case": str(tmp_path), "route_set": "in use at equilibrium", "routes": 6, "drivers": 2000}
    world = models.make("routes/forty_drivers", seed=1, **asked)
    for link in case.links["link"][::9]:
        world.change(closed_links=(link,))
        world.run(2)
        state = world.state
        closed = ~state.derived.open[world.regime]
        assert closed.sum() == 2 and not state.link_flow[closed].any()
        assert state.route_flow.sum() == pytest.approx(360_600)
