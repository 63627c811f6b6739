"""Firms choose prices (or quantities) from a grid; profits come from a table of all joint choices.

All firms choose in every period (Calvano et al. 2020), or one after the other while the rest hold theirs (Klein 2021,
after Maskin and Tirole 1988). Profits are earned in every period. Firms see the joint choices of the last periods, or,
moving in turn, their rivals' standing choices. Demand has no noise: the world draws no random numbers.
A firm that is forced, or absent, does not decide; it holds.
"""

from engine.generic import kernel
from engine.loop import advance, due, measure, observe, report
from models.oligopoly.state import BEST_REPLY, FREE, OligopolyState


@kernel
def others_choice(actions, firm, levels):
    """Levels of all others as one number; the firm itself is left out."""
    choice = 0
    for j in range(actions.size):
        if j != firm:
            choice = choice * levels + actions[j]
    return choice


@due.body_for(OligopolyState)
def due_oligopoly(world, turn):
    block, firms = turn.block[0], turn.actions.size
    forced = world.derived.forced[block]
    mover = turn.tick[0] % firms if world.in_turn[0] else -1
    for i in range(firms):
        turn.deciding[i] = world.derived.present[block, i] and (mover < 0 or mover == i)
    if forced != FREE and turn.deciding[0]:
        turn.deciding[0] = False
        turn.actions[0] = world.derived.reply[block, world.joint[0], 0] if forced == BEST_REPLY else forced


@observe.body_for(OligopolyState)
def observe_oligopoly(world, turn):
    firms, memory = turn.actions.size, world.memory[0]
    if memory == 0:
        return
    if world.in_turn[0]:
        for i in range(firms):
            if turn.deciding[i]:
                turn.states[i] = others_choice(turn.actions, i, world.levels[0])
        return
    state, weight = 0, 1
    for past in range(memory):
        state += weight * world.joint[past]
        weight *= world.derived.profit.shape[1]
    for i in range(firms):
        turn.states[i] = state


@advance.body_for(OligopolyState)
def advance_oligopoly(world, turn, rng):
    joint, total = 0, 0.0
    for i in range(turn.actions.size):
        joint = joint * world.levels[0] + turn.actions[i]
    for past in range(world.joint.size - 1, 0, -1):
        world.joint[past] = world.joint[past - 1]
    world.joint[0] = joint
    for i in range(turn.actions.size):
        turn.rewards[i] = world.derived.profit[turn.block[0], joint, i]
        total += turn.rewards[i]
    turn.common[:] = total / turn.actions.size


@measure.body_for(OligopolyState)
def measure_oligopoly(world, turn):
    for m in range(world.sums.size):
        world.sums[m] += world.derived.measures[turn.block[0], world.joint[0], m]


@report.body_for(OligopolyState)
def report_oligopoly(world, turn, row):
    for m in range(world.sums.size):
        row[m] = world.sums[m] / turn.window[0]
        world.sums[m] = 0.0
