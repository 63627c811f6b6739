<<<<<<< HEAD
"""Least cost where prices rise with output: a parametric dual active set; the simplex of flat offers is its special case.
=======
"""Least cost where prices rise with output: a parametric dual active set. The simplex of flat offers is a case of it.
>>>>>>> rising

Held are the balance of power, full lines, and flat offers between their bounds. With f an offer's factors on balance
and lines, F those of the flat offers held, and M the sum of f f' / rise over rising offers between their bounds,

    | M   F | | prices of balance and lines |         says that flows stay at their limits,
    | F'  0 | | output of flat offers       |         and that flat offers held earn nothing,

while a rising offer gives clip((price at its bus - price) / rise, 0, offered). That is all of the conditions of Karush,
Kuhn and Tucker but two: other lines may be too full, and flat offers held may miss their bounds. What misses by most is
mended: its multiplier grows from 0 until the bound is met. On the way rising offers meet their bounds, prices at buses
those of flat offers, shadow prices 0, and each of these changes what is held; where nothing can be given up, two things
change places, as in a pivot of the dual simplex. Each mending raises the dual objective, so none comes back.
Source: Goldfarb and Idnani 1983, Mathematical Programming 27, dual methods for strictly convex quadratic programs; the
rules for flat offers are ours.
"""

import numpy as np

from engine.generic import kernel
from models.grid.held import (
    EPSILON_GIVE,
    EPSILON_RATE,
    NOBODY,
    answer,
    correct,
    correct_both,
    couple_line,
    couple_offer,
    couple_slot,
    curvature,
    drop_line,
    drop_offer,
    enter,
    hold_line,
    hold_offer,
    is_exact,
    leave,
<<<<<<< HEAD
    price_effect,
    renew,
    slot_of,
)  # fmt: skip

DRIFT_MW = 1e-10  # more than this on a full line shows that the inverse has lost digits
DRIFT_PER_MWH = 1e-11  # $/MWh, the same on a price
SLIP_MW, SLIP_PER_MWH = 1e-8, 1e-10  # what is beyond a bound by less is at it; of prices as a share
TIE_MW = 1e-9  # an offer that meets its bound when all is mended may pass it by this much

# The start -----------------------------------------------------------------------------------------------------------


@kernel
def start_rising(c, g, w, island):
    """Dispatch the cheapest whatever the lines say: MW that nobody gives, and False where nothing is to be decided."""
    rest, price, place, last, flat = max(c.demand[island], 0.0), 0.0, 0, NOBODY, NOBODY
    w.betweens[0] = 0
    for j in range(c.mw.size):
        if g.bus_island[g.bus[j]] == island:
            c.mw[j], w.is_basic[j], w.inside[j] = 0.0, False, False
    for l in range(c.flow.size):
        w.is_active[l] = w.is_active[l] and g.line_island[l] != island
    while True:
        while place < w.order.size and not takes_part(c, g, w.order[place], island):
            place += 1
        start = c.price[w.order[place]] if place < w.order.size else np.inf
        slope, end, ending = steepness(c, w)
        if slope > 0.0 and price + rest / slope <= min(start, end):
            price, rest, flat = price + rest / slope, 0.0, NOBODY
            break
        if start == np.inf and end == np.inf:
            break
        if slope > 0.0:
            rest -= slope * (min(start, end) - price)
        price = min(start, end)
        if end <= start:
            c.mw[ending] = c.offered[ending]
            leave(w, ending)
            last, flat = ending, NOBODY
            continue
        last = w.order[place]
        place += 1
        if c.rise[last] > 0.0:
            enter(w, last)
            continue
        flat, c.mw[last] = last, min(max(rest, 0.0), c.offered[last])
        rest -= c.mw[last]
        if rest <= 0.0:
            break
    c.energy_price[island] = 0.0
    if last == NOBODY:
        return rest, False
    if flat == NOBODY and w.betweens[0] == 0:
        enter(w, last)  # all is taken, to the end of this one
    hold_balance(c, g, w, island, price, flat)
    return rest, True


@kernel
def takes_part(c, g, j, island):
    """Whether an offer is one of an island."""
    return c.offered[j] > 0.0 and g.bus_island[g.bus[j]] == island


@kernel
def steepness(c, w):
    """MW per $/MWh that rising offers between their bounds give, and where the first of them ends: price and offer."""
    slope, end, ending = 0.0, np.inf, NOBODY
    for i in range(w.betweens[0]):
        j = w.between[i]
        slope += w.give[j]
        if c.price[j] + c.rise[j] * c.offered[j] < end:
            end, ending = c.price[j] + c.rise[j] * c.offered[j], j
    return slope, end, ending


@kernel
def hold_balance(c, g, w, island, price, flat):
    """Hold the balance of power, at a price, and the flat offer that is marginal; flows follow."""
    slope = 0.0
    for i in range(w.betweens[0]):
        j = w.between[i]
        c.mw[j] = min(max((price - c.price[j]) * w.give[j], 0.0), c.offered[j])
        slope += w.give[j]
    w.size[0], w.size[1], w.value[0] = 1, 1, price
    if flat == NOBODY:
        w.response[0, 0] = 1.0 / slope
    else:
        w.response[0, 0], w.response[0, 1], w.response[1, 0], w.response[1, 1] = 0.0, 1.0, 1.0, -slope
        w.basic[1], w.is_basic[flat], w.size[1] = flat, True, 2
    set_flows(c, g, island)


@kernel
def set_flows(c, g, island):
    """Flows of an island's lines, from the dispatch; MW given in all."""
    given = 0.0
    for l in range(c.flow.size):
        if g.line_island[l] == island:
            c.flow[l] = c.base[l]
    for j in range(c.mw.size):
        if c.mw[j] != 0.0 and g.bus_island[g.bus[j]] == island:
            given += c.mw[j]
            for l in range(c.flow.size):
                c.flow[l] += g.by_bus[g.bus[j], l] * c.mw[j]
    return given


