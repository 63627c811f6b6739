"""A study: one question asked of scenarios × learners × changes × seeds, compared in pairs that share a seed.

Two runs with one seed meet the same arrivals, demand and shocks whatever is changed in one of them, so their difference
is the effect of the change and not of the day. The first arm is always the world without a change.
"""

import itertools
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Literal, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

import scenarios
from learners.base import Learner
from models import World
from scenarios import Scenario, ScenarioError, explain
from scenarios.schema import suggestion
from studies import running
from studies.cases.case import Case, Training
from studies.cases.workers import Watch
from studies.questions import population
from studies.questions.arms import BASE, Arm, Change, at_reset, expand
from studies.questions.search import Search

MOST_SEEDS = 100_000


class WarmStart(BaseModel):
    """A world trained once, which every case forks with a seed of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    ticks: int = Field(ge=1, description="Length of the training.")
    seed: int = Field(1_000_000, ge=0, description="Of the training.")
    world: dict[str, Any] | None = Field(
        None, description="Live parameters held over the schedule meanwhile; by default those of the study."
    )


class Asked(NamedTuple):
    """A case and its place in the table."""

    scenario: str
    learner: str
    arm: Arm
    seed: int
    case: Case


class Study(BaseModel):
    """A question, what is compared to answer it, and how the answer is read.

    Parameters
    ----------
    question
        One sentence that ends with a question mark.
    scenarios
        Names, paths or Scenarios, as a list or by names of your own.
    learners
        By name: a kind, ``{"kind": ..., setting: ...}``, a Learner, or settings alone, which change those of the
        scenario's own learners (``{}`` leaves them as they are).
    changes
        By name: `at`, `what` and `freeze` of a `Change`.
    seeds
        A list, or how many.

    Raises
    ------
    ScenarioError
        For anything that is missing, unknown or not allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    where: str = Field("study", exclude=True, description="Opens every message about this study.")
    question: str = Field(description="One sentence that ends with a question mark.")
    scenarios: dict[str, Scenario] = Field(description="Names or paths of scenarios.")
    learners: dict[str, Learner | dict[str, Any]] = Field(
        default_factory=lambda: dict[str, Learner | dict[str, Any]]({"as in the scenario": {}}),
        description="By name: a kind, or settings.",
    )
    changes: dict[str, Change] = Field(default_factory=dict, description="By name: at, what, freeze.")
    seeds: tuple[int, ...] = Field(tuple(range(20)), description="A list of seeds, or how many.")
    ticks: int = Field(ge=1, strict=True, description="Length of a case, after the warm start.")
    world: dict[str, Any] = Field(
        default_factory=dict, description="Parameters in every arm; live ones hold over the schedule of regimes."
    )
    warm_start: WarmStart | None = Field(None, description="A trained world that every case forks.")
    metric: str = Field("", description="Column of the record to compare first; by default the world's first.")
    since: int | None = Field(
        None, ge=0, strict=True, description="Tick from which arms are compared; by default that of the first change."
    )
    within: float = Field(0.05, gt=0, lt=1, description="How near is recovered, as a share.")
    over: int | None = Field(
        None, ge=1, strict=True, description="Ticks that are averaged for it; a twentieth of the time after a change."
    )
    recover_to: Literal["base", "before"] = Field(
        "base", description="To what agents recover: the arm without the change, or the level before it."
    )
    search: Search | None = Field(None, description="Parameters whose best value is looked for.")

    def __init__(self, /, question: Any = None, scenarios: Any = None, **rest: Any) -> None:
        given = {"question": question, "scenarios": scenarios}
        try:
            super().__init__(**{name: value for name, value in given.items() if value is not None}, **rest)
        except ValidationError as error:
            raise ScenarioError(explain(error, Study, rest.get("where", "study"))) from None

    @field_validator("question")
    @classmethod
    def _asks(cls, question: str) -> str:
        if not question.strip().endswith("?"):
            raise ValueError(f"{question!r} does not end with a question mark")
        return question.strip()

    @field_validator("scenarios", mode="before")
    @classmethod
    def _load(cls, given: Any, info: ValidationInfo) -> Any:
        listed = [given] if isinstance(given, str | os.PathLike | Scenario) else given
        if not isinstance(listed, list | tuple | dict) or not listed:
            raise ValueError("give a list of names or paths, or a table of them by names of your own")
        if not isinstance(listed, dict):
            listed = {each.name if isinstance(each, Scenario) else str(each): each for each in listed}
        if not all(isinstance(each, str | os.PathLike | Scenario) for each in listed.values()):
            raise ValueError("a scenario is a name or a path")
        with _telling(f"{info.data['where']}: scenarios"):
            return {name: each if isinstance(each, Scenario) else scenarios.load(each) for name, each in listed.items()}

    @field_validator("learners", mode="before")
    @classmethod
    def _name(cls, given: Any) -> Any:
        listed = [given] if isinstance(given, str | Learner) else given
        if isinstance(listed, list | tuple) and all(isinstance(each, str | Learner) for each in listed):
            listed = {each if isinstance(each, str) else each.kind(): each for each in listed}
        if not isinstance(listed, dict):
            raise ValueError("give a list of kinds, or a table of learners by names of your own")
        return {name: {"kind": each} if isinstance(each, str) else each for name, each in listed.items()}

    @field_validator("seeds", mode="before")
    @classmethod
    def _count(cls, given: Any) -> Any:
        number = given if isinstance(given, int) and not isinstance(given, bool) else 0
        seeds = range(min(number, MOST_SEEDS + 1)) if number else given
        listed = list(seeds) if isinstance(seeds, Iterable) else []
        whole = all(isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**63 for seed in listed)
        if not 0 < len(listed) <= MOST_SEEDS or not whole or len(set(listed)) < len(listed):
            known = f"neither a number of seeds, 1 to {MOST_SEEDS:,}, nor a list of different ones below 2^63"
            raise ValueError(f"{given!r} is {known}")
        return tuple(listed)

    @model_validator(mode="after")
    def _fits(self) -> "Study":
        ticks = {f'changes "{name}": at': change.at for name, change in self.changes.items()}
        ticks |= {"since": self.since or 0, "search: at": self.search.at if self.search else 0}
        for name, tick in ticks.items():
            if tick >= self.ticks:
                raise ScenarioError(f"{self.where}: {name} = {tick} is past the end; a case has {self.ticks} ticks")
        left = self.ticks - max([change.at for change in self.changes.values()], default=0)
        if (self.over or 0) > left:
            message = f"over = {self.over} is longer than the {left} ticks after the last change"
            raise ScenarioError(f"{self.where}: {message}")
        if BASE in self.changes:
            raise ScenarioError(
                f'{self.where}: changes: every study has an arm called "{BASE}"; give this change another name'
            )
        if not self.learners:
            raise ScenarioError(f"{self.where}: learners: name one, or leave the table out to take the scenario's own")
        if self.search and len(self.scenarios) * len(self.learners) > 1:
            raise ScenarioError(f"{self.where}: search: it takes one scenario and one learner")
        return self

    # What is compared ------------------------------------------------------------------------------------------

    @cached_property
    def arms(self) -> list[Arm]:
        """No change, then every change; a sweep gives an arm for each of its values."""
        return expand(self.changes, self.scenarios.values())

    def asked(self, arms: Iterable[Arm], seeds: Iterable[int] = ()) -> list[Asked]:
        """Cases of some arms, in the order of the table."""
        parts = itertools.product(self.scenarios, self.learners, list(arms), list(seeds) or self.seeds)
        return [Asked(name, who, arm, seed, self._case(name, who, arm, seed)) for name, who, arm, seed in parts]

    def _case(self, scenario: str, learner: str, arm: Arm, seed: int) -> Case:
        where, change, warm = f"{self.where}: {self._place(arm)}", arm.change, self.warm_start
        who = f'{self.where}: learners "{learner}"'
        found, own = population.give(self.scenarios[scenario], self.learners[learner], who)
        found, world = _make(found, self.world, f"{self.where}: world")
        found, what = (found, change.what) if change.at or warm else _make(found, change.what, where)
        training = None
        if warm:
            training = Training(warm.ticks, warm.seed, world if warm.world is None else warm.world)
        return Case(found, own, training, world, seed, self.ticks, change.at, what, change.freeze)

    @cached_property
    def _worlds(self) -> dict[str, World]:
        first = self.asked(self.arms[:1], self.seeds[:1])[:: len(self.learners)]
        return {one.scenario: one.case.start() for one in first}

    def world_of(self, scenario: str) -> World:
        """A world of a scenario at tick 0, which says what its metrics mean."""
        return self._worlds[scenario]

    def metrics_of(self, scenario: str) -> list[str]:
        """Metrics that are compared, the study's own first."""
        headline = self.world_of(scenario).headline
        return list(dict.fromkeys([self.metric or headline[0], *headline]))

    def at(self, change: str) -> int:
        """Tick of a change, by the name of its arm."""
        ticks = {arm.name: arm.change.at for arm in self.arms}
        return ticks.get(change, self.search.at if self.search else 0)

    @property
    def since_tick(self) -> int:
        """Tick from which arms are compared."""
        ticks = [arm.change.at for arm in self.arms[1:]] + ([self.search.at] if self.search else [])
        return min(ticks, default=0) if self.since is None else self.since

    def over_ticks(self, at: int) -> int:
        """Ticks averaged before agents are called recovered from a change at a tick."""
        return (self.ticks - at) // 20 if self.over is None else self.over

    def check(self) -> bool:
        """Try everything once, so that what cannot be done is said before the work; gives whether all is compiled.

        Raises
        ------
        ScenarioError
            Where, what, and what is allowed.
        """
        arms = [*self.arms, *(self._ends() if self.search else [])]
        twice = [name for name, number in Counter(arm.name for arm in arms).items() if number > 1]
        if twice:
            raise ScenarioError(f'{self.where}: changes: two arms are called "{twice[0]}"; give one another name')
        compiled = True
        for one in self.asked(arms, self.seeds[:1]):
            if one.arm.name == BASE or one.learner == next(iter(self.learners)):  # a change minds no learner
                with _telling(self.where):
                    world = one.case.start()
                with _telling(f"{self.where}: {self._place(one.arm)}"):
                    world.change(**one.case.what)
                with _telling(f"{self.where}: warm_start"):
                    world.change(**(one.case.training.world if one.case.training else {}))
                compiled &= all(learner.compiled for learner in world.learners)
        for scenario, world in self._worlds.items():
            self._check_metrics(scenario, world)
        return compiled

    def _place(self, arm: Arm) -> str:
        """Where in a file an arm is from."""
        return f'changes "{arm.name}"' if arm in self.arms else "search"

    def _check_metrics(self, scenario: str, world: World) -> None:
        if self.metric and self.metric not in world.metrics:
            hint = suggestion(self.metric, world.metrics)
            known = ", ".join(world.metrics)
            raise ScenarioError(f'{self.where}: metric = "{self.metric}"; {scenario} records {known}.{hint}')
        window, left = world.record.window_ticks, self.ticks - self.since_tick
        if left < 2 * window:
            message = f"{left} ticks are compared, but a window of {scenario} has {window}"
            raise ScenarioError(f"{self.where}: {message}; give more ticks, or world = {{ record_every_ticks = ... }}")
        most = world.record.exact_windows
        if self.ticks > most * window:
            message = f"{self.ticks // window:,} windows of {scenario}; a record keeps {most:,} as they are"
            raise ScenarioError(f"{self.where}: {message}; give fewer ticks, or world = {{ record_every_ticks = ... }}")
        early = [arm.name for arm in self.arms[1:] if arm.change.at < 2 * window]
        if self.recover_to == "before" and early:
            message = f'recover_to = "before": there is no level before "{early[0]}"'
            raise ScenarioError(f'{self.where}: {message}; let it come after two windows of {window}, or take "base"')
        metric = self.metrics_of(scenario)[0]
        if self.search and not world.metrics[metric].good:
            better = ", ".join(name for name, about in world.metrics.items() if about.good)
            raise ScenarioError(
                f'{self.where}: search: "{metric}" has no better direction; choose a metric from {better}'
            )

    def _ends(self) -> list[Arm]:
        """Arms at the ends of the search."""
        assert self.search is not None
        ranges = self.search.ranges(next(iter(self.scenarios.values())), self.where)
        return [self.search.arm(end, {name: both[i] for name, both in ranges.items()})
                for i, end in enumerate(("lowest", "highest"))]  # fmt: skip

    def run(
        self,
        executor: Executor | None = None,
        out: str | os.PathLike[str] | None = None,
        workers: int | None = None,
        watch: Watch | None = None,
    ) -> pd.DataFrame:
        """Run every case, or those that are not in `out` yet.

        Parameters
        ----------
        executor
            Any `concurrent.futures.Executor`; the answer does not depend on it. By default threads, or processes where
            a learner is not compiled.
        out
            Folder for cases, tables, figures and report; an interrupted study goes on from there.
        workers
            Number of threads or processes; by default one per core.
        watch
            Called with the numbers of cases done and asked for.

        Returns
        -------
        DataFrame
            One row per case and window: see `studies.comparison.table.build`.

        Raises
        ------
        ScenarioError
            Before the work for what cannot be done, a folder that cannot be written or has no room; and when the disk
            is full after all.
        CasesFailed
            After everything else is done and written.
        """
        return running.run(self, executor, out, workers, watch)


def _make(scenario: Scenario, parameters: Mapping[str, Any], where: str) -> tuple[Scenario, dict[str, Any]]:
    """The scenario with those parameters that are set when a world is made; the others."""
    fixed = at_reset(scenario, parameters)
    with _telling(where):
        return scenario.change(**fixed), {name: value for name, value in parameters.items() if name not in fixed}


@contextmanager
def _telling(where: str) -> Iterator[None]:
    """Say of a mistake where in the study it is."""
    try:
        yield
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None
