"""SUMO's files as road cases, and SUMO driven by our signals; networks are made here by SUMO's own tools."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import tomli_w
from pettingzoo.test import parallel_api_test

import models
import scenarios
from app.commands.bring import scenario_of
from models.networks.roads import importing
from models.networks.roads.case import RoadCase
from models.traffic.in_sumo import Hand, Town
from models.traffic.rules import REWARD_PER_VEHICLE
from scenarios import ScenarioError
from tests.laws import roads

binaries = pytest.importorskip("sumo", reason="SUMO is not installed")
pytest.importorskip("libsumo", reason="SUMO is not installed")
GIVEN = Path(__file__).parents[3] / "shared" / "data" / "sumo"
TOWNS = ("cologne1", "cologne3", "ingolstadt1", "ingolstadt7")

NODES = """<nodes>
  <node id="west" x="-400" y="0"/> <node id="signal-1" x="0" y="0" type="traffic_light"/>
  <node id="give-way" x="300" y="0" type="priority"/> <node id="equal" x="300" y="-300" type="right_before_left"/>
  <node id="east" x="700" y="0"/> <node id="south" x="300" y="-700"/> <node id="north" x="0" y="400"/>
  <node id="far" x="700" y="-300"/>
</nodes>"""
EDGES = """<edges>
  <edge id="in" from="west" to="signal-1" numLanes="2" speed="13.9" name="Long Street"/>
  <edge id="down" from="north" to="signal-1" numLanes="1" speed="13.9"/>
  <edge id="-down" from="signal-1" to="north" numLanes="1" speed="13.9"/>
  <edge id="mid" from="signal-1" to="give-way" numLanes="2" speed="13.9"/>
  <edge id="out" from="give-way" to="east" numLanes="1" speed="13.9"/>
  <edge id="turn-off" from="give-way" to="equal" numLanes="1" speed="8.3"/>
  <edge id="back" from="equal" to="give-way" numLanes="1" speed="8.3"/>
  <edge id="leave" from="equal" to="south" numLanes="1" speed="8.3"/>
  <edge id="come" from="south" to="equal" numLanes="1" speed="8.3"/>
  <edge id="side" from="far" to="equal" numLanes="1" speed="8.3"/>
  <edge id="tram" from="west" to="north" numLanes="1" speed="13.9" allow="tram"/>
</edges>"""
ROUTES = """<routes>
  <vType id="small" length="4" minGap="2" tau="1" sigma="0"/>
  <route id="through" edges="in mid out"/>
  <vehicle id="early" type="small" route="through" depart="90"/>
  <flow id="f" type="small" from="come" to="out" begin="100" end="700" vehsPerHour="300"/>
  <flow id="g" type="small" from="side" to="leave" begin="100" end="700" number="50"/>
  <flow id="h" type="small" from="in" to="out" begin="100" end="700" vehsPerHour="500"/>
  <flow id="k" type="small" from="down" to="out" begin="100" end="700" period="12"/>
  <vehicle id="v1" type="small" route="through" depart="100"/>
  <trip id="t1" type="small" from="down" to="leave" depart="0:02:00"/>
  <trip id="lost" type="small" from="in" to="nowhere" depart="130"/>
