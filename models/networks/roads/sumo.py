"""SUMO networks as road cases: edges, lanes, connections, junctions and programmes of signals.

Read with `sumolib`. What the case does not have is folded or left out, and said in its notes: internal edges (the way
across a junction) lengthen the edge after them; lanes on which no passenger car may drive are left out, and edges
without any other lane; signals follow `sumo_programmes`. Format: https://sumo.dlr.de/docs/Networks/SUMO_Road_Networks.html.
"""

import errno
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from models.networks.roads.case import About, RoadCase
from models.networks.roads.sumo_demand import Demand
from models.networks.roads.sumo_programmes import Signal, letters, programmes
from scenarios import ScenarioError, check_regular

DIRECTIONS = {"l": "left", "L": "left", "s": "through", "r": "right", "R": "right", "t": "back", "T": "back"}
IN_ORDER = ("right_before_left", "left_before_right", "allway_stop")
FREE = ("unregulated", "dead_end", "internal")
CAR = "passenger"
LEAST_M = 0.1
LEAST_M_PER_S, MOST_M_PER_S = 0.1, 100.0  # as a case has them
MOST_HEADWAY_S = 60.0
DAWDLING_S = 0.92  # by which headways grow per unit of sigma


def read(net_file: Path, demand: Demand, where: str, additional: Sequence[Path] = ()) -> RoadCase:
    """The network of a file with some demand; additional files may hold programmes of signals.

    Raises
    ------
    ScenarioError
        For a file that is no SUMO network, or where there is no road for cars.
    """
    net = _read_net(net_file, where)
    notes: list[str] = []
    edges = _edges(net, notes)
    if not edges:
        raise ScenarioError(f"{where}: no edge is open to passenger cars; import a network of roads")
    signals = programmes(net, _held(net, edges), additional, where, notes)
    nodes = _nodes(net, edges, signals, where)
    held = {node["node"]: signals[node["signal"]] for node in nodes if "signal" in node}
    turns = _turns(net, edges, held, demand, notes)
    phases = [
        {"signal": name, "phase": phase, "offset_s": signal.offset_s, **stage.lengths()}
        for name, signal in signals.items()
        for phase, stage in enumerate(signal.phases)
    ]
    links = [_link(net, edge, lanes) for edge, lanes in edges.items()]
    numbers, tables, said = demand.on({link["link"] for link in links}, turns)
    title = net_file.name.removesuffix(".net.xml")
    side = "left" if _root(net_file).get("lefthand") in ("1", "true") else "right"
    source = f"SUMO network {net_file.name}"
    about = About(title=title, source=source, drives_on=side, notes=(*notes, *said), **numbers)
    return RoadCase.of(about, nodes=nodes, links=links, turns=turns, phases=phases, **tables)


def _read_net(path: Path, where: str) -> Any:
    import sumolib  # an extra

    try:
        check_regular(path)
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, "there is no such file")
        net = sumolib.net.readNet(str(path), withPrograms=True, withInternal=True, withConnections=True)
    except OSError as error:
        raise ScenarioError(f"{where}: {path} cannot be read ({error.strerror or error})") from None
    except Exception as error:  # its parser raises many kinds for a file that is no network
        raise ScenarioError(f"{where}: {path} is not a SUMO network (.net.xml): {error}") from None
    spaced = next((edge.getID() for edge in net.getEdges() if len(edge.getID().split()) != 1), None)
    if spaced is not None:
        raise ScenarioError(f'{where}: {path}: the edge "{spaced}" has a space in its name, which SUMO does not allow')
    return net


def _root(path: Path) -> dict[str, str]:
    """What the first element of an XML file says, which `sumolib` does not keep."""
    with path.open("rb") as file:
        return dict(next(element for _, element in ET.iterparse(file, events=("start",))).attrib)


