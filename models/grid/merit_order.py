"""The start of a clearing with rising offers: the cheapest dispatch of an island, whatever its lines say.

Price climbs over the starts and ends of offers, in merit order, until they give what is demanded.
"""

import numpy as np

from engine.generic import kernel
from models.grid.held import NOBODY, enter, leave


@kernel
def start_rising(c, g, w, island):
    """Dispatch the cheapest whatever the lines say: MW that nobody gives, and False where nothing is to be decided."""
    rest, price, place, last, flat = max(c.demand[island], 0.0), 0.0, 0, NOBODY, NOBODY
    w.betweens[0] = 0
    for j in range(c.mw.size):
        if g.bus_island[g.bus[j]] == island:
            c.mw[j], w.is_basic[j], w.inside[j] = 0.0, False, False
            w.give[j] = 1.0 / c.rise[j] if c.rise[j] > 0.0 else 0.0
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
