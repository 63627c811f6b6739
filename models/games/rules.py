"""A matrix game played with every neighbour at every tick.

Each agent holds one action against all its neighbours; its reward is the mean payoff over them (the mean, not the
sum, so that payoffs keep their size on any graph). In an asymmetric game the lower-numbered agent of a link is the
row player. Payoffs may be up to chance: a coin is then tossed for every link at every tick, whatever is chosen, and
both ends of the link see how it falls. What an agent sees of the last round is a parameter: nothing, a count, or all
actions; where a day has several hours it sees the hour too, and payoffs may differ by the hour.
"""

from engine.loop import advance, measure, observe, report
from models.games.metrics import Column
from models.games.state import GamesState

NOTHING, COUNT, PROFILE = 0, 1, 2
SHARES = len(Column)  # where the shares of actions begin in a row


@observe.body_for(GamesState)
def observe_games(world, turn):
    sees, hours = world.sees[0], world.derived.payoff.shape[1]
    hour = turn.tick[0] % hours
    if sees == NOTHING:
        for i in range(turn.states.size):
            turn.states[i] = hour
        return
    actions = world.derived.payoff.shape[3]
    for i in range(turn.actions.size):
        state = 0 if sees == COUNT else turn.actions[i]
        weight = actions
        for n in range(turn.neighbours.shape[1]):
            j = turn.neighbours[i, n]
            if j < 0:
                break
            if sees == COUNT:
                state += turn.actions[j]
            else:
                state += weight * turn.actions[j]
                weight *= actions
        turn.states[i] = state * hours + hour


@advance.body_for(GamesState)
def advance_games(world, turn, rng):
    hour = turn.tick[0] % world.derived.payoff.shape[1]
    payoff, spread = world.derived.payoff[turn.block[0], hour], world.derived.spread[turn.block[0], hour]
    noise, chance, total = world.derived.noise[turn.block[0]], world.coins.size > 0, 0.0
    for e in range(world.coins.size):
        world.coins[e] = 1.0 if rng.random() < 0.5 else -1.0
    for i in range(turn.actions.size):
        earned, number = 0.0, 0
        for n in range(turn.neighbours.shape[1]):
            j = turn.neighbours[i, n]
            if j < 0:
                break
            earned += payoff[world.role[i, n], turn.actions[i], turn.actions[j]]
            if chance:
                earned += world.coins[world.link[i, n]] * spread[world.role[i, n], turn.actions[i], turn.actions[j]]
            number += 1
        reward = earned / number if number > 0 else 0.0
        if noise > 0.0:
            reward += noise * rng.standard_normal()
        turn.rewards[i] = reward
        total += reward
    turn.common[:] = total / turn.actions.size
    for e in range(turn.public.size):
        turn.public[e] = payoff.reshape(payoff.size)[e]


@measure.body_for(GamesState)
def measure_games(world, turn):
    hour = turn.tick[0] % world.derived.payoff.shape[1]
    equilibrium = world.derived.equilibrium[turn.block[0], hour]
    for i in range(turn.actions.size):
        world.action_sums[turn.actions[i]] += 1.0
    for e in range(world.pairs.shape[0]):
        row, column = turn.actions[world.pairs[e, 0]], turn.actions[world.pairs[e, 1]]
        world.pair_sums[Column.same_action] += row == column
        world.pair_sums[Column.at_equilibrium] += equilibrium[row, column]


@report.body_for(GamesState)
def report_games(world, turn, row):
    choices = 0.0
    for a in range(world.action_sums.size):
        choices += world.action_sums[a]
    links = world.pairs.shape[0] * turn.window[0]
    for m in range(SHARES):
        row[m] = world.pair_sums[m] / links
    for a in range(world.action_sums.size):
        row[SHARES + a] = world.action_sums[a] / choices
        world.action_sums[a] = 0.0
    world.pair_sums[:] = 0.0
