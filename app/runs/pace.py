"""How many ticks a run owes its speed, and how many it manages."""

import time

from app.runs.frames import Status
from engine.fusion import PATIENCE_S

WORK_S = 0.02  # longest stretch of work between two orders


class Pace:
    """The clock of one run."""

    def __init__(self) -> None:
        self.ticks_per_s = 0.0  # reached, over the last half second or more
        self._work_rate, self._debt = 1000.0, 0.0
        self._last = time.perf_counter()
        self._since: tuple[float, int | None] = (self._last, None)
        self._worked_s, self._lasts = 0.0, False

    def rest(self) -> None:
        """Owe nothing from now on."""
        self._last, self._debt = time.perf_counter(), 0.0

    def wait_s(self, status: Status) -> float:
        """Seconds until the next tick is owed."""
        if not status.playing:
            return 1.0
        return 0.0 if status.speed is None else min(max((1 - self._debt) / status.speed, 1 / 120), 0.25)

    def owed(self, speed: float | None) -> int:
        """Ticks to do now: what the speed asks for, at most what `WORK_S` of work allows."""
        now = time.perf_counter()
        passed, self._last = now - self._last, now
        most = max(1, self.within(WORK_S))
        if speed is None:
            return most
        self._debt = min(self._debt + passed * speed, speed * 0.25 + 1)  # no running after
        ticks = min(int(self._debt), most)
        self._debt -= ticks
        return ticks

    def did(self, ticks: int, seconds: float) -> bool:
        """Learn how fast the world is; whether this was the work that made it one that lasts."""
        rate = ticks / max(seconds, 1e-6)
        self._work_rate += 0.3 * (min(rate, 4 * self._work_rate) - self._work_rate)  # one cheap call is no promise
        self._worked_s += seconds
        before, self._lasts = self._lasts, self._worked_s > PATIENCE_S
        return self._lasts and not before

    def within(self, seconds: float) -> int:
        """Ticks that so many seconds of work allow."""
        return int(self._work_rate * seconds)

    def reached(self, tick: int) -> float:
        """Ticks per second lately."""
        now = time.perf_counter()
        since, before = self._since
        if before is None or tick < before:
            self._since = (now, tick)
        elif now - since > 0.5:
            self.ticks_per_s = (tick - before) / (now - since)
            self._since = (now, tick)
        return self.ticks_per_s
