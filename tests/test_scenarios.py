"""What a user may write: bad input is answered with one sentence that says where, what is allowed and what was meant;
good input (road files, demand profiles, every kind of graph) works.

`tests/mirrors` holds the exact words of many messages; here is what every message must contain.
"""

import networkx as nx
import numpy as np
import pytest

import models
import scenarios
from models.topology import GENERATORS
from models.traffic.state import BORN
from scenarios import ScenarioError

HEAD = 'title = "T"\nquestion = "Q?"\nsummary = "S."\nversion = 1\nsource = "Own."\n'
GAMES, TRAFFIC = HEAD + 'domain = "games"\n', HEAD + 'domain = "traffic"\n'
LEARNER = '\n[[learner]]\nkind = "q"\n'

BAD = {
    "unknown key in [world]": (GAMES + "[world]\nnods = 3", r'\[world\].*"nods".*known are .*Did you mean "nodes"\?'),
    "unknown top-level key": (GAMES + "tick = 3", r'unknown key "tick"; known are .*Did you mean "ticks"\?'),
    "wrong type": (GAMES + '[world]\nnodes = "3"', r"\[world\]: nodes = '3': .*integer"),
    "a list for a number": (GAMES + "[world]\ncooperation = [0.5]", r"\[world\]: cooperation = \[0\.5\]: .*number"),
    "below the lowest": (GAMES + "[world]\nnodes = 1", r"\[world\]: nodes = 1: .*greater than or equal to 2"),
    "above the highest": (TRAFFIC + "[world]\ndemand_veh_per_s = 2", r"demand_veh_per_s = 2.*equal to 1 veh/s"),
    "not a choice": (TRAFFIC + '[world]\ndetectors = "ful"', r"detectors = 'ful': .*'stop_line', 'advance' or 'full'"),
    "not TOML": (GAMES + "[world\nnodes = 3", r"not a TOML file: .*line 7"),
    "no domain": (HEAD, r"domain is None; allowed are .*games.*traffic"),
    "unknown domain": (HEAD + 'domain = "trafic"', r'domain is \'trafic\'.*Did you mean "traffic"\?'),
    "a line break in a key": (GAMES + '[world]\n"no\\ndes" = 3', r"unknown key"),
    "a line break in a value": (GAMES + '[world]\ngraph = "ri\\nng"', r"allowed are grid, ring"),
    "unknown generator": (TRAFFIC + '[world]\ngraph = "gird"', r'graph = "gird"; allowed.*Did you mean "grid"\?'),
    "at-reset parameter in a regime": (
        GAMES + '[[regime]]\nname = "b"\nticks = 9\nchange = { nodes = 4 }',
        r'regime 1 \(b\): "nodes" is set when a world is made.*Live: cooperation',
    ),
    "unknown parameter in a regime": (
        TRAFFIC + '[[regime]]\nname = "b"\nticks = 9\nchange = { weigth_north = 2 }',
        r'regime 1 \(b\): unknown key "weigth_north".*Did you mean "weight_north"\?',
    ),
    "second regime out of bounds": (
        TRAFFIC + '[[regime]]\nname = "a"\nticks = 9\n[[regime]]\nname = "b"\nticks = 9\nchange = { weight_east = 6 }',
        r"regime 2 \(b\): weight_east = 6: .*equal to 5",
    ),
    "a regime without length": (TRAFFIC + '[[regime]]\nname = "a"', r'"ticks" is missing in regime 1'),
    "unknown learner": (
        GAMES + '[[learner]]\nkind = "joint"', r'learner 1: there is no learner "joint"; games has .*mean "joint_q"\?'
    ),
    "a rule of another world": (
        GAMES + '[[learner]]\nkind = "max_pressure"', r'learner 1: there is no learner "max_pressure"; games has .*, q,'
    ),
    "unknown learner setting": (
        GAMES + LEARNER + "settings = { epsilo = 0.1 }", r'learner 1: .*"epsilo"; known are .*Did you mean "epsilon"\?'
    ),
    "learner setting out of bounds": (GAMES + LEARNER + "settings = { gamma = 1.5 }", r"gamma = 1\.5: .*equal to 1"),
    "fraction above 1": (GAMES + LEARNER + "agents = 1.5", r"learner 1: agents = 1\.5; a fraction lies above 0"),
    "fraction of nothing": (GAMES + LEARNER + "agents = 0.0", r"learner 1: agents = 0\.0; a fraction lies above 0"),
    "overlapping agents": (
        GAMES + LEARNER + 'agents = ["1"]' + LEARNER + 'agents = ["1", "2"]', r"learner 2: agent '1' .*agents are 1, 2"
    ),
    "unknown agent": (TRAFFIC + LEARNER + 'agents = ["Z9"]', r"learner 1: agent 'Z9' does not exist.*agents are A1"),
    "agents left over": (GAMES + LEARNER + "agents = 0.5", r'1 agents have no learner \(2.*agents = "all"'),
    "missing GraphML": (TRAFFIC + '[world]\ngraph = "no.graphml"', r"graph = 'no\.graphml': no such file"),
    "missing demand profile": (TRAFFIC + '[world]\ndemand_csv = "no.csv"', r"demand_csv = 'no\.csv' cannot be read"),
    "unknown closed road": (
        TRAFFIC + '[world]\nclosed_links = ["A1-A3"]', r'closed_links: there is no road "A1-A3"; there are A1-A2, '
    ),
    "shares above 1": (
        TRAFFIC + "[world]\nleft_share_ew = 0.7\nright_share_ew = 0.7",
        r"left_share_ew \+ right_share_ew = 1\.4; at most 1",
    ),
    "payoff of the wrong size": (
        GAMES + '[world]\nactions = ["a", "b", "c"]\npayoff = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]',
        r"\[world\]: payoff must be 3 rows of 3 numbers.*\(a, b, c\)",
    ),
    "column payoff of the wrong size": (
        GAMES + "[world]\npayoff_column = [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]", r"payoff_column must be 2 rows of 2"
    ),
    "counting three actions": (
        GAMES + '[world]\nactions = ["a", "b", "c"]\nsees = "count"\n'
        "payoff = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]",
        r'sees = "count" is for games of two actions; take "profile"',
    ),
    "too many roads at a node": (TRAFFIC + '[world]\ngraph = "star"\nnodes = 6', r"1 has 5 roads; .*four sides"),
    "a star with too many neighbours to tell apart": (
        GAMES + '[world]\ngraph = "star"\nnodes = 30\nsees = "profile"', r"gives \d+ states; take \"count\""
    ),
}


