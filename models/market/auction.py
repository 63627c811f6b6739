"""A continuous double auction by the day: buyers and sellers of one unit with private values, on a graph.

Every day each trader may trade one unit, and (unless the scenario says otherwise) has a new private value, uniform on
whole numbers. In a phase of the day it names one price: its value, shaded by a share of the way to the far end. In
each pass of a phase everyone still active comes once, in random order; a price that has not changed keeps its place
in the queue. A learner sees how good its value is, and the phase. A day is an episode: the next one's worth does not
count in this one's.

Source: Smith 1962, Journal of Political Economy 70; Gode and Sunder 1993, Journal of Political Economy 101. With one
phase of one pass a pair plays the sealed-bid auction of Chatterjee and Samuelson 1983, Operations Research 31: who
comes first is a coin's toss, so the expected price lies half way between bid and ask.
"""

import numpy as np

from engine.generic import kernel
from engine.loop import advance, due, observe, report
from models.market.clearing import NO_QUOTE, best_quote, meet, mirror, on_grid, post, relink, withdraw
from models.market.metrics import SHARED, AuctionColumn, Column
from models.market.state import ASK, BID, PATH, AuctionState, AuctionSum, Day
from models.sums import ratio


@kernel
def phase_begins(world, turn):
    """Whether this is the first pass of a phase."""
    return turn.tick[0] % world.passes[0] == 0


@due.body_for(AuctionState)
def due_auction(world, turn):
    begins = phase_begins(world, turn)
    for i in range(turn.deciding.size):
        turn.deciding[i] = begins and world.active[i]


@observe.body_for(AuctionState)
def observe_auction(world, turn):
    if not phase_begins(world, turn):
        return
    phase, bins = turn.tick[0] // world.passes[0] % world.phases[0], world.value_bins[0]
    for i in range(turn.states.size):
        if phase == 0:
            turn.weight[i] = 0.0  # yesterday has ended: nothing of today counts in it
        strength = world.value[i] if world.side[i] == BID else world.top_value[0] - world.value[i]
        turn.states[i] = phase * bins + strength * bins // (world.top_value[0] + 1)


@kernel
def shaded(world, i, share):
    """Price of a trader who asks for a share of the way from its value to the far end; rounded to its own good."""
    if world.side[i] == BID:
        return int(np.floor(world.value[i] * (1.0 - share)))
    return int(np.ceil(world.value[i] + (world.top_value[0] - world.value[i]) * share))


@kernel
def name_prices(world, turn):
    """Prices of this tick: what rules have named, else what the action held says; costs are passed on."""
    derived, block = world.derived, turn.block[0]
    cost, begins = max(derived.fee[block], derived.tax[block]), phase_begins(world, turn)
    for i in range(world.limit.size):
        if begins:
            world.decided[i], world.decided_value[i] = world.active[i], world.value[i]
        if not world.named[i]:
            share = world.shade[turn.actions[i]]
            world.limit[i] = on_grid(
                shaded(world, i, share) - mirror(world.side[i]) * cost, world.side[i], derived.tick_size[block]
            )
        world.named[i] = False
        if begins and world.active[i]:
            far = world.top_value[0] * world.side[i]
            way = abs(world.value[i] - far)
            world.sums[AuctionSum.SHADES] += abs(world.limit[i] - world.value[i]) / way if way > 0 else 0.0
            world.sums[AuctionSum.DECIDED] += 1.0


@kernel
def come(world, turn, i):
    """One trader comes to the market with its price."""
    book, side, limit, block = world.book, world.side[i], world.limit[i], turn.block[0]
    if book.rank[side, i] != NO_QUOTE and book.price[side, i] == limit:
        return
    withdraw(book, side, i)
    if limit < 0 or limit > world.top_value[0]:
        return
    fee, tax = world.derived.fee[block], world.derived.tax[block]
    j, price, _ = meet(book, i, side, limit, 1, fee, tax)
    if j < 0:
        j = best_quote(book, i, 1 - side)
        if j >= 0:
            world.sums[AuctionSum.SPREAD] += 0.5 * mirror(side) * (book.price[1 - side, j] - limit)
            world.sums[AuctionSum.SPREADS] += 1.0
        post(book, i, side, limit, 1, fee)
        return
    world.active[i], world.active[j], world.quiet[0] = False, False, False
    turn.rewards[i] = mirror(side) * (world.value[i] - price) - tax
    turn.rewards[j] = mirror(1 - side) * (world.value[j] - price) - fee
    world.sums[AuctionSum.RESTED] += turn.rewards[j]
    world.sums[AuctionSum.BUYERS] += turn.rewards[i] if side == BID else turn.rewards[j]
    world.day[Day.SURPLUS] += mirror(side) * (world.value[i] - world.value[j])
    world.day[Day.TRADES] += 1.0
    world.day[Day.PRICES] += price
    world.day[Day.SQUARES] += float(price) ** 2


