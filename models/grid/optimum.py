<<<<<<< HEAD
"""The truthful optimum of an hour: one clearing in which every unit offers its marginal cost."""
=======
"""The truthful optimum of units with quadratic costs: one clearing in which every unit offers its marginal cost."""
>>>>>>> rising

from typing import Any, NamedTuple

import numpy as np

from models.grid import theory
<<<<<<< HEAD
from models.grid.clearing import SOLVED
=======
from models.grid.clearing import SOLVED, Clearing, Grid, clear, room, workspace
>>>>>>> rising


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
<<<<<<< HEAD
    state, block, case = world.state, world.regime, world.case
    theory.clear(state, block, np.array([hour]), theory.truthful(state, block)[None])
    c, d = state.trial, state.derived
    if c.status[0] != SOLVED:
        raise ValueError(f"hour {hour} cannot be cleared")
    takes = [case.curve(u).at(case.min_mw[u]) - case.curve(u).at(0.0) for u in np.flatnonzero(case.min_mw < 0)]
    cost = float(((d.cost[block] + d.rise[block] * c.mw / 2) * c.mw).sum()) + sum(takes)
    price = c.energy_price[d.bus_island[block]] + d.by_bus[block] @ c.shadow_price
    return Optimum(world.offers.output(c.mw, d.taken[block]), price, cost)
=======
    c, g = _market(world, hour)
    dispatch(c, g, workspace(c.mw.size, c.flow.size))
    if c.status[0] != SOLVED:
        raise ValueError(f"hour {hour} cannot be cleared")
    cost = float(c.price @ c.mw + c.rise @ c.mw**2 / 2)
    return Optimum(c.mw[: world.case.max_mw.size], c.energy_price[g.bus_island] + g.by_bus @ c.shadow_price, cost)


def _market(world: Any, hour: int) -> tuple[Clearing, Grid]:
    """The hour with one offer of every unit, then wind, storage and demand as the world has them."""
    state, block, case = world.state, world.regime, world.case
    theory.clear(state, block, np.array([hour]), theory.truthful(state, block)[None])
    calm, others, d, units = state.trial, int(state.wind_offer[0]), state.derived, case.max_mw.size
    bus = np.concatenate((case.unit_bus, state.bus[others:]))
    c = room(bus.size, calm.flow.size, calm.demand.size)
    c.price[:units], c.rise[:units], c.offered[:units] = _marginal_cost(world)
    c.price[units:], c.offered[units:] = calm.price[others:], calm.offered[others:]
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
>>>>>>> rising
