"""Learners against hand calculations: first updates, schedules, shared tables, advice, and chance.

Every test builds a turn of one or two agents, writes what the world would have written, and calls the learner's
bodies through the loop's own names. Numbers are worked out in the comments.
"""

import numpy as np
import pytest
from scipy.stats import chisquare

import learners
from engine import loop
from engine.turn import NEIGHBOURS, Course, begin_turn
from learners.base import Space
from tests import hand

NOWHERE = ()  # no learner looks at the world


def rng(seed=0):
    return np.random.default_rng(seed)


class Stage:
    """A few agents with one learner, whose world is written by hand."""

    def __init__(self, kind, agents=1, states=3, actions=2, **settings):
        near = [[j for j in range(agents) if j != i] for i in range(agents)]
        self.turn = begin_turn(near, features=0, window=1000)
        self.learner = learners.load(kind, **settings)
        self.mind = self.learner.begin(Space(agents, states, actions, agents - 1, 0), rng())
        self.members, self.rng = np.arange(agents), rng(1)
        self.turn.gamma_decision[:], self.turn.gamma_tick[:] = self.learner.discount()
        self.course = Course(np.array([0, 1]), np.array([False]), np.zeros((1, agents)), np.array([NEIGHBOURS]))

    def earn(self, *rewards, ticks=1):
        """Ticks in which these rewards come."""
        for _ in range(ticks):
            self.turn.rewards[:] = rewards
            hand.gather(self.turn, self.course)

    def meet(self, *states, actions=None, deciding=True):
        """Everyone (or some) decides in these states; `actions` overrule what was chosen."""
        turn = self.turn
        turn.deciding[:], turn.states[:] = deciding, states
        hand.judge(turn)
        given = (self.mind, self.members, turn, NOWHERE, self.rng)
        loop.learn(*given)
        loop.act(*given)
        if actions is not None:
            turn.actions[:] = actions
        loop.settle(*given)
        hand.hold(turn)


def changed(table, initial):
    """Entries of a table that are not as they began."""
    return {tuple(int(k) for k in at): float(table[tuple(at)]) for at in np.argwhere(table != initial)}


# First updates -----------------------------------------------------------------------------------------------------


def test_q_learns_from_the_reward_and_the_best_value_of_the_next_state():
    stage = Stage("q", alpha=0.5, gamma=0.9, epsilon=0.0)
    stage.mind.q[0, 2] = 10.0, 4.0
    stage.meet(1, actions=[1])
    stage.earn(3.0)
    stage.meet(2)
    assert stage.mind.q[0, 1, 1] == pytest.approx(0.5 * (3.0 + 0.9 * 10.0))
    assert stage.mind.q[0, 1, 0] == 0.0 and stage.mind.visits.sum() == stage.mind.visits[0, 1, 1] == 1


def test_gamma_per_decision_ignores_how_many_ticks_lie_between():
    stage = Stage("q", alpha=1.0, gamma=0.5, epsilon=0.0)
    stage.mind.q[0, 2] = 8.0
    stage.meet(0, actions=[1])
    stage.earn(2.0, ticks=3)
    stage.meet(2)
    assert stage.mind.q[0, 0, 1] == 2.0 + 2.0 + 2.0 + 0.5 * 8.0


def test_gamma_per_tick_discounts_every_tick_between_two_decisions():
    stage = Stage("q", alpha=1.0, gamma=0.5, gamma_per="tick", epsilon=0.0)
    stage.mind.q[0, 2] = 8.0
    stage.meet(0, actions=[1])
    stage.earn(2.0, ticks=3)
    stage.meet(2)
    assert stage.mind.q[0, 0, 1] == 2.0 + 1.0 + 0.5 + 0.125 * 8.0


def test_nothing_is_learned_before_the_first_decision_nor_by_those_who_do_not_decide():
    stage = Stage("q", agents=2, alpha=1.0, gamma=0.0, epsilon=0.0)
    stage.earn(9.0, 9.0)
    stage.meet(0, 0, actions=[1, 1])
    assert not stage.mind.q.any()
    stage.earn(1.0, 1.0)
    stage.meet(1, 1, actions=[0, 0], deciding=[True, False])
    assert changed(stage.mind.q, 0.0) == {(0, 0, 1): 1.0}
    stage.earn(5.0, 5.0)
    stage.meet(2, 2)
    assert changed(stage.mind.q, 0.0) == {(0, 0, 1): 1.0, (0, 1, 0): 5.0, (1, 0, 1): 6.0}


