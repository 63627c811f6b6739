"""Learners named without settings: in every scenario they take those that suit it."""

import pytest

import learners
import models
import scenarios
from app.runs import making
from app.worlds.address import Address
from learners.base import TableLearner
from models import population
from scenarios.schema import Population
from studies.questions.population import give


def made(scenario, kind):
    (group,) = population.override(scenario, kind).learner
    return population.load(scenario.domain, group.kind, group.settings, "here")


@pytest.mark.parametrize("name", scenarios.names())
def test_every_learner_can_be_named_without_settings_in_every_scenario(name):
    scenario = scenarios.load(name)
    for kind in models.learners(scenario.domain):
        models.check(population.override(scenario, kind))


@pytest.mark.parametrize("name", scenarios.names())
def test_the_scenarios_own_learner_named_without_settings_is_the_scenarios_own_population(name):
    scenario = scenarios.load(name)
    kinds = {group.kind for group in scenario.learner}
    if len(kinds) == 1:
        assert population.override(scenario, kinds.pop()).learner == scenario.learner


@pytest.mark.parametrize("name", scenarios.names())
def test_a_table_learner_without_settings_has_those_of_the_first_table_learner_of_the_scenario(name):
    scenario = scenarios.load(name)
    own = [population.load(scenario.domain, group.kind, group.settings, name) for group in scenario.learner]
    first = next((learner for learner in own if isinstance(learner, TableLearner)), None)
    bare = made(scenario, "sarsa")
    for setting in TableLearner.model_fields:
        said = scenario.world.learner_settings.get(setting, TableLearner.model_fields[setting].default)
        assert getattr(bare, setting) == (said if first is None else getattr(first, setting))


def test_a_run_of_the_scenarios_own_learner_by_its_name_is_the_scenarios_own_run():
    own, named = (models.make("crossing/two_fleets", learner=kind, seed=3) for kind in (None, "q"))
    assert own.run(3_000).equals(named.run(3_000))


def test_settings_that_are_given_are_taken_as_they_are():
    scenario = scenarios.load("traffic/rush_hour")
    assert made(scenario, {"kind": "sarsa", "alpha": 0.3}) == learners.load("sarsa", alpha=0.3)
    assert made(scenario, learners.load("sarsa")) == learners.load("sarsa")
    assert made(scenario, {"kind": "sarsa"}) == made(scenario, "sarsa") != learners.load("sarsa")


def test_a_mixed_population_gives_the_settings_of_its_group_of_that_kind_else_of_the_first_that_has_them():
    scenario = scenarios.load("games/coordination_ring").model_copy(update={"learner": (
        Population(agents=0.5, kind="exp3", settings={"mixing": 0.5}),
        Population(agents=(3,), kind="q", settings={"alpha": 0.3, "gamma": 0.5}),
        Population(kind="hysteretic_q", settings={"alpha": 0.4, "bad_news": 0.2}),
    )})  # fmt: skip
    assert made(scenario, "hysteretic_q") == learners.load("hysteretic_q", alpha=0.4, bad_news=0.2)
    assert made(scenario, "sarsa") == learners.load("sarsa", alpha=0.3, gamma=0.5)
    assert made(scenario, "exp3") == learners.load("exp3", mixing=0.5)


def test_settings_that_are_only_called_alike_are_not_taken():
    by_rule = Population(kind="day_to_day", settings={"alpha": 0.9})
    drivers = scenarios.load("routes/forty_drivers").model_copy(update={"learner": (by_rule,)})
    assert made(drivers, "q").alpha == drivers.world.learner_settings["alpha"] != 0.9
    assert made(scenarios.load("games/congestion"), "roth_erev") == learners.load("roth_erev")  # not initial = 1


def test_the_page_and_studies_name_learners_as_python_does():
    scenario = scenarios.load("traffic/rush_hour")
    bare = population.override(scenario, "sarsa")
    assert making.chosen(scenario, Address(scenario.name, "sarsa")) == bare
    assert give(scenario, {"kind": "sarsa"}, "here") == (bare, None)


def test_a_kind_that_does_not_exist_is_told_as_ever():
    with pytest.raises(scenarios.ScenarioError, match='there is no learner "sarsi"'):
        models.make("games/climbing", learner="sarsi")
