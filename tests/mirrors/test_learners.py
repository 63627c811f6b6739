"""The update rules, calculated by hand: first updates, schedules, shared tables, discounts, shaping.

Steps are 0.5 and payoffs small whole numbers, so every value is exact in binary.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import learners
import models
from engine import loop
from engine.turn import begin_turn
from learners.base import Space

HALF = {"alpha": 0.5, "gamma": 0.5, "epsilon": 0.0}


class Decision:
    """One agent's learner, told what it meets decision by decision."""

    def __init__(self, kind, agents=1, neighbours=((),), states=2, actions=2, **settings):
        self.learner = learners.load(kind, **settings)
        self.turn, self.members = begin_turn(neighbours, 0, 10), np.arange(agents)
        self.turn.deciding[:] = True
        self.rng = np.random.Generator(np.random.PCG64(0))
        most = max(map(len, neighbours))
        self.mind = self.learner.begin(Space(agents, states, actions, most, 0), self.rng)

    def learn(self, states, returns, discount, held=None):
        """One decision: past states and actions stand in the turn; `held` are the actions that follow."""
        turn = self.turn
        turn.judged[:] = turn.started
        turn.states[:], turn.returns[:], turn.discount[:] = states, returns, discount
        loop.learn(self.mind, self.members, turn, None, self.rng)
        loop.act(self.mind, self.members, turn, None, self.rng)
        if held is not None:
            turn.actions[:] = held
        loop.settle(self.mind, self.members, turn, None, self.rng)
        turn.started[:] = True
        turn.past_states[:], turn.past_actions[:] = turn.states, turn.actions


def test_the_first_updates_of_q_are_those_of_watkins():
    one = Decision("q", **HALF)
    one.learn([0], [9.0], [0.5], held=[1])  # nothing to judge yet
    assert not one.mind.q.any()
    one.learn([1], [4.0], [0.5], held=[0])  # Q(0,1) = 0 + .5 (4 + .5 max(0, 0) - 0) = 2
    one.learn([0], [1.0], [0.5], held=[1])  # Q(1,0) = 0 + .5 (1 + .5 max(0, 2) - 0) = 1
    one.learn([1], [-2.0], [0.5])  # Q(0,1) = 2 + .5 (-2 + .5 max(1, 0) - 2) = .25
    assert one.mind.q[0].tolist() == [[0.0, 0.25], [1.0, 0.0]]
    assert one.mind.visits[0].tolist() == [[0, 2], [1, 0]]
    assert one.turn.actions.tolist() == [0]  # greedy in state 1


def test_joint_q_learns_from_the_actual_next_action_of_the_other():
    two = Decision("joint_q", agents=2, neighbours=((1,), (0,)), states=1, **HALF)
    two.learn([0, 0], [0.0, 0.0], [0.5, 0.5], held=[0, 1])
    # a_-i of agent 0 is 1, of agent 1 is 0. Q_0(a_-=1, a=0) = .5 * 4 = 2;  Q_1(a_-=0, a=1) = .5 * 2 = 1
    two.learn([0, 0], [4.0, 2.0], [0.5, 0.5], held=[0, 1])
    assert two.mind.q[0, 0].tolist() == [[0.0, 0.0], [2.0, 0.0]]
    assert two.mind.q[1, 0].tolist() == [[0.0, 1.0], [0.0, 0.0]]
    # The other now turns to 0: max over own actions is taken at a_-' = 0, where Q_0 is 0, not at the 2 under a_- = 1.
    # Q_0(1, 0) = 2 + .5 (0 + .5 * 0 - 2) = 1.   Agent 1 meets a_-' = 1: Q_1(0, 1) = 1 + .5 (3 + .5 * 0 - 1) = 2
    two.learn([0, 0], [0.0, 3.0], [0.5, 0.5], held=[1, 0])
    assert two.mind.q[0, 0].tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert two.mind.q[1, 0].tolist() == [[0.0, 2.0], [0.0, 0.0]]
    # Back: a_-' = 1 again, so the max is the 1 found there: Q_0(a_-=0, a=1) = .5 (2 + .5 * 1) = 1.25
    # Agent 1: a_-' = 0, max is 2: Q_1(a_-=1, a=0) = .5 (0 + .5 * 2) = .5
    two.learn([0, 0], [2.0, 0.0], [0.5, 0.5], held=[0, 1])
    assert two.mind.q[0, 0].tolist() == [[0.0, 1.25], [1.0, 0.0]]
    assert two.mind.q[1, 0].tolist() == [[0.0, 2.0], [0.5, 0.0]]
    assert two.mind.seen[:, 0].tolist() == [[1, 3], [3, 1]]


