"""Running a study: every case once, then the search if there is one, then tables and report."""

import os
from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scenarios import ScenarioError
from studies.cases.case import Rows
from studies.cases.workers import Watch, Workers
from studies.comparison import table
from studies.questions.arms import Arm
from studies.questions.search import Search, best
from studies.results import files
from studies.results.folder import make_folder

if TYPE_CHECKING:
    from studies.study import Asked, Study  # which calls us

EXTRA_BYTES = 20_000_000  # for tables, figures and the report


class CasesFailed(RuntimeError):
    """Some cases failed; all others are done.

    Attributes
    ----------
    table
        What `Study.run` would have returned, without them.
    failed
        Scenario, learner, change, seed and error of each.
    """

    def __init__(self, done: pd.DataFrame, failed: pd.DataFrame) -> None:
        first = failed.iloc[0]
        super().__init__(f"{len(failed)} cases failed, the first with seed {first['seed']}: {first['error']}")
        self.table, self.failed = done, failed


def run(
    study: "Study",
    executor: Executor | None,
    out: str | os.PathLike[str] | None,
    workers: int | None,
    watch: Watch | None,
) -> pd.DataFrame:
    """See `Study.run`."""
    compiled = study.check()
    asked = study.asked(study.arms)
    total = len(asked) + (len(study.seeds) * (study.search.trials + 2) if study.search else 0)
    held = None if out is None else make_folder(Path(out) / "cases", _bytes(study, total))
    typed_here = any(type(one.case.own).__module__ == "__main__" for one in asked)  # other processes do not know it
    with Workers(executor, workers, not compiled and not typed_here, held, watch, total) as crew:
        found, errors = crew.land([one.case for one in asked])
        if study.search:
            asked = _Look(study, study.search, crew, found, errors).asked()
    done = table.build(asked, found)
    failed = pd.DataFrame(
        [[one.scenario, one.learner, one.arm.name, one.seed, errors[one.case.key]]
         for one in asked if one.case.key in errors],
        columns=[*table.CASE, "error"],
    )  # fmt: skip
    if out is not None:
        try:
            files.write(study, done, failed, Path(out))
        except OSError as error:
            message = f"{out}: tables and report cannot be written ({error.strerror or error}); all cases are kept"
            raise ScenarioError(f"{message}: make room and give the same command again") from None
    if len(failed):
        raise CasesFailed(done, failed)
    return done


def _bytes(study: "Study", cases: int) -> int:
    """Room that the results take, at most: every number once in its case's file and once in the table."""
    worlds = [study.world_of(scenario) for scenario in study.scenarios]
    numbers = max((study.ticks // world.record.window_ticks + 1) * (len(world.metrics) + 8) for world in worlds)
    return EXTRA_BYTES + cases * (2 * 8 * numbers + 8192)


class _Look:
    """A search: arm after arm is run with all seeds, and the best beside no change with fresh ones."""

    def __init__(
        self, study: "Study", search: Search, crew: Workers, found: dict[str, Rows], errors: dict[str, str]
    ) -> None:
        self.study, self.search, self.crew, self.found, self.errors = study, search, crew, found, errors
        self.scenario = next(iter(study.scenarios))
        self.world = study.world_of(self.scenario)
        self.metric = study.metrics_of(self.scenario)[0]
        self.arms = list(study.arms)

    def asked(self) -> list["Asked"]:
        """All cases of the study in order, the search's own after the others."""
        study = self.study
        ranges = self.search.ranges(study.scenarios[self.scenario], study.where)
        arm = best(self.search, ranges, self._judge, self.world.metrics[self.metric].good)
        asked = study.asked(self.arms)
        if arm is not None:
            first = max(study.seeds) + 1
            asked += self._land([study.arms[0], arm], range(first, first + len(study.seeds)))
        return asked

    def _land(self, arms: list[Arm], seeds: Iterable[int]) -> list["Asked"]:
        more = self.study.asked(arms, seeds)
        found, errors = self.crew.land([one.case for one in more])
        self.found.update(found)
        self.errors.update(errors)
        return more

    def _judge(self, arm: Arm) -> float | None:
        """Mean of the metric over seeds; None where a case failed."""
        self.arms.append(arm)
        more = self._land([arm], self.study.seeds)
        if any(one.case.key in self.errors for one in more):
            return None
        rows = table.measured(table.build(more, self.found), self.study.since_tick, self.world.record.window_ticks)
        return float(np.mean(rows.groupby("seed")[self.metric].mean()))
