"""Who is connected to whom: a networkx graph in every world, from a generator or a GraphML file.

Nodes are numbered 0..n-1 and carry `name` (text), `x` and `y` (drawing plane, y down). In a GraphML file these node
attributes are optional; what else a world reads (`length_m` of a road, say) is documented in its `model.py`.
"""

import math
from pathlib import Path

import networkx as nx

from scenarios.schema import GENERATORS, GraphParameters, ScenarioError, suggestion


def build(parameters: GraphParameters, where: str) -> nx.Graph:
    """The graph that the parameters of a world describe.

    Raises
    ------
    ScenarioError
        For an unknown generator, impossible sizes, or a file that is not GraphML; `where` opens the message.
    """
    kind = parameters.graph
    if kind.endswith(".graphml"):
        return read(Path(kind), where)
    if kind == "grid":
        return grid(parameters.rows, parameters.columns)
    n, degree = parameters.nodes, parameters.degree
    makers = {
        "ring": lambda: nx.cycle_graph(n) if n > 2 else nx.path_graph(n),
        "watts_strogatz": lambda: nx.watts_strogatz_graph(n, degree, parameters.rewire, seed=parameters.graph_seed),
        "barabasi_albert": lambda: nx.barabasi_albert_graph(n, degree, seed=parameters.graph_seed),
        "complete": lambda: nx.complete_graph(n),
        "star": lambda: nx.star_graph(n - 1),
    }
    if kind not in makers:
        known = ", ".join(GENERATORS)
        hint = suggestion(kind, GENERATORS)
        raise ScenarioError(f'{where}: graph = "{kind}"; allowed are {known}, or a path to a .graphml file.{hint}')
    try:
        graph = makers[kind]()
    except nx.NetworkXError as error:
        raise ScenarioError(f"{where}: graph = {kind!r} with nodes = {n}, degree = {degree}: {error}") from None
    for i in graph:
        angle = 2 * math.pi * i / n - math.pi / 2
        centre = kind == "star" and i == 0
        place = {"x": 0.0, "y": 0.0} if centre else {"x": math.cos(angle), "y": math.sin(angle)}
        graph.nodes[i].update(name=str(i + 1), **place)
    return graph


def grid(rows: int, columns: int) -> nx.Graph:
    """Rows are letters from the north, columns numbers from the west: B3."""
    graph = nx.Graph()
    for r in range(rows):
        for c in range(columns):
            i = r * columns + c
            letters = chr(65 + r) if r < 26 else chr(64 + r // 26) + chr(65 + r % 26)
            graph.add_node(i, name=f"{letters}{c + 1}", x=float(c), y=float(r))
            if c > 0:
                graph.add_edge(i - 1, i)
            if r > 0:
                graph.add_edge(i - columns, i)
    return graph


def read(path: Path, where: str, kind: type[nx.Graph] = nx.Graph) -> nx.Graph:
    """A GraphML file as a simple graph, undirected unless `kind` says so, with numbered, named and placed nodes."""
    try:
        found = kind(nx.read_graphml(path))
    except FileNotFoundError:
        raise ScenarioError(f"{where}: graph = {str(path)!r}: no such file") from None
    except Exception as error:  # the XML parser and networkx raise many kinds for a file that is not GraphML
        raise ScenarioError(f"{where}: graph = {str(path)!r} is not a GraphML file: {error}") from None
    found.remove_edges_from(list(nx.selfloop_edges(found)))
    if found.number_of_nodes() == 0:
        raise ScenarioError(f"{where}: graph = {str(path)!r} has no nodes")
    names = {node: str(data.get("name", node)) for node, data in found.nodes(data=True)}
    if len(set(names.values())) < len(names):
        raise ScenarioError(f"{where}: graph = {str(path)!r}: two nodes share a name; names must differ")
    spots = nx.circular_layout(found)
    graph = nx.convert_node_labels_to_integers(found, label_attribute="_label")
    for _, data in graph.nodes(data=True):
        label = data.pop("_label")
        for axis, default in zip("xy", spots[label], strict=True):
            try:
                data[axis] = float(data.get(axis, default))
                if not math.isfinite(data[axis]):
                    raise ValueError
            except ValueError:
                raise ScenarioError(f"{where}: node {label!r} of {str(path)!r}: {axis} is not a number") from None
        data["name"] = names[label]
    return graph
