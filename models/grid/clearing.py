"""DC optimal power flow: the cheapest dispatch that no line limit forbids, and its nodal prices.

    minimise  sum_j price_j mw_j   subject to   sum of mw = demand in every island,   0 <= mw_j <= offered_j,
    -limit_l <= base_l + sum_j ptdf_lj mw_j <= limit_l   for every line l

Losses, voltages and reactive power are left out (the DC approximation). Demand that may go unserved takes part as an
offer at the value of lost load. Source of the model: Wood, Wollenberg and Sheble 2014, Power Generation, Operation and
Control, ch. 8; of nodal prices: Schweppe et al. 1988, Spot Pricing of Electricity.

Method: bounded dual simplex. Every hour starts from the merit order, which is optimal as long as no line is full, and
brings in only the lines that are violated; so the answer does not depend on the hour before, and the basis is as small
as the number of full lines plus one. Its inverse is kept explicitly and updated at every pivot.
"""

from typing import NamedTuple

import numpy as np

from engine.generic import kernel, subroutine
from engine.limits import COUNT, Limits, below
from models.grid.equals import share_among_equals

SOLVED, INFEASIBLE, UNFINISHED = 0, 1, 2
EPSILON_MW = 1e-7  # a bound may be missed by this much
EPSILON_PIVOT = 1e-9
NOBODY = -1


class Clearing(NamedTuple):
    """One hour's market: offers and demand, dispatch and prices; J offers, L lines, I islands."""

    price: np.ndarray  # (J,) $/MWh offered, at no output
    rise: np.ndarray  # (J,) $/MWh per MW by which an offer's price grows with its output; 0 = flat
    offered: np.ndarray  # (J,) MW offered
    demand: np.ndarray  # (I,) MW
    base: np.ndarray  # (L,) MW on the lines if nothing were dispatched
    mw: np.ndarray  # (J,) dispatched
    flow: np.ndarray  # (L,) MW
    energy_price: np.ndarray  # (I,) $/MWh at the reference bus of each island
    shadow_price: np.ndarray  # (L,) $/MWh, change of cost per MW that a full line's flow is forced up
    full: np.ndarray  # (L,) lines held at their limit, the first `fulls` entries
    fulls: np.ndarray  # (1,)
    unique: np.ndarray  # (1,) bool, whether prices are the only ones that support the dispatch
    status: np.ndarray  # (1,) SOLVED, INFEASIBLE or UNFINISHED
    pivots: np.ndarray  # (1,)

    def limits(self) -> Limits:
        """What a file may put into each array."""
        lines = self.flow.size
        return {"full": below(max(lines, 1)), "fulls": (0, lines), "status": (SOLVED, UNFINISHED), "pivots": COUNT}


class Workspace(NamedTuple):
    """Room to work in; between two clearings only the merit order is worth keeping."""

    order: np.ndarray  # (J,) offers by price, the merit order
    size: np.ndarray  # (1,) n, of the basis
    basic: np.ndarray  # (N,) offers between their bounds
    active: np.ndarray  # (N,) lines held at a limit; entry 0 stands for the balance of power
    side: np.ndarray  # (N,) float64, +1 or -1: at which limit
    inverse: np.ndarray  # (N, N) of the matrix constraints x basic offers
    is_basic: np.ndarray  # (J,) bool
    is_active: np.ndarray  # (L,) bool
    dual: np.ndarray  # (N,) price of each constraint
    weight: np.ndarray  # (N,) share of each constraint in the row that leaves
    column: np.ndarray  # (N,) effect of the offer that enters on the basic ones
    change: np.ndarray  # (L,) MW by which flows change

    def limits(self) -> Limits:
        """What a file may put into each array."""
        offers = below(self.order.size)
        return {
            "order": offers,
            "basic": offers,
            "active": below(max(self.is_active.size, 1)),
            "size": (0, self.basic.size),
        }


class Grid(NamedTuple):
    """What power does in a network; n buses, L lines, J offers."""

    by_bus: np.ndarray  # (n, L) MW on a line per MW that a bus feeds in: the PTDF
    by_line: np.ndarray  # (L, n) the same, transposed
    limit: np.ndarray  # (L,) MW, infinite where there is none
    bus: np.ndarray  # (J,) int64, where each offer is
    bus_island: np.ndarray  # (n,) int64
    line_island: np.ndarray  # (L,) int64
    islands: np.ndarray  # () int64


def room(offers: int, lines: int, islands: int) -> Clearing:
    """An empty market of this size, all offers flat."""
    floats = dict.fromkeys(("price", "rise", "offered", "mw"), offers) | {"demand": islands, "energy_price": islands}
    floats |= dict.fromkeys(("base", "flow", "shadow_price"), lines)
    fields = {name: np.zeros(size) for name, size in floats.items()}
    fields |= {name: np.zeros(size, np.int64) for name, size in {"full": lines, "fulls": 1, "status": 1}.items()}
    return Clearing(**fields, unique=np.ones(1, bool), pivots=np.zeros(1, np.int64))


def workspace(offers: int, lines: int) -> Workspace:
    """Room to clear markets of this size."""
    basis = min(offers, lines + 1) + 1
    fields = {name: np.zeros(basis) for name in ("side", "dual", "weight", "column")}
    fields |= {name: np.zeros(basis, np.int64) for name in ("basic", "active")}
    fields |= {"order": np.arange(offers), "size": np.zeros(1, np.int64), "inverse": np.zeros((basis, basis))}
    flags = {"is_basic": np.zeros(offers, bool), "is_active": np.zeros(lines, bool)}
    return Workspace(**fields, **flags, change=np.zeros(lines))


