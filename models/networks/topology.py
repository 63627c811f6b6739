"""Who is connected to whom: a networkx graph in every world, from a generator or a GraphML file.

Nodes are numbered 0..n-1 and carry `name` (text), `x` and `y` (drawing plane, y down). In a GraphML file these node
attributes are optional; what else a world reads (`length_m` of a road, say) is documented in its `network.py`. A graph
attribute `crs` (a coordinate reference system, as OSMnx writes it) says that y grows to the north, as on a map. What a
file says and a world cannot represent is refused, except what only draws or identifies.
"""

import math
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from scenarios import check_regular
from scenarios.schema import GENERATORS, GraphParameters, ScenarioError, shorten, suggestion

WITH_CARE, WITH_SPRINGS = 300, 2_000  # nodes up to which layouts that grow with their square take seconds
MOST_LINKS = 500_000  # of a generator: more take minutes to make
PASSED_OVER = {  # what graph editors and OSMnx write to draw, to name and to classify
    "b", "bridge", "color", "colour", "description", "g", "geometry", "height", "highway", "id", "junction", "label",
    "lat", "lon", "name", "osmid", "r", "ref", "reversed", "service", "shape", "shape_type", "size", "street_count",
    "tunnel", "url", "width",
}  # fmt: skip


def build(
    parameters: GraphParameters, where: str, nodes: Collection[str] = (), edges: Collection[str] = ()
) -> nx.Graph:
    """The graph that the parameters of a world describe.

    Parameters
    ----------
    parameters
        Generator with its sizes, or file.
    where
        Opens every message.
    nodes, edges
        Attributes that the world reads from a file, beside name, x and y of nodes.

    Raises
    ------
    ScenarioError
        For an unknown generator, impossible sizes, or a file that `read` refuses.
    """
    kind = parameters.graph
    if is_file(kind):
        return read(Path(kind), f"{where}: graph", nodes, edges)
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
        what = f'graph = "{kind}"; allowed are {known}, or a path to a .graphml file.{hint}'
        raise ScenarioError(f"{where}: {what}")
    links = {"complete": n * (n - 1) // 2, "watts_strogatz": n * degree // 2, "barabasi_albert": n * degree}
    if links.get(kind, n) > MOST_LINKS:
        what = f'graph = "{kind}" with nodes = {n}, degree = {degree} has {links[kind]:,} links'
        raise ScenarioError(f"{where}: {what}; at most {MOST_LINKS:,}. Take fewer nodes")
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


def is_file(kind: str) -> bool:
    """Whether a parameter names a GraphML file."""
    return kind.lower().endswith(".graphml")


def read(
    path: Path, where: str, nodes: Collection[str] = (), edges: Collection[str] = (), directed: bool = False
) -> nx.Graph:
    """A GraphML file as a simple graph with numbered, named and placed nodes.

    Parameters
    ----------
    path
        The file.
    where
        Scenario and parameter; it opens every message.
    nodes, edges
        Attributes that the world reads, beside name, x and y of nodes.
    directed
        Whether links have a direction; else a file with directions needs both of every link, alike.

    Raises
    ------
    ScenarioError
        File, node or link, and remedy, for a file that is not GraphML or says what would be lost.
    """
    where = f"{where} = {str(path)!r}"
    try:
        check_regular(path)
        found = nx.read_graphml(path)
    except FileNotFoundError:
        raise ScenarioError(f"{where}: no such file") from None
    except OSError as error:
        raise ScenarioError(f"{where}: cannot be read ({error.strerror})") from None
    except Exception as error:  # the XML parser and networkx raise many kinds for a file that is not GraphML
        raise ScenarioError(f"{where} is not a GraphML file: {error}") from None
    found.remove_edges_from(list(nx.selfloop_edges(found)))
    if found.number_of_nodes() == 0:
        raise ScenarioError(f"{where} has no nodes")
    for each_of, default in ((found.nodes, "node_default"), (found.edges, "edge_default")):
        for each in each_of.values():
            each |= {**found.graph.get(default, {}), **each}
    names = {node: str(data.get("name", node)) for node, data in found.nodes(data=True)}
    if len(set(names.values())) < len(names):
        raise ScenarioError(f"{where}: two nodes share a name; names must differ")
    _check_attributes("a node", found.nodes.values(), {"name", "x", "y", *nodes}, where)
    _check_attributes("a link", found.edges.values(), set(edges), where)
    _check_links(found, names, edges, directed, where)
    simple = nx.DiGraph(found) if directed else nx.Graph(found)
    graph = nx.convert_node_labels_to_integers(simple, label_attribute="_label")
    spots = nx.circular_layout(found)
    north = -1.0 if "crs" in found.graph else 1.0
    for _, data in graph.nodes(data=True):
        label = data.pop("_label")
        for axis, default in zip("xy", spots[label], strict=True):
            try:
                data[axis] = float(data.get(axis, default))
                if not math.isfinite(data[axis]):
                    raise ValueError
            except ValueError:
                raise ScenarioError(f"{where}: node {label!r}: {axis} is not a number") from None
        data["y"] *= north
        data["name"] = names[label]
    return graph


def _check_attributes(what: str, found: Any, known: set[str], where: str) -> None:
    """Refuse an attribute that would be passed over though it says something about the world."""
    unknown = sorted({name for data in found for name in data} - known - PASSED_OVER)
    if unknown:
        read = f"read are {', '.join(sorted(known))}" if known else "none is read"
        hint = suggestion(unknown[0], known)
        raise ScenarioError(
            f"{where}: {shorten(', '.join(unknown))} of {what}: not an attribute of this world; {read}. Rename it, or "
            f"delete it from the file.{hint}"
        )


def _check_links(found: nx.Graph, names: dict[Any, str], read: Collection[str], directed: bool, where: str) -> None:
    """Refuse what a graph with one link between two nodes, or one each way where `directed`, cannot hold."""
    links: dict[tuple[Any, Any], dict[str, Any]] = {}
    for i, j, data in found.edges(data=True):
        if (i, j) in links or (not found.is_directed() and (j, i) in links):
            remedy = "keep one, or put a place between its ends on the other"
            raise ScenarioError(f"{where}: two links lead from {names[i]} to {names[j]}; {remedy}")
        links[i, j] = data
    if directed or not found.is_directed():
        return
    for (i, j), there in links.items():
        if (j, i) not in links:
            remedy = "links of this world go both ways: add the other way, or write an undirected graph"
            raise ScenarioError(f"{where}: {names[i]}-{names[j]} is one-way; {remedy}")
        back = links[j, i]
        for name in read:
            if there.get(name) != back.get(name):
                said = " and ".join(str(data.get(name, "not given")) for data in (there, back))
                what = f"{name} of {names[i]}-{names[j]} and of its way back is {said}"
                raise ScenarioError(
                    f"{where}: {what}; links of this world are the same in both directions: give both the same value"
                )


def ends(text: str, exists: Callable[[str, str], bool], where: str) -> tuple[str, str] | None:
    """The two places, whose names may have hyphens, that "A-B" joins; None where there are none.

    Raises
    ------
    ScenarioError
        Where it can be read in two ways.
    """
    halves = [(text[:i], text[i + 1 :]) for i, letter in enumerate(text) if letter == "-"]
    found = [pair for pair in halves if exists(*pair)]
    if len(found) > 1:
        ways = " or ".join(f"{start} to {end}" for start, end in found)
        raise ScenarioError(f'{where}: "{text}" can mean {ways}; rename one of these places in the file')
    return found[0] if found else None


def spread_out(graph: nx.Graph) -> np.ndarray:
    """Places (n, 2) for nodes that have none, joined ones near each other; large graphs are laid out less carefully."""
    plain = nx.Graph(graph)
    if len(plain) <= WITH_CARE:
        spots = nx.kamada_kawai_layout(plain)
    else:
        spots = nx.spectral_layout(plain)
        spots = nx.spring_layout(plain, pos=spots, seed=0) if len(plain) <= WITH_SPRINGS else spots
    return np.array([spots[node] for node in graph])


def places(graph: nx.Graph, agents: int) -> list[tuple[float, float]]:
    """Where to draw agents, from 0 to 1, y down: at the nodes, or on a circle where agents are not the nodes."""
    if graph.number_of_nodes() == agents:
        spots = np.array([[data["x"], data["y"]] for _, data in graph.nodes(data=True)])
    else:
        angles = 2 * np.pi * np.arange(agents) / agents - np.pi / 2
        spots = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    span = np.ptp(spots, axis=0)
    scaled = (spots - spots.min(axis=0)) / np.where(span > 0, span, 1.0) + np.where(span > 0, 0.0, 0.5)
    return [(x, y) for x, y in scaled.tolist()]
