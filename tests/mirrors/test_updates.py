"""More update rules, calculated by hand, decision by decision: what only statistics would notice, and late.

Steps are halves and quarters and payoffs small whole numbers, so most values are exact in binary.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from tests.contracts.cases import missing
from tests.mirrors.test_learners import HALF, Decision


def after(kind, *lives, **settings):
    """The mind of one agent of two states and actions after (state, return, action held) of each decision."""
    one = Decision(kind, **settings)
    for state, earned, held in lives:
        one.learn([state], [earned], [0.5], held=[held])
    return one.mind


def test_sarsa_values_what_is_done_next_and_not_the_best():
    # Q(0,1) = .5 (4 + .5 Q(1,0)) = 2; then from 1 by action 0 into 0, where 0 is done though 1 is worth 2:
    # Q(1,0) = .5 (1 + .5 * 0) = .5
    mind = after("sarsa", (0, 0.0, 1), (1, 4.0, 0), (0, 1.0, 0), **HALF)
    assert mind.q[0].tolist() == [[0.0, 2.0], [0.5, 0.0]]


def test_expected_sarsa_values_all_it_may_do_next_by_their_chances():
    # What follows in 0 is worth 3/4 * 2 + 1/4 * 0 = 1.5 with epsilon 1/2: Q(1,0) = .5 (1 + .5 * 1.5) = .875
    mind = after("expected_sarsa", (0, 0.0, 1), (1, 4.0, 0), (0, 1.0, 0), **{**HALF, "epsilon": 0.5})
    assert mind.q[0].tolist() == [[0.0, 2.0], [0.875, 0.0]]


def test_lenient_q_forgives_while_an_action_is_new_and_takes_all_good_news():
    lives = [(0, 0.0, 1), (0, -4.0, 1), (0, -4.0, 1), (0, 3.0, 1)]
    # Forgiven; then, the action grown cold, .5 * -4 = -2; then -2 + .5 (3 + .5 * 0 + 2) = .5
    found = [after("lenient_q", *lives[:n], leniency=1e3, cooling=0.0, **HALF).q[0, 0, 1] for n in (2, 3, 4)]
    assert found == [0.0, -2.0, 0.5]
    warm = after("lenient_q", *lives[:3], leniency=1e3, cooling=0.5, **HALF)
    assert warm.q[0, 0, 1] == 0.0 and warm.temperature[0, 0].tolist() == [1.0, 0.25]


def test_a_lenient_learner_takes_bad_news_as_often_as_its_temperature_says():
    one, taken, lives = Decision("lenient_q", leniency=1.0, cooling=1.0, **HALF), 0, 2_000
    one.learn([0], [0.0], [0.0], held=[1])
    for n in range(lives):
        before = one.mind.q[0, 0, 1]
        one.learn([0], [-1.0 - 1e6 * (n + 1)], [0.0], held=[1])  # worse than all before
        taken += one.mind.q[0, 0, 1] != before
    chance = math.exp(-1.0)
    assert taken / lives == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / lives))


def test_wolf_climbs_fast_while_it_does_no_better_than_its_mean_and_slowly_when_it_wins():
    steps = {"win_step": 0.1, "lose_over_win": 2.0, "slows_after": 1.0, **HALF}
    lives = [(0, 0.0, 1), (0, 4.0, 1), (0, 4.0, 1)]
    first = after("wolf_phc", *lives[:2], **steps)  # the mean is the strategy: not winning, .2 / (1 + 1) = .1
    assert first.strategy[0, 0] == pytest.approx([0.4, 0.6])
    second = after("wolf_phc", *lives, **steps)  # mean (.45, .55); .05 * Q(0,1) > 0: winning, .1 / (1 + 2)
    assert second.mean_strategy[0, 0] == pytest.approx([0.45, 0.55])
    assert second.strategy[0, 0] == pytest.approx([0.4 - 0.1 / 3, 0.6 + 0.1 / 3])


def test_the_first_reinforcements_of_roth_and_erev():
    settings = {"initial": 1.0, "forgetting": 0.5, "experimentation": 0.25}
    # Other actions keep 1 - .5 + .25 = .75; the one held: .5 * 1 + .75 * 4 = 3.5
    mind = after("roth_erev", (0, 0.0, 1), (0, 4.0, 1), **settings)
    assert mind.propensity[0, 0].tolist() == [0.75, 3.5]
    # -2 is the new lowest, so it earns nothing: .75 * .75 and .5 * 3.5. Then 1 is 3 above it: .5 * .5625 + .75 * 3
    mind = after("roth_erev", (0, 0.0, 1), (0, 4.0, 1), (0, -2.0, 0), (0, 1.0, 1), **settings)
    assert mind.propensity[0, 0].tolist() == [0.28125 + 2.25, 0.75 * 1.75]


def test_the_first_weights_of_exp3_grow_by_reward_over_chance():
    mind = after("exp3", (0, 0.0, 1), (0, 1.0, 1), mixing=0.5)
    assert mind.log_weight[0, 0].tolist() == [-0.5, 0.0]  # chance 1/2: .5 * 1 / (.5 * 2)
    share = 1.0 / (1.0 + math.exp(-0.5))
    assert mind.strategy[0, 0] == pytest.approx([1.0 - share, share])
    mind = after("exp3", (0, 0.0, 1), (0, 1.0, 1), (0, 0.5, 1), mixing=0.5)
    more = 0.5 * 0.5 / ((0.5 * share + 0.25) * 2)  # the chance holds what is mixed in
    assert mind.log_weight[0, 0] == pytest.approx([-0.5 - more, 0.0])


@pytest.mark.skipif(bool(missing("ppo")), reason=missing("ppo"))
def test_generalised_advantages_go_along_each_agents_own_chain():
    """Rows: agent 0, agent 1, agent 0 again, and agent 0 in a new chain."""
    from learners.deep import rollout  # needs the package that `missing` looks for

    decided = SimpleNamespace(value=np.array([1.0, 0.0, 2.0, 5.0]), first=np.array([True, True, False, True]))
    outcomes = rollout.Outcomes(
        agent=np.array([0, 1, 0, 0]), reward=np.array([1.0, 7.0, 3.0, 9.0]),
        discount=np.array([0.5, 0.5, 0.25, 0.5]), next_value=np.array([2.0, 2.0, 4.0, 0.0]),
    )  # fmt: skip
    # Errors: 1 + 1 - 1, 7 + 1 - 0, 3 + 1 - 2, 9 + 0 - 5. Only row 2 follows another: 1 + .5 * .5 * 2
    assert rollout.advantages(decided, outcomes, trace=0.5).tolist() == [1.5, 8.0, 2.0, 4.0]


@pytest.mark.skipif(bool(missing("ppo")), reason=missing("ppo"))
def test_ppo_draws_by_its_chances_and_learns_only_from_what_it_chose():
    one = Decision("ppo", rollout_size=64)
    learner, mind, turn = one.learner, one.mind, one.turn
    mind.network.evaluate = lambda seen: (np.log([[0.9, 0.1]]), np.zeros(1))
    actions = []
    for n in range(400):
        turn.judged[:], turn.states[:], turn.returns[:], turn.discount[:] = n > 0, 0, 1.0, 0.5
        mind.rollout.gathered[0] = 0
        learner.act(mind, one.members, turn, one.rng)
        replaced = n > 0 and n % 2 == 0  # somebody outside had put another action in its place
        assert mind.rollout.gathered[0] == (n > 0 and not replaced)
        actions.append(int(turn.actions[0]))
        turn.past_actions[:] = 1 - actions[-1] if n % 2 else actions[-1]
    assert np.mean(actions) == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / 400))
