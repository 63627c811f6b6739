"""Who offers what: the offers of a market in their fixed order, their costs and capacities.

A unit offers the stretches of its output over which marginal cost is one straight line: flat, or rising where its cost
is quadratic. What a unit can take (an output below 0) is demand at its bus that gives way at its cost; with
`commitment = "as given"` what it gives at least is an offer that must run.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from models.grid.case import Case
from models.grid.state import NONE
from scenarios import ScenarioError
from scenarios.grid.parameters import Parameters
from scenarios.schema import suggestion

FLAT_PER_MWH = 1e-6  # an offer that rises by less from end to end is flat


class Stretch(NamedTuple):
    """Outputs of a unit, MW, with one price."""

    unit: int
    low: float
    high: float
    must_run: bool


class Offers(NamedTuple):
    """Fixed order of the J offers: stretches of units by company, wind, storage, demand by bus."""

    case: Case
    agents: list[str]
    unit: np.ndarray  # (J,) also of demand that a unit takes; NONE for wind, storage and all other demand
    owner: np.ndarray  # (J,) company, NONE for wind, storage and demand
    bus: np.ndarray  # (J,)
    low: np.ndarray  # (J,) MW at which a stretch begins
    mw: np.ndarray  # (J,) of a stretch, 0 for wind, storage and demand of loads
    marginal: np.ndarray  # (J,) $/MWh, marginal cost where a stretch begins
    rise: np.ndarray  # (J,) $/MWh per MW by which it rises
    must_run: np.ndarray  # (J,) bool
    step: np.ndarray  # (J,) of demand: place among the steps of its bus, NONE for others
    first_offer: np.ndarray  # (C + 1,)
    wind: int  # offer of the wind park; storage follows
    home: np.ndarray  # (A,) bus
    storage: int  # agent
    regulator: int  # agent

    def costs(self, parameters: Parameters, where: str) -> np.ndarray:
        """Cost of supply, worth of demand, (J,) $/MWh."""
        case = self.case
        fuels = sorted(set(case.unit_fuel) - {""})
        if parameters.fuel and parameters.fuel not in fuels:
            known = f"its units burn {', '.join(fuels)}" if fuels else "it names no fuels; leave it empty for all"
            raise ScenarioError(f'{where}: fuel = "{parameters.fuel}": not in the case {case.name}; {known}')
        levels = max(parameters.elastic_steps, 1)
        worth = parameters.choke_price_per_mwh * (1 - (self.step + 0.5) / levels)
        worth = np.where(self.step < parameters.elastic_steps, worth, parameters.lost_load_per_mwh)
        cost = np.where(self.owner == NONE, self.marginal, self._fuel_scale(parameters) * self.marginal)
        return np.where(self.step == NONE, cost, worth)

    def rises(self, parameters: Parameters) -> np.ndarray:
        """Rise of the cost of supply, and of what demand that units take is worth, (J,) $/MWh per MW."""
        return np.where(self.owner == NONE, self.rise, self._fuel_scale(parameters) * self.rise)

    def _fuel_scale(self, parameters: Parameters) -> np.ndarray:
        """What the cost of the unit of each offer is multiplied with, (J,)."""
        burns = np.array([parameters.fuel in ("", fuel) for fuel in self.case.unit_fuel])
        scale: np.ndarray = np.where(burns, parameters.fuel_cost_scale, 1.0)[self.unit]
        return scale

    def capacities(self, parameters: Parameters, where: str) -> np.ndarray:
        """Capacity of supply, MW; share of its bus's load that a step of demand is, (J,)."""
        case = self.case
        for name in parameters.unit_outages:
            if name not in case.unit_names:
                known = ", ".join(case.unit_names[:12])
                hint = suggestion(name, case.unit_names)
                raise ScenarioError(f'{where}: unit_outages: there is no unit "{name}"; there are {known}.{hint}')
        share = parameters.elastic_share if parameters.elastic_steps else 0.0
        levels = max(parameters.elastic_steps, 1)
        demand = np.where(self.step < parameters.elastic_steps, share / levels, 1.0 - share)
        supply = np.where(self.owner == NONE, 0.0, self.mw * self._in_service(parameters))
        return np.where((self.step == NONE) | (self.unit != NONE), supply, demand)

    def taken(self, parameters: Parameters) -> np.ndarray:
        """What units would take at no price, (J,) MW: demand that gives way at its cost."""
        takes = (self.owner == NONE) & (self.unit != NONE)
        return np.where(takes, self.mw * self._in_service(parameters), 0.0)

    def output(self, mw: np.ndarray, taken: np.ndarray) -> np.ndarray:
        """MW that units give (U,), below 0 where they take, if offers run at `mw` (J,)."""
        by_offer = np.where(self.owner == NONE, mw - taken, mw)
        own = self.unit != NONE
        return np.bincount(self.unit[own], by_offer[own], len(self.case.unit_names))

    def _in_service(self, parameters: Parameters) -> np.ndarray:
        """Whether the unit of an offer is in service, (J,) bool."""
        runs = np.array([name not in parameters.unit_outages for name in self.case.unit_names])
        by_offer: np.ndarray = runs[self.unit]
        return by_offer


