"""Market makers and the traders who come to them: dealers, and a continuous order book.

In a tick the value v, known to all, is about to move by D. Market makers cancel all their quotes, then post anew in
random order: a bid at v + skew - half-spread, an ask at v + skew + half-spread. Traders arrive one by one: informed
ones know v + D and trade where it pays; momentum traders follow the price trend at any price; all others have a
private gain u, uniform on whole numbers, and name v + u less the gain they ask for: nothing (truthful), a random
amount (zero intelligence) or a margin that adapts (ZIP, after Cliff 1997, HP Labs report HPL-97-91). What does not
trade is cancelled at once (dealers) or rests until its owner comes again (order book). Then v moves.

A maker's reward is the change of its wealth, less its old inventory times D (which it did not choose, and which would
drown the lesson), less a cost of holding inventory. Source: Glosten and Milgrom 1985, Journal of Financial Economics
14, with spreads that learners choose from a grid, and a graph of who sees whom. The value turns round at the ends of
the inner three fifths of the prices; traders' gains are counted at the value after its move.
"""

import numpy as np

from engine.generic import kernel
from engine.loop import advance, due, observe
from models.market.clearing import NOBODY, best_quote, meet, mirror, on_grid, post, relink, withdraw
from models.market.state import ASK, BID, FAR, PATH, ExchangeState, ExchangeSum

INFORMED, MOMENTUM, ZIP, ZERO_INTELLIGENCE = range(4)
MEMORY = 0.05  # weight of the newest price in the trend, and of the newest gain in a ZIP trader's margin


@due.body_for(ExchangeState)
def due_exchange(world, turn):
    """Makers who are there, while the market is open; traders have no choice to make."""
    turn.deciding[:] = False
    if turn.tick[0] >= world.halted_until[0]:
        for m in range(min(world.maker.size, world.derived.makers_present[turn.block[0]])):
            turn.deciding[world.maker[m]] = True


@observe.body_for(ExchangeState)
def observe_exchange(world, turn):
    limit = world.inventory_limit[0]
    if limit > 0:
        for i in world.maker:
            turn.states[i] = min(max(world.book.shares[i] - world.shares_start[0], -limit), limit) + limit


@kernel
def distance(world, block, mid, action, side):
    """Distance from the mid of the quote that an action posts on a side, FAR for none."""
    half = world.half_spread[action]
    if half < 0:
        return FAR
    sign = mirror(side)
    return sign * (mid - on_grid(mid + world.skew[action] - sign * half, side, world.derived.tick_size[block]))


@kernel
def room(world, i, side):
    """Shares that a maker may still buy or sell."""
    limit, size = world.inventory_limit[0], world.quote_size[0]
    if limit == 0:
        return size
    return min(size, limit - mirror(side) * (world.book.shares[i] - world.shares_start[0]))


@kernel
def count_trade(world, j, side, price, size, fee, worth):
    """Book what a trade gives to the trader whose quote was met; returns its private gain."""
    if world.is_maker[j]:
        return 0
    gain = mirror(1 - side) * (worth + world.need[j] - price) - fee
    world.gain[j] += gain * size
    world.sums[ExchangeSum.TRADERS] += gain * size
    return abs(world.need[j])


@kernel
def quote(world, turn, i, mid, move):
    """A maker posts its bid and its ask; each may first meet what crosses it."""
    block = turn.block[0]
    derived = world.derived
    fee, tax = derived.fee[block], derived.tax[block]
    action = turn.actions[i]
    if world.half_spread[action] > 0:
        world.sums[ExchangeSum.POSTED] += world.half_spread[action]
        world.sums[ExchangeSum.POSTED_NUMBER] += 1.0
    for side in range(2):
        away = distance(world, block, mid, action, side)
        world.posted[side, i] = away
        size = room(world, i, side)
        if away == FAR or size <= 0:
            world.posted[side, i] = FAR
            continue
        limit, j = mid - mirror(side) * away, 0
        while size > 0:
            j, price, traded = meet(world.book, i, side, limit, size, fee, tax)
            if j < 0:
                break
            size -= traded
            world.sums[ExchangeSum.VOLUME] += traded
            world.sums[ExchangeSum.FILLED] += count_trade(world, j, side, price, traded, fee, mid + move) * traded
        if size > 0 and j == NOBODY:
            post(world.book, i, side, limit, size, fee)


