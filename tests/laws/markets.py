"""Helpers of the tests of markets: small markets of every shape, and laws that hold in each of them at any time."""

import numpy as np

import models
import scenarios
from models.market.clearing import NO_QUOTE
from models.market.state import ASK, BID


def market(kind="order_book", learner="random", seed=1, regime=(), **changes):
    """A market without regimes, unless given."""
    names = {"dealers": "entry_and_exit", "double_auction": "one_pair", "order_book": "order_book"}
    scenario = scenarios.load(f"market/{names[kind]}")
    scenario = scenario.model_copy(update={"regime": tuple(regime), "repeat": False})
    return models.make(scenario, learner=learner, seed=seed, **changes)


def check_ledgers(world, cash, shares):
    """Cash and fees add up to what there was, and shares to theirs; without credit nobody owes anything."""
    book = world.state.book
    assert book.cash.sum() + book.treasury[0] == cash and book.shares.sum() == shares
    assert book.credit[0] or (book.cash.min() >= 0 and book.shares.min() >= 0)


def check_edges(world):
    """No bid of an agent reaches the ask of a neighbour, and nobody's bid its own ask."""
    book = world.state.book
    for i in range(book.cash.size):
        for e in range(book.start[i], book.start[i + 1]):
            j = book.partner[e]
            if book.open[e] and book.size[BID, i] > 0 and book.size[ASK, j] > 0:
                assert book.price[BID, i] < book.price[ASK, j]
        if book.size[BID, i] > 0 and book.size[ASK, i] > 0:
            assert book.price[BID, i] < book.price[ASK, i]


def check_queues(world):
    """The ladder holds exactly the quotes that rest, by price and in the order they came."""
    book = world.state.book
    assert np.array_equal(book.size > 0, book.rank != NO_QUOTE)
    if not book.by_ladder[0]:
        return
    for side in (BID, ASK):
        queued = []
        for price in np.flatnonzero(book.head[side] >= 0):
            i, last = book.head[side, price], -np.inf
            while i >= 0:
                assert book.price[side, i] == price and book.rank[side, i] > last
                queued.append(int(i))
                last, i = book.rank[side, i], book.after[side, i]
        assert sorted(queued) == np.flatnonzero(book.size[side]).tolist()
        if queued:
            best = min if side == ASK else max
            assert book.best[side] == best(book.price[side, queued])


def check(world, cash, shares):
    """All of these."""
    check_ledgers(world, cash, shares)
    check_edges(world)
    check_queues(world)
