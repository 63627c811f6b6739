"""A world of one's own is found everywhere as soon as its two folders exist; so the tutorial is true."""

import pytest

from tests import stranger

EVERYWHERE = """
import gymnasium, numpy as np
import models, scenarios, studies
from app.worlds import catalogue
from app.viewers import stills
from models.envs import one_agent as envs
from studies.references import baselines
assert models.CommonPool is type(models.make("common_pool/open_access")), models.CommonPool
world = models.make("common_pool/open_access", learner="restraint", seed=1)
world.run(600)
assert world.record.frame()["stock"].iloc[-1] > 0.3
assert world.theory_lines("stock") == {"open access": [0.2]}
gymnasium.make(envs.env_id("common_pool/open_access"), agent=0, ticks=50).reset(seed=1)
everyone = models.parallel_env("common_pool/open_access")
everyone.reset(seed=1)
everyone.step({agent: 1 for agent in everyone.agents})
(card,) = [card for card in catalogue.cards() if card["domain"] == "common_pool"]
assert (card["world_title"], card["agent_noun"]) == ("Common pool", "boat"), card
assert catalogue.world(world, world.scenario)["compared"][0] == "restraint"
still = stills.make("common_pool/open_access")
assert still["scene"]["actions"] == ["rest", "go out"] and set(still["parts"]) == {"actions", "rewards"}
assert world.inspect(0).name == "Boat 1"
study = studies.Study(
    "Who leaves fish?", scenarios=["common_pool/open_access"], learners=["q", "restraint"], seeds=2, ticks=600
)
assert len(study.run())
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with the world of the tutorial."""
    return stranger.house(tmp_path_factory.mktemp("house"), "add-a-world.md")


def runs(house, *command):
    done = stranger.run(house, *command)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def test_a_world_is_found_in_the_list(house):
    assert "common_pool/open_access" in runs(house, "-m", "app.cli", "list")
    assert "catch_share" in runs(house, "-m", "app.cli", "list", "common_pool")


def test_a_world_is_found_in_environments_studies_and_the_gallery(house):
    runs(house, "-W", "ignore", "-c", EVERYWHERE)


def test_the_contracts_of_a_world_alone_can_be_asked_for(house):
    told = runs(house, "-m", "pytest", "-n0", "-q", "tests/contracts/test_runs.py", "-k", "common_pool-restraint")
    assert "passed" in told


def test_a_golden_trace_of_a_world_can_be_written(house):
    program = "from tests.golden.trace import trace; print(trace('common_pool'))"
    assert "common_pool/open_access with q" in runs(house, "-c", program)


def test_a_model_that_forgets_its_rules_is_told_so_in_a_sentence(house):
    program = (
        "import sys, types, models.common_pool as c; rules = types.ModuleType('models.common_pool.rules');"
        "rules.LEVELS = 8; c.rules = rules; sys.modules[rules.__name__] = rules\n"
        "import models\nworld = models.make('common_pool/open_access', seed=1)\n"
        "try: world.run(1)\nexcept TypeError as error: print(error)"
    )
    told = stranger.run(house, "-c", program).stdout
    assert "has no body for CommonPoolState" in told and "must import" in told and len(told) < 600