@kernel
def order(world, turn, i, side, limit, size, mid, move, need, rests):
    """A trader's order: it meets what it can, and rests if it may; returns shares traded."""
    block = turn.block[0]
    fee, tax = world.derived.fee[block], world.derived.tax[block]
    sign, left, j = mirror(side), size, NOBODY
    while left > 0:
        j, price, traded = meet(world.book, i, side, limit, left, fee, tax)
        if j < 0:
            break
        left -= traded
        gain = sign * (mid + move + need - price) - tax
        world.gain[i] += gain * traded
        world.sums[ExchangeSum.TRADERS if need != 0 else ExchangeSum.SPECULATORS] += gain * traded
        world.sums[ExchangeSum.VOLUME] += traded
        filled = abs(need) + count_trade(world, j, side, price, traded, fee, mid + move)
        world.sums[ExchangeSum.FILLED] += filled * traded
    if rests and left > 0 and j == NOBODY:
        world.need[i] = need
        post(world.book, i, side, limit, left, fee)
    return size - left


@kernel
def speculate(world, kind, mid, move, tax, ask, bid):
    """Side (-1 for none) and limit of a trader without a private gain."""
    book = world.book
    if kind == INFORMED:
        if ask >= 0 and mid + move - tax > book.price[ASK, ask]:
            return BID, mid + move - tax - 1
        if bid >= 0 and mid + move + tax < book.price[BID, bid]:
            return ASK, mid + move + tax + 1
    elif book.last_price[0] > world.trend[0]:
        return BID, world.price_levels[0] - 1
    elif book.last_price[0] < world.trend[0]:
        return ASK, 1
    return -1, 0


@kernel
def arrive(world, turn, e, who, why, what, ask_for, how_many, mid, move):
    """One trader comes; the five draws are uniform on [0, 1). Returns whether it halts the market."""
    derived, book, block = world.derived, world.book, turn.block[0]
    i = world.trader[int(who * world.trader.size)]
    withdraw(book, BID, i)
    withdraw(book, ASK, i)
    fee, tax = derived.fee[block], derived.tax[block]
    ask, bid = best_quote(book, i, ASK), best_quote(book, i, BID)
    if ask >= 0 and bid >= 0:
        world.sums[ExchangeSum.SEEN] += 0.5 * (book.price[ASK, ask] - book.price[BID, bid])
        world.sums[ExchangeSum.SEEN_NUMBER] += 1.0
    kind = 0
    while kind < ZERO_INTELLIGENCE and why >= derived.kinds[block, kind]:
        kind += 1
    size, need = 1 + int(how_many * world.order_size[0]), 0
    if kind <= MOMENTUM:
        side, limit = speculate(world, kind, mid, move, tax, ask, bid)
    else:
        most = derived.need[block]
        need = int(what * 2 * most) - most
        need += need >= 0  # nobody comes who gains nothing
        side = BID if need > 0 else ASK
        world.sums[ExchangeSum.WANTED] += abs(need) * size
        sign, rests = mirror(side), world.orders_rest[0]
        if kind == ZIP:
            better = max(0.0, sign * (mid + need - book.last_price[0]))
            world.margin[i] += MEMORY * (better - world.margin[i])
            gain = int(world.margin[i])
        else:
            gain = int(ask_for * (derived.shading[block] + 1))
        limit = mid + need - sign * (gain + (max(fee, tax) if rests else tax))
    if side >= 0:
        limit = on_grid(limit, side, derived.tick_size[block])
    world.came[e], world.came_side[e], world.came_size[e] = (i if side >= 0 else -1), side, size
    world.came_reach[e] = mirror(side) * (limit - mid)
    if side < 0:
        return False
    held = limit
    if derived.breaker[block] > 0:  # nobody trades beyond the collar
        opening, width = world.opening[0], derived.breaker[block]
        held = min(limit, opening + width) if side == BID else max(limit, opening - width)
    traded = order(world, turn, i, side, held, size, mid, move, need, world.orders_rest[0] and need != 0)
    if held == limit or traded == size:
        return False
    j = best_quote(book, i, 1 - side)
    return j >= 0 and mirror(side) * (limit - book.price[1 - side, j]) >= 0


