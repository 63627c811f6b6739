"""Street networks of OSMnx as road cases: directions, parallel edges, lanes, speeds, north, and who goes first."""

import networkx as nx
import numpy as np
import pytest

import models
from models.networks.roads import graphml, importing
from scenarios import ScenarioError
from tests.laws import roads

MAIN = {"highway": "secondary", "maxspeed": "50", "lanes": "4", "oneway": False, "name": "Main Street"}
SIDE = {"highway": "residential", "maxspeed": "20 mph", "oneway": False}


def cross(signal=True, **about):
    """A main street from west to east, a side street from south to north, and a one-way lane in the north-east."""
    graph = nx.MultiDiGraph(**{"crs": "epsg:25832", **about})
    spots = {1: (0, 0), 2: (-200, 0), 3: (200, 0), 4: (0, -200), 5: (0, 200)}
    for node, (x, y) in spots.items():
        graph.add_node(node, x=float(x), y=float(y))
    if signal:
        graph.nodes[1]["highway"] = "traffic_signals"
    for other, data in ((2, MAIN), (3, MAIN), (4, SIDE), (5, SIDE)):
        graph.add_edge(other, 1, length=200.0, **data)
        graph.add_edge(1, other, length=200.0, **data)
    graph.add_edge(
        3, 5, length=290.0, geometry="LINESTRING (200 0, 150 150, 0 200)", highway="living_street", oneway=True
    )
    graph.add_edge(3, 5, length=310.0, highway="living_street", oneway=True)
    return graph


def test_directions_parallel_edges_lanes_and_speeds_are_kept():
    case = graphml.from_graph(cross())
    links = case.links.set_index("link")
    assert len(links) == 10 and {"3-5", "3-5 2"} <= set(links.index) and "5-3" not in links.index
    assert links.lanes["2-1"] == 2  # four in both directions
    assert links.free_speed_m_per_s["2-1"] == pytest.approx(50 / 3.6)
    assert links.free_speed_m_per_s["4-1"] == pytest.approx(20 * 1.609344 / 3.6)
    assert links.free_speed_m_per_s["3-5"] == pytest.approx(10 / 3.6)  # the usual one of its class, and said
    assert links["shape"]["3-5"] == "200.00 0.00;150.00 150.00;0.00 200.00" and links.length_m["3-5 2"] == 310.0
    assert any("2 speeds taken from the class" in note for note in case.about.notes)


def test_values_without_a_number_and_several_values_are_counted():
    graph = cross()
    graph.edges[3, 5, 0]["maxspeed"], graph.edges[2, 1, 0]["maxspeed"] = "RO:urban", "['30', '50']"
    graph.edges[1, 2, 0]["lanes"] = "many"
    case = graphml.from_graph(graph)
    assert case.links.set_index("link").free_speed_m_per_s["2-1"] == pytest.approx(30 / 3.6)
    for told in (
        "1 speeds taken from the class of the street.",
        "1 streets with several values of maxspeed, the lowest taken.",
        "1 values of lanes without a number, streets taken to have one lane each way.",
        "1 values of maxspeed without a number, speeds taken from the class of the street.",
    ):
        assert told in case.about.notes


def test_a_map_on_which_no_street_ends_is_entered_at_its_outermost_nodes(tmp_path):
    """A ring of four corners around a middle: nobody enters in the middle."""
    graph = nx.MultiDiGraph(crs="epsg:25832")
    spots = {"m": (0, 0), "a": (-200, -200), "b": (200, -200), "c": (200, 200), "d": (-200, 200)}
    for node, (x, y) in spots.items():
        graph.add_node(node, x=float(x), y=float(y))
    graph.nodes["m"]["highway"] = "traffic_signals"
    for a, b in ["ab", "bc", "cd", "da", "ma", "mb", "mc", "md"]:
        graph.add_edge(a, b, length=250.0, **SIDE)
        graph.add_edge(b, a, length=250.0, **SIDE)
    case = importing.with_demand(graphml.from_graph(graph))
    assert {link.partition("-")[0] for link in case.demand.from_link} == set("abcd")
    assert {link.rpartition("-")[2] for link in case.demand.to_link} == set("abcd")
    assert any("no street ends here, so they enter at the 4 outermost nodes" in note for note in case.about.notes)
    case.write(tmp_path / "ring")
    world = models.make("traffic/single_crossing", case=str(tmp_path / "ring"), drivers="travel", seed=1)
    world.run(590)
    roads.recount(world)
    assert roads.made_and_gone(world)[0] > 0


