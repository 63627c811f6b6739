"""Street networks of OSMnx, as GraphML files or networkx graphs, as road cases.

An edge of the graph is a link: its `length` in m, `maxspeed` (km/h, or "30 mph"; several: the lowest), `lanes` (of both
directions where `oneway` is false), `highway`, `name` and `geometry`. A file says with `crs` where north is; longitudes
and latitudes are flattened about the middle of the map, which is right to a thousandth for a town.

Nodes with `highway = traffic_signals` get a signal of two phases: approaches that lie opposite share one, and who turns
left gives way. At other nodes streets of a lower class give way to those of a higher one, and streets of one class go
in order of arrival. Where a street ends, vehicles leave the map. Turning back is left out.
"""

import math
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from models.networks.roads.case import About, RoadCase
from scenarios import ScenarioError, check_regular
from scenarios.schema import suggestion

READ = {"length", "maxspeed", "lanes", "highway", "name", "geometry", "oneway"}
PASSED_OVER = {"osmid", "ref", "reversed", "tunnel", "bridge", "junction", "service", "access", "width", "travel_time",
               "speed_kph", "id", "key", "est_width", "landuse", "area", "street_count", "x", "y"}  # fmt: skip
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street")
SPEEDS_KM_PER_H = {"motorway": 100.0, "trunk": 80.0, "residential": 30.0, "living_street": 10.0}  # of those without one
INSTEAD = {
    "maxspeed": "speeds taken from the class of the street",
    "lanes": "streets taken to have one lane each way",
}
USUAL_KM_PER_H, MILE_KM = 50.0, 1.609344
DEGREE_M = 111_195.0  # of latitude
BESIDE = 1e-3  # radians between the way in and the way out of a street
SIGNAL = {"green_s": 30.0, "yellow_s": 3.0, "all_red_s": 1.0, "offset_s": 0.0}


def read(path: Path, where: str) -> RoadCase:
    """The network of a GraphML file that OSMnx wrote (raises ScenarioError)."""
    try:
        check_regular(path)
        graph = nx.read_graphml(path, force_multigraph=True)
    except OSError as error:
        raise ScenarioError(f"{where}: {path} cannot be read ({error.strerror})") from None
    except Exception as error:  # the XML parser and networkx raise many kinds
        raise ScenarioError(f"{where}: {path} is not a GraphML file: {error}") from None
    return from_graph(graph, f"{where}: {path}", title=path.stem)


def from_graph(graph: nx.Graph, where: str = "from_graph", title: str = "") -> RoadCase:
    """The road case of a directed (multi)graph with OSMnx's attributes (raises ScenarioError)."""
    if not graph.is_directed() or graph.number_of_edges() == 0:
        raise ScenarioError(f"{where}: a street network has directed edges, one each way; write it with OSMnx")
    _check(graph, where)
    spots = _spots(graph, where)
    links, notes = _links(graph, spots, where)
    by_end: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        by_end.setdefault(link["from_node"], []).append(link)
    nodes, turns, phases = [], list[dict[str, Any]](), []
    for name in map(str, graph):
        ways_in = [link for link in links if link["to_node"] == name]
        control, own, greens = _junction(graph.nodes[_key(graph, name)], ways_in, by_end.get(name, []), len(turns))
        x, y = spots[name]
        nodes.append({"node": name, "x_m": x, "y_m": y, "control": control, "signal": name * (control == "signal")})
        turns += own
        phases += [{"signal": name, "phase": phase, **SIGNAL} for phase in range(greens)]
    about = About(title=title, source="Street network in the form of OSMnx", notes=tuple(notes))
    kept = [{k: v for k, v in link.items() if not k.startswith("_")} for link in links]
    return RoadCase.of(about, nodes=nodes, links=kept, turns=turns, phases=phases)


def _key(graph: nx.Graph, name: str) -> Any:
    return name if name in graph else int(name)


def _check(graph: nx.Graph, where: str) -> None:
    """Refuse what would be passed over though it says something about the streets."""
    said = {str(name) for *_, data in graph.edges(data=True) for name in data}
    unknown = sorted(name for name in said - READ - PASSED_OVER if ":" not in name)
    if unknown:
        known = ", ".join(sorted(READ))
        hint = suggestion(unknown[0], READ)
        told = f"{unknown[0]} of an edge is not known; read are {known}. Rename it, or delete it from the file"
        raise ScenarioError(f"{where}: {told}.{hint}")
    if "crs" not in graph.graph:
        told = (
            'says nowhere where north is; give it crs = "epsg:4326" for longitudes and latitudes, or that of its metres'
        )
        raise ScenarioError(f"{where}: {told}")


