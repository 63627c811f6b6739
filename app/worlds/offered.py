"""Scenarios that the page shows: the shipped ones, and those that its owner named where it was started."""

import scenarios
from scenarios import Scenario, ScenarioError
from scenarios.schema import suggestion

OWN: dict[str, Scenario] = {}  # of the owner, who may name files of this machine; visitors only choose among them


def offer(path: str) -> str:
    """Show a scenario file, or a folder that `everlearn import` wrote; returns its name (raises ScenarioError)."""
    scenario = scenarios.load(path)
    name = scenario.name.rsplit("/", 1)[-1]
    OWN[name] = scenario.model_copy(update={"name": name})
    return name


def names() -> list[str]:
    """Names of all that can be opened, the owner's first."""
    return [*OWN, *scenarios.names()]


def load(name: str) -> Scenario:
    """A scenario by its name (raises ScenarioError)."""
    if name in OWN:
        return OWN[name]
    if name not in scenarios.names():
        hint = suggestion(name, names())
        raise ScenarioError(f'there is no scenario "{name[:60]}"; the page has {", ".join(names())}.{hint}')
    return scenarios.load(name)
