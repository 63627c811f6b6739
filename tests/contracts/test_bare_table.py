"""What `benchmarks.bare_learners` has measured is whole, and is told where learners are named."""

import pytest

import models
import scenarios
from app.worlds import catalogue
from benchmarks import bare_learners
from studies.references import bare


def test_every_scenario_is_covered():
    assert list(bare.measured()) == scenarios.names()


def test_every_learner_is_covered_and_known():
    """A learner that is new is in no row until it is measured; one that is in a row is in all that it could be in."""
    assert set(bare.measured()) <= set(scenarios.names())
    somewhere = {kind for found in bare.measured().values() for kind in found["values"]}
    for name, found in bare.measured().items():
        assert found["how"] == bare_learners.how(name)
        kinds = set(models.learners(scenarios.load(name).domain)) - set(bare_learners.LEFT_OUT)
        for each in (found["values"], found["rewards"]):
            assert set(each) == kinds & somewhere
            assert {len(futures) for futures in each.values()} == {len(bare_learners.HELD_OUT)}


def test_who_earns_less_in_every_future_is_worse_than_random_and_nobody_else(monkeypatch):
    rewards = {"random": [2.0, 3.0], "both": [1.0, 2.9], "one": [1.0, 3.0], "better": [3.0, 4.0]}
    monkeypatch.setattr(bare, "measured", lambda: {"here": {"rewards": rewards}})
    assert bare.worse_than_random("here") == ["both"]
    assert bare.worse_than_random("mine.toml") == []


def test_the_page_of_the_table_is_the_one_that_was_written():
    assert bare_learners.PAGE.read_text() == bare_learners.page(bare.measured())


@pytest.fixture
def worse(monkeypatch):
    rewards, values = {"random": [2.0, 3.0], "q": [1.0, 2.0]}, {"random": [7.0, 8.0], "q": [5.0, 6.0]}
    about = {"metric": "payoff", "how": {"ticks": 30_000}}
    told = {"games/climbing": {**about, "values": values, "rewards": rewards}}
    monkeypatch.setattr(bare, "measured", lambda: told)


def test_a_learner_that_is_worse_than_random_is_named_where_it_can_be_chosen(worse, everlearn):
    world = models.make("games/climbing", seed=1)
    assert catalogue.world(world, world.scenario)["worse_than_random"] == ["q"]
    assert "Worse than random play here when named without settings: q " in everlearn("list", "games/climbing")[1]
    assert "Worse than random play when named without settings in games/climbing " in everlearn("list", "q")[1]
    told = (
        "q without settings was worse than random play here: after 30,000 ticks its agents earned 1.5 a tick, "
        "with random play 2.5 (payoff 5.5 and 7.5; "
    )
    assert told in everlearn("run", "games/climbing", "--learner", "q", "--ticks", 500)[1]
    for others in (["--learner", "sarsa"], [], ["--learner", "q", "--json"]):
        assert "worse than random" not in everlearn("run", "games/climbing", "--ticks", 500, *others)[1]
