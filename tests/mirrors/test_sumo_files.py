"""What SUMO's files may hold besides the plain, in programmes, demand and configurations, and what SUMO makes of it."""

import gzip
import re
import subprocess
from pathlib import Path

import pytest

from models.networks.roads import importing
from models.networks.roads.case import RoadCase
from scenarios import ScenarioError

binaries = pytest.importorskip("sumo", reason="SUMO is not installed")
TOOLS = Path(binaries.SUMO_HOME) / "bin"
NODES = '<node id="c" x="0" y="0" type="traffic_light"/>' + "".join(
    f'<node id="{name}" x="{x}" y="{y}"/>' for name, x, y in (("w", -400, 0), ("e", 400, 0), ("s", 0, -400))
)
EDGES = "".join(
    f'<edge id="{a}{b}" from="{a}" to="{b}" numLanes="1" speed="13.9"/>' for n in "wes" for a, b in ((n, "c"), ("c", n))
)
FREE = '<connection from="wc" to="cs" fromLane="0" toLane="0" uncontrolled="true"/><connection from="wc" to="ce"/>'
STAGES = re.compile(r"<phase .*?(?=</tlLogic>)", re.DOTALL)


def convert(folder, tool, *options):
    subprocess.run([str(TOOLS / tool), *options], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def fork(tmp_path_factory):
    """Text of a network in which the south joins a street at a signal; connections 0 ... 5 may turn anywhere."""
    folder = tmp_path_factory.mktemp("fork")
    for name, kind, text in (("n", "nodes", NODES), ("e", "edges", EDGES), ("x", "connections", FREE)):
        (folder / f"{name}.xml").write_text(f"<{kind}>{text}</{kind}>", encoding="utf-8")
    convert(folder, "netconvert", "-n", "n.xml", "-e", "e.xml", "-o", "a.net.xml", "--no-turnarounds")
    convert(folder, "netconvert", "-n", "n.xml", "-e", "e.xml", "-x", "x.xml", "-o", "b.net.xml", "--no-turnarounds")
    return folder


def network(fork, folder, stages="", more="", name="a.net.xml"):
    """The file with other stages: (seconds, letters), and more elements behind its programme."""
    text = (fork / name).read_text(encoding="utf-8")
    rows = "".join(f'<phase duration="{s}" state="{state}"/>' for s, state in stages)
    text = STAGES.sub(rows, text, count=1) if stages != "" else text
    (folder / "a.net.xml").write_text(text.replace("</tlLogic>", f"</tlLogic>{more}", 1), encoding="utf-8")
    return folder / "a.net.xml"


def checked(case, folder):
    """The case, written and read."""
    case.write(folder / "case")
    assert RoadCase.read(folder / "case") == case
    return case


@pytest.mark.parametrize(
    ("stages", "phases", "offset_s"),
    [
        (((30, "GGGGrr"), (3, "yyyyrr"), (2, "rrrrrr"), (20, "rrrrGG"), (4, "rrrryy")), [(30, 3, 2), (20, 4, 0)], 0),
        (((3, "rrrryy"), (30, "GGGGrr"), (3, "yyyyrr"), (20, "rrrrGG")), [(30, 3, 0), (20, 3, 0)], 3),
        (((10, "GGGGrr"), (3, "yyyyrr"), (20, "rrrrGG"), (4, "rrrryy"), (20, "GGGGrr")), [(20, 4, 0), (30, 3, 0)], 13),
        (((10, "GGGGrr"), (5, "GGGGrr"), (3, "yyyyrr"), (20, "rrrrGG")), [(15, 3, 0), (20, 0, 0)], 0),
        (((30, "GGGGrr"), (3, "GGyyrr"), (2, "GGrrrr"), (20, "GGrrGG"), (3, "GGrryy")), [(30, 3, 2), (20, 3, 0)], 0),
        (((30, "GGGGrr"), (3, "GGyyrr"), (9, "GGrrrr"), (20, "GGrrGG")), [(30, 3, 0), (9, 0, 0), (20, 0, 0)], 0),
        (((30, "GGGGrr"), (0, "yyyyrr"), (2, "rrrruu"), (20, "ssssOO")), [(30, 2, 0), (20, 0, 0)], 0),
        (((60, "oooooo"),), [(60, 0, 0)], 0),
    ],
)
def test_stages_become_phases_and_what_is_lost_and_no_second_is_lost_in_it(stages, phases, offset_s, fork, tmp_path):
    case = checked(importing.read(network(fork, tmp_path, stages)), tmp_path)
    table = case.phases[["green_s", "yellow_s", "all_red_s"]]
    assert [*map(tuple, table.to_numpy())] == phases and set(case.phases.offset_s) == {offset_s}
    assert table.to_numpy().sum() == sum(lasts_s for lasts_s, _ in stages)


def test_letters_of_pedestrians_make_no_phases(tmp_path):
    given = ["--grid", "--grid.number", "3", "-j", "traffic_light", "--sidewalks.guess", "--crossings.guess"]
    convert(tmp_path, "netgenerate", *given, "-o", "a.net.xml")
    text = (tmp_path / "a.net.xml").read_text(encoding="utf-8")
    letters = max(len(state) for state in re.findall(r'state="([a-zA-Z]{2,})"', text))
    for_all = f'<phase duration="20" state="{"r" * (letters - 4)}GGGG"/></tlLogic>'
    plain = checked(importing.read(tmp_path / "a.net.xml"), tmp_path)
    middle = re.sub(r"(<tlLogic id=\"B1\".*?)</tlLogic>", r"\1" + for_all, text, flags=re.DOTALL)
    (tmp_path / "a.net.xml").write_text(middle, encoding="utf-8")
    more = checked(importing.read(tmp_path / "a.net.xml"), tmp_path)
    assert len(more.phases) == len(plain.phases)
    seconds = [case.phases[case.phases.signal == "B1"].iloc[:, 2:5].to_numpy().sum() for case in (plain, more)]
    assert seconds[1] == seconds[0] + 20


def test_the_last_programme_is_in_force_as_in_sumo(fork, tmp_path):
    night = '<tlLogic id="c" type="static" programID="night" offset="7"><phase duration="9" state="GGGGrr"/>'
    night += '<phase duration="8" state="rrrrGG"/></tlLogic>'
    case = importing.read(network(fork, tmp_path, more=night))
    assert case.phases.green_s.tolist() == [9, 8] and set(case.phases.offset_s) == {7}
    assert "Signal c: programme night read, 1 others left out." in case.about.notes
    libsumo = pytest.importorskip("libsumo", reason="SUMO is not installed")
    libsumo.start(["sumo", "-n", str(tmp_path / "a.net.xml"), "--no-step-log"])
    try:
        assert libsumo.trafficlight.getProgram("c") == "night"
    finally:
        libsumo.close()
    (tmp_path / "t.add.xml").write_text(f"<additional>{night}</additional>", encoding="utf-8")
    network(fork, tmp_path)
    (tmp_path / "a.sumocfg").write_text(
        '<configuration><n v="a.net.xml"/><additional-files value="t.add.xml"/></configuration>', encoding="utf-8"
    )
    assert importing.read(tmp_path / "a.sumocfg").phases.equals(case.phases)


def test_turns_that_are_never_green_are_left_out_and_said(fork, tmp_path):
    case = checked(importing.read(network(fork, tmp_path, ((30, "rGGGrr"), (20, "rrrrGG")))), tmp_path)
    assert len(case.turns) == 5 and "1 turns left out that are never green." in case.about.notes


@pytest.mark.parametrize("stages", [((30, "rrrrrr"),), ((0, "GGGGGG"),), ()])
def test_a_signal_that_never_shows_green_leaves_its_junction_to_priority(stages, fork, tmp_path):
    case = checked(importing.read(network(fork, tmp_path, stages)), tmp_path)
    assert case.nodes.set_index("node").control["c"] == "priority" and not len(case.phases) and len(case.turns) == 6
    assert any(note.startswith("Signal c: left out") for note in case.about.notes)


def test_a_stage_with_too_few_letters_is_refused(fork, tmp_path):
    with pytest.raises(ScenarioError, match="has 2 letters for 6 connections; open the network with netedit"):
        importing.read(network(fork, tmp_path, ((30, "GG"),)))


def test_a_turn_that_no_signal_holds_may_always_go_and_gives_way(fork, tmp_path):
    case = checked(importing.read(network(fork, tmp_path, name="b.net.xml")), tmp_path)
    free = case.turns[(case.turns.from_link == "wc") & (case.turns.to_link == "cs")].iloc[0]
    assert set(free.green) == {"g"} and free.direction == "right" and len(case.phases) > 1


def test_who_drives_on_the_left_does_so_in_the_case(tmp_path):
    convert(tmp_path, "netgenerate", "--grid", "--lefthand", "-o", "a.net.xml")
    assert importing.read(tmp_path / "a.net.xml").about.drives_on == "left"


def test_where_nobody_yields_sumo_writes_no_rows_and_no_turn_yields(tmp_path):
    convert(tmp_path, "netgenerate", "--spider", "-j", "right_before_left", "-o", "a.net.xml")
    text = (tmp_path / "a.net.xml").read_text(encoding="utf-8")
    (middle,) = re.findall(r'<junction id="(\w+)" type="unregulated"', text)
    case = checked(importing.read(tmp_path / "a.net.xml"), tmp_path)
    controls = case.nodes.set_index("node").control
    assert controls[middle] == "none" and "all_way" in set(controls)
    ends = case.links.set_index("link").to_node
    assert not case.turns.yields_to[ends[case.turns.from_link].to_numpy() == middle].any()


WAY = 'from="wc" to="ce"'
ROWS = {  # elements -> demand and trips of the case
    f'<flow id="f" {WAY} begin="5" number="20" period="10"/>': ([(5, 205, 360)], 0),
    f'<flow id="f" {WAY} begin="5" number="24"/>': ([(5, 86405, 1)], 0),  # SUMO: a day
    f'<flow id="f" {WAY} begin="0:01:00" end="1:01:00" probability="0.1"/>': ([(60, 3660, 360)], 0),
    f'<flow id="f" {WAY} end="100" period="exp(0.5)"/>': ([(0, 100, 1800)], 0),
    f'<flow id="f" {WAY} end="100"/>': ([], 0),
    '<routeDistribution id="d"><route id="a" edges="wc ce" probability="3"/><route id="b" edges="wc cs"/>'
    '</routeDistribution><flow id="f" route="d" end="100" vehsPerHour="400"/>': ([(0, 100, 300), (0, 100, 100)], 0),
    '<routeDistribution id="d"><route edges="wc ce" probability="3"/><route edges="wc cs"/></routeDistribution>'
    + "".join(f'<vehicle id="{n}" route="d" depart="{n}"/>' for n in range(8)): ([], 8),
    '<vehicle id="v" depart="3"><routeDistribution><route edges="wc ce"/></routeDistribution></vehicle>': ([], 1),
    f'<trip id="t" {WAY} depart="1"/><trip id="u" {WAY} depart="9000"/>': ([], 2),  # the last one too
    f'<trip id="t" {WAY} via="cs" depart="1"/>': ([], 1),
    '<trip id="t" from="ce" to="wc" depart="1"/>': ([], 0),  # no road leads there
}


@pytest.mark.parametrize("text", ROWS)
def test_flows_distributions_and_trips_are_what_sumo_makes_of_them(text, fork, tmp_path):
    (tmp_path / "d.rou.xml").write_text(f"<routes>{text}</routes>", encoding="utf-8")
    case = checked(importing.read(network(fork, tmp_path), [tmp_path / "d.rou.xml"]), tmp_path)
    rows, trips = ROWS[text]
    assert [*map(tuple, case.demand[["start_s", "end_s", "veh_per_h"]].to_numpy())] == rows
    assert len(case.trips) == trips
    if trips == 8:
        assert case.trips.to_link.value_counts().to_dict() == {"ce": 6, "cs": 2}
    told = " ".join(case.about.notes)
    assert ("left out" in told) == (not rows and not trips) and ("on their way" in told) == (
        "via" in text or "vehsPerHour" in text
    )


@pytest.mark.parametrize(
    ("types", "space_m"),
    [
        ('<vType id="x" length="12"/>', 14.5),
        ('<vType id="x" vClass="bus"/>', 14.5),
        ('<vType id="x" vClass="bicycle" length="2"/>', 2.5),
        ('<vTypeDistribution id="x"><vType id="a" length="4" probability="0.75"/><vType id="b" length="8" '
         'probability="0.25"/></vTypeDistribution>', 7.5),
        ('<vType id="a" length="4"/><vType id="b" length="8"/>'
         '<vTypeDistribution id="x" vTypes="a b" probabilities="1 1"/>', 8.5),
    ],
)  # fmt: skip
def test_types_of_vehicles_are_known_from_file_to_file_and_counted_in_the_period(types, space_m, fork, tmp_path):
    (tmp_path / "t.add.xml").write_text(f"<additional>{types}</additional>", encoding="utf-8")
    trips = f'<trip id="t" type="x" {WAY} depart="100"/><trip id="u" {WAY} depart="9"/>'
    (tmp_path / "d.rou.xml").write_text(f"<routes>{trips}</routes>", encoding="utf-8")
    network(fork, tmp_path)
    (tmp_path / "a.sumocfg").write_text(
        '<configuration><input><net-file value="a.net.xml"/><route-files value="d.rou.xml"/>'
        '<additional-files value="t.add.xml"/></input><time><begin value="0:01:00"/><end value="-1"/></time>'
        "</configuration>",
        encoding="utf-8",
    )
    case = importing.read(tmp_path / "a.sumocfg")
    assert case.about.space_per_vehicle_m == space_m and case.about.start_s == 60 and len(case.trips) == 1


SPOILED = {
    "a.net.xml.gz": [(b"hello", "cannot be unpacked"), (b"", "cannot be unpacked|is not a SUMO network")],
    "a.sumocfg": [
        (b'<configuration><n v="b.net.xml"/></configuration>', "there is no such file"),
        (b'<configuration><n v="a.net.xml"/><b v="now"/></configuration>', "begin is 'now'; write seconds"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "is not a SUMO configuration"),
    ],
    "d.rou.xml": [
        (f'<routes><flow id="f" {WAY} begin="now" number="3"/></routes>'.encode(), "begin is 'now'; write seconds"),
        (f'<routes><flow id="f" {WAY} period="0"/></routes>'.encode(), "write seconds between vehicles, above 0"),
        (f'<routes><trip id="t" {WAY} depart="-3"/></routes>'.encode(), "depart of 't' is '-3'"),
        (f'<routes><trip id="t" {WAY} depart="nan"/></routes>'.encode(), "depart of 't' is 'nan'"),
        (b'<routes><vType id="a" length="inf"/></routes>', "length is 'inf'; write a number"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), [(name, *row) for name, rows in SPOILED.items() for row in rows])
def test_spoiled_files_are_refused_in_a_sentence(name, content, said, fork, tmp_path):
    net = network(fork, tmp_path)
    (tmp_path / name).write_bytes(content)
    given = (net, [tmp_path / name]) if name == "d.rou.xml" else (tmp_path / name, [])
    with pytest.raises(ScenarioError, match=said):
        importing.read(*given)


def test_a_packed_network_is_read_unless_it_is_cut_or_a_bomb(fork, tmp_path):
    text = network(fork, tmp_path).read_bytes()
    packed = tmp_path / "town.osm.net.xml.gz"  # no map, though a map became it
    packed.write_bytes(gzip.compress(text))
    assert importing.read(packed).links.equals(importing.read(tmp_path / "a.net.xml").links)
    packed.write_bytes(gzip.compress(text)[:-100])
    with pytest.raises(ScenarioError, match="cannot be unpacked"):
        importing.read(packed)
    packed.write_bytes(gzip.compress(b"<net>" + b" " * 2**27))
    with pytest.raises(ScenarioError, match="unpacks to more than"):
        importing.read(packed)
