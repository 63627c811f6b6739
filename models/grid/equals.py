"""Offers of one price share what the market takes of them in proportion to what they offer, as far as lines allow.

The cheapest dispatch leaves open which of several equal offers runs, and the merit order would have it decided by their
numbers. Offers of one bus share in full; those of several buses move from what the merit order gave them towards equal
shares until a line is full. The cost, and the prices that support it, stay as they are. Pro-rata sharing of offers at
the margin is what most markets do; none is asked to do it across a network, so this rule is ours.
"""

from engine.generic import kernel, subroutine


@kernel
def share_among_equals(c, g, w):
    """Share the dispatch of every group of equal offers; whether there was something to share."""
    first, shared = 0, False
    while first < w.order.size:
        last = first + 1
        while last < w.order.size and are_equal(c, w.order[first], w.order[last]):
            last += 1
        if last - first > 1 and some_are_taken(c, w, first, last):
            share(c, g, w, w.order[first:last])
            shared = True
        first = last
    return shared


@kernel
def are_equal(c, i, j):
    """Whether two offers are flat and of one price; what rising offers give is never open."""
    return c.price[i] == c.price[j] and c.rise[i] == 0.0 and c.rise[j] == 0.0


@kernel
def some_are_taken(c, w, first, last):
    """Whether something, and not all, is taken of what these places of the merit order offer."""
    mw, offered = 0.0, 0.0
    for place in range(first, last):
        mw += c.mw[w.order[place]]
        offered += c.offered[w.order[place]]
    return 0.0 < mw < offered


@subroutine
def share(c, g, w, offers):
    """Share among equal offers, at every bus and then over buses."""
    share_at_buses(c, g, offers)
    for island in range(g.islands):
        share_over_buses(c, g, w, offers, island)


@kernel
def share_at_buses(c, g, offers):
    """Share at every bus among its own offers; flows do not change."""
    for first in offers:
        mw, offered = 0.0, 0.0
        for j in offers:
            if g.bus[j] == g.bus[first]:
                mw += c.mw[j]
                offered += c.offered[j]
        if 0.0 < mw < offered:
            for j in offers:
                if g.bus[j] == g.bus[first]:
                    c.mw[j] = mw * (c.offered[j] / offered)


@kernel
def share_over_buses(c, g, w, offers, island):
    """Move what an island's offers run towards one share of what they offer, as far as its lines allow."""
    mw, offered = 0.0, 0.0
    for j in offers:
        if g.bus_island[g.bus[j]] == island:
            mw += c.mw[j]
            offered += c.offered[j]
    if not 0.0 < mw < offered:
        return
    find_changes(c, g, w, offers, island, mw / offered)
    step = 1.0
    for l in range(c.flow.size):
        change = w.change[l]
        way = 1.0 if change > 0.0 else -1.0
        if change != 0.0 and way * (c.flow[l] + step * change) > g.limit[l]:
            step = max(0.0, (g.limit[l] - way * c.flow[l]) / abs(change))
    for l in range(c.flow.size):
        c.flow[l] += step * w.change[l]
    for j in offers:
        if g.bus_island[g.bus[j]] == island:
            c.mw[j] += step * (mw / offered * c.offered[j] - c.mw[j])


@kernel
def find_changes(c, g, w, offers, island, share):
    """MW by which the flow of each line changes if offers of an island run a share of what they offer."""
    for l in range(w.change.size):
        w.change[l] = 0.0
    for j in offers:
        if g.bus_island[g.bus[j]] == island:
            for l in range(w.change.size):
                w.change[l] += g.by_bus[g.bus[j], l] * (share * c.offered[j] - c.mw[j])
