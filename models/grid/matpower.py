"""MATPOWER-format case files (version 2) as the tables of a network.

Read are mpc.baseMVA, bus, gen, branch, gencost and genfuel; what only alternating current needs (reactive power,
voltages, charging) is passed over. As MATPOWER does for DC power flow, conductance of shunts (Gs) counts as load, a
ratio of 0 is none, a rating of 0 is no limit, and isolated buses (type 4) go with all that is attached to them.
Costs are polynomials up to degree two or straight pieces. A negative load is a unit that gives just that at no cost; a
unit with a negative least output takes power. All units at a bus form a company, named after the bus.
Source: Zimmerman and Murillo-Sanchez, MATPOWER User's Manual, appendix B, tables B-1 to B-4.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from models.grid.tables import Row, Tables, letter
from scenarios import ScenarioError, read_text

BUS, TYPE, LOAD, CONDUCTANCE = 0, 1, 2, 4  # columns of mpc.bus
ISOLATED = 4
GEN_BUS, GEN_STATUS, GEN_MAX, GEN_MIN = 0, 7, 8, 9  # of mpc.gen
FROM, TO, RESISTANCE, REACTANCE, RATE, RATIO, ANGLE, STATUS = 0, 1, 2, 3, 5, 8, 9, 10  # of mpc.branch
MODEL, COUNT, COSTS = 0, 3, 4  # of mpc.gencost
PIECEWISE, POLYNOMIAL = 1, 2
UNIT_COSTS = ("cost_per_mw2h", "cost_per_mwh", "fixed_cost_per_h")
REFUSED = {  # what would change the dispatch, and what to do about it
    "storage": "enter a store as a unit with min_mw below 0, or as the world's storage unit (storage_bus)",
    "reserves": "reserve is not modelled; delete it",
    "if": "limits on groups of lines are not modelled; delete them",
    "A": "constraints of one's own are not modelled; delete A, l and u",
}
COLUMNS = {"bus": 5, "gen": 10, "branch": 11, "gencost": 5}  # at least so many
UNLIMITED_MW = 1e10  # as MATPOWER has it
ASSIGNMENT = re.compile(r"mpc\.(\w+)\s*=\s*(.*)")
COMMENT = re.compile(r"('[^']*')|%.*")  # per cent signs in quotes stay
FUEL = re.compile(r"%\s*([A-Z]{2,5})\s*$")  # PGLib writes it behind the row


class Line(NamedTuple):
    """Words of a row, where it stands, and the fuel that a comment names."""

    place: str
    words: list[str]
    fuel: str


def read_file(path: Path) -> Tables:
    """The tables of a .m file.

    Raises
    ------
    ScenarioError
        File, line and remedy, where it is no case of version 2 or holds what a DC market cannot say.
    """
    found = _assignments(read_text(path), path)
    for name in ("version", "baseMVA", "bus", "gen", "branch", "gencost"):
        if not found.get(name) and not (name == "branch" and name in found):  # a single bus has no lines
            raise ScenarioError(f"{path}: has no mpc.{name}; write a whole case with savecase of MATPOWER")
    if found["version"][0].words != ["2"]:
        raise ScenarioError(f"{found['version'][0].place}: only version 2 is read; convert it with savecase")
    _check_dc_lines(found.get("dcline", []))
    for name, remedy in REFUSED.items():
        if found.get(name):
            raise ScenarioError(f"{found[name][0].place}: mpc.{name} is not read: {remedy}")
    numbers = {name: [_numbers(line, name) for line in found[name]] for name in COLUMNS}
    isolated = {_name(bus[BUS]) for bus in numbers["bus"] if bus[TYPE] == ISOLATED}
    units = [unit for unit in _units(found, numbers) if unit[0].cells["bus"] not in isolated]
    buses = [_bus(line, bus) for line, bus in zip(found["bus"], numbers["bus"], strict=True)]
    lines = _lines(found["branch"], numbers["branch"])
    rows = {
        "buses": [row for row in buses if row.cells["bus"] not in isolated],
        "lines": [row for row in lines if not isolated & {row.cells["from_bus"], row.cells["to_bus"]}],
        "units": [row for row, _ in units],
        "costs": [point for _, points in units for point in points],
    }
    base = _number(found["baseMVA"][0], 0, "baseMVA")
    return Tables(
        path.stem, f"MATPOWER-format file {path.name}", base, dict.fromkeys(("about", *rows), str(path)), rows
    )


def _assignments(text: str, path: Path) -> dict[str, list[Line]]:
    """Rows of everything that is assigned to mpc, by name; a scalar is one row of one word."""
    found: dict[str, list[Line]] = {}
    name, words, closing = "", [], ""
    for place, code, fuel in _code(text, path):
        if not closing:
            match = ASSIGNMENT.fullmatch(code)
            if not match:
                _pass_over(place, code)
                continue
            name, code = match[1], match[2]
            found[name], words = [], []
            closing = {"[": "]", "{": "}"}.get(code[:1], "")
            if not closing:
                found[name].append(Line(place, [code.rstrip("; \t").strip("'\"")], ""))
                continue
            code = code[1:]
        body, end, _ = code.partition(closing)
        chunks = body.split(";")
        for i, chunk in enumerate(chunks):
            words += chunk.replace(",", " ").replace("...", " ").split()
            ends = i < len(chunks) - 1 or end or not chunk.rstrip().endswith("...")
            if words and ends:
                found[name].append(Line(place, words, fuel))
                words = []
        if end:
            closing = ""
    if closing:
        raise ScenarioError(f'{path}: mpc.{name} has no "{closing}" at its end; the file seems to be cut')
    return found


def _code(text: str, path: Path) -> Iterator[tuple[str, str, str]]:
    """Lines with code: where, the code without comment, and the fuel that the comment names."""
    block = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() in ("%{", "%}"):
            block = line.strip() == "%{"
            continue
        code = COMMENT.sub(lambda match: match[1] or "", line).strip()
        if code and not block:
            fuel = FUEL.search(line)
            yield f"{path}, line {number}", code, fuel[1] if fuel else ""


def _pass_over(place: str, code: str) -> None:
    """Pass over what says nothing; refuse what computes, for its result is not in the file."""
    if not re.fullmatch(r"function\b.*|end(function)?;?|return;?", code):
        remedy = "only numbers assigned to mpc are read: run the file in MATPOWER and write the result with savecase"
        raise ScenarioError(f'{place}: "{code[:60]}" cannot be read; {remedy}')


def _check_dc_lines(lines: list[Line]) -> None:
    for line in lines:
        if _number(line, 2, "dcline") > 0:
            raise ScenarioError(f"{line.place}: lines of direct current are not modelled; set its status to 0")


def _numbers(line: Line, name: str) -> list[float]:
    if len(line.words) < COLUMNS[name]:
        raise ScenarioError(f"{line.place}: mpc.{name} has {len(line.words)} columns; at least {COLUMNS[name]}")
    return [_number(line, column, name) for column in range(len(line.words))]


def _number(line: Line, column: int, name: str) -> float:
    try:
        return float(line.words[column])
    except (ValueError, IndexError):
        said = line.words[column] if column < len(line.words) else "missing"
        raise ScenarioError(f"{line.place}: column {column + 1} of mpc.{name} is {said!r}; write a number") from None


def _name(number: float) -> str:
    """Of a bus: its number."""
    return f"{number:.15g}"


def _bus(line: Line, bus: list[float]) -> Row:
    return Row(line.place, {"bus": _name(bus[BUS]), "load_mw": max(bus[LOAD] + bus[CONDUCTANCE], 0.0)})


def _lines(lines: list[Line], branches: list[list[float]]) -> Iterator[Row]:
    for line, branch in zip(lines, branches, strict=True):
        if branch[STATUS] > 0:
            cells = {
                "from_bus": _name(branch[FROM]),
                "to_bus": _name(branch[TO]),
                "resistance_pu": branch[RESISTANCE],
                "reactance_pu": branch[REACTANCE],
                "tap": branch[RATIO] or 1.0,
                "shift_deg": branch[ANGLE],
            }
            unlimited = branch[RATE] == 0 or branch[RATE] >= UNLIMITED_MW
            yield Row(line.place, cells if unlimited else cells | {"limit_mw": branch[RATE]})


def _units(found: dict[str, list[Line]], numbers: dict[str, list[list[float]]]) -> Iterator[tuple[Row, list[Row]]]:
    """Units in service and buses that feed in, each with the points of its cost; letters tell those of a bus apart."""
    gens, costs = numbers["gen"], numbers["gencost"]
    if len(costs) not in (len(gens), 2 * len(gens)):
        raise ScenarioError(f"{found['gencost'][0].place}: mpc.gencost has {len(costs)} rows for {len(gens)} units")
    fuels = [" ".join(line.words).strip("'\"") for line in found.get("genfuel", [])] or [g.fuel for g in found["gen"]]
    if len(fuels) != len(gens):
        raise ScenarioError(f"{found['genfuel'][0].place}: mpc.genfuel has {len(fuels)} rows for {len(gens)} units")
    units = []  # line, bus, fuel, least, most, line of costs, cells of costs, points
    for line, gen, fuel, cost_line, cost in zip(found["gen"], gens, fuels, found["gencost"], costs, strict=False):
        if gen[GEN_STATUS] > 0 and not gen[GEN_MAX] == gen[GEN_MIN] == 0:
            units.append((line, gen[GEN_BUS], fuel, gen[GEN_MIN], gen[GEN_MAX], cost_line, *_cost(cost_line, cost)))
    for line, bus in zip(found["bus"], numbers["bus"], strict=True):
        fed = -bus[LOAD] - bus[CONDUCTANCE]
        if fed > 0:
            units.append((line, bus[BUS], "", fed, fed, line, {"cost_per_mwh": 0.0}, []))
    homes = [_name(unit[1]) for unit in units]
    for i, (line, _, fuel, least, most, cost_line, cells, points) in enumerate(units):
        alone = homes.count(homes[i]) == 1
        name = f"G{homes[i]}" + ("" if alone else letter(homes[:i].count(homes[i])))
        cells = {
            "unit": name,
            "bus": homes[i],
            "company": f"G{homes[i]}",
            "fuel": fuel,
            "min_mw": least,
            "max_mw": most,
            **cells,
        }
        told = [Row(cost_line.place, {"unit": name, "mw": mw, "cost_per_h": cost}) for mw, cost in points]
        yield Row(line.place, cells, dict.fromkeys(UNIT_COSTS, cost_line.place)), told


def _cost(line: Line, cost: list[float]) -> tuple[dict[str, float], list[list[float]]]:
    """Cells of a unit that a row of gencost fills, and the points (MW, $/h) of straight pieces."""
    model, numbers = cost[MODEL], cost[COSTS:]
    count = int(cost[COUNT]) if cost[COUNT] in range(1, len(numbers) + 1) else 0
    if model == POLYNOMIAL and count and not any(numbers[:count][:-3]):
        return dict(zip(UNIT_COSTS, [0.0, 0.0, *numbers[:count]][-3:], strict=True)), []
    if model == PIECEWISE and count >= 2 and len(numbers) >= 2 * count:
        return {}, [numbers[i : i + 2] for i in range(0, 2 * count, 2)]
    remedy = "take a polynomial of degree 2 at most (model 2), or two points or more (model 1)"
    raise ScenarioError(f"{line.place}: this cost function is not read; {remedy}")
