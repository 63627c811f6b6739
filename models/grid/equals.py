"""Offers of one price share what the market takes of them in proportion to what they offer.

The cheapest dispatch leaves open which of several equal offers runs, and the merit order would have it decided by their
numbers. Pro-rata sharing at the margin is what markets do (for example EU Regulation 2015/1222's EUPHEMIA). Offers of
one bus always share; those of several buses where no line is full and sharing fills none beyond its limit, for else the
network, not the order, says who runs. Cost, prices and flows on full lines stay as they are.
"""

from engine.generic import kernel


@kernel
def share_among_equals(c, g, w):
    """Share the dispatch of every group of equal offers of which some, but not all, is taken."""
    first = 0
    while first < w.order.size:
        last = first + 1
        while last < w.order.size and c.price[w.order[last]] == c.price[w.order[first]]:
            last += 1
        if last - first > 1 and not (c.fulls[0] == 0 and share_over_buses(c, g, w.order[first:last])):
            share_at_buses(c, g, w.order[first:last])
        first = last


@kernel
def taken_of(c, g, offers, bus, island):
    """MW taken and MW offered of the offers at a bus, or of all in an island where bus is -1."""
    mw, offered = 0.0, 0.0
    for j in offers:
        if g.bus[j] == bus or (bus < 0 and g.bus_island[g.bus[j]] == island):
            mw += c.mw[j]
            offered += c.offered[j]
    return mw, offered


@kernel
def share_at_buses(c, g, offers):
    """Share at every bus among its own offers; flows do not change."""
    for j in offers:
        mw, offered = taken_of(c, g, offers, g.bus[j], 0)
        if 0.0 < mw < offered:
            for other in offers:
                if g.bus[other] == g.bus[j]:
                    c.mw[other] = mw * (c.offered[other] / offered)


@kernel
def share_over_buses(c, g, offers):
    """Share in every island among all its offers, unless that would fill a line beyond its limit: then False."""
    for island in range(g.islands):
        mw, offered = taken_of(c, g, offers, -1, island)
        if not 0.0 < mw < offered:
            continue
        for l in range(c.flow.size):
            flow = c.flow[l]
            for j in offers:
                if g.bus_island[g.bus[j]] == island:
                    flow += g.by_line[l, g.bus[j]] * (mw * (c.offered[j] / offered) - c.mw[j])
            if g.line_island[l] == island and abs(flow) > g.limit[l]:
                return False
        for j in offers:
            if g.bus_island[g.bus[j]] == island:
                moved = mw * (c.offered[j] / offered) - c.mw[j]
                c.mw[j] += moved
                for l in range(c.flow.size):
                    c.flow[l] += g.by_bus[g.bus[j], l] * moved
    return True
