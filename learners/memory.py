"""Memory across recurring regimes, for any table learner: notice that the world changed, and go back to what fitted.

The learner is told no regime labels. A group of agents keeps up to eight *contexts*: a table for every agent, and a
record of the mean reward per block that each agent earns with it (a fingerprint). Block by block:

1. *Alarm*: the distance of the block from the record of the active context feeds a one-sided CUSUM. Records run with
   Huber's clipping, so that one strange block does not make the next strange block look familiar.
2. *Trial*: without learning, the tables are played one after the other, the active one first. One whose rewards fit
   its record is recalled; the active one fits where the alarm was false, and its threshold then rises.
3. *New context* where none fits: it starts from the table that earned most, after more looks (queues have to drain).
4. *Rollback*: on leaving, a context goes back to its last copy from before the alarm, so that what was learned between
   change and alarm does not spoil it.

Contexts are places in the tables, `rows` points at them, so a recall copies nothing. A frozen group does none of this,
unless `allow_recall` lets it choose among what it knows. The group is one: it is frozen when its first member is.

Sources: CUSUM: Page 1954, Biometrika 41; clipping: Huber 1964, Annals of Mathematical Statistics 35; a library of
models with change detection: Da Silva et al. 2006, ICML (RL-CD). The combination and its constants are our own, one
set for all worlds. Known to fail where the state tells the regimes apart already: contexts then only split the data.
"""

from typing import Any, NamedTuple

import numpy as np

from engine.generic import generic, kernel, subroutine, unrolled
from engine.loop import act, learn, settle

CONTEXTS = 8
CLEAN = CONTEXTS  # the place of the last clean copy of the active context
SLOTS = CONTEXTS + 1  # tables per agent

ARMED_BLOCKS = 10  # a record of fewer blocks raises no alarm and recognises nothing
HORIZON_BLOCKS = 30  # blocks that a running record remembers
COPY_BLOCKS = 5  # between two clean copies
WASH_BLOCKS = 1  # after a change of table, before anything is measured
LOOK_BLOCKS = 2  # of one trial
LOOKS = 2  # more looks at the best table before a context is called new

SLACK, CALM = 1.0, 1.0  # CUSUM: what is taken off per block, and below what a copy counts as clean
THRESHOLD, THRESHOLD_MOST, THRESHOLD_GROWTH = 8.0, 60.0, 1.5
SURPRISE_MOST = 4.0  # standard deviations that one block can add
ACCEPT = 3.0  # standard deviations of the distance within which a table is recognised
Z_MOST, HUBER = 6.0, 3.0  # standard deviations of one agent's reward
RANGE_SHARE = 0.02  # of the range ever seen, added to the spread: noise-free worlds have none
SPREAD_LEAST = 0.5  # of the distance

NONE, TRYING, LOOKING = 0, 1, 2  # stages of a trial


class Records(NamedTuple):
    """What each context is recognised by; C = SLOTS places, n agents."""

    blocks: np.ndarray  # (C,) int64, blocks learned from
    mean: np.ndarray  # (C, n), running mean reward per tick
    variance: np.ndarray  # (C, n)
    distance: np.ndarray  # (C,), running mean of the distance to the record
    distance_variance: np.ndarray  # (C,)


class Trial(NamedTuple):
    """The search for a table that fits."""

    stage: np.ndarray  # (1,) int64: NONE, TRYING or LOOKING
    order: np.ndarray  # (CONTEXTS,) int64, contexts to try, the active one first
    number: np.ndarray  # (1,) int64, how many
    place: np.ndarray  # (1,) int64, which of them is tried, or which look it is
    blocks: np.ndarray  # (1,) int64, blocks of this look so far
    distance: np.ndarray  # (1,) summed over them
    reward: np.ndarray  # (1,) summed over them
    best: np.ndarray  # (1,) int64, the context that earned most
    most: np.ndarray  # (1,) what it earned


class Memory(NamedTuple):
    """Contexts of a group of n agents."""

    records: Records
    trial: Trial
    active: np.ndarray  # (1,) int64, context in use (while trying: the one that the alarm was about)
    contexts: np.ndarray  # (1,) int64, how many there are
    recalls: np.ndarray  # (1,) bool, whether frozen agents may still go back to what they know
    cusum: np.ndarray  # (1,)
    grace: np.ndarray  # (1,) int64, blocks to let pass
    threshold: np.ndarray  # (CONTEXTS,)
    used: np.ndarray  # (CONTEXTS,) int64, block of last use
    followed: np.ndarray  # (CONTEXTS, CONTEXTS) int64, how often one came after another
    lowest: np.ndarray  # (n,) smallest block mean ever
    highest: np.ndarray  # (n,)
    sums: np.ndarray  # (n,) rewards of the open block; its mean once it is closed
    ticks: np.ndarray  # (1,) int64, ticks of the open block
    block_ticks: np.ndarray  # (1,) int64
    alarms: np.ndarray  # (4,) int64: blocks lived, alarms, false ones, blocks spent on trials
    base: np.ndarray  # (n,) int64, table of each agent within a place


