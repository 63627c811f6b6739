"""A running world, changed and not changed, in pairs."""

import numpy as np
import pandas as pd
import pytest

import models
from studies.comparison import paired
from studies.live.whatif import FIRST_SEED, Changed, WhatIf, horizon
from studies.questions.arms import BASE


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def asked():
    """A question about a game with two regimes' worth of learning behind it, and six of its pairs."""
    world = models.make("games/congestion", seed=5)
    world.run(5_017)  # not at the end of a window
    question = WhatIf(world, [Changed(world.tick + 100, "full cooperation", {"cooperation": 1.0})])
    return world, question, [question.pair(number, never) for number in range(6)]


def test_a_pair_is_two_forks_of_the_world_with_one_seed(asked):
    world, question, pairs = asked
    for name, change in ((BASE, False), (question.name, True)):
        twin = world.fork(seed=FIRST_SEED + 2)
        twin.run(100)
        if change:
            twin.change(cooperation=1.0)
        twin.run(horizon(world))
        rows = pairs[2][pairs[2]["change"] == name]
        expected = twin.record.frame(since=world.tick)
        assert rows["tick"].tolist() == (expected.index - world.tick).tolist()
        assert np.array_equal(rows[list(expected.columns)].to_numpy(), expected.to_numpy(), equal_nan=True)


def test_the_worlds_of_a_pair_are_the_same_until_the_change(asked):
    _, question, pairs = asked
    for pair in pairs:
        base, one = (pair[pair["change"] == name].set_index("tick") for name in (BASE, question.name))
        before = base.index <= 100
        assert before.any()
        assert one[before].drop(columns="change").equals(base[before].drop(columns="change"))


def test_the_answer_does_not_depend_on_which_pair_was_done_first(asked):
    _, question, pairs = asked
    one, other = question.answer(pairs), question.answer(pairs[::-1])
    assert one.sentences == other.sentences
    assert one.seeds == other.seeds
    pd.testing.assert_frame_equal(one.comparison, other.comparison)
    for part in ("ticks", "mean", "low", "high"):
        assert np.array_equal(getattr(one, part), getattr(other, part), equal_nan=True)


def test_the_answer_is_the_mean_of_the_pairs_with_the_interval_of_studies(asked):
    world, question, pairs = asked
    answer, metric, window = question.answer(pairs), world.headline[0], world.record.window_ticks
    differences = []
    for pair in pairs:
        after = pair[pair["tick"] - window >= 100]
        means = after.groupby("change")[metric].mean()
        differences.append(means[question.name] - means[BASE])
    row = answer.comparison.iloc[0]
    assert answer.seeds == pytest.approx(differences, abs=1e-12)
    assert row["difference"] == pytest.approx(np.mean(differences), abs=1e-12)
    assert (row["low"], row["high"]) == pytest.approx(paired.interval(np.array(differences)))
    assert answer.sentences[0].startswith("Full cooperation ")
    assert (answer.low <= answer.mean).all()
    assert (answer.mean <= answer.high).all()


def test_asking_leaves_the_world_as_it_was(asked):
    world, _, _ = asked
    again = models.make("games/congestion", seed=5)
    again.run(5_017)
    for one in (world, again):
        one.run(1_000)
    assert world.record.frame().equals(again.record.frame())


def test_a_question_that_is_dropped_stops_its_pairs():
    world = models.make("games/congestion", seed=5)
    question = WhatIf(world, [Changed(0, "full cooperation", {"cooperation": 1.0})])
    assert question.pair(0, lambda: True).empty


@pytest.mark.parametrize(
    ("scenario", "ticks"),
    [
        ("games/congestion", 12_000),  # a pass of its regimes
        ("games/prisoners_dilemma", 12_000),  # 120 windows of 100 ticks
    ],
)
def test_worlds_are_compared_over_all_regimes_that_come_back(scenario, ticks):
    assert horizon(models.make(scenario, seed=1)) == ticks
