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

With `memory = "signature"` the record is not of rewards but of what everybody sees of the outside world (arrivals,
loads, payoffs: `turn.public`). A search then holds two blocks against all records at once, and no table is tried.

Contexts are places in the tables, `rows` points at them, so a recall copies nothing. A frozen group changes no context
and begins none, but it still notices and recalls: to choose among what is known is part of acting, not of learning.
Where no record fits it goes on with the table that earned most, or by signature with the one in use. The group is one:
it is frozen when all its members are.

Sources: CUSUM: Page 1954, Biometrika 41; clipping: Huber 1964, Annals of Mathematical Statistics 35; a library of
models with change detection: Da Silva et al. 2006, ICML (RL-CD). The combination and its constants are our own, one
set for all worlds. Known to fail where the state tells the regimes apart already: contexts then only split the data.
By rewards also where learners adapt within a few blocks, so that no alarm is raised, and where a wrong table leaves
damage behind (queues): in `traffic/blind_commute` by rewards closes 41 % of the gap, by signature 89 %.
"""

from learners.memory import controller  # noqa: F401  (registers the bodies of LifelongMind)
from learners.memory.contexts import (
    ALARMS,
    BLOCKS,
    CLEAN,
    CONTEXTS,
    FALSE_ALARMS,
    LOOK_BLOCKS,
    NONE,
    READING,
    SLOTS,
    THRESHOLD,
    THRESHOLD_GROWTH,
    TRYING,
    WASH_BLOCKS,
    LifelongMind,
    Memory,
    remember,
    tables,
    tables_of,
)
from learners.memory.diary import BEGUN, EVENTS, KEPT, NOTICED, RECALLED, events_since

__all__ = [
    "ALARMS",
    "BEGUN",
    "BLOCKS",
    "CLEAN",
    "CONTEXTS",
    "EVENTS",
    "FALSE_ALARMS",
    "KEPT",
    "LOOK_BLOCKS",
    "NONE",
    "NOTICED",
    "READING",
    "RECALLED",
    "SLOTS",
    "THRESHOLD",
    "THRESHOLD_GROWTH",
    "TRYING",
    "WASH_BLOCKS",
    "LifelongMind",
    "Memory",
    "events_since",
    "remember",
    "tables",
    "tables_of",
]
