"""The graph of a world as a space of Mesa's with the agents in it, which Mesa's own tools can draw."""

from collections.abc import Hashable, Sequence
from random import Random
from typing import Any

import networkx as nx
from mesa.discrete_space import Cell, Network

from models.mesa_refusals import PLACES, refuse


class Node(Cell):
    """A node and the agents there; nobody comes or goes."""

    add_agent = remove_agent = connect = disconnect = refuse(PLACES)


class Topology(Network):
    """A graph with the agents of a world at their nodes; nothing in it changes.

    Parameters
    ----------
    graph
        A graph whose nodes may have places `x` and `y`.
    agents, homes
        Views on the agents, and the node of each.
    """

    def __init__(self, graph: nx.Graph, agents: Sequence[Any], homes: Sequence[Hashable]) -> None:
        super().__init__(nx.freeze(graph.copy()), random=Random(0), cell_klass=Node)
        self.homes = [self[home] for home in homes]
        for agent, home in zip(agents, self.homes, strict=True):
            Cell.add_agent(home, agent)

    def _connect_single_cell(self, cell: Cell) -> None:
        for node in self.G.neighbors(cell.coordinate):
            Cell.connect(cell, self[node], node)

    add_cell = remove_cell = add_connection = remove_connection = refuse(PLACES)
