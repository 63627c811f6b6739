"""One hour of the market: who offers what, what the load is, how it clears and who is paid.

Everyone's choices go in as numbers, so that the same text clears the hour that happens and those that are only
imagined: best replies, regret, and the whole game (`theory.py`).
"""

import math

from engine.generic import kernel
from models.grid import state as at
from models.grid.clearing import EPSILON_MW, Grid, clear

# What roofs give in each hour, as a share of what they give at a clear noon.
SUN = tuple(max(0.0, math.sin(math.pi * (hour - 6) / 12)) for hour in range(at.HOURS))
SMALLEST_LOAD = 0.05  # of the case's; roofs never feed the grid


@kernel
def load_factor(world, block, hour):
    """Load of this hour, as a share of the profile's: its noise, less the sun on the roofs."""
    number = world.derived.number[block]
    factor = 1.0 + number[at.DEMAND_NOISE] * max(-3.0, min(world.weather[0], 3.0))
    if number[at.SOLAR] > 0.0 and world.derived.total_load[block, hour] > 0.0:
        clouds = min(max(number[at.WEATHER_NOISE] * world.weather[1], 0.0), 1.0)
        factor -= number[at.SOLAR] * SUN[hour % at.HOURS] * (1.0 - clouds) / world.derived.total_load[block, hour]
    return max(factor, SMALLEST_LOAD)


@kernel
def wind_mw(world, block):
    """What the wind park can give: 35 % of its size on average, more or less with the weather."""
    number = world.derived.number[block]
    return number[at.WIND] * min(max(0.35 * (1.0 + 2.0 * number[at.WEATHER_NOISE] * world.weather[2]), 0.0), 1.0)


@kernel
def price_cap(world, block, actions):
    """The cap in force: the parameter, or what the regulator chose, evenly between the lowest and the parameter."""
    number, regulator = world.derived.number[block], world.regulator[0]
    if regulator == at.NONE:
        return number[at.CAP]
    share = actions[regulator] / (world.choice.size - 1)
    return number[at.LOWEST_CAP] + share * (number[at.CAP] - number[at.LOWEST_CAP])


@kernel
def storage_mw(world, block, actions):
    """What the storage unit wants: its middle choice rests, those above discharge (positive), those below charge."""
    if world.storage[0] == at.NONE:
        return 0.0
    number, idle = world.derived.number[block], world.choice.size // 2
    wanted = number[at.STORAGE_MW] * (actions[world.storage[0]] - idle) / idle
    space = max(number[at.STORAGE_MWH] - world.stored_mwh[0], 0.0) / number[at.EFFICIENCY]
    return max(min(wanted, world.stored_mwh[0]), -space)


@kernel
def marked_up(cost, markup):
    """A cost raised by a markup, also where it is below zero."""
    return cost * (1.0 + markup) if cost >= 0.0 else cost * (1.0 - markup)


@kernel
def hour_of(world, turn):
    """Where the tick stands in the hours of the case."""
    return turn.tick[0] % world.derived.load.shape[1]


@kernel
def could_give(world, block, hour, j):
    """MW that an offer of a company could be, if nothing were withheld."""
    derived, unit = world.derived, world.unit[j]
    could = derived.capacity[block, j] if world.working[unit] else 0.0
    if derived.available.shape[1] > 0:
        could = min(could, max(derived.available[block, hour, unit] - world.low[j], 0.0))
    return could


@kernel
def mean_cost(world, block, c, j):
    """Mean cost of what runs of an offer, $/MWh."""
    return world.derived.cost[block, j] + 0.5 * world.derived.rise[block, j] * c.mw[j]


@kernel
def mean_bid(c, j):
    """What was asked on average for what runs of an offer, $/MWh."""
    return c.price[j] + 0.5 * c.rise[j] * c.mw[j]


@kernel
def offer_company(world, block, hour, company, action, cap, c):
    """Write the offers of one company; what would cost more than the cap stays out.

    A rising offer that would end above the cap rises to the cap instead.
    """
    choice = world.choice[action]
    for j in range(world.first_offer[company], world.first_offer[company + 1]):
        cost, rise = world.derived.cost[block, j], world.derived.rise[block, j]
        c.offered[j] = could_give(world, block, hour, j) if cost <= cap or world.must_run[j] else 0.0
        if c.offered[j] > 0.0 and cost + rise * c.offered[j] > cap and not world.must_run[j]:
            c.offered[j] = (cap - cost) / rise
        c.price[j], c.rise[j] = cost, rise
        if world.strategy[0] == at.WITHHOLD:
            c.offered[j] *= 1.0 if world.must_run[j] else 1.0 - choice
        elif world.strategy[0] == at.PRICE:
            c.price[j], c.rise[j] = min(choice, cap), 0.0
        else:
            c.price[j], last = min(marked_up(cost, choice), cap), marked_up(cost + rise * c.offered[j], choice)
            c.rise[j] = rise * (1.0 + choice)
            if rise > 0.0 and c.offered[j] > 0.0 and (cost < 0.0 or last > cap):
                c.rise[j] = (min(last, cap) - c.price[j]) / c.offered[j]