@kernel
def keep_path(world, turn):
    """Note the last price and the best quotes of the whole market, for the picture."""
    book, bid, ask = world.book, -1, -1
    for i in range(world.side.size):
        if book.size[BID, i] > 0 and (bid < 0 or book.price[BID, i] > bid):
            bid = book.price[BID, i]
        if book.size[ASK, i] > 0 and (ask < 0 or book.price[ASK, i] < ask):
            ask = book.price[ASK, i]
    place = turn.tick[0] % PATH
    world.path[0, place], world.path[1, place] = world.price[0], book.last_price[0]
    world.path[2, place], world.path[3, place] = bid if bid >= 0 else np.nan, ask if ask >= 0 else np.nan


@kernel
def next_unit(units, value, step):
    """The first value from here on, upwards or downwards, that some unit has; out of range where there is none."""
    while 0 <= value < units.size and units[value] == 0:
        value += step
    return value


@kernel
def equilibrium(world):
    """Largest surplus of a market where everyone meets, and the ends of its interval of equilibrium prices."""
    bids, asks, surplus = world.units[BID], world.units[ASK], 0.0
    for v in range(bids.size):
        bids[v], asks[v] = 0, 0
    for i in range(world.value.size):
        world.units[world.side[i], world.value[i]] += 1
    low, high = -1, bids.size
    while True:
        b, a = next_unit(bids, bids.size - 1, -1), next_unit(asks, 0, 1)
        if b < a or b < 0 or a >= asks.size:
            return surplus, max(low, b), min(high, a)
        number = min(bids[b], asks[a])
        surplus += number * (b - a)
        bids[b] -= number
        asks[a] -= number
        low, high = a, b


@kernel
def begin_day(world):
    """Find today's largest surplus and equilibrium price, the middle of the interval."""
    surplus, low, high = equilibrium(world)
    world.best[0], world.price[0] = surplus, 0.5 * (low + high)


@kernel
def end_day(world, rng):
    """Book the day, empty the market, and wake everyone with a new value."""
    surplus, price, day, sums = world.best[0], world.price[0], world.day, world.sums
    trades = day[Day.TRADES]
    sums[AuctionSum.SURPLUS] += day[Day.SURPLUS]
    sums[AuctionSum.BEST] += surplus
    sums[AuctionSum.TRADES] += trades
    sums[AuctionSum.PRICES] += day[Day.PRICES]
    sums[AuctionSum.SQUARES] += day[Day.SQUARES]
    off = day[Day.SQUARES] - 2.0 * price * day[Day.PRICES] + trades * price * price
    sums[AuctionSum.OFF] += off / (price * price)
    sums[AuctionSum.DAYS] += 1.0
    day[:] = 0.0
    for i in range(world.value.size):
        withdraw(world.book, world.side[i], i)
        world.active[i] = True
        if world.redrawn[0]:
            world.value[i] = int(rng.random() * (world.top_value[0] + 1))
    begin_day(world)


@advance.body_for(AuctionState)
def advance_auction(world, turn, rng):
    block, number = turn.block[0], world.order.size
    if world.layout[0] != world.derived.layout[block]:
        world.layout[0] = world.derived.layout[block]
        relink(world.book, world.derived.open[block], world.layout[0] == 0)
    name_prices(world, turn)
    world.quiet[0] = True
    for i in range(number):
        turn.rewards[i] = 0.0
    for x in range(number):
        y = x + int(rng.random() * (number - x))
        world.order[x], world.order[y] = world.order[y], world.order[x]
        if world.active[world.order[x]]:
            come(world, turn, world.order[x])
    total = 0.0
    for i in range(number):
        total += turn.rewards[i]
    turn.common[:] = total / number
    keep_path(world, turn)
    if (turn.tick[0] + 1) % (world.phases[0] * world.passes[0]) == 0:
        end_day(world, rng)


@report.body_for(AuctionState)
def report_auction(world, turn, row):
    sums, more = world.sums, row[SHARED:]
    trades, days, gains = sums[AuctionSum.TRADES], sums[AuctionSum.DAYS], sums[AuctionSum.SURPLUS]
    mean = ratio(sums[AuctionSum.PRICES], trades)
    row[Column.half_spread] = ratio(sums[AuctionSum.SPREAD], sums[AuctionSum.SPREADS])
    row[Column.efficiency] = ratio(gains, sums[AuctionSum.BEST])
    row[Column.maker_profit] = ratio(sums[AuctionSum.RESTED], days)
    row[Column.trader_gain] = ratio(gains, days)
    row[Column.volume] = ratio(trades, days)
    row[Column.volatility] = max(0.0, sums[AuctionSum.SQUARES] / trades - mean * mean) ** 0.5 if trades > 0 else np.nan
    more[AuctionColumn.price] = mean
    more[AuctionColumn.smiths_alpha] = 100.0 * ratio(sums[AuctionSum.OFF], trades) ** 0.5
    more[AuctionColumn.shading] = ratio(sums[AuctionSum.SHADES], sums[AuctionSum.DECIDED])
    more[AuctionColumn.buyers_share] = sums[AuctionSum.BUYERS] / gains if gains != 0 else np.nan
    more[AuctionColumn.fees] = ratio(float(world.book.treasury[0] - world.treasury_then[0]), days)
    world.treasury_then[0] = world.book.treasury[0]
    sums[:] = 0.0