@subroutine
def clear(c, g, w):
    """Dispatch every island at least cost."""
    c.status[0], c.pivots[0], c.fulls[0], c.unique[0] = SOLVED, 0, 0, True
    equals = False  # whether there may be something to share
    sort_by_price(c, w)
    for l in range(c.flow.size):
        c.flow[l], c.shadow_price[l], w.is_active[l] = c.base[l], 0.0, False
    for j in range(c.mw.size):
        c.mw[j], w.is_basic[j] = 0.0, False
    for k in range(g.islands):
        if not start_from_merit_order(c, g, w, k):
            continue
        while c.status[0] == SOLVED:
            line, place, target = worst_violation(c, g, w, k)
            if line == NOBODY and place == NOBODY:
                break
            pivot(c, g, w, k, line, place, target)
            c.pivots[0] += 1
            if c.pivots[0] > 100 + 10 * (c.mw.size + c.flow.size):
                c.status[0] = UNFINISHED
        set_prices(c, g, w, k)
        equals = equals or w.size[0] > 1 or has_an_equal(c, w.basic[0])
    if equals and share_among_equals(c, g, w):
        forget_lines_with_room(c, g)


@kernel
def has_an_equal(c, j):
    """Whether another offer has the price of one: of the marginal one, which alone is shared where no line is full."""
    number = 0
    for other in range(c.price.size):
        number += c.price[other] == c.price[j]
    return number > 1


@kernel
def forget_lines_with_room(c, g):
    """Lines that were full only because of who came first are full no more; what they cost was nothing but rounding."""
    kept = 0
    for m in range(c.fulls[0]):
        line = c.full[m]
        if abs(c.flow[line]) < g.limit[line] - EPSILON_MW:
            c.shadow_price[line] = 0.0
        else:
            c.full[kept] = line
            kept += 1
    c.fulls[0] = kept


@kernel
def sort_by_price(c, w):
    """Merit order; nearly sorted from the hour before. Ties go by number here, and are shared in the end."""
    for i in range(1, w.order.size):
        j, k = w.order[i], i - 1
        while k >= 0 and (c.price[w.order[k]] > c.price[j] or (c.price[w.order[k]] == c.price[j] and w.order[k] > j)):
            w.order[k + 1] = w.order[k]
            k -= 1
        w.order[k + 1] = j


@kernel
def start_from_merit_order(c, g, w, island):
    """Dispatch the cheapest offers whatever the lines say; False where nothing is to be decided."""
    rest, marginal = c.demand[island], NOBODY
    for j in w.order:
        if g.bus_island[g.bus[j]] != island or c.offered[j] <= 0.0:
            continue
        marginal = j
        c.mw[j] = min(rest, c.offered[j])
        rest -= c.mw[j]
        if c.mw[j] > 0.0:
            for l in range(c.flow.size):
                c.flow[l] += g.by_bus[g.bus[j], l] * c.mw[j]
        if rest <= 0.0:
            break
    if rest > EPSILON_MW or rest < -EPSILON_MW:
        c.status[0] = INFEASIBLE
    c.energy_price[island] = 0.0
    if marginal == NOBODY:
        return False
    w.size[0], w.basic[0], w.inverse[0, 0], w.is_basic[marginal] = 1, marginal, 1.0, True
    return True


@kernel
def worst_violation(c, g, w, island):
    """(line, NOBODY, limit) or (NOBODY, place in the basis, bound) of what misses its bound by most."""
    line, place, target, worst = NOBODY, NOBODY, 0.0, EPSILON_MW
    first = c.pivots[0] > 50 + c.mw.size + c.flow.size  # then the first rather than the worst, so that no cycle lasts
    for l in range(c.flow.size):
        over = abs(c.flow[l]) - g.limit[l]
        if over > worst and not w.is_active[l] and g.line_island[l] == island:
            line, worst, target = l, np.inf if first else over, g.limit[l] if c.flow[l] > 0.0 else -g.limit[l]
    for i in range(w.size[0]):
        mw, offered = c.mw[w.basic[i]], c.offered[w.basic[i]]
        over = max(-mw, mw - offered)
        if over > worst:
            line, place, worst, target = NOBODY, i, np.inf if first else over, 0.0 if mw < 0.0 else offered
    return line, place, target


@kernel
def pivot(c, g, w, island, line, place, target):
    """Bring a line or a basic offer to its bound, at the least rise of cost per MW."""
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
        c.status[0] = INFEASIBLE
        return
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


@kernel
def set_prices(c, g, w, island):
    """Prices of energy and of full lines from the basis; unique where no bound is met by chance."""
    n = w.size[0]
    for m in range(n):
        w.dual[m] = 0.0
    for _ in range(2):  # the second time takes back what the inverse has lost in many pivots
        for i in range(n):
            w.column[i] = c.price[w.basic[i]] - w.dual[0]
            for m in range(1, n):
                w.column[i] -= w.dual[m] * g.by_line[w.active[m], g.bus[w.basic[i]]]
        for m in range(n):
            for i in range(n):
                w.dual[m] += w.column[i] * w.inverse[i, m]
    c.energy_price[island] = w.dual[0]
    for m in range(1, n):
        c.shadow_price[w.active[m]] = w.dual[m]
        c.full[c.fulls[0]] = w.active[m]
        c.fulls[0] += 1
    for i in range(n):
        mw = c.mw[w.basic[i]]
        if mw <= EPSILON_MW or mw >= c.offered[w.basic[i]] - EPSILON_MW:
            c.unique[0] = False
    for l in range(c.flow.size):
        if not w.is_active[l] and g.line_island[l] == island and abs(c.flow[l]) >= g.limit[l] - EPSILON_MW:
            c.unique[0] = False
