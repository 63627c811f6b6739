"""The clearing rule of every market: who meets whom, at which price, and what it does to accounts.

EDGE: an order meets the best-priced, then earliest, opposite quote *of a neighbour*, at the price of the quote that
rested; what is left of it rests at its own limit and is never priced anew. So no two neighbours' quotes ever cross;
quotes of strangers may. On a complete graph this is the ordinary price-time limit order book, and queues by price
(a ladder) find the same counterparties as a scan of the neighbours, in a time that does not grow with their number.

Own design; price-time priority as in Gould et al. 2013, Quantitative Finance 13. An agent has at most one quote per
side; one that can no longer pay or deliver is withdrawn when somebody meets it.
"""

import numpy as np

from engine.generic import kernel
from models.market.state import ARRIVALS, ASK, BID, Book

NO_QUOTE = 2**62
NOBODY, NO_MEANS = -1, -2
PLENTY = 2**62


def make_book(neighbours: list[list[int]], levels: int, credit: bool, cash: int, shares: int) -> Book:
    """An empty book over a graph.

    Parameters
    ----------
    neighbours
        Of every agent.
    levels
        Price levels of the ladder, 0 for none; needs a complete graph.
    credit
        Whether accounts may be overdrawn.
    cash, shares
        Of everyone at the start.
    """
    agents = len(neighbours)
    partner = np.array([j for near in neighbours for j in near], np.int64)
    pair = (2, agents)
    return Book(
        price=np.zeros(pair, np.int64),
        size=np.zeros(pair, np.int64),
        rank=np.full(pair, NO_QUOTE),
        arrived=np.zeros(1, np.int64),
        start=np.cumsum([0, *map(len, neighbours)]).astype(np.int64),
        partner=partner,
        open=np.ones(len(partner), bool),
        by_ladder=np.array([levels > 0]),
        head=np.full((2, levels), -1),
        tail=np.full((2, levels), -1),
        after=np.full(pair, -1),
        before=np.full(pair, -1),
        best=np.array([-1, levels]),
        credit=np.array([credit]),
        cash=np.full(agents, cash, np.int64),
        shares=np.full(agents, shares, np.int64),
        treasury=np.zeros(1, np.int64),
        last_price=np.zeros(1, np.int64),
    )


def book_fault(book: Book) -> str:
    """Which arrays of a book disagree: queues by price are what prices and ranks say; empty where all agree."""
    quoted = book.rank != NO_QUOTE
    if not np.array_equal(quoted, book.size > 0):
        return "book.size: a quote without a size, or a size without a quote"
    levels = book.head.shape[1]
    if book.by_ladder[0] and not levels:
        return "book.by_ladder: this book has no queues by price"
    for side in range(2):
        ladder = np.full((2, levels), -1)
        in_line = np.flatnonzero(quoted[side] & book.by_ladder[0])
        in_line = in_line[np.lexsort((book.rank[side, in_line], book.price[side, in_line]))]
        price = book.price[side, in_line]
        for i, (before, after) in zip(in_line, _neighbours_in_line(in_line, price), strict=True):
            if (book.before[side, i], book.after[side, i]) != (before, after):
                return "book.after: does not agree with prices and ranks"
        ladder[1, price] = in_line  # the last of those at a price is written last
        ladder[0, price[::-1]] = in_line[::-1]
        best = (-1, levels)[side] if not in_line.size else price.max() if side == BID else price.min()
        if not np.array_equal(ladder, (book.head[side], book.tail[side])) or book.best[side] != best:
            return "book.head: does not agree with prices and ranks"
    return ""


def _neighbours_in_line(in_line: np.ndarray, price: np.ndarray) -> list[tuple[int, int]]:
    """Who stands before and after each quote at the same price, -1 for nobody."""
    same = np.concatenate(([False], price[1:] == price[:-1], [False]))
    padded = np.concatenate(([-1], in_line, [-1]))
    size = in_line.size
    return [(padded[k] if same[k] else -1, padded[k + 2] if same[k + 1] else -1) for k in range(size)]


@kernel
def mirror(side):
    """+1 for bids, -1 for asks."""
    return 1 if side == BID else -1


@kernel
def join_queue(book, side, i):
    """Append a quote to the queue of its price."""
    price = book.price[side, i]
    last = book.tail[side, price]
    book.before[side, i], book.after[side, i], book.tail[side, price] = last, -1, i
    if last >= 0:
        book.after[side, last] = i
    else:
        book.head[side, price] = i
    if side == BID:
        book.best[BID] = max(book.best[BID], price)
    else:
        book.best[ASK] = min(book.best[ASK], price)