def _edges(net: Any, notes: list[str]) -> dict[Any, list[int]]:
    """Edges of roads, with the lanes on which cars may drive."""
    found, dropped, closed = {}, Counter[str](), 0
    for edge in net.getEdges(withInternal=True):
        function = edge.getFunction()
        if function == "internal":
            continue
        lanes = [lane.getIndex() for lane in edge.getLanes() if lane.allows(CAR)]
        if function not in ("", "normal", "connector") or not lanes:
            dropped[function if function not in ("", "normal") else "without a lane for cars"] += 1
            continue
        closed += edge.getLaneNumber() - len(lanes)
        found[edge] = lanes
    if dropped:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(dropped.items()))
        notes.append(f"{sum(dropped.values())} edges left out: {kinds}.")
    if closed:
        notes.append(f"{closed} lanes left out on which cars may not drive.")
    bound = sum(not LEAST_M_PER_S <= edge.getSpeed() <= MOST_M_PER_S for edge in found)
    if bound:
        notes.append(f"{bound} edges have the nearest speed from {LEAST_M_PER_S:g} to {MOST_M_PER_S:g} m/s.")
    uneven = sum(len({edge.getLane(k).getSpeed() for k in lanes}) > 1 for edge, lanes in found.items())
    if uneven:
        notes.append(f"{uneven} edges whose lanes have different speeds have their mean.")
    internal = sum(edge.getFunction() == "internal" for edge in net.getEdges(withInternal=True))
    notes.append(f"{internal} internal edges folded into the edges after them.")
    notes.append(f"{len(found)} edges with {sum(map(len, found.values()))} lanes read.")
    return found


def _link(net: Any, edge: Any, lanes: list[int]) -> dict[str, Any]:
    across = [_crossing_s(net, c) for connections in edge.getIncoming().values() for c in connections]
    mean = sum(edge.getLane(lane).getSpeed() for lane in lanes) / len(lanes)
    speed = min(max(mean, LEAST_M_PER_S), MOST_M_PER_S)
    length = edge.getLength() + speed * (sum(across) / len(across) if across else 0.0)
    return {
        "link": edge.getID(),
        "from_node": edge.getFromNode().getID(),
        "to_node": edge.getToNode().getID(),
        "length_m": max(length, LEAST_M),
        "free_speed_m_per_s": speed,
        "lanes": len(lanes),
        "name": edge.getName() or "",
        "shape": ";".join(f"{x:.2f} {y:.2f}" for x, y in edge.getShape()),
    }


def _crossing_s(net: Any, connection: Any) -> float:
    """Seconds that the way of a connection across its junction takes, at the speed for which it is built."""
    lanes = _lanes_across(net, connection)
    return float(sum(lane.getLength() / max(lane.getSpeed(), LEAST_M_PER_S) for lane in lanes))


def _lanes_across(net: Any, connection: Any) -> list[Any]:
    lanes, via = [], connection.getViaLaneID()
    while via:
        lanes.append(net.getLane(via))
        via = next((c.getViaLaneID() for c in lanes[-1].getOutgoing()), "")
    return lanes


def _headway_s(net: Any, way: list[Any], demand: Demand) -> float:
    """Saturation headway of one lane of a turn.

    A vehicle follows another one at the reaction time of its type, what dawdling adds, and the time in which it drives
    its own space at the speed of the turn. Measured with SUMO 1.28 in queues of 20 to 30 vehicles, straight on and on
    narrow turns, at two lengths of vehicles: within a tenth of a second (docs/worlds/road-cases.md).
    """
    lanes = [lane for connection in way for lane in _lanes_across(net, connection)[:1]] or [way[0].getFromLane()]
    speed = max(sum(lane.getSpeed() for lane in lanes) / len(lanes), LEAST_M_PER_S)
    headway = demand.mean.tau + DAWDLING_S * demand.mean.sigma + demand.space_m / speed
    return float(round(min(headway, MOST_HEADWAY_S), 3))


def _held(net: Any, edges: dict[Any, list[int]]) -> dict[str, set[int]]:
    """Numbers of the connections for cars that each signal holds."""
    held: dict[str, set[int]] = {}
    for node in net.getNodes():
        for connection in _connections(node, edges):
            if connection.getTLSID():
                held.setdefault(connection.getTLSID(), set()).add(connection.getTLLinkIndex())
    return held


def _nodes(net: Any, edges: dict[Any, list[int]], signals: dict[str, Signal], where: str) -> list[dict[str, Any]]:
    """Junctions at which some edge begins or ends."""
    ends = {edge.getFromNode().getID() for edge in edges} | {edge.getToNode().getID() for edge in edges}
    rows = []
    for node in net.getNodes():
        if node.getID() not in ends:
            continue
        x, y = node.getCoord()
        row = {"node": node.getID(), "x_m": x, "y_m": y, "control": _control(node)}
        held_by = sorted({c.getTLSID() for c in _connections(node, edges)} & set(signals))
        if len(held_by) > 1:
            what = f'signals {", ".join(held_by)} hold the junction "{node.getID()}"'
            raise ScenarioError(f"{where}: {what}; let one signal hold it, with netedit")
        if held_by:
            row |= {"control": "signal", "signal": held_by[0]}
        rows.append(row)
    return rows


