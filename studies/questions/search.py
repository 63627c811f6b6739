"""A search for the best value of one or two parameters: Optuna proposes, all seeds of the study judge.

A trial is an arm like any other and its cases land in files like all others. The sampler is seeded and told in order,
so a search that is resumed asks the same questions again and finds their answers on the disk.

The best of many noisy trials looks better than it is. It is therefore compared with no change on seeds that took no
part in the search.
"""

import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scenarios import Scenario, ScenarioError, knobs
from studies.questions.arms import Arm, Change, text


class Search(BaseModel):
    """Which parameters, between which values, how often."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: dict[str, tuple[float, float]] = Field(
        description="One or two parameters, each with its lowest and highest value."
    )
    at: int = Field(0, ge=0, strict=True, description="Ticks after the start of a case.")
    trials: int = Field(30, ge=1, strict=True, description="How many values are tried.")
    seed: int = Field(0, ge=0, strict=True, description="Of the sampler.")

    @model_validator(mode="after")
    def _check(self) -> "Search":
        if len(self.what) not in (1, 2):
            raise ValueError(f"what names {len(self.what)} parameters; a search takes one or two")
        for name, (low, high) in self.what.items():
            if low >= high:
                raise ValueError(f"{name} = [{low}, {high}]: give the lowest value, then the highest")
        return self

    def arm(self, name: str, values: dict[str, Any]) -> Arm:
        """The arm with these values."""
        told = ", ".join(f"{key} = {text(value)}" for key, value in values.items())
        return Arm(f"{name} ({told})", Change(at=self.at, what=values), values)

    def ranges(self, scenario: Scenario, where: str) -> dict[str, tuple[Any, Any]]:
        """Ends of every parameter, as whole numbers where the parameter is one."""
        kinds = {knob.name: knob.kind for knob in knobs(scenario.world)}
        for name in self.what:
            if kinds.get(name, "float") not in ("int", "float"):
                raise ScenarioError(f'{where}: search: "{name}" is no number; a sweep under changes tries its values')
        whole = {name for name in self.what if kinds.get(name) == "int"}
        return {n: (int(low), int(high)) if n in whole else (low, high) for n, (low, high) in self.what.items()}


def best(search: Search, ranges: dict[str, Any], judge: Callable[[Arm], float | None], good: str | None) -> Arm | None:
    """Try values, and give the best as an arm; None where every trial failed.

    Parameters
    ----------
    search, ranges
        What is tried, and between which values.
    judge
        The mean of the metric in an arm; None where its cases failed.
    good
        "low" or "high".
    """
    optuna = _optuna()
    found = optuna.create_study(
        direction="minimize" if good == "low" else "maximize", sampler=optuna.samplers.TPESampler(seed=search.seed)
    )
    for number in range(1, search.trials + 1):
        trial = found.ask()
        values: dict[str, int | float] = {}
        for name, (low, high) in ranges.items():
            whole = isinstance(low, int)
            values[name] = trial.suggest_int(name, low, high) if whole else trial.suggest_float(name, low, high)
        value = judge(search.arm(f"trial {number}", values))
        if value is None:
            found.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            found.tell(trial, value)
    done = found.get_trials(states=[optuna.trial.TrialState.COMPLETE])
    return search.arm(f"best of {search.trials}", found.best_params) if done else None


def is_trial(arm: str) -> bool:
    """Whether an arm is one of those that a search tried."""
    return re.match(r"trial \d+ \(", arm) is not None


def is_best(arm: str) -> bool:
    """Whether an arm is the best that a search found."""
    return re.match(r"best of \d+ \(", arm) is not None


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise ScenarioError("search: Optuna is not installed; pip install -e '.[search]' adds it") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