@kernel
def leave_queue(book, side, i):
    """Take a quote out of the queue of its price; where it was the last at the best price, the best moves away."""
    price, earlier, later = book.price[side, i], book.before[side, i], book.after[side, i]
    if earlier >= 0:
        book.after[side, earlier] = later
    else:
        book.head[side, price] = later
    if later >= 0:
        book.before[side, later] = earlier
    else:
        book.tail[side, price] = earlier
    if book.head[side, price] >= 0 or price != book.best[side]:
        return
    if side == BID:
        while price >= 0 and book.head[BID, price] < 0:
            price -= 1
    else:
        while price < book.head.shape[1] and book.head[ASK, price] < 0:
            price += 1
    book.best[side] = price


@kernel
def withdraw(book, side, i):
    """Cancel a quote, if there is one."""
    if book.rank[side, i] != NO_QUOTE:
        if book.by_ladder[0]:
            leave_queue(book, side, i)
        book.rank[side, i], book.size[side, i] = NO_QUOTE, 0


@kernel
def relink(book, links, all_open):
    """Open and close links; all quotes are cancelled, since those that strangers left could cross."""
    for i in range(book.cash.size):
        withdraw(book, BID, i)
        withdraw(book, ASK, i)
    for e in range(links.size):
        book.open[e] = links[e]
    book.by_ladder[0] = all_open and book.head.shape[1] > 0


@kernel
def best_quote(book, i, side):
    """The neighbour of i with the best-priced, then earliest, quote on a side; NOBODY where there is none."""
    if book.by_ladder[0]:
        price = book.best[side]
        return book.head[side, price] if 0 <= price < book.head.shape[1] else NOBODY
    found, rank = NOBODY, NO_QUOTE
    for e in range(book.start[i], book.start[i + 1]):
        j = book.partner[e]
        if book.rank[side, j] < rank and book.open[e]:
            found, rank = j, book.rank[side, j]
    return found


@kernel
def affordable(book, i, side, price, size, cost):
    """Shares, at most `size`, that an account can pay for or deliver at a price and a cost per share."""
    if book.credit[0]:
        return size
    outflow = price + cost if side == BID else cost - price
    if side == ASK:
        size = min(size, book.shares[i])
    return min(size, book.cash[i] // outflow) if outflow > 0 else size


@kernel
def meet(book, i, side, limit, size, fee, tax):
    """Let an order of agent i trade once: returns counterparty, price and size.

    The counterparty is NOBODY when no neighbour quotes within the limit, NO_MEANS when the account of i is exhausted.
    The side that rested pays `fee` per share, the one that came `tax`.
    """
    other = 1 - side
    while True:
        j = best_quote(book, i, other)
        if j < 0:
            return NOBODY, 0, 0
        price = book.price[other, j]
        if (price > limit) if side == BID else (price < limit):
            return NOBODY, 0, 0
        offered = affordable(book, j, other, price, book.size[other, j], fee)
        if offered > 0:
            break
        withdraw(book, other, j)
    traded = affordable(book, i, side, price, min(size, offered), tax)
    if traded <= 0:
        return NO_MEANS, 0, 0
    sign = mirror(side)
    book.cash[i] -= (sign * price + tax) * traded
    book.cash[j] += (sign * price - fee) * traded
    book.shares[i] += sign * traded
    book.shares[j] -= sign * traded
    book.treasury[0] += (fee + tax) * traded
    book.last_price[0] = price
    if traded == book.size[other, j]:
        withdraw(book, other, j)
    else:
        book.size[other, j] -= traded
    return j, price, traded


@kernel
def post(book, i, side, price, size, fee):
    """Let an order rest, as far as the account can bear it and the ladder reaches; it must not cross a neighbour's."""
    size = affordable(book, i, side, price, size, fee)
    if size <= 0 or (book.by_ladder[0] and not 0 <= price < book.head.shape[1]):
        return
    if book.arrived[0] == ARRIVALS - 1:
        renumber(book)
    book.arrived[0] += 1
    book.price[side, i], book.size[side, i] = price, size
    book.rank[side, i] = (price if side == ASK else -price) * ARRIVALS + book.arrived[0]
    if book.by_ladder[0]:
        join_queue(book, side, i)


@kernel
def renumber(book):
    """Number the quotes that rest anew, in the order of their arrival, so that numbers never run out of room."""
    last, book.arrived[0] = 0, 0
    for number in range(1, book.rank.size + 1):
        earliest, side, i = ARRIVALS, BID, NOBODY
        for s in range(2):
            for j in range(book.rank.shape[1]):
                if book.rank[s, j] != NO_QUOTE and last < book.rank[s, j] % ARRIVALS < earliest:
                    earliest, side, i = book.rank[s, j] % ARRIVALS, s, j
        if i == NOBODY:
            return
        book.rank[side, i] += number - earliest
        last, book.arrived[0] = earliest, number


@kernel
def on_grid(price, side, tick_size):
    """The nearest price on the grid that is no worse for its owner than `price`."""
    below = price - price % tick_size
    return below if side == BID or below == price else below + tick_size
