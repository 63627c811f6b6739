"""The benchmark's plain market lives the same life as ours, so that comparing their speeds is fair."""

from benchmarks.plain_market import PlainMarket
from tests.laws.markets import market


def test_a_plain_market_makes_the_same_trades_tick_by_tick():
    world = market("order_book", "truthful", graph="complete")
    plain = PlainMarket(world)
    for _ in range(150):
        world.step()
        plain.step([0] * len(plain.makers))
        assert plain.exchange.last_price == world.state.book.last_price[0]
        assert [trader.cash for trader in plain.traders] == world.state.book.cash.tolist()
        assert [trader.shares for trader in plain.traders] == world.state.book.shares.tolist()
    assert plain.exchange.trades > 1_000
