"""Running mean and deviation of returns, so that a critic learns numbers near one in every world.

Each update moves mean and mean square a part of the way to those of its returns: all of it at first, then 1 / updates,
never under `SLOWEST`, since worlds change.
"""

from typing import NamedTuple, Self

import numpy as np

from engine.limits import COUNT, Limits

SLOWEST = 0.05
LEAST_SPREAD = 1e-3  # of the root mean square: returns that hardly differ are not blown up


class Scale(NamedTuple):
    """Moments of returns; each (1,)."""

    mean: np.ndarray
    square: np.ndarray
    updates: np.ndarray  # int64

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"updates": COUNT}

    @classmethod
    def unit(cls) -> Self:
        """Mean 0, deviation 1, nothing seen."""
        return cls(np.zeros(1), np.ones(1), np.zeros(1, np.int64))

    def spread(self) -> float:
        """Standard deviation, never 0."""
        variance = self.square[0] - self.mean[0] ** 2
        return float(np.sqrt(max(variance, LEAST_SPREAD**2 * self.square[0], 1e-24)))

    def absorb(self, returns: np.ndarray) -> None:
        """Move towards the moments of these returns."""
        self.updates[0] += 1
        share = max(1.0 / self.updates[0], SLOWEST)
        self.mean[0] += share * (returns.mean() - self.mean[0])
        self.square[0] += share * ((returns**2).mean() - self.square[0])