# Mending -------------------------------------------------------------------------------------------------------------

=======
    price_at_offer,
    price_effect,
    renew,
    slot_of,
)
from models.grid.merit_order import takes_part

DRIFT_PER_MWH = 1e-11  # $/MWh that rounding may be
TIE_MW = 1e-9  # an offer that meets its bound when all is mended may pass it by this much

>>>>>>> rising

@kernel
def mend(c, g, w, island, line, leaver, target, most, coarse):
    """Bring a line, or a flat offer that is held, to its bound at the least rise of cost; False if there is no way."""
    missing, multiplier = target - (c.flow[line] if line != NOBODY else c.mw[leaver]), 0.0
    sign, renewed = 1.0 if missing > 0.0 else -1.0, False
    while c.pivots[0] < most and w.size[1] < w.basic.size - 1:
        c.pivots[0] += 1
        if line != NOBODY:
            couple_line(c, g, w, line)
        else:
            couple_slot(w, slot_of(w, leaver))
        answer(w, w.effect)
        offer, slot, rate, ratio, curve = next_event(c, g, w, island, line, sign, multiplier, coarse)
        if ratio == np.inf:
            offer, slot, rate, ratio, curve = next_event(c, g, w, island, line, sign, multiplier, EPSILON_RATE)
        if not renewed and not is_exact(g, w, line, leaver):
            renew(c, g, w)
            renewed = True
            continue
        renewed = False
        if curve > 0.0 and abs(missing) <= ratio * curve + TIE_MW:
            multiplier += missing / curve
            grow(c, w, missing / curve)
            correct(w, w.effect, 1.0 / curve)
            finish(c, g, w, line, leaver, target, multiplier, 1.0 / curve, 0.0)
            return True
        if offer == NOBODY and slot == NOBODY:
            if curve == 0.0:
                return False
            break  # these are no numbers any more
        grow(c, w, sign * ratio)
        multiplier += sign * ratio
        missing -= sign * ratio * curve
        if offer != NOBODY and c.rise[offer] > 0.0:
            meet_bound(c, g, w, offer)
            continue
        if offer != NOBODY:
            couple_offer(g, w, offer)
        else:
            couple_slot(w, slot)
        answer(w, w.other)
        bend, most_mw = curvature(c, g, w, w.other, NOBODY)
        pivot = sign * rate
