"""What a clearing with rising offers holds, and how it answers: the inverse of the matrix that `rising.py` describes.

Slots 0 to `size[0]` - 1 are the balance of power and full lines, the others up to `size[1]` are flat offers. All
changes of the matrix are borders, of an item that comes or, with a unit vector, of one that goes. Their Schur
complements are sums of squares over rising offers, so that zero is zero and not a difference of two large numbers.
"""

from engine.generic import kernel

NOBODY = -1
EPSILON_DRIFT = 1e-10  # of what moves: more on a full line shows that the inverse has lost digits
EPSILON_GIVE = 1e-5  # MW by which a rising offer gives way: less would make the inverse too large for doubles
EPSILON_RATE = 1e-9  # price per price: less is no effect


@kernel
def couple_line(c, g, w, line):
    """Write into `w.couple` what a line has in common with every item held."""
    m, n = w.size[0], w.size[1]
    for k in range(m):
        w.couple[k] = 0.0
    for i in range(w.betweens[0]):
        j = w.between[i]
        spread(g, w, j, g.by_line[line, g.bus[j]] * w.give[j])
    for k in range(m, n):
        w.couple[k] = g.by_line[line, g.bus[w.basic[k]]]


@kernel
def couple_offer(g, w, j):
    """Write into `w.couple` what an offer has in common with every item held: its factors on balance and lines."""
    w.couple[0] = 1.0
    for k in range(1, w.size[0]):
        w.couple[k] = g.by_line[w.active[k], g.bus[j]]
    for k in range(w.size[0], w.size[1]):
        w.couple[k] = 0.0


@kernel
def couple_slot(w, slot):
    """Write a unit vector into `w.couple`, for an item that goes."""
    for k in range(w.size[1]):
        w.couple[k] = 0.0
    w.couple[slot] = 1.0


@kernel
def answer(w, out):
    """Write the inverse times `w.couple` into `out`."""
    for i in range(w.size[1]):
        out[i] = 0.0
        for k in range(w.size[1]):
            out[i] += w.response[i, k] * w.couple[k]


@kernel
def price_effect(g, w, effect, line, j):
    """Change of the price at an offer's bus per unit of multiplier, the items held answering by `effect`."""
    bus = g.bus[j]
    rate = (g.by_line[line, bus] if line != NOBODY else 0.0) - effect[0]
    for k in range(1, w.size[0]):
        rate -= effect[k] * g.by_line[w.active[k], bus]
    return rate


@kernel
def is_exact(g, w, line, leaver):
    """Whether `w.effect` leaves alone all else that is held, with `w.rate` of rising offers; writes over `w.couple`."""
    m, moved, changed = w.size[0], 0.0, 1.0
    for k in range(m):
        w.couple[k] = 0.0
        changed += abs(w.effect[k])
    for i in range(w.betweens[0]):
        j = w.between[i]
        spread(g, w, j, w.rate[j] * w.give[j])
        moved += (abs(w.rate[j]) + 1e-3) * w.give[j]
    for k in range(m, w.size[1]):
        j = w.basic[k]
        spread(g, w, j, -w.effect[k])
        moved += abs(w.effect[k])
        if abs(price_effect(g, w, w.effect, line, j) + (1.0 if j == leaver else 0.0)) > EPSILON_DRIFT * changed:
            return False
    for k in range(m):
        if abs(w.couple[k]) > EPSILON_DRIFT * moved:
            return False
    return True


@kernel
def spread(g, w, j, mw):
    """Add to `w.couple` what an offer puts on balance and lines held."""
    w.couple[0] += mw
    for k in range(1, w.size[0]):
        w.couple[k] += mw * g.by_line[w.active[k], g.bus[j]]


@kernel
def price_at_offer(g, w, j):
    """Price at the bus of an offer."""
    price = w.value[0]
    for k in range(1, w.size[0]):
        price += w.value[k] * g.by_line[w.active[k], g.bus[j]]
    return price


@kernel
def curvature(c, g, w, effect, line):
    """MW per $/MWh by which rising offers give way, or $/MWh per MW of an item held; and the most that one does, MW."""
    curve, most = 0.0, 0.0
    for i in range(w.betweens[0]):
        j = w.between[i]
        change = price_effect(g, w, effect, line, j)
        curve += change * change * w.give[j]
        most = max(most, abs(change) * w.give[j])
    return curve, most


