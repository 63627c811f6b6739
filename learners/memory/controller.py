"""Block by block: watch, try, recall or begin anew."""

import numpy as np

from engine.generic import kernel, subroutine
from engine.loop import act, learn, settle
from learners.memory.contexts import (
    ACCEPT,
    ALARMS,
    ARMED_BLOCKS,
    BLOCKS,
    CALM,
    CLEAN,
    CONTEXTS,
    COPY_BLOCKS,
    FALSE_ALARMS,
    LOOK_BLOCKS,
    LOOKING,
    LOOKS,
    NONE,
    READING,
    SLACK,
    SURPRISE_MOST,
    THRESHOLD,
    THRESHOLD_GROWTH,
    THRESHOLD_MOST,
    TRIAL_BLOCKS,
    TRYING,
    WASH_BLOCKS,
    LifelongMind,
    add_to_record,
    copy_context,
    copy_tables,
    distance,
    distance_spread,
    forget,
    use,
)
from learners.memory.diary import BEGUN, KEPT, NOTICED, RECALLED, note


@kernel
def enter(mind, memory, place):
    """A context becomes the active one."""
    memory.active[0] = place
    memory.used[place] = memory.alarms[BLOCKS]
    memory.trial.stage[0], memory.trial.place[0] = NONE, 0
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
            note(memory.diary, NOTICED, active)
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
    trial.stage[0], trial.place[0] = (READING if memory.signature else TRYING), 0
    trial.best[0], trial.most[0] = home, -np.inf
    trial.scores[:] = 0.0
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
    if trial.stage[0] == READING:
        read(mind, memory, learns)
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
def read(mind, memory, learns):
    """One more block of what everybody sees, held against all records at once; at the end of a look, decide."""
    trial, home, records = memory.trial, memory.active[0], memory.records
    for m in range(memory.contexts[0]):
        record = CLEAN if m == home else m
        z = (distance(memory, record) - records.distance[record]) / distance_spread(records, record)
        trial.scores[m] += z / LOOK_BLOCKS
    if trial.blocks[0] < WASH_BLOCKS + LOOK_BLOCKS:
        return
    found = home
    for m in range(memory.contexts[0]):
        if trial.scores[m] < trial.scores[found]:
            found = m
    if trial.scores[found] <= ACCEPT and records.blocks[CLEAN if found == home else found] >= ARMED_BLOCKS:
        recall(mind, memory, found, learns)
    else:
        begin_context(mind, memory, learns)


@kernel
def recall(mind, memory, found, learns):
    """A table fits: go on with it."""
    home = memory.active[0]
    note(memory.diary, KEPT if found == home else RECALLED, found)
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
        note(memory.diary, KEPT if best == home else RECALLED, best)
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
    note(memory.diary, BEGUN, place)
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


@kernel
def anyone_learns(turn, members):
    """Whether the group learns: it is frozen when all its members are."""
    for k in range(members.size):
        if turn.thawed[members[k]]:
            return True
    return False


@learn.body_for(LifelongMind)
def learn_and_remember(mind, members, turn, world, rng):
    memory = mind.memory
    if turn.tick[0] > 0:
        for k in range(memory.sums.size):
            memory.sums[k] += turn.public[k] if memory.signature else turn.rewards[members[k]]
        memory.ticks[0] += 1
        if memory.ticks[0] == memory.block_ticks[0]:
            memory.diary.now[0] = turn.tick[0]
            close_block(mind.mind, memory, anyone_learns(turn, members))
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