<<<<<<< HEAD
        together, apart = missing * bend / (pivot * pivot + curve * bend), missing * pivot / (pivot * pivot + curve * bend)
        if most_mw < EPSILON_GIVE or nothing_between(c, g, w, island, line, offer, multiplier, together, apart):
=======
        step = missing / (pivot * pivot + curve * bend)
        if most_mw < EPSILON_GIVE or nothing_between(
            c, g, w, island, line, offer, multiplier, step * bend, step * pivot
        ):
>>>>>>> rising
            change_places(c, g, w, line, leaver, target, multiplier, missing, offer, slot, pivot, curve, bend)
            return True
        correct(w, w.other, -1.0 / bend)
        if offer != NOBODY:
<<<<<<< HEAD
            hold_offer(w, offer, 1.0 / bend, -1.0 / bend)
=======
            hold_offer(w, offer, 0.0, -1.0 / bend)
>>>>>>> rising
        else:
            drop_line(w, slot)
    c.pivots[0] = most
    return True


@kernel
def next_event(c, g, w, island, line, sign, multiplier, least):
<<<<<<< HEAD
    """What happens first as the multiplier grows: an offer, or the slot of a line; its rate; when; and the curvature."""
    offer, slot, speed, best, curve, scale = NOBODY, NOBODY, 0.0, np.inf, 0.0, 1.0
=======
    """What happens first as the multiplier grows: an offer, or a line's slot; its rate; when; and the curvature."""
    offer, slot, speed, best, curve, gives, scale = NOBODY, NOBODY, 0.0, np.inf, 0.0, False, 1.0
>>>>>>> rising
    for k in range(w.size[0]):
        scale += abs(w.effect[k])
    least *= scale
    for j in range(c.mw.size):
        if w.is_basic[j] or not takes_part(c, g, j, island):
            continue
        w.rate[j] = price_effect(g, w, w.effect, line, j)
        rate = sign * w.rate[j]
<<<<<<< HEAD
        if abs(rate) <= least:
            continue
        curve += rate * rate * w.give[j] if w.inside[j] else 0.0
=======
        curve += rate * rate * w.give[j] if w.inside[j] else 0.0
        if abs(rate) <= least:
            continue
        gives = gives or w.inside[j]
>>>>>>> rising
        ratio = max(way(c, g, w, line, multiplier, j, rate), 0.0) / abs(rate)
        if ratio < best - 1e-12 or (ratio <= best + 1e-12 < np.inf and abs(rate) > abs(speed)):
            offer, speed, best = j, rate, ratio
    for k in range(1, w.size[0]):
        rate = -sign * w.effect[k]
        ratio = abs(w.value[k] / rate)
        if w.side[k] * rate > least and g.limit[w.active[k]] > 0.0:
            if ratio < best - 1e-12 or (ratio <= best + 1e-12 and abs(rate) > abs(speed)):
                offer, slot, speed, best = NOBODY, k, rate, ratio
<<<<<<< HEAD
    return offer, slot, speed, best, curve
=======
    return offer, slot, speed, best, curve if gives else 0.0


