"""Who pays and who earns in an hour, and the sums that become rows of the record."""

from engine.generic import kernel
from engine.loop import measure, report
from models.grid import state as at
from models.grid.clearing import EPSILON_MW, SOLVED
from models.grid.market import consumers, could_give, dearest, mean_cost, profit_of
from models.grid.metrics import Column
from models.grid.state import GridState, Sum


@kernel
def pay(world, turn, block, hour, stored):
    """Profits and rewards: companies, storage, the consumers' bill for the regulator, total cost for the planner."""
    c, wind = world.now, world.wind_offer[0]
    moved = c.mw[wind + 1] + min(stored, 0.0)
    for i in range(world.first_offer.size - 1):
        world.profit[i] = profit_of(world, block, i, c)
    if world.storage[0] != at.NONE:
        world.profit[world.storage[0]] = moved * market_price(world, block, world.bus[wind + 1])
    cost, lost = 0.0, 0.0
    for j in range(c.mw.size):
        cost += mean_cost(world, block, c, j) * c.mw[j]
        if j > wind + 1:
            lost += mean_cost(world, block, c, j) * c.mw[j]
    served, payment, unserved = consumers(world, block, hour, c)
    add_margins(world, block, hour, c)
    if world.regulator[0] != at.NONE:
        world.profit[world.regulator[0]] = -payment - lost
    for i in range(turn.rewards.size):
        turn.rewards[i] = world.profit[i]
    turn.common[:] = -cost / turn.rewards.size
    world.sums[Sum.COST] += cost
    world.sums[Sum.SERVED] += served
    world.sums[Sum.PAYMENT] += payment
    world.sums[Sum.UNSERVED] += unserved
    settle_accounts(world, block, payment, moved, lost)
    count_companies(world, block, hour, served)


@kernel
def market_price(world, block, bus):
    """What storage and wind are paid at a bus."""
    return dearest(world, world.now) if world.derived.pricing[block] == at.UNIFORM else world.price[bus]


@kernel
def add_margins(world, block, hour, c):
    """Margins of the marginal offers: those that were not taken up to what their unit could give.

    What a unit at its limit earns above its cost is the rent of a scarce plant, not market power, and does not count
    (Borenstein, Bushnell and Wolak 2002, American Economic Review 92(5): the margin of the marginal unit). An offer
    that was taken in part has set the price itself. One that was taken whole while its company kept capacity back
    would have sold more at the price of its bus.
    """
    for j in range(world.wind_offer[0]):
        could = could_give(world, block, hour, j)
        if c.mw[j] <= EPSILON_MW or c.mw[j] >= could - EPSILON_MW or world.must_run[j]:
            continue
        price = c.price[j] + c.rise[j] * c.mw[j]
        cost = world.derived.cost[block, j] + world.derived.rise[block, j] * c.mw[j]
        if c.mw[j] >= c.offered[j] - EPSILON_MW:
            price = max(price, world.price[world.bus[j]])
        world.sums[Sum.MARGINAL] += c.mw[j]
        world.sums[Sum.MARGIN] += c.mw[j] * (price - cost) / price if price > 0.0 else 0.0


@kernel
def settle_accounts(world, block, payment, moved, lost):
    """Congestion rent, and how far payment = revenue + rent is missed: an identity under nodal prices."""
    derived, c, wind = world.derived, world.now, world.wind_offer[0]
    rent, revenue = 0.0, 0.0
    for l in range(c.flow.size):
        rent -= c.shadow_price[l] * (c.flow[l] - derived.shift_flow[block, l])
    for i in range(world.first_offer.size - 1):
        revenue += world.profit[i]
        for j in range(world.first_offer[i], world.first_offer[i + 1]):
            revenue += mean_cost(world, block, c, j) * c.mw[j]
    world.sums[Sum.RENT] += rent
    if derived.pricing[block] == at.NODAL:
        others = c.mw[wind] * world.price[world.bus[wind]] + moved * world.price[world.bus[wind + 1]]
        gap = abs(payment - revenue - others - rent) / max(payment + lost, 1.0)
        world.sums[Sum.GAP] = max(world.sums[Sum.GAP], gap)
    world.sums[Sum.DEGENERATE] += 0.0 if c.unique[0] else 1.0


@kernel
def count_companies(world, block, hour, served):
    """Profit, concentration, and how much of the load could be served without the largest company."""
    c, derived = world.now, world.derived
    output, offered, largest, squares = 0.0, 0.0, 0.0, 0.0
    for i in range(world.first_offer.size - 1):
        own, could = 0.0, 0.0
        for j in range(world.first_offer[i], world.first_offer[i + 1]):
            own += c.mw[j]
            could += could_give(world, block, hour, j)
        output += own
        squares += own * own
        offered += could
        largest = max(largest, could)
        world.sums[Sum.PROFIT] += world.profit[i]
    world.sums[Sum.HHI] += 10_000.0 * squares / max(output * output, 1e-9)
    world.sums[Sum.SUPPLY_INDEX] += (offered + c.offered[world.wind_offer[0]] - largest) / max(served, 1e-9)
    world.sums[Sum.BEST_REPLY] += derived.mark[block, hour, at.BY_REPLIES, 0]
    world.sums[Sum.CARTEL] += derived.mark[block, hour, at.BY_CARTEL, 0]


@measure.body_for(GridState)
def measure_grid(world, turn):
    """The sums are kept where money is counted; an hour that could not be cleared must not go unseen."""
    if world.now.status[0] != SOLVED:
        world.sums[Sum.GAP] = float("inf")


@report.body_for(GridState)
def report_grid(world, turn, row):
    s, hours = world.sums, turn.window[0]
    row[Column.price_per_mwh] = s[Sum.PAYMENT] / s[Sum.SERVED] if s[Sum.SERVED] > 0.0 else 0.0
    row[Column.system_cost_per_h] = s[Sum.COST] / hours
    row[Column.profit_per_h] = s[Sum.PROFIT] / hours
    row[Column.regret_per_h], row[Column.nashconv_per_h] = 0.0, 0.0
    for i in range(world.regret.size):
        row[Column.regret_per_h] = max(row[Column.regret_per_h], world.regret[i])
        row[Column.nashconv_per_h] += world.regret[i]
    room, above = s[Sum.CARTEL] - s[Sum.BEST_REPLY], s[Sum.PROFIT] - s[Sum.BEST_REPLY]
    room_matters = not room <= 1e-6 * max(abs(s[Sum.CARTEL]), 1.0)  # true of NaN: then collusion is not known
    row[Column.collusion] = above / room if room_matters else 0.0
    row[Column.shed_mw] = s[Sum.UNSERVED] / hours
    row[Column.congestion_rent_per_h] = s[Sum.RENT] / hours
    row[Column.lerner] = s[Sum.MARGIN] / s[Sum.MARGINAL] if s[Sum.MARGINAL] > 0.0 else 0.0
    row[Column.hhi] = s[Sum.HHI] / hours
    row[Column.residual_supply] = s[Sum.SUPPLY_INDEX] / hours
    row[Column.settlement_gap] = s[Sum.GAP]
    row[Column.price_not_unique] = s[Sum.DEGENERATE] / hours
    s[:] = 0.0
