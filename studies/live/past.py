"""The past of a run: copies kept along the way, thinned like a geometric series, and any moment found again from them.

Copies are numbered. One that is `a` numbers old is kept where its number is divisible by the power of two next above
a / near, so the last `near` are all there, of those before them every second, then every fourth, ... Their number
grows with the logarithm of the run's length; where they would take more than `most_bytes`, `near` is halved.
Between two copies the world is run again, with its changes, which gives the same bytes as the first time.
"""

from typing import Self

from engine import snapshot
from models import World

NEAR = 64  # copies in a row before thinning begins
MOST_BYTES = 64_000_000


class Past:
    """Copies of a world at earlier ticks.

    Parameters
    ----------
    most_bytes
        Bound on the arrays of all copies; the first and the last one are kept in any case.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self._near = most_bytes, NEAR
        self._kept: dict[int, tuple[World, int]] = {}  # number -> copy, bytes
        self._next = 0

    @property
    def bytes(self) -> int:
        """Memory that all copies take."""
        return sum(size for _, size in self._kept.values())

    @property
    def ticks(self) -> list[int]:
        """Ticks of all copies, ascending."""
        return [world.tick for world, _ in self._kept.values()]

    def keep(self, world: World) -> None:
        """Copy a world as it is; nothing where its tick is not later than that of the last copy."""
        if self._kept and world.tick <= self.ticks[-1]:
            return
        record = world.record
        empty = type(record)(record.names, record.agent_names, record.window_ticks)  # the run has all rows
        held = world.fork()._replace(record=empty)
        parts = snapshot.arrays((held.state, held.turn, held.course, held.groups))
        self._kept[self._next] = held, sum(part.nbytes for part in parts.values())
        self._next += 1
        self._thin()
        while self.bytes > self.most_bytes and self._near > 1:
            self._near //= 2
            self._thin()
        while self.bytes > self.most_bytes and len(self._kept) > 2:
            del self._kept[list(self._kept)[1]]

    def at(self, live: World, tick: int, most_ticks: int) -> World:
        """The world at a tick, or `most_ticks` after the last copy before it where that is earlier.

        Parameters
        ----------
        live
            The run as it is now; its changes and its record are those of the past, too.
        tick
            From that of the first copy on.
        """
        held = next(world for world, _ in reversed(self._kept.values()) if world.tick <= max(tick, self.ticks[0]))
        goal = min(max(tick, held.tick), live.tick, held.tick + most_ticks)
        found = held.fork()
        found.record.take_past(live.record, held.tick)
        for at, parameters in live.changes[len(held.changes) :]:
            if at <= goal:
                found.run(at - found.tick)
                found.change(**parameters)
        found.run(goal - found.tick)
        return found

    def until(self, tick: int) -> Self:
        """The same copies, but for those after a tick."""
        twin = type(self)(self.most_bytes)
        twin._near = self._near
        twin._kept = {number: kept for number, kept in self._kept.items() if kept[0].tick <= tick}
        twin._next = 1 + max(twin._kept, default=-1)
        return twin

    def _thin(self) -> None:
        last = self._next - 1
        self._kept = {
            number: kept
            for number, kept in self._kept.items()
            if number % 2 ** ((last - number) // self._near).bit_length() == 0
        }
