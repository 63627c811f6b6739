"""Least cost of flat offers: a bounded dual simplex.

The basis is as small as the number of full lines plus one. Its inverse is kept explicitly and updated at every pivot.
"""

import numpy as np

from engine.generic import kernel
from models.grid.held import NOBODY

EPSILON_PIVOT = 1e-9


@kernel
def pivot(c, g, w, island, line, place, target):
    """Bring a line or a basic offer to its bound, at the least rise of cost per MW; False where there is no way."""
    n = w.size[0]
    for m in range(n):
        w.dual[m], w.weight[m] = 0.0, 0.0 if line != NOBODY else w.inverse[place, m]
        for i in range(n):
            w.dual[m] += c.price[w.basic[i]] * w.inverse[i, m]
            if line != NOBODY:
                w.weight[m] += g.by_bus[g.bus[w.basic[i]], line] * w.inverse[i, m]
    missing = target - (c.flow[line] if line != NOBODY else c.mw[w.basic[place]])
    offer, row, effect = cheapest_way(c, g, w, island, line, 1.0 if missing > 0.0 else -1.0)
    if offer == NOBODY and row == NOBODY:
        return False
    step = missing / effect
    for i in range(n):
        if offer != NOBODY:
            w.column[i] = w.inverse[i, 0]
            for m in range(1, n):
                w.column[i] += w.inverse[i, m] * g.by_bus[g.bus[offer], w.active[m]]
        else:
            w.column[i] = -w.inverse[i, row]
    move(c, g, w, offer, step)
    if line != NOBODY:
        c.flow[line] = target
        w.is_active[line] = True
    else:
        c.mw[w.basic[place]] = target
        w.is_basic[w.basic[place]] = False
    if offer != NOBODY:
        w.is_basic[offer] = True
    else:
        w.is_active[w.active[row]] = False
    exchange(w, line, place, offer, row, effect, 1.0 if target > 0.0 else -1.0)
    return True


@kernel
def cheapest_way(c, g, w, island, line, sign):
    """The offer, or the full line (row), that moves the leaving row in direction `sign` at the least rise of cost."""
    offer, row, effect, best = NOBODY, NOBODY, 0.0, np.inf
    n = w.size[0]
    for j in range(c.mw.size):
        if w.is_basic[j] or c.offered[j] <= 0.0 or g.bus_island[g.bus[j]] != island:
            continue
        alpha = (g.by_line[line, g.bus[j]] if line != NOBODY else 0.0) - w.weight[0]
        cost = c.price[j] - w.dual[0]
        for m in range(1, n):
            factor = g.by_line[w.active[m], g.bus[j]]
            alpha -= w.weight[m] * factor
            cost -= w.dual[m] * factor
        upwards = alpha * sign if c.mw[j] <= 0.0 else -alpha * sign
        ratio = abs(cost) / upwards
        if upwards > EPSILON_PIVOT and (ratio < best - 1e-12 or (ratio <= best + 1e-12 and upwards > abs(effect))):
            offer, effect, best = j, alpha, ratio
    for m in range(1, n):
        inwards = -w.side[m] * w.weight[m] * sign
        ratio = abs(w.dual[m]) / inwards
        if inwards > EPSILON_PIVOT and g.limit[w.active[m]] > 0.0:
            if ratio < best - 1e-12 or (ratio <= best + 1e-12 and inwards > abs(effect)):
                offer, row, effect, best = NOBODY, m, w.weight[m], ratio
    return offer, row, effect


@kernel
def move(c, g, w, offer, step):
    """Move what enters by `step`, the basic offers with it, and the flows that follow."""
    if offer != NOBODY:
        c.mw[offer] += step
        for l in range(c.flow.size):
            c.flow[l] += step * g.by_bus[g.bus[offer], l]
    for i in range(w.size[0]):
        change = -step * w.column[i]
        if change != 0.0:
            j = w.basic[i]
            c.mw[j] += change
            for l in range(c.flow.size):
                c.flow[l] += change * g.by_bus[g.bus[j], l]


@kernel
def exchange(w, line, place, offer, row, effect, side):
    """Update the basis and its inverse: one constraint and one offer come, go, or are replaced."""
    n, inverse = w.size[0], w.inverse
    if line != NOBODY and offer != NOBODY:  # one more full line, one more offer between its bounds
        for i in range(n):
            for m in range(n):
                inverse[i, m] += w.column[i] * w.weight[m] / effect
        for i in range(n):
            inverse[i, n], inverse[n, i] = -w.column[i] / effect, -w.weight[i] / effect
        inverse[n, n] = 1.0 / effect
        w.basic[n], w.active[n], w.side[n], w.size[0] = offer, line, side, n + 1
    elif line != NOBODY:  # the line takes the row of one that is no longer full
        for i in range(n):
            inverse[i, row] /= effect
            for m in range(n):
                if m != row:
                    inverse[i, m] -= w.weight[m] * inverse[i, row]
        w.active[row], w.side[row] = line, side
    elif offer != NOBODY:  # the offer takes the place of one that reached its bound
        for m in range(n):
            inverse[place, m] /= w.column[place]
            for i in range(n):
                if i != place:
                    inverse[i, m] -= w.column[i] * inverse[place, m]
        w.basic[place] = offer
    else:  # one full line less, one offer less
        for i in range(n):
            share = inverse[i, row] / effect
            for m in range(n):
                if i != place and m != row:
                    inverse[i, m] -= share * w.weight[m]
        last = n - 1
        for m in range(n):
            inverse[place, m] = inverse[last, m]
        for i in range(n):
            inverse[i, row] = inverse[i, last]
        w.basic[place], w.active[row], w.side[row], w.size[0] = w.basic[last], w.active[last], w.side[last], last
