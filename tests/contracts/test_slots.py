"""Every agent a slot of Stable-Baselines3's `VecEnv`, and a policy trained there back in the loop."""

import numpy as np
import pytest

import models
from scenarios import ScenarioError
from tests.contracts.cases import SMALLEST, missing

pytestmark = pytest.mark.skipif(bool(missing("ppo")), reason=missing("ppo"))
every_world = pytest.mark.parametrize("domain", sorted(SMALLEST))


def steps(env, number, seed):
    """Bytes of all that an environment tells in so many steps of random actions."""
    env.seed(seed)
    rng, told = np.random.default_rng(0), [env.reset().tobytes()]
    for _ in range(number):
        seen, gains, over, infos = env.step(rng.integers(env.action_space.n, size=env.num_envs))
        told += [seen.tobytes(), gains.tobytes(), over.tobytes(), str([info["deciding"] for info in infos]).encode()]
    return told


@every_world
def test_a_seed_and_actions_determine_what_happens(domain):
    env = models.vec_env(SMALLEST[domain], ticks=60)
    assert steps(env, 80, seed=1) == steps(env, 80, seed=1)


def test_another_seed_is_another_day():
    env = models.vec_env(SMALLEST["traffic"], ticks=60)
    assert steps(env, 80, seed=1) != steps(env, 80, seed=2)


@every_world
def test_slots_gain_what_agents_inside_do_and_see_only_what_they_decide_on(domain):
    env = models.vec_env(SMALLEST[domain], ticks=10_000)
    env.seed(3)
    env.reset()
    world = models.make(SMALLEST[domain], learner="random", seed=env.world.seed)
    for _ in range(env.world.tick):  # before anybody decides
        world.advance(np.full(env.num_envs, -1))
    rng, actions = np.random.default_rng(0), np.zeros(env.num_envs, np.int64)
    for _ in range(50):
        chosen = rng.integers(env.action_space.n, size=env.num_envs)
        start = env.world.tick
        seen, gains, _, infos = env.step(chosen)
        assert all(info["deciding"] or not row.any() for info, row in zip(infos, seen, strict=True))
        inside = np.zeros(env.num_envs)
        for tick in range(start, env.world.tick):
            deciding, _, _ = world.observe()
            actions[deciding] = chosen[deciding]
            inside += world.advance(actions)
            assert tick == start or not deciding.any()  # nobody was due on the way
        np.testing.assert_allclose(gains, inside, rtol=1e-6)


def test_episodes_end_together_truncated_with_their_last_observation():
    env = models.vec_env("games/matching_pennies", ticks=5)
    env.reset()
    for _ in range(4):
        assert not env.step(np.zeros(2, np.int64))[2].any()
    seen, _, over, infos = env.step(np.zeros(2, np.int64))
    assert over.all() and all(info["TimeLimit.truncated"] for info in infos) and env.world.tick == 0
    assert np.array_equal(infos[0]["terminal_observation"], seen[0])  # one state, nothing else to see


def test_an_episode_ends_at_a_decision_and_says_whose_choices_count_in_the_next():
    env = models.vec_env("traffic/single_crossing", ticks=30)
    env.seed(3)
    assert env.reset().any() and env.reset_infos == [{"deciding": True}]
    over = False
    while not over:
        seen, _, (over,), (info,) = env.step(np.zeros(1, np.int64))
        assert info["deciding"] and seen.any()
    assert info["terminal_observation"].any() and not np.array_equal(info["terminal_observation"], seen[0])


def test_a_policy_trained_outside_acts_inside_as_it_did_and_is_saved_without_a_pickle(tmp_path):
    from stable_baselines3 import PPO
    from stable_baselines3.common.evaluation import evaluate_policy
    from stable_baselines3.common.vec_env import VecMonitor

    from models.envs.slots import plug_in

    env = models.vec_env("games/coordination_ring", ticks=50, nodes=8)
    model = PPO("MlpPolicy", VecMonitor(env), n_steps=64, gamma=0.0, seed=0, device="cpu").learn(8 * 64 * 12)
    mean, _ = evaluate_policy(model, VecMonitor(env), n_eval_episodes=8)
    world = models.make("games/coordination_ring", learner="ppo", nodes=8, seed=4)
    plug_in(world, model.policy)
    world.freeze()
    world.save_minds(tmp_path / "minds.npz")
    again = models.make("games/coordination_ring", learner="ppo", nodes=8, seed=4, minds=tmp_path / "minds.npz")
    again.freeze()
    for inside in (world, again):
        for _ in range(5):
            deciding, states, features = inside.observe()
            wanted, _ = model.predict(env.sight.show(np.arange(8), states, features), deterministic=True)
            inside.advance(np.full(8, -1))
            assert deciding.all() and np.array_equal(inside.turn.actions, wanted)
    dice = models.make("games/coordination_ring", learner="random", nodes=8, seed=4).run(500)["reward"].mean()
    assert mean / 50 > dice


def test_a_policy_that_fits_nobody_is_refused_in_a_sentence():
    from stable_baselines3 import PPO

    from models.envs.slots import plug_in

    env = models.vec_env("games/matching_pennies", ticks=20)
    policy = PPO("MlpPolicy", env, n_steps=2, batch_size=2, device="cpu", policy_kwargs={"net_arch": [8]}).policy
    with pytest.raises(ScenarioError, match="no agent of this world learns by"):
        plug_in(models.make("games/matching_pennies", learner="q", seed=0), policy)
    with pytest.raises(ScenarioError, match="other layers"):
        plug_in(models.make("games/matching_pennies", learner="ppo", seed=0), policy)
    with pytest.raises(ScenarioError, match="at least one"):
        models.vec_env("games/matching_pennies", ticks=0)
