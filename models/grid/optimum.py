"""The truthful optimum of units with quadratic costs, without the error of equal steps.

The market clears step offers. Here each unit has four of them, cut around what it gives: a step's price is the mean
slope of its stretch, so cost is exact where stretches end and too high elsewhere. So no dispatch costs more than the
one it is cut around; where it costs no less, the two inner stretches are halved. At last marginal costs agree with
nodal prices to c2 times the width of a stretch.
"""

from typing import Any, NamedTuple

import numpy as np

from engine.generic import entry
from models.grid import theory
from models.grid.clearing import SOLVED, Clearing, Grid, clear, room, workspace

STEPS = 4
NARROWEST_MW = 1e-5


class Optimum(NamedTuple):
    """An hour of least cost; U units, n buses."""

    mw: np.ndarray  # (U,)
    price: np.ndarray  # (n,) $/MWh at the buses
    cost_per_h: float  # $/h, with the value of load not served, without fixed costs


@entry
def dispatch(c, g, w):
    """Clear one market."""
    clear(c, g, w)


def truthful_optimum(world: Any, hour: int) -> Optimum:
    """Least-cost dispatch of an hour of the day in the present regime, weather calm, nothing broken.

    Raises
    ------
    ValueError
        If the hour cannot be cleared.
    """
    c, g = _market(world, hour)
    low, slope, most = _marginal_cost(world)
    own = slice(0, STEPS * most.size)  # offers of units
    w, mw, reach, least = workspace(c.mw.size, c.flow.size), most / 2, most / 4, np.inf
    while reach.max() > NARROWEST_MW:
        inner = np.clip(mw[:, None] + reach[:, None] * [-1.0, 0.0, 1.0], 0.0, most[:, None])
        edges = np.column_stack((np.zeros(most.size), inner, most))
        c.offered[own] = np.diff(edges).reshape(-1)
        c.price[own] = (low[:, None] + slope[:, None] * (edges[:, 1:] + edges[:, :-1]) / 2).reshape(-1)
        dispatch(c, g, w)
        if c.status[0] != SOLVED:
            raise ValueError(f"hour {hour} cannot be cleared")
        given = c.mw[own].reshape(-1, STEPS).sum(axis=1)
        cost = float(low @ given + slope @ given**2 / 2 + c.price[own.stop :] @ c.mw[own.stop :])
        if cost >= least - 1e-13 * abs(cost):
            reach = reach / 2
        mw, least = given, cost
    return Optimum(mw, c.energy_price[g.bus_island] + g.by_bus @ c.shadow_price, least)


def _market(world: Any, hour: int) -> tuple[Clearing, Grid]:
    """The hour with room for `STEPS` offers of every unit, then wind, storage and demand as the world has them."""
    state, block, case = world.state, world.regime, world.case
    theory.clear(state, block, np.array([hour]), theory.truthful(state, block)[None])
    calm, others, d = state.trial, int(state.wind_offer[0]), state.derived
    bus = np.concatenate((np.repeat(case.unit_bus, STEPS), state.bus[others:]))
    c = room(bus.size, calm.flow.size, calm.demand.size)
    own = STEPS * case.unit_bus.size
    c.price[own:], c.offered[own:] = calm.price[others:], calm.offered[others:]
    c.demand[:], c.base[:] = calm.demand, calm.base
    network = d.by_bus, d.by_line, d.limit
    islands = d.bus_island, d.line_island, d.islands
    return c, Grid(*(part[block] for part in network), bus, *(part[block] for part in islands))


def _marginal_cost(world: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of every unit (U,): marginal cost at no output, $/MWh, its rise per MW, and capacity, MW."""
    state, block, case = world.state, world.regime, world.case
    parameters = type(world.parameters_at_reset)(**world.parameters)
    burns = np.array([parameters.fuel in ("", fuel) for fuel in case.unit_fuel])
    scale = np.where(burns, parameters.fuel_cost_scale, 1.0)
    own = slice(0, world.offers.wind)
    most = np.bincount(state.unit[own], state.derived.capacity[block, own], case.max_mw.size)
    return scale * case.cost_per_mwh, scale * 2 * case.cost_per_mw2h, most
