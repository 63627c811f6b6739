"""GraphML roads and CSV demand: what they may say, and the answer when they say something else."""

import os

import networkx as nx
import numpy as np
import pytest

import models
from scenarios import ScenarioError

HERE = "scenarios/traffic/single_crossing.toml"
COLUMNS = "entry,hour,veh_per_s\n"

PROFILES = {  # text of the file -> what follows "<file>"
    "": ": has no rows under the column names entry, hour, veh_per_s",
    COLUMNS: ": has no rows under the column names entry, hour, veh_per_s",
    "entry,hour,rate\nA1.N,0,0.1\n": ", row 2: no column veh_per_s; columns are entry, hour, veh_per_s",
    f"{COLUMNS}A1.N,0\n": ", row 2: no column veh_per_s; columns are entry, hour, veh_per_s",
    f"{COLUMNS}A1.N,0,0.1\nA1.X,0,0.1\n": ", row 3: there is no entry 'A1.X'; there are A1.N, A1.E, A1.S, A1.W, ... "
    '(NESW). Did you mean "A1.W"?',
    f"{COLUMNS}A1.N,zero,0.1\n": ", row 2: hour and veh_per_s must be numbers",
    f"{COLUMNS}A1.N,25,0.1\n": ", row 2: hour is 25, veh_per_s is 0.1; hour must be from 0 to 24, veh_per_s from "
    "0 to 5",
    f"{COLUMNS}A1.N,1,nan\n": ", row 2: hour is 1, veh_per_s is nan; hour must be from 0 to 24, veh_per_s from 0 to 5",
}


def crossing(**changes):
    return models.make("traffic/single_crossing", seed=0, **changes)


def answer(**changes):
    """The message of a refusal: one line."""
    with pytest.raises(ScenarioError) as refused:
        crossing(**changes)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(("text", "message"), PROFILES.items())
def test_a_slip_in_a_profile_is_answered_with_its_row(text, message, tmp_path):
    path = tmp_path / "demand.csv"
    path.write_text(text, encoding="utf-8")
    assert answer(demand_csv=str(path)) == f"{path}{message}"


def test_profiles_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    for name in ("missing.csv", "binary.csv"):
        path = str(tmp_path / name)
        assert answer(demand_csv=path).startswith(f"{path}: cannot be read (")