def layout(case: Case, parameters: Parameters, where: str) -> Offers:
    """Put all offers in order.

    Raises
    ------
    ScenarioError
        For choices that are no menu, and for buses that do not exist.
    """
    _check_choices(parameters, where)
    companies = list(dict.fromkeys(name for name, mw in zip(case.unit_company, case.max_mw, strict=True) if mw > 0))
    owners = np.array([companies.index(name) if name in companies else NONE for name in case.unit_company])
    as_given = parameters.commitment == "as given"
    given = [s for u in np.argsort(owners, kind="stable") for s in _gives(case, int(u), as_given)]
    wind = _bus(case, parameters.wind_bus, "wind_bus", where)
    storage = _bus(case, parameters.storage_bus, "storage_bus", where)
    demand = _demand(case, parameters.elastic_steps + 1)
    stretches = [*given, None, None, *(stretch for _, _, stretch in demand)]
    stores, regulates = bool(parameters.storage_bus), parameters.regulator
    agents = companies + ["Storage"] * stores + ["Regulator"] * regulates
    largest = [max(np.flatnonzero(owners == i), key=lambda u: case.max_mw[u]) for i in range(len(companies))]
    home = [int(case.unit_bus[u]) for u in largest] + [storage] * stores + [0] * regulates
    owner = owners[[s.unit for s in given]]
    marginal, rise = np.array([case.curve(s.unit).marginal(s.low, s.high) if s else (0.0, 0.0) for s in stretches]).T
    mw = np.array([s.high - s.low if s else 0.0 for s in stretches])
    return Offers(
        case=case,
        agents=agents,
        unit=np.array([s.unit if s else NONE for s in stretches], np.int64),
        owner=np.concatenate((owner, np.full(2 + len(demand), NONE))),
        bus=np.array(
            [*(case.unit_bus[s.unit] for s in given), wind, storage, *(bus for bus, _, _ in demand)], np.int64
        ),
        low=np.array([s.low if s else 0.0 for s in stretches]),
        mw=mw,
        marginal=marginal,
        rise=np.where(rise * mw < FLAT_PER_MWH, 0.0, rise),
        must_run=np.array([s is not None and s.must_run for s in stretches]),
        step=np.array([NONE] * (len(given) + 2) + [step for _, step, _ in demand]),
        first_offer=np.searchsorted(owner, np.arange(len(companies) + 1)),
        wind=len(given),
        home=np.array(home),
        storage=len(companies) if stores else NONE,
        regulator=len(agents) - 1 if regulates else NONE,
    )


def _gives(case: Case, unit: int, as_given: bool) -> list[Stretch]:
    """Stretches of what a unit can give."""
    least, most, curve = float(case.min_mw[unit]), float(case.max_mw[unit]), case.curve(unit)
    runs = max(least, 0.0) if as_given else 0.0
    edges = [(0.0, runs), *pairwise(curve.edges(runs, most))]
    return [Stretch(unit, low, high, place == 0) for place, (low, high) in enumerate(edges) if high > low]


def _demand(case: Case, levels: int) -> list[tuple[int, int, Stretch | None]]:
    """Bus, step and stretch of all demand, bus by bus: that of loads in steps, then what units take.

    What a unit takes at least is worth the value of lost load, as the last step of a load is.
    """
    found: list[tuple[int, int, Stretch | None]] = []
    for bus in range(len(case.bus_names)):
        if case.load_mw[:, bus].max() > 0:
            found += [(bus, step, None) for step in range(levels)]
        for unit in np.flatnonzero((case.unit_bus == bus) & (case.min_mw < 0)).tolist():
            most, gives_way = float(case.min_mw[unit]), min(float(case.max_mw[unit]), 0.0)
            edges = case.curve(unit).edges(most, gives_way)
            takes = pairwise(edges) if most < gives_way else ()
            found += [(bus, NONE, Stretch(unit, *ends, must_run=False)) for ends in takes]
            if gives_way < 0:
                found.append((bus, levels - 1, Stretch(unit, gives_way, 0.0, must_run=False)))
    return found


def _check_choices(parameters: Parameters, where: str) -> None:
    choices = parameters.choices
    most = 100.0 if parameters.strategy == "withhold" else 5000.0
    least = -5000.0 if parameters.strategy == "price" else 0.0
    if len(choices) < 2 or list(choices) != sorted(set(choices)) or choices[0] < least or choices[-1] > most:
        raise ScenarioError(
            f"{where}: choices = {list(choices)}: give two or more, rising, between {least:g} and {most:g} "
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
