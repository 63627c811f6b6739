"""Who offers what: the offers of a market in their fixed order, their costs and capacities.

A unit's cost c1 p + c2 p² enters as equal steps, each at the mean slope of its stretch, so total cost is exact at the
end of every step and at most c2 w² / 4 too high inside a step of width w.
"""

from typing import NamedTuple

import numpy as np

from models.grid.case import Case
from models.grid.state import NONE
from scenarios import ScenarioError
from scenarios.grid.parameters import Parameters
from scenarios.schema import suggestion


class Offers(NamedTuple):
    """Fixed order of the J offers: steps of units by company, wind, storage, demand by bus."""

    case: Case
    agents: list[str]
    unit: np.ndarray  # (J,) NONE for wind, storage and demand
    owner: np.ndarray  # (J,) company, NONE for wind, storage and demand
    bus: np.ndarray  # (J,)
    step: np.ndarray  # (J,) place among the steps of its unit or bus
    first_offer: np.ndarray  # (C + 1,)
    wind: int  # offer of the wind park; storage follows
    home: np.ndarray  # (A,) bus
    storage: int  # agent
    regulator: int  # agent

    def costs(self, parameters: Parameters, where: str) -> np.ndarray:
        """Cost of supply, worth of demand, (J,) $/MWh."""
        case, steps = self.case, parameters.offer_steps
        fuels = sorted(set(case.unit_fuel) - {""})
        if parameters.fuel and parameters.fuel not in fuels:
            known = f"its units burn {', '.join(fuels)}" if fuels else "it names no fuels; leave it empty for all"
            raise ScenarioError(f'{where}: fuel = "{parameters.fuel}": not in the case {case.name}; {known}')
        burns = np.array([not parameters.fuel or fuel == parameters.fuel for fuel in case.unit_fuel])
        scale = np.where(burns, parameters.fuel_cost_scale, 1.0)[self.unit]
        middle = (self.step + 0.5) * (case.max_mw / steps)[self.unit]
        cost = scale * (case.cost_per_mwh[self.unit] + 2 * case.cost_per_mw2h[self.unit] * middle)
        levels = max(parameters.elastic_steps, 1)
        worth = parameters.choke_price_per_mwh * (1 - (self.step + 0.5) / levels)
        demand = np.where(self.step < parameters.elastic_steps, worth, parameters.lost_load_per_mwh)
        supply = np.where(self.unit == NONE, 0.0, cost)
        return np.where(np.arange(self.bus.size) < self.wind + 2, supply, demand)

    def capacities(self, parameters: Parameters, where: str) -> np.ndarray:
        """Capacity of supply, MW; share of its bus's load that a step of demand is, (J,)."""
        case = self.case
        for name in parameters.unit_outages:
            if name not in case.unit_names:
                known = ", ".join(case.unit_names[:12])
                hint = suggestion(name, case.unit_names)
                raise ScenarioError(f'{where}: unit_outages: there is no unit "{name}"; there are {known}.{hint}')
        runs = np.array([name not in parameters.unit_outages for name in case.unit_names])
        supply = np.where(self.unit == NONE, 0.0, (runs * case.max_mw / parameters.offer_steps)[self.unit])
        share = parameters.elastic_share if parameters.elastic_steps else 0.0
        levels = max(parameters.elastic_steps, 1)
        demand = np.where(self.step < parameters.elastic_steps, share / levels, 1.0 - share)
        return np.where(np.arange(self.bus.size) < self.wind + 2, supply, demand)


def layout(case: Case, parameters: Parameters, where: str) -> Offers:
    """Put all offers in order.

    Raises
    ------
    ScenarioError
        For choices that are no menu, and for buses that do not exist.
    """
    _check_choices(parameters, where)
    companies = list(dict.fromkeys(case.unit_company))
    owner_of_unit = np.array([companies.index(name) for name in case.unit_company])
    units = np.argsort(owner_of_unit, kind="stable")
    unit = np.repeat(units, parameters.offer_steps)
    step = np.tile(np.arange(parameters.offer_steps), units.size)
    loads = np.flatnonzero(case.load_mw.max(axis=0) > 0)
    wind = _bus(case, parameters.wind_bus, "wind_bus", where)
    storage = _bus(case, parameters.storage_bus, "storage_bus", where)
    levels = parameters.elastic_steps + 1
    others = 2 + loads.size * levels
    stores, regulates = bool(parameters.storage_bus), parameters.regulator
    agents = companies + ["Storage"] * stores + ["Regulator"] * regulates
    largest = [max(np.flatnonzero(owner_of_unit == i), key=lambda u: case.max_mw[u]) for i in range(len(companies))]
    home = [int(case.unit_bus[u]) for u in largest] + [storage] * stores + [0] * regulates
    return Offers(
        case=case,
        agents=agents,
        unit=np.concatenate((unit, np.full(others, NONE))),
        owner=np.concatenate((owner_of_unit[unit], np.full(others, NONE))),
        bus=np.concatenate((case.unit_bus[unit], [wind, storage], np.repeat(loads, levels))).astype(np.int64),
        step=np.concatenate((step, [0, 0], np.tile(np.arange(levels), loads.size))),
        first_offer=np.searchsorted(owner_of_unit[unit], np.arange(len(companies) + 1)),
        wind=unit.size,
        home=np.array(home),
        storage=len(companies) if stores else NONE,
        regulator=len(agents) - 1 if regulates else NONE,
    )


def _check_choices(parameters: Parameters, where: str) -> None:
    choices = parameters.choices
    most = 100.0 if parameters.strategy == "withhold" else 5000.0
    if len(choices) < 2 or list(choices) != sorted(set(choices)) or choices[0] < 0 or choices[-1] > most:
        raise ScenarioError(
            f"{where}: choices = {list(choices)}: give two or more, rising, between 0 and {most:g} "
            f'for strategy = "{parameters.strategy}"'
        )
    if parameters.storage_bus and len(choices) < 3:
        raise ScenarioError(f"{where}: storage charges, rests or discharges, so `choices` needs three or more numbers")


def _bus(case: Case, name: str, key: str, where: str) -> int:
    """Number of a bus; the first where no name is given."""
    if name and name not in case.bus_names:
        known, hint = ", ".join(case.bus_names[:12]), suggestion(name, case.bus_names)
        raise ScenarioError(f'{where}: {key} = "{name}": {case.name} has no such bus; there are {known}.{hint}')
    return case.bus_names.index(name) if name else 0
