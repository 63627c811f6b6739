"""The order book as a plain Python loop: traders, orders and a book as objects, one method call per order.

This is how exchanges for teaching are usually written; after the published style of the Bristol Stock Exchange (Cliff
2018, 30th European Modelling and Simulation Symposium): a book of dictionaries from price to queue, best prices found
anew at every order, and an anonymous book published after each. It takes the random stream from a world of ours on a
complete graph and lives the same life, trade by trade (`tests/laws/test_plain_market.py`); its makers do not learn,
ours do.

    python -m benchmarks.plain_market
"""

import time

import models
from engine.snapshot import copy_generator
from models.market import setup

BUY, SELL = "buy", "sell"
MEMORY = 0.05


class Order:
    """What one trader wants."""

    def __init__(self, trader, side, price, size, need=0):
        self.trader, self.side, self.price, self.size, self.need = trader, side, price, size, need


class Trader:
    """An account and what it needs."""

    def __init__(self, number, cash, shares):
        self.number, self.cash, self.shares, self.margin = number, cash, shares, 0.0

    def can(self, side, price, size):
        """Shares it can pay for or deliver."""
        return min(size, self.cash // price) if side == BUY else min(size, self.shares)


class Exchange:
    """Queues by price, and the last price."""

    def __init__(self, price):
        self.queues = {BUY: {}, SELL: {}}
        self.mine = {}  # (trader, side) -> order
        self.last_price, self.trades = price, 0
        self.published = None

    def best(self, side):
        """Best price of a side, None where it is empty."""
        prices = self.queues[side].keys()
        return (max(prices) if side == BUY else min(prices)) if prices else None

    def cancel(self, trader):
        """All orders of a trader."""
        for side in (BUY, SELL):
            order = self.mine.pop((trader.number, side), None)
            if order is not None:
                self.remove(order)

    def remove(self, order):
        """An order from its queue."""
        queue = self.queues[order.side][order.price]
        queue.remove(order)
        if not queue:
            del self.queues[order.side][order.price]
        self.mine.pop((order.trader.number, order.side), None)

    def send(self, order, rests):
        """Meet what crosses, then rest."""
        other = SELL if order.side == BUY else BUY
        broke = False
        while order.size > 0:
            price = self.best(other)
            if price is None or (price > order.price if order.side == BUY else price < order.price):
                break
            quote = self.queues[other][price][0]
            offered = quote.trader.can(other, price, quote.size)
            if offered <= 0:
                self.remove(quote)
                continue
            size = order.trader.can(order.side, price, min(order.size, offered))
            if size <= 0:
                broke = True
                break
            self.trade(order, quote, price, size)
        if rests and order.size > 0 and not broke:
            order.size = order.trader.can(order.side, order.price, order.size)
            if order.size > 0:
                self.queues[order.side].setdefault(order.price, []).append(order)
                self.mine[order.trader.number, order.side] = order
        self.publish()

    def trade(self, order, quote, price, size):
        """At the resting price."""
        buyer, seller = (order.trader, quote.trader) if order.side == BUY else (quote.trader, order.trader)
        buyer.cash, seller.cash = buyer.cash - price * size, seller.cash + price * size
        buyer.shares, seller.shares = buyer.shares + size, seller.shares - size
        self.last_price, self.trades = price, self.trades + 1
        order.size -= size
        quote.size -= size
        if quote.size == 0:
            self.remove(quote)

    def publish(self):
        """The anonymous book that everyone may read."""
        self.published = {
            side: [(price, sum(order.size for order in queue)) for price, queue in sorted(queues.items())]
            for side, queues in self.queues.items()
        }


class PlainMarket:
    """The whole market of one of our worlds, without learning, fees, halts and splits."""

    def __init__(self, world):
        p, state = world.parameters_at_reset, world.state
        self.p, self.rng, self.value = p, copy_generator(world.rng), int(state.value[0])
        self.traders = [Trader(i, p.cash, p.shares) for i in range(len(world.agent_names))]
        self.makers = [self.traders[i] for i in state.maker]
        self.others = [self.traders[i] for i in state.trader]
        self.moves, self.kinds = state.derived.moves[0].tolist(), state.derived.kinds[0].tolist()
        self.turns = list(range(len(self.makers)))
        self.half_spread, self.skew = (choice.tolist() for choice in setup.choices(p))
        self.exchange, self.trend = Exchange(self.value), float(self.value)

    def step(self, actions):
        """One tick, makers holding these actions."""
        random, exchange, mid = self.rng.random, self.exchange, self.value
        for maker in self.makers:
            exchange.cancel(maker)
        number = len(self.turns)
        for x in range(number):
            y = x + int(random() * (number - x))
            self.turns[x], self.turns[y] = self.turns[y], self.turns[x]
        move = self.moves[int(random() * len(self.moves))]
        levels = self.p.price_levels
        move = move if levels <= 5 * (mid + move) <= 4 * levels else -move
        for m in self.turns:
            self.quote(self.makers[m], mid, actions[m])
        for _ in range(self.p.arrivals):
            self.arrive(mid, move, *(random() for _ in range(5)))
        self.value += move
        self.trend += MEMORY * (exchange.last_price - self.trend)

    def quote(self, maker, mid, action):
        """Bid and ask of a maker."""
        p, held = self.p, maker.shares - self.p.shares
        for side, sign in ((BUY, 1), (SELL, -1)):
            size = p.quote_size if p.inventory_limit == 0 else min(p.quote_size, p.inventory_limit - sign * held)
            if size > 0:
                price = mid + self.skew[action] - sign * self.half_spread[action]
                self.exchange.send(Order(maker, side, price, size), rests=True)
                held = maker.shares - p.shares

    def arrive(self, mid, move, who, why, what, ask_for, how_many):
        """One trader comes."""
        p, exchange = self.p, self.exchange
        trader = self.others[int(who * len(self.others))]
        exchange.cancel(trader)
        size = 1 + int(how_many * p.order_size)
        if why < self.kinds[0]:
            ask, bid = exchange.best(SELL), exchange.best(BUY)
            if ask is not None and mid + move > ask:
                exchange.send(Order(trader, BUY, mid + move - 1, size), rests=False)
            elif bid is not None and mid + move < bid:
                exchange.send(Order(trader, SELL, mid + move + 1, size), rests=False)
        elif why < self.kinds[1]:
            if exchange.last_price > self.trend:
                exchange.send(Order(trader, BUY, p.price_levels - 1, size), rests=False)
            elif exchange.last_price < self.trend:
                exchange.send(Order(trader, SELL, 1, size), rests=False)
        else:
            need = int(what * 2 * p.need) - p.need
            need += need >= 0
            side, sign = (BUY, 1) if need > 0 else (SELL, -1)
            gain = int(ask_for * (p.shading + 1))
            if why < self.kinds[2]:
                better = max(0.0, sign * (mid + need - exchange.last_price))
                trader.margin += MEMORY * (better - trader.margin)
                gain = int(trader.margin)
            exchange.send(Order(trader, side, mid + need - sign * gain, size, need), rests=True)


def events(world, ticks):
    """Orders sent in so many ticks: two by every maker, one by each arrival."""
    return ticks * (2 * len(world.state.maker) + len(world.state.came))


def per_second(live, world, ticks, repeats=5):
    """Events per CPU-second of something that lives so many ticks, the median of several stretches."""
    live(ticks // 10)
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        live(ticks)
        spent.append(time.process_time() - start)
    return events(world, ticks) / sorted(spent)[repeats // 2]


def figures():
    """Events per CPU-second: our loop with learning makers on both graphs, and both loops with makers that do not."""
    found = {}
    for graph in ("watts_strogatz", "complete"):
        world = models.make("market/order_book", seed=0, graph=graph)
        found[graph] = per_second(world.run, world, 10_000)
    world = models.make("market/order_book", learner="truthful", seed=0, graph="complete")
    plain, actions = PlainMarket(world), [0] * len(world.state.maker)

    def live(ticks):
        for _ in range(ticks):
            plain.step(actions)

    found["plain"] = per_second(live, world, 100)
    found["twin"] = per_second(world.run, world, 10_000)
    return found


def main():
    """Print the figures."""
    found = figures()
    for name in ("watts_strogatz", "complete"):
        print(f"market/order_book, q, {name:14}   {found[name]:12,.0f} events per CPU-second")
    print(f"complete, makers that do not learn    {found['twin']:12,.0f}")
    print(f"the same market in plain Python       {found['plain']:12,.0f}")
    print(f"{found['twin'] / found['plain']:.0f} times faster than plain Python")


if __name__ == "__main__":
    main()
