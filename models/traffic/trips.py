"""The demand of a road case: where trips lead, when, and by which way.

Trips and flows become mean arrivals by slot of `SLOT_S`, which repeat after the period of the case; vehicles are drawn
from them (Poisson), so that two seeds meet the same demand and not the same vehicles. A pair is a gate, a destination
and a route, if the case gives one.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from models.networks.roads.case import RoadCase
from models.traffic.network import Network
from models.traffic.routes import Pairs
from models.traffic.state import EXIT
from scenarios import ScenarioError
from scenarios.traffic.parameters import Parameters

SLOT_S = 300


class Trips(NamedTuple):
    """Demand by slot; S slots, P pairs, G gates."""

    pairs: Pairs
    rates: np.ndarray  # (S, P) veh/s
    turning: np.ndarray  # (S, G) veh/s, of vehicles without destination
    given: list[list[int]]  # (P,) turns of the route that the case gives; empty: to be found
    slot_s: int

    def by_gate(self) -> np.ndarray:
        """Arrivals (S, G) in veh/s, of all vehicles."""
        rates = self.turning.copy()
        np.add.at(rates.T, self.pairs.origin, self.rates.T)
        return rates


def read(case: RoadCase, p: Parameters, net: Network, where: str) -> Trips:
    """The demand of a case on its network (raises ScenarioError; `where` opens the message)."""
    where = f"{where}: case = {p.case!r}"
    if p.demand_csv:
        raise ScenarioError(f"{where}: demand_csv belongs to graphs; a case has its own demand.csv and trips.csv")
    slots = max(round(case.about.period_s / SLOT_S), 1)
    slot_s = round(case.about.period_s / slots)
    flows = [_flow(case, row, slots, slot_s) for row in case.demand.itertuples()]
    demand = case.demand[["from_link", "to_link"]].assign(route="", rates=flows)
    trips = case.trips[["from_link", "to_link", "route"]].assign(rates=_departures(case, slots, slot_s))
    rows = pd.concat((demand, trips), ignore_index=True)
    gates = {net.links[link]: gate for gate, link in enumerate(net.gate_link)}
    turning = np.zeros((slots, len(gates)))
    for row in rows[rows.to_link == ""].itertuples():
        turning[:, gates[row.from_link]] += row.rates
    headed = rows[rows.to_link != ""]
    if turning.any() and len(headed):
        raise ScenarioError(f"{where}: some demand has a to_link and some has none; give all rows one, or none")
    drivers = "travel" if len(headed) else "turn"
    if p.drivers != drivers:
        what = "has destinations" if len(headed) else "has no destinations"
        raise ScenarioError(f'{where}: its demand {what}; set drivers = "{drivers}"')
    ends = {name: d for d, name in enumerate(net.destinations)}
    grouped = headed.assign(gate=headed.from_link.map(gates), end=headed.to_link.map(ends)).groupby(
        ["gate", "end", "route"], sort=True
    )
    keys = list(grouped.groups)
    rates = np.stack([np.sum(part.to_list(), axis=0) for _, part in grouped.rates], axis=1) if keys else turning[:, :0]
    gate, end = np.array([key[:2] for key in keys], np.int64).reshape(-1, 2).T
    routes = {name: part.sort_values("place").link.tolist() for name, part in case.routes.groupby("route")}
    given = [_turns(net, routes[route], where) if route else [] for *_, route in keys]
    return Trips(Pairs(gate.copy(), end.copy()), rates, turning, given, slot_s)


def _flow(case: RoadCase, row: Any, slots: int, slot_s: int) -> np.ndarray:
    """Rates (S,) in veh/s of a row of the demand."""
    begins = case.about.start_s + slot_s * np.arange(slots)
    shared = np.minimum(row.end_s, begins + slot_s) - np.maximum(row.start_s, begins)
    rates: np.ndarray = row.veh_per_h / 3600 * np.maximum(shared, 0) / slot_s
    return rates


def _departures(case: RoadCase, slots: int, slot_s: int) -> list[np.ndarray]:
    """Rates (S,) in veh/s that each trip adds."""
    slot = ((case.trips.depart_s.to_numpy() - case.about.start_s) // slot_s).astype(np.int64)
    return list(np.eye(slots)[np.clip(slot, 0, slots - 1)] / slot_s)


def _turns(net: Network, links: list[str], where: str) -> list[int]:
    """The turns of a route, the one that leads out of the network included."""
    number = {name: link for link, name in enumerate(net.links)}
    way, turns = [number[link] for link in links], []
    for link, target in zip(way, [*way[1:], EXIT], strict=True):
        first, last = net.first_turn[link : link + 2]
        found = first + np.flatnonzero(net.target[first:last] == target)
        if not found.size:
            raise ScenarioError(f"{where}: no turn leads from {net.links[link]} to {net.links[target]}")
        turns.append(int(found[0]))
    return turns