def _control(node: Any) -> str:
    if node.getType() in IN_ORDER:
        return "all_way"
    return "none" if node.getType() in FREE or not node.hasFoes() else "priority"


def _connections(node: Any, edges: dict[Any, list[int]]) -> list[Any]:
    """Connections across a node from one lane for cars to another."""
    found = []
    for edge in node.getIncoming():
        if edge not in edges:
            continue
        for to, connections in edge.getOutgoing().items():
            if to in edges:
                found += [
                    c
                    for c in connections
                    if c.getFromLane().getIndex() in edges[edge] and c.getToLane().getIndex() in edges[to]
                ]
    return found


def _turns(
    net: Any, edges: dict[Any, list[int]], held: dict[str, Signal], demand: Demand, notes: list[str]
) -> list[dict[str, Any]]:
    """Connections of lanes, gathered into turns from edge to edge; `held` has the signal of a junction."""
    turns: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    for node in net.getNodes():
        across = sorted(_connections(node, edges), key=_ends)
        counts["connections"] += len(across)
        gives_way = _GivesWay(net, node)
        ways = []
        for way in (list(group) for _, group in groupby(across, key=_ends)):
            green, uneven = letters(way, held[node.getID()]) if node.getID() in held else ("", False)
            if set(green) == {"r"}:
                counts["never"] += 1
            else:
                ways.append((way, green))
                counts["uneven"] += uneven
        first = len(turns)
        for way, green in ways:
            lanes = sorted(edges[way[0].getFrom()].index(c.getFromLane().getIndex()) for c in way)
            counts["gaps"] += lanes[-1] - lanes[0] + 1 > len(set(lanes))
            yields_to = [str(first + n) for n, (other, _) in enumerate(ways) if gives_way(way, other)]
            turns.append({
                "turn": str(len(turns)),
                "from_link": way[0].getFrom().getID(),
                "to_link": way[0].getTo().getID(),
                "direction": DIRECTIONS.get(Counter(c.getDirection() for c in way).most_common(1)[0][0], "through"),
                "first_lane": lanes[0],
                "last_lane": lanes[-1],
                "saturation_headway_s": _headway_s(net, way, demand),
                "green": green,
                "yields_to": " ".join(yields_to),
            })  # fmt: skip
    notes.append(f"{counts['connections']} connections of lanes read as {len(turns)} turns.")
    if counts["never"]:
        notes.append(f"{counts['never']} turns left out that are never green.")
    if counts["uneven"]:
        notes.append(f"{counts['uneven']} turns whose lanes differ in their green have the best of them.")
    if counts["gaps"]:
        notes.append(f"{counts['gaps']} turns also use the lanes between theirs.")
    return turns


def _ends(connection: Any) -> tuple[str, str]:
    return connection.getFrom().getID(), connection.getTo().getID()


class _GivesWay:
    """Whether some connection of a turn gives way to one of another: in order of arrival, to all that it crosses.

    SUMO numbers the connections of a junction along its lanes; where nobody yields, it has no rows for them. `sumolib`
    looks the number up anew for each pair, which takes minutes for a large junction.
    """

    def __init__(self, net: Any, node: Any) -> None:
        lanes = [net.getLane(lane) for lane in node._incLanes if lane]
        across = [c for lane in lanes for c in lane.getOutgoing() if c.getTo().getFunction() != "walkingarea"]
        self.number = {id(connection): number for number, connection in enumerate(across)}
        self.rows = node._foes if node.getType() in IN_ORDER else node._prohibits

    def __call__(self, way: list[Any], other: list[Any]) -> bool:
        if way is other or way[0].getFrom() == other[0].getFrom():
            return False
        return any(self._one(a, b) for a in way for b in other)

    def _one(self, a: Any, b: Any) -> bool:
        row = self.rows.get(self.number.get(id(a), -1), "")
        place = len(row) - 1 - self.number.get(id(b), len(row))
        return place >= 0 and row[place] == "1"
