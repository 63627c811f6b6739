"""The record folded for drawing: at most a few hundred points, each the mean of equally many windows.

A run at full speed closes thousands of windows a second; the page needs no more points than it has pixels. Windows
are weighted equally, so a folded ratio is the mean of the windows' ratios.
"""

import numpy as np
import pandas as pd

from app.folded import Folded

MOST_POINTS = 400
RECENT_WINDOWS = 4


class Curve:
    """Points of the learning curve and sparklines of some metrics.

    Parameters
    ----------
    names
        Metrics, the columns of `points`.
    window_ticks
        Ticks per row of the record.
    """

    def __init__(self, names: list[str], window_ticks: int) -> None:
        self.names, self.window_ticks = names, window_ticks
        self._folded = Folded(MOST_POINTS, 2, len(names))  # of known values: their sum, and how many
        self._taken = 0
        self._recent = np.empty((0, len(names)))

    @property
    def windows_per_point(self) -> int:
        """Rows of the record that share a point."""
        return self._folded.length

    def take(self, frame: pd.DataFrame) -> bool:
        """Fold new rows; return whether there were any."""
        if frame.empty:
            return False
        rows = frame[self.names].to_numpy()
        self._recent = np.concatenate([self._recent, rows[-RECENT_WINDOWS:]])[-RECENT_WINDOWS:]
        known = ~np.isnan(rows)
        self._folded.add(self._taken, np.stack([np.where(known, rows, 0.0), known], axis=1))
        self._taken += len(rows)
        return True

    def table(self) -> np.ndarray:
        """Points as float32 (points, 1 + metrics): the tick at a point's middle, then the metrics."""
        full = self._taken // self.windows_per_point  # the last point waits until all its windows are there
        ticks = (np.arange(full) + 0.5) * self.windows_per_point * self.window_ticks
        total, number = self._folded.sums[:full].swapaxes(0, 1)
        with np.errstate(invalid="ignore"):  # a point whose windows are all empty stays NaN: a gap in the line
            return np.column_stack([ticks, total / number]).astype(np.float32)

    def now(self) -> list[float | None]:
        """Mean of each metric over the last few windows; None where nothing was measured."""
        known = [column[~np.isnan(column)] for column in self._recent.T]
        return [float(column.mean()) if len(column) else None for column in known]
