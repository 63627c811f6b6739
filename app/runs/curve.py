"""The record folded for drawing: at most a few hundred points, each the mean of equally many windows.

A run at full speed closes thousands of windows a second; the page needs no more points than it has pixels. Windows
are weighted equally, so a folded ratio is the mean of the windows' ratios.
"""

import numpy as np
import pandas as pd

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
        self.windows_per_point = 1
        self._points = np.empty((0, len(names)))
        self._left = np.empty((0, len(names)))  # rows that do not fill a point yet
        self._recent = np.empty((0, len(names)))

    def take(self, frame: pd.DataFrame) -> bool:
        """Fold new rows; return whether there were any."""
        if frame.empty:
            return False
        rows = frame[self.names].to_numpy()
        self._recent = np.concatenate([self._recent, rows[-RECENT_WINDOWS:]])[-RECENT_WINDOWS:]
        self._left = np.concatenate([self._left, rows])
        self._fold()
        while len(self._points) > MOST_POINTS:  # twice as coarse; an odd last point waits for its other half
            even = len(self._points) // 2 * 2
            odd = np.repeat(self._points[even:], self.windows_per_point, axis=0)
            self._left = np.concatenate([odd, self._left])
            self._points = self._mean(self._points[:even], 2)
            self.windows_per_point *= 2
            self._fold()
        return True

    def table(self) -> np.ndarray:
        """Points as float32 (points, 1 + metrics): the tick at a point's middle, then the metrics."""
        ticks = (np.arange(len(self._points)) + 0.5) * self.windows_per_point * self.window_ticks
        return np.column_stack([ticks, self._points]).astype(np.float32)

    def now(self) -> list[float | None]:
        """Mean of each metric over the last few windows; None where nothing was measured."""
        known = [column[~np.isnan(column)] for column in self._recent.T]
        return [float(column.mean()) if len(column) else None for column in known]

    def _fold(self) -> None:
        full = len(self._left) // self.windows_per_point * self.windows_per_point
        self._points = np.concatenate([self._points, self._mean(self._left[:full], self.windows_per_point)])
        self._left = self._left[full:]

    @staticmethod
    def _mean(rows: np.ndarray, group: int) -> np.ndarray:
        groups = rows.reshape(-1, group, rows.shape[1])
        known = ~np.isnan(groups)
        with np.errstate(invalid="ignore"):  # a point whose windows are all empty stays NaN: a gap in the line
            means: np.ndarray = np.where(known, groups, 0).sum(1) / known.sum(1)
        return means