@kernel
def shuffle_makers(world, rng):
    """A fresh order of the makers; draws as many numbers as there are makers."""
    for x in range(world.maker.size):
        y = x + int(rng.random() * (world.maker.size - x))
        world.turn_order[x], world.turn_order[y] = world.turn_order[y], world.turn_order[x]


@kernel
def move_value(world, block, rng):
    """The coming move of the value: it turns round at the ends of the inner three fifths of the prices."""
    moves = world.derived.moves[block]
    move, value, levels = moves[int(rng.random() * moves.size)], world.value[0], world.price_levels[0]
    return move if levels <= 5 * (value + move) <= 4 * levels else -move


@kernel
def open_market(world, turn, rng):
    """Makers cancel all they have, then those who are there quote; links open or close first."""
    block, book = turn.block[0], world.book
    if world.layout[0] != world.derived.layout[block]:
        world.layout[0] = world.derived.layout[block]
        relink(book, world.derived.open[block], world.layout[0] == 0)
    for i in world.maker:
        withdraw(book, BID, i)
        withdraw(book, ASK, i)
        world.paid[i], world.held[i] = book.cash[i], book.shares[i]
        world.posted[BID, i], world.posted[ASK, i] = FAR, FAR
    for i in range(world.gain.size):
        world.gain[i] = 0
    world.opening[0] = book.last_price[0]
    shuffle_makers(world, rng)
    world.move[0] = move_value(world, block, rng)


@advance.body_for(ExchangeState)
def advance_exchange(world, turn, rng):
    block, book, mid = turn.block[0], world.book, world.value[0]
    open_market(world, turn, rng)
    move, halted = world.move[0], turn.tick[0] < world.halted_until[0]
    if not halted:
        for m in world.turn_order:
            if m < world.derived.makers_present[block]:
                world.chosen[m, turn.actions[world.maker[m]]] += 1
                quote(world, turn, world.maker[m], mid, move)
    for e in range(world.came.size):
        who, why, what, ask_for, how_many = rng.random(), rng.random(), rng.random(), rng.random(), rng.random()
        world.came[e] = -1
        if not halted and arrive(world, turn, e, who, why, what, ask_for, how_many, mid, move):
            world.halted_until[0], halted = turn.tick[0] + 1 + world.derived.halt_ticks[block], True
    world.sums[ExchangeSum.HALTED] += halted
    world.sums[ExchangeSum.MOVED] += float(book.last_price[0] - world.opening[0]) ** 2
    world.value[0] += move
    if halted:
        book.last_price[0] = world.value[0]
    world.trend[0] += MEMORY * (book.last_price[0] - world.trend[0])
    keep_path(world, turn, mid)
    reward_all(world, turn, block)


@kernel
def keep_path(world, turn, mid):
    """Note value, price and the best quotes that makers posted, for the picture."""
    bid, ask = FAR, FAR
    for i in world.maker:
        bid, ask = min(bid, world.posted[BID, i]), min(ask, world.posted[ASK, i])
    place = turn.tick[0] % PATH
    world.path[0, place], world.path[1, place] = mid, world.book.last_price[0]
    world.path[2, place] = mid - bid if bid < FAR else np.nan
    world.path[3, place] = mid + ask if ask < FAR else np.nan


@kernel
def reward_all(world, turn, block):
    """Traders' gains, makers' wealth without what the value did to old inventory, and the sum of all per agent."""
    book, value, total = world.book, world.value[0], 0.0
    for i in range(world.gain.size):
        turn.rewards[i] = world.gain[i]
        total += world.gain[i]
    for m in range(world.maker.size):
        i = world.maker[m]
        profit = float(book.cash[i] - world.paid[i] + (book.shares[i] - world.held[i]) * value)
        world.sums[ExchangeSum.MAKERS] += profit
        total += profit
        turn.rewards[i] = profit
        if m < world.derived.makers_present[block]:
            inventory = book.shares[i] - world.shares_start[0]
            turn.rewards[i] -= world.derived.inventory_cost[block] * inventory * inventory
    turn.common[:] = total / world.gain.size