def make(folder, text):
    """A world from a scenario file that holds this text."""
    path = folder / "bad.toml"
    path.write_text(text, encoding="utf-8")
    return models.make(path, seed=1)


def is_one_line(error):
    return "\n" not in str(error.value) and "\r" not in str(error.value)


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_answered_with_one_sentence_that_names_the_file(case, tmp_path):
    text, words = BAD[case]
    with pytest.raises(ScenarioError, match=words) as error:
        make(tmp_path, text)
    assert is_one_line(error) and str(tmp_path / "bad.toml") in str(error.value)


def test_files_that_are_no_scenario_are_refused_by_name(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"\x93NUMPY\xff\xfe")
    (tmp_path / "folder.toml").mkdir()
    for name in ("binary", "folder", "missing"):
        with pytest.raises(ScenarioError, match=f"{name}.toml: cannot be read") as error:
            scenarios.load(tmp_path / f"{name}.toml")
        assert is_one_line(error)
    with pytest.raises(ScenarioError, match=r'no scenario "traffic/rush_our".*Did you mean "traffic/rush_hour"\?'):
        scenarios.load("traffic/rush_our")


def test_a_scenario_for_another_world_is_refused():
    with pytest.raises(ScenarioError, match="domain is games; Traffic needs traffic"):
        models.Traffic("games/climbing")


