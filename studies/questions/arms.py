"""The arms of a study: the world without a change, then every change, where a list of values is an arm for each."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from scenarios import Scenario, ScenarioError, knobs

BASE = "no change"


class Change(BaseModel):
    """What an arm of the study changes, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    at: int = Field(0, ge=0, description="Ticks after the start of a case.")
    what: dict[str, Any] = Field(
        default_factory=dict, description="Parameters from then on; a list of values is a sweep, an arm for each."
    )
    freeze: bool = Field(False, description="Whether agents stop learning and exploring.")


class Arm(NamedTuple):
    """One change to compare with none."""

    name: str
    change: Change = Change()
    swept: Mapping[str, Any] = {}  # the parameters that a sweep or a search sets, with their values here


def expand(changes: Mapping[str, Change], scenarios: Iterable[Scenario]) -> list[Arm]:
    """No change, then every change; a sweep over two parameters gives an arm for each pair of values."""
    arms, known = [Arm(BASE)], list(scenarios)
    for name, change in changes.items():
        lists = {key: value for key, value in change.what.items() if _is_sweep(known, key, value)}
        for values in itertools.product(*lists.values()):
            swept = dict(zip(lists, values, strict=True))
            told = f"{name} {', '.join(map(text, values))}" if swept else name
            arms.append(Arm(told, change.model_copy(update={"what": {**change.what, **swept}}), swept))
    return arms


def text(value: Any) -> str:
    """A value of a parameter in words."""
    if isinstance(value, list | tuple):
        return "+".join(map(text, value)) or "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def at_reset(scenario: Scenario, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Those parameters that are set when a world is made, and unknown ones, about which the scenario complains."""
    live = {knob.name for knob in knobs(scenario.world) if knob.live}
    return {name: value for name, value in parameters.items() if name not in live}


def _is_sweep(scenarios: list[Scenario], key: str, value: Any) -> bool:
    """Whether a list holds values of a parameter, rather than being one value of a parameter that takes lists."""
    if not isinstance(value, list | tuple) or not value:
        return False
    owner = next((scenario for scenario in scenarios if hasattr(scenario.world, key)), None)
    if owner is None or not isinstance(getattr(owner.world, key), tuple):
        return True
    try:
        owner.change(**{key: value})
    except ScenarioError:
        return all(isinstance(each, list | tuple) for each in value)
    return False
