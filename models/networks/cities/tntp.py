"""Files of Transportation Networks for Research (TNTP) as a city: `*_net`, `*_trips` and, where there is one, `*_node`.

A network file gives for each link its capacity, length, free time, b, power and toll; zones are numbered from 1, and
nodes below FIRST THRU NODE are not open to through traffic. Links cost time + TOLL FACTOR x toll + DISTANCE FACTOR x
length, where the file has such factors. Times are taken as minutes, whatever unit the file means: it does not say.
Source of the format: Transportation Networks for Research Core Team, README of TransportationNetworks.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from models.networks.cities.case import About, CityCase
from scenarios import ScenarioError, read_text

FIELDS = ("init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll", "link_type")
METADATA = re.compile(r"\s*<([^>]+)>\s*(.*)")
FACTORS = {"TOLL FACTOR": 8, "DISTANCE FACTOR": 3}  # what multiplies which field


class Text(NamedTuple):
    """A file: what its head says, and the lines after it with their numbers."""

    path: Path
    head: dict[str, str]
    lines: list[tuple[int, str]]

    def number(self, name: str, default: float) -> float:
        """A number of the head."""
        said = self.head.get(name, "").strip()
        try:
            return float(said) if said else default
        except ValueError:
            raise ScenarioError(f"{self.path}: <{name}> is {said[:40]!r}; write a number") from None

    def place(self, line: int) -> str:
        """What a message about a line opens with."""
        return f"{self.path}, line {line}"


def is_tntp(path: Path) -> bool:
    """Whether a file is called as one of this kind is."""
    return path.suffix.lower() == ".tntp"


def read(network: Path, trips: Path | None = None, nodes: Path | None = None) -> CityCase:
    """The city that TNTP files describe, checked.

    Parameters
    ----------
    network
        The `*_net.tntp`.
    trips
        The `*_trips.tntp`; None: nobody travels yet.
    nodes
        The `*_node.tntp` with places to draw; None: the one beside the network where it is there.

    Raises
    ------
    ScenarioError
        File, line, what is allowed and what to do.
    """
    net = _text(network)
    notes: list[str] = []
    links = _links(net, notes)
    names = sorted({int(link[end]) for link in links for end in ("from_node", "to_node")})
    demand = _demand(_text(trips), notes) if trips else []
    roadless = sorted({int(trip[end]) for trip in demand for end in ("from_node", "to_node")} - {*names})
    if roadless:
        shown = ", ".join(map(str, roadless[:12])) + ", ..." * (len(roadless) > 12)
        raise ScenarioError(
            f"{trips}: no road of {network.name} leads to or from {shown}; give the trips of this network"
        )
    beside = network.with_name(network.name.replace("_net", "_node"))
    places = _places(nodes or beside) if nodes or (beside != network and beside.exists()) else {}
    notes.append(f"{len(places)} places to draw were read." if places else "The files give no places to draw.")
    first_through = net.number("FIRST THRU NODE", 1)
    rows = [
        {"node": str(n), "x": place[0], "y": place[1], "through": int(n >= first_through)}
        for n in names
        for place in [places.get(n, (float("nan"), float("nan")))]
    ]
    closed, idle = sum(not row["through"] for row in rows), int(net.number("NUMBER OF NODES", len(rows))) - len(rows)
    notes.append(f"{closed} zones are closed to through traffic (nodes below {first_through:g}).")
    if idle > 0:
        notes.append(f"{idle} nodes without a road were left out.")
    title = network.name.rsplit("_net", 1)[0].removesuffix(".tntp")
    about = About(title, f"TNTP files {network.name}" + (f" and {trips.name}" if trips else ""), "", tuple(notes))
    case = CityCase.of(about, nodes=rows, links=links, trips=demand)
    case.check(str(network))
    return case


def _text(path: Path) -> Text:
    head: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        code = line.partition("~")[0] if not line.lstrip().startswith("<") else line
        match = METADATA.fullmatch(code)
        if match:
            head[match[1].strip().upper()] = match[2]
        elif code.strip():
            lines.append((number, code))
    return Text(path, head, lines)


def _links(net: Text, notes: list[str]) -> list[dict[str, Any]]:
    rows, seen, loops, constant = [], Counter[str](), 0, 0
    factors = {field: net.number(name, 0.0) for name, field in FACTORS.items()}
    for line, text in net.lines:
        cells = _numbers(text.replace(";", " ").split(), FIELDS, net.place(line))
        start, end = (_node(cell, net.place(line)) for cell in cells[:2])
        if start == end:
            loops += 1
            continue
        free, b, power = cells[4:7]
        if b == 0 or power == 0:
            free, b, power, constant = free * (1 + b), 0.0, 0.0, constant + 1
        pair = f"{start}-{end}"
        seen[pair] += 1
        rows.append(
            {
                "link": pair if seen[pair] == 1 else f"{pair} ({seen[pair]})",
                "from_node": str(start),
                "to_node": str(end),
                "free_min": free,
                "capacity_veh": cells[2] if b else max(cells[2], 1.0),
                "b": b,
                "power": power,
                "toll_min": sum(factor * cells[field] for field, factor in factors.items()),
            }
        )
    said = net.number("NUMBER OF LINKS", len(rows) + loops)
    if said != len(rows) + loops:
        raise ScenarioError(f"{net.path}: <NUMBER OF LINKS> is {said:g}, and there are {len(rows) + loops} rows")
    parallel = sum(number - 1 for number in seen.values())
    unused = [name for name, field in FACTORS.items() if factors[field] == 0]
    notes.append(
        f"{len(rows)} links were read, {constant} of them with a time that no flow changes, {parallel} beside another "
        f"of the same ends; {loops} that lead from a node to itself were dropped. Times are taken as minutes."
    )
    if unused:
        left = " and ".join("tolls" if name == "TOLL FACTOR" else "lengths" for name in unused)
        notes.append(f"Speeds and link types are not used; {left} cost nothing, for the file gives no factor for them.")
    return rows


def _demand(trips: Text, notes: list[str]) -> list[dict[str, Any]]:
    found: dict[tuple[int, int], float] = {}
    origin, inside, empty = 0, 0.0, 0
    for line, text in trips.lines:
        words = text.split()
        if words[0].lower() == "origin":
            origin = _node(_numbers(words[1:2], ("origin",), trips.place(line))[0], trips.place(line))
            continue
        for entry in filter(str.strip, text.split(";")):
            end, colon, volume = entry.partition(":")
            if not colon or not origin:
                remedy = "write Origin and a number, then zone : vehicles ; ..."
                raise ScenarioError(f"{trips.place(line)}: {entry.strip()[:40]!r} is no trips; {remedy}")
            zone, veh = _numbers([end, volume], ("destination", "vehicles"), trips.place(line))
            pair = origin, _node(zone, trips.place(line))
            if pair in found:
                raise ScenarioError(
                    f"{trips.place(line)}: trips from {pair[0]} to {pair[1]} were given before; keep one"
                )
            found[pair] = veh
            inside += veh if pair[0] == pair[1] else 0.0
            empty += veh == 0
    kept = {pair: veh for pair, veh in found.items() if veh > 0 and pair[0] != pair[1]}
    total, said = sum(found.values()), trips.number("TOTAL OD FLOW", sum(found.values()))
    differs = "" if abs(total - said) <= 1e-6 * max(said, 1.0) else f" (the file's head says {said:,.10g})"
    notes.append(
        f"{len(kept)} pairs with {sum(kept.values()):,.10g} vehicles were read, {total:,.10g} in all{differs}; "
        f"{empty} pairs without any were dropped, and {inside:,.10g} vehicles that stay in their zone."
    )
    return [{"from_node": str(i), "to_node": str(j), "veh": veh} for (i, j), veh in kept.items()]


def _places(path: Path) -> dict[int, tuple[float, float]]:
    """Places of nodes; a line that does not begin with a number is a heading."""
    text, found = _text(path), {}
    for line, row in text.lines:
        words = row.replace(";", " ").split()
        if words and words[0].strip().isdigit():
            node, x, y = _numbers(words, ("node", "x", "y"), text.place(line))[:3]
            found[int(node)] = (x, y)
    return found


def _numbers(words: list[str], fields: tuple[str, ...], place: str) -> list[float]:
    """Cells as numbers, at least one for each of the fields."""
    if len(words) < len(fields):
        raise ScenarioError(f"{place}: has {len(words)} numbers; it needs {len(fields)}: {', '.join(fields)}")
    return list(_each(words, fields, place))


def _each(words: list[str], fields: tuple[str, ...], place: str) -> Iterator[float]:
    for word, field in zip(words, fields, strict=False):
        try:
            number = float(word)
        except ValueError:
            raise ScenarioError(f"{place}: {field} is {word.strip()[:40]!r}; write a number") from None
        if not 0 <= abs(number) < 1e15:
            raise ScenarioError(f"{place}: {field} is {number:g}; write a finite number")
        yield number


def _node(number: float, place: str) -> int:
    if number < 1 or number != int(number):
        raise ScenarioError(f"{place}: {number:g} is no node; nodes are numbered 1, 2, ...")
    return int(number)
