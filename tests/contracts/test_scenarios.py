"""Every scenario file keeps the contract of a scenario."""

from contextlib import suppress

import networkx as nx
import pytest

import models
import scenarios
from app.runs import making
from app.worlds.address import Address
from engine.snapshot import NotASnapshot
from models.grid import case
from scenarios import knobs
from scenarios.grid import parameters as grid
from tests.contracts.cases import SMALLEST, at_hand
from tests.contracts.digests import mind_bytes


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
    assert len(set(world.agent_names)) == len(world.agent_names) == world.decision_space.agents > 0


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


@pytest.mark.parametrize("name", sorted({*SMALLEST.values(), "grid/ames5", "market/order_book"}))
def test_the_metric_by_which_people_see_whether_agents_learn_is_what_agents_want(name):
    world = models.make(name, seed=1)
    frame = world.run(max(40 * world.record.window_ticks, 2_000))
    first = world.headline[0]
    wanted = -frame[first] if world.metrics[first].good == "low" else frame[first]
    assert wanted.corr(frame["reward"]) > 0.4


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


@pytest.mark.parametrize("domain", scenarios.domains())
def test_the_page_opens_no_file_that_a_parameter_names(domain, tmp_path, monkeypatch):
    """Whatever parameter names it: one that may name a file says so by `shipped`, and the page goes by that."""
    folder = tmp_path / "secret"
    folder.mkdir()
    places = [folder, *(folder / name for name in ("about.toml", "a.graphml", "a.csv", "a.m"))]
    for place in places[1:]:
        place.write_text("secret")
    opened: list[str] = []

    def watched(file, *rest, open=open, **options):
        opened.append(str(file))
        return open(file, *rest, **options)

    monkeypatch.setattr("builtins.open", watched)
    monkeypatch.setattr("io.open", watched)
    for knob in knobs(scenarios.parameters(domain)()):
        for place in places if knob.kind in ("text", "list") else ():
            value = str(place) if knob.kind == "text" else (str(place),)
            with suppress(ValueError, TypeError):
                making.plan(Address(SMALLEST[domain], changes={knob.name: value})).make()
    assert not [file for file in opened if "secret" in file]


@pytest.mark.parametrize("domain", scenarios.domains())
def test_names_that_are_shipped_are_known_to_the_world_and_fixed_for_its_life(domain):
    for knob in knobs(scenarios.parameters(domain)()):
        for name in knob.shipped or ():
            assert not knob.live
            try:
                making.plan(Address(SMALLEST[domain], changes={knob.name: name})).make()
            except scenarios.ScenarioError as error:  # this world may be too small for it
                assert "allowed are" not in str(error)


def test_every_case_is_a_shipped_name():
    assert sorted(grid.CASES) == case.names()


def test_the_page_opens_no_scenario_by_its_path(tmp_path):
    shipped = scenarios.FOLDER / "games" / "chicken.toml"
    for path in (str(shipped), "games/chicken.toml", "../scenarios/games/chicken"):
        with pytest.raises(scenarios.ScenarioError, match="there is no scenario"):
            making.plan(Address(path)).make()


def test_a_saved_world_names_no_file_on_the_page(tmp_path):
    graph = tmp_path / "pair.graphml"
    nx.write_graphml(nx.path_graph(2), graph)
    world = models.make("games/chicken", graph=str(graph))
    world.save(tmp_path / "world.npz")
    with pytest.raises(NotASnapshot, match="the page does not open files"):
        making.opened("world.npz", (tmp_path / "world.npz").read_bytes())


def other_values(knob):
    """Values of a knob that differ from its own."""
    if knob.kind == "bool":
        return [not knob.value]
    return [value for value in (knob.low, knob.high, *knob.choices) if value is not None and value != knob.value]


@pytest.mark.parametrize("name", [name for name in scenarios.names() if any(
    not knob.serves and knob.live for knob in scenarios.knobs(scenarios.load(name).world))])  # fmt: skip
def test_a_parameter_of_another_kind_of_world_has_no_effect_here(name):
    """So the page need not show it."""
    plain = models.make(name, seed=3)
    others = [plain.fork() for _ in range(2)]
    for knob in scenarios.knobs(plain.scenario.world):
        if not knob.serves and knob.live and knob.kind != "list":
            for world, value in zip(others, other_values(knob), strict=False):
                world.change(**{knob.name: int(value) if knob.kind == "int" else value})
    ticks = 3 * plain.record.window_ticks
    for world in (plain, *others):
        world.run(ticks)
        assert world.record.frame().equals(plain.record.frame()) and mind_bytes(world) == mind_bytes(plain)
