"""A road network with its demand: a folder of tables, read, checked and written by the same code.

What each column says is declared in `columns`. A table that a folder does not have is empty. Messages count rows as an
editor does: the header is row 1.
"""

import csv
import dataclasses
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import tomli_w

from engine import files
from models.networks.roads import checks
from models.networks.roads.columns import ABOUT, TABLES, Column
from scenarios import ScenarioError, parse_toml, read_text
from scenarios.schema import shorten, suggestion

NEEDED = ("about.toml", "nodes.csv", "links.csv", "turns.csv")
MOST_FIGURES = 300  # of a number; more is not one


@dataclass(frozen=True)
class About:
    """What holds for the whole case; `columns.ABOUT` says what each field means."""

    title: str = ""
    source: str = ""
    licence: str = ""
    drives_on: str = "right"
    start_s: float = 0.0
    period_s: float = 3600.0
    space_per_vehicle_m: float = 7.5
    notes: tuple[str, ...] = ()  # what an import read, merged, contracted and dropped


@dataclass(frozen=True, eq=False)
class RoadCase:
    """Tables of a road network; each frame has the columns and types that `columns.TABLES` declares."""

    about: About
    nodes: pd.DataFrame
    links: pd.DataFrame
    turns: pd.DataFrame
    phases: pd.DataFrame
    demand: pd.DataFrame
    trips: pd.DataFrame
    routes: pd.DataFrame

    @classmethod
    def of(cls, about: About, **rows: list[dict[str, Any]]) -> "RoadCase":
        """A case of rows by table; cells left out are empty."""
        return cls(about, **{table: frame(table, rows.get(table, [])) for table in TABLES})

    @classmethod
    def read(cls, folder: Path) -> "RoadCase":
        """Read and check the case in a folder.

        Raises
        ------
        ScenarioError
            File, row, what is allowed and what to do.
        """
        folder = Path(folder)
        about = _read_about(folder / "about.toml")
        found = {t: frame(t, _read_rows(folder / f"{t}.csv", t)) for t in TABLES}
        case = cls(about, **found)
        case.check(str(folder))
        return case

    def write(self, folder: Path) -> None:
        """Check the case, then write its tables, each whole or not at all (raises ScenarioError, NotWritten)."""
        folder = Path(folder)
        self.check(str(folder))
        with files.remedy("choose a folder that may be written to"):
            folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            path = folder / f"{table}.csv"
            if len(self.table(table)) or path.name in NEEDED:
                files.write_text(path, _csv_text(self.table(table)))
            else:
                path.unlink(missing_ok=True)
        said = dataclasses.asdict(self.about)
        files.write_text(folder / "about.toml", tomli_w.dumps({**said, "notes": list(self.about.notes)}))

    def check(self, where: str) -> None:
        """Raise ScenarioError where a cell is out of bounds or tables do not agree; `where` opens the message."""
        checks.check(self.about, {table: self.table(table) for table in TABLES}, where)

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name, such as "links"."""
        found: pd.DataFrame = getattr(self, name)
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RoadCase):
            return NotImplemented
        return self.about == other.about and all(self.table(t).equals(other.table(t)) for t in TABLES)

    __hash__ = None  # type: ignore[assignment]


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the declared columns; cells left out are empty."""
    found = {}
    for name, column in TABLES[table].items():
        empty = "" if column.kind is str else float("nan")
        found[name] = pd.Series([row.get(name, empty) for row in rows], dtype=column.dtype)
    return pd.DataFrame(found)


def _read_about(path: Path) -> About:
    said = parse_toml(read_text(path, f"; a case has {', '.join(NEEDED)}"), str(path))
    notes = said.pop("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise ScenarioError(f'{path}: notes must be a list of sentences, such as notes = ["Read from a map."]')
    for name, value in said.items():
        if name not in ABOUT:
            known = ", ".join([*ABOUT, "notes"])
            raise ScenarioError(f'{path}: there is no "{shorten(name)}"; there are {known}.{suggestion(name, ABOUT)}')
        a_number = ABOUT[name].kind is float
        if type(value) not in ((int, float) if a_number else (str,)):
            remedy = "write a number" if a_number else "write a text in quotes"
            raise ScenarioError(f"{path}: {name} is {shorten(repr(value))}; {remedy}")
        if a_number:
            said[name] = float(value) if abs(value) < 10.0**MOST_FIGURES else float("inf")
    return About(**said, notes=tuple(notes))


def _read_rows(path: Path, table: str) -> list[dict[str, Any]]:
    if not path.exists() and path.name not in NEEDED:
        return []
    columns = TABLES[table]
    text = read_text(path, f"; a case has {', '.join(NEEDED)}")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ScenarioError(f"{path}, row {reader.line_num}: not a CSV table ({error}); mend its quotes") from None
    while lines and not any(lines[-1][1]):
        lines.pop()
    header = [name.strip() for name in lines[0][1]] if lines else []
    _check_header(header, columns, str(path))
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            remedy = "columns are parted by commas, numbers have a point, and texts with commas stand in quotes"
            raise ScenarioError(f"{path}, row {number}: has {len(cells)} cells, the header {len(header)}; {remedy}")
    return [
        {name: _parse(cell, name, columns[name], f"{path}, row {number}") for name, cell in zip(header, cells)}
        for number, cells in lines[1:]
    ]


def _check_header(header: list[str], columns: dict[str, Column], where: str) -> None:
    needed = ", ".join(columns)
    for name in header:
        if name not in columns:
            hint = suggestion(name, columns)
            raise ScenarioError(f'{where}, row 1: there is no column "{shorten(name)}"; there are {needed}.{hint}')
        if header.count(name) > 1:
            raise ScenarioError(f'{where}, row 1: two columns are named "{name}"; keep one')
    for name, column in columns.items():
        if column.needed and name not in header:
            raise ScenarioError(f'{where}, row 1: the column "{name}" is missing; columns are {needed}')


def _parse(cell: str, name: str, column: Column, where: str) -> str | int | float:
    if column.kind is str:
        return cell
    if not cell.strip():
        if column.needed:
            raise ScenarioError(f"{where}: {name} is empty; write a number")
        return float("nan")
    kinds = {int: "whole number", float: "number with a decimal point"}
    try:
        number: int | float = column.kind(cell) if len(cell) < MOST_FIGURES else float("inf")
    except ValueError:
        raise ScenarioError(f"{where}: {name} is {shorten(repr(cell))}; write a {kinds[column.kind]}") from None
    if not abs(number) < 2**62:  # not a number, infinite, or more than a column of whole numbers holds
        raise ScenarioError(f"{where}: {name} is {shorten(cell)}; it goes from {column.low:g} to {column.high:g}")
    return number


def _csv_text(table: pd.DataFrame) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow(["" if cell != cell else repr(cell) if isinstance(cell, float) else cell for cell in row])
    return out.getvalue()
