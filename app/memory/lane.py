"""The Memory lane: which context the agents of a run have played, and which regime each context fits.

It reads the diary that a memory keeps in compiled code, so it is exact however many regimes pass between two looks.
The last EXACT changes are kept as they were; older ones are folded: stretches shorter than a grain join the one
before, and the grain doubles whenever more than FOLDED are left.
"""

from collections import deque
from typing import Any

import numpy as np

from app.worlds.catalogue import remembers
from app.worlds.schedule import Schedule
from learners.memory import BEGUN, EVENTS, KEPT, NOTICED, events_since
from models import World

EXACT, FOLDED, MARKS = 256, 256, 256
LATELY = 4  # stretches by which a context is told to fit a regime: tables are overwritten, and contexts change places
SEARCHING, LOST = -1, -2  # in place of a context: none is settled on yet; the diary had come round before it was read
ALIKE = 0.5  # a context fits regimes in which it was active at least so many times as often as where it was most


def fits(held: np.ndarray, lived: np.ndarray) -> list[int]:
    """Kinds of regime that a context fits: where it was active for the largest shares of the time they held.

    Parameters
    ----------
    held
        Ticks of each kind during which it was active lately, (kinds,).
    lived
        Ticks of each kind in that time, at least the length of one block, (kinds,): the first ticks of a regime,
        before anybody can have noticed it, tell nothing of the context that they were played with.
    """
    share = np.divide(held, lived, out=np.zeros(len(held)), where=lived > 0)
    most = share.max(initial=0.0)
    return np.flatnonzero(share >= max(ALIKE * most, 1e-12)).tolist()


def fold(stretches: list[tuple[int, int]], end: int, grain: int) -> list[tuple[int, int]]:
    """Stretches (start, context) up to `end`, without those shorter than a grain, equal neighbours joined."""
    found: list[tuple[int, int]] = []
    for (start, context), (stop, _) in zip(stretches, [*stretches[1:], (end, 0)]):
        if not found or (stop - start >= grain and context != found[-1][1]):
            found.append((start, context))
    return found


class Lane:
    """What the largest group that has a memory has remembered since tick 0.

    Parameters
    ----------
    world
        At tick 0.
    """

    def __init__(self, world: World) -> None:
        sizes = [(group.members.size, -number) for number, group in enumerate(world.groups) if remembers(group)]
        self.group = -max(sizes)[1]
        self.members = {int(member) for member in world.groups[self.group].members}
        self.schedule = Schedule(world.scenario)
        self.read = 0
        self._old: list[tuple[int, int]] = []
        self._grain = 1
        self._recent: deque[tuple[int, int]] = deque([(0, 0)])
        self._marks: deque[tuple[int, bool]] = deque(maxlen=MARKS)
        self._alarm: int | None = None  # when the trial that is going on began
        self._change: dict[str, int] | None = None  # the last one that was noticed, and after how many ticks
        self._begun = 0
        self._names: dict[int, int] = {}  # place in the tables -> number of the context, counted over the life
        self._spans: dict[int, deque[tuple[int, int]]] = {}  # context -> its last stretches (start, end)
        self._name(0)

    def take(self, world: World) -> None:
        """Read what is new in the diary."""
        diary = world.groups[self.group].mind.memory.diary
        written = int(diary.written[0])
        if written - self.read > EVENTS:
            self._enter(self._recent[-1][0] + 1, LOST)
            self._names, self._alarm = {}, None  # a place may hold another context by now
        for tick, kind, place in events_since(diary, self.read).tolist():
            self._happen(tick, kind, place)
        self.read = written

    def told(self, tick: int) -> dict[str, Any]:
        """What the page draws, JSON-able, at a tick that no event lies behind."""
        stretches = [*self._old, *self._recent]
        return {
            "tick": tick,
            "stretches": stretches,
            "marks": list(self._marks),
            "fits": {context: self._fits(context, tick) for context in sorted(self._shown(stretches))},
            "known": sorted(self._names.values()),
            "change": self._change,
        }

    def _happen(self, tick: int, kind: int, place: int) -> None:
        if kind == NOTICED:
            self._alarm = tick
            self._marks.append((tick, True))
            self._enter(tick, SEARCHING)
            return
        if kind == BEGUN or place not in self._names:
            self._name(place)
        if kind != KEPT:
            self._changed(tick if self._alarm is None else self._alarm, tick)
        elif self._alarm is not None:
            self._marks[-1] = (self._alarm, False)
        self._alarm = None
        self._enter(tick, self._names[place])

    def _changed(self, alarm: int, found: int) -> None:
        """Measure from the regime's first tick; an alarm tells of the ticks before it."""
        if self.schedule.names:
            start, kind = self.schedule.at(alarm - 1)
            self._change = {"kind": kind, "noticed": alarm - start, "found": found - start}

    def _name(self, place: int) -> None:
        self._names[place] = self._begun
        self._spans[self._begun] = deque(maxlen=LATELY)
        self._begun += 1

    def _enter(self, tick: int, context: int) -> None:
        """A stretch ends, another begins."""
        start, before = self._recent[-1]
        if before >= 0:
            self._spans[before].append((start, tick))
        self._recent.append((tick, context))
        if len(self._recent) > EXACT:
            self._old.append(self._recent.popleft())
        while len(self._old) > FOLDED:
            self._grain *= 2
            self._old = fold(self._old, self._recent[0][0], self._grain)
            shown = self._shown([*self._old, *self._recent])
            self._spans = {context: spans for context, spans in self._spans.items() if context in shown}

    def _fits(self, context: int, tick: int) -> list[int]:
        """Kinds of regime that a context has fitted lately."""
        start, active = self._recent[-1]
        spans = [*self._spans[context], *([(start, tick)] if active == context else [])]
        if not spans:
            return []
        lived = self.schedule.lived
        held = sum((lived(end) - lived(begin) for begin, end in spans), start=np.zeros(len(self.schedule.names)))
        return fits(held, np.maximum(lived(tick) - lived(spans[0][0]), self.schedule.least()))

    def _shown(self, stretches: list[tuple[int, int]]) -> set[int]:
        """Contexts that are drawn or known."""
        return {context for _, context in stretches if context >= 0} | set(self._names.values())
