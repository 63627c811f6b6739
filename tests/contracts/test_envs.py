"""Every world as an environment of Gymnasium and of PettingZoo."""

import importlib
import subprocess
import sys
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import models
import scenarios
from engine import snapshot
from tests.contracts.cases import SMALLEST
from tests.contracts.digests import mind_bytes

gymnasium = pytest.importorskip("gymnasium")
pytest.importorskip("pettingzoo")
from gymnasium.utils.env_checker import check_env  # noqa: E402
from pettingzoo.test import parallel_api_test, parallel_seed_test  # noqa: E402

from models.envs import one_agent as envs  # noqa: E402

ROOT = Path(__file__).parents[2]
WITH_FEATURES = [domain for domain, name in SMALLEST.items() if models.make(name, seed=0).decision_space.features]
KINDS = [(domain, "states") for domain in SMALLEST] + [(domain, "features") for domain in WITH_FEATURES]
every_kind = pytest.mark.parametrize(("domain", "observation"), KINDS)
every_world = pytest.mark.parametrize("domain", SMALLEST)


def one_agent(domain, **settings):
    return gymnasium.make(envs.env_id(SMALLEST[domain]), **settings).unwrapped


@pytest.mark.parametrize("name", scenarios.names())
def test_every_scenario_is_registered(name):
    assert gymnasium.spec(f"everlearn/{name.replace('/', '-')}").kwargs == {"scenario": name}


def test_gymnasium_finds_a_scenario_by_itself_when_told_the_module():
    program = "import gymnasium; print(gymnasium.make('models.envs:everlearn/games-climbing').unwrapped.world.domain)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "games\n"


@every_kind
def test_gymnasiums_own_check_is_passed(domain, observation):
    with warnings.catch_warnings():
        if observation == "features":  # they have no bounds, and the checker doubts that
            warnings.filterwarnings("ignore", ".*A Box observation space m..imum value is -?infinity")
        check_env(one_agent(domain, observation=observation))


@every_kind
def test_pettingzoos_own_tests_are_passed(domain, observation):
    make = {"observation": observation, "ticks": 100}
    parallel_api_test(models.parallel_env(SMALLEST[domain], **make), num_cycles=200)
    parallel_seed_test(lambda: models.parallel_env(SMALLEST[domain], **make))


def inside(world, agent, decisions):
    """What an agent sees, does and gains between its own decisions, all learners at home."""
    nobody, life, gains = np.full(len(world.agent_names), -1), [], 0.0
    while len(life) <= decisions:
        deciding, states, _ = world.observe()
        gained = world.advance(nobody)[agent]
        if deciding[agent]:
            life.append((states[agent], world.turn.actions[agent], gains))
            gains = 0.0
        gains += gained
    return life


@every_world
def test_an_agent_that_does_outside_what_it_would_do_inside_lives_the_same_life(domain):
    world = models.make(SMALLEST[domain], learner="random", seed=3)
    agent = len(world.agent_names) - 1
    life = inside(world, agent, decisions=40)
    env = one_agent(domain, learner="random", agent=world.agent_names[agent], ticks=10_000)
    seen, about = env.reset(seed=3)
    ticks = about["elapsed_ticks"]
    for (state, action, _), (_, _, gained) in pairwise(life):
        assert seen == state
        seen, reward, terminated, truncated, about = env.step(action)
        ticks += about["elapsed_ticks"]
        assert reward == pytest.approx(gained, rel=1e-12) and not terminated and not truncated
        assert about["deciding"] and about["tick"] == ticks == env.world.tick
    assert env.world.tick == world.tick - 1


@every_world
def test_a_seed_begins_everything_anew_and_none_lets_the_others_remember(domain):
    env = one_agent(domain, learner="q")
    first, _ = env.reset(seed=8)
    fresh = mind_bytes(env.world)
    told = [env.step(i % 2)[:2] for i in range(50)]
    learned = mind_bytes(env.world)
    env.reset()
    assert env.world.tick <= 50 and env.world.seed != 8
    if len(env.world.agent_names) > 1:
        assert mind_bytes(env.world) == learned != fresh
    again, _ = env.reset(seed=8)
    assert again == first and mind_bytes(env.world) == fresh and [env.step(i % 2)[:2] for i in range(50)] == told


@pytest.mark.parametrize("frozen", [False, True])
def test_the_others_learn_unless_they_are_frozen_and_the_agents_own_learner_never_does(frozen):
    env = one_agent("games", agent=1, learner={"kind": "q", "initial": 1.0}, frozen=frozen)
    env.reset(seed=1)
    for _ in range(20):
        env.step(2)
    others, own = (env.world.values(agent) for agent in (0, 1))
    assert (own == 1.0).all() and (others == 1.0).all() == frozen


def test_trained_others_come_from_a_file(tmp_path):
    world = models.make("games/climbing", learner="q", seed=1)
    world.run(300)
    world.save_minds(tmp_path / "minds.npz")
    env = gymnasium.make("everlearn/games-climbing", learner="q", minds=tmp_path / "minds.npz", frozen=True).unwrapped
    for seed in (4, None):
        env.reset(seed=seed)
        assert mind_bytes(env.world) == mind_bytes(world)