def test_joint_q_learns_from_what_the_other_does_next_and_not_from_the_best_it_could_do():
    stage = Stage("joint_q", agents=2, states=1, alpha=0.5, gamma=0.5, epsilon=0.0)
    stage.mind.q[0, 0, 0], stage.mind.q[0, 0, 1] = (2.0, 6.0), (100.0, 20.0)
    stage.meet(0, 0, actions=[1, 0])  # agent 0 holds 1 against 0: worth 6
    stage.earn(3.0, 0.0)
    stage.meet(0, 0, actions=[0, 0])  # agent 1 stays with 0: the best reply to that is worth 6, not 100
    assert stage.mind.q[0, 0, 0, 1] == 6.0 + 0.5 * (3.0 + 0.5 * 6.0 - 6.0)
    stage.earn(1.0, 0.0)
    stage.meet(0, 0, actions=[0, 1])  # now it plays 1: the best reply is worth 100
    assert stage.mind.q[0, 0, 0, 0] == 2.0 + 0.5 * (1.0 + 0.5 * 100.0 - 2.0)
    assert stage.mind.q[0, 0, 1].tolist() == [100.0, 20.0]


@pytest.mark.parametrize(("others", "choice"), [("frequencies", 0), ("last", 1)])
def test_joint_q_replies_to_what_it_expects_of_the_other(others, choice):
    stage = Stage("joint_q", agents=2, states=1, alpha=0.0, gamma=0.0, epsilon=0.0, others=others)
    stage.mind.q[0, 0] = [[3.0, 0.0], [0.0, 4.0]]  # agent 0 wants to match, and likes 1 more
    for other in (0, 0, 1):  # two thirds 0: 0 is worth 2, 1 is worth 4 / 3; the last is 1
        stage.meet(0, 0, actions=[0, other])
    stage.meet(0, 0)
    assert stage.turn.actions[0] == choice


def test_the_frequencies_of_joint_q_are_counted_in_each_state():
    stage = Stage("joint_q", agents=2, states=2, alpha=0.0, epsilon=0.0)
    for state, other in ((0, 1), (0, 1), (1, 0), (0, 0)):
        stage.meet(state, 0, actions=[0, other])
    assert stage.mind.seen[0].tolist() == [[1, 2], [1, 0]]
    stage.mind.q[0] = [[[0.0, 3.0], [9.0, 0.0]], [[5.0, 7.0], [0.0, 0.0]]]
    assert stage.learner.policy(stage.mind, 0).tolist() == [[6.0, 1.0], [5.0, 7.0]]


def test_joint_q_refuses_tables_that_would_not_fit():
    with pytest.raises(ValueError, match="more than 4096 joint actions, even when only counted; use a sparser graph"):
        learners.load("joint_q").begin(Space(2, 1, 9, 40, 0), rng())


def test_hysteretic_q_learns_less_from_bad_news():
    stage = Stage("hysteretic_q", alpha=0.5, bad_news=0.2, gamma=0.0, epsilon=0.0)
    stage.meet(0, actions=[1])
    stage.earn(4.0)
    stage.meet(0, actions=[1])
    assert stage.mind.q[0, 0, 1] == 2.0  # good news: half of the way from 0 to 4
    stage.earn(-8.0)
    stage.meet(0)
    assert stage.mind.q[0, 0, 1] == pytest.approx(1.0)  # bad news: a tenth of the way from 2 to -8


# Schedules ---------------------------------------------------------------------------------------------------------


def test_an_exponential_schedule_is_half_way_after_its_half_life():
    stage = Stage("q", alpha=0.9, alpha_schedule="exponential", alpha_end=0.1,
                  epsilon=1.0, exploration="exponential", epsilon_end=0.2, half_life=40.0)  # fmt: skip
    for _ in range(40):
        stage.meet(0)
    np.testing.assert_allclose(stage.mind.rates.alpha, (0.9 + 0.1) / 2, rtol=1e-12)
    np.testing.assert_allclose(stage.mind.rates.epsilon, (1.0 + 0.2) / 2, rtol=1e-12)
    for _ in range(40):
        stage.meet(0)
    np.testing.assert_allclose(stage.mind.rates.alpha, 0.1 + 0.8 / 4, rtol=1e-12)


def test_a_schedule_waits_for_those_who_do_not_decide_or_are_frozen():
    stage = Stage("q", agents=3, epsilon=1.0, exploration="exponential", half_life=1.0)
    stage.turn.thawed[2] = False
    stage.meet(0, 0, 0, deciding=[True, False, True])
    assert stage.mind.rates.epsilon.tolist() == [0.5, 1.0, 1.0]


