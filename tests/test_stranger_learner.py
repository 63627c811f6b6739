"""A learner of one's own is found everywhere as soon as its file exists; so the tutorial is true."""

import pytest

from tests import stranger

EVERYWHERE = """
import gymnasium, numpy as np
import models, scenarios, studies
from app.worlds import catalogue
from learners.bandit import Bandit
from models.envs import one_agent as envs
for name in scenarios.names():
    models.check(models.population.override(scenarios.load(name), "bandit"))
for learner in ("bandit", {"kind": "bandit", "alpha": 0.2}, Bandit(alpha=0.2)):
    world = models.make("games/chicken", learner=learner, seed=1)
    world.run(500)
    assert world.mind(0).worth.any() and world.learners[0].kind() == "bandit"
assert world.mind(0).alpha == 0.2 and world.values(0) is None
assert world.inspect(0).learner == "bandit"
titles = catalogue.world(world, world.scenario)["learners"]
assert titles["bandit"] == "bandit", titles
env = gymnasium.make(envs.env_id("games/chicken"), agent=0, ticks=50, learner="bandit")
env.reset(seed=1)
assert len([env.step(1) for _ in range(20)]) == 20 and env.unwrapped.world.mind(0).worth[1].any()
everyone = models.parallel_env("games/chicken")
everyone.reset(seed=1)
study = studies.Study(
    "Does a state help?", scenarios=["games/chicken"], learners=["q", "bandit"], seeds=2, ticks=600
)
assert len(study.run())
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with the learner of the tutorial."""
    return stranger.house(tmp_path_factory.mktemp("house"), "add-a-learner.md")


def runs(house, *command):
    done = stranger.run(house, *command)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def test_a_learner_is_found_in_the_list(house):
    told = runs(house, "-m", "app.cli", "list").splitlines()
    found = [line for line in told if line.startswith("Learners in ")]
    assert len(found) > 5 and all("bandit" in line for line in found)


def test_a_learner_is_found_in_worlds_studies_environments_and_menus(house):
    runs(house, "-W", "ignore", "-c", EVERYWHERE)


def test_the_contracts_of_a_learner_alone_can_be_asked_for(house):
    told = runs(house, "-m", "pytest", "-n0", "-q", "tests/contracts", "-k", "games-bandit")
    assert "passed" in told and "failed" not in told


@pytest.mark.slow
def test_a_learner_keeps_all_contracts_in_all_worlds_and_the_rules_of_the_catalogue(house):
    runs(house, "-m", "pytest", "-n0", "-q", "tests/contracts", "-k", "bandit")
    runs(house, "-m", "pytest", "-n0", "-q", "tests/contracts/test_bare_table.py", "-k", "learner_is_covered")
    runs(house, "-m", "pytest", "-n0", "-q", "tests/mirrors/test_catalogue.py", "-k", "bandit")
