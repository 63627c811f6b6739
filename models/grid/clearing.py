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

from engine.generic import kernel

SOLVED, INFEASIBLE, UNFINISHED = 0, 1, 2
EPSILON_MW = 1e-7  # a bound may be missed by this much
EPSILON_PIVOT = 1e-9
NOBODY = -1


class Clearing(NamedTuple):
    """One hour's market: offers and demand, dispatch and prices, and room to work; J offers, L lines, I islands."""

    price: np.ndarray  # (J,) $/MWh offered
    offered: np.ndarray  # (J,) MW offered
    demand: np.ndarray  # (I,) MW
    base: np.ndarray  # (L,) MW on the lines if nothing were dispatched
    mw: np.ndarray  # (J,) dispatched
    flow: np.ndarray  # (L,) MW
    energy_price: np.ndarray  # (I,) $/MWh at the reference bus of each island
    shadow_price: np.ndarray  # (L,) $/MWh, change of cost per MW that a full line's flow is forced up
    unique: np.ndarray  # (1,) bool, whether prices are the only ones that support the dispatch
    status: np.ndarray  # (1,) SOLVED, INFEASIBLE or UNFINISHED
    pivots: np.ndarray  # (1,)
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


class Grid(NamedTuple):
    """What power does in a network; offers J, lines L."""

    by_offer: np.ndarray  # (J, L) MW on a line per MW of an offer: the PTDF of its bus
    by_line: np.ndarray  # (L, J) the same, transposed
    limit: np.ndarray  # (L,) MW, infinite where there is none
    offer_island: np.ndarray  # (J,) int64
    line_island: np.ndarray  # (L,) int64
    islands: np.ndarray  # () int64


def room(offers: int, lines: int, islands: int) -> Clearing:
    """Empty arrays for markets of this size."""
    basis = min(offers, lines + 1) + 1
    floats = {"price": offers, "offered": offers, "demand": islands, "base": lines, "mw": offers, "flow": lines}
    floats |= {"energy_price": islands, "shadow_price": lines, "side": basis, "dual": basis}
    floats |= {"weight": basis, "column": basis}
    whole = {"status": 1, "pivots": 1, "size": 1, "basic": basis, "active": basis}
    fields = {name: np.zeros(size) for name, size in floats.items()}
    fields |= {name: np.zeros(size, np.int64) for name, size in whole.items()}
    fields |= {"order": np.arange(offers), "inverse": np.zeros((basis, basis)), "unique": np.ones(1, bool)}
    return Clearing(**fields, is_basic=np.zeros(offers, bool), is_active=np.zeros(lines, bool))


@kernel
def clear(c, g):
    """Dispatch every island at least cost."""
    c.status[0], c.pivots[0], c.unique[0] = SOLVED, 0, True
    sort_by_price(c)
    for l in range(c.flow.size):
        c.flow[l], c.shadow_price[l], c.is_active[l] = c.base[l], 0.0, False
    for j in range(c.mw.size):
        c.mw[j], c.is_basic[j] = 0.0, False
    for k in range(g.islands):
        if not start_from_merit_order(c, g, k):
            continue
        while c.status[0] == SOLVED:
            line, place, target = worst_violation(c, g, k)
            if line == NOBODY and place == NOBODY:
                break
            pivot(c, g, k, line, place, target)
            c.pivots[0] += 1
            if c.pivots[0] > 100 + 10 * (c.mw.size + c.flow.size):
                c.status[0] = UNFINISHED
        set_prices(c, g, k)


@kernel
def sort_by_price(c):
    """Merit order, ties by number; nearly sorted from the hour before."""
    for i in range(1, c.order.size):
        j, k = c.order[i], i - 1
        while k >= 0 and (c.price[c.order[k]] > c.price[j] or (c.price[c.order[k]] == c.price[j] and c.order[k] > j)):
            c.order[k + 1] = c.order[k]
            k -= 1
        c.order[k + 1] = j


