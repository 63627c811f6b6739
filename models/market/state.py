"""Arrays of the markets.

A agents, M market makers, E arrivals in a tick, K actions, S states of inventory, P price levels of a ladder (0 where
there is none), L links counted from both ends, B regime blocks. Sides are 0 bid (buys) and 1 ask (sells). Prices,
cash, fees and sizes are whole numbers, so that ledgers balance to the last unit.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.limits import COUNT, FIXED, WHOLE, Limits, below, each, or_none

BID, ASK = 0, 1
ARRIVALS = 2**40  # room for the order of arrival below the price in a rank


class Book(NamedTuple):
    """Quotes that rest, at most one per agent and side; who may trade with whom; and everyone's account."""

    price: np.ndarray  # (2, A) int64
    size: np.ndarray  # (2, A) int64, 0 where there is no quote
    rank: np.ndarray  # (2, A) int64, price then time: smaller is better, NO_QUOTE where there is none
    arrived: np.ndarray  # (1,) int64, quotes posted so far
    start: np.ndarray  # (A + 1,) int64, where an agent's links start in `partner`
    partner: np.ndarray  # (L,) int64
    open: np.ndarray  # (L,) bool, links that are open now
    by_ladder: np.ndarray  # (1,) bool, everyone may trade with everyone, and queues by price are kept
    head: np.ndarray  # (2, P) int64, earliest quote at each price, -1 for none
    tail: np.ndarray  # (2, P) int64
    after: np.ndarray  # (2, A) int64, next quote at the same price
    before: np.ndarray  # (2, A) int64
    best: np.ndarray  # (2,) int64, best price of each side; -1 and P where there is none
    credit: np.ndarray  # (1,) bool, accounts may be overdrawn
    cash: np.ndarray  # (A,) int64
    shares: np.ndarray  # (A,) int64
    treasury: np.ndarray  # (1,) int64, fees and taxes paid so far
    last_price: np.ndarray  # (1,) int64

    def limits(self) -> Limits:
        """What a file may put into each array."""
        agents, levels = self.cash.size, self.head.shape[1]
        return {
            **each(FIXED, "start", "partner", "credit"),
            "size": COUNT,
            "arrived": below(ARRIVALS),
            **each(WHOLE, "rank", "cash", "shares", "treasury"),
            **each(or_none(agents), "head", "tail", "after", "before"),
            **each(below(levels) if levels else WHOLE, "price", "last_price"),
            "best": (-1, levels),
        }


PATH = 240  # ticks of the past that a picture shows


class ExchangeDerived(NamedTuple):
    """What follows from the parameters of each regime block of dealers and order books."""

    moves: np.ndarray  # (B, 4096) int64, equally likely moves of the value in a tick
    open: np.ndarray  # (B, L) bool, links that are open
    layout: np.ndarray  # (B,) int64, equal where the same links are open; 0 where all are
    makers_present: np.ndarray  # (B,) int64
    kinds: np.ndarray  # (B, 3) float64, share of arrivals below which they are informed, momentum, ZIP
    need: np.ndarray  # (B,) int64
    shading: np.ndarray  # (B,) int64
    fee: np.ndarray  # (B,) int64
    tax: np.ndarray  # (B,) int64
    tick_size: np.ndarray  # (B,) int64
    breaker: np.ndarray  # (B,) int64
    halt_ticks: np.ndarray  # (B,) int64
    inventory_cost: np.ndarray  # (B,) float64
    profit: np.ndarray  # (B, K) float64, expected profit per arrival of a maker alone; NaN where theory is silent


class ExchangeSum(IntEnum):
    """Sums over the open window."""

    POSTED = 0  # half-spreads that makers chose
    POSTED_NUMBER = 1
    SEEN = 2  # half-spreads that those who came saw
    SEEN_NUMBER = 3
    MAKERS = 4  # gains
    TRADERS = 5
    SPECULATORS = 6
    FILLED = 7  # gains from trade
    WANTED = 8
    VOLUME = 9  # shares
    MOVED = 10  # squares of the price's moves
    HALTED = 11  # ticks