@pytest.mark.parametrize(("tables", "expected"), [
    ("each", [[0.0, 0.0], [2.0, 0.0], [0.0, 0.0], [4.0, 0.0]]),  # (0,0), (1,0), (0,1), (1,1)
    ("load", [[0.0, 0.0], [2.0, 0.0], [4.5, 0.0]]),  # none, one, both
    ("pairwise", [[0.0, 0.25], [5.53125, 0.0], [2.0, 0.25], [3.53125, 0.0]]),  # 0, 1 of one; 0, 1 of the other
])  # fmt: skip
def test_the_first_updates_of_joint_q_with_two_neighbours(tables, expected):
    three = Decision("joint_q", agents=3, neighbours=((1, 2), (0, 2), (0, 1)), states=1, tables=tables, **HALF)
    three.learn(0, [0.0, 0.0, 0.0], 0.5, held=[0, 1, 0])
    # Agent 0 held 0 against (1, 0), and meets (0, 0), worth nothing: .5 * 4 = 2, in both parts where there are two.
    three.learn(0, [4.0, 0.0, 0.0], 0.5, held=[1, 0, 0])
    # It held 1 against (0, 0), and meets (1, 1), not met before. Of pairs, the first is known: (2 + 0) / 2 = 1, so
    # .5 (0 + .5 * 1 - 0) = .25.
    three.learn(0, [0.0, 0.0, 0.0], 0.5, held=[0, 1, 1])
    # It held 0 against (1, 1), and meets (0, 1). Each: not met, .5 * 8 = 4. Load: one holds 1, as in (1, 0), worth 2:
    # .5 (8 + .5 * 2) = 4.5. Pairs: worth (.25 + 0) / 2 at best, and expected (2 + 0) / 2: .5 (8 + .0625 - 1) = 3.53125.
    three.learn(0, [8.0, 0.0, 0.0], 0.5, held=[0, 0, 1])
    assert three.mind.q[0, 0].tolist() == expected


@pytest.mark.parametrize("tables", ["each", "load", "pairwise"])
def test_counts_learn_what_both_neighbours_do_together_and_pairs_the_nearest_sum(tables):
    """One point where both neighbours hold 1; the nearest sum of two parts is -1/4 and 1/2 for each that does."""
    life = np.random.default_rng(5)
    settings = {"tables": tables, "gamma": 0.0, "epsilon": 0.0, "alpha": 0.01}
    three = Decision("joint_q", agents=3, neighbours=((1, 2), (0, 2), (0, 1)), states=1, **settings)
    returns = np.zeros(3)
    for _ in range(6000):
        held = np.array([0, *life.integers(0, 2, 2)])
        three.learn(0, returns, 0.0, held=held)
        returns = np.array([float(held[1:].all()), 0.0, 0.0])
    mind, found = three.mind, {}
    for one, other in np.ndindex(2, 2):
        parts = [one, 2 + other] if tables == "pairwise" else [mind.code[0, one] + mind.code[1, other]]
        found[one, other] = mind.q[0, 0, parts, 0].mean()
    together, apart = (1.0, {0: 0.0, 1: 0.0}) if tables != "pairwise" else (0.75, {0: -0.25, 1: 0.25})
    assert found[1, 1] == pytest.approx(together, abs=0.08)
    assert found[0, 0] == pytest.approx(apart[0], abs=0.08)
    assert [found[0, 1], found[1, 0]] == pytest.approx([apart[1]] * 2, abs=0.08)


def test_joint_q_acts_on_how_often_it_met_the_others_or_on_the_last():
    often, last = (Decision("joint_q", neighbours=((1,), (0,)), agents=2, states=1, others=others, **HALF)
                   for others in ("frequencies", "last"))  # fmt: skip
    for learner in (often, last):
        learner.mind.q[0, 0] = [[0.0, 3.0], [2.0, 0.0]]  # against 0 choose 1, against 1 choose 0
        learner.mind.seen[0, 0] = [1, 3]  # expected: action 0 is worth 3 * 2, action 1 is worth 1 * 3
        learner.mind.joint[:] = 0
        learner.learn([0, 0], [0.0, 0.0], [0.5, 0.5])
    assert (often.turn.actions[0], last.turn.actions[0]) == (0, 1)


def test_hysteretic_q_takes_bad_news_slowly():
    one = Decision("hysteretic_q", bad_news=0.25, **HALF)
    one.learn([0], [0.0], [0.5], held=[1])
    one.learn([0], [4.0], [0.5], held=[1])  # good: 0 + .5 * 4 = 2
    one.learn([0], [-3.0], [0.5], held=[1])  # bad: delta = -3 + .5 * 2 - 2 = -4; 2 + .5 * .25 * -4 = 1.5
    assert one.mind.q[0, 0, 1] == 1.5


def test_with_equal_rates_hysteretic_q_is_q():
    settings = {"alpha": 0.3, "gamma": 0.9, "epsilon": 0.2}
    plain = models.make("games/climbing", learner={"kind": "q", **settings}, seed=4)
    equal = models.make("games/climbing", learner={"kind": "hysteretic_q", "bad_news": 1.0, **settings}, seed=4)
    plain.run(500)
    equal.run(500)
    assert np.array_equal(plain.groups[0].mind.q, equal.groups[0].mind.q) and plain.groups[0].mind.q.any()


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.floats(-9, 9)), min_size=2, max_size=20))
def test_deaf_to_bad_news_with_steps_of_one_a_value_is_the_best_that_was_ever_met(life):
    """The optimistic rule of Lauer and Riedmiller 2000: Q(s,a) <- max(Q(s,a), r + gamma max Q(s'))."""
    one = Decision("hysteretic_q", alpha=1.0, bad_news=0.0, epsilon=0.0)
    best, past = np.zeros((2, 2)), None
    for state, action, earned in life:
        one.learn([state], [earned], [0.5], held=[action])
        if past:
            best[past] = max(best[past], earned + 0.5 * best[state].max())
        past = (state, action)
    assert one.mind.q[0] == pytest.approx(best, abs=1e-12)


