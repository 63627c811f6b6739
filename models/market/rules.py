"""What rules of thumb and learners in hindsight need of a market: one name, a body per kind of market."""

from engine.generic import generic, kernel
from models.market.auction import shaded
from models.market.clearing import mirror, on_grid
from models.market.exchange import distance
from models.market.state import BID, FAR, PATH, AuctionState, ExchangeState


@generic
def offer_at_random(world, turn, agent, draw, constrained):
    """Let an agent name a price at random (`draw` is uniform on [0, 1)): one without loss, or any at all."""


@generic
def offer_with_margin(world, turn, agent, margin, rate):
    """Adapt an agent's margin (0 none, 1 the most) to what the market did, and name the price; returns the margin."""


@generic
def hindsight(world, turn, agent, earned, carried):
    """Write what each action would have earned an agent since its last decision, had the others done the same.

    `earned` and `carried` are (K,); the second is scratch.
    """


# Double auction ------------------------------------------------------------------------------------------------------


@kernel
def name_price(world, turn, agent, price):
    """Take over the price of this tick, on the grid and no better for the others than costs allow."""
    derived, block, side = world.derived, turn.block[0], world.side[agent]
    cost = max(derived.fee[block], derived.tax[block])
    world.limit[agent] = on_grid(price - mirror(side) * cost, side, derived.tick_size[block])
    world.named[agent] = True


@offer_at_random.body_for(AuctionState)
def offer_at_random_in_auction(world, turn, agent, draw, constrained):
    value, top = world.value[agent], world.top_value[0]
    if not constrained:
        price = int(draw * (top + 1))
    elif world.side[agent] == BID:
        price = int(draw * (value + 1))
    else:
        price = value + int(draw * (top - value + 1))
    name_price(world, turn, agent, price)


@offer_with_margin.body_for(AuctionState)
def offer_with_margin_in_auction(world, turn, agent, margin, rate):
    """After a trade the price heard is the one to get; in a quiet market the best rival is the one to undercut."""
    value, side = world.value[agent], world.side[agent]
    sign, way = mirror(side), abs(value - world.top_value[0] * side)
    heard = float(world.book.last_price[0])
    if world.quiet[0]:
        heard = world.path[2 + side, (turn.tick[0] - 1) % PATH] + sign
    if way > 0 and heard == heard:  # nothing is heard where nobody shouts (NaN)
        wanted = min(1.0, max(0.0, sign * (value - heard) / way))
        if (wanted > margin and not world.quiet[0]) or (wanted < margin and world.active[agent]):
            margin += rate * (wanted - margin)
    name_price(world, turn, agent, shaded(world, agent, margin))
    return margin


@hindsight.body_for(AuctionState)
def hindsight_in_auction(world, turn, agent, earned, carried):
    """Against the best price that a neighbour named; first or second to come is a coin's toss."""
    book, side, value = world.book, world.side[agent], world.decided_value[agent]
    sign, found, best = mirror(side), False, 0
    for e in range(book.start[agent], book.start[agent + 1]):
        j = book.partner[e]
        if world.decided[j] and book.open[e] and world.side[j] != side:
            if not found or sign * (world.limit[j] - best) < 0:
                found, best = True, world.limit[j]
    for k in range(earned.size):
        earned[k] = 0.0
        way = world.shade[k] * abs(value - world.top_value[0] * side)
        own = value - sign * way
        if found and sign * (own - best) >= 0:
            earned[k] = sign * (value - 0.5 * (own + best))


# Dealers and order books ---------------------------------------------------------------------------------------------


@offer_at_random.body_for(ExchangeState)
def offer_at_random_on_exchange(world, turn, agent, draw, constrained):
    if turn.deciding[agent]:
        turn.actions[agent] = int(draw * world.half_spread.size)


@offer_with_margin.body_for(ExchangeState)
def offer_with_margin_on_exchange(world, turn, agent, margin, rate):
    """A quote that was met asks for more, one left alone for less."""
    if turn.deciding[agent]:
        wanted = 1.0 if world.book.cash[agent] != world.paid[agent] else 0.0
        margin += rate * (wanted - margin)
        turn.actions[agent] = int(margin * (world.half_spread.size - 1))
    return margin


@kernel
def rivals(world, trader, agent, side):
    """Best distance that other makers showed a trader, how many showed it, and whether the agent is in sight."""
    best, number, seen = FAR, 0, False
    for e in range(world.book.start[trader], world.book.start[trader + 1]):
        j = world.book.partner[e]
        if not world.book.open[e]:
            continue
        if j == agent:
            seen = True
        elif world.posted[side, j] < best:
            best, number = world.posted[side, j], 1
        elif world.posted[side, j] == best:
            number += 1
    return best, number, seen


@hindsight.body_for(ExchangeState)
def hindsight_on_exchange(world, turn, agent, earned, carried):
    """On the flow of the last tick, as if the other makers' quotes had stood as posted; equal quotes share."""
    block, move, limit = turn.block[0], world.move[0], world.inventory_limit[0]
    mid, held = world.value[0] - move, world.held[agent] - world.shares_start[0]
    for k in range(earned.size):
        earned[k], carried[k] = 0.0, held
    for e in range(world.came.size):
        if world.came[e] < 0:
            continue
        side = 1 - world.came_side[e]  # of the maker
        best, number, seen = rivals(world, world.came[e], agent, side)
        if not seen:
            continue
        for k in range(earned.size):
            away = distance(world, block, mid, k, side)
            if away > world.came_reach[e] or away > best:
                continue
            size = world.came_size[e] / (number + 1.0 if away == best else 1.0)
            if limit > 0:
                size = max(0.0, min(size, limit - mirror(side) * carried[k]))
            carried[k] += mirror(side) * size
            earned[k] += size * (away + mirror(side) * move - world.derived.fee[block])
    for k in range(earned.size):
        earned[k] -= world.derived.inventory_cost[block] * carried[k] * carried[k]
