"""How long a run takes to recover when a regime comes back, block by block, folded to a few passes for drawing.

Recovery time is that of `studies.lifelong.measures`: windows until the reward is again what it was when the regime was
left. It needs no memory, so that lives with and without one can be held beside each other.
"""

from typing import Any

import numpy as np
import pandas as pd

from app.worlds.schedule import Schedule
from engine.folded import Folded
from scenarios import Scenario
from studies.lifelong import measures
from studies.lifelong.life import Block, Life

MOST_BARS = 24  # twice as many passes share a bar when there are more


class Recovery:
    """Recovery times of a run so far.

    Parameters
    ----------
    scenario
        With its regimes.
    window_ticks
        Ticks per row of the record.
    """

    def __init__(self, scenario: Scenario, window_ticks: int) -> None:
        self.schedule, self.window_ticks = Schedule(scenario), window_ticks
        kinds = len(self.schedule.kinds)
        most = max(2, MOST_BARS // max(1, kinds) // 2 * 2)  # even: they are paired
        self._passes = Folded(most, 3, kinds)  # recovery ticks, times never, times
        self._next = 0  # number of the block that is not judged yet
        self._left: dict[int, float] = {}  # kind of regime -> mean reward of the last tenth of its last block
        self._rows = pd.Series(dtype=float)
        self._since = 0  # tick before which windows of a long life are folded, so that blocks cannot be judged

    def take(self, rows: pd.DataFrame) -> None:
        """Judge the blocks that have ended with these new rows of the record."""
        if self.schedule.block(self._next) is None:
            return
        self._since = max(self._since, rows.attrs.get("folded_until", 0))
        new = rows["reward"][rows.index > self._since]
        self._rows = pd.concat([self._rows, new]) if len(self._rows) else new
        while len(self._rows) and (block := self.schedule.block(self._next)) and block[1] <= self._rows.index[-1]:
            start, end, kind = block
            ends = self._rows.index.to_numpy()
            inside = (ends - self.window_ticks >= start) & (ends <= end)  # windows that no other regime has a part in
            if start >= self._since:
                self._judge(kind, self._rows.to_numpy()[inside])
            self._rows = self._rows[ends > end]
            self._next += 1

    def told(self) -> dict[str, Any] | None:
        """Bars [mean ticks, whether most never recovered] or None, one per block of a pass; None without any."""
        ticks, never, times = self._passes.sums.swapaxes(0, 1)
        if not times.any():
            return None
        used = np.flatnonzero(times.any(axis=1))[-1] + 1
        with np.errstate(invalid="ignore"):
            mean, failed = ticks / times, never / times > 0.5
        bars = [
            [[float(mean[p, b]), bool(failed[p, b])] if times[p, b] else None for b in range(times.shape[1])]
            for p in range(used)
        ]
        return {"bars": bars, "passes": self._passes.length}

    def _judge(self, kind: int, rewards: np.ndarray) -> None:
        if not rewards.size:
            return
        name, block = self.schedule.names[kind], Block("train", self.schedule.names[kind], rewards)
        if kind in self._left:
            left = Block("train", name, np.array([self._left[kind]]))
            (windows,) = measures.recovery_times(Life((left, block)))[name]
            self._add(min(windows, rewards.size) * self.window_ticks, windows > rewards.size)
        self._left[kind] = measures.mark(block)

    def _add(self, ticks: float, never: bool) -> None:
        number, place = divmod(self._next, len(self.schedule.kinds))
        values = np.zeros((1, *self._passes.sums.shape[1:]))
        values[0, :, place] = ticks, never, 1
        self._passes.add(np.array([number]), values)
