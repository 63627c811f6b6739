"""DC optimal power flow: the cheapest dispatch that no line limit forbids, and its nodal prices.

    minimise  sum_j price_j mw_j + rise_j mw_j² / 2   subject to   sum of mw = demand in every island,
    0 <= mw_j <= offered_j,   -limit_l <= base_l + sum_j ptdf_lj mw_j <= limit_l   for every line l

Losses, voltages and reactive power are left out (the DC approximation). Demand that may go unserved takes part as an
offer at the value of lost load. Source of the model: Wood, Wollenberg and Sheble 2014, Power Generation, Operation and
Control, ch. 8; of nodal prices: Schweppe et al. 1988, Spot Pricing of Electricity.

Method: every hour starts from the merit order, which is optimal as long as no line is full, and brings in only the
lines that are violated; so the answer does not depend on the hour before, and what is solved is as small as the number
of full lines. Where all offers are flat it is a bounded dual simplex (`simplex.py`); where prices rise with output, a
dual active set that does the same pivots and, between them, follows rising offers (`rising.py`).
"""

from typing import NamedTuple

import numpy as np

from engine.generic import kernel, subroutine
from engine.limits import COUNT, Limits, below
from models.grid.equals import share_among_equals
from models.grid.held import NOBODY, renew
from models.grid.merit_order import set_flows, start_rising
from models.grid.rising import mend
from models.grid.settling import are_the_only_prices, has_drifted, refine, repair, set_rising_prices
from models.grid.simplex import pivot

SOLVED, INFEASIBLE, UNFINISHED = 0, 1, 2
COARSE_RATES = 1e-5, 1e-7, 1e-3  # of prices, tried in turn: what changes by less is looked at only if nothing else goes
LOST_MW = 1e-3  # a balance that misses more shows that the inverse has lost all digits
EPSILON_MW = 1e-7  # a bound may be missed by this much


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
    size: np.ndarray  # (2,) of the basis; with rising offers: balance and lines held, and slots
    basic: np.ndarray  # (2N,) flat offers between their bounds
    active: np.ndarray  # (2N,) lines held at a limit; entry 0 stands for the balance of power
    side: np.ndarray  # (2N,) float64, +1 or -1: at which limit
    inverse: np.ndarray  # (N, N) of the matrix constraints x basic offers
    response: np.ndarray  # (2N, 2N) the same with rising offers: of what `rising.py` holds
    value: np.ndarray  # (2N,) prices of the balance and of lines held
    couple: np.ndarray  # (2N,) what something has in common with all slots
    effect: np.ndarray  # (2N,) how slots answer to what is mended
    other: np.ndarray  # (2N,) and to what happens meanwhile
    give: np.ndarray  # (J,) MW per $/MWh that a rising offer gives, 1 / rise; 0 for flat ones
    rate: np.ndarray  # (J,) price per multiplier at the bus of a rising offer between its bounds
    between: np.ndarray  # (J,) rising offers between their bounds, the first `betweens` entries
    betweens: np.ndarray  # (1,)
    inside: np.ndarray  # (J,) bool, whether an offer is one of them
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
            "between": offers,
            "betweens": (0, self.order.size),
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
    fields = {name: np.zeros(basis) for name in ("dual", "weight", "column")}
    fields |= {name: np.zeros(2 * basis, np.int64) for name in ("basic", "active")}
    fields |= {"order": np.arange(offers), "size": np.zeros(2, np.int64), "inverse": np.zeros((basis, basis))}
    fields |= {name: np.zeros(2 * basis) for name in ("side", "value", "couple", "effect", "other")}
    fields |= {"response": np.zeros((2 * basis, 2 * basis)), "between": np.zeros(offers, np.int64)}
    fields |= {"give": np.zeros(offers), "rate": np.zeros(offers), "betweens": np.zeros(1, np.int64)}
    flags = {"is_basic": np.zeros(offers, bool), "inside": np.zeros(offers, bool), "is_active": np.zeros(lines, bool)}
    return Workspace(**fields, **flags, change=np.zeros(lines))


@subroutine
def clear(c, g, w):
    """Dispatch every island at least cost."""
    c.status[0], c.pivots[0], c.fulls[0], c.unique[0] = SOLVED, 0, 0, True
    equals, rises = False, False  # whether there may be something to share, and whether a price rises
    for j in range(c.mw.size):
        rises |= c.rise[j] > 0.0
    sort_by_price(c, w, rises)
    for l in range(c.flow.size):
        c.flow[l], c.shadow_price[l], w.is_active[l] = c.base[l], 0.0, False
    for j in range(c.mw.size):
        c.mw[j], w.is_basic[j] = 0.0, False
    for k in range(g.islands):
        if rises:
            equals = clear_rising(c, g, w, k) or equals
        else:
            equals = clear_flat(c, g, w, k) or equals
    if equals and share_among_equals(c, g, w):
        forget_lines_with_room(c, g)