@kernel
def way(c, g, w, line, multiplier, j, rate):
    """Price in the direction of `rate` to where an offer comes to a bound or off it; infinite where it does neither."""
    if w.inside[j]:
        return c.rise[j] * (c.offered[j] - c.mw[j] if rate > 0.0 else c.mw[j])
    if (c.mw[j] <= 0.0) != (rate > 0.0):
        return np.inf
    room = c.price[j] + c.rise[j] * c.mw[j] - price_at_offer(g, w, j)
    room -= multiplier * g.by_line[line, g.bus[j]] if line != NOBODY else 0.0
    return room if rate > 0.0 else -room


@kernel
def nothing_between(c, g, w, island, line, offer, multiplier, together, apart):
    """Whether nothing happens while a flat offer is taken in, or a line given up, until all is mended."""
    for j in range(c.mw.size):
        if w.is_basic[j] or j == offer or not takes_part(c, g, j, island):
            continue
        change = together * w.rate[j] + apart * price_effect(g, w, w.other, NOBODY, j)
        if change != 0.0 and abs(change) > way(c, g, w, line, multiplier, j, change) + DRIFT_PER_MWH:
            return False
    for k in range(1, w.size[0]):
        change = -together * w.effect[k] - apart * w.other[k]
        if w.side[k] * (w.value[k] + change) > DRIFT_PER_MWH and g.limit[w.active[k]] > 0.0:
            return False
    return True


@kernel
def meet_bound(c, g, w, j):
    """Let a rising offer come to a bound, or off it."""
    couple_offer(g, w, j)
    answer(w, w.other)
    own = -price_effect(g, w, w.other, NOBODY, j)
    if w.inside[j]:
        c.mw[j] = c.offered[j] if c.mw[j] > 0.5 * c.offered[j] else 0.0
        leave(w, j)
        correct(w, w.other, 1.0 / (c.rise[j] - own))
    else:
        enter(w, j)
        correct(w, w.other, -1.0 / (c.rise[j] + own))
>>>>>>> rising


@kernel
def grow(c, w, step):
    """Let the multiplier grow by `step`; what is held answers, and rising offers follow the prices."""
    for i in range(w.betweens[0]):
        j = w.between[i]
        c.mw[j] += step * w.rate[j] * w.give[j]
    answer_to(c, w, w.effect, step)


@kernel
def answer_to(c, w, effect, step):
    """Let what is held answer to a step."""
    for k in range(w.size[0]):
        w.value[k] -= step * effect[k]
    for k in range(w.size[0], w.size[1]):
        c.mw[w.basic[k]] -= step * effect[k]


@kernel
def shift(c, g, w, effect, step):
    """The same for a step of something else."""
    for i in range(w.betweens[0]):
        j = w.between[i]
        c.mw[j] += step * price_effect(g, w, effect, NOBODY, j) * w.give[j]
    answer_to(c, w, effect, step)


@kernel
<<<<<<< HEAD
def meet_bound(c, g, w, j):
    """Let a rising offer come to a bound, or off it."""
    couple_offer(g, w, j)
    answer(w, w.other)
    own = -price_effect(g, w, w.other, NOBODY, j)
    if w.inside[j]:
        c.mw[j] = c.offered[j] if c.mw[j] > 0.5 * c.offered[j] else 0.0
        leave(w, j)
        correct(w, w.other, 1.0 / (c.rise[j] - own))
    else:
        enter(w, j)
        correct(w, w.other, -1.0 / (c.rise[j] + own))


@kernel
def nothing_between(c, g, w, island, line, offer, multiplier, together, apart):
    """Whether nothing happens while a flat offer is taken in, or a line given up, until all is mended."""
    for j in range(c.mw.size):
        if w.is_basic[j] or j == offer or not takes_part(c, g, j, island):
            continue
        change = together * w.rate[j] + apart * price_effect(g, w, w.other, NOBODY, j)
        if change != 0.0 and abs(change) > way(c, g, w, line, multiplier, j, change) + DRIFT_PER_MWH:
            return False
    for k in range(1, w.size[0]):
        change = -together * w.effect[k] - apart * w.other[k]
        if w.side[k] * (w.value[k] + change) > DRIFT_PER_MWH and g.limit[w.active[k]] > 0.0:
            return False
    return True


