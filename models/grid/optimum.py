"""The truthful optimum of an hour: one clearing in which every unit offers its marginal cost."""

from typing import Any, NamedTuple

import numpy as np

from models.grid import theory
from models.grid.clearing import SOLVED


class Optimum(NamedTuple):
    """An hour of least cost; U units, n buses."""

    mw: np.ndarray  # (U,) below 0 where a unit takes power
    price: np.ndarray  # (n,) $/MWh at the buses
    cost_per_h: float  # $/h of all units beyond what they cost at no output, with the value of load not served


def truthful_optimum(world: Any, hour: int) -> Optimum:
    """Least-cost dispatch of an hour of the case in the present regime, weather calm, nothing broken.

    Raises
    ------
    ValueError
        If the hour cannot be cleared.
    """
    state, block, case = world.state, world.regime, world.case
    theory.clear(state, block, np.array([hour]), theory.truthful(state, block)[None])
    c, d = state.trial, state.derived
    if c.status[0] != SOLVED:
        raise ValueError(f"hour {hour} cannot be cleared")
    takes = [case.curve(u).at(case.min_mw[u]) - case.curve(u).at(0.0) for u in np.flatnonzero(case.min_mw < 0)]
    cost = float(((d.cost[block] + d.rise[block] * c.mw / 2) * c.mw).sum()) + sum(takes)
    price = c.energy_price[d.bus_island[block]] + d.by_bus[block] @ c.shadow_price
    return Optimum(world.offers.output(c.mw, d.taken[block]), price, cost)