@kernel
def clear_hour(world, block, hour, actions, c):
    """Clear an hour in which everyone acts as in `actions` (A,)."""
    derived, cap = world.derived, price_cap(world, block, actions)
    for company in range(world.first_offer.size - 1):
        offer_company(world, block, hour, company, actions[company], cap, c)
    factor, stored, wind = load_factor(world, block, hour), storage_mw(world, block, actions), world.wind_offer[0]
    c.price[wind], c.price[wind + 1] = 0.0, 0.0
    c.offered[wind], c.offered[wind + 1] = wind_mw(world, block), max(stored, 0.0)
    for j in range(wind + 2, c.price.size):
        c.price[j], c.rise[j] = derived.cost[block, j], derived.rise[block, j]
        c.offered[j] = derived.capacity[block, j] * factor * derived.load[block, hour, world.bus[j]]
        c.offered[j] += derived.taken[block, j]
    for k in range(c.demand.size):
        c.demand[k] = factor * derived.island_load[block, hour, k] + derived.taken_island[block, k]
    for l in range(c.base.size):
        c.base[l] = derived.shift_flow[block, l] + factor * derived.load_flow[block, hour, l]
        c.base[l] += derived.taken_flow[block, l]
    if stored < 0.0:
        charge_storage(world, block, -stored, cap, c)
    keep_running(world, block, c, True)
    clear(c, grid(world, block), world.workspace)
    keep_running(world, block, c, False)


@kernel
def keep_running(world, block, c, begins):
    """Least output runs at any price down to minus the value of lost load; its bid waits in `world.bid` meanwhile."""
    if not world.keeps[0]:
        return
    for j in range(world.wind_offer[0]):
        if world.must_run[j] and begins:
            world.bid[j] = c.price[j] + 0.5 * c.rise[j] * c.offered[j]
            c.price[j], c.rise[j] = -world.derived.number[block, at.LOST_LOAD], 0.0
        elif world.must_run[j]:
            c.price[j] = world.bid[j]


@kernel
def charge_storage(world, block, charged, cap, c):
    """Charging is demand at the bus of the storage unit, given up where power would cost more than any offer may."""
    derived, wind = world.derived, world.wind_offer[0]
    bus = world.bus[wind + 1]
    c.demand[derived.bus_island[block, bus]] += charged
    for l in range(c.base.size):
        c.base[l] -= charged * derived.by_bus[block, bus, l]
    c.price[wind + 1], c.offered[wind + 1] = cap, charged


@kernel
def grid(world, block):
    """The network as it stands in a regime block."""
    derived = world.derived
    return Grid(
        derived.by_bus[block], derived.by_line[block], derived.limit[block], world.bus,
        derived.bus_island[block], derived.line_island[block], derived.islands[block],
    )  # fmt: skip


@kernel
def price_at(world, block, bus, c):
    """Nodal price at a bus."""
    price = c.energy_price[world.derived.bus_island[block, bus]]
    for m in range(c.fulls[0]):
        price += c.shadow_price[c.full[m]] * world.derived.by_bus[block, bus, c.full[m]]
    return price


@kernel
def dearest(world, c):
    """Price of the dearest accepted offer of a company; least output takes any price and sets none."""
    price, found = 0.0, False
    for j in range(world.wind_offer[0]):
        if c.mw[j] > EPSILON_MW and not world.must_run[j]:
            last = c.price[j] + c.rise[j] * c.mw[j]
            price, found = max(price, last) if found else last, True
    return price


@kernel
def consumers(world, block, hour, c):
    """Load served, MW, what it pays, $/h, and load lost, MW: what would have paid the value of lost load."""
    derived, factor, pricing = world.derived, load_factor(world, block, hour), world.derived.pricing[block]
    system = dearest(world, c) if pricing == at.UNIFORM else 0.0
    served, payment, unserved, bus, rest = 0.0, 0.0, 0.0, at.NONE, 0.0
    for j in range(world.wind_offer[0] + 2, c.mw.size):  # bus by bus, so that what is not served leaves no rounding
        if world.bus[j] != bus:
            bus = world.bus[j]
            rest = factor * derived.load[block, hour, bus] + derived.taken_load[block, bus]
        rest -= c.mw[j]
        unserved += c.mw[j] if c.price[j] >= world.derived.number[block, at.LOST_LOAD] else 0.0
        if j + 1 == c.mw.size or world.bus[j + 1] != bus:
            served += rest
            payment += rest * (system if pricing == at.UNIFORM else price_at(world, block, bus, c))
    if pricing == at.PAY_AS_BID:
        payment = 0.0
        for j in range(world.wind_offer[0]):
            payment += mean_bid(c, j) * c.mw[j]
    return served, payment, unserved


@kernel
def profit_of(world, block, company, c):
    """Revenue less cost of one company, $/h, under the pricing rule in force."""
    pricing, profit = world.derived.pricing[block], 0.0
    system = dearest(world, c) if pricing == at.UNIFORM else 0.0
    for j in range(world.first_offer[company], world.first_offer[company + 1]):
        if c.mw[j] != 0.0:
            paid = mean_bid(c, j)
            if pricing == at.NODAL:
                paid = price_at(world, block, world.bus[j], c)
            elif pricing == at.UNIFORM:
                paid = system
            profit += (paid - mean_cost(world, block, c, j)) * c.mw[j]
    return profit


@kernel
def reply_profits(world, block, hour, company):
    """Write into `world.reply` what each choice of a company would earn, the others acting as in `world.asked`."""
    own = world.asked[company]
    for action in range(world.choice.size):
        world.asked[company] = action
        clear_hour(world, block, hour, world.asked, world.trial)
        world.reply[action] = profit_of(world, block, company, world.trial)
    world.asked[company] = own