@kernel
def start_from_merit_order(c, g, island):
    """Dispatch the cheapest offers whatever the lines say; False where nothing is to be decided."""
    rest, marginal = c.demand[island], NOBODY
    for j in c.order:
        if g.offer_island[j] != island or c.offered[j] <= 0.0:
            continue
        marginal = j
        c.mw[j] = min(rest, c.offered[j])
        rest -= c.mw[j]
        if c.mw[j] > 0.0:
            for l in range(c.flow.size):
                c.flow[l] += g.by_offer[j, l] * c.mw[j]
        if rest <= 0.0:
            break
    if rest > EPSILON_MW or rest < -EPSILON_MW:
        c.status[0] = INFEASIBLE
    c.energy_price[island] = 0.0
    if marginal == NOBODY:
        return False
    c.size[0], c.basic[0], c.inverse[0, 0], c.is_basic[marginal] = 1, marginal, 1.0, True
    return True


@kernel
def worst_violation(c, g, island):
    """(line, NOBODY, limit) or (NOBODY, place in the basis, bound) of what misses its bound by most."""
    line, place, target, worst = NOBODY, NOBODY, 0.0, EPSILON_MW
    first = c.pivots[0] > 50 + c.mw.size + c.flow.size  # then the first rather than the worst, so that no cycle lasts
    for l in range(c.flow.size):
        over = abs(c.flow[l]) - g.limit[l]
        if over > worst and not c.is_active[l] and g.line_island[l] == island:
            line, worst, target = l, np.inf if first else over, g.limit[l] if c.flow[l] > 0.0 else -g.limit[l]
    for i in range(c.size[0]):
        mw, offered = c.mw[c.basic[i]], c.offered[c.basic[i]]
        over = max(-mw, mw - offered)
        if over > worst:
            line, place, worst, target = NOBODY, i, np.inf if first else over, 0.0 if mw < 0.0 else offered
    return line, place, target


@kernel
def pivot(c, g, island, line, place, target):
    """Bring a line or a basic offer to its bound, at the least rise of cost per MW."""
    n = c.size[0]
    for m in range(n):
        c.dual[m], c.weight[m] = 0.0, 0.0 if line != NOBODY else c.inverse[place, m]
        for i in range(n):
            c.dual[m] += c.price[c.basic[i]] * c.inverse[i, m]
            if line != NOBODY:
                c.weight[m] += g.by_offer[c.basic[i], line] * c.inverse[i, m]
    missing = target - (c.flow[line] if line != NOBODY else c.mw[c.basic[place]])
    offer, row, effect = cheapest_way(c, g, island, line, 1.0 if missing > 0.0 else -1.0)
    if offer == NOBODY and row == NOBODY:
        c.status[0] = INFEASIBLE
        return
    step = missing / effect
    for i in range(n):
        if offer != NOBODY:
            c.column[i] = c.inverse[i, 0]
            for m in range(1, n):
                c.column[i] += c.inverse[i, m] * g.by_offer[offer, c.active[m]]
        else:
            c.column[i] = -c.inverse[i, row]
    move(c, g, offer, step)
    if line != NOBODY:
        c.flow[line] = target
        c.is_active[line] = True
    else:
        c.mw[c.basic[place]] = target
        c.is_basic[c.basic[place]] = False
    if offer != NOBODY:
        c.is_basic[offer] = True
    else:
        c.is_active[c.active[row]] = False
    exchange(c, line, place, offer, row, effect, 1.0 if target > 0.0 else -1.0)


