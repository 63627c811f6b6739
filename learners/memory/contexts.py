"""What a memory holds: contexts, their records and tables, the state of a search; and what is done to one of them."""

from typing import Any, NamedTuple

import numpy as np

from engine.generic import generic, kernel, unrolled
from engine.limits import COUNT, FIXED, UNBOUNDED, Limits, below, each
from learners.memory.diary import Diary, begin_diary

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
Z_MOST, HUBER = 6.0, 3.0  # standard deviations of one reward, or of one public quantity
RANGE_SHARE = 0.02  # of the range ever seen, added to the spread: noise-free worlds have none
SPREAD_LEAST = 0.5  # of the distance

NONE, TRYING, LOOKING, READING = 0, 1, 2, 3  # stages of a search


class Records(NamedTuple):
    """What each context is recognised by; C = SLOTS places, D = n agents' rewards, or D public quantities."""

    blocks: np.ndarray  # (C,) int64, blocks learned from
    mean: np.ndarray  # (C, D), running mean per tick
    variance: np.ndarray  # (C, D)
    distance: np.ndarray  # (C,), running mean of the distance to the record
    distance_variance: np.ndarray  # (C,)

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"blocks": COUNT}


class Trial(NamedTuple):
    """The search for a table that fits."""

    stage: np.ndarray  # (1,) int64: NONE, TRYING, LOOKING or READING
    order: np.ndarray  # (CONTEXTS,) int64, contexts to try, the active one first
    number: np.ndarray  # (1,) int64, how many
    place: np.ndarray  # (1,) int64, which of them is tried, or which look it is
    blocks: np.ndarray  # (1,) int64, blocks of this look so far
    scores: np.ndarray  # (CONTEXTS,) mean standard score of their distance to each record, so far; READING
    distance: np.ndarray  # (1,) summed over them
    reward: np.ndarray  # (1,) summed over them
    best: np.ndarray  # (1,) int64, the context that earned most
    most: np.ndarray  # (1,) what it earned

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {
            **each(below(CONTEXTS), "order", "place", "best"),
            "stage": (NONE, READING),
            "number": (0, CONTEXTS),
            "blocks": COUNT,
            "most": UNBOUNDED,
        }


class Memory(NamedTuple):
    """Contexts of a group of n agents."""

    records: Records
    trial: Trial
    diary: Diary
    active: np.ndarray  # (1,) int64, context in use (while trying: the one that the alarm was about)
    contexts: np.ndarray  # (1,) int64, how many there are
    cusum: np.ndarray  # (1,)
    grace: np.ndarray  # (1,) int64, blocks to let pass
    threshold: np.ndarray  # (CONTEXTS,)
    used: np.ndarray  # (CONTEXTS,) int64, block of last use
    followed: np.ndarray  # (CONTEXTS, CONTEXTS) int64, how often one came after another
    lowest: np.ndarray  # (D,) smallest block mean ever
    highest: np.ndarray  # (D,)
    sums: np.ndarray  # (D,) of the open block; its mean once it is closed
    ticks: np.ndarray  # (1,) int64, ticks of the open block
    block_ticks: np.ndarray  # (1,) int64
    alarms: np.ndarray  # (4,) int64: blocks lived, alarms, false ones, blocks spent on trials
    base: np.ndarray  # (n,) int64, table of each agent within a place
    signature: bool  # D are public quantities

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {
            **each(FIXED, "block_ticks", "base"),
            **each(COUNT, "grace", "used", "followed", "ticks", "alarms"),
            "active": below(CONTEXTS),
            "contexts": (1, CONTEXTS),
            **each(UNBOUNDED, "lowest", "highest"),
        }


class LifelongMind(NamedTuple):
    """A mind with a memory; its tables have SLOTS places."""

    mind: Any
    memory: Memory


BLOCKS, ALARMS, FALSE_ALARMS, TRIAL_BLOCKS = 0, 1, 2, 3


def remember(mind: Any, block_ticks: int, public: int = 0) -> LifelongMind:
    """Give a memory to a fresh mind whose tables have SLOTS places (ValueError where they have not).

    It knows regimes by so many `public` quantities, or by the rewards of its agents where there are none.
    """
    watched = public or mind.rows.size
    for table in tables_of(mind):
        if len(table) != SLOTS * (mind.rows.max() + 1):
            name = type(mind).__name__
            raise ValueError(f"lifelong: a table of {name} has {len(table)} rows; make it with TableLearner.table")
    records = Records(
        blocks=np.zeros(SLOTS, np.int64),
        mean=np.zeros((SLOTS, watched)),
        variance=np.zeros((SLOTS, watched)),
        distance=np.ones(SLOTS),
        distance_variance=np.ones(SLOTS),
    )
    whole = {name: np.zeros(1, np.int64) for name in ("stage", "number", "place", "blocks", "best")}
    trial = Trial(
        **whole,
        order=np.zeros(CONTEXTS, np.int64),
        scores=np.zeros(CONTEXTS),
        distance=np.zeros(1),
        reward=np.zeros(1),
        most=np.zeros(1),
    )
    memory = Memory(
        records=records,
        trial=trial,
        diary=begin_diary(),
        active=np.zeros(1, np.int64),
        contexts=np.ones(1, np.int64),
        cusum=np.zeros(1),
        grace=np.full(1, WASH_BLOCKS),
        threshold=np.full(CONTEXTS, THRESHOLD),
        used=np.zeros(CONTEXTS, np.int64),
        followed=np.zeros((CONTEXTS, CONTEXTS), np.int64),
        lowest=np.full(watched, np.inf),
        highest=np.full(watched, -np.inf),
        sums=np.zeros(watched),
        ticks=np.zeros(1, np.int64),
        block_ticks=np.array([block_ticks]),
        alarms=np.zeros(4, np.int64),
        base=mind.rows.copy(),
        signature=public > 0,
    )
    return LifelongMind(mind, memory)


@generic
def tables(mind):
    """All arrays (tables, ...) of a mind that hold what was learned; every table learner registers a body."""


def tables_of(mind: Any) -> tuple[np.ndarray, ...]:
    """The tables of a mind, for Python, to which compiled code gives numbers only."""
    found: tuple[np.ndarray, ...] = tables.body_of(type(mind))(mind)
    return found


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
    """Standard deviation of one block mean under a record."""
    least = RANGE_SHARE * (memory.highest[k] - memory.lowest[k])
    return np.sqrt(memory.records.variance[place, k] + least * least + 1e-18)


@kernel
def distance_spread(records, place):
    """Standard deviation of the distance of a block from its record."""
    return max(np.sqrt(records.distance_variance[place]), SPREAD_LEAST)


@kernel
def distance(memory, place):
    """Mean square standard score of the closed block under a record."""
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
