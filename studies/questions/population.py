"""Who learns in a study: another kind for all agents, other settings for the scenario's own, or a learner given."""

from collections.abc import Iterable
from typing import Any

import models
from learners.base import Learner
from models import population
from scenarios import Scenario, ScenarioError
from scenarios.schema import suggestion


def give(scenario: Scenario, learner: Learner | dict[str, Any], where: str) -> tuple[Scenario, Learner | None]:
    """The scenario with a learner, and the learner itself where it is in no catalogue.

    Parameters
    ----------
    scenario
        Whose learners are replaced or changed.
    learner
        ``{"kind": ..., setting: ...}`` for all agents, where a kind alone takes settings that suit the scenario
        (`models.population.override`); settings alone for those groups of the scenario whose
        learners have them; a Learner.
    where
        Opens every message.
    """
    try:
        if isinstance(learner, dict) and "kind" not in learner:
            found = _set(scenario, learner, where)
        else:
            found = population.override(scenario, learner)
        if isinstance(learner, Learner) and not _in_catalogue(learner, scenario.domain):
            return found, learner
        models.check(found)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None
    return found, None


def written(learner: Learner | dict[str, Any], domains: Iterable[str]) -> dict[str, Any] | None:
    """A learner as a file can say it, with all its settings; None where it is in no catalogue."""
    if isinstance(learner, dict):
        return learner
    if not all(_in_catalogue(learner, domain) for domain in domains):
        return None
    return {"kind": learner.kind(), **learner.model_dump(mode="json")}


def _set(scenario: Scenario, settings: dict[str, Any], where: str) -> Scenario:
    """Settings changed in every group whose learner has them all."""
    groups, known, taken = [], set(), not settings
    for group in scenario.learner:
        fields = set(type(population.load(scenario.domain, group.kind, group.settings, where)).model_fields)
        known |= fields
        if settings and set(settings) <= fields:
            group = group.model_copy(update={"settings": {**group.settings, **settings}})
            taken = True
        groups.append(group)
    if not taken:
        unknown = next((name for name in settings if name not in known), next(iter(settings)))
        kinds = ", ".join(dict.fromkeys(group.kind for group in scenario.learner))
        message = f'"{unknown}" is no setting of the scenario\'s own learners ({kinds}); "kind" would name another'
        raise ScenarioError(f"{message}.{suggestion(unknown, {*known, 'kind'})}")
    return scenario.model_copy(update={"learner": tuple(groups)})


def _in_catalogue(learner: Learner, domain: str) -> bool:
    kind = learner.kind()
    if kind not in population.names(domain):
        return False
    return type(population.load(domain, kind, learner.model_dump(), kind)) is type(learner)