def test_a_changed_scenario_is_a_copy_and_is_checked_like_a_file():
    plain = scenarios.load("games/prisoners_dilemma")
    changed = plain.change(cooperation=0.5, nodes=3)
    assert (changed.world.cooperation, changed.world.nodes) == (0.5, 3)
    assert (plain.world.cooperation, plain.world.nodes) == (0.0, 2)
    for wrong, words in (({"cooperatin": 1}, 'mean "cooperation"'), ({"nodes": 0}, "equal to 2"), ({"sees": 3}, "'no")):
        with pytest.raises(ScenarioError, match=words) as error:
            plain.change(**wrong)
        assert is_one_line(error) and "prisoners_dilemma.toml" in str(error.value)


# Graphs ------------------------------------------------------------------------------------------------------------

DRAWN = {
    "not XML": ("a b c", r"is not a GraphML file"),
    "other XML": ("<svg/>", r"is not a GraphML file|has no nodes"),
    "no nodes": (nx.Graph(), r"has no nodes"),
    "five roads": (nx.star_graph(5), r": 0 has 5 roads; a crossing has four sides"),
    "two nodes with one name": (nx.Graph([(0, 1)], name="g"), r"two nodes share a name"),
    "a place that is no number": (nx.path_graph(2), r"node '0' .*: x is not a number"),
    "unknown gates": (nx.path_graph(2), r"gates = 'NQ' of 0; its free sides are \"[NESW]{3}\""),
    "a road too short": (nx.path_graph(2), r"length_m = .* of an edge; .*30"),
    "no gates": (nx.path_graph(2), r"no road enters the network"),
}


@pytest.mark.parametrize("case", DRAWN)
def test_a_bad_road_file_is_answered_with_one_sentence(case, tmp_path):
    drawing, words = DRAWN[case]
    path = tmp_path / "roads.graphml"
    if isinstance(drawing, str):
        path.write_text(drawing)
    else:
        graph = drawing.copy()
        marks = {"two nodes with one name": ("name", "same"), "a place that is no number": ("x", "left"),
                 "unknown gates": ("gates", "NQ"), "no gates": ("gates", "")}  # fmt: skip
        if case in marks:
            nx.set_node_attributes(graph, *reversed(marks[case]))
        if case == "a road too short":
            nx.set_edge_attributes(graph, 12.0, "length_m")
        nx.write_graphml(graph, path)
    with pytest.raises(ScenarioError, match=words) as error:
        make(tmp_path, f'{TRAFFIC}[world]\ngraph = "{path}"')
    assert is_one_line(error)


def test_a_road_file_says_names_gates_and_lengths(tmp_path):
    graph = nx.Graph()
    graph.add_node("a", name="West", x=0.0, y=0.0, gates="W")
    graph.add_node("b", name="East", x=1.0, y=0.0)
    graph.add_edge("a", "b", length_m=430.0)
    nx.write_graphml(graph, tmp_path / "roads.graphml")
    world = models.make("traffic/single_crossing", seed=1, graph=str(tmp_path / "roads.graphml"))
    net = world.network
    assert world.agent_names == ["West", "East"]
    entries = {net.link_name(link) for link in net.gate_link}
    assert entries == {"West.W", "East.N", "East.E", "East.S"}
    length = {net.link_name(link): net.length_m[link] for link in np.flatnonzero(net.upstream >= 0)}
    assert length == {"West-East": 430.0, "East-West": 430.0}
    world.run(600)
    assert world.record.frame()["throughput_veh_per_h"].iloc[-1] > 0


@pytest.mark.parametrize("kind", GENERATORS)
def test_every_kind_of_graph_can_be_played_on(kind):
    sizes = {"nodes": 6, "rows": 2, "columns": 3, "degree": 2}
    world = models.make("games/coordination_ring", learner="q", seed=1, graph=kind, **sizes)
    assert len(world.agent_names) == len(set(world.agent_names)) == 6
    assert nx.is_connected(world.graph)
    world.run(200)
    assert world.record.frame()["share_left"].between(0, 1).all()