@kernel
def correct(w, effect, scale):
    """Add `scale` times the square of `effect` to the inverse."""
    for i in range(w.size[1]):
        part = scale * effect[i]
        for k in range(w.size[1]):
            w.response[i, k] += part * effect[k]


@kernel
def correct_both(w, scale):
    """Add `scale` times the products of `w.effect` and `w.other` to the inverse."""
    for i in range(w.size[1]):
        first, second = scale * w.other[i], scale * w.effect[i]
        for k in range(w.size[1]):
            w.response[i, k] += first * w.effect[k] + second * w.other[k]


@kernel
def hold_offer(w, j, first, second):
    """Give a flat offer the last slot; its row of the inverse is -`first` `w.effect` - `second` `w.other`."""
    n = w.size[1]
    for i in range(n):
        w.response[i, n] = w.response[n, i] = -first * w.effect[i] - second * w.other[i]
    w.response[n, n] = second
    w.effect[n], w.other[n] = 0.0, -1.0  # what the slot has in common with a line that comes with the offer
    w.basic[n], w.is_basic[j], w.size[1] = j, True, n + 1


@kernel
def hold_line(w, line, side, price, first, second):
    """Give a full line a slot behind the other lines; its row is -`first` `w.effect` - `second` `w.other`."""
    n = w.size[1]
    for i in range(n):
        w.response[i, n] = w.response[n, i] = -first * w.effect[i] - (second * w.other[i] if second != 0.0 else 0.0)
    w.response[n, n] = first
    w.size[1] = n + 1
    swap(w, w.size[0], n)
    w.active[w.size[0]], w.side[w.size[0]], w.value[w.size[0]], w.is_active[line] = line, side, price, True
    w.size[0] += 1


@kernel
def drop_offer(w, slot):
    """Free the slot of a flat offer."""
    w.is_basic[w.basic[slot]] = False
    swap(w, slot, w.size[1] - 1)
    w.size[1] -= 1


@kernel
def drop_line(w, slot):
    """Free the slot of a line."""
    w.is_active[w.active[slot]] = False
    last = w.size[0] - 1
    w.active[slot], w.side[slot], w.value[slot] = w.active[last], w.side[last], w.value[last]
    swap(w, slot, last)
    swap(w, last, w.size[1] - 1)
    w.size[0] -= 1
    w.size[1] -= 1


@kernel
def swap(w, a, b):
    """Let two slots change places, with the offers that they hold."""
    if a != b:
        for i in range(w.size[1]):
            w.response[a, i], w.response[b, i] = w.response[b, i], w.response[a, i]
        for i in range(w.size[1]):
            w.response[i, a], w.response[i, b] = w.response[i, b], w.response[i, a]
        w.basic[a], w.basic[b] = w.basic[b], w.basic[a]


@kernel
def slot_of(w, j):
    """The slot of a flat offer that is held."""
    slot = w.size[0]
    while w.basic[slot] != j and slot < w.size[1] - 1:
        slot += 1
    return slot


@kernel
def enter(w, j):
    """A rising offer comes between its bounds."""
    w.between[w.betweens[0]], w.inside[j] = j, True
    w.betweens[0] += 1


@kernel
def leave(w, j):
    """A rising offer meets a bound."""
    place = 0
    while w.between[place] != j:
        place += 1
    w.betweens[0] -= 1
    w.between[place], w.inside[j] = w.between[w.betweens[0]], False


@kernel
def renew(c, g, w):
    """Take back what the inverse has lost in many updates: a step of Newton, column by column."""
    m, n = w.size[0], w.size[1]
    for column in range(n):
        for k in range(n):
            w.couple[k] = 1.0 if k == column else 0.0
        for i in range(w.betweens[0]):
            j = w.between[i]
            bus = g.bus[j]
            share = w.response[0, column]
            for k in range(1, m):
                share += w.response[k, column] * g.by_line[w.active[k], bus]
            share *= w.give[j]
            w.couple[0] -= share
            for k in range(1, m):
                w.couple[k] -= share * g.by_line[w.active[k], bus]
        for i in range(m, n):
            bus = g.bus[w.basic[i]]
            w.couple[0] -= w.response[i, column]
            w.couple[i] -= w.response[0, column]
            for k in range(1, m):
                factor = g.by_line[w.active[k], bus]
                w.couple[k] -= w.response[i, column] * factor
                w.couple[i] -= w.response[k, column] * factor
        answer(w, w.other)
        for k in range(n):
            w.response[k, column] += w.other[k]