class ExchangeState(NamedTuple):
    """Dealers and their customers, or an order book, as they stand."""

    derived: ExchangeDerived
    book: Book
    # fixed for a run
    maker: np.ndarray  # (M,) int64, agents who are makers
    is_maker: np.ndarray  # (A,) bool
    trader: np.ndarray  # (A - M,) int64
    half_spread: np.ndarray  # (K,) int64 of each action; -1 withdraws
    skew: np.ndarray  # (K,) int64
    inventory_limit: np.ndarray  # (1,) int64
    quote_size: np.ndarray  # (1,) int64
    order_size: np.ndarray  # (1,) int64
    orders_rest: np.ndarray  # (1,) bool
    price_levels: np.ndarray  # (1,) int64
    shares_start: np.ndarray  # (1,) int64, what makers count their inventory from
    # the value, and what traders know and need
    value: np.ndarray  # (1,) int64, known to all
    trend: np.ndarray  # (1,) float64, slow mean of the price
    layout: np.ndarray  # (1,) int64, of the links that are open now
    opening: np.ndarray  # (1,) int64, last price before this tick
    halted_until: np.ndarray  # (1,) int64, tick
    need: np.ndarray  # (A,) int64, private gain of the order each trader has in the book
    margin: np.ndarray  # (A,) float64, gain a ZIP trader asks for
    turn_order: np.ndarray  # (M,) int64, places in `maker`, shuffled anew every tick
    # the flow of the last tick, for learners in hindsight
    came: np.ndarray  # (E,) int64, trader, -1 where it wanted nothing
    came_side: np.ndarray  # (E,) int64
    came_reach: np.ndarray  # (E,) int64, worst distance from the mid it would have traded at
    came_size: np.ndarray  # (E,) int64
    posted: np.ndarray  # (2, A) int64, distance from the mid of each maker's quotes, FAR where it had none
    move: np.ndarray  # (1,) int64, of the value
    held: np.ndarray  # (A,) int64, makers' shares before the tick
    paid: np.ndarray  # (A,) int64, makers' cash before the tick
    gain: np.ndarray  # (A,) int64, of traders in this tick
    path: np.ndarray  # (4, PATH) float64, ring of value, price, best bid and best ask of makers; NaN for none
    # sums over the open window
    chosen: np.ndarray  # (M, K) int64, how often each maker chose each action
    chance: np.ndarray  # (M + 1,) float64, scratch of the best-response gap
    treasury_then: np.ndarray  # (1,) int64, fees and taxes before the window
    sums: np.ndarray  # (len(ExchangeSum),) float64

    def limits(self) -> Limits:
        """What a file may put into each array."""
        agents, prices = self.is_maker.size, below(self.price_levels[0])
        settings = ("inventory_limit", "quote_size", "order_size", "orders_rest", "price_levels", "shares_start")
        return {
            **each(FIXED, "derived", "maker", "is_maker", "trader", "half_spread", "skew", *settings),
            **each(prices, "value", "opening"),
            **each(WHOLE, "layout", "need", "came_reach", "posted", "move", "held", "paid", "gain", "treasury_then"),
            **each(COUNT, "halted_until", "came_size", "chosen"),
            "margin": prices,
            "turn_order": below(self.maker.size),
            "came": or_none(agents),
            "came_side": or_none(2),
        }


FAR = 2**40  # distance of a quote that is not there


class AuctionDerived(NamedTuple):
    """What follows from the parameters of each regime block of a double auction."""

    open: np.ndarray  # (B, L) bool, links that are open
    layout: np.ndarray  # (B,) int64, equal where the same links are open; 0 where all are
    fee: np.ndarray  # (B,) int64
    tax: np.ndarray  # (B,) int64
    tick_size: np.ndarray  # (B,) int64


class AuctionSum(IntEnum):
    """Sums over the days of the open window."""

    SURPLUS = 0
    BEST = 1  # the largest surplus there could have been
    TRADES = 2
    PRICES = 3
    SQUARES = 4  # of prices
    RESTED = 5  # gains of those whose quotes rested
    SPREAD = 6  # half-spreads seen
    SPREADS = 7
    SHADES = 8
    DECIDED = 9
    OFF = 10  # squared distances from the equilibrium price, as shares of it
    DAYS = 11
    BUYERS = 12  # gains


class Day(IntEnum):
    """Sums over today."""

    SURPLUS = 0
    TRADES = 1
    PRICES = 2
    SQUARES = 3


class AuctionState(NamedTuple):
    """Buyers and sellers of one unit a day as they stand."""

    derived: AuctionDerived
    book: Book
    # fixed for a run
    side: np.ndarray  # (A,) int64, BID buys, ASK sells
    top_value: np.ndarray  # (1,) int64
    redrawn: np.ndarray  # (1,) bool, values are new every day
    phases: np.ndarray  # (1,) int64
    passes: np.ndarray  # (1,) int64
    value_bins: np.ndarray  # (1,) int64
    shade: np.ndarray  # (K,) float64 of each action
    # the day
    value: np.ndarray  # (A,) int64
    active: np.ndarray  # (A,) bool, has not traded today
    limit: np.ndarray  # (A,) int64, price that each names
    named: np.ndarray  # (A,) bool, a rule has named the price of this tick itself
    order: np.ndarray  # (A,) int64, in which they come, shuffled anew every tick
    layout: np.ndarray  # (1,) int64, of the links that are open now
    best: np.ndarray  # (1,) float64, today's largest surplus if everyone met
    price: np.ndarray  # (1,) float64, and its equilibrium price
    quiet: np.ndarray  # (1,) bool, nobody traded in the last tick
    # the last decision, for learners in hindsight
    decided_value: np.ndarray  # (A,) int64
    decided: np.ndarray  # (A,) bool, decided in the last phase
    path: np.ndarray  # (4, PATH) float64, ring of equilibrium, last price, best bid and best ask; NaN for none
    # sums
    units: np.ndarray  # (2, V) int64, scratch: units of each side by value
    day: np.ndarray  # (len(Day),) float64
    treasury_then: np.ndarray  # (1,) int64, fees and taxes before the window
    sums: np.ndarray  # (len(AuctionSum),) float64

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {
            **each(FIXED, "derived", "side", "top_value", "redrawn", "phases", "passes", "value_bins", "shade"),
            **each(below(self.units.shape[1]), "value", "decided_value"),
            **each(WHOLE, "limit", "layout", "treasury_then"),
            "order": below(self.side.size),
            "units": COUNT,
        }