class LifelongMind(NamedTuple):
    """A mind with a memory; its tables have SLOTS places."""

    mind: Any
    memory: Memory


BLOCKS, ALARMS, FALSE_ALARMS, TRIAL_BLOCKS = 0, 1, 2, 3


def remember(mind: Any, block_ticks: int) -> LifelongMind:
    """Give a memory to a fresh mind whose tables have SLOTS places (ValueError where they have not)."""
    n = mind.rows.size
    for table in tables(mind):
        if len(table) != SLOTS * (mind.rows.max() + 1):
            name = type(mind).__name__
            raise ValueError(f"lifelong: a table of {name} has {len(table)} rows; make it with TableLearner.table")
    records = Records(
        blocks=np.zeros(SLOTS, np.int64),
        mean=np.zeros((SLOTS, n)),
        variance=np.zeros((SLOTS, n)),
        distance=np.ones(SLOTS),
        distance_variance=np.ones(SLOTS),
    )
    whole = {name: np.zeros(1, np.int64) for name in ("stage", "number", "place", "blocks", "best")}
    trial = Trial(
        **whole, order=np.zeros(CONTEXTS, np.int64), distance=np.zeros(1), reward=np.zeros(1), most=np.zeros(1)
    )
    memory = Memory(
        records=records,
        trial=trial,
        active=np.zeros(1, np.int64),
        contexts=np.ones(1, np.int64),
        recalls=np.zeros(1, bool),
        cusum=np.zeros(1),
        grace=np.full(1, WASH_BLOCKS),
        threshold=np.full(CONTEXTS, THRESHOLD),
        used=np.zeros(CONTEXTS, np.int64),
        followed=np.zeros((CONTEXTS, CONTEXTS), np.int64),
        lowest=np.full(n, np.inf),
        highest=np.full(n, -np.inf),
        sums=np.zeros(n),
        ticks=np.zeros(1, np.int64),
        block_ticks=np.array([block_ticks]),
        alarms=np.zeros(4, np.int64),
        base=mind.rows.copy(),
    )
    return LifelongMind(mind, memory)


def allow_recall(mind: Any) -> None:
    """Let a frozen mind with a memory still notice a change and go back to a table that it knows."""
    if isinstance(mind, LifelongMind):
        mind.memory.recalls[:] = True


@generic
def tables(mind):
    """All arrays (tables, ...) of a mind that hold what was learned; every table learner registers a body."""


# Records -------------------------------------------------------------------------------------------------------------


@kernel
def forget(records, place):
    """A record without a past."""
    records.blocks[place] = 0
    records.mean[place] = 0.0
    records.variance[place] = 0.0
    records.distance[place] = 1.0  # what the mean square of a standard score is
    records.distance_variance[place] = 1.0


@kernel
def spread(memory, place, k):
    """Standard deviation of an agent's block mean under a record."""
    least = RANGE_SHARE * (memory.highest[k] - memory.lowest[k])
    return np.sqrt(memory.records.variance[place, k] + least * least + 1e-18)


@kernel
def distance_spread(records, place):
    """Standard deviation of the distance of a block from its record."""
    return max(np.sqrt(records.distance_variance[place]), SPREAD_LEAST)


@kernel
def distance(memory, place):
    """Mean square standard score of the closed block under a record, over the agents."""
    total = 0.0
    for k in range(memory.sums.size):
        z = (memory.sums[k] - memory.records.mean[place, k]) / spread(memory, place, k)
        z = min(max(z, -Z_MOST), Z_MOST)
        total += z * z
    return total / memory.sums.size