def test_a_memory_of_the_others_works_though_the_first_of_them_plays_outside():
    env = gymnasium.make("everlearn/games-congestion", learner={"kind": "q", "lifelong": True, "block_ticks": 5})
    env.reset(seed=1)
    for _ in range(51):
        env.step(0)
    assert env.unwrapped.world.groups[0].mind.memory.alarms[0] == 10  # blocks lived


def test_an_episode_is_cut_at_the_first_decision_after_its_ticks():
    env = one_agent("traffic", ticks=300)
    for _ in range(2):
        _, about = env.reset()
        assert about["elapsed_ticks"] == about["tick"] >= 5  # the minimum green
        truncated = False
        while not truncated:
            assert about["tick"] < 300 and about["deciding"]
            _, _, terminated, truncated, about = env.step(1)
            assert not terminated
        assert 300 <= about["tick"] < 330 and about["deciding"]


def test_an_agent_that_leaves_ends_its_episode_and_one_that_is_not_there_cannot_begin_one():
    always = scenarios.load("market/entry_and_exit").model_copy(update={"regime": ()})
    leaver = envs.OneAgent(always, agent="M2", ticks=250)
    leaver.reset(seed=1)
    leaver.world.change(makers_present=1)  # from tick 1 on
    _, _, _, truncated, about = leaver.step(0)
    assert truncated and not about["deciding"] and about["elapsed_ticks"] == 251
    with pytest.raises(scenarios.ScenarioError, match="decides nothing in the first 50 ticks; choose another agent"):
        envs.OneAgent("market/entry_and_exit", agent=4, ticks=50).reset(seed=1)


def test_those_who_are_not_due_hold_what_they_do_and_infos_say_so():
    env = models.parallel_env("traffic/rush_hour")
    _, infos = env.reset(seed=1)
    for _ in range(60):
        before, due = env.world.turn.actions.copy(), [infos[name]["deciding"] for name in env.agents]
        wanted = 1 - before
        _, _, _, _, infos = env.step(dict(zip(env.agents, wanted.tolist(), strict=True)))
        assert np.array_equal(env.world.turn.actions, np.where(due, wanted, before))


def test_a_view_changes_nothing_of_a_world_that_is_made_without_it():
    env, world = models.parallel_env("games/climbing"), models.make("games/climbing", learner="random", seed=2)
    env.reset(seed=2)
    world.run(50)
    twin = models.make("games/climbing", learner="random", seed=2)
    for _ in range(50):
        twin.observe()
        twin.advance([-1, -1])
    one, other = (snapshot.arrays(each.state) for each in (world, twin))
    assert all(np.array_equal(one[name], other[name]) for name in one)


BAD = {
    "an unknown agent": (lambda: one_agent("grid", agent="nobody"), "agent = 'nobody'; agents are .*; or give a place"),
    "an agent too many": (lambda: one_agent("games", agent=2), "or give a place, 0 to 1"),
    "no such observation": (lambda: one_agent("games", observation="features"), 'take "states"; games has no features'),
    "no ticks": (lambda: one_agent("games", ticks=0), "ticks = 0; an episode has at least one"),
    "an unknown parameter": (lambda: one_agent("games", nods=2), 'Did you mean "nodes"'),
    "no action": (lambda: one_agent("games").step(-1), "whole numbers from 0 to 2"),
    "an episode not begun": (lambda: models.parallel_env("games/climbing").step({}), "call reset first"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_allowed_is_said_in_one_sentence(case):
    make, words = BAD[case]
    with pytest.raises(scenarios.ScenarioError, match=words):
        make()


@pytest.mark.parametrize("make", [envs.OneAgent, models.parallel_env])
@pytest.mark.parametrize(("keyword", "value"), [("render_mode", "rgb_array"), ("frameskip", 4), ("seed", 1)])
def test_a_keyword_that_is_no_parameter_is_the_type_error_that_clients_look_for(make, keyword, value):
    """Stable-Baselines3 and TorchRL try keywords, and go on without them where they meet these words."""
    with pytest.raises(TypeError, match=rf"climbing.toml: got an unexpected keyword argument '{keyword}'"):
        make("games/climbing", **{keyword: value})


@every_world
def test_a_render_mode_of_none_is_taken_as_every_environment_takes_it(domain):
    assert one_agent(domain, render_mode=None).render_mode is None
    assert models.parallel_env(SMALLEST[domain], render_mode=None).render_mode is None
    assert models.parallel_env(SMALLEST[domain]).render_mode is None


@pytest.mark.parametrize("actions", [[0], [0, 3], [-1, 0]])
def test_every_agent_of_a_parallel_environment_needs_an_action_that_exists(actions):
    env = models.parallel_env("games/climbing")
    env.reset(seed=0)
    with pytest.raises(scenarios.ScenarioError, match="give every agent a number from 0 to 2"):
        env.step(dict(zip(env.agents, actions)))


@pytest.mark.parametrize(("package", "use"), [
    ("gymnasium", lambda: importlib.import_module("models.envs")),
    ("pettingzoo", lambda: models.parallel_env("games/climbing")),
])  # fmt: skip
def test_a_missing_package_is_named_with_the_remedy(package, use, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    for module in ("models.envs", "models.envs.one_agent", "models.envs.parallel"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    if package == "pettingzoo":
        monkeypatch.setitem(sys.modules, "models.envs.one_agent", envs)
    with pytest.raises(scenarios.ScenarioError, match=rf"needs the package {package}; .* pip install -e '\.\[gym\]'"):
        use()