@kernel
def way(c, g, w, line, multiplier, j, rate):
    """Price in the direction of `rate` to where an offer comes to a bound or off it; infinite where it does neither."""
    if w.inside[j]:
        return c.rise[j] * (c.offered[j] - c.mw[j] if rate > 0.0 else c.mw[j])
    if (c.mw[j] <= 0.0) != (rate > 0.0):
        return np.inf
    way = c.price[j] + c.rise[j] * c.mw[j] - price_at_offer(g, w, j)
    way -= multiplier * g.by_line[line, g.bus[j]] if line != NOBODY else 0.0
    return way if rate > 0.0 else -way


@kernel
=======
>>>>>>> rising
def change_places(c, g, w, line, leaver, target, multiplier, missing, offer, slot, pivot, curve, bend):
    """Let a flat offer, or the line of a slot, go for what is mended: a pivot of the dual simplex."""
    whole = pivot * pivot + curve * bend
    first, both, second = bend / whole, pivot / whole, -curve / whole
    grow(c, w, missing * first)
    shift(c, g, w, w.other, missing * both)
    if offer != NOBODY:
        c.mw[offer] += missing * both
    correct(w, w.effect, first)
    correct(w, w.other, second)
    correct_both(w, both)
    if offer != NOBODY:
<<<<<<< HEAD
        n = w.size[1]
        for i in range(n):
            w.response[i, n] = w.response[n, i] = -both * w.effect[i] - second * w.other[i]
        w.response[n, n] = second
        w.basic[n], w.is_basic[offer], w.size[1] = offer, True, n + 1
        w.effect[n], w.other[n] = 0.0, -1.0  # as a line has it in common with the offer that comes
=======
        hold_offer(w, offer, both, second)
>>>>>>> rising
    finish(c, g, w, line, leaver, target, multiplier + missing * first, first, both)
    if slot != NOBODY:
        drop_line(w, slot)


@kernel
def finish(c, g, w, line, leaver, target, multiplier, scale, second):
    """Hold the line that is full now, or let go of the flat offer that has met its bound."""
    if line != NOBODY:
        hold_line(w, line, 1.0 if target > 0.0 else -1.0, multiplier, scale, second)
    else:
        c.mw[leaver] = target
        drop_offer(w, slot_of(w, leaver))
<<<<<<< HEAD


@kernel
def repair(c, g, w, island):
    """Put right what rounding has let slip; whether there was such a thing.

    Rising offers that are beyond a bound, or should have come off it, do so now; flat ones that earn or lose where they
    are go to their other bound, and are mended from there.
    """
    slipped = False
    for j in range(c.mw.size):
        if w.is_basic[j] or not takes_part(c, g, j, island):
            continue
        gain = price_at_offer(g, w, j) - c.price[j] - c.rise[j] * c.mw[j]
        if w.inside[j]:
            slips = max(-c.mw[j], c.mw[j] - c.offered[j]) > SLIP_MW
        else:
            slips = (gain if c.mw[j] <= 0.0 else -gain) > SLIP_PER_MWH * (1.0 + abs(c.price[j]))
        if slips and c.rise[j] > 0.0:
            meet_bound(c, g, w, j)
        elif slips:
            c.mw[j] = c.offered[j] if gain > 0.0 else 0.0
        slipped = slipped or slips
    if slipped:
        renew(c, g, w)
        refine(c, g, w, island)
    return slipped


# The end -------------------------------------------------------------------------------------------------------------


@kernel
def set_rising_prices(c, g, w, island):
    """Prices of energy and of full lines, from what is held."""
    c.energy_price[island] = w.value[0]
    for k in range(1, w.size[0]):
        c.shadow_price[w.active[k]] = w.value[k]
        c.full[c.fulls[0]] = w.active[k]
        c.fulls[0] += 1


