"""Network cases: buses, lines and units with their numbers, checked before anything is built on them.

A case is a shipped name, a folder of tables (`models.grid.tables` says which) or a MATPOWER-format .m file. Loads that
have no hours of their own follow one shape, the winter weekday of the IEEE Reliability Test System: their number is the
load at the peak of the day. A table of hours may give loads, and what units can give, for any number of days. A unit
whose min_mw is below 0 takes power, as a load that may go unserved or a store does. Units that can give and take
nothing (synchronous condensers) are left out.
Source of the shape: IEEE RTS Task Force 1979, IEEE Trans. PAS-98(6), table 4, weeks 1-8 and 44-52, weekday.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd

from models.grid import matpower
from models.grid.costs import Curve, check_points
from models.grid.tables import COLUMNS, Tables, column_of, letter, read_folder
from models.networks import topology
from models.networks.series import Series
from scenarios import ScenarioError
from scenarios.schema import suggestion

FOLDER = Path(__file__).resolve().parent / "cases"
HOURS = 24
PER_CENT = [67, 63, 60, 59, 59, 60, 74, 86, 95, 96, 96, 95, 95, 95, 93, 94, 99, 100, 100, 96, 91, 83, 73, 63]
WEEKDAY = np.array(PER_CENT) / 100  # of the peak, by hour from midnight


class Case(NamedTuple):
    """Numbers of a network; n_b buses, n_l lines, n_u units. A unit costs c0 + c1 mw + c2 mw^2 in $/h.

    Where points say what it costs, c1 is the slope of the first piece, c0 follows from them, and c2 is 0.
    """

    name: str
    source: str
    base_mva: float
    bus_names: list[str]
    bus_x: np.ndarray  # (n_b,) 0 ... 1
    bus_y: np.ndarray  # (n_b,) 0 ... 1, down
    load_mw: np.ndarray  # (T, n_b), hour by hour from midnight, T whole days
    available_mw: np.ndarray  # (T, n_u) what units can give at most; (0, n_u) where it is always all
    start: pd.Timestamp | None  # midnight of the first day, where the hours have dates
    notes: tuple[str, ...]  # what was averaged, held or cut of a series
    line_names: list[str]  # "1-2", and "1-2b", "1-2c" beside it
    line_from: np.ndarray  # (n_l,) int64
    line_to: np.ndarray  # (n_l,) int64
    resistance_pu: np.ndarray  # (n_l,)
    reactance_pu: np.ndarray  # (n_l,)
    tap: np.ndarray  # (n_l,) turns ratio of a transformer, else 1
    shift_deg: np.ndarray  # (n_l,)
    limit_mw: np.ndarray  # (n_l,) infinite where there is none
    unit_names: list[str]
    unit_bus: np.ndarray  # (n_u,) int64
    unit_company: list[str]
    unit_fuel: list[str]
    min_mw: np.ndarray  # (n_u,)
    max_mw: np.ndarray  # (n_u,)
    cost_per_mwh: np.ndarray  # (n_u,) c1
    cost_per_mw2h: np.ndarray  # (n_u,) c2
    fixed_cost_per_h: np.ndarray  # (n_u,) c0
    cost_points: list[np.ndarray]  # (k, 2) MW and $/h of each unit; (0, 2) where c0, c1 and c2 say all

    def curve(self, unit: int) -> Curve:
        """What a unit costs."""
        fixed, linear, square = self.fixed_cost_per_h, self.cost_per_mwh, self.cost_per_mw2h
        return Curve(self.cost_points[unit], float(fixed[unit]), float(linear[unit]), float(square[unit]))


def names() -> list[str]:
    """Names of the shipped cases, sorted."""
    return sorted(path.parent.name for path in FOLDER.glob("*/about.toml"))


def read(name_or_path: str, where: str) -> Case:
    """Read and check a case.

    Parameters
    ----------
    name_or_path
        A name from `names()`, a folder of tables, or a MATPOWER-format .m file.
    where
        Opens the message if there is no such case.

    Raises
    ------
    ScenarioError
        File, row, what is allowed and what to do.
    """
    if name_or_path in names():
        return _case(read_folder(FOLDER / name_or_path))
    path, also = Path(name_or_path), "a folder of tables, or a MATPOWER-format .m file"
    if path.is_dir():
        return _case(read_folder(path))
    if path.suffix.lower() == ".m" and path.exists():
        return _case(matpower.read_file(path))
    if path.exists():
        raise ScenarioError(f'{where}: case = "{path}": this kind of file cannot be read; give {also}')
    hint = suggestion(name_or_path, names())
    known = ", ".join(names())
    raise ScenarioError(f'{where}: case = "{name_or_path}": there is no such case; allowed are {known}, {also}.{hint}')


def _case(tables: Tables) -> Case:
    """Check tables row by row, then what they say together."""
    if not 0 < tables.base_mva < np.inf:
        raise ScenarioError(f"{tables.places['about']}: base_mva is {tables.base_mva:g}; write a number above 0")
    buses, lines, units, costs = ({c: column_of(tables, t, c) for c in COLUMNS[t]} for t in COLUMNS)
    numbers = _number_buses(tables, buses["bus"])
    ends = [_bus_numbers(tables, "lines", lines[column], column, numbers) for column in ("from_bus", "to_bus")]
    homes = _bus_numbers(tables, "units", units["bus"], "bus", numbers)
    _check_lines(tables, ends, lines)
    _check_units(tables, units)
    points = _cost_points(tables, units, costs)
    _check_connected(tables, buses["bus"], ends)
    x, y = _layout(np.array(buses["x"]), np.array(buses["y"]), ends)
    load, available = _courses(tables, np.array(buses["load_mw"]), numbers, units)
    used = [u for u, ends_mw in enumerate(zip(units["min_mw"], units["max_mw"], strict=True)) if any(ends_mw)]
    return Case(
        name=tables.name,
        source=tables.source,
        base_mva=tables.base_mva,
        bus_names=buses["bus"],
        bus_x=x,
        bus_y=y,
        load_mw=load,
        available_mw=available[:, used],
        start=tables.hours.start if tables.hours else None,
        notes=tables.hours.notes if tables.hours else (),
        line_names=_line_names(tables, lines["from_bus"], lines["to_bus"]),
        line_from=ends[0],
        line_to=ends[1],
        **{c: np.array(lines[c]) for c in ("resistance_pu", "reactance_pu", "tap", "shift_deg", "limit_mw")},
        unit_names=[units["unit"][u] for u in used],
        unit_bus=homes[used],
        unit_company=[units["company"][u] or units["unit"][u] for u in used],
        unit_fuel=[units["fuel"][u] for u in used],
        **{column: np.array(units[column])[used] for column in COLUMNS["units"] if column.endswith(("_mw", "h"))},
        cost_points=[points[u] for u in used],
    )


def _number_buses(tables: Tables, buses: list[str]) -> dict[str, int]:
    if not buses:
        raise ScenarioError(f"{tables.places['buses']}: has no buses; write a row for each")
    _check_names(tables, "buses", buses)
    return {name: number for number, name in enumerate(buses)}


def _check_names(tables: Tables, table: str, found: list[str]) -> None:
    first: dict[str, str] = {}
    for row, name in zip(tables.rows[table], found, strict=True):
        if name in first:
            raise ScenarioError(f'{row.place}: the name "{name}" is taken by {first[name]}; names must differ')
        first[name] = row.place


def _bus_numbers(tables: Tables, table: str, said: list[str], column: str, numbers: dict[str, int]) -> np.ndarray:
    for row, name in zip(tables.rows[table], said, strict=True):
        if name not in numbers:
            shown = ", ".join(list(numbers)[:12]) + ", ..." * (len(numbers) > 12)
            hint = suggestion(name, numbers)
            raise ScenarioError(f'{row.place}: {column} is "{name}"; there is no such bus; there are {shown}.{hint}')
    return np.array([numbers[name] for name in said], np.int64)


def _check_lines(tables: Tables, ends: list[np.ndarray], lines: dict[str, list]) -> None:
    for row, start, end, reactance, limit in zip(
        tables.rows["lines"], *ends, lines["reactance_pu"], lines["limit_mw"], strict=True
    ):
        if start == end:
            raise ScenarioError(f"{row.place}: leads from a bus to itself; name two buses, or delete the row")
        if reactance == 0:
            raise ScenarioError(f"{row.place}: reactance_pu is 0; write a small one (0.0001), or merge its buses")
        if limit == 0:
            raise ScenarioError(f"{row.place}: limit_mw is 0; delete the line, or leave it empty for one without limit")


def _check_units(tables: Tables, units: dict[str, list]) -> None:
    _check_names(tables, "units", units["unit"])
    for row, low, high in zip(tables.rows["units"], units["min_mw"], units["max_mw"], strict=True):
        if low > high:
            remedy = "exchange them" if high >= 0 else "what takes power has a min_mw below 0"
            raise ScenarioError(f"{row.place}: min_mw {low:g} is above max_mw {high:g}; {remedy}")
    if not any(high > 0 for high in units["max_mw"]):
        raise ScenarioError(f"{tables.places['units']}: no unit can give power; write one with max_mw above 0")


def _cost_points(tables: Tables, units: dict[str, list], costs: dict[str, list]) -> list[np.ndarray]:
    """Points of every unit, (k, 2); where there are some, costs per MWh and per hour follow from them."""
    rows, known = tables.rows["costs"], {name: u for u, name in enumerate(units["unit"])}
    for row, name in zip(rows, costs["unit"], strict=True):
        if name not in known:
            raise ScenarioError(f'{row.place}: there is no unit "{name}".{suggestion(name, known)}')
    found = []
    for u, (row, name) in enumerate(zip(tables.rows["units"], units["unit"], strict=True)):
        own = [i for i, owner in enumerate(costs["unit"]) if owner == name]
        points = np.array([(costs["mw"][i], costs["cost_per_h"][i]) for i in own]).reshape(-1, 2)
        found.append(points)
        if not own:
            if np.isnan(units["cost_per_mwh"][u]):
                raise ScenarioError(f"{row.place}: cost_per_mwh is missing; write it, or give points in costs.csv")
            continue
        if not np.isnan(units["cost_per_mwh"][u]) or units["cost_per_mw2h"][u] or units["fixed_cost_per_h"][u]:
            remedy = "empty cost_per_mwh, cost_per_mw2h and fixed_cost_per_h, or delete the points"
            raise ScenarioError(f"{row.place}: {name} has a cost here and points at {rows[own[0]].place}; {remedy}")
        check_points(points, [rows[i].place for i in own])
        curve = Curve(points, 0.0, 0.0, 0.0)
        units["cost_per_mwh"][u], units["fixed_cost_per_h"][u] = float(curve.slopes()[0]), curve.at(0.0)
    return found


def _check_connected(tables: Tables, buses: list[str], ends: list[np.ndarray]) -> None:
    graph = nx.Graph(zip(*(end.tolist() for end in ends), strict=True))
    graph.add_nodes_from(range(len(buses)))
    islands = sorted(nx.connected_components(graph), key=len, reverse=True)
    if len(islands) > 1:
        stranded = sorted(set().union(*islands[1:]))
        shown = ", ".join(buses[i] for i in stranded[:12]) + ", ..." * (len(stranded) > 12)
        remedy = f"add a line that joins them, or delete their rows in {tables.places['buses']}"
        raise ScenarioError(f"{tables.places['lines']}: no line leads from the other buses to {shown}; {remedy}")


def _line_names(tables: Tables, starts: list[str], ends: list[str]) -> list[str]:
    pairs = [f"{start}-{end}" for start, end in zip(starts, ends, strict=True)]
    found = [pair + letter(pairs[:l].count(pair)) if pair in pairs[:l] else pair for l, pair in enumerate(pairs)]
    _check_names(tables, "lines", found)
    return found


def _courses(
    tables: Tables, peak: np.ndarray, numbers: dict[str, int], units: dict[str, list]
) -> tuple[np.ndarray, np.ndarray]:
    """Load by hour (T, n_b), the weekday's or that of the table of hours, and what units can give (T or 0, n_u)."""
    available = np.zeros((0, len(units["unit"])))
    if tables.hours is None:
        load, place = WEEKDAY[:, None] * peak, tables.places["buses"]
    else:
        load, available = _of_series(tables, tables.hours, peak, numbers, units)
        place = tables.places["hours"]
    if not load.sum(axis=1).all():
        hour = int(np.argmin(load.sum(axis=1)))
        raise ScenarioError(f"{place}: there is no load at hour {hour}; a market needs some at some bus")
    return load, available


