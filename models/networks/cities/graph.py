"""A city as a graph: what a world of route choice needs of each node and link, in the order of its tables."""

import math
from pathlib import Path

import networkx as nx

from models.networks import topology
from models.networks.cities.case import CityCase
from scenarios import ScenarioError


def read(folder: str, where: str) -> CityCase:
    """The city in a folder (raises ScenarioError; `where` opens the message if there is no such folder)."""
    if not Path(folder).is_dir():
        remedy = "give a folder of tables, such as everlearn import writes"
        raise ScenarioError(f'{where}: case = "{folder}": there is no such folder; {remedy}')
    return CityCase.read(Path(folder))


def build(case: CityCase) -> nx.MultiDiGraph:
    """Nodes with name, x, y (down) and through; links with link (their name) and what they cost."""
    graph = nx.MultiDiGraph()
    number = {name: i for i, name in enumerate(case.nodes["node"])}
    for name, x, y, through in case.nodes.itertuples(index=False):
        graph.add_node(number[name], name=name, x=x, y=-y, through=bool(through))
    for link in case.links.itertuples(index=False):
        graph.add_edge(
            number[link.from_node],
            number[link.to_node],
            link=link.link,
            free_min=link.free_min,
            capacity_veh=link.capacity_veh,
            b=link.b,
            power=max(link.power, 1.0),
            toll_min=0.0 if math.isnan(link.toll_min) else link.toll_min,
        )
    if case.nodes[["x", "y"]].isna().any(axis=None):
        for node, (x, y) in zip(graph, topology.spread_out(graph), strict=True):
            graph.nodes[node].update(x=float(x), y=float(y))
    return graph