@kernel
def clear_flat(c, g, w, k):
    """Dispatch an island where no price rises; whether there may be something to share."""
    if not start_from_merit_order(c, g, w, k):
        return False
    while c.status[0] == SOLVED:
        line, place, target = worst_violation(c, g, w, k, 0, w.size[0])
        if line == NOBODY and place == NOBODY:
            break
        if not pivot(c, g, w, k, line, place, target):
            c.status[0] = INFEASIBLE
        c.pivots[0] += 1
        if c.pivots[0] > 100 + 10 * (c.mw.size + c.flow.size):
            c.status[0] = UNFINISHED
    set_prices(c, g, w, k)
    return w.size[0] > 1 or has_an_equal(c, w.basic[0])


@subroutine
def clear_rising(c, g, w, k):
    """Dispatch an island where prices may rise; whether there may be something to share."""
    before = c.status[0]
    for coarse in COARSE_RATES:
        some = dispatch_rising(c, g, w, k, coarse)
        if c.status[0] != UNFINISHED:
            break
    if before != SOLVED:
        c.status[0] = before
    if not some:
        return False
    set_rising_prices(c, g, w, k)
    equals = w.size[0] > 1 or (w.size[1] > 1 and has_an_equal(c, w.basic[1]))
    if c.unique[0] and not are_the_only_prices(c, g, w, k, EPSILON_MW):
        c.unique[0] = False
    return equals


@subroutine
def dispatch_rising(c, g, w, k, coarse):
    """Dispatch an island from its merit order; whether there is something to dispatch."""
    rest, some = start_rising(c, g, w, k)
    c.status[0] = INFEASIBLE if rest > EPSILON_MW or c.demand[k] < -EPSILON_MW else SOLVED
    start = c.pivots[0]
    most = start + 100 + 10 * (c.mw.size + c.flow.size)
    while some and c.status[0] == SOLVED:
        line, place, target = worst_violation(c, g, w, k, w.size[0], w.size[1])
        if line == NOBODY and place == NOBODY:
            if c.pivots[0] == start or not repair(c, g, w, k):  # the start lets nothing slip
                break
            c.pivots[0] += 1
        elif not mend(c, g, w, k, line, w.basic[place] if place != NOBODY else NOBODY, target, most, coarse):
            c.status[0] = INFEASIBLE
        given = set_flows(c, g, k)
        if has_drifted(c, g, w, k, given):
            renew(c, g, w)
            refine(c, g, w, k)
        if (c.status[0] == SOLVED and c.pivots[0] >= most) or not abs(given - c.demand[k]) < LOST_MW:
            c.status[0] = UNFINISHED
    return some


@kernel
def has_an_equal(c, j):
    """Whether another offer has the price of one: of the marginal one, which alone is shared where no line is full."""
    number = 0
    for other in range(c.price.size):
        number += (c.price[other] == c.price[j]) & (c.rise[other] == 0.0)
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
def sort_by_price(c, w, rises):
    """Merit order; nearly sorted from the hour before. Ties go by number here, and are shared in the end."""
    for i in range(1, w.order.size):
        j, k = w.order[i], i - 1
        while k >= 0 and (c.price[w.order[k]] > c.price[j] or is_tied_and_after(c, w.order[k], j, rises)):
            w.order[k + 1] = w.order[k]
            k -= 1
        w.order[k + 1] = j


@kernel
def is_tied_and_after(c, i, j, rises):
    """Whether an offer of the price of another comes after it: flat ones come first, then it goes by number."""
    if c.price[i] != c.price[j]:
        return False
    if rises and (c.rise[i] > 0.0) != (c.rise[j] > 0.0):
        return c.rise[i] > 0.0
    return i > j


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
def worst_violation(c, g, w, island, first_slot, slots):
    """(line, NOBODY, limit) or (NOBODY, place in the basis, bound) of what misses its bound by most."""
    line, place, target, worst = NOBODY, NOBODY, 0.0, EPSILON_MW
    first = c.pivots[0] > 50 + c.mw.size + c.flow.size  # then the first rather than the worst, so that no cycle lasts
    for l in range(c.flow.size):
        over = abs(c.flow[l]) - g.limit[l]
        if over > worst and not w.is_active[l] and g.line_island[l] == island:
            line, worst, target = l, np.inf if first else over, g.limit[l] if c.flow[l] > 0.0 else -g.limit[l]
    for i in range(first_slot, slots):
        mw, offered = c.mw[w.basic[i]], c.offered[w.basic[i]]
        over = max(-mw, mw - offered)
        if over > worst:
            line, place, worst, target = NOBODY, i, np.inf if first else over, 0.0 if mw < 0.0 else offered
    return line, place, target


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
