"""Every kind of graph carries the worlds it can carry."""

import networkx as nx
import pytest

import models
from models.networks.topology import GENERATORS
from scenarios import ScenarioError


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
    world = models.make("traffic/single_crossing", learner="q", seed=1, demand_veh_per_s=0.05, **graph)
    world.run(900)
    assert world.record.frame()["throughput_veh_per_h"].iloc[-1] > 0


@pytest.mark.parametrize("graph", ["watts_strogatz", "barabasi_albert"])
def test_a_graph_that_cannot_be_drawn_is_refused_with_its_sizes(graph):
    with pytest.raises(ScenarioError, match=f"graph = '{graph}' with nodes = 3, degree = 9: "):
        models.make("games/coordination_ring", graph=graph, nodes=3, degree=9)