</routes>"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A small town: a signal, a priority junction, one where right goes before left, one-way streets, a tram."""
    folder = tmp_path_factory.mktemp("town")
    for name, text in (("a.nod.xml", NODES), ("a.edg.xml", EDGES), ("a.rou.xml", ROUTES)):
        (folder / name).write_text(text, encoding="utf-8")
    converter = str(Path(binaries.SUMO_HOME) / "bin" / "netconvert")
    given = ["-n", "a.nod.xml", "-e", "a.edg.xml", "-o", "a.net.xml"]
    subprocess.run([converter, *given], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def case(town):
    return importing.read(town / "a.net.xml", [town / "a.rou.xml"], begin_s=100.0, end_s=700.0, keep=town / "case")


def test_roads_lanes_and_junctions_are_those_of_the_file(case):
    links = case.links.set_index("link")
    assert sorted(links.index) == sorted(
        ["in", "down", "-down", "mid", "out", "turn-off", "back", "leave", "come", "side"]
    )
    assert links.lanes.to_dict() | {"in": 2, "mid": 2, "down": 1} == links.lanes.to_dict()
    assert links.name["in"] == "Long Street" and links.free_speed_m_per_s["turn-off"] == 8.3
    assert 380 < links.length_m["in"] < 400 and links.length_m["mid"] > 270  # the way across the signal included
    controls = case.nodes.set_index("node").control
    assert controls[["signal-1", "give-way", "equal", "west"]].tolist() == ["signal", "priority", "all_way", "none"]
    assert case.about.space_per_vehicle_m == 6.0
    assert any("edges left out: 1 without a lane for cars" in note for note in case.about.notes)


def test_turns_say_which_way_they_go_who_goes_first_and_when_they_have_green(case):
    turns = {(row.from_link, row.to_link): row for row in case.turns.itertuples()}
    name = {row.turn: (row.from_link, row.to_link) for row in case.turns.itertuples()}
    assert turns["in", "mid"].direction == "through" and turns["in", "-down"].direction == "left"
    assert ("tram", "-down") not in turns
    first = {name[n] for n in turns["back", "out"].yields_to.split()}
    assert ("mid", "out") in first  # who comes from the side street gives way
    assert not turns["mid", "out"].yields_to
    equal = {name[n] for n in turns["come", "back"].yields_to.split()}
    assert ("side", "leave") in equal and ("side", "back") in equal  # in order of arrival both ways
    assert {name[n] for n in turns["side", "back"].yields_to.split()} >= {("come", "back")}
    greens = case.turns[case.turns.green != ""]
    assert set(greens.from_link) == {"in", "down"} and (greens.green.str.len() == len(case.phases)).all()
    assert greens.green.str.contains("G|g").all()


def test_phases_and_what_is_lost_between_them_add_up_to_the_programme(case, town):
    import sumolib

    net = sumolib.net.readNet(str(town / "a.net.xml"), withPrograms=True)
    stages = net.getTLS("signal-1").getPrograms()["0"].getPhases()
    times = case.phases[["green_s", "yellow_s", "all_red_s"]].to_numpy().sum()
    assert times == sum(stage.duration for stage in stages)
    assert len(case.phases) == sum("y" not in stage.state for stage in stages)


def test_a_queue_of_short_vehicles_that_do_not_dawdle_leaves_at_reaction_time_and_space(case):
    straight = case.turns[(case.turns.from_link == "in") & (case.turns.to_link == "mid")].iloc[0]
    assert straight.saturation_headway_s == pytest.approx(1.0 + 6.0 / 13.9, abs=0.01)
    left = case.turns[(case.turns.from_link == "in") & (case.turns.to_link == "-down")].iloc[0]
    assert left.saturation_headway_s > straight.saturation_headway_s + 0.2


def test_demand_is_what_the_file_says_and_what_is_left_out_is_said(case):
    assert case.trips.trip.tolist() == ["v1", "t1"] and case.trips.depart_s.tolist() == [100.0, 120.0]
    assert case.routes.link.tolist() == ["in", "mid", "out"]
    flows = case.demand.set_index("from_link").veh_per_h
    assert flows["come"] == flows["down"] == 300.0 and flows["side"] == pytest.approx(300.0)  # 50 in ten minutes
    notes = " ".join(case.about.notes)
    assert "1 vehicles that leave before the period left out" in notes
    assert "1 vehicles whose edges are not roads of the case left out" in notes


def test_a_case_is_read_as_it_was_written_and_vehicles_drive_in_it(case, tmp_path):
    case.write(tmp_path / "a")
    assert RoadCase.read(tmp_path / "a") == case
    world = models.make("traffic/single_crossing", seed=2, case=str(tmp_path / "a"), drivers="travel")
    world.run(1_500)
    assert roads.recount(world) >= 0 and not world.audit()
    assert world.record.frame()["throughput_veh_per_h"].iloc[2:].mean() > 400
    assert world.agent_names == ["signal-1"] and "Long Street" in " ".join(world.network.phase_names)


def test_sumo_is_driven_by_the_signals_of_a_world(case, town, tmp_path):
    case.write(tmp_path / "a")
    network, (demand,), _ = importing.sumo_files(town / "case")
    known = "\n".join(line for line in demand.read_text(encoding="utf-8").splitlines() if "nowhere" not in line)
    (tmp_path / "known.rou.xml").write_text(known, encoding="utf-8")  # SUMO runs no trip to a place that is not there
    sumo = Town(case, network, [tmp_path / "known.rou.xml"], [])
    world = models.make("traffic/single_crossing", learner="max_pressure", case=str(tmp_path / "a"), drivers="travel")
    own = sumo.run(1, tmp_path / "own.xml")
    ours, again = (sumo.run(1, tmp_path / "ours.xml", world) for _ in range(2))
    assert ours == again != own  # the same seed, whatever the world met before
    assert own.arrived > 150 and ours.arrived > 150 and ours.delay_s < own.delay_s


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.net.xml", "<net><edge", "is not a SUMO network"),
        ("a.net.xml", '<net version="1.0"></net>', "no edge is open to passenger cars"),
        ("a.sumocfg", "<configuration></configuration>", "names no net-file; give the network itself"),
        ("a.txt", "", "this kind of file is not known; give a network"),
    ],
)
def test_files_that_are_no_networks_are_refused_in_a_sentence(name, text, said, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        importing.read(tmp_path / name)


@pytest.mark.parametrize("text", ["<routes><trip", "<net></net>", '<routes><vType id="a" length="long"/></routes>'])
def test_demand_that_cannot_be_read_is_refused_in_a_sentence(text, town, tmp_path):
    (tmp_path / "a.rou.xml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"a\.rou\.xml"):
        importing.read(town / "a.net.xml", [tmp_path / "a.rou.xml"])


def test_a_map_of_openstreetmap_keeps_one_way_streets_and_signals(tmp_path):
    spots = {1: (50.0, 8.0), 2: (50.0, 8.004), 3: (50.0, 8.008), 4: (50.003, 8.004), 5: (49.997, 8.004)}
    tags = {2: '<tag k="highway" v="traffic_signals"/>'}
    nodes = "".join(
        f'<node id="{n}" lat="{a}" lon="{o}" version="1">{tags.get(n, "")}</node>' for n, (a, o) in spots.items()
    )
    ways = (
        '<way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="secondary"/>'
        '<tag k="oneway" v="yes"/><tag k="name" v="One Way"/><tag k="lanes" v="2"/></way>'
        '<way id="11" version="1"><nd ref="4"/><nd ref="2"/><nd ref="5"/><tag k="highway" v="secondary"/></way>'
    )
    path = tmp_path / "town.osm"
    path.write_text(f'<osm version="0.6">{nodes}{ways}</osm>', encoding="utf-8")
    case = importing.read(path)
    assert (case.nodes.control == "signal").sum() == 1 and len(case.phases) >= 2
    assert len(case.links) == 6 and (case.links.name == "One Way").sum() == 2
    one_way = case.links[case.links.name == "One Way"]
    assert set(one_way.lanes) == {2} and one_way.to_node.nunique() == 2
    north = case.nodes.sort_values("y_m").node.iloc[-1]
    assert north == "4"


def test_a_case_in_which_nobody_would_drive_in_sumo_is_refused(town, tmp_path):
    (tmp_path / "lights.add.xml").write_text("<additional/>", encoding="utf-8")
    files = '<net-file value="a.net.xml"/><route-files value="a.rou.xml"/><additional-files value="lights.add.xml"/>'
    (tmp_path / "a.sumocfg").write_text(f"<configuration>{files}</configuration>", encoding="utf-8")
    for name in ("a.net.xml", "a.rou.xml"):
        shutil.copyfile(town / name, tmp_path / name)
    importing.read(tmp_path / "a.sumocfg", keep=tmp_path)
    network, demand, additional = importing.sumo_files(tmp_path)
    assert [network.name, len(demand), len(additional)] == ["network.net.xml", 1, 1]
    importing.read(town / "a.net.xml", keep=tmp_path)
    with pytest.raises(ScenarioError, match="has no routes of SUMO, so nobody would drive there"):
        importing.sumo_files(tmp_path)
    shutil.rmtree(tmp_path / "sumo")
    with pytest.raises(ScenarioError, match=r"has no sumo/network\.net\.xml; import it again"):
        importing.sumo_files(tmp_path)


@pytest.mark.parametrize("name", TOWNS)
def test_counts_of_the_towns_that_others_made_are_those_of_their_files(name, tmp_path):
    folder = GIVEN / name
    if not folder.exists():
        pytest.skip(f"{folder} is not there")
    import sumolib

    case = importing.read(folder / f"{name}.sumocfg")
    net = sumolib.net.readNet(str(folder / f"{name}.net.xml"), withPrograms=True)
    edges = [
        edge for edge in net.getEdges(withInternal=False) if any(lane.allows("passenger") for lane in edge.getLanes())
    ]
    assert sorted(case.links.link) == sorted(edge.getID() for edge in edges)
    assert case.links.lanes.sum() == sum(lane.allows("passenger") for edge in edges for lane in edge.getLanes())
    pairs = {(a.getID(), b.getID()) for a in edges for b in a.getOutgoing() if b in edges}
    assert set(zip(case.turns.from_link, case.turns.to_link, strict=True)) == pairs
    signals = Counter(case.phases.signal)
    assert set(signals) == {tls.getID() for tls in net.getTrafficLights()}
    text = (folder / f"{name}.rou.xml").read_text(encoding="utf-8")
    vehicles = text.count("<trip ") + text.count("<vehicle ")
    left_out = sum(
        int(note.split()[0]) for note in case.about.notes if "vehicles that" in note or "vehicles whose" in note
    )
    assert len(case.trips) + left_out == vehicles
    case.write(tmp_path / "town")
    world = models.make("traffic/single_crossing", seed=1, case=str(tmp_path / "town"), drivers="travel",
                        drivers_per_pair=1, routes_per_trip=1)  # fmt: skip
    world.run(3_600)
    assert roads.recount(world) > 0 and not world.audit()
    arrived = world.record.frame()["throughput_veh_per_h"].mean()
    assert arrived == pytest.approx(len(case.trips) * 3600 / case.about.period_s, rel=0.15)


def test_a_learned_policy_beats_the_programme_in_sumo(tmp_path):
    """The circle: import, learn for a few seconds, and let SUMO judge (the full table: `everlearn sumo`)."""
    folder = GIVEN / "cologne1"
    if not folder.exists():
        pytest.skip(f"{folder} is not there")
    import tomli_w

    from app.commands.bring import scenario_of
    from engine import files

    case = importing.read(folder / "cologne1.sumocfg", keep=tmp_path)
    case.write(tmp_path)
    files.write_text(tmp_path / "scenario.toml", tomli_w.dumps(scenario_of(case)))
    world = models.make(str(tmp_path), seed=1)
    world.run(world.scenario.ticks)
    world.freeze()
    town = Town(case, *importing.sumo_files(tmp_path))
    own, learned = (np.mean([town.run(seed, tmp_path / "t.xml", w).delay_s for seed in (1, 2)]) for w in (None, world))
    assert learned < 0.85 * own


# As an environment


@pytest.fixture(scope="module")
def folder(town, tmp_path_factory):
    """The case with a scenario, as `everlearn import` writes it, without the trip that SUMO cannot make."""
    folder, routes = tmp_path_factory.mktemp("folder"), town / "b.rou.xml"
    kept = [line for line in ROUTES.splitlines() if "lost" not in line]
    routes.write_text("\n".join(kept), encoding="utf-8")
    case = importing.read(town / "a.net.xml", [routes], begin_s=100.0, end_s=700.0, keep=folder)
    case.write(folder)
    (folder / scenarios.IN_FOLDER).write_text(tomli_w.dumps(scenario_of(case)), encoding="utf-8")
    return folder


def test_sumo_is_an_environment_of_pettingzoo(folder):
    env = models.sumo_env(folder, ticks=60)
    same = models.parallel_env(str(folder), ticks=60)
    assert env.possible_agents == same.possible_agents
    for agent in env.possible_agents:
        assert env.observation_space(agent) == same.observation_space(agent)
        assert env.action_space(agent) == same.action_space(agent)
    parallel_api_test(env, num_cycles=100)
    env.close()


def test_what_a_learned_policy_does_in_the_environment_is_what_its_signals_do_in_sumo(folder, tmp_path):
    world = models.make(str(folder), learner="q", seed=1)
    world.run(10_000)
    world.freeze()
    env = models.sumo_env(folder)
    seen, infos = env.reset(seed=3)
    stood, due = [], []
    for _ in range(300):
        actions = {a: int(world.preferred(i)[seen[a]]) for i, a in enumerate(env.agents)}
        due.append([infos[agent]["deciding"] for agent in env.agents])
        seen, rewards, _, _, infos = env.step(actions)
        stood.append(sum(rewards.values()))
    with pytest.raises(ScenarioError, match=r"SUMO runs in this process already, .* close\(\) it first"):
        env.town.start(1)
    env.close()
    sumo = env.town.start(3)
    hand, expected = Hand(world, sumo), []
    hand.look(0)
    for second in range(300):
        hand.move()
        sumo.simulationStep()
        hand.look(second + 1)
        expected.append(REWARD_PER_VEHICLE * world.state.queue_veh[: len(world.agent_names)].sum())
    sumo.close()
    assert any(map(any, due)) and not all(map(all, due))
    assert min(stood) < 0 and stood == pytest.approx(expected)


def test_cooperation_is_refused_in_sumo(folder):
    with pytest.raises(ScenarioError, match="cooperation is not mixed in SUMO"):
        models.sumo_env(folder, cooperation=0.5)
