"""Hours that are only imagined: a company's best reply, and whole lists of profiles (`theory.py` asks for them)."""

from engine.generic import entry, kernel
from models.grid import state as at
from models.grid.market import clear_hour, consumers, mean_cost, profit_of, reply_profits

TIE = 1e-9  # of the larger profit: differences below it are rounding


@kernel
def dearest_cost(world, block, company):
    """Cost of a company's dearest step, $/MWh."""
    cost = world.derived.cost[block, world.first_offer[company]]
    for j in range(world.first_offer[company], world.first_offer[company + 1]):
        cost = max(cost, world.derived.cost[block, j] + world.derived.rise[block, j] * world.derived.capacity[block, j])
    return cost


@kernel
def quiet(world, block, actions):
    """What everyone does who takes the market as it is: offers at cost, idle storage, highest cap."""
    for i in range(actions.size):
        actions[i] = 0
        if world.strategy[0] == at.PRICE and i < world.first_offer.size - 1:  # the lowest price that loses nothing
            while actions[i] < world.choice.size - 1 and world.choice[actions[i]] < dearest_cost(world, block, i):
                actions[i] += 1
    if world.storage[0] != at.NONE:
        actions[world.storage[0]] = world.choice.size // 2
    if world.regulator[0] != at.NONE:
        actions[world.regulator[0]] = world.choice.size - 1


@kernel
def best_reply(world, block, hour, company):
    """The company's best choice against `world.asked`; the one it holds where none is better, else the first best."""
    reply_profits(world, block, hour, company)
    chosen = world.asked[company]
    for action in range(world.reply.size):
        if world.reply[action] > world.reply[chosen] + TIE * max(abs(world.reply[chosen]), 1.0):
            chosen = action
    return chosen


@entry
def tabulate(world, block, hours, profiles, profit, cost, payment, served):
    """Clear imagined hours (P,) in which companies choose as in `profiles` (P, C) and all else is quiet.

    Writes profits (P, C), system cost (P,) and what consumers pay (P,), all in $/h, and the load served (P,), MW.
    """
    quiet(world, block, world.asked)
    c = world.trial
    for p in range(hours.size):
        for i in range(profit.shape[1]):
            world.asked[i] = profiles[p, i]
        clear_hour(world, block, hours[p], world.asked, c)
        for i in range(profit.shape[1]):
            profit[p, i] = profit_of(world, block, i, c)
        cost[p] = 0.0
        for j in range(c.mw.size):
            cost[p] += mean_cost(world, block, c, j) * c.mw[j]
        served[p], payment[p], _ = consumers(world, block, hours[p], c)


@entry
def take_quietly(world, block, actions):
    """Write into `actions` (A,) what those do who take the market as it is."""
    quiet(world, block, actions)
