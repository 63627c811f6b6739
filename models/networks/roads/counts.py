"""Counts of vehicles, as a spreadsheet or a road authority writes them, as the demand of a road case.

A table has a column for the road where vehicles enter (`link`), one for when (`time`: 7:30, an hour such as 7.5, or a
timestamp) and one for how many (`veh_per_h` or `veh_per_s`; "veh/h" will do). Columns are parted by commas, semicolons
or tabs; with the latter two numbers may have a decimal comma. Capitals do not matter. A count lasts as long as most of
them do; where the next comes later there is a gap, in which nobody enters. Vehicles turn by shares, for a count says
nothing of where they go.
"""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from models.networks import series
from models.networks.roads.case import RoadCase, frame
from scenarios import ScenarioError
from scenarios.schema import shorten, suggestion

NAMES = {
    "link": ("link", "from_link", "entry", "edge", "road"),
    "time": ("time", "hour", "start", "timestamp", "datetime"),
    "rate": ("veh_per_h", "veh_per_s"),
}
PER_H = {"veh_per_h": 1.0, "veh_per_s": 3600.0}
DAY_S = 86_400
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?")


def add(case: RoadCase, path: Path, where: str) -> RoadCase:
    """The case with the counts of a file as its demand, and the period that they cover.

    Raises
    ------
    ScenarioError
        File, row, what is allowed and what to do.
    """
    table, names, comma = _table(path, where)
    links = set(case.links.link)
    found: dict[tuple[str, float], list[float]] = {}
    empty, first_day = 0, _first_day(table[names["time"]])
    for row, (link, time, rate) in enumerate(zip(*(table[names[part]] for part in NAMES), strict=True), 2):
        place = f"{where}: {path}, row {row}"
        if link not in links:
            what = f'{names["link"]} is "{shorten(link)}", which is no link of the case'
            raise ScenarioError(f"{place}: {what}; correct the name, or delete the row.{suggestion(link, links)}")
        start_s = _seconds(time, comma, first_day, place)
        if not rate.strip():
            empty += 1
            continue
        found.setdefault((link, start_s), []).append(_number(rate, comma, place) * PER_H[_plain(names["rate"])])
    if not found:
        raise ScenarioError(f"{where}: {path}: has no counts; write rows of {', '.join(names.values())}")
    rows, usual_s, gaps = _rows({key: sum(rates) / len(rates) for key, rates in found.items()})
    notes = [f"{len(rows)} counts of {usual_s / 60:g} minutes read on {len({link for link, _ in found})} links."]
    said = {
        "counts are the mean of several for the same link and time": sum(len(rates) > 1 for rates in found.values()),
        "rows without a number left out": empty,
        "gaps between counts, in which nobody enters": gaps,
        "counts cut short by the next": sum(row["end_s"] - row["start_s"] < usual_s for row in rows),
    }
    notes += [f"{number} {what}." for what, number in said.items() if number]
    start_s, end_s = min(row["start_s"] for row in rows), max(row["end_s"] for row in rows)
    told = (*case.about.notes, *notes)
    about = replace(case.about, start_s=start_s, period_s=end_s - start_s, notes=told)
    return replace(case, about=about, demand=frame("demand", rows))


def _plain(name: str) -> str:
    return re.sub(r"[\s/]+", "_", name.strip().lower().replace("/", "_per_"))


def _table(path: Path, where: str) -> tuple[pd.DataFrame, dict[str, str], bool]:
    """Cells as text, the names of the columns as the file has them, and whether numbers may have a decimal comma."""
    table, comma = series.cells(path, f"{where}: {path}", "write a row of names, then counts")
    names: dict[str, str] = {}
    for column in map(str, table.columns):
        part = next((part for part, known in NAMES.items() if _plain(column) in known), None)
        if part is None or part in names:
            known = ", ".join(name for each in NAMES.values() for name in each)
            what = f'two columns say the same, "{names[part]}" and' if part else "there is no column"
            hint = suggestion(_plain(column), known.split(", "))
            raise ScenarioError(
                f'{where}: {path}, row 1: {what} "{shorten(column)}"; one each of link, time and rate are read, '
                f"named {known}. Delete it, or rename it.{hint}"
            )
        names[part] = column
    missing = next((known for part, known in NAMES.items() if part not in names), None)
    if missing:
        raise ScenarioError(f"{where}: {path}, row 1: a column is missing; name it {' or '.join(missing)}")
    return table, names, comma


def _first_day(times: "pd.Series[Any]") -> pd.Timestamp | None:
    """Midnight before the first timestamp; None where no time is one."""
    stamps = [stamp for stamp in map(_stamp, times) if stamp is not None]
    return min(stamps).normalize() if stamps else None


def _stamp(text: str) -> pd.Timestamp | None:
    stamp = series.stamp(text)
    return None if stamp is None else stamp.tz_localize(None)  # its own clock


def _seconds(text: str, comma: bool, first_day: pd.Timestamp | None, place: str) -> float:
    """Clock time; the hours of later days go on from 24."""
    stamp, clock = _stamp(text), CLOCK.fullmatch(text.strip())
    allowed = "write 7:30, an hour such as 7.5, or a timestamp such as 2024-05-31T07:30"
    if stamp is not None and first_day is not None:
        return float((stamp - first_day).total_seconds())
    if first_day is not None:
        raise ScenarioError(f"{place}: time is {shorten(repr(text))} where other rows have a date; write all alike")
    if clock:
        hours, minutes, seconds = int(clock[1]), int(clock[2]), float(clock[3] or 0)
        if hours <= 24 and minutes < 60 and seconds < 60:
            return 3600.0 * hours + 60.0 * minutes + seconds
    try:
        hour = float(text.replace(",", ".") if comma else text)
    except ValueError:
        hour = -1.0
    if not 0 <= hour <= 24:
        raise ScenarioError(f"{place}: time is {shorten(repr(text))}; {allowed}")
    return round(3600.0 * hour, 6)


def _number(text: str, comma: bool, place: str) -> float:
    try:
        number = float(text.replace(",", ".") if comma else text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1e5:
        mark = "point or comma" if comma else "point"
        raise ScenarioError(f"{place}: the count is {shorten(repr(text))}; write a number from 0 on, with a {mark}")
    return number


def _rows(rates: dict[tuple[str, float], float]) -> tuple[list[dict[str, Any]], float, int]:
    """Rows of demand, how long most counts last, and the number of gaps."""
    times: dict[str, list[float]] = {}
    for link, start_s in sorted(rates):
        times.setdefault(link, []).append(start_s)
    steps = Counter(b - a for starts in times.values() for a, b in pairwise(starts))
    most = max(steps.values(), default=0)
    usual_s = min((step for step, often in steps.items() if often == most), default=3600.0)
    rows, gaps = [], 0
    for link, starts in times.items():
        for start_s, following_s in zip(starts, [*starts[1:], starts[-1] + usual_s], strict=True):
            gaps += following_s > start_s + usual_s
            end_s = min(following_s, start_s + usual_s)
            rows.append({"from_link": link, "start_s": start_s, "end_s": end_s, "veh_per_h": rates[link, start_s]})
    return rows, usual_s, gaps