def test_learning_by_visits_is_the_mean_of_what_was_earned_until_the_end_rate_takes_over():
    stage = Stage("q", alpha_schedule="visits", alpha_end=0.0, gamma=0.0, epsilon=0.0, initial=77.0)
    earned = [3.0, -1.0, 10.0, 4.0]
    stage.meet(0, actions=[0])
    for number, reward in enumerate(earned, 1):
        stage.earn(reward)
        stage.meet(0, actions=[0])
        assert stage.mind.q[0, 0, 0] == pytest.approx(np.mean(earned[:number]))
    slow = Stage("q", alpha_schedule="visits", alpha_end=0.5, gamma=0.0, epsilon=0.0)
    slow.meet(0, actions=[0])
    for value in (8.0, 8.0 / 2, 8.0 / 4, 8.0 / 8):  # 1, 1/2, then never under 1/2
        slow.earn(8.0 if value == 8.0 else 0.0)
        slow.meet(0, actions=[0])
        assert slow.mind.q[0, 0, 0] == value


@pytest.mark.parametrize("kind", ["q", "joint_q", "hysteretic_q"])
def test_without_exploration_the_best_action_is_always_chosen(kind):
    stage = Stage(kind, agents=2, actions=3, epsilon=1.0, exploration="none", alpha=0.0)
    stage.mind.q[..., 1] = 1.0
    for _ in range(200):
        stage.meet(0, 0)
        assert stage.turn.actions.tolist() == [1, 1]


@pytest.mark.parametrize("kind", ["q", "joint_q", "hysteretic_q"])
def test_epsilon_is_the_share_of_random_actions(kind):
    stage = Stage(kind, actions=4, epsilon=0.4, alpha=0.0)
    stage.mind.q[..., 2] = 1.0
    counts = counted(stage, actions=4, times=8000)
    assert chisquare(counts, 8000 * np.array([0.1, 0.1, 0.7, 0.1])).pvalue > 1e-4


def test_random_chooses_every_action_equally_often():
    assert chisquare(counted(Stage("random", actions=5), actions=5, times=8000)).pvalue > 1e-4


def counted(stage, actions, times):
    """How often each action was chosen."""
    counts, stage.turn.deciding[:] = np.zeros(actions), True
    for _ in range(times):
        loop.act(stage.mind, stage.members, stage.turn, NOWHERE, stage.rng)
        counts[stage.turn.actions[0]] += 1
    return counts


def test_frozen_agents_do_not_explore():
    stage = Stage("q", epsilon=1.0)
    stage.turn.thawed[:] = False
    stage.mind.q[..., 1] = 1.0
    for _ in range(50):
        stage.meet(0)
        assert stage.turn.actions[0] == 1


# Tables and advice -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["q", "joint_q", "hysteretic_q"])
def test_agents_that_share_a_table_learn_from_each_other_and_others_do_not(kind):
    for shared in (True, False):
        stage = Stage(kind, agents=2, alpha=0.5, gamma=0.0, epsilon=0.0, shared=shared)
        stage.meet(1, 1, actions=[0, 0])
        stage.earn(4.0, 8.0)
        stage.meet(1, 1)
        both = [agent_value(stage, k) for k in (0, 1)]
        assert both == ([5.0, 5.0] if shared else [2.0, 4.0])  # 0 -> 2 -> 5, one after the other
        assert np.array_equal(*(stage.learner.policy(stage.mind, k) for k in (0, 1))) == shared


def agent_value(stage, agent):
    """What an agent learned about the action 0 in state 1 (against the action 0, where the other counts)."""
    table = stage.mind.q[stage.mind.rows[agent]]
    return float(table[(1, 0, 0) if table.ndim == 3 else (1, 0)])


@pytest.mark.parametrize("kind", ["q", "joint_q", "hysteretic_q"])
def test_advice_is_taken_only_when_frozen_and_only_where_an_action_is_hardly_known(kind):
    stage = Stage(kind, epsilon=0.0, alpha=0.0, fallback_visits=5)
    stage.mind.q[..., 0] = 1.0
    stage.turn.advice[:] = 1
    stage.meet(0)
    assert stage.turn.actions[0] == 0  # awake: its own best
    stage.turn.thawed[:] = False
    stage.meet(0)
    assert stage.turn.actions[0] == 1  # frozen in a state never met
    stage.mind.visits[..., 0], stage.mind.visits[..., 1] = 5, 4
    stage.meet(0)
    assert stage.turn.actions[0] == 1  # one action tried four times
    stage.mind.visits[..., 1] = 5
    stage.meet(0)
    assert stage.turn.actions[0] == 0  # both tried five times
    stage.mind.visits[:] = 0
    stage.turn.advice[:] = -1
    stage.meet(0)
    assert stage.turn.actions[0] == 0  # no advice to take
