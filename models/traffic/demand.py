"""Arrivals at the gates: level, weights by side, and an optional profile by entry and time of day."""

import csv
from pathlib import Path

import numpy as np

from models.traffic.crossings import SIDES
from models.traffic.network import Network
from scenarios import ScenarioError, read_text
from scenarios.schema import shorten, suggestion
from scenarios.traffic.parameters import Parameters

SLOTS = 96  # quarters of an hour in a day


def arrivals(parameters: Parameters, network: Network, profile: np.ndarray | None) -> np.ndarray:
    """Mean arrivals in a tick, (S, G); a profile gives rates, which the weights by side scale."""
    weight = parameters.demand_scale * side_weights(parameters)[network.side[network.gate_link]]
    return parameters.demand_veh_per_s * weight[None, :] if profile is None else profile * weight


def side_weights(parameters: Parameters) -> np.ndarray:
    """Weights (4,) of north, east, south and west."""
    return np.array([getattr(parameters, f"weight_{side}") for side in ("north", "east", "south", "west")])


def read(path: str, network: Network, where: str) -> np.ndarray | None:
    """Rates (SLOTS, G) of a CSV profile, None without one; every entry holds its rate until its next row.

    Raises
    ------
    ScenarioError
        File, row, and what is allowed.
    """
    if not path:
        return None
    gates = {network.links[int(link)]: g for g, link in enumerate(network.gate_link)}
    rates = np.full((SLOTS, len(gates)), np.nan)
    reader = csv.DictReader(read_text(Path(path)).splitlines())
    try:
        rows = list(reader)
    except csv.Error as error:
        raise ScenarioError(f"{path}, row {reader.line_num}: not a CSV table ({error})") from None
    if not rows:
        raise ScenarioError(f"{path}: has no rows under the column names entry, hour, veh_per_s")
    header = ",".join(names := list(reader.fieldnames or []))
    foreign = "" if "entry" in names else f", in small letters, between commas; row 1 is {shorten(header)!r}"
    for number, row in enumerate(rows, 2):
        place = f"{path}, row {number}"
        missing = {"entry", "hour", "veh_per_s"} - {name for name, value in row.items() if value is not None}
        if missing:
            columns = f"columns are entry, hour, veh_per_s{foreign}"
            raise ScenarioError(f"{place}: no column {', '.join(sorted(missing))}; {columns}")
        if None in row:
            raise ScenarioError(f"{place}: has more than entry, hour, veh_per_s; numbers have a decimal point")
        if row["entry"] not in gates:
            shown = ", ".join(list(gates)[:12])
            hint = suggestion(row["entry"], gates)
            what = f"there is no entry {row['entry']!r}; there are {shown}, ... ({SIDES}).{hint}"
            raise ScenarioError(f"{place}: {what}")
        try:
            hour, rate = float(row["hour"]), float(row["veh_per_s"])
        except ValueError:
            raise ScenarioError(f"{place}: hour and veh_per_s must be numbers") from None
        if not (0 <= hour < 24 and 0 <= rate <= 5):
            raise ScenarioError(
                f"{place}: hour is {hour:g}, veh_per_s is {rate:g}; hour must be from 0 to 24, veh_per_s from 0 to 5"
            )
        quarter, gate = int(hour * SLOTS / 24), gates[row["entry"]]
        if not np.isnan(rates[quarter, gate]):
            raise ScenarioError(f"{place}: a second rate of {row['entry']} in one quarter of an hour; keep one of them")
        rates[quarter, gate] = rate
    return _hold(rates)


def _hold(rates: np.ndarray) -> np.ndarray:
    """Fill every slot with the last rate before it (the day goes round); entries without rows stay empty."""
    known = ~np.isnan(rates)
    last = np.maximum.accumulate(np.where(known, np.arange(SLOTS)[:, None], -1))
    final = np.where(known.any(axis=0), SLOTS - 1 - known[::-1].argmax(axis=0), 0)
    last = np.where(last < 0, final, last)
    return np.nan_to_num(np.take_along_axis(rates, last, axis=0))