def test_a_profile_holds_each_rate_until_the_next_and_goes_round_midnight(tmp_path):
    path = tmp_path / "demand.csv"
    path.write_text(f"{COLUMNS}A1.N,6,0.2\nA1.N,7.5,0.4\nA1.E,12,0.1\n", encoding="utf-8")
    world = crossing(demand_csv=str(path), weight_east=2.0)
    rates = world.state.derived.arrivals_veh[0]  # (slots, gates)
    hour = rates.shape[0] // 24
    gate = {world.network.links[int(link)]: g for g, link in enumerate(world.network.gate_link)}
    assert rates[[0, 6 * hour, 7 * hour, 7 * hour + hour // 2, -1], gate["A1.N"]].tolist() == [0.4, 0.2, 0.2, 0.4, 0.4]
    assert np.all(rates[:, gate["A1.E"]] == 0.2)  # 0.1, twice, all day
    assert not rates[:, [gate["A1.S"], gate["A1.W"]]].any()


def test_a_graph_that_is_not_graphml_is_refused(tmp_path):
    path = tmp_path / "roads.graphml"
    missing = f"{HERE}: graph = {str(path)!r}: no such file"
    assert answer(graph=str(path)) == missing
    for content in (b"hello", b"<a></a>", bytes(range(256))):
        path.write_bytes(content)
        assert answer(graph=str(path)).startswith(f"{HERE}: graph = {str(path)!r} is not a GraphML file: ")


def roads(tmp_path, **attributes):
    """A road of two crossings with attributes on the first node or on the edge (`edge_...`)."""
    graph = nx.Graph()
    place = {"x": 0.0, "y": 0.0}
    graph.add_node("west", **place | {k: v for k, v in attributes.items() if not k.startswith("edge_")})
    graph.add_node("east", x=1.0, y=0.0)
    graph.add_edge("west", "east", **{k[5:]: v for k, v in attributes.items() if k.startswith("edge_")})
    path = tmp_path / "roads.graphml"
    nx.write_graphml(graph, path)
    return str(path)


def test_nodes_and_edges_of_a_file_become_signals_and_roads(tmp_path):
    world = crossing(graph=roads(tmp_path, name="First Street", gates="NW", edge_length_m=500.0))
    assert world.agent_names == ["First Street", "east"]
    names = {name: link for link, name in enumerate(world.network.links)}
    assert world.network.length_m[[names["east-First Street"], names["First Street-east"]]].tolist() == [500.0] * 2
    gates = {world.network.links[int(link)] for link in world.network.gate_link}
    assert gates == {"First Street.N", "First Street.W", "east.N", "east.E", "east.S"}
    world.run(300)
    assert world.record.frame()["vehicles"].iloc[0] > 0


def test_attributes_that_make_no_road_are_refused(tmp_path):
    for place in (float("inf"), "here"):
        assert answer(graph=roads(tmp_path, x=place)).endswith("x is not a number")
    assert answer(graph=roads(tmp_path, name="east")).endswith("two nodes share a name; names must differ")
    for length in (3.0, 1e9, float("nan"), "long"):
        refusal = answer(graph=roads(tmp_path, edge_length_m=length))
        assert refusal.endswith(f"length_m = {length!r} of an edge; a road has 30 to 10000 m")
    assert answer(graph=roads(tmp_path, gates="E")) == f"{HERE}: gates = 'E' of west; its free sides are \"NSW\""


def test_a_crossing_has_four_sides():
    assert answer(graph="star", nodes=6) == (f"{HERE}: 1 has 5 roads; a crossing has four sides. Take a sparser graph")


def test_shares_of_turns_add_up_to_one_at_most():
    message = f"{HERE}: left_share_ns + right_share_ns = 1.4; at most 1 together"
    assert answer(left_share_ns=0.7, right_share_ns=0.7) == message


def written(tmp_path, kind, *links, nodes=(), **about):
    """A GraphML file of links (start, end, attributes) and nodes (name, attributes)."""
    graph = kind(**about)
    graph.add_nodes_from(nodes)
    graph.add_edges_from(links)
    path = tmp_path / "roads.graphml"
    nx.write_graphml(graph, path)
    return str(path)


def refusal(make, **changes):
    with pytest.raises(ScenarioError) as refused:
        make(**changes)
    return str(refused.value)


def routes(**changes):
    return models.make("routes/forty_drivers", seed=0, **changes)


@pytest.mark.parametrize("scenario", ["traffic/single_crossing", "games/coordination_ring", "market/one_more_link"])
def test_a_world_whose_links_go_both_ways_refuses_a_one_way_link_and_names_it(scenario, tmp_path):
    path = written(tmp_path, nx.DiGraph, ("A", "B"), ("B", "A"), ("A", "C"))
    made = {"market": "order_book"} if scenario.startswith("market") else {}
    told = refusal(lambda **changes: models.make(scenario, seed=0, **made, **changes), graph=path)
    assert told.endswith(
        f"graph = {path!r}: A-C is one-way; links of this world go both ways: add the other way, or write an "
        "undirected graph"
    )


def test_two_directions_of_different_length_are_refused_and_equal_ones_are_one_road(tmp_path):
    ways = ("A", "B", {"length_m": 300.0}), ("B", "A", {"length_m": 900.0})
    told = refusal(crossing, graph=written(tmp_path, nx.DiGraph, *ways))
    assert "length_m of A-B and of its way back is 300.0 and 900.0" in told
    path = written(tmp_path, nx.DiGraph, ways[0], ("B", "A", {"length_m": 300.0}))
    assert sorted(set(crossing(graph=path).network.length_m.tolist())) == [200.0, 300.0]  # gates have 200 m


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph])
def test_parallel_roads_are_refused_in_every_world(kind, tmp_path):
    path = written(tmp_path, kind, ("A", "B", 0, {}), ("A", "B", 1, {}))
    assert "graph = " in (told := refusal(crossing, graph=path)) and "two links lead from A to B; keep one" in told
    told = refusal(routes, network=path, pairs=["A-B"])
    assert f"network = {path!r}: two links lead from A to B; keep one, or put a place between" in told


def test_both_directions_of_a_road_of_drivers_keep_their_own_cost(tmp_path):
    path = written(tmp_path, nx.DiGraph, ("A", "B", {"free_min": 3.0}), ("B", "A", {"free_min": 9.0}))
    assert routes(network=path, pairs=["A-B"]).state.derived.free[0].tolist() == [3.0, 9.0]


def test_attributes_that_no_world_reads_are_refused_and_those_for_drawing_are_passed_over(tmp_path):
    drawn = {"id": "e0", "label": "Main Street", "color": "red", "osmid": "7", "geometry": "LINESTRING"}
    assert crossing(graph=written(tmp_path, nx.Graph, ("A", "B", drawn), nodes=[("A", {"street_count": 3})]))
    told = refusal(crossing, graph=written(tmp_path, nx.Graph, ("A", "B", {"length": 300.0, "oneway": True})))
    assert told.endswith(
        "length, oneway of a link: not an attribute of this world; read are length_m. Rename it, or delete it from the "
        'file. Did you mean "length_m"?'
    )
    told = refusal(routes, network=written(tmp_path, nx.Graph, ("A", "B", {"free_mins": 3.0})), pairs=["A-B"])
    assert "free_mins of a link: not an attribute of this world; read are b, capacity_veh" in told
    assert told.endswith('Did you mean "free_min"?')
    told = refusal(crossing, graph=written(tmp_path, nx.Graph, ("A", "B"), nodes=[("A", {"gate": "N"})]))
    assert told.endswith('Did you mean "gates"?')