@pytest.mark.parametrize(
    "graph",
    [
        {"graph": "grid", "rows": 2, "columns": 2},
        {"graph": "ring", "nodes": 5},
        {"graph": "watts_strogatz", "nodes": 8, "degree": 2},
        {"graph": "barabasi_albert", "nodes": 4, "degree": 1},
        {"graph": "complete", "nodes": 4},
        {"graph": "star", "nodes": 5},
    ],
    ids=lambda graph: graph["graph"],
)
def test_every_kind_of_graph_with_four_roads_at_most_carries_traffic(graph):
    world = models.make("traffic/single_crossing", seed=1, demand_veh_per_s=0.05, **graph)
    world.run(900)
    assert world.record.frame()["throughput_veh_per_h"].iloc[-1] > 0


@pytest.mark.parametrize("graph", ["watts_strogatz", "barabasi_albert"])
def test_a_graph_that_cannot_be_drawn_is_refused_with_its_sizes(graph):
    with pytest.raises(ScenarioError, match=f"graph = '{graph}' with nodes = 3, degree = 9: ") as error:
        models.make("games/coordination_ring", graph=graph, nodes=3, degree=9)
    assert is_one_line(error)


# Demand profiles ---------------------------------------------------------------------------------------------------


def crossing(tmp_path, rows, head="entry,hour,veh_per_s"):
    """One crossing with a demand profile of these rows."""
    path = tmp_path / "demand.csv"
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return models.make("traffic/single_crossing", seed=1, demand_csv=str(path), record_every_ticks=100_000)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["A1.N,0,0.1", "A1.Q,1,0.1"], r"row 3: there is no entry 'A1\.Q'; there are A1\.N.*Did you mean \"A1\..\"\?"),
        (["A1.N,0,0.1", "A1.E,1"], r"row 3: no column veh_per_s; columns are entry, hour, veh_per_s"),
        (["A1.N,noon,0.1"], r"row 2: hour and veh_per_s must be numbers"),
        (["A1.N,24,0.1"], r"row 2: hour 24 lies in 0 to 24"),
        (["A1.N,1,-0.1"], r"row 2: .*veh_per_s -0\.1 in 0 to 5"),
        (["A1.N,1,nan"], r"row 2: .*veh_per_s nan in 0 to 5"),
        (["A1.N,1,0.1", "A1.N,2,0,1"], r"row 3: has more than entry, hour, veh_per_s; .*decimal point"),
        ([], r"has no rows"),
    ],
)
def test_a_slip_in_a_demand_profile_is_answered_with_file_and_row(rows, words, tmp_path):
    with pytest.raises(ScenarioError, match=r"demand\.csv(, |: )" + words) as error:
        crossing(tmp_path, rows)
    assert is_one_line(error)


def test_a_demand_profile_without_its_columns_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"demand\.csv, row 2: no column hour, veh_per_s; columns are entry"):
        crossing(tmp_path, ["A1.N,0,0.1"], head="entry,time,flow")


def test_a_demand_profile_changes_arrivals_by_the_hour_and_goes_round_the_day(tmp_path):
    late = crossing(tmp_path, ["A1.N,0.25,0.5", "A1.N,0.5,0"])
    born = []
    for _ in range(3):  # quarters of an hour: the rate of the evening before, half a vehicle a second, none
        before = int(late.state.sums[BORN])
        late.run(900)
        born.append(int(late.state.sums[BORN]) - before)
    assert born[0] == born[2] == 0
    assert abs(born[1] - 450) < 5 * np.sqrt(450)  # Poisson
    round_the_clock = crossing(tmp_path, ["A1.N,23,0.5"])
    round_the_clock.run(900)
    assert abs(int(round_the_clock.state.sums[BORN]) - 450) < 5 * np.sqrt(450)