@kernel
def cheapest_way(c, g, island, line, sign):
    """The offer, or the full line (row), that moves the leaving row in direction `sign` at the least rise of cost."""
    offer, row, effect, best = NOBODY, NOBODY, 0.0, np.inf
    n = c.size[0]
    for j in range(c.mw.size):
        if c.is_basic[j] or c.offered[j] <= 0.0 or g.offer_island[j] != island:
            continue
        alpha = (g.by_line[line, j] if line != NOBODY else 0.0) - c.weight[0]
        cost = c.price[j] - c.dual[0]
        for m in range(1, n):
            factor = g.by_line[c.active[m], j]
            alpha -= c.weight[m] * factor
            cost -= c.dual[m] * factor
        upwards = alpha * sign if c.mw[j] <= 0.0 else -alpha * sign
        ratio = abs(cost) / upwards
        if upwards > EPSILON_PIVOT and (ratio < best - 1e-12 or (ratio <= best + 1e-12 and upwards > abs(effect))):
            offer, effect, best = j, alpha, ratio
    for m in range(1, n):
        inwards = -c.side[m] * c.weight[m] * sign
        ratio = abs(c.dual[m]) / inwards
        if inwards > EPSILON_PIVOT and g.limit[c.active[m]] > 0.0:
            if ratio < best - 1e-12 or (ratio <= best + 1e-12 and inwards > abs(effect)):
                offer, row, effect, best = NOBODY, m, c.weight[m], ratio
    return offer, row, effect


@kernel
def move(c, g, offer, step):
    """Move what enters by `step`, the basic offers with it, and the flows that follow."""
    if offer != NOBODY:
        c.mw[offer] += step
        for l in range(c.flow.size):
            c.flow[l] += step * g.by_offer[offer, l]
    for i in range(c.size[0]):
        change = -step * c.column[i]
        if change != 0.0:
            j = c.basic[i]
            c.mw[j] += change
            for l in range(c.flow.size):
                c.flow[l] += change * g.by_offer[j, l]


@kernel
def exchange(c, line, place, offer, row, effect, side):
    """Update the basis and its inverse: one constraint and one offer come, go, or are replaced."""
    n, inverse = c.size[0], c.inverse
    if line != NOBODY and offer != NOBODY:  # one more full line, one more offer between its bounds
        for i in range(n):
            for m in range(n):
                inverse[i, m] += c.column[i] * c.weight[m] / effect
        for i in range(n):
            inverse[i, n], inverse[n, i] = -c.column[i] / effect, -c.weight[i] / effect
        inverse[n, n] = 1.0 / effect
        c.basic[n], c.active[n], c.side[n], c.size[0] = offer, line, side, n + 1
    elif line != NOBODY:  # the line takes the row of one that is no longer full
        for i in range(n):
            inverse[i, row] /= effect
            for m in range(n):
                if m != row:
                    inverse[i, m] -= c.weight[m] * inverse[i, row]
        c.active[row], c.side[row] = line, side
    elif offer != NOBODY:  # the offer takes the place of one that reached its bound
        for m in range(n):
            inverse[place, m] /= c.column[place]
            for i in range(n):
                if i != place:
                    inverse[i, m] -= c.column[i] * inverse[place, m]
        c.basic[place] = offer
    else:  # one full line less, one offer less
        for i in range(n):
            share = inverse[i, row] / effect
            for m in range(n):
                if i != place and m != row:
                    inverse[i, m] -= share * c.weight[m]
        last = n - 1
        for m in range(n):
            inverse[place, m] = inverse[last, m]
        for i in range(n):
            inverse[i, row] = inverse[i, last]
        c.basic[place], c.active[row], c.side[row], c.size[0] = c.basic[last], c.active[last], c.side[last], last


@kernel
def set_prices(c, g, island):
    """Prices of energy and of full lines from the basis; unique where no bound is met by chance."""
    n = c.size[0]
    for m in range(n):
        price = 0.0
        for i in range(n):
            price += c.price[c.basic[i]] * c.inverse[i, m]
        if m == 0:
            c.energy_price[island] = price
        else:
            c.shadow_price[c.active[m]] = price
    for i in range(n):
        mw = c.mw[c.basic[i]]
        if mw <= EPSILON_MW or mw >= c.offered[c.basic[i]] - EPSILON_MW:
            c.unique[0] = False
    for l in range(c.flow.size):
        if not c.is_active[l] and g.line_island[l] == island and abs(c.flow[l]) >= g.limit[l] - EPSILON_MW:
            c.unique[0] = False