def _spots(graph: nx.Graph, where: str) -> dict[str, tuple[float, float]]:
    """Places of the nodes in metres, y to the north."""
    try:
        xy = {str(node): (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
    except (KeyError, TypeError, ValueError):
        raise ScenarioError(f"{where}: every node needs numbers x and y, as OSMnx writes them") from None
    flat = _flattener(graph)
    return {name: flat(*spot) for name, spot in xy.items()}


def _flattener(graph: nx.Graph) -> Callable[[float, float], tuple[float, float]]:
    """From places of the file to metres."""
    if "4326" not in str(graph.graph["crs"]):
        return lambda x, y: (x, y)
    middle = np.mean([(float(data["x"]), float(data["y"])) for _, data in graph.nodes(data=True)], axis=0)
    east = DEGREE_M * math.cos(math.radians(middle[1]))
    return lambda x, y: (float((x - middle[0]) * east), float((y - middle[1]) * DEGREE_M))


def _links(
    graph: nx.Graph, spots: dict[str, tuple[float, float]], where: str
) -> tuple[list[dict[str, Any]], list[str]]:
    found, guessed, names = [], Counter[str](), Counter[str]()
    flat = _flattener(graph)
    for a, b, data in graph.edges(data=True):
        if a == b:
            guessed["streets that lead back to their own junction left out"] += 1
            continue
        kind = _first(data.get("highway"))
        for name, instead in INSTEAD.items():
            guessed.update(_told(data, name, instead))
        shape = [flat(*point) for point in _points(data.get("geometry"))] or [spots[str(a)], spots[str(b)]]
        straight = sum(math.dist(*pair) for pair in pairwise(shape))
        base = f"{a}-{b}"
        names[base] += 1
        found.append({
            "link": base if names[base] == 1 else f"{base} {names[base]}", "from_node": str(a), "to_node": str(b),
            "length_m": max(_number(data.get("length", straight), "length", where), 1.0),
            "free_speed_m_per_s": _speed(data.get("maxspeed"), kind) / 3.6,
            "lanes": _lanes(data), "name": _first(data.get("name")),
            "shape": ";".join(f"{x:.2f} {y:.2f}" for x, y in shape) if len(shape) > 2 else "",
            "_in": math.atan2(shape[-2][1] - shape[-1][1], shape[-2][0] - shape[-1][0]) + BESIDE,
            "_out": math.atan2(shape[1][1] - shape[0][1], shape[1][0] - shape[0][0]) - BESIDE,
            "_class": CLASSES.index(c) if (c := kind.removesuffix("_link")) in CLASSES else len(CLASSES),
        })  # fmt: skip
    notes = [f"{graph.number_of_nodes()} nodes and {graph.number_of_edges()} edges read."]
    return found, notes + [f"{number} {what}." for what, number in sorted(guessed.items())]


def _junction(
    data: dict[str, Any], ways_in: list[dict[str, Any]], ways_out: list[dict[str, Any]], first: int
) -> tuple[str, list[dict[str, Any]], int]:
    """Control, turns and number of phases of a node."""
    turns = [(a, b) for a in ways_in for b in ways_out if b["to_node"] != a["from_node"]]
    if len({a["link"] for a, _ in turns}) < 2:
        return "none", [_turn(first + n, a, b, "", []) for n, (a, b) in enumerate(turns)], 0
    signal = "traffic_signals" in str(data.get("highway", ""))
    groups = _axes(ways_in)
    classes = {a["_class"] for a, _ in turns}
    control = "signal" if signal else "priority" if len(classes) > 1 else "all_way"
    phases = 1 + max(groups.values()) if signal else 0
    rows = []
    for n, (a, b) in enumerate(turns):
        rivals = [m for m, (c, d) in enumerate(turns) if c is not a and _cross(a, b, c, d)]
        if control == "signal":  # of those that are green together, who turns left gives way
            left = _direction(a, b) == "left"
            rivals = [m for m in rivals if left and groups[turns[m][0]["link"]] == groups[a["link"]]
                      and _direction(*turns[m]) != "left"]  # fmt: skip
        elif control == "priority":
            left = _direction(a, b) == "left"
            rivals = [m for m in rivals if _goes_first(turns[m], a, left)]
        letter = "g" if rivals else "G"
        green = "".join(letter if phase == groups[a["link"]] else "r" for phase in range(phases))
        rows.append(_turn(first + n, a, b, green, [first + m for m in rivals]))
    return control, rows, phases


def _goes_first(other: tuple[dict[str, Any], dict[str, Any]], mine: dict[str, Any], left: bool) -> bool:
    """Whether a turn from a street of a higher class, or of the same class and not to the left of me, goes first."""
    if other[0]["_class"] != mine["_class"]:
        return bool(other[0]["_class"] < mine["_class"])
    return left and _direction(*other) != "left"


def _turn(number: int, a: dict[str, Any], b: dict[str, Any], green: str, first: list[int]) -> dict[str, Any]:
    direction, lanes = _direction(a, b), a["lanes"]
    low, high = {"left": (lanes - 1, lanes - 1), "right": (0, 0)}.get(direction, (0, lanes - 1))
    return {
        "turn": str(number), "from_link": a["link"], "to_link": b["link"], "direction": direction, "first_lane": low,
        "last_lane": high, "green": green, "yields_to": " ".join(map(str, first)),
    }  # fmt: skip


def _direction(a: dict[str, Any], b: dict[str, Any]) -> str:
    """As a driver sees it: how far the way out lies from straight on, to the left of it or to the right."""
    turn = (b["_out"] - (a["_in"] + math.pi) + math.pi) % (2 * math.pi) - math.pi
    return "left" if turn > math.pi / 4 else "right" if turn < -math.pi / 4 else "through"


def _cross(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any], d: dict[str, Any]) -> bool:
    """Whether the ways from a to b and from c to d meet: they end in one street, or their ends alternate round it."""
    if b is d:
        return True
    full = 2 * math.pi
    start = a["_in"]
    end, one, other = ((angle - start) % full for angle in (b["_out"], c["_in"], d["_out"]))
    return bool((one < end) != (other < end))


def _axes(ways_in: list[dict[str, Any]]) -> dict[str, int]:
    """The phase of each approach: those that lie opposite the first one, or beside it, and the others."""
    angles = np.array([link["_in"] for link in ways_in])
    off = np.abs((angles - angles[0] + np.pi / 2) % np.pi - np.pi / 2)
    return {link["link"]: int(away > np.pi / 4) for link, away in zip(ways_in, off, strict=True)}


def _first(value: Any) -> str:
    """A text, or the first of a list, also of one that GraphML keeps as text."""
    values = value if isinstance(value, list) else re.findall(r"'([^']*)'", str(value)) or [value]
    return "" if values[0] is None else str(values[0])


def _numbers(value: Any) -> list[float]:
    """The numbers that a value begins with, or each of a list; miles as kilometres."""
    texts = value if isinstance(value, list) else re.findall(r"'([^']*)'", str(value)) or [value]
    found = ((re.match(r"\s*\d+(\.\d+)?", text), text) for text in map(str, texts))
    return [float(number[0]) * (MILE_KM if "mph" in text else 1.0) for number, text in found if number]


def _number(value: Any, name: str, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ScenarioError(f"{where}: {name} is {value!r} of an edge; write a number") from None
    if not 0 <= number < 1e6:
        raise ScenarioError(f"{where}: {name} is {number:g} of an edge; it goes from 0 to 1,000,000 m")
    return number


def _told(data: dict[str, Any], name: str, instead: str) -> list[str]:
    """What to say of an attribute that is missing, without a number, or several."""
    if name not in data:
        return [instead]
    found = _numbers(data[name])
    if not found:
        return [f"values of {name} without a number, {instead}"]
    return [f"streets with several values of {name}, the lowest taken"] if len(set(found)) > 1 else []


def _speed(value: Any, kind: str) -> float:
    usual = SPEEDS_KM_PER_H.get(kind.removesuffix("_link"), USUAL_KM_PER_H)
    return max(min(_numbers(value), default=usual), 1.0)


def _lanes(data: dict[str, Any]) -> int:
    """Lanes of one direction; OSM counts those of both where a street goes both ways."""
    lanes = min(_numbers(data.get("lanes")), default=1.0)
    both = str(data.get("oneway", "False")).lower() not in ("true", "yes", "1")
    return int(min(max(math.ceil(lanes / 2) if both and "lanes" in data else lanes, 1), 20))


def _points(geometry: Any) -> list[tuple[float, float]]:
    """Points of a LINESTRING (well-known text), or of a shapely line."""
    if hasattr(geometry, "coords"):
        return [(float(x), float(y)) for x, y, *_ in geometry.coords]
    inside = re.search(r"LINESTRING\s*\(([^)]*)\)", str(geometry))
    points = [tuple(map(float, pair.split()[:2])) for pair in inside[1].split(",")] if inside else []
    return [(x, y) for x, y in points]