@kernel
def add_to_record(memory, place, d):
    """Learn the closed block, at distance d: means and variances over about HORIZON_BLOCKS, clipped once armed."""
    records = memory.records
    records.blocks[place] += 1
    n = records.blocks[place]
    step, armed = 1.0 / min(n, HORIZON_BLOCKS), n > ARMED_BLOCKS
    if armed:
        d = min(d, records.distance[place] + HUBER * distance_spread(records, place))
    if n > 2:
        records.distance[place] += step * (d - records.distance[place])
        off = d - records.distance[place]
        records.distance_variance[place] += step * (off * off - records.distance_variance[place])
    for k in range(memory.sums.size):
        off = memory.sums[k] - records.mean[place, k]
        if armed:
            most = HUBER * spread(memory, place, k)
            off = min(max(off, -most), most)
        records.mean[place, k] += step * off
        if n > 1:
            records.variance[place, k] += step * (off * off - records.variance[place, k])


# Tables --------------------------------------------------------------------------------------------------------------


@kernel
def use(mind, memory, place):
    """Let every agent play the table at a place."""
    number = 0
    for k in range(memory.base.size):
        number = max(number, memory.base[k] + 1)
    for k in range(memory.base.size):
        mind.rows[k] = place * number + memory.base[k]


@kernel
def copy_tables(mind, source, target):
    """Copy what was learned at one place to another."""
    arrays = tables(mind)
    for table in unrolled(arrays):
        flat = table.reshape(table.size)
        width = table.size // SLOTS
        for j in range(width):
            flat[target * width + j] = flat[source * width + j]


@kernel
def copy_context(mind, records, source, target):
    """Copy tables and record of one place to another."""
    copy_tables(mind, source, target)
    records.blocks[target] = records.blocks[source]
    records.distance[target] = records.distance[source]
    records.distance_variance[target] = records.distance_variance[source]
    for k in range(records.mean.shape[1]):
        records.mean[target, k] = records.mean[source, k]
        records.variance[target, k] = records.variance[source, k]


# Block by block ------------------------------------------------------------------------------------------------------


@kernel
def enter(mind, memory, place):
    """A context becomes the active one."""
    memory.active[0] = place
    memory.used[place] = memory.alarms[BLOCKS]
    memory.trial.stage[0] = NONE
    memory.grace[0], memory.cusum[0] = WASH_BLOCKS, 0.0
    use(mind, memory, place)


@kernel
def watch(mind, memory, learns):
    """No trial: is this block surprising? If not, learn it."""
    if memory.grace[0] > 0:
        memory.grace[0] -= 1
        return
    active, records = memory.active[0], memory.records
    memory.used[active] = memory.alarms[BLOCKS]
    d = distance(memory, active)
    if records.blocks[active] >= ARMED_BLOCKS:
        surprise = (d - records.distance[active]) / distance_spread(records, active)
        surprise = min(max(surprise, -SURPRISE_MOST), SURPRISE_MOST)
        memory.cusum[0] = max(0.0, memory.cusum[0] + surprise - SLACK)
        if memory.cusum[0] > memory.threshold[active]:
            memory.alarms[ALARMS] += 1
            begin_trial(memory)
            return
    if learns:
        add_to_record(memory, active, d)
        if memory.cusum[0] < CALM and records.blocks[active] % COPY_BLOCKS == 0:
            copy_context(mind, records, active, CLEAN)


@kernel
def begin_trial(memory):
    """Order: the active context, those that came after it most often, those used last."""
    trial, home = memory.trial, memory.active[0]
    trial.order[0], trial.number[0] = home, 1
    for m in range(memory.contexts[0]):
        if m != home:
            place = trial.number[0]
            while place > 1 and comes_before(memory, home, m, trial.order[place - 1]):
                trial.order[place] = trial.order[place - 1]
                place -= 1
            trial.order[place] = m
            trial.number[0] += 1
    trial.stage[0], trial.place[0] = TRYING, 0
    trial.best[0], trial.most[0] = home, -np.inf
    begin_look(trial)


@kernel
def comes_before(memory, home, one, other):
    """Whether one context is tried before another."""
    first, second = memory.followed[home, one], memory.followed[home, other]
    return first > second or (first == second and memory.used[one] > memory.used[other])


@kernel
def begin_look(trial):
    """Measure anew."""
    trial.blocks[0], trial.distance[0], trial.reward[0] = 0, 0.0, 0.0


