"""Dated series from CSV files, as spreadsheets, system operators and statistics offices write them.

The first column says when: hours of a day (0 to 23), or timestamps at a constant step. Every other column is a series
of numbers. Columns are parted by commas, semicolons or tabs; with the latter two numbers may have a decimal comma. A
series must be whole: a gap, a double, a text or a change of the clock is refused with its row, for whatever would be
filled in is not in the file.
"""

import io
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios import ScenarioError, read_text
from scenarios.schema import shorten

TIMES = ("time", "hour", "date", "datetime", "timestamp", "start")
DATE = re.compile(r"\s*\d{4}-\d{1,2}-\d{1,2}")
ALLOWED = "write hours from 0 to 23, or timestamps such as 2024-05-31T07:00"
HOUR = pd.Timedelta(hours=1)


class Series(NamedTuple):
    """Columns of a file, hour by hour."""

    start: pd.Timestamp | None  # midnight of the first day; None where the file has hours of a day
    values: dict[str, np.ndarray]  # (T,) by column, T whole days of 24 hours
    places: dict[str, str]  # where each column stands, for messages
    notes: tuple[str, ...]  # what was averaged, held or cut


def cells(path: Path, where: str, remedy: str) -> tuple[pd.DataFrame, bool]:
    """Cells as text, with row numbers of the file as index, and whether numbers may have a decimal comma.

    Raises
    ------
    ScenarioError
        Where the file is no table; `where` opens the message.
    """
    text = read_text(path, "; save it as CSV in UTF-8")
    header = text.partition("\n")[0]
    parted = max(";\t,", key=lambda mark: (header.count(mark), mark != ","))
    try:
        table = pd.read_csv(
            io.StringIO(text), sep=parted, dtype=str, keep_default_na=False, skip_blank_lines=False, index_col=False
        )
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ScenarioError(f"{where}: not a CSV table ({error}); {remedy}") from None
    table.index += 2
    return table[(table != "").any(axis=1)].astype(object), parted != ","


def stamp(text: str) -> pd.Timestamp | None:
    """A timestamp as it is written, with its offset where it has one; None for other texts."""
    if not DATE.match(text):
        return None
    try:
        return pd.Timestamp(text.strip())
    except (ValueError, OverflowError):
        return None


def read(path: Path) -> Series:
    """Read a file of series.

    Raises
    ------
    ScenarioError
        File, row, column, what is allowed and what to do.
    """
    table, comma = cells(path, str(path), "write a row of names, then one for each hour")
    names = [str(name).strip() for name in table.columns]
    if not names or names[0].lower() not in TIMES:
        raise ScenarioError(f"{path}, row 1: the first column says when; name it time or hour, and {ALLOWED}")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ScenarioError(f'{path}, row 1: two columns are named "{shorten(twice)}"; keep one')
    times, rows = table.iloc[:, 0].tolist(), table.index.tolist()
    if not times:
        raise ScenarioError(f"{path}: has no rows; write one for each hour")
    start, step = _clock(times, rows, path)
    found = {
        name: np.array(
            [_number(cell, comma, f"{path}, row {row}: {name}") for row, cell in zip(rows, column, strict=True)]
        )
        for name, column in zip(names[1:], (table.iloc[:, i].tolist() for i in range(1, len(names))), strict=True)
    }
    values, notes = _by_hour(found, step, len(times), path)
    return Series(start, values, {name: str(path) for name in values}, notes)


