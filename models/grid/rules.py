"""An hourly power market with companies that choose markups (or capacity to withhold), storage and a regulator.

Every hour clears by itself: units may start, stop and ramp at once (no unit commitment), forecasts are perfect, and
all demand is bought on the spot market. Fixed costs are sunk and left out of profit. Sources: Li and Tesfatsion 2011,
Journal of Energy Markets 4(2): the AMES market.
"""

from engine.generic import kernel
from engine.loop import advance, due, observe
from models.grid import state as at
from models.grid.market import (
    clear_hour,
    could_give,
    hour_of,
    load_factor,
    price_at,
    price_cap,
    reply_profits,
    storage_mw,
)
from models.grid.report import pay
from models.grid.state import GridState

LOAD_BINS = 12  # of load over the capacity of all companies
PRICE_EDGES = (1.05, 1.5, 2.5)  # of one's last price over one's lowest cost
PRICE_BINS = len(PRICE_EDGES) + 1
STORAGE_BINS = 5
REPAIR_H = 24.0
WEATHER_KEEPS = 0.9  # of clouds and wind, from hour to hour
SAMPLE_STEP_H = 7  # regret is sampled in one hour of each window, a later one every time


@due.body_for(GridState)
def due_grid(world, turn):
    """Everyone every hour; the regulator once a day."""
    turn.deciding[:] = True
    if world.regulator[0] != at.NONE:
        turn.deciding[world.regulator[0]] = turn.tick[0] % at.HOURS == 0


@observe.body_for(GridState)
def observe_grid(world, turn):
    block, hour = turn.block[0], hour_of(world, turn)
    load = load_factor(world, block, hour) * world.derived.total_load[block, hour]
    tightness = load / capacity(world, block, hour)
    for i in range(turn.states.size):
        turn.states[i] = seen(world, block, i, hour % at.HOURS, tightness)
        if i == world.storage[0]:
            full = world.stored_mwh[0] / max(world.derived.number[block, at.STORAGE_MWH], 1e-9)
            turn.states[i] = turn.states[i] * STORAGE_BINS + min(int(full * STORAGE_BINS), STORAGE_BINS - 1)
        if turn.features.shape[1] > 0:
            turn.features[i, 0] = hour % at.HOURS / at.HOURS
            turn.features[i, 1] = tightness
            turn.features[i, 2] = world.price[world.home[i]] / 100.0
            turn.features[i, 3] = turn.actions[i] / (world.choice.size - 1)
            turn.features[i, 4] = world.now.fulls[0]
            turn.features[i, 5] = world.stored_mwh[0] / max(world.derived.number[block, at.STORAGE_MWH], 1e-9)


@kernel
def seen(world, block, agent, hour, tightness):
    """State of an agent, without what storage knows of itself."""
    sees = world.sees[0]
    if sees == at.NOTHING or agent == world.regulator[0]:
        return 0
    if sees == at.HOUR:
        return hour
    state = min(int(tightness * LOAD_BINS), LOAD_BINS - 1)
    if sees == at.MARKET and agent < world.first_offer.size - 1:
        ratio = world.price[world.home[agent]] / max(world.derived.cost[block, world.first_offer[agent]], 1e-9)
        rank = 0
        for edge in PRICE_EDGES:
            rank += ratio > edge
        state = state * PRICE_BINS + rank
    return state


@kernel
def capacity(world, block, hour):
    """What all companies could give if nothing were broken, MW."""
    derived, total = world.derived, 0.0
    for j in range(world.wind_offer[0]):
        could = derived.capacity[block, j]
        if derived.available.shape[1] > 0:
            could = min(could, max(derived.available[block, hour, world.unit[j]] - world.low[j], 0.0))
        total += could
    return max(total, 1e-9)


@advance.body_for(GridState)
def advance_grid(world, turn, rng):
    block, hour = turn.block[0], hour_of(world, turn)
    for i in range(turn.actions.size):
        world.choices[hour % at.HOURS, i] = turn.actions[i]
    world.cap_per_mwh[0] = price_cap(world, block, turn.actions)
    stored = storage_mw(world, block, turn.actions)
    clear_hour(world, block, hour, turn.actions, world.now)
    for bus in range(world.price.size):
        world.price[bus] = price_at(world, block, bus, world.now)
    pay(world, turn, block, hour, stored)
    if turn.tick[0] % turn.window[0] == turn.tick[0] // turn.window[0] * SAMPLE_STEP_H % turn.window[0]:
        sample_regret(world, turn, block, hour)
    publish(world, turn, block, hour)
    store(world, block, stored)
    draw(world, block, rng)


@kernel
def publish(world, turn, block, hour):
    """What everybody sees: the load of every bus, which lines are in service, and what companies say they can run."""
    if turn.public.size == 0:
        return
    factor, place = load_factor(world, block, hour), 0
    for bus in range(world.price.size):
        turn.public[place] = factor * world.derived.load[block, hour, bus]
        place += 1
    for l in range(world.derived.in_service.shape[1]):
        turn.public[place] = world.derived.in_service[block, l]
        place += 1
    for i in range(world.first_offer.size - 1):
        turn.public[place] = 0.0
        for j in range(world.first_offer[i], world.first_offer[i + 1]):
            turn.public[place] += could_give(world, block, hour, j)
        place += 1


@kernel
def store(world, block, stored):
    """Energy in the storage unit after this hour."""
    moved = world.now.mw[world.wind_offer[0] + 1] + min(stored, 0.0)  # into the network
    gained = -moved * world.derived.number[block, at.EFFICIENCY] if moved < 0.0 else -moved
    world.stored_mwh[0] = max(world.stored_mwh[0] + gained, 0.0)


@kernel
def draw(world, block, rng):
    """Weather of the coming hour, and which units break or are repaired."""
    world.weather[0] = rng.standard_normal()
    for i in range(1, 3):
        world.weather[i] = WEATHER_KEEPS * world.weather[i] + (1.0 - WEATHER_KEEPS**2) ** 0.5 * rng.standard_normal()
    broken = world.derived.number[block, at.FORCED_OUTAGE]
    breaks = broken / (1.0 - broken) / REPAIR_H
    for u in range(world.working.size):
        chance = rng.random()
        world.working[u] = chance >= breaks if world.working[u] else chance < 1.0 / REPAIR_H


@kernel
def sample_regret(world, turn, block, hour):
    """What each company's best reply to everyone's choices of this hour would have earned it more."""
    for i in range(turn.actions.size):
        world.asked[i] = turn.actions[i]
    for i in range(world.first_offer.size - 1):
        reply_profits(world, block, hour, i)
        world.regret[i] = 0.0
        for action in range(world.reply.size):
            world.regret[i] = max(world.regret[i], world.reply[action] - world.reply[turn.actions[i]])
