"""The catalogue beside Q and joint-action Q: first updates calculated by hand, and short published results."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import learners
import models
from learners.base import Space
from tests.mirrors.test_learners import HALF, Decision


@pytest.mark.parametrize("name", [name for name in learners.names() if name != "random"])
def test_every_learner_says_where_its_rule_comes_from_and_where_it_is_known_to_fail(name):
    text = Path(learners.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text)) or ""  # read, not imported: some learners need packages
    assert "Source: " in said and "Known to fail: " in said


def test_sarsa_learns_from_the_action_it_takes_next():
    one = Decision("sarsa", **HALF)
    one.learn([0], [0.0], [0.5], held=[1])  # nothing to judge yet
    one.learn([1], [4.0], [0.5], held=[0])  # Q(0,1) = 0 + .5 (4 + .5 Q(1,0) - 0) = 2
    one.learn([0], [1.0], [0.5], held=[0])  # a' is 0, worth 0, though 1 is worth 2: Q(1,0) = .5 (1 + .5 * 0) = .5
    one.learn([0], [6.0], [0.5], held=[1])  # Q(0,0) = .5 (6 + .5 * 2) = 3.5
    assert one.mind.q[0].tolist() == [[3.5, 2.0], [0.5, 0.0]]
    assert one.mind.visits[0].tolist() == [[1, 1], [1, 0]] and one.mind.greedy[0].tolist() == [0, 0]


def test_expected_sarsa_learns_from_the_mean_over_what_it_may_do_next():
    one = Decision("expected_sarsa", alpha=0.5, gamma=0.5, epsilon=0.5)
    one.mind.q[0], one.mind.greedy[0] = [[0.0, 4.0], [0.0, 0.0]], [1, 0]
    one.learn([1], [0.0], [0.5], held=[0])
    # pi(.|0) = (.25, .75), mean value 3, whatever is done: Q(1,0) = .5 (1 + .5 * 3 - 0) = 1.25
    one.learn([0], [1.0], [0.5], held=[0])
    assert one.mind.q[0].tolist() == [[0.0, 4.0], [1.25, 0.0]]


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.floats(-9, 9)), min_size=3, max_size=20))
def test_expected_sarsa_without_exploration_learns_what_q_learns_from_the_same_life(life):
    minds = []
    for kind in ("expected_sarsa", "q"):
        one = Decision(kind, alpha=0.3, epsilon=0.0)
        for state, action, earned in life:
            one.learn([state], [earned], [0.9], held=[action])
        minds.append(one.mind)
    assert np.array_equal(minds[0].q, minds[1].q) and np.array_equal(minds[0].greedy, minds[1].greedy)


def test_lenient_q_forgives_bad_news_as_often_as_its_temperature_says():
    one = Decision("lenient_q", leniency=1.0, cooling=0.5, states=1, **HALF)
    one.learn([0], [0.0], [0.0], held=[0])
    one.learn([0], [4.0], [0.0], held=[0])  # good news: Q = 2, T = .5
    assert one.mind.q[0, 0, 0] == 2.0 and one.mind.temperature[0, 0].tolist() == [0.5, 1.0]
    heard, trials = 0, 4000
    for _ in range(trials):
        one.mind.q[0, 0, 0], one.mind.temperature[0, 0, 0] = 2.0, 0.5
        one.learn([0], [-2.0], [0.0], held=[0])  # bad news: Q stays 2, or falls to 2 + .5 (-2 - 2) = 0
        assert one.mind.q[0, 0, 0] in (0.0, 2.0) and one.mind.temperature[0, 0, 0] == 0.25
        heard += one.mind.q[0, 0, 0] == 0.0
    share = math.exp(-0.5)
    assert heard / trials == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / trials))


def test_a_lenient_learner_that_never_forgives_is_q():
    settings = {"alpha": 0.3, "gamma": 0.9, "epsilon": 0.0, "initial": 40.0}
    strict, plain = (models.make("games/climbing", learner={**kind, **settings}, seed=4)
                     for kind in ({"kind": "lenient_q", "leniency": 0.0}, {"kind": "q"}))  # fmt: skip
    for world in (strict, plain):
        world.run(500)
    assert np.array_equal(strict.groups[0].mind.q, plain.groups[0].mind.q)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.floats(-9, 9)), min_size=3, max_size=20))
def test_a_lenient_learner_that_always_forgives_is_optimistic(life):
    minds = []
    for kind in ({"kind": "lenient_q", "leniency": 1e9, "cooling": 1.0}, {"kind": "hysteretic_q", "bad_news": 0.0}):
        one = Decision(**kind, alpha=0.3, epsilon=0.0)
        for state, action, earned in life:
            one.learn([state], [earned], [0.9], held=[action])
        minds.append(one.mind)
    assert np.array_equal(minds[0].q, minds[1].q) and np.array_equal(minds[0].greedy, minds[1].greedy)


def test_wolf_phc_steps_further_when_it_loses():
    one = Decision("wolf_phc", states=1, win_step=0.0625, lose_over_win=2.0, slows_after=1e300, **HALF)
    one.learn([0], [0.0], [0.0], held=[1])
    # Q = (0, 2); the mean of strategies is (.5, .5), so is the strategy: not winning, so the step is .125 towards 1
    one.learn([0], [4.0], [0.0], held=[1])
    assert one.mind.q[0, 0].tolist() == [0.0, 2.0] and one.mind.strategy[0, 0].tolist() == [0.375, 0.625]
    # Q = (0, 3); the mean is now (.4375, .5625): .625 * 3 > .5625 * 3, winning: .0625
    one.learn([0], [4.0], [0.0], held=[1])
    assert one.mind.mean_strategy[0, 0].tolist() == [0.4375, 0.5625]
    assert one.mind.strategy[0, 0].tolist() == [0.3125, 0.6875]


def test_steps_of_wolf_phc_shorten_with_visits_and_never_leave_the_simplex():
    one = Decision("wolf_phc", states=1, win_step=1.0, lose_over_win=1.0, slows_after=1.0, **HALF)
    one.learn([0], [0.0], [0.0], held=[1])
    one.learn([0], [4.0], [0.0], held=[1])  # step 1 / (1 + 1) = .5: all that action 0 has
    assert one.mind.strategy[0, 0].tolist() == [0.0, 1.0]
    one.learn([0], [-20.0], [0.0], held=[1])  # Q = (0, -9), step 1 / (1 + 2)
    assert one.mind.strategy[0, 0].tolist() == pytest.approx([1 / 3, 2 / 3])


def test_roth_erev_reinforces_what_was_held_and_lets_the_others_experiment():
    one = Decision("roth_erev", states=1, actions=3, initial=4.0, forgetting=0.25, experimentation=0.5)
    one.learn([0], [0.0], [1.0], held=[1])
    # held: .75 * 4 + .5 * 6 = 6;  others: 4 (.75 + .5 / 2) = 4
    one.learn([0], [6.0], [1.0], held=[0])
    assert one.mind.propensity[0, 0].tolist() == [4.0, 6.0, 4.0]
    one.learn([0], [-2.0], [1.0], held=[1])  # the lowest so far counts as 0: .75 * 4 = 3
    assert one.mind.propensity[0, 0].tolist() == [3.0, 6.0, 4.0]
    one.learn([0], [2.0], [1.0], held=[0])  # now 2 counts as 4: .75 * 6 + .5 * 4 = 6.5
    assert one.mind.propensity[0, 0].tolist() == [3.0, 6.5, 4.0]


def test_roth_erev_draws_in_proportion_to_propensities():
    one = Decision("roth_erev", states=1, actions=3)
    one.mind.propensity[0, 0] = [1.0, 0.0, 3.0]
    drawn = np.zeros(3)
    for _ in range(4000):
        one.turn.started[:] = False
        one.learn([0], [0.0], [1.0])
        drawn[one.turn.actions[0]] += 1
    assert drawn[1] == 0 and drawn[2] / 4000 == pytest.approx(0.75, abs=4 * math.sqrt(0.75 * 0.25 / 4000))


def test_propensities_that_would_grow_without_end_are_refused():
    with pytest.raises(ValueError, match=r"roth_erev: with 2 actions, .* grow without end"):
        learners.load("roth_erev", forgetting=0.04, experimentation=0.97).begin(Space(1, 1, 2, 0, 0), None)
    learners.load("roth_erev", forgetting=0.04, experimentation=0.97).begin(Space(1, 1, 30, 0, 0), None)  # as published


def test_exp3_weighs_a_reward_by_how_unlikely_it_was():
    one = Decision("exp3", states=1, mixing=0.5, lowest=-1.0, highest=3.0)
    one.learn([0], [0.0], [1.0], held=[1])
    # r = 2 is .75 of the range; its chance was .5 * .5 + .5 / 2 = .5: log w = .5 (.75 / .5) / 2 = .375
    one.learn([0], [2.0], [1.0], held=[0])
    assert one.mind.log_weight[0, 0].tolist() == [-0.375, 0.0]
    share = 1 / (1 + math.exp(-0.375))
    assert one.mind.strategy[0, 0].tolist() == pytest.approx([1 - share, share])
    # action 0 earns the most there is: log w = -.375 + .5 / p / 2
    one.learn([0], [3.0], [1.0], held=[1])
    chance = 0.5 * (1 - share) + 0.25
    assert one.mind.log_weight[0, 0, 1] == pytest.approx(-(-0.375 + 0.25 / chance))


def test_the_regret_of_exp3_stays_under_its_bound_against_rewards_that_turn():
    """Auer et al. 2002, corollary 3.2, on rewards that favour one action, then another."""
    rounds, actions, runs = 2000, 4, 10
    bound = math.sqrt(actions * math.log(actions) / ((math.e - 1) * rounds))
    rewards = np.zeros((rounds, actions))
    rewards[: rounds // 4, 0] = rewards[rounds // 4 :, 2] = 1.0
    rewards[:, 3] = 0.5
    bandit = Decision("exp3", agents=runs, neighbours=((),) * runs, states=1, actions=actions, mixing=bound)
    earned, returns = 0.0, np.zeros(runs)
    for reward in rewards:
        bandit.learn(0, returns, 1.0)
        returns = reward[bandit.turn.actions]
        earned += returns.mean()
    best = rewards.sum(axis=0).max()
    regret = best - earned
    assert 0 < regret <= 2.63 * math.sqrt(rounds * actions * math.log(actions)) < best - rewards.mean() * rounds


def test_fictitious_play_best_responds_to_frequencies_with_payoffs_it_has_met():
    two = Decision("fictitious_play", agents=2, neighbours=((1,), (0,)), states=1, epsilon=0.0)
    lives = [([0, 0], [0.0, 0.0]), ([0, 1], [2.0, 5.0]), ([1, 1], [8.0, 1.0]), ([0, 1], [6.0, 0.0])]
    for held, returns in lives:  # returns are of the joint action held before
        two.learn(0, returns, 0.0, held=held)
    # agent 0 met (0,0) -> 2, (0,1) -> 8, (1,1) -> 6, and the other's 1 three times in four: R = [[2, 8], [0, 6]]
    assert two.mind.q[0, 0].T.tolist() == [[2.0, 8.0], [0.0, 6.0]] and two.mind.seen[0, 0].tolist() == [1, 3]
    assert two.learner.policy(two.mind, 0).tolist() == [[0.25 * 2 + 0.75 * 8, 0.75 * 6]]
    two.learn(0, [4.0, 0.0], 0.0, held=[1, 1])  # (0,1) again: the mean of 8 and 4
    assert two.mind.q[0, 0].T.tolist() == [[2.0, 6.0], [0.0, 6.0]]


TABLES = ("each", "load", "pairwise")


@pytest.mark.parametrize("settings", [{}, {"others": "last"}, {"gamma": 0.9, "initial": 20.0}])
def test_with_one_neighbour_all_tables_of_joint_q_are_the_same_rule(settings):
    lives = [models.make("games/climbing", learner={"kind": "joint_q", "tables": tables, **settings}, seed=3)
             for tables in TABLES]  # fmt: skip
    for world in lives:
        world.run(400)
    minds = [world.groups[0].mind for world in lives]
    assert all(np.array_equal(mind.q, minds[0].q) and np.array_equal(mind.seen, minds[0].seen) for mind in minds)
    assert minds[0].q.any()


def payoffs_learned(tables, nodes, actions):
    """Values (joint actions of the neighbours, own action) of one player of a ring or star, by brute force."""
    rng = np.random.default_rng(8)
    payoff = rng.integers(-4, 5, (actions, actions)).astype(float)
    world = models.make(
        "games/prisoners_dilemma", graph="star", nodes=nodes, sees="nothing", actions=tuple("abcd"[:actions]),
        payoff=tuple(map(tuple, payoff.tolist())), seed=0,
        learner={"kind": "joint_q", "tables": tables, "gamma": 0.0, "alpha": 0.25, "epsilon": 1.0},
    )  # fmt: skip
    world.run(40_000)
    mind, neighbours = world.groups[0].mind, nodes - 1
    found = {}
    for joint in np.ndindex(*[actions] * neighbours):
        if tables == "pairwise":
            columns = [n * actions + held for n, held in enumerate(joint)]
        else:
            columns = [sum(mind.code[n, held] for n, held in enumerate(joint))]
        found[joint] = mind.q[0, 0, columns].mean(axis=0)
        exact = np.mean([payoff[:, held] for held in joint], axis=0)  # what the game pays against these neighbours
        assert found[joint] == pytest.approx(exact, abs=1e-6), (tables, joint)
    return found, world


@pytest.mark.parametrize(("neighbours", "actions"), [(3, 2), (2, 3), (3, 3)])
def test_counts_and_pairs_learn_what_the_exact_table_learns_where_payoffs_add_up(neighbours, actions):
    expected = []
    for tables in TABLES:
        found, world = payoffs_learned(tables, neighbours + 1, actions)
        expected.append(world.values(0)[0])
        assert len(found) == actions**neighbours
    # what they expect under the frequencies they met is the same too
    assert expected[1] == pytest.approx(expected[0], abs=1e-6) and expected[2] == pytest.approx(expected[0], abs=1e-6)


def test_pairs_serve_where_neither_joint_actions_nor_counts_fit():
    star = models.make("games/climbing", learner={"kind": "joint_q", "epsilon": 1.0}, graph="star", nodes=91, seed=0)
    star.run(50)
    mind = star.groups[0].mind
    assert mind.q.shape == (91, 1, 90 * 3, 3)
    assert mind.joint[0].tolist() == [3 * n + a for n, a in enumerate(star.turn.actions[1:])]
    assert (mind.seen[0, 0].reshape(90, 3).sum(axis=1) == 50).all()
    assert mind.joint[1, 0] == star.turn.actions[0] and not mind.seen[1, 0, 3:].any()  # a leaf has one neighbour
    assert np.isfinite(star.values(0)).all() and star.visits(0).sum() == 49
