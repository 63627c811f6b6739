"""A memory's diary: the last things that happened to it, exact to the tick, for people who watch.

Nothing in a memory reads it. It is a ring of arrays, so that compiled code can write it, and a fork or a file keeps it.
"""

from typing import NamedTuple

import numpy as np

from engine.generic import kernel
from engine.limits import COUNT, Limits, each

EVENTS = 256  # kept; an alarm and its trial take seven blocks or more, so they cover more than 800 blocks
NOTICED, KEPT, RECALLED, BEGUN = 0, 1, 2, 3  # alarm; and its end: it was false, a known context, a new one


class Diary(NamedTuple):
    """The last EVENTS events of a memory."""

    now: np.ndarray  # (1,) int64, tick whose learning closes a block
    written: np.ndarray  # (1,) int64, events ever
    events: np.ndarray  # (EVENTS, 3) int64: first tick that it holds for, kind, context

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return each(COUNT, "now", "written", "events")


def begin_diary() -> Diary:
    """An empty one."""
    return Diary(np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros((EVENTS, 3), np.int64))


@kernel
def note(diary, kind, context):
    """Add an event, in place of the oldest."""
    row = diary.written[0] % EVENTS
    diary.events[row, 0], diary.events[row, 1], diary.events[row, 2] = diary.now[0], kind, context
    diary.written[0] += 1


def events_since(diary: Diary, written: int) -> np.ndarray:
    """Events (n, 3) after the first `written` ones, in order; the oldest are missing where the ring has come round."""
    last = int(diary.written[0])
    return diary.events[np.arange(max(written, last - EVENTS), last) % EVENTS]
