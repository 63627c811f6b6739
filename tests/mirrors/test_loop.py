"""Returns, discounts, shaping and cooperation: the arithmetic of the loop between two decisions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from engine import loop
from engine.generic import entry
from engine.turn import EVERYONE, NEIGHBOURS, PLANNER, Course, begin_turn
from learners.base import PythonLearner

rewards = st.lists(st.floats(-100, 100), min_size=5, max_size=5)
RING = ((1, 4), (0, 2), (1, 3), (2, 4), (0, 3))


@entry
def gather(turn, course):
    """The loop's kernel, called from Python."""
    loop.gather(turn, course)


def gains(own, kappa, whom, neighbours=RING, common=0.0):
    """What five agents gain when they earn `own` and cooperate."""
    turn = begin_turn(neighbours, 0, 10)
    turn.rewards[:], turn.common[:] = own, common
    gather(turn, Course(np.array([0, 1]), np.array([False]), np.full((1, 5), kappa), np.array([whom])))
    return turn.gains


@given(rewards, st.sampled_from([NEIGHBOURS, EVERYONE, PLANNER]))
def test_without_cooperation_an_agent_gains_what_it_earns(own, whom):
    assert gains(own, 0.0, whom).tolist() == own


@given(rewards)
def test_full_cooperation_gains_what_the_others_earn_on_average(own):
    np.testing.assert_allclose(gains(own, 1.0, NEIGHBOURS), [(own[a] + own[b]) / 2 for a, b in RING], atol=1e-12)
    np.testing.assert_allclose(gains(own, 1.0, EVERYONE), np.full(5, np.mean(own)), atol=1e-12)
    assert gains(own, 1.0, PLANNER, common=[7.0, 8.0, 9.0, 6.0, 5.0]).tolist() == [7.0, 8.0, 9.0, 6.0, 5.0]


@given(rewards, st.floats(0, 1), st.sampled_from([NEIGHBOURS, EVERYONE]))
def test_where_everyone_has_as_many_neighbours_cooperation_makes_and_loses_nothing(own, kappa, whom):
    assert gains(own, kappa, whom).sum() == pytest.approx(sum(own), abs=1e-9)


@given(rewards, st.floats(0, 1))
def test_cooperation_mixes_in_proportion(own, kappa):
    mixed = (1 - kappa) * gains(own, 0.0, NEIGHBOURS) + kappa * gains(own, 1.0, NEIGHBOURS)
    np.testing.assert_allclose(gains(own, kappa, NEIGHBOURS), mixed, atol=1e-12)


def test_who_has_no_neighbours_keeps_what_it_earns():
    assert gains([1.0, 2.0, 3.0, 4.0, 5.0], 0.7, NEIGHBOURS, neighbours=((),) * 5) == pytest.approx([1, 2, 3, 4, 5])


def test_cooperation_in_a_world_is_the_mixed_reward_of_the_same_actions():
    game = {"learner": "random", "seed": 1, "payoff": ((2.0, -1.0), (0.0, 1.0))}
    alone, together = (models.make("games/coordination_ring", **game, cooperation=kappa) for kappa in (0.0, 0.25))
    for _ in range(20):
        alone.step()
        together.step()
        own = alone.turn.rewards
        near = (np.roll(own, 1) + np.roll(own, -1)) / 2
        assert np.array_equal(together.turn.rewards, own)
        np.testing.assert_allclose(together.turn.gains, 0.75 * own + 0.25 * near, atol=1e-12)


class Diary(PythonLearner):
    """Chooses at random and writes down what every decision of agent 0 was worth."""

    gamma: float = 1.0
    per_tick: bool = True

    def discount(self):
        return (1.0, self.gamma) if self.per_tick else (self.gamma, 1.0)

    def learn(self, mind, members, turn, rng):
        if turn.judged[0]:
            DIARY.append((int(turn.tick[0]), float(turn.returns[0]), float(turn.discount[0])))

    def act(self, mind, members, turn, rng):
        turn.actions[turn.deciding] = rng.integers(2, size=turn.deciding.sum())


DIARY: list[tuple[int, float, float]] = []


def lived(learner, ticks=400, shaping=0.0):
    """Rewards tick by tick, decisions of agent 0 (tick, return, discount), and the potential at each of them."""
    DIARY.clear()
    world = models.make("traffic/single_crossing", learner=learner, seed=3, shaping=shaping, max_red_s=0)
    earned, potential, decided = [], {}, []
    for tick in range(ticks):
        queue = float(world.state.queue_veh[0])
        world.step()
        if world.turn.deciding[0]:
            decided.append(tick)
            potential[tick] = -shaping * queue
        earned.append(float(world.turn.rewards[0]))
    assert len(DIARY) > 20 and [tick for tick, *_ in DIARY] == decided[1:]
    return np.array(earned), list(DIARY), decided, potential


def test_returns_between_two_decisions_are_discounted_per_tick():
    earned, diary, decided, _ = lived(Diary(gamma=0.9))
    for start, (end, returns, discount) in zip(decided, diary, strict=False):
        weights = 0.9 ** np.arange(end - start)
        assert returns == pytest.approx(weights @ earned[start:end]) and discount == pytest.approx(0.9 ** (end - start))


def test_returns_are_plain_sums_where_gamma_is_per_decision():
    earned, diary, decided, _ = lived(Diary(gamma=0.9, per_tick=False))
    for start, (end, returns, discount) in zip(decided, diary, strict=False):
        assert returns == pytest.approx(earned[start:end].sum()) and discount == 0.9


def test_shaping_adds_the_discounted_gain_in_potential():
    earned, diary, decided, potential = lived(Diary(gamma=0.9), shaping=2.0)
    for start, (end, returns, _) in zip(decided, diary, strict=False):
        span = end - start
        shaping = 0.9**span * potential[end] - potential[start]
        assert returns == pytest.approx(0.9 ** np.arange(span) @ earned[start:end] + shaping)


def test_shaping_rewards_telescope_so_that_no_policy_gains_by_them():
    """Without discount all shaping rewards of a life add up to the last potential less the first."""
    earned, diary, decided, potential = lived(Diary(), shaping=2.0)
    first, last = decided[0], decided[-1]
    paid = sum(returns for _, returns, _ in diary) - earned[first:last].sum()
    assert paid == pytest.approx(potential[last] - potential[first])


def test_looking_twice_or_saving_between_look_and_move_changes_nothing(tmp_path):
    worlds = [models.make("traffic/single_crossing", learner="q", seed=3) for _ in range(3)]
    for tick in range(120):
        once, twice, saved = worlds
        for world in worlds:
            world.observe()
        twice.observe()
        if tick % 40 == 39:
            saved.save(tmp_path / "world.npz")
            worlds[2] = saved = models.World.open(tmp_path / "world.npz")
        for world in worlds:
            world.advance([-1])
    assert np.array_equal(once.groups[0].mind.q, twice.groups[0].mind.q)
    assert np.array_equal(once.groups[0].mind.q, saved.groups[0].mind.q) and once.groups[0].mind.q.any()
