"""SUMO networks as road cases: edges, lanes, connections, junctions and programmes of signals.

Read with `sumolib`. What the case does not have is folded or left out, and said in its notes: internal edges (the way
across a junction) lengthen the edge after them; lanes on which no passenger car may drive are left out, and edges
without any other lane; stages of a programme with yellow, or without any green, become what is lost after the phase
before them. Format: https://sumo.dlr.de/docs/Networks/SUMO_Road_Networks.html.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from models.networks.roads.case import About, RoadCase
from models.networks.roads.sumo_demand import Demand
from scenarios import ScenarioError, check_regular

DIRECTIONS = {"l": "left", "L": "left", "s": "through", "r": "right", "R": "right", "t": "back", "T": "back"}
IN_ORDER = ("right_before_left", "left_before_right", "allway_stop")
FREE = ("unregulated", "dead_end", "internal")
CAR = "passenger"
LEAST_M, LEAST_M_PER_S = 0.1, 0.1
DAWDLING_S = 0.92  # by which headways grow per unit of sigma


def read(net_file: Path, demand: Demand, where: str) -> RoadCase:
    """The network of a file with some demand.

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
    signals = {tls.getID(): _programme(tls, notes) for tls in net.getTrafficLights()}
    nodes = _nodes(net, edges, signals)
    turns = _turns(net, edges, signals, {node["node"]: node["control"] for node in nodes}, demand, notes)
    phases = [
        {"signal": signal, "phase": phase, "offset_s": offset_s, **stage}
        for signal, (offset_s, stages) in signals.items()
        for phase, stage in enumerate({k: v for k, v in stage.items() if k != "state"} for stage in stages)
    ]
    used = {node["signal"] for node in nodes if node.get("signal")}
    links = [_link(net, edge, lanes) for edge, lanes in edges.items()]
    numbers, tables, said = demand.on({link["link"] for link in links}, turns)
    title = net_file.name.removesuffix(".net.xml")
    about = About(title=title, source=f"SUMO network {net_file.name}", notes=(*notes, *said), **numbers)
    return RoadCase.of(
        about, nodes=nodes, links=links, turns=turns, phases=[row for row in phases if row["signal"] in used], **tables
    )


def _read_net(path: Path, where: str) -> Any:
    import sumolib  # an extra

    try:
        check_regular(path)
        return sumolib.net.readNet(str(path), withPrograms=True, withInternal=True, withConnections=True)
    except ScenarioError:
        raise
    except OSError as error:
        raise ScenarioError(f"{where}: {path} cannot be read ({error.strerror or error})") from None
    except Exception as error:  # its parser raises many kinds for a file that is no network
        raise ScenarioError(f"{where}: {path} is not a SUMO network (.net.xml): {error}") from None


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
    internal = sum(edge.getFunction() == "internal" for edge in net.getEdges(withInternal=True))
    notes.append(f"{internal} internal edges folded into the edges after them.")
    notes.append(f"{len(found)} edges with {sum(map(len, found.values()))} lanes read.")
    return found


def _link(net: Any, edge: Any, lanes: list[int]) -> dict[str, Any]:
    across = [_crossing_s(net, c) for connections in edge.getIncoming().values() for c in connections]
    speed = max(edge.getSpeed(), LEAST_M_PER_S)
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
    return float(round(demand.reaction_s + DAWDLING_S * demand.sigma + demand.space_m / speed, 3))


