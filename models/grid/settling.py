"""The end of a clearing with rising offers: rounding is taken back; prices, and whether they are the only ones."""

from engine.generic import kernel
from models.grid.held import (
    EPSILON_GIVE,
    EPSILON_RATE,
    NOBODY,
    answer,
    correct,
    couple_line,
    couple_offer,
    couple_slot,
    curvature,
    drop_offer,
    hold_line,
    leave,
    price_at_offer,
    price_effect,
    renew,
)
from models.grid.merit_order import set_flows, takes_part
from models.grid.rising import meet_bound, shift

DRIFT_MW, DRIFT_PER_MWH = 1e-10, 1e-11  # more than this shows that the inverse has lost digits
SLIP_MW, SLIP_PER_MWH = 1e-8, 1e-10  # what is beyond a bound by less is at it; of prices as a share


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
            slips = meet_bound(c, g, w, j)
        elif slips:
            c.mw[j] = c.offered[j] if gain > 0.0 else 0.0
        slipped = slipped or slips
    if slipped:
        renew(c, g, w)
        refine(c, g, w, island)
    return slipped


@kernel
def has_drifted(c, g, w, island, given):
    """Whether balance, a full line or the price of an offer between its bounds is missed by more than rounding."""
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
def set_rising_prices(c, g, w, island):
    """Prices of energy and of full lines, from what is held."""
    c.energy_price[island] = w.value[0]
    for k in range(1, w.size[0]):
        c.shadow_price[w.active[k]] = w.value[k]
        c.full[c.fulls[0]] = w.active[k]
        c.fulls[0] += 1


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