def _of_series(
    tables: Tables, hours: Series, peak: np.ndarray, numbers: dict[str, int], units: dict[str, list]
) -> tuple[np.ndarray, np.ndarray]:
    known, place = {name: u for u, name in enumerate(units["unit"])}, tables.places["hours"]
    for name in hours.values:
        if (name in numbers) == (name in known):
            what = "a bus and a unit" if name in known else "neither a bus nor a unit"
            hint = "; rename one of them" if name in known else suggestion(name, [*numbers, *known])
            shown = ", ".join([*numbers, *known][:12])
            raise ScenarioError(f'{place}, row 1: "{name}" is {what}; there are {shown}.{hint}')
    number = len(next(iter(hours.values.values()), np.zeros(HOURS)))
    by_bus = {name: values for name, values in hours.values.items() if name in numbers}
    if by_bus and peak.any():
        raise ScenarioError(f"{tables.places['buses']}: load stands in {place}; delete the column load_mw")
    load = np.zeros((number, peak.size)) if by_bus else np.tile(WEEKDAY, number // HOURS)[:, None] * peak
    for name, values in by_bus.items():
        load[:, numbers[name]] = _within(values, 0.0, np.inf, f"{place}: {name}", "enter what feeds in as a unit")
    available = np.tile(np.array(units["max_mw"], float), (number, 1))
    for name, values in hours.values.items():
        if name in known:
            most = units["max_mw"][known[name]]
            available[:, known[name]] = _within(values, 0.0, most, f"{place}: {name}", "correct it, or its max_mw")
    return load, available if len(by_bus) < len(hours.values) else available[:0]


def _within(values: np.ndarray, low: float, high: float, place: str, remedy: str) -> np.ndarray:
    wrong = np.flatnonzero((values < low) | (values > high))
    if wrong.size:
        bound = f"at least {low:g}" if values[wrong[0]] < low else f"at most {high:g}"
        raise ScenarioError(f"{place} is {values[wrong[0]]:g} in hour {wrong[0]}; {bound}; {remedy}")
    return values


def _layout(x: np.ndarray, y: np.ndarray, ends: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Places of buses in the unit square; computed where a table gives none."""
    if np.isnan(x).any() or np.isnan(y).any():
        graph = nx.Graph(zip(*(end.tolist() for end in ends), strict=True))
        graph.add_nodes_from(range(x.size))
        spots = topology.spread_out(graph)
        x, y = spots[np.argsort(list(graph))].T
    return _stretch(x), _stretch(y)


def _stretch(values: np.ndarray) -> np.ndarray:
    """Onto 0 ... 1; all in the middle where they are the same."""
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.full(values.size, 0.5)