def _nodes(net: Any, edges: dict[Any, list[int]], signals: dict[str, Any]) -> list[dict[str, Any]]:
    """Junctions at which some edge begins or ends."""
    ends = {edge.getFromNode().getID() for edge in edges} | {edge.getToNode().getID() for edge in edges}
    rows = []
    for node in net.getNodes():
        if node.getID() not in ends:
            continue
        x, y = node.getCoord()
        tls = {c.getTLSID() for c in _connections(node, edges)} - {""}
        row = {"node": node.getID(), "x_m": x, "y_m": y, "control": _control(node)}
        if tls & set(signals):
            row |= {"control": "signal", "signal": min(tls & set(signals))}
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
    net: Any,
    edges: dict[Any, list[int]],
    signals: dict[str, Any],
    controls: dict[str, str],
    demand: Demand,
    notes: list[str],
) -> list[dict[str, Any]]:
    """Connections of lanes, gathered into turns from edge to edge."""
    turns: list[dict[str, Any]] = []
    gaps, connections = 0, 0
    for node in net.getNodes():
        across = sorted(_connections(node, edges), key=lambda c: (c.getFrom().getID(), c.getTo().getID()))
        ways = [list(group) for _, group in groupby(across, key=lambda c: (c.getFrom().getID(), c.getTo().getID()))]
        first = len(turns)
        connections += len(across)
        for way in ways:
            lanes = sorted(edges[way[0].getFrom()].index(c.getFromLane().getIndex()) for c in way)
            gaps += lanes[-1] - lanes[0] + 1 > len(set(lanes))
            signal = controls.get(node.getID()) == "signal"
            turns.append({
                "turn": str(len(turns)),
                "from_link": way[0].getFrom().getID(),
                "to_link": way[0].getTo().getID(),
                "direction": DIRECTIONS.get(Counter(c.getDirection() for c in way).most_common(1)[0][0], "through"),
                "first_lane": lanes[0],
                "last_lane": lanes[-1],
                "saturation_headway_s": _headway_s(net, way, demand),
                "green": _letters(way, signals) if signal else "",
                "yields_to": " ".join(str(first + n) for n, other in enumerate(ways) if _yields(node, way, other)),
            })  # fmt: skip
    notes.append(f"{connections} connections of lanes read as {len(turns)} turns.")
    if gaps:
        notes.append(f"{gaps} turns also use the lanes between theirs.")
    return turns


def _yields(node: Any, way: list[Any], other: list[Any]) -> bool:
    """Whether some connection of a turn gives way to one of another: in order of arrival, to all that it crosses."""
    if way is other or way[0].getFrom() == other[0].getFrom():
        return False
    pairs = ((node.getLinkIndex(a), node.getLinkIndex(b), a, b) for a in way for b in other)
    if node.getType() in IN_ORDER:
        return any(i >= 0 and j >= 0 and node.areFoes(i, j) for i, j, *_ in pairs)
    return any(i >= 0 and j >= 0 and node.forbids(b, a) for i, j, a, b in pairs)


def _letters(way: list[Any], signals: dict[str, Any]) -> str:
    """Green of a turn in each phase: the best that one of its lanes has; turns that no signal holds are free."""
    tls = next((c.getTLSID() for c in way if c.getTLSID()), "")
    stages = signals[tls][1] if tls in signals else []
    said = []
    for stage in stages:
        seen = {stage["state"][c.getTLLinkIndex()] for c in way if c.getTLLinkIndex() >= 0}
        said.append("G" if seen & set("GO") else "g" if seen & set("gos") else "r")
    return "".join(said)


def _programme(tls: Any, notes: list[str]) -> tuple[float, list[dict[str, Any]]]:
    """Offset, and the green stages of the first programme with what is lost after each."""
    programmes = tls.getPrograms()
    name, programme = next(iter(programmes.items()))
    if len(programmes) > 1:
        notes.append(f"Signal {tls.getID()}: programme {name} read, {len(programmes) - 1} others left out.")
    stages = programme.getPhases()
    first = next((n for n, stage in enumerate(stages) if _is_green(stage.state)), 0)
    found: list[dict[str, Any]] = []
    for stage in (*stages[first:], *stages[:first]):
        if _is_green(stage.state):
            found.append({"state": stage.state, "green_s": stage.duration, "yellow_s": 0.0, "all_red_s": 0.0})
        elif found:
            kind = "yellow_s" if set(stage.state) & set("yYu") else "all_red_s"
            found[-1][kind] += stage.duration
    before = sum(stage.duration for stage in stages[:first])
    lost = len(stages) - len(found)
    notes.append(f"Signal {tls.getID()}: {len(stages)} stages read as {len(found)} phases, {lost} between them.")
    return float(programme.getOffset()) + before, found


def _is_green(state: str) -> bool:
    letters: Iterable[str] = set(state)
    return not set(letters) & set("yYu") and bool(set(letters) & set("GgOos"))
