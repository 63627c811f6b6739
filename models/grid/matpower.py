"""MATPOWER-format case files (version 2) as the tables of a network.

Read are mpc.baseMVA, bus, gen, branch, gencost and genfuel; what only alternating current needs (reactive power,
voltages, charging) is passed over. As MATPOWER does for DC power flow, conductance of shunts (Gs) counts as load, a
ratio of 0 is none, a rating of 0 is no limit, and isolated buses (type 4) go with all that is attached to them.
Costs are polynomials up to degree two or straight lines. All units at a bus form a company, named after the bus.
Source: Zimmerman and Murillo-Sanchez, MATPOWER User's Manual, appendix B, tables B-1 to B-4.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from models.grid.tables import Row, Tables, letter
from scenarios import ScenarioError

BUS, TYPE, LOAD, CONDUCTANCE = 0, 1, 2, 4  # columns of mpc.bus
ISOLATED = 4
GEN_BUS, GEN_STATUS, GEN_MAX, GEN_MIN = 0, 7, 8, 9  # of mpc.gen
FROM, TO, RESISTANCE, REACTANCE, RATE, RATIO, ANGLE, STATUS = 0, 1, 2, 3, 5, 8, 9, 10  # of mpc.branch
MODEL, COUNT, COSTS = 0, 3, 4  # of mpc.gencost
PIECEWISE, POLYNOMIAL = 1, 2
COLUMNS = {"bus": 13, "gen": 10, "branch": 11, "gencost": 5}  # at least so many
UNLIMITED_MW = 1e10  # as MATPOWER has it
ASSIGNMENT = re.compile(r"mpc\.(\w+)\s*=\s*(.*)")
COMMENT = re.compile(r"('[^']*')|%.*")  # per cent signs in quotes stay
FUEL = re.compile(r"%\s*([A-Za-z_]+)\s*$")  # PGLib writes it behind the row


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
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file in UTF-8"
        raise ScenarioError(f"{path}: cannot be read ({reason})") from None
    found = _assignments(text, path)
    for name in ("version", "baseMVA", "bus", "gen", "branch", "gencost"):
        if not found.get(name):
            raise ScenarioError(f"{path}: has no mpc.{name}; write a whole case with savecase of MATPOWER")
    if found["version"][0].words != ["2"]:
        raise ScenarioError(f"{found['version'][0].place}: only version 2 is read; convert it with savecase")
    _check_dc_lines(found.get("dcline", []))
    numbers = {name: [_numbers(line, name) for line in found[name]] for name in COLUMNS}
    bus_rows = dict(zip([str(int(bus[BUS])) for bus in numbers["bus"]], numbers["bus"], strict=True))
    isolated = {name for name, bus in bus_rows.items() if bus[TYPE] == ISOLATED}
    rows = {
        "buses": [_bus(line, bus) for line, bus in zip(found["bus"], numbers["bus"], strict=True)],
        "lines": list(_lines(found["branch"], numbers["branch"])),
        "units": list(_units(found, numbers)),
    }
    kept = {
        name: [row for row in table if not isolated & {row.cells.get(k) for k in ("bus", "from_bus", "to_bus")}]
        for name, table in rows.items()
    }
    base = _number(found["baseMVA"][0], 0, "baseMVA")
    return Tables(path.stem, f"MATPOWER-format file {path.name}", base, dict.fromkeys(rows, str(path)), kept)


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
        raise ScenarioError(f'{place}: "{code[:60]}" computes; run it in MATPOWER and write the result with savecase')


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


def _bus(line: Line, bus: list[float]) -> Row:
    return Row(line.place, {"bus": f"{bus[BUS]:g}", "load_mw": bus[LOAD] + bus[CONDUCTANCE]})


def _lines(lines: list[Line], branches: list[list[float]]) -> Iterator[Row]:
    for line, branch in zip(lines, branches, strict=True):
        if branch[STATUS] > 0:
            cells = {
                "from_bus": f"{branch[FROM]:g}",
                "to_bus": f"{branch[TO]:g}",
                "resistance_pu": branch[RESISTANCE],
                "reactance_pu": branch[REACTANCE],
                "tap": branch[RATIO] or 1.0,
                "shift_deg": branch[ANGLE],
            }
            unlimited = branch[RATE] == 0 or branch[RATE] >= UNLIMITED_MW
            yield Row(line.place, cells if unlimited else cells | {"limit_mw": branch[RATE]})


def _units(found: dict[str, list[Line]], numbers: dict[str, list[list[float]]]) -> Iterator[Row]:
    """Units in service; those at one bus are told apart by letters."""
    gens, costs = numbers["gen"], numbers["gencost"]
    if len(costs) not in (len(gens), 2 * len(gens)):
        raise ScenarioError(f"{found['gencost'][0].place}: mpc.gencost has {len(costs)} rows for {len(gens)} units")
    fuels = [" ".join(line.words).strip("'\"") for line in found.get("genfuel", [])] or [g.fuel for g in found["gen"]]
    if len(fuels) != len(gens):
        raise ScenarioError(f"{found['genfuel'][0].place}: mpc.genfuel has {len(fuels)} rows for {len(gens)} units")
    used = [g for g, gen in enumerate(gens) if gen[GEN_STATUS] > 0 and not gen[GEN_MAX] == gen[GEN_MIN] == 0]
    homes = [f"{gens[g][GEN_BUS]:g}" for g in used]
    for i, g in enumerate(used):
        alone = homes.count(homes[i]) == 1
        square, linear, fixed = _cost(found["gencost"][g], costs[g])
        yield Row(
            found["gen"][g].place,
            {
                "unit": f"G{homes[i]}" + ("" if alone else letter(homes[:i].count(homes[i]))),
                "bus": homes[i],
                "company": f"G{homes[i]}",
                "fuel": fuels[g],
                "min_mw": gens[g][GEN_MIN],
                "max_mw": gens[g][GEN_MAX],
                "cost_per_mw2h": square,
                "cost_per_mwh": linear,
                "fixed_cost_per_h": fixed,
            },
        )


def _cost(line: Line, cost: list[float]) -> tuple[float, float, float]:
    """c2, c1 and c0 of a row of gencost."""
    numbers = cost[COSTS : COSTS + int(cost[COUNT]) * (2 if cost[MODEL] == PIECEWISE else 1)]
    if cost[MODEL] == PIECEWISE:
        slopes = [
            (numbers[i + 3] - numbers[i + 1]) / (numbers[i + 2] - numbers[i]) for i in range(0, len(numbers) - 2, 2)
        ]
        if slopes and max(slopes) - min(slopes) <= 1e-9 * max(map(abs, slopes)):
            return 0.0, slopes[0], numbers[1] - slopes[0] * numbers[0]
        raise ScenarioError(f"{line.place}: costs in pieces of different slope; write a polynomial of degree 2 at most")
    if cost[MODEL] != POLYNOMIAL or len(numbers) < cost[COUNT] or any(numbers[:-3]):
        raise ScenarioError(f"{line.place}: costs must be a polynomial of degree 2 at most (model 2), or a line")
    return tuple([0.0] * (3 - len(numbers)) + numbers[-3:])
