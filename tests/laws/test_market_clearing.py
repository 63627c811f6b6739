"""The clearing rule: hand-made books, and laws that hold after every tick of any market."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.generic import entry
from engine.loop import advance
from models.market import clearing
from models.market.state import ASK, BID, ExchangeSum
from scenarios.schema import Regime
from tests.laws.markets import check, market

GRAPHS = [
    {"graph": "complete"},
    {"graph": "watts_strogatz", "degree": 4, "rewire": 0.3},
    {"graph": "ring"},
    {"graph": "star"},
    {"graph": "barabasi_albert", "degree": 2},
]


def offer(book, i, side, price, size, fee, tax):
    """An order as the worlds send it. Returns the last counterparty and the shares traded."""
    met = np.zeros(2, np.int64)
    send(book, i, side, price, size, fee, tax, met)
    return tuple(met.tolist())


@entry
def send(book, i, side, price, size, fee, tax, met):
    """Meet, then rest; write into `met` the last counterparty and the shares traded."""
    left, last = size, -1
    while left > 0:
        j, _, traded = clearing.meet(book, i, side, price, left, fee, tax)
        if j < 0:
            break
        left, last = left - traded, j
    if left > 0 and j == clearing.NOBODY:
        clearing.post(book, i, side, price, left, fee)
    met[0], met[1] = last, size - left


def book_of(links, agents=4, levels=0, credit=True, cash=0, shares=0):
    near = [sorted({j for pair in links for j in pair if i in pair and j != i}) for i in range(agents)]
    return clearing.make_book(near, levels, credit, cash, shares)


COMPLETE = [(i, j) for i in range(4) for j in range(i)]
both = pytest.mark.parametrize("levels", [0, 64], ids=["scan", "ladder"])


@both
def test_an_order_meets_the_best_price_then_the_earliest_at_the_resting_price(levels):
    book = book_of(COMPLETE, levels=levels)
    for i, price in ((1, 12), (2, 10), (3, 10)):
        offer(book, i, ASK, price, 1, 0, 0)
    assert offer(book, 0, BID, 20, 2, 0, 0) == (3, 2)
    assert book.cash.tolist() == [-20, 0, 10, 10] and book.shares.tolist() == [2, 0, -1, -1]


@both
def test_what_is_left_of_an_order_rests_at_its_own_limit(levels):
    book = book_of(COMPLETE, levels=levels)
    offer(book, 1, ASK, 10, 2, 0, 0)
    assert offer(book, 0, BID, 11, 5, 0, 0) == (1, 2)
    assert book.price[BID, 0] == 11 and book.size[BID, 0] == 3


def test_an_order_passes_the_better_quote_of_a_stranger():
    """0 - 1 and 2 - 3 are linked: 3 asks less, but 0 can only meet 1; the book as a whole is crossed, no edge is."""
    book = book_of([(0, 1), (2, 3)])
    offer(book, 3, ASK, 5, 1, 0, 0)
    offer(book, 1, ASK, 9, 1, 0, 0)
    assert offer(book, 0, BID, 8, 1, 0, 0) == (-1, 0)
    assert offer(book, 0, BID, 9, 1, 0, 0) == (1, 1)


@both
def test_fees_are_paid_by_the_side_that_rested_and_taxes_by_the_one_that_came(levels):
    book = book_of(COMPLETE, levels=levels)
    offer(book, 1, ASK, 10, 3, 2, 1)
    offer(book, 0, BID, 10, 3, 2, 1)
    assert book.cash.tolist() == [-33, 24, 0, 0] and book.treasury[0] == 9


@both
def test_nobody_buys_more_than_cash_allows_or_sells_what_is_not_there(levels):
    book = book_of(COMPLETE, levels=levels, credit=False, cash=25, shares=2)
    offer(book, 1, ASK, 10, 5, 0, 0)
    assert book.size[ASK, 1] == 2  # no more is there to deliver
    offer(book, 2, ASK, 10, 2, 0, 0)
    assert offer(book, 0, BID, 10, 4, 0, 0) == (1, 2)  # 25 pay for two
    assert book.cash.tolist() == [5, 45, 25, 25] and book.size[BID, 0] == 0


def test_a_quote_that_can_no_longer_pay_is_withdrawn_when_somebody_meets_it():
    book = book_of(COMPLETE, credit=False, cash=20, shares=5)
    offer(book, 1, BID, 10, 2, 0, 0)
    book.cash[1] = 0
    offer(book, 2, BID, 8, 1, 0, 0)
    assert offer(book, 0, ASK, 5, 1, 0, 0) == (2, 1) and book.size[BID, 1] == 0


orders = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(1, 30), st.integers(1, 4)), min_size=1, max_size=80
)


@given(orders, st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_ladder_and_scan_make_identical_trades(flow, fee, tax, credit):
    """On a complete graph, whatever is sent, by hand and order for order; nobody ever trades with itself."""
    links = [(i, j) for i in range(6) for j in range(i)]
    books = [book_of(links, 6, levels, credit, cash=100, shares=6) for levels in (0, 32)]
    for i, side, price, size in flow:
        met = []
        for book in books:
            cancel(book, i)
            met.append(offer(book, i, side, price, size, fee, tax))
        assert met[0] == met[1] and met[0][0] != i
        for name in ("cash", "shares", "size"):
            assert np.array_equal(getattr(books[0], name), getattr(books[1], name))


@entry
def cancel(book, i):
    """Both quotes of an agent."""
    clearing.withdraw(book, BID, i)
    clearing.withdraw(book, ASK, i)


@given(orders)
def test_the_earliest_of_the_best_feasible_quotes_trades_first(flow):
    """Against a list kept by hand on a ring: neighbours only, price first, then time."""
    book, kept = book_of([(i, (i + 1) % 6) for i in range(6)], 6), []
    for i, side, price, _ in flow:
        cancel(book, i)
        kept = [quote for quote in kept if quote[0] != i]
        near = {(i - 1) % 6, (i + 1) % 6}
        sign = 1 if side == BID else -1
        crossing = [q for q in kept if q[0] in near and q[1] != side and sign * (price - q[2]) >= 0]
        expected = min(crossing, key=lambda q: sign * q[2])[0] if crossing else -1
        assert offer(book, i, side, price, 1, 0, 0)[0] == expected
        if expected >= 0:
            kept = [q for q in kept if q[0] != expected]
        else:
            kept.append((i, side, price))


@settings(max_examples=25)
@given(
    st.sampled_from(GRAPHS), st.booleans(), st.integers(0, 3), st.integers(0, 3), st.integers(1, 5), st.integers(1, 3),
    st.integers(1, 9), st.sampled_from([1, 15]), st.integers(0, 99),
)  # fmt: skip
def test_the_laws_of_a_book_hold_at_any_time(graph, credit, fee, tax, tick_size, parts, order_size, arrivals, seed):
    """Through a shock, a split, an exit and back: ledgers balance, no edge crosses, queues are in order."""
    calm, after = (Regime(name=name, ticks=25 * 15 // arrivals) for name in ("calm", "after"))
    shock = calm.model_copy(
        update={"name": "shock", "change": {"volatility": 8.0, "parts": parts, "makers_present": 1, "breaker": 15}}
    )
    world = market(
        "order_book", seed=seed, regime=[calm, shock, after], **graph, nodes=12, makers=3, arrivals=arrivals,
        price_levels=600, credit=credit, cash=3_000, shares=8, fee=fee, tax=tax, tick_size=tick_size,
        order_size=order_size, informed_share=0.3, momentum_share=0.3,
    )  # fmt: skip
    for _ in range(3 * calm.ticks):
        world.step()
        check(world, cash=12 * 3_000, shares=12 * 8)


@settings(max_examples=25)
@given(st.sampled_from(GRAPHS[:3]), st.integers(0, 3), st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
def test_the_laws_of_a_double_auction_hold_after_every_tick(graph, cost, tick_size, parts, seed):
    """With zero-intelligence traders, none of whom ever loses: individual rationality."""
    split = Regime(name="split", ticks=30, change={"parts": parts})
    world = market(
        "double_auction", "zero_intelligence", seed, [Regime(name="whole", ticks=30), split],
        **graph, nodes=12, passes=6, fee=cost, tax=3 - cost, tick_size=tick_size, top_value=60,
    )  # fmt: skip
    for _ in range(90):
        world.step()
        check(world, cash=0, shares=0)
        assert world.turn.rewards.min() >= 0


@entry
def violations(world, turn, rng, ticks, cash, shares):
    """Ticks of one arrival each, makers acting at random and regimes taking turns; counts laws broken after each."""
    book, broken = world.book, 0
    for tick in range(ticks):
        turn.block[0] = tick // 1_000 % world.derived.fee.size
        for i in range(book.cash.size):
            turn.actions[i] = int(rng.random() * world.half_spread.size)
        advance(world, turn, rng)
        turn.tick[0] += 1
        paid, held = book.treasury[0], 0
        for i in range(book.cash.size):
            paid += book.cash[i]
            held += book.shares[i]
            broken += not book.credit[0] and (book.cash[i] < 0 or book.shares[i] < 0)
            broken += book.size[BID, i] > 0 and book.size[ASK, i] > 0 and book.price[BID, i] >= book.price[ASK, i]
            for e in range(book.start[i], book.start[i + 1]):
                j = book.partner[e]
                both = book.open[e] and book.size[BID, i] > 0 and book.size[ASK, j] > 0
                broken += both and book.price[BID, i] >= book.price[ASK, j]
        broken += (paid != cash) + (held != shares)
    return broken


@pytest.mark.parametrize("credit", [True, False], ids=["credit", "cash"])
@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph["graph"])
def test_no_law_is_broken_in_a_million_events(graph, credit):
    """Checked after every arrival, through shocks, splits, exits, fees and halts."""
    exit_and_halt = {"makers_present": 1, "breaker": 15, "tick_size": 4}
    changes = ({}, {"volatility": 8.0, "fee": 3}, {"parts": 2, "tax": 2}, exit_and_halt)
    regime = [Regime(name=str(n), ticks=1, change=change) for n, change in enumerate(changes)]
    world = market(
        "order_book", regime=regime, **graph, nodes=12, makers=3, arrivals=1, price_levels=600, credit=credit,
        cash=3_000, shares=8, informed_share=0.3, momentum_share=0.3,
    )  # fmt: skip
    assert violations(world.state, world.turn, world.rng, 1_000_000 // 7, 12 * 3_000, 12 * 8) == 0
    assert world.state.sums[ExchangeSum.VOLUME] > 1_000  # it is no empty market


def test_a_whole_order_book_is_the_same_by_ladder_and_by_scan():
    ladder, scan = (market("order_book", "q", graph="complete", tax=1, fee=1) for _ in range(2))
    scan.state.book.by_ladder[0] = False
    ladder.run(3_000)
    scan.run(3_000)
    assert ladder.record.frame().equals(scan.record.frame())
    for name in ("cash", "shares", "price", "size", "rank"):
        assert np.array_equal(getattr(ladder.state.book, name), getattr(scan.state.book, name))
