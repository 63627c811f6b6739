"""GraphML roads and CSV demand: what they may say, and the answer when they say something else."""

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
    f"{COLUMNS}A1.N,25,0.1\n": ", row 2: hour 25 lies in 0 to 24, veh_per_s 0.1 in 0 to 5",
    f"{COLUMNS}A1.N,1,nan\n": ", row 2: hour 1 lies in 0 to 24, veh_per_s nan in 0 to 5",
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
        assert answer(demand_csv=path).startswith(f"{HERE}: demand_csv = {path!r} cannot be read (")


def test_a_profile_holds_each_rate_until_the_next_and_goes_round_midnight(tmp_path):
    path = tmp_path / "demand.csv"
    path.write_text(f"{COLUMNS}A1.N,6,0.2\nA1.N,7.5,0.4\nA1.E,12,0.1\n", encoding="utf-8")
    world = crossing(demand_csv=str(path), weight_east=2.0)
    rates = world.state.derived.arrivals_veh[0]  # (slots, gates)
    hour = rates.shape[0] // 24
    gate = {world.network.link_name(int(link)): g for g, link in enumerate(world.state.gate_link)}
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
    names = {world.network.link_name(link): link for link in range(8)}
    assert world.network.length_m[[names["east-First Street"], names["First Street-east"]]].tolist() == [500.0] * 2
    gates = {world.network.link_name(int(link)) for link in world.state.gate_link}
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
    assert answer(graph="star", nodes=6) == (
        f"{HERE}: 1 has 5 roads; a crossing has four sides. Take a sparser graph"
    )


def test_shares_of_turns_add_up_to_one_at_most():
    message = f"{HERE}: left_share_ns + right_share_ns = 1.4; at most 1 together"
    assert answer(left_share_ns=0.7, right_share_ns=0.7) == message