def test_a_default_that_a_file_gives_for_all_roads_is_read(tmp_path):
    path = written(tmp_path, nx.Graph, ("A", "B", {"length_m": 300.0}), ("B", "C"), edge_default={"length_m": 450.0})
    assert set(crossing(graph=path).network.length_m.tolist()) == {200.0, 300.0, 450.0}


@pytest.mark.parametrize(("about", "gates"), [({}, {"south.N"}), ({"crs": "epsg:4326"}, {"south.S"})])
def test_y_grows_to_the_north_in_a_file_with_a_coordinate_reference_system(about, gates, tmp_path):
    nodes = [("south", {"x": 2.16, "y": 48.94}), ("north", {"x": 2.16, "y": 48.95})]
    world = crossing(graph=written(tmp_path, nx.Graph, ("south", "north"), nodes=nodes, **about))
    assert {world.network.links[int(link)] for link in world.network.gate_link} & {"south.N", "south.S"} == gates


def test_names_with_hyphens_are_read_where_one_reading_exists(tmp_path):
    path = written(tmp_path, nx.Graph, ("Mid-1", "Mid-2"), ("Mid-2", "End"))
    world = crossing(graph=path, closed_links=["Mid-1-Mid-2"])
    closed = {world.network.links[int(link)] for link in np.flatnonzero(world.state.derived.closed[0])}
    assert closed == {"Mid-1-Mid-2", "Mid-2-Mid-1"}
    assert "there are End-Mid-2, Mid-1-Mid-2, ..." in refusal(crossing, graph=path, closed_links=["Mid"])
    drivers = routes(network=path, pairs=["Mid-1-End"], closed_links=[])
    assert [drivers.graph.nodes[end]["name"] for end in drivers.routes.ends[0]] == ["Mid-1", "End"]


def test_a_name_of_two_readings_is_refused(tmp_path):
    path = written(tmp_path, nx.Graph, ("A", "B-C"), ("A-B", "C"), ("A", "C"))
    both = '"A-B-C" can mean A to B-C or A-B to C; rename one of these places in the file'
    assert refusal(routes, network=path, pairs=["A-B-C"]).endswith(f"pairs: {both}")
    assert refusal(routes, network=path, pairs=["A-C"], closed_links=["A-B-C"]).endswith(f"closed_links: {both}")
    assert refusal(crossing, graph=path, closed_links=["A-B-C"]).endswith(f"closed_links: {both}")


def test_a_large_road_file_needs_no_list_of_all_pairs(tmp_path):
    path = written(tmp_path, nx.Graph, *((f"n{i}", f"n{i + 1}") for i in range(5000)))
    assert len(routes(network=path, pairs=["n0-n9"], drivers=1, routes=2).graph) == 5001


def test_an_ending_in_capitals_is_the_same_kind_of_file(tmp_path):
    path = tmp_path / "ROADS.GraphML"
    nx.write_graphml(nx.path_graph(2), path)
    assert crossing(graph=path).agent_names == ["0", "1"]
    assert models.make("games/coordination_ring", seed=0, graph=path).agent_names == ["0", "1"]
    assert routes(network=path, pairs=["0-1"]).routes.number == [1]


def test_a_profile_with_a_byte_order_mark_is_read_and_a_foreign_table_is_explained(tmp_path):
    path = tmp_path / "demand.csv"
    path.write_text(f"{COLUMNS}A1.N,6,0.2\n", encoding="utf-8-sig")
    assert crossing(demand_csv=path).state.derived.arrivals_veh.max() == 0.2
    for text in ("entry;hour;veh_per_s\nA1.N;6;0.2\n", "Entry,Hour,Veh_per_s\nA1.N,6,0.2\n"):
        path.write_text(text, encoding="utf-8")
        assert f"in small letters, between commas; row 1 is {text.splitlines()[0]!r}" in answer(demand_csv=path)
    path.write_text(f"{COLUMNS}A1.N,6,0.2\nA1.N,6.1,0.3\n", encoding="utf-8")
    assert answer(demand_csv=path).endswith("row 3: a second rate of A1.N in one quarter of an hour; keep one of them")


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    for name, parameter in (("roads.graphml", "graph"), ("demand.csv", "demand_csv")):
        os.mkfifo(tmp_path / name)
        assert "a pipe or device, not a file" in answer(**{parameter: str(tmp_path / name)})


def test_a_generator_refuses_more_links_than_can_be_made():
    assert "has 49,995,000 links; at most 500,000. Take fewer nodes" in answer(graph="complete", nodes=10_000)
