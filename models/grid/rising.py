"""Least cost where prices rise with output: a parametric dual active set. The simplex of flat offers is a case of it.

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
    price_at_offer,
    price_effect,
    renew,
    slot_of,
)
from models.grid.merit_order import takes_part

DRIFT_PER_MWH = 1e-11  # $/MWh that rounding may be
TIE_MW = 1e-8  # an offer that meets its bound when all is mended may pass it by this much


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
        step = missing / (pivot * pivot + curve * bend)
        if most_mw < EPSILON_GIVE or nothing_between(
            c, g, w, island, line, offer, multiplier, step * bend, step * pivot
        ):
            change_places(c, g, w, line, leaver, target, multiplier, missing, offer, slot, pivot, curve, bend)
            return True
        correct(w, w.other, -1.0 / bend)
        if offer != NOBODY:
            hold_offer(w, offer, 0.0, -1.0 / bend)
        else:
            drop_line(w, slot)
    c.pivots[0] = most
    return True


@kernel
def next_event(c, g, w, island, line, sign, multiplier, least):
    """What happens first as the multiplier grows: an offer, or a line's slot; its rate; when; and the curvature."""
    offer, slot, speed, best, curve, gives, scale = NOBODY, NOBODY, 0.0, np.inf, 0.0, False, 1.0
    for k in range(w.size[0]):
        scale += abs(w.effect[k])
    least *= scale
    for j in range(c.mw.size):
        if w.is_basic[j] or not takes_part(c, g, j, island):
            continue
        w.rate[j] = price_effect(g, w, w.effect, line, j)
        rate = sign * w.rate[j]
        curve += rate * rate * w.give[j] if w.inside[j] else 0.0
        if abs(rate) <= least:
            continue
        gives = gives or w.inside[j]
        ratio = max(way(c, g, w, line, multiplier, j, rate), 0.0) / abs(rate)
        if ratio < best - 1e-12 or (ratio <= best + 1e-12 < np.inf and abs(rate) > abs(speed)):
            offer, speed, best = j, rate, ratio
    for k in range(1, w.size[0]):
        rate = -sign * w.effect[k]
        ratio = abs(w.value[k] / rate)
        if w.side[k] * rate > least and g.limit[w.active[k]] > 0.0:
            if ratio < best - 1e-12 or (ratio <= best + 1e-12 and abs(rate) > abs(speed)):
                offer, slot, speed, best = NOBODY, k, rate, ratio
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
    """Let a rising offer come to a bound, or off it; False where it alone holds a price and cannot go."""
    couple_offer(g, w, j)
    answer(w, w.other)
    own = -price_effect(g, w, w.other, NOBODY, j)
    if not w.inside[j]:
        enter(w, j)
        correct(w, w.other, -1.0 / (c.rise[j] + own))
    elif c.rise[j] - own <= EPSILON_RATE * c.rise[j]:
        return False
    else:
        c.mw[j] = c.offered[j] if c.mw[j] > 0.5 * c.offered[j] else 0.0
        leave(w, j)
        correct(w, w.other, 1.0 / (c.rise[j] - own))
    return True


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
        hold_offer(w, offer, both, second)
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