@kernel
def go_on_trying(mind, memory, learns):
    """One more block of the table on trial; at the end of a look, decide."""
    trial, home = memory.trial, memory.active[0]
    memory.alarms[TRIAL_BLOCKS] += 1
    trial.blocks[0] += 1
    if trial.blocks[0] <= WASH_BLOCKS:
        return
    tried = trial.best[0] if trial.stage[0] == LOOKING else trial.order[trial.place[0]]
    record = CLEAN if tried == home else tried
    trial.distance[0] += distance(memory, record) / LOOK_BLOCKS
    for k in range(memory.sums.size):
        trial.reward[0] += memory.sums[k] / memory.sums.size / LOOK_BLOCKS
    if trial.blocks[0] < WASH_BLOCKS + LOOK_BLOCKS:
        return
    records = memory.records
    z = (trial.distance[0] - records.distance[record]) / distance_spread(records, record)
    if trial.stage[0] == TRYING and trial.reward[0] > trial.most[0]:
        trial.best[0], trial.most[0] = tried, trial.reward[0]
    if z <= ACCEPT and records.blocks[record] >= ARMED_BLOCKS:
        recall(mind, memory, tried, learns)
        return
    begin_look(trial)
    trial.place[0] += 1
    if trial.stage[0] == TRYING and trial.place[0] < trial.number[0]:
        use(mind, memory, trial.order[trial.place[0]])
    elif trial.stage[0] == TRYING and trial.number[0] > 1:
        trial.stage[0], trial.place[0] = LOOKING, 0
        use(mind, memory, trial.best[0])
    elif trial.stage[0] == TRYING or trial.place[0] >= LOOKS:
        begin_context(mind, memory, learns)


@kernel
def recall(mind, memory, found, learns):
    """A table fits: go on with it."""
    home = memory.active[0]
    if found == home:
        memory.alarms[FALSE_ALARMS] += 1
        memory.threshold[home] = min(memory.threshold[home] * THRESHOLD_GROWTH, THRESHOLD_MOST)
    else:
        leave(mind, memory, learns)
        memory.followed[home, found] += 1
        copy_context(mind, memory.records, found, CLEAN)
    enter(mind, memory, found)


@kernel
def begin_context(mind, memory, learns):
    """No table fits: a new context starts from the best one, in place of the one not used for longest."""
    home, best = memory.active[0], memory.trial.best[0]
    if not learns:
        enter(mind, memory, best)
        return
    place = memory.contexts[0]
    if place < CONTEXTS:
        memory.contexts[0] += 1
    else:
        place = 1 if home == 0 else 0
        for m in range(CONTEXTS):
            if m != home and memory.used[m] < memory.used[place]:
                place = m
    for m in range(CONTEXTS):
        memory.followed[place, m], memory.followed[m, place] = 0, 0
    if place != best:
        copy_tables(mind, best, place)
    leave(mind, memory, learns)
    forget(memory.records, place)
    memory.threshold[place] = THRESHOLD
    memory.followed[home, place] += 1
    copy_context(mind, memory.records, place, CLEAN)
    enter(mind, memory, place)


@kernel
def leave(mind, memory, learns):
    """The alarm was right: the active context goes back to what it was before."""
    home = memory.active[0]
    if learns:
        copy_context(mind, memory.records, CLEAN, home)
    memory.threshold[home] = max(THRESHOLD, memory.threshold[home] / THRESHOLD_GROWTH)


@subroutine
def close_block(mind, memory, learns):
    """What happened in this block?"""
    memory.alarms[BLOCKS] += 1
    for k in range(memory.sums.size):
        memory.sums[k] /= memory.block_ticks[0]
        memory.lowest[k] = min(memory.lowest[k], memory.sums[k])
        memory.highest[k] = max(memory.highest[k], memory.sums[k])
    if memory.trial.stage[0] == NONE:
        watch(mind, memory, learns)
    else:
        go_on_trying(mind, memory, learns)
    memory.ticks[0] = 0
    for k in range(memory.sums.size):
        memory.sums[k] = 0.0


@learn.body_for(LifelongMind)
def learn_and_remember(mind, members, turn, world, rng):
    memory = mind.memory
    learns = turn.thawed[members[0]]
    if turn.tick[0] > 0 and (learns or memory.recalls[0]):
        for k in range(members.size):
            memory.sums[k] += turn.rewards[members[k]]
        memory.ticks[0] += 1
        if memory.ticks[0] == memory.block_ticks[0]:
            close_block(mind.mind, memory, learns)
        if memory.trial.stage[0] != NONE:
            for k in range(members.size):
                turn.judged[members[k]] = False
    learn(mind.mind, members, turn, world, rng)


@act.body_for(LifelongMind)
def act_with_memory(mind, members, turn, world, rng):
    act(mind.mind, members, turn, world, rng)


@settle.body_for(LifelongMind)
def settle_with_memory(mind, members, turn, world, rng):
    settle(mind.mind, members, turn, world, rng)
