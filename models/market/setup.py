"""From parameters to the arrays of a market: what follows from a regime block, and the state of tick 0."""

from typing import Any

import numpy as np

from models.market import clearing, places, spreads, theory
from models.market.state import (
    FAR,
    PATH,
    AuctionDerived,
    AuctionState,
    AuctionSum,
    Book,
    Day,
    ExchangeDerived,
    ExchangeState,
    ExchangeSum,
)  # fmt: skip
from scenarios.market.parameters import Parameters


def choices(p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Half-spread and skew (K,) of each action of a maker; half-spread -1 withdraws."""
    pairs = [(h, s) for h in p.half_spreads for s in p.skews] + ([(-1, 0)] if p.may_withdraw else [])
    half_spread, skew = np.array(pairs, np.int64).T
    return half_spread.copy(), skew.copy()


def exact_profit(p: Parameters) -> np.ndarray:
    """Expected profit per arrival (K,) of a maker alone at each half-spread; NaN where theory is silent."""
    full = p.market == "dealers" and p.parts == 1 and (p.links == 0 or p.links >= p.makers)
    plain = p.skews == (0,) and p.inventory_limit == 0 and p.tick_size == 1 and p.breaker == 0 and p.shading == 0
    others = (1 - p.informed_share) * (p.momentum_share + (1 - p.momentum_share) * p.zip_share)
    enough = p.quote_size >= p.arrivals * p.order_size
    half_spread, _ = choices(p)
    if not (full and plain and enough and others == 0.0 and p.credit):
        return np.full(len(half_spread), np.nan)
    earned = spreads.profit(np.array(p.half_spreads), p.volatility, p.informed_share, p.need, p.fee, p.tax)
    return np.append(earned, 0.0) if p.may_withdraw else earned


def derive_exchange(world: Any, p: Parameters) -> ExchangeDerived:
    """What follows from the parameters of one regime block of dealers or an order book."""
    opened, layout = places.open_links(p, world.partners)
    informed = p.informed_share
    momentum = informed + (1 - informed) * p.momentum_share
    kinds = np.array([informed, momentum, momentum + (1 - momentum) * p.zip_share])
    whole = {name: np.array(getattr(p, name)) for name in (
        "makers_present", "need", "shading", "fee", "tax", "tick_size", "breaker", "halt_ticks", "inventory_cost",
    )}  # fmt: skip
    return ExchangeDerived(
        moves=spreads.moves(p.volatility), open=opened, layout=np.array(layout), kinds=kinds, profit=exact_profit(p),
        **whole,
    )  # fmt: skip


def derive_auction(world: Any, p: Parameters) -> AuctionDerived:
    """What follows from the parameters of one regime block of a double auction."""
    opened, layout = places.open_links(p, world.partners)
    return AuctionDerived(opened, np.array(layout), np.array(p.fee), np.array(p.tax), np.array(p.tick_size))


def _book(world: Any, p: Parameters, derived: Any, levels: int, price: int, credit: bool) -> Book:
    """An empty book with the links of the first block; a ladder where everyone may trade with everyone."""
    agents = len(world.partners)
    graph = world.graph
    complete = graph.number_of_edges() == agents * (agents - 1) // 2
    book = clearing.make_book(world.partners, levels if complete else 0, credit, p.cash, p.shares)
    book.open[:] = derived.open[0]
    book.by_ladder[0] = complete and derived.layout[0] == 0
    book.last_price[0] = price
    return book


def exchange(world: Any, derived: ExchangeDerived) -> ExchangeState:
    """Dealers, or an order book, before anybody has come."""
    p = world.parameters_at_reset
    agents, start = len(world.partners), p.price_levels // 2
    maker = places.maker_nodes(p, agents)
    is_maker = np.isin(np.arange(agents), maker)
    half_spread, skew = choices(p)
    counts = {name: np.zeros(agents, np.int64) for name in ("need", "held", "paid", "gain")}
    flow = {name: np.zeros(p.arrivals, np.int64) for name in ("came_side", "came_reach", "came_size")}
    scalars = {name: np.array([getattr(p, name)]) for name in ("inventory_limit", "quote_size", "order_size")}
    levels = p.price_levels if p.market == "order_book" else 0
    return ExchangeState(
        derived=derived,
        book=_book(world, p, derived, levels, start, p.credit),
        maker=maker,
        is_maker=is_maker,
        trader=np.flatnonzero(~is_maker),
        half_spread=half_spread,
        skew=skew,
        orders_rest=np.array([p.market == "order_book"]),
        price_levels=np.array([p.price_levels]),
        shares_start=np.array([p.shares]),
        value=np.array([start]),
        trend=np.array([float(start)]),
        layout=derived.layout[:1].copy(),
        opening=np.array([start]),
        halted_until=np.zeros(1, np.int64),
        margin=np.zeros(agents),
        turn_order=np.arange(len(maker)),
        came=np.full(p.arrivals, -1),
        posted=np.full((2, agents), FAR),
        move=np.zeros(1, np.int64),
        path=np.full((4, PATH), np.nan),
        chosen=np.zeros((len(maker), len(half_spread)), np.int64),
        chance=np.zeros(len(maker) + 1),
        treasury_then=np.zeros(1, np.int64),
        sums=np.zeros(len(ExchangeSum)),
        **counts,
        **flow,
        **scalars,
    )


def auction(world: Any, derived: AuctionDerived) -> AuctionState:
    """A double auction on the morning of its first day."""
    p = world.parameters_at_reset
    agents = len(world.partners)
    value = theory.ladder(agents, p.top_value)
    if p.values == "uniform":
        value = (world.rng.random(agents) * (p.top_value + 1)).astype(np.int64)
    side = places.sides(agents)
    surplus, _, low, high = theory.competitive_equilibrium(value[side == 0], value[side == 1])
    counts = {name: np.zeros(agents, np.int64) for name in ("limit", "decided_value")}
    scalars = {name: np.array([getattr(p, name)]) for name in ("top_value", "phases", "passes", "value_bins")}
    return AuctionState(
        derived=derived,
        book=_book(world, p, derived, p.top_value + 1, p.top_value // 2, credit=True),
        side=side,
        redrawn=np.array([p.values == "uniform"]),
        shade=np.array(p.shades),
        value=value,
        active=np.ones(agents, bool),
        named=np.zeros(agents, bool),
        order=np.arange(agents),
        layout=derived.layout[:1].copy(),
        best=np.array([surplus]),
        price=np.array([(low + high) / 2]),
        quiet=np.ones(1, bool),
        decided=np.zeros(agents, bool),
        path=np.full((4, PATH), np.nan),
        units=np.zeros((2, p.top_value + 1), np.int64),
        day=np.zeros(len(Day)),
        treasury_then=np.zeros(1, np.int64),
        sums=np.zeros(len(AuctionSum)),
        **counts,
        **scalars,
    )


def network_efficiency(world: Any, p: Parameters) -> float:
    """Share of the largest surplus that the open links allow, for uniform values."""
    opened, _ = places.open_links(p, world.partners)
    ends = [(i, j) for i, near in enumerate(world.partners) for j in near]
    links = np.array(ends).reshape(-1, 2)[opened]
    return theory.topology_efficiency(places.sides(len(world.partners)) == 0, links, p.top_value)
