"""The one loop: due, observe, learn, act, settle, advance, measure, report.

Worlds and learners meet here and nowhere else. What travels between them is one `Turn`, a NamedTuple of arrays.
Every agent decides when it is *due*; between two of its decisions its gains are summed into `returns`, discounted per
tick where its learner says so (a semi-Markov decision process: Sutton, Precup and Singh 1999, Artificial
Intelligence 112). A world may name a potential; the loop then adds the shaping reward gamma^n Phi(s') - Phi(s), which
leaves optimal policies as they are (Ng, Harada and Russell 1999, ICML).

The same text runs compiled (all learners compiled) and as plain Python (`loop.py_func`).
"""

import numpy as np

from engine.generic import entry, generic, generic_with_default, kernel, unrolled
from engine.turn import EVERYONE, NEIGHBOURS


@generic_with_default
def due(world, turn):
    """Say in `turn.deciding` who decides now: everyone, unless the world says otherwise."""
    turn.deciding[:] = True


@generic
def observe(world, turn):
    """Write states (and features, advice and potential where the world has them) of those who decide."""


@generic_with_default
def learn(mind, members, turn, world, rng):
    """Learn before acting, from past state, past action, returns and the new state."""


@generic
def act(mind, members, turn, world, rng):
    """Write the next actions of those members who decide; the others hold theirs."""


@generic_with_default
def settle(mind, members, turn, world, rng):
    """Learn after everyone has acted, for rules that need the next actions too."""


@generic
def advance(world, turn, rng):
    """Move the world by one tick; write `turn.rewards` (and `turn.common`)."""


@generic_with_default
def measure(world, turn):
    """Add this tick to the world's window sums."""


@generic
def report(world, turn, row):
    """Turn the window sums into a row of metrics (M,) and empty them."""


@kernel
def enter_regime(turn, course):
    """Set the regime block of this tick."""
    if turn.tick[0] < turn.block_end[0]:
        return
    blocks, length = course.starts.size - 1, course.starts[-1]
    if blocks == 1 or (turn.tick[0] >= length and not course.repeat[0]):
        turn.block[0], turn.block_end[0] = blocks - 1, np.iinfo(np.int64).max
        return
    place = turn.tick[0] % length
    block = np.searchsorted(course.starts, place, side="right") - 1
    turn.block[0] = block
    turn.block_end[0] = turn.tick[0] - place + course.starts[block + 1]


@kernel
def judge(turn):
    """Close the returns of those who decide: discount, and the shaping reward of the world's potential."""
    for i in range(turn.deciding.size):
        turn.judged[i] = False
        if turn.deciding[i] and turn.started[i]:
            turn.discount[i] = turn.gamma_decision[i] * turn.weight[i]
            turn.returns[i] += turn.discount[i] * turn.potential[i] - turn.past_potential[i]
            turn.judged[i] = turn.thawed[i]


@kernel
def hold(turn):
    """Those who have decided start gathering anew."""
    for i in range(turn.deciding.size):
        if turn.deciding[i]:
            turn.started[i] = True
            turn.past_states[i], turn.past_actions[i] = turn.states[i], turn.actions[i]
            turn.past_potential[i] = turn.potential[i]
            turn.returns[i], turn.weight[i], turn.elapsed[i] = 0.0, 1.0, 0


@kernel
def others_reward(turn, whom, agent, everyone):
    """Mean reward of those whom a cooperating agent cares for; its own where it has no neighbours."""
    if whom == EVERYONE:
        return everyone
    if whom != NEIGHBOURS:
        return turn.common[agent]
    others, number = 0.0, 0
    for n in range(turn.neighbours.shape[1]):
        j = turn.neighbours[agent, n]
        if j >= 0:
            others += turn.rewards[j]
            number += 1
    return others / number if number > 0 else turn.rewards[agent]


