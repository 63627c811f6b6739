"""Regimes over time, in closed form: how long each kind has held, and the blocks that have passed."""

import numpy as np

import scenarios


class Schedule:
    """The regimes of a scenario; blocks with one name share one kind (0, 1, ...), their letter and colour on the page.

    Parameters
    ----------
    scenario
        Without regimes, there are no kinds.
    """

    def __init__(self, scenario: scenarios.Scenario) -> None:
        self.names = list(dict.fromkeys(block.name for block in scenario.regime))
        self.kinds = np.array([self.names.index(block.name) for block in scenario.regime], np.int64)
        self.ticks = np.array([block.ticks for block in scenario.regime], np.int64)
        self.starts = np.cumsum(self.ticks) - self.ticks
        self.cycle, self.repeat = int(self.ticks.sum()), scenario.repeat

    @property
    def returns(self) -> bool:
        """Whether some regime goes and comes back, so that there is something to remember."""
        return len(self.names) > 1 and (self.repeat or len(self.names) < len(self.kinds))

    def lived(self, tick: int) -> np.ndarray:
        """Ticks of each kind before a tick, (kinds,)."""
        if not self.names:
            return np.zeros(0, np.int64)
        passes, rest = divmod(tick, self.cycle) if self.repeat else (0, tick)
        ticks = passes * self.ticks + np.clip(rest - self.starts, 0, self.ticks)
        if not self.repeat:
            ticks[-1] = max(0, tick - self.starts[-1])  # the last regime holds for ever
        return np.bincount(self.kinds, ticks, len(self.names)).astype(np.int64)

    def least(self) -> np.ndarray:
        """Length of the shortest block of each kind, (kinds,)."""
        return np.array([self.ticks[self.kinds == kind].min() for kind in range(len(self.names))], np.int64)

    def at(self, tick: int) -> tuple[int, int]:
        """First tick and kind of the block that holds at a tick; only where there are regimes."""
        passes, rest = divmod(tick, self.cycle) if self.repeat else (0, tick)
        place = int(np.searchsorted(self.starts, rest, side="right")) - 1
        return passes * self.cycle + int(self.starts[place]), int(self.kinds[place])

    def block(self, number: int) -> tuple[int, int, int] | None:
        """First tick, end and kind of the block of that number since tick 0; None after the last of a schedule."""
        if not self.names or (not self.repeat and number >= len(self.kinds)):
            return None
        passes, place = divmod(number, len(self.kinds))
        start = passes * self.cycle + int(self.starts[place])
        return start, start + int(self.ticks[place]), int(self.kinds[place])
