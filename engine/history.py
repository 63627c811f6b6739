"""Rows without end in bounded memory: the newest as they are, older ones folded into means of more and more rows.

Which rows are folded depends on how many there are and on nothing else, so a history is the same to the byte however
its rows arrived. What is here is never changed but replaced, so copies share it.
"""

import copy
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from engine import snapshot
from engine.folded import Folded
from engine.limits import ANY

STEPS = 8  # of rows that are folded together; all but one of them are kept as they are


class History:
    """Rows numbered 1, 2, 3, ...

    Parameters
    ----------
    step
        Rows that are folded at a time, an even number. Up to `STEPS` steps are kept as they are; those before are means
        in at most `step` rows, of as many rows each, which is a power of two.
    shape
        Of a row.
    """

    def __init__(self, step: int, *shape: int) -> None:
        self.step = step
        self.folded = 0  # rows that are folded, the first ones
        self._old = Folded(step, 2, *shape)  # of their known values: the sum, and how many
        self._chunks = [np.empty((0, *shape))]  # the others, in order

    @property
    def count(self) -> int:
        """Rows, folded or not."""
        return self.folded + sum(map(len, self._chunks))

    @property
    def length(self) -> int:
        """Rows that share a mean."""
        return self._old.length

    @property
    def exact(self) -> np.ndarray:
        """The rows that are not folded."""
        if len(self._chunks) > 1:
            self._chunks = [np.concatenate(self._chunks)]
        return self._chunks[0]

    def add(self, rows: np.ndarray) -> None:
        """Append rows (n, *shape), which nobody may change any more."""
        chunks = [*self._chunks, rows]
        while len(chunks) > 1 and len(chunks[-2]) <= len(chunks[-1]):  # so there are few, and each is copied seldom
            chunks[-2:] = [np.concatenate(chunks[-2:])]
        self._chunks = chunks
        if self.count - self.folded > STEPS * self.step:
            self._fold()

    def add_unknown(self, number: int) -> None:
        """Append rows in which nothing is known."""
        self.add(np.full((number, *self._chunks[0].shape[1:]), np.nan))

    def after(self, number: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Rows (n, *shape) of what came after the first `number`, and the number (n,) of the last one in each mean."""
        first, chunks = self.count, [self._chunks[0][:0]]
        for chunk in reversed(self._chunks):
            if first <= number:
                break
            chunks.insert(0, chunk)
            first -= len(chunk)
        rows, last = np.concatenate(chunks), np.arange(first, self.count) + 1
        if number < self.folded:
            bins = -(-self.folded // self.length)
            total, known = self._old.sums[:bins].swapaxes(0, 1)
            with np.errstate(invalid="ignore"):  # nothing known is NaN
                rows = np.concatenate([total / known, rows])
            last = np.concatenate([np.minimum(np.arange(1, bins + 1) * self.length, self.folded), last])
        return last[last > number], rows[last > number]

    def until(self, number: int) -> Self:
        """The first `number` rows; those folded together with later ones are unknown."""
        twin = copy.copy(self)
        if number >= self.folded:
            twin._chunks = [self.exact[: number - self.folded]]
        else:
            twin.folded, twin._chunks = number, [self._chunks[0][:0]]
            twin._old = copy.deepcopy(self._old)
            twin._old.sums[number // self.length :] = 0.0
        return twin

    def arrays(self) -> dict[str, np.ndarray]:
        """Rows that are not folded, and what `restore` needs of the others, where there are such."""
        return {"": self.exact, **({".old": self._old.sums} if self.folded else {})}

    def restore(self, saved: Mapping[str, Any], path: str, folded: int, rows: int, length: int) -> None:
        """Take over what `arrays` gave, saved under a path: so many rows, after so many that are folded.

        Raises
        ------
        engine.snapshot.NotASnapshot
            Where the arrays have another form.
        """
        self._chunks = [np.empty((rows, *self._chunks[0].shape[1:]))]
        snapshot.restore(self._chunks[0], saved, path, ANY)
        self.folded, self._old.length = folded, length
        if folded:
            snapshot.restore(self._old.sums, saved, f"{path}.old", ANY)
        self.add_unknown(0)  # a file may hold more rows than are kept

    def _fold(self) -> None:
        rows, old = self.exact, copy.deepcopy(self._old)
        while len(rows) > STEPS * self.step:
            known = ~np.isnan(rows[: self.step])
            both = np.stack([np.where(known, rows[: self.step], 0.0), known], axis=1)
            old.add(np.arange(self.folded, self.folded + self.step), both)
            self.folded, rows = self.folded + self.step, rows[self.step :]
        self._old, self._chunks = old, [rows.copy()]  # a view would keep what was folded