@kernel
def has_drifted(c, g, w, island, given):
    """Whether power is not in balance, a full line not at its limit, or an offer between its bounds not at its price."""
    if abs(given - c.demand[island]) > DRIFT_MW:
        return True
    for k in range(1, w.size[0]):
        if abs(w.side[k] * g.limit[w.active[k]] - c.flow[w.active[k]]) > DRIFT_MW:
            return True
    for k in range(w.size[0], w.size[1]):
        if abs(c.price[w.basic[k]] - price_at_offer(g, w, w.basic[k])) > DRIFT_PER_MWH:
            return True
    for i in range(w.betweens[0]):
        j = w.between[i]
        if abs(c.price[j] + c.rise[j] * c.mw[j] - price_at_offer(g, w, j)) > DRIFT_PER_MWH:
            return True
    return False


@kernel
def refine(c, g, w, island):
    """Take back what steps and the inverse have lost: a step of Newton towards what is held."""
    m, n = w.size[0], w.size[1]
    w.couple[0] = c.demand[island]
    for j in range(c.mw.size):
        if g.bus_island[g.bus[j]] == island:
            w.couple[0] -= c.mw[j]
    for k in range(1, m):
        w.couple[k] = w.side[k] * g.limit[w.active[k]] - c.flow[w.active[k]]
    for i in range(w.betweens[0]):
        j = w.between[i]
        miss = (c.price[j] + c.rise[j] * c.mw[j] - price_at_offer(g, w, j)) * w.give[j]
        c.mw[j] -= miss
        w.couple[0] += miss
        for k in range(1, m):
            w.couple[k] += miss * g.by_line[w.active[k], g.bus[j]]
    for k in range(m, n):
        w.couple[k] = c.price[w.basic[k]] - price_at_offer(g, w, w.basic[k])
    answer(w, w.effect)
    shift(c, g, w, w.effect, -1.0)
    set_flows(c, g, island)


@kernel
def price_at_offer(g, w, j):
    """Price at the bus of an offer."""
    price = w.value[0]
    for k in range(1, w.size[0]):
        price += w.value[k] * g.by_line[w.active[k], g.bus[j]]
    return price


@kernel
def are_the_only_prices(c, g, w, island, epsilon_mw):
    """Whether no other prices support the dispatch: lets go of all that meets a bound by chance."""
    for i in range(w.betweens[0] - 1, -1, -1):
        j = w.between[i]
        if not epsilon_mw < c.mw[j] < c.offered[j] - epsilon_mw:
            couple_offer(g, w, j)
            answer(w, w.other)
            own = -price_effect(g, w, w.other, NOBODY, j)
            if c.rise[j] - own <= EPSILON_RATE * c.rise[j]:
                return False
            leave(w, j)
            correct(w, w.other, 1.0 / (c.rise[j] - own))
    for slot in range(w.size[1] - 1, w.size[0] - 1, -1):
        j = w.basic[slot]
        if not epsilon_mw < c.mw[j] < c.offered[j] - epsilon_mw:
            couple_slot(w, slot)
            answer(w, w.effect)
            curve, most_mw = curvature(c, g, w, w.effect, NOBODY)
            if most_mw < EPSILON_GIVE:
                return False
            correct(w, w.effect, 1.0 / curve)
            drop_offer(w, slot)
    for l in range(c.flow.size):
        if not w.is_active[l] and g.line_island[l] == island and abs(c.flow[l]) >= g.limit[l] - epsilon_mw:
            if w.size[1] >= w.basic.size - 1:
                return False
            couple_line(c, g, w, l)
            answer(w, w.effect)
            curve, most_mw = curvature(c, g, w, w.effect, l)
            if most_mw < EPSILON_GIVE:
                return False
            correct(w, w.effect, 1.0 / curve)
            hold_line(w, l, 1.0, 0.0, 1.0 / curve, 0.0)
    return True
=======
>>>>>>> rising
