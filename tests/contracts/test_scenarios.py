"""Every scenario file keeps the contract of a scenario."""

import pytest

import models
import scenarios
from scenarios import knobs
from tests.contracts.cases import at_hand


@pytest.mark.parametrize("name", scenarios.names())
def test_a_scenario_asks_one_question_and_names_its_source(name):
    scenario = scenarios.load(name)
    assert scenario.question.endswith("?") and scenario.question.count("?") == 1
    assert len(scenario.summary) > 40 and scenario.source and scenario.title


@pytest.mark.parametrize("name", scenarios.names())
def test_a_scenario_makes_a_world_and_its_learners_pass_the_check(name):
    models.check(scenarios.load(name))
    world = models.make(name, seed=0)
    assert world.tick == 0 and world.graph.number_of_nodes() > 0
    assert len(set(world.agent_names)) == len(world.agent_names) == world.space.agents > 0


@pytest.mark.parametrize("name", scenarios.names())
def test_a_scenario_written_as_text_is_the_same_scenario(name):
    scenario = scenarios.load(name)
    assert scenarios.parse(scenario.text(), scenario.name, scenario.where) == scenario


@pytest.mark.parametrize("name", scenarios.names())
def test_the_headline_and_every_metric_are_explained(name):
    world = models.make(name, seed=0)
    assert set(world.headline) <= set(world.metrics)
    assert list(world.record.names) == list(world.metrics)
    assert all(metric.title and metric.meaning.endswith(".") for metric in world.metrics.values())


@pytest.mark.parametrize("name", scenarios.names())
def test_theory_gives_one_value_per_regime_block(name):
    world = models.make(name, seed=0)
    blocks = max(1, len(world.scenario.regime))
    for metric in world.metrics:
        assert all(len(line) == blocks for line in world.theory_lines(metric).values())


@pytest.mark.parametrize("domain", scenarios.domains())
def test_every_parameter_has_a_meaning_and_a_default_within_its_bounds(domain):
    for knob in knobs(scenarios.parameters(domain)()):
        assert knob.meaning.endswith("."), knob.name
        assert knob.kind != "choice" or knob.value in knob.choices
        assert knob.low is None or knob.high is None or knob.low < knob.high, knob.name
        if knob.kind in ("float", "int"):
            assert knob.low is None or knob.value >= knob.low, knob.name
            assert knob.high is None or knob.value <= knob.high, knob.name


@pytest.mark.parametrize("domain", scenarios.domains())
def test_every_setting_of_every_learner_has_a_meaning(domain):
    from models import population

    for kind in at_hand(models.learners(domain)):
        for knob in knobs(population.load(domain, kind, {}, "test")):
            assert knob.meaning.endswith("."), f"{kind}.{knob.name}"
