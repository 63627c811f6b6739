"""A history of any length in a bounded number of bins: no picture needs more than it has pixels."""

import numpy as np


class Folded:
    """Sums over what is numbered 0, 1, 2, ... in bins that become twice as long whenever there are too many.

    Parameters
    ----------
    most
        Bins, an even number.
    shape
        Of what is summed.
    """

    def __init__(self, most: int, *shape: int) -> None:
        self.length = 1  # numbers that share a bin
        self.sums = np.zeros((most, *shape))

    def add(self, numbers: np.ndarray, values: np.ndarray) -> None:
        """Add values (n, *shape) of what has these numbers (n,), of which the last is the highest."""
        while numbers[-1] // self.length >= len(self.sums):
            pairs = self.sums[::2] + self.sums[1::2]
            self.sums = np.concatenate([pairs, np.zeros_like(pairs)])
            self.length *= 2
        np.add.at(self.sums, numbers // self.length, values)