def test_a_rate_by_visits_makes_the_mean_of_all_returns():
    one = Decision("q", alpha_schedule="visits", gamma=0.0, epsilon=0.0, states=1)
    one.learn([0], [0.0], [0.0], held=[0])
    for k, earned in enumerate([4.0, 8.0, 3.0, 1.0], 1):
        one.learn([0], [earned], [0.0], held=[0])
        assert one.mind.q[0, 0, 0] == pytest.approx(np.mean([4.0, 8.0, 3.0, 1.0][:k]))


@given(st.integers(1, 200), st.floats(0.5, 100.0), st.floats(0, 1), st.floats(0, 1))
def test_an_exponential_schedule_goes_half_of_its_way_in_a_half_life(decisions, half_life, start, end):
    explores = {"epsilon": start, "epsilon_end": end, "exploration": "exponential"}
    learns = {"alpha": start, "alpha_end": end, "alpha_schedule": "exponential"}
    left = 0.5 ** (decisions / half_life)
    for settings, epsilon, alpha in ((explores, None, 0.1), (learns, 0.05, None)):
        one = Decision("q", half_life=half_life, **settings)
        for _ in range(decisions):
            one.learn([0], [0.0], [0.0])
        there = pytest.approx(end + (start - end) * left, abs=1e-12)
        assert one.mind.rates.epsilon[0] == (there if epsilon is None else epsilon)
        assert one.mind.rates.alpha[0] == (there if alpha is None else alpha)


@pytest.mark.parametrize(("exploration", "least", "most"), [("none", 0, 0), ("constant", 160, 240)])
def test_epsilon_is_the_share_of_random_choices(exploration, least, most):
    one = Decision("q", epsilon=0.4, exploration=exploration, initial=1.0)
    one.mind.q[0, 0] = [1.0, 0.0]
    choices = []
    for _ in range(1000):
        one.turn.started[:] = False
        one.learn([0], [0.0], [0.0])
        choices.append(one.turn.actions[0])
    assert least <= sum(choices) <= most  # half of the random ones; 4 standard deviations is 50


@pytest.mark.parametrize("visits", [[0, 0], [9, 5]])
def test_frozen_agents_do_not_explore_and_take_nobodys_advice(visits):
    one = Decision("q", epsilon=1.0)
    one.turn.thawed[:] = False
    one.mind.q[0, 0] = [1.0, 0.0]
    one.turn.advice[:] = 1
    one.mind.visits[0, 0] = visits
    one.learn([0], [0.0], [0.0])
    assert one.turn.actions[0] == 0


def test_a_shared_table_learns_from_everyone_in_turn():
    two = Decision("q", agents=2, neighbours=((), ()), shared=True, **HALF)
    two.learn([0, 0], [0.0, 0.0], [0.0, 0.0], held=[1, 1])
    two.learn([0, 0], [4.0, 8.0], [0.0, 0.0])  # .5 * 4 = 2, then 2 + .5 (8 - 2) = 5
    assert two.mind.q.shape == (1, 2, 2) and two.mind.q[0, 0, 1] == 5.0 and two.mind.visits[0, 0, 1] == 2


def test_neighbours_too_many_for_joint_actions_are_counted():
    assert learners.load("joint_q").summary(Space(1, 1, 2, 12, 0)) == "each"
    assert learners.load("joint_q").summary(Space(1, 1, 2, 13, 0)) == "load"
    star = models.make("games/prisoners_dilemma", learner="joint_q", graph="star", nodes=41, sees="count", seed=0)
    star.run(3)
    hub = star.turn.actions[1:].sum()
    assert star.groups[0].mind.q.shape[2] == 41 and star.groups[0].mind.joint[0, 0] == hub
    assert learners.load("joint_q").summary(Space(1, 1, 4, 40, 0)) == "pairwise"
    with pytest.raises(ValueError, match=r'joint_q: tables = "load" has 68921 columns .* here "pairwise" fits'):
        learners.load("joint_q", tables="load").summary(Space(1, 1, 4, 40, 0))


def test_every_neighbour_has_its_digit_in_a_joint_action():
    ring = models.make("games/coordination_ring", learner={"kind": "joint_q", "epsilon": 1.0}, nodes=6, seed=2)
    ring.run(9)
    actions, near = ring.turn.actions, ring.turn.neighbours
    assert ring.groups[0].mind.joint[:, 0].tolist() == [actions[a] + 2 * actions[b] for a, b in near]
