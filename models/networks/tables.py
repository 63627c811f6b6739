"""Folders of tables: columns declared once (kind, unit, bounds), then read, checked and written by the same code.

Messages count rows as an editor does: the header is row 1.
"""

import csv
import io
import math
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from scenarios import ScenarioError, parse_toml, read_text
from scenarios.schema import shorten, suggestion

MOST_FIGURES = 300  # of a number; more is not one
LARGEST = 1e9  # of a place, a length or a time; more is a slip of the pen


class Column(NamedTuple):
    """What a cell may say. A cell that is not `needed` may be empty: no text, or not a number."""

    meaning: str
    kind: type = str  # str, int or float
    unit: str = ""
    low: float = -LARGEST
    high: float = LARGEST
    needed: bool = True
    allowed: tuple[str, ...] = ()
    refers: str = ""  # the table whose first column names what this names

    @property
    def dtype(self) -> str:
        """Of the column in a pandas frame."""
        return {str: "object", int: "int64", float: "float64"}[self.kind]


def text(meaning: str, **rules: object) -> Column:
    return Column(meaning, str, **rules)


Columns = Mapping[str, Column]


def frame(columns: Columns, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the declared columns; cells left out are empty."""
    found = {}
    for name, column in columns.items():
        empty = "" if column.kind is str else float("nan")
        found[name] = pd.Series([row.get(name, empty) for row in rows], dtype=column.dtype)
    return pd.DataFrame(found)


def read_about(path: Path, fields: Columns, files: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What about.toml says, by field, and its notes.

    Raises
    ------
    ScenarioError
        Where it names something else; `files` says what such a folder has.
    """
    said = parse_toml(read_text(path, f"; a case has {files}"), str(path))
    notes = said.pop("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise ScenarioError(f'{path}: notes must be a list of sentences, such as notes = ["Read from a map."]')
    for name, value in said.items():
        if name not in fields:
            known = ", ".join([*fields, "notes"])
            raise ScenarioError(f'{path}: there is no "{shorten(name)}"; there are {known}.{suggestion(name, fields)}')
        a_number = fields[name].kind is float
        if type(value) not in ((int, float) if a_number else (str,)):
            remedy = "write a number" if a_number else "write a text in quotes"
            raise ScenarioError(f"{path}: {name} is {shorten(repr(value))}; {remedy}")
        if a_number:
            said[name] = float(value) if abs(value) < 10.0**MOST_FIGURES else float("inf")
    return said, tuple(notes)


def read_rows(path: Path, columns: Columns, needed: str) -> list[dict[str, Any]]:
    """Rows of a table, none where there is no file that must be there.

    Raises
    ------
    ScenarioError
        File, row, what is allowed and what to do; `needed` names the files that must be there.
    """
    if not path.exists() and path.name not in needed:
        return []
    text = read_text(path, f"; a case has {needed}")
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


def _check_header(header: list[str], columns: Columns, where: str) -> None:
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


def csv_text(table: pd.DataFrame) -> str:
    """A table as it is written."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.itertuples(index=False):
        writer.writerow(["" if cell != cell else repr(cell) if isinstance(cell, float) else cell for cell in row])
    return out.getvalue()


def check_cell(value: Any, name: str, column: Column, place: str) -> None:
    """Raise ScenarioError where a cell is out of bounds; `place` opens the message."""
    if column.kind is not str:
        if isinstance(value, float) and math.isnan(value) and not column.needed:
            return
        if not column.low <= value <= column.high:
            raise ScenarioError(f"{place}: {name} is {value:g}; it goes from {column.low:g} to {column.high:g}")
        return
    if not isinstance(value, str):
        raise ScenarioError(f"{place}: {name} is {shorten(repr(value))}; write a text")
    if column.needed and not value:
        raise ScenarioError(f"{place}: {name} is empty; {column.meaning}")
    if column.allowed and value not in column.allowed:
        hint = suggestion(value, column.allowed)
        allowed = ", ".join(column.allowed)
        raise ScenarioError(f'{place}: {name} is "{shorten(value)}"; allowed are {allowed}.{hint}')
    if not value.isprintable() and any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in value):
        raise ScenarioError(f"{place}: {name} is {shorten(repr(value))}; leave out line breaks and control characters")
