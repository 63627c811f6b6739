"""What if: a world that is running, changed and not changed, with many seeds in pairs, told in numbers and a sentence.

Every pair forks the world where it stands, minds included, with a seed that both of its runs share, so they meet the
same arrivals; one of them is changed. Statistics and sentences are those of a study (`paired`, `words`).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from models import World
from studies.cases.stretches import stretches
from studies.comparison import paired, sentences
from studies.comparison.table import curves, measured
from studies.questions.arms import BASE

PAIRS = 20
TOLD_FROM = 5  # pairs that a sentence needs
WINDOWS = 120  # of the record that are compared after the last change, or one pass of recurring regimes where longer
FIRST_SEED = 1_000_000  # of the pairs, so that none is likely to be the run's own


def horizon(world: World) -> int:
    """Ticks that are compared after the last change."""
    scenario, window = world.scenario, world.record.window_ticks
    cycle = sum(regime.ticks for regime in scenario.regime) if scenario.repeat else 0
    return window * max(WINDOWS, -(-cycle // window))


class Changed(NamedTuple):
    """A change of world B."""

    tick: int
    name: str  # as the beginning of a sentence: "closing road B2-B3"
    parameters: dict[str, Any]


class Answer(NamedTuple):
    """What is known from the pairs that are done."""

    sentences: list[str]  # the effect; how much pairing helped
    comparison: pd.DataFrame  # `paired.compare`: one row per headline metric
    seeds: list[float]  # difference of the first metric, pair by pair
    ticks: np.ndarray  # (W,) since the fork, at which windows closed
    mean: np.ndarray  # (W,) difference of the first metric, B minus A, mean of all pairs
    low: np.ndarray  # (W,) of its 95 % interval
    high: np.ndarray


class WhatIf:
    """A question about a world: what do these changes do? To `paired` and `words` it is a study.

    Parameters
    ----------
    start
        The world at the fork; it is not run.
    changes
        Of world B, in the order of their ticks; at least one.
    """

    within, recover_to = 0.05, "base"

    def __init__(self, start: World, changes: Sequence[Changed]) -> None:
        self.start, self.changes = start, list(changes)
        self.name = " and ".join(dict.fromkeys(change.name for change in changes))
        self.since_tick = changes[0].tick - start.tick
        self.ticks = changes[-1].tick - start.tick + horizon(start)
        self.scenarios, self.learners, self.arms = [start.scenario.name], ["as they are"], [BASE, self.name]

    def world_of(self, _scenario: str) -> World:
        """The world, which says what its metrics mean."""
        return self.start

    def metrics_of(self, _scenario: str) -> list[str]:
        """Metrics that are compared."""
        return list(self.start.headline)

    def at(self, _change: str) -> int:
        """Ticks from the fork to the first change."""
        return self.since_tick

    def over_ticks(self, at: int) -> int:
        """Ticks averaged before agents are called recovered."""
        return (self.ticks - at) // 20

    def pair(self, number: int, stopped: Callable[[], bool]) -> pd.DataFrame:
        """Rows of both runs of a pair, as in `studies.comparison.table`; empty where `stopped()` held meanwhile."""
        seed = FIRST_SEED + number
        done = [self._run(seed, name, changes, stopped) for name, changes in ((BASE, []), (self.name, self.changes))]
        return pd.concat(done, ignore_index=True) if all(map(len, done)) else pd.DataFrame()

    def _run(self, seed: int, name: str, changes: list[Changed], stopped: Callable[[], bool]) -> pd.DataFrame:
        world = self.start.fork(seed=seed)
        for goal, parameters in [*((change.tick, change.parameters) for change in changes), (self.end, {})]:
            for _ in stretches(world, goal):
                if stopped():
                    return pd.DataFrame()
            if parameters:
                world.change(**parameters)
        rows = world.record.frame(since=self.start.tick)
        rows.index -= self.start.tick
        place = {"scenario": self.scenarios[0], "learner": self.learners[0], "change": name, "seed": seed}
        return pd.DataFrame({**place, "tick": rows.index}).join(rows.reset_index(drop=True))

    @property
    def end(self) -> int:
        """Tick at which every pair ends."""
        return self.start.tick + self.ticks

    def answer(self, pairs: Sequence[pd.DataFrame]) -> Answer:
        """What is known from some pairs, whatever the order in which they were done."""
        table = pd.concat(pairs, ignore_index=True).sort_values("seed", kind="stable", ignore_index=True)
        metric, window = self.start.headline[0], self.start.record.window_ticks
        comparison = paired.compare(self, table)
        base, one = (table[table["change"] == name] for name in (BASE, self.name))
        means = [measured(part, self.since_tick, window).groupby("seed")[metric].mean() for part in (one, base)]
        difference = curves(one, metric) - curves(base, metric)
        low, high = paired.band(difference.to_numpy())
        return Answer(
            sentences.answer(self, comparison),
            comparison,
            (means[0] - means[1]).dropna().tolist(),
            difference.columns.to_numpy(),
            difference.mean().to_numpy(),
            low,
            high,
        )


def difference(one: World, base: World, since: int) -> pd.DataFrame:
    """The first headline metric of two worlds, one minus base, in windows that closed after a tick."""
    metric = list(base.headline[:1])
    rows = [world.record.frame(since=since)[metric] for world in (one, base)]
    return rows[0] - rows[1]
