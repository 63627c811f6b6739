"""The record folded for drawing: at most a few hundred points, each the mean of equally many windows.

A run at full speed closes thousands of windows a second; the page needs no more points than it has pixels. Windows
are weighted equally, so a folded ratio is the mean of the windows' ratios.
"""

import numpy as np
import pandas as pd

from engine.folded import Folded

MOST_POINTS = 400
RECENT_WINDOWS = 4


class Curve:
    """Points of the learning curve and sparklines of some metrics.

    Parameters
    ----------
    names
        Metrics, the columns of `points`.
    window_ticks
        Ticks per window of the record.
    start
        Tick at which the first window begins.
    """

    def __init__(self, names: list[str], window_ticks: int, start: int = 0) -> None:
        self.names, self.window_ticks, self.start = names, window_ticks, start
        self._folded = Folded(MOST_POINTS, 2, len(names))  # of known values: their sum, and how many
        self._taken = 0
        self._recent = np.empty((0, len(names)))

    @property
    def windows_per_point(self) -> int:
        """Windows that share a point."""
        return self._folded.length

    def take(self, frame: pd.DataFrame) -> bool:
        """Fold new rows; return whether there were any."""
        if frame.empty:
            return False
        rows = frame[self.names].to_numpy()
        self._recent = np.concatenate([self._recent, rows[-RECENT_WINDOWS:]])[-RECENT_WINDOWS:]
        last = (frame.index.to_numpy() - self.start) // self.window_ticks  # number of the last window in each row
        known = np.where(np.isnan(rows), 0, self._windows(frame, last)[:, None])
        self._folded.add(last - 1, np.stack([np.where(known, rows, 0.0) * known, known], axis=1))
        self._taken = int(last[-1])
        return True

    def _windows(self, frame: pd.DataFrame, last: np.ndarray) -> np.ndarray:
        """How many windows each row is the mean of."""
        folded = frame.index <= frame.attrs.get("folded_until", 0)
        return np.where(folded, (last - 1) % frame.attrs.get("windows_per_row", 1) + 1, 1)

    def table(self) -> np.ndarray:
        """Points as float32 (points, 1 + metrics): the tick at a point's middle since `start`, then the metrics."""
        full = self._taken // self.windows_per_point  # the last point waits until all its windows are there
        ticks = (np.arange(full) + 0.5) * self.windows_per_point * self.window_ticks
        total, number = self._folded.sums[:full].swapaxes(0, 1)
        with np.errstate(invalid="ignore"):  # a point whose windows are all empty stays NaN: a gap in the line
            return np.column_stack([ticks, total / number]).astype(np.float32)

    def now(self) -> list[float | None]:
        """Mean of each metric over the last few windows; None where nothing was measured."""
        known = [column[~np.isnan(column)] for column in self._recent.T]
        return [float(column.mean()) if len(column) else None for column in known]
