"""Who may trade with whom: the graph of a market, which of its links are open, and where makers sit.

Attributes read from a GraphML file: `name`, `x`, `y` of nodes (all optional); edges have none. Dealers need no graph:
every trader is linked to every maker, in an order of preference drawn from `graph_seed`; `links` opens the first few.
In a double auction nodes buy and sell in turn. In an order book makers sit evenly spread among the nodes.
"""

import math

import networkx as nx
import numpy as np

from models.market.state import BID
from models.networks import topology
from scenarios import ScenarioError
from scenarios.market.parameters import Parameters


def build(parameters: Parameters, where: str) -> nx.Graph:
    """The graph, its nodes named M1, M2, ... (makers), T1, ... (traders), or B1, S1, ... (buyers and sellers)."""
    graph = _dealers(parameters, where) if parameters.market == "dealers" else topology.build(parameters, where)
    agents = graph.number_of_nodes()
    if parameters.market != "double_auction" and parameters.makers >= agents:
        raise ScenarioError(f"{where}: makers = {parameters.makers} of {agents} nodes; give fewer, so that some trade")
    if not topology.is_file(parameters.graph) or parameters.market == "dealers":
        letters = _letters(parameters, agents)
        for node in graph:
            number = letters[: node + 1].count(letters[node])
            graph.nodes[node]["name"] = f"{letters[node]}{number}"
    for node, partners in enumerate(trading_partners(graph, parameters)):
        if not partners:
            hint = "give it a link to the other side, a larger degree or another graph_seed"
            name = graph.nodes[node]["name"]
            raise ScenarioError(f"{where}: {name} has nobody to trade with; {hint}")
    return graph


def _letters(parameters: Parameters, agents: int) -> str:
    if parameters.market == "double_auction":
        return "".join("BS"[i % 2] for i in range(agents))
    makers = set(maker_nodes(parameters, agents).tolist())
    return "".join("M" if i in makers else "T" for i in range(agents))


def _dealers(parameters: Parameters, where: str) -> nx.Graph:
    """Makers on an inner ring, traders on an outer one, everybody linked across."""
    makers, agents = parameters.makers, parameters.nodes
    graph = nx.Graph()
    for i in range(agents):
        inside = i < makers
        place, number = (i, makers) if inside else (i - makers, agents - makers)
        angle, radius = 2 * math.pi * place / number - math.pi / 2, (0.35 if makers > 1 else 0.0) if inside else 1.0
        graph.add_node(i, x=radius * math.cos(angle), y=radius * math.sin(angle), name=str(i))
    graph.add_edges_from((m, t) for m in range(makers) for t in range(makers, agents))
    return graph


def maker_nodes(parameters: Parameters, agents: int) -> np.ndarray:
    """Nodes (M,) who make the market: the first ones of dealers, evenly spread in an order book."""
    makers = np.arange(min(parameters.makers, agents), dtype=np.int64)
    return makers if parameters.market == "dealers" else makers * agents // len(makers)


def sides(agents: int) -> np.ndarray:
    """Side (A,) of each trader of a double auction: nodes buy and sell in turn."""
    return BID + np.arange(agents) % 2


def trading_partners(graph: nx.Graph, parameters: Parameters) -> list[list[int]]:
    """Whom each agent could ever trade with; in a double auction only the other side."""
    if parameters.market != "double_auction":
        return [sorted(graph[i]) for i in range(graph.number_of_nodes())]
    return [[j for j in sorted(graph[i]) if (i - j) % 2] for i in range(graph.number_of_nodes())]


def open_links(parameters: Parameters, partners: list[list[int]]) -> tuple[np.ndarray, int]:
    """Which links are open (L,), each counted from both ends, and a number that is equal where the same are."""
    agents = len(partners)
    part = np.arange(agents) % parameters.parts
    wanted = 0
    if parameters.market == "double_auction":
        part = np.arange(agents) // 2 % parameters.parts
    elif parameters.market == "dealers" and parameters.links < parameters.makers:
        wanted = parameters.links
    closed = set()
    rng = np.random.default_rng(parameters.graph_seed)
    for trader in range(parameters.makers, agents) if wanted else ():
        liked = rng.permutation(parameters.makers)
        closed |= {(trader, int(maker)) for maker in liked[wanted:]}
    opened = [
        part[i] == part[j] and (i, j) not in closed and (j, i) not in closed
        for i, near in enumerate(partners)
        for j in near
    ]
    return np.array(opened, bool), 0 if all(opened) else 1_000 * wanted + parameters.parts