@kernel
def gather(turn, course):
    """Mix own and others' rewards by cooperation kappa into gains, and add them to the returns of every agent."""
    block, everyone = turn.block[0], 0.0
    whom = course.cooperate_with[block]
    if whom == EVERYONE:
        for i in range(turn.rewards.size):
            everyone += turn.rewards[i] / turn.rewards.size
    for i in range(turn.gains.size):
        gain, kappa = turn.rewards[i], course.cooperation[block, i]
        turn.reward_sums[i] += gain
        if kappa > 0.0:
            gain = (1.0 - kappa) * gain + kappa * others_reward(turn, whom, i, everyone)
        turn.gains[i] = gain
        turn.returns[i] += turn.weight[i] * gain
        turn.weight[i] *= turn.gamma_tick[i]
        turn.elapsed[i] += 1


@kernel
def close_window(world, turn, row, agent_row):
    """Write one row of the record: mean reward per agent and tick, then the world's own metrics."""
    row[0] = 0.0
    for i in range(turn.reward_sums.size):
        mean = turn.reward_sums[i] / turn.window[0]
        if agent_row.size > 0:
            agent_row[i] = mean
        row[0] += mean / turn.reward_sums.size
        turn.reward_sums[i] = 0.0
    report(world, turn, row[1:])


@kernel
def begin_tick(world, turn, course):
    """Regime, who decides, what they see, and what they have earned."""
    enter_regime(turn, course)
    due(world, turn)
    observe(world, turn)
    judge(turn)


@kernel
def end_tick(world, turn, course, rng, tape, agent_tape, row):
    """The world moves; returns the number of rows written so far."""
    hold(turn)
    advance(world, turn, rng)
    gather(turn, course)
    measure(world, turn)
    turn.tick[0] += 1
    if turn.tick[0] % turn.window[0] == 0:
        close_window(world, turn, tape[row], agent_tape[row])
        row += 1
    return row


@kernel
def learn_all(groups, turn, world):
    """Every group learns."""
    for group in unrolled(groups):
        learn(group.mind, group.members, turn, world, group.rng)


@kernel
def act_all(groups, turn, world):
    """Every group acts."""
    for group in unrolled(groups):
        act(group.mind, group.members, turn, world, group.rng)


@kernel
def settle_all(groups, turn, world):
    """Every group settles."""
    for group in unrolled(groups):
        settle(group.mind, group.members, turn, world, group.rng)


@entry
def loop(world, groups, turn, course, rng, ticks, tape, agent_tape):
    """Run `ticks` ticks; write one row of `tape` (rows, M) and `agent_tape` (rows, A or 0) per closed window."""
    row = 0
    for _ in range(ticks):
        begin_tick(world, turn, course)
        learn_all(groups, turn, world)
        act_all(groups, turn, world)
        settle_all(groups, turn, world)
        row = end_tick(world, turn, course, rng, tape, agent_tape, row)


@entry
def before(world, turn, course):
    """`begin_tick`, called from Python."""
    begin_tick(world, turn, course)


@entry
def after(world, turn, course, rng, tape, agent_tape, row):
    """`end_tick`, called from Python."""
    return end_tick(world, turn, course, rng, tape, agent_tape, row)


def loop_in_python(world, groups, turn, course, rng, ticks, tape, agent_tape):
    """The same steps, for populations with a learner in plain Python; the world's bodies stay compiled."""
    row = 0
    for _ in range(ticks):
        before(world, turn, course)
        row = finish_tick(world, groups, turn, course, rng, None, tape, agent_tape, row)


def finish_tick(world, groups, turn, course, rng, actions, tape, agent_tape, row):
    """The part of a tick that follows `before`; `actions` (A,) come from outside, -1 leaves an agent to its learner."""
    decide(world, groups, turn, actions)
    return after(world, turn, course, rng, tape, agent_tape, row)


def decide(world, groups, turn, actions=None):
    """Everyone learns, acts and settles; those who are due may be told their actions (A,) from outside, -1 for none."""
    for step in (learn, act, settle):
        if step is settle and actions is not None:
            chosen = turn.deciding & (actions >= 0)
            turn.actions[chosen] = actions[chosen]
        for group in groups:
            step(group.mind, group.members, turn, world, group.rng)
