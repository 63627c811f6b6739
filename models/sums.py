"""Sums over a window and what becomes of them: ratios, and a metric for each fleet where there are several.

Fleets are the groups of a population.
"""

from typing import NamedTuple

import numpy as np

from engine.generic import index, kernel
from engine.limits import FIXED, Limits
from models.metric import Columns, Metric


class FleetSums(NamedTuple):
    """A quantity by fleet over the open window; A agents, G fleets, none where there is only one."""

    number: np.ndarray  # (A,) int64, fleet of each agent
    amount: np.ndarray  # (G or 0,) float64
    weight: np.ndarray  # (G or 0,) float64, what the amount is divided by

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"number": FIXED}


def fleet_sums(number: np.ndarray) -> FleetSums:
    """Empty sums, for the fleet (A,) of each agent."""
    several = number.max() > 0
    return FleetSums(number.copy(), *np.zeros((2, number.max() + 1 if several else 0)))


def fleet_metrics(column: Columns, fleets: int) -> dict[str, Metric]:
    """The metric of a column for each fleet; none where there is only one."""
    about = column.metric
    return {
        f"{column.name}_fleet_{number}": Metric(
            f"Fleet {number}: {about.title.lower()}",
            f"{about.meaning[:-1]}; of fleet {number} alone.",
            about.unit,
            about.good,
        )
        for number in range(1, fleets + 1)
        if fleets > 1
    }


@kernel
def ratio(part, whole):
    """A ratio of sums, NaN where nothing was counted."""
    return part / whole if whole > 0 else np.nan


@kernel
def add_to_fleet(fleets, agent, amount, weight):
    """Add to the sums of an agent's fleet."""
    if fleets.amount.size > 0:
        g = index(fleets.number[agent])
        fleets.amount[g] += amount
        fleets.weight[g] += weight


@kernel
def report_fleets(fleets, row):
    """Write the mean of each fleet, NaN where nothing was counted, and empty the sums."""
    for g in range(fleets.amount.size):
        row[g] = ratio(fleets.amount[g], fleets.weight[g])
        fleets.amount[g], fleets.weight[g] = 0.0, 0.0
