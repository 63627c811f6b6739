"""Arrays of the power market.

A agents (companies, then a storage unit, then a regulator, where there are such), K choices, n buses, L lines, U units,
J offers: the stretches of every unit by company, then wind, storage and demand (bus by bus: elastic steps of its load,
then what is worth the value of lost load, then what units take), B regime blocks,
T hours of the series of the case (24, or whole days more). One tick is one hour; hour = tick mod T.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.limits import FINITE, FIXED, Limits, below, each
from models.grid.clearing import Clearing, Workspace

HOURS = 24  # of a day
MARKUP, WITHHOLD, PRICE = 0, 1, 2
NOTHING, HOUR, LOAD, MARKET = 0, 1, 2, 3  # what companies see
NODAL, UNIFORM, PAY_AS_BID = 0, 1, 2
BY_TRUTH, BY_REPLIES, BY_CARTEL = 0, 1, 2  # rows of `Derived.mark`
NONE = -1  # agent of an offer that is nobody's

# Numbers of a regime block, in the order of `Derived.number`.
NUMBERS = (
    "price_cap_per_mwh", "lost_load_per_mwh", "demand_noise", "solar_mw", "wind_mw", "weather_noise",
    "forced_outage_rate", "storage_mw", "storage_mwh", "storage_efficiency", "lowest_cap_per_mwh",
)  # fmt: skip
CAP, LOST_LOAD, DEMAND_NOISE, SOLAR, WIND, WEATHER_NOISE, FORCED_OUTAGE = range(7)
STORAGE_MW, STORAGE_MWH, EFFICIENCY, LOWEST_CAP = range(7, 11)


class Sum(IntEnum):
    """Sums over the open window; GAP is the largest."""

    PAYMENT = 0  # $
    SERVED = 1  # MWh
    COST = 2  # $
    PROFIT = 3  # $, of all companies
    UNSERVED = 4  # MWh
    RENT = 5  # $
    MARGIN = 6  # MWh, of marginal offers, each times (price - cost) / price
    MARGINAL = 7  # MWh, of marginal offers
    HHI = 8
    SUPPLY_INDEX = 9
    GAP = 10
    DEGENERATE = 11  # hours
    BEST_REPLY = 12  # $, what companies would earn at the equilibrium
    CARTEL = 13  # $, and in a cartel


class Derived(NamedTuple):
    """What follows from the parameters of each regime block."""

    number: np.ndarray  # (B, len(NUMBERS)) float64
    pricing: np.ndarray  # (B,) NODAL, UNIFORM or PAY_AS_BID
    in_service: np.ndarray  # (B, L) bool
    limit: np.ndarray  # (B, L) MW
    by_bus: np.ndarray  # (B, n, L) PTDF
    by_line: np.ndarray  # (B, L, n) the same, transposed
    line_island: np.ndarray  # (B, L) int64
    bus_island: np.ndarray  # (B, n) int64
    islands: np.ndarray  # (B,) int64
    cost: np.ndarray  # (B, J) $/MWh, marginal cost of supply where an offer begins; what demand is worth
    rise: np.ndarray  # (B, J) $/MWh per MW by which cost grows with output, from the one above
    capacity: np.ndarray  # (B, J) MW, of supply; share of the load of a bus that a step of demand is
    taken: np.ndarray  # (B, J) MW that units would take at no price, by the offer of their giving way
    taken_load: np.ndarray  # (B, n) MW of them at each bus
    taken_island: np.ndarray  # (B, n) MW in each island
    taken_flow: np.ndarray  # (B, L) MW that they put on the lines
    available: np.ndarray  # (B, T, U) MW that units can give at most; (B, 0, U) where it is always all
    load: np.ndarray  # (B, T, n) MW
    island_load: np.ndarray  # (B, T, n) MW of each island
    total_load: np.ndarray  # (B, T) MW
    load_flow: np.ndarray  # (B, T, L) MW that serving the load alone would put on the lines
    shift_flow: np.ndarray  # (B, L) MW that phase shifters put on the lines
    mark: np.ndarray  # (B, T, 3, 4) by truth, best replies, a cartel: joint profit, cost, payment $/h, served MW


class GridState(NamedTuple):
    """The market as it stands."""

    derived: Derived
    now: Clearing  # the hour that was cleared last
    trial: Clearing  # hours that are only imagined, for replies and regret
    workspace: Workspace
    choice: np.ndarray  # (K,) markups or shares withheld, 1 = 100 %, or prices in $/MWh
    strategy: np.ndarray  # (1,) MARKUP, WITHHOLD or PRICE
    sees: np.ndarray  # (1,)
    unit: np.ndarray  # (J,) unit of each offer, NONE for wind, storage and demand
    owner: np.ndarray  # (J,) company of each offer, NONE for wind, storage and demand
    bus: np.ndarray  # (J,) bus of each offer
    low: np.ndarray  # (J,) MW of its unit at which an offer begins
    must_run: np.ndarray  # (J,) bool, offers of least output
    keeps: np.ndarray  # (1,) bool, whether there are such
    bid: np.ndarray  # (J,) $/MWh, what they ask for while the market clears
    first_offer: np.ndarray  # (C + 1,) offers of company i are first_offer[i] ... first_offer[i + 1] - 1
    wind_offer: np.ndarray  # (1,); storage follows it, then demand
    home: np.ndarray  # (A,) bus of an agent
    storage: np.ndarray  # (1,) agent that is the storage unit, NONE if there is none
    regulator: np.ndarray  # (1,) agent that sets the cap, NONE if there is none
    working: np.ndarray  # (U,) bool, units that are not broken
    weather: np.ndarray  # (3,) standard normal: load, clouds and wind of the coming hour
    stored_mwh: np.ndarray  # (1,)
    cap_per_mwh: np.ndarray  # (1,) price cap in force
    choices: np.ndarray  # (HOURS, A) what each agent did the last time it was this hour
    price: np.ndarray  # (n,) $/MWh at the buses in the last hour
    profit: np.ndarray  # (A,) $ in the last hour
    asked: np.ndarray  # (A,) choices of the hour that is imagined
    reply: np.ndarray  # (K,) profit of each choice of the company that is asked
    regret: np.ndarray  # (A,) $/h, at the hour sampled last: what each company's best reply would have earned more
    sums: np.ndarray  # (len(Sum),)

    def limits(self) -> Limits:
        """What a file may put into each array."""
        offers = ("unit", "owner", "bus", "low", "must_run", "keeps", "first_offer", "wind_offer")
        return {
            **each(FIXED, "derived", "choice", "strategy", "sees", *offers, "home", "storage", "regulator"),
            **each(FINITE, "weather", "cap_per_mwh", "price"),
            **each(below(self.choice.size), "choices", "asked"),
            "stored_mwh": (0, 1e9),
        }