def test_turns_are_named_as_a_driver_sees_them_and_nobody_turns_back():
    turns = {(row.from_link, row.to_link): row for row in graphml.from_graph(cross()).turns.itertuples()}
    seen = {ends: row.direction for ends, row in turns.items()}
    assert seen["2-1", "1-3"] == "through" and seen["2-1", "1-5"] == "left" and seen["2-1", "1-4"] == "right"
    assert seen["4-1", "1-3"] == "right" and seen["5-1", "1-3"] == "left"
    assert ("2-1", "1-2") not in seen
    assert (turns["2-1", "1-5"].first_lane, turns["2-1", "1-4"].last_lane) == (1, 0)  # left from the left lane


def test_a_signal_serves_opposite_streets_together_and_who_turns_left_gives_way():
    case = graphml.from_graph(cross())
    turns = {(row.from_link, row.to_link): row for row in case.turns.itertuples()}
    name = {row.turn: (row.from_link, row.to_link) for row in case.turns.itertuples()}
    assert case.phases.phase.tolist() == [0, 1] and case.nodes.signal[case.nodes.node == "1"].tolist() == ["1"]
    assert turns["2-1", "1-3"].green == turns["3-1", "1-2"].green == "Gr"
    assert turns["4-1", "1-5"].green == turns["5-1", "1-4"].green == "rG"
    assert turns["2-1", "1-5"].green == "gr"
    assert {name[n] for n in turns["2-1", "1-5"].yields_to.split()} == {("3-1", "1-2"), ("3-1", "1-5")}


def test_without_a_signal_the_side_street_gives_way_and_equals_go_in_order_of_arrival():
    case = graphml.from_graph(cross(signal=False))
    turns = {(row.from_link, row.to_link): row for row in case.turns.itertuples()}
    name = {row.turn: (row.from_link, row.to_link) for row in case.turns.itertuples()}
    assert case.nodes.set_index("node").control["1"] == "priority"
    assert not turns["2-1", "1-3"].yields_to
    first = {name[n] for n in turns["4-1", "1-5"].yields_to.split()}
    assert {("2-1", "1-3"), ("3-1", "1-2"), ("2-1", "1-5")} <= first and ("2-1", "1-4") not in first
    graph = cross(signal=False)
    for *_, data in graph.edges(data=True):
        data["highway"] = "residential"
    equal = graphml.from_graph(graph)
    assert equal.nodes.set_index("node").control["1"] == "all_way"
    pairs = {(row.turn, other) for row in equal.turns.itertuples() for other in row.yields_to.split()}
    assert pairs and all((b, a) in pairs for a, b in pairs)


def test_a_file_of_longitudes_is_flattened_with_north_up_and_drives(tmp_path):
    graph = cross(crs="epsg:4326")
    for data in graph.nodes.values():
        data["x"], data["y"] = 8.0 + data["x"] / 71_000, 50.0 + data["y"] / 111_195
    graph.remove_edge(3, 5, 0)
    path = tmp_path / "Town.GRAPHML"
    nx.write_graphml(graph, path)
    case = importing.read(path)
    spots = case.nodes.set_index("node")
    assert spots.y_m["5"] - spots.y_m["1"] == pytest.approx(200.0, rel=1e-3)
    assert spots.x_m["3"] - spots.x_m["1"] == pytest.approx(200.0, rel=0.01)
    assert any("No demand was given: 200 vehicles an hour" in note for note in case.about.notes)
    case.write(tmp_path / "town")
    world = models.make(
        "traffic/single_crossing", learner="max_pressure", seed=1, case=str(tmp_path / "town"), drivers="travel"
    )
    world.run(3_600)
    assert roads.recount(world) >= 0 and not world.audit()
    assert world.record.frame()["throughput_veh_per_h"].iloc[3:].mean() == pytest.approx(400, rel=0.25)
    assert np.isfinite(world.record.frame()["mean_delay_s"]).all()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda graph: graph.graph.clear(), "says nowhere where north is"),
        (
            lambda graph: graph.edges[2, 1, 0].update(lenght=3.0),
            'lenght of an edge is not known.*Did you mean "length"',
        ),
        (lambda graph: graph.edges[2, 1, 0].update(length="far"), "length is 'far' of an edge; write a number"),
        (lambda graph: graph.nodes[1].pop("x"), "every node needs numbers x and y"),
    ],
)
def test_what_a_network_does_not_say_is_asked_for(spoil, said):
    graph = cross()
    spoil(graph)
    with pytest.raises(ScenarioError, match=said):
        graphml.from_graph(graph)
    with pytest.raises(ScenarioError, match="has directed edges"):
        graphml.from_graph(nx.Graph(cross()))
