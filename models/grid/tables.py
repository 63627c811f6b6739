"""Where the numbers of a network stand: rows as they are written, each with the place that a message names.

A case is a folder of CSV tables with a decimal point, a comma between columns, and units in the names of columns:

- `buses.csv`: bus, load_mw (at the peak of the day), x and y (drawing plane, y down; computed where left out);
- `lines.csv`: from_bus, to_bus, resistance_pu, reactance_pu, limit_mw (empty: none), tap, shift_deg;
- `units.csv`: unit, bus, company, fuel, min_mw (below 0: it takes power), max_mw, cost_per_mwh, cost_per_mw2h,
  fixed_cost_per_h;
- `costs.csv`, for units whose cost is given by points and straight between them: unit, mw, cost_per_h;
- `hours.csv`, where loads or units have their own course: hour or time (`models.networks.series`), then columns of MW:
  the load of a bus, or what a unit can give at most (sun, wind, inflow, outages);
- `about.toml`: source (one sentence) and base_mva.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.networks import series
from models.networks.series import Series
from scenarios import ScenarioError, parse_toml, read_text
from scenarios.schema import LARGEST, suggestion

FILES = ("about.toml", "buses.csv", "lines.csv", "units.csv")


class Column(NamedTuple):
    """What a cell may say: a number of at least `low`, or text; a column without a default must be there."""

    default: float | str | None = None
    low: float = -np.inf
    text: bool = False


COLUMNS = {
    "buses": {"bus": Column(text=True), "load_mw": Column(0.0, low=0.0), "x": Column(np.nan), "y": Column(np.nan)},
    "lines": {
        "from_bus": Column(text=True),
        "to_bus": Column(text=True),
        "resistance_pu": Column(0.0),
        "reactance_pu": Column(),
        "tap": Column(1.0, low=0.1),
        "shift_deg": Column(0.0),
        "limit_mw": Column(np.inf, low=0.0),
    },
    "units": {
        "unit": Column(text=True),
        "bus": Column(text=True),
        "company": Column("", text=True),
        "fuel": Column("", text=True),
        "min_mw": Column(0.0),
        "max_mw": Column(),
        "cost_per_mwh": Column(np.nan),  # must be there unless costs.csv has points of the unit
        "cost_per_mw2h": Column(0.0, low=0.0),
        "fixed_cost_per_h": Column(0.0),
    },
    "costs": {"unit": Column(text=True), "mw": Column(), "cost_per_h": Column()},
}
REMEDY = {
    "load_mw": "; enter what feeds in as a unit",
    "limit_mw": "; leave it empty for a line without limit",
    "cost_per_mw2h": "; costs that fall with output have no single optimum, so take a straight line",
}


class Row(NamedTuple):
    """One row: where it stands and what its cells say, empty ones left out."""

    place: str
    cells: Mapping[str, str | float]
    elsewhere: Mapping[str, str] = {}  # where cells stand that another table of the file gives


class Tables(NamedTuple):
    """A case as written, nothing checked yet."""

    name: str
    source: str
    base_mva: float
    places: dict[str, str]  # table -> what a message about the whole of it opens with
    rows: dict[str, list[Row]]  # "buses", "lines", "units", "costs"
    hours: Series | None = None  # where loads or units have their own course


def letter(number: int) -> str:
    """What tells things of one name apart: "a", "b", ..., "z", then numbers."""
    return chr(ord("a") + number) if number < 26 else str(number)


def read_folder(folder: Path) -> Tables:
    """The tables of a folder.

    Raises
    ------
    ScenarioError
        File, row and remedy, where something is missing or is no table.
    """
    about = folder / "about.toml"
    words = parse_toml(_text(about), str(about))
    base = words.get("base_mva")
    if not isinstance(words.get("source"), str) or type(base) not in (int, float):
        raise ScenarioError(f'{about}: needs source = "one sentence" and base_mva = a number, such as 100')
    names = ["buses", "lines", "units", *["costs"] * (folder / "costs.csv").exists()]
    places = {name: str(folder / f"{name}.csv") for name in names}
    rows = {name: _rows(places[name]) for name in names}
    rows.setdefault("costs", [])
    course = folder / "hours.csv"
    hours = series.read(course) if course.exists() else None
    places |= {"about": str(about), "hours": str(course)}
    return Tables(folder.name, words["source"], float(base), places, rows, hours)


def _text(path: Path) -> str:
    return read_text(path, f"; a case has {', '.join(FILES)}")


def _rows(path: str) -> list[Row]:
    reader = csv.reader(_text(Path(path)).splitlines(), strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(cells)]
    except csv.Error as error:
        raise ScenarioError(f"{path}, row {reader.line_num}: not a CSV table ({error})") from None
    if not lines:
        raise ScenarioError(f"{path}: is empty; its first row names the columns")
    header = lines[0][1]
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise ScenarioError(f"{path}, row {lines[0][0]}: two columns are named {twice!r}; keep one")
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            remedy = "a column is empty between two commas, and numbers have a decimal point"
            raise ScenarioError(f"{path}, row {number}: has {len(cells)} cells, the header {len(header)}; {remedy}")
    return [Row(f"{path}, row {n}", {k: v for k, v in zip(header, cells, strict=True) if v}) for n, cells in lines[1:]]


def column_of(tables: Tables, table: str, column: str) -> list:
    """A column of a table, every cell checked by itself."""
    return [cell(row, column, COLUMNS[table]) for row in tables.rows[table]]


def cell(row: Row, column: str, columns: dict[str, Column]) -> float | str:
    """A cell by the rules of `columns` (raises ScenarioError: row, column, what to write)."""
    unknown = next((name for name in row.cells if name not in columns), None)
    if unknown is not None:
        hint = suggestion(unknown, columns)
        raise ScenarioError(f'{row.place}: there is no column "{unknown}"; there are {", ".join(columns)}.{hint}')
    rule = columns[column]
    said = row.cells.get(column, rule.default)
    if said is None:
        raise ScenarioError(f"{row.place}: {column} is missing; every row needs {_needed(columns)}")
    return str(said) if rule.text else _number(row, column, said, rule)


def _needed(columns: dict[str, Column]) -> str:
    return ", ".join(name for name, rule in columns.items() if rule.default is None)


def _number(row: Row, column: str, said: float | str, rule: Column) -> float:
    place = row.elsewhere.get(column, row.place)
    try:
        number = float(said)
    except ValueError:
        raise ScenarioError(f"{place}: {column} is {said!r}; write a number with a decimal point") from None
    if column in row.cells and not np.isfinite(number) and number != rule.default:
        raise ScenarioError(f"{place}: {column} is {number:g}; write a finite number")
    if abs(number) > LARGEST and number != rule.default:
        raise ScenarioError(f"{place}: {column} is {number:g}; numbers go from {-LARGEST:g} to {LARGEST:g}")
    if number < rule.low:
        raise ScenarioError(f"{place}: {column} is {number:g}; at least {rule.low:g}{REMEDY.get(column, '')}")
    return number