def _clock(times: list[str], rows: list[int], path: Path) -> tuple[pd.Timestamp | None, pd.Timedelta]:
    """The first moment, None for hours of a day, and the step."""
    stamps = [stamp(text) for text in times]
    if stamps[0] is None:
        _check_hours(times, rows, path)
        return None, HOUR
    dated: list[pd.Timestamp] = []
    for row, text, found in zip(rows, times, stamps, strict=True):
        if found is None:
            raise ScenarioError(f"{path}, row {row}: time is {shorten(repr(text))}; {ALLOWED}")
        if dated and found.utcoffset() != dated[0].utcoffset():
            clocks = " and ".join(str(one.tz) if one.tz else "none" for one in (dated[0], found))
            raise ScenarioError(f"{path}, row {row}: its time zone differs ({clocks}); write all times in one, UTC say")
        dated.append(found)
    if len(dated) < 24:
        raise ScenarioError(f"{path}: has {len(dated)} rows; a dated series has a day at least")
    gaps = pd.Series(dated).diff().iloc[1:]
    step = gaps.abs().mode().iloc[0]
    for row, before, now, gap in zip(rows[1:], dated, dated[1:], gaps, strict=False):
        _check_step(f"{path}, row {row}", before, now, gap, step)
    if dated[0] != dated[0].normalize():
        raise ScenarioError(f"{path}, row {rows[0]}: begins at {dated[0]:%H:%M}; begin at midnight")
    return dated[0].tz_localize(None), step


def _check_step(place: str, before: pd.Timestamp, now: pd.Timestamp, gap: pd.Timedelta, step: pd.Timedelta) -> None:
    """Refuse what is no next step."""
    if gap == step:
        return
    summer = " (does the clock change here? write UTC)" if gap in (step + HOUR, step - HOUR) else ""
    if gap == pd.Timedelta(0):
        raise ScenarioError(f"{place}: {now} stands twice; keep one row{summer}")
    if gap < pd.Timedelta(0):
        raise ScenarioError(f"{place}: {now} follows {before}; sort rows by time{summer}")
    if gap > step and gap % step == pd.Timedelta(0):
        raise ScenarioError(f"{place}: {gap // step - 1} rows are missing after {before}; fill them in{summer}")
    raise ScenarioError(f"{place}: {now} is {gap} after the row before, others {step}; keep one step{summer}")


def _check_hours(times: list[str], rows: list[int], path: Path) -> None:
    if len(times) != 24:
        raise ScenarioError(f"{path}: has {len(times)} hours; write 24 rows, hour 0 to 23, or timestamps for more")
    for expected, (row, text) in enumerate(zip(rows, times, strict=True)):
        try:
            hour = float(text)
        except ValueError:
            raise ScenarioError(f"{path}, row {row}: hour is {shorten(repr(text))}; {ALLOWED}") from None
        if hour != expected:
            raise ScenarioError(f"{path}, row {row}: hour is {hour:g} instead of {expected}; rows go from hour 0 to 23")


def _number(text: str, comma: bool, place: str) -> float:
    try:
        number = float(text.replace(",", ".") if comma else text)
    except ValueError:
        mark = "point or comma" if comma else "point"
        said = "empty" if not text.strip() else shorten(repr(text))
        raise ScenarioError(f"{place} is {said}; write a number, with a {mark}") from None
    if not abs(number) < 1e15:
        raise ScenarioError(f"{place} is {number:g}; write a finite number")
    return number


def _by_hour(
    found: dict[str, np.ndarray], step: pd.Timedelta, rows: int, path: Path
) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    """Whole days of hours: finer steps are averaged, coarser ones held, the rest of a day is cut."""
    notes = []
    if step <= HOUR and HOUR % step == pd.Timedelta(0):
        parts, held = int(HOUR / step), 1
    elif step % HOUR == pd.Timedelta(0):
        parts, held = 1, int(step / HOUR)
    else:
        raise ScenarioError(f"{path}: its step is {step}; write one that divides an hour, or whole hours")
    hours = rows // parts * held
    whole = hours // 24 * 24
    if parts > 1:
        notes.append(f"{path.name}: {parts} rows of an hour are averaged.")
    if held > 1:
        notes.append(f"{path.name}: each row holds for {held} hours.")
    if whole * parts < rows * held:
        notes.append(f"{path.name}: {rows - whole * parts // held} rows of the last, unfinished day are left out.")
    if not whole:
        raise ScenarioError(f"{path}: has less than a day")
    by_hour = {
        name: np.repeat(values[: rows // parts * parts].reshape(-1, parts).mean(axis=1), held)[:whole]
        for name, values in found.items()
    }
    return by_hour, tuple(notes)
