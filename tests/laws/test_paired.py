"""Comparison in pairs: hand calculations, and intervals that cover what they promise."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metric import Metric
from studies.comparison import paired, sentences
from studies.comparison.paired import Recovery

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)


def test_the_interquartile_mean_leaves_out_a_quarter_at_both_ends():
    assert paired.interquartile_mean(np.array([100.0, 1, 2, 3, 4, 5, 6, -90])) == (2 + 3 + 4 + 5) / 4
    assert paired.interquartile_mean(np.array([1.0, 2, 30])) == 11.0  # a quarter of three is none


def coverage(draw, mean, pairs, number=40_000):
    """Share of simulated intervals that hold the mean; its standard error is .0011."""
    low, high = paired.band(draw(np.random.default_rng(5), (pairs, number)))
    return np.mean((low <= mean) & (mean <= high))


@pytest.mark.parametrize("pairs", [3, 5, 8, 10, 20, 40])
@pytest.mark.parametrize("name", ["normal", "logistic", "laplace", "uniform"])
def test_intervals_of_symmetric_values_cover_the_mean_as_often_as_they_say(name, pairs):
    middle = 0.5 if name == "uniform" else 0.0
    found = coverage(lambda rng, size: getattr(rng, name)(size=size), middle, pairs)
    lost = 0.025 if (name, pairs) == ("uniform", 3) else 0.02  # .928: Student's t has .920
    assert 0.95 - lost <= found <= 0.97


@pytest.mark.parametrize(("name", "mean", "shares"), [
    ("exponential", 1.0, {3: 0.89, 5: 0.90, 10: 0.925, 20: 0.94}),  # BCa bootstrap: .82, .88, .91 with 5, 10, 20
    ("lognormal", math.exp(0.5), {3: 0.85, 5: 0.86, 10: 0.885, 20: 0.91}),  # .73, .81, .88
])  # fmt: skip
def test_intervals_of_skewed_values_cover_the_mean_nearly_as_often(name, mean, shares):
    for pairs, share in shares.items():
        assert coverage(lambda rng, size: getattr(rng, name)(size=size), mean, pairs) >= share


def test_without_skewness_the_interval_is_students():
    values = np.array([1.0, 2.0, 4.0, 5.0])
    half = 3.182446305284263 * math.sqrt(10 / 3 / 4)  # t of 3 degrees of freedom; variance 10 / 3
    assert paired.interval(values) == pytest.approx((3.0 - half, 3.0 + half))


def test_an_interval_leans_to_where_values_are_far():
    low, high = paired.interval(np.array([0.0, 0.0, 0.0, 0.0, 5.0]))
    assert 1.0 - low < high - 1.0
    assert paired.interval(np.array([0.0, 0.0, 0.0, 0.0, -5.0])) == pytest.approx((-high, -low))


@given(NUMBERS, st.floats(-1e3, 1e3), st.floats(1e-2, 1e2))
def test_intervals_move_and_scale_with_their_values(values, by, scale):
    values = np.round(values, 3)
    low, high = paired.interval(values)
    moved = scale * low + by, scale * high + by
    assert paired.interval(scale * values + by) == pytest.approx(moved, rel=1e-5, abs=1e-3)


def test_the_answer_says_when_seeds_are_too_few_for_the_shape_of_what_they_say():
    one_in_ten = np.array([0.1, -0.1, 0.0, 0.05, -0.05, 0.1, 0.0, -0.1, 0.02, 10.0])
    assert paired.pairs_wanted(one_in_ten) == math.ceil(25 * (8 / 3) ** 2)  # skewness (n - 2) / sqrt(n - 1): one apart
    rng = np.random.default_rng(0)
    assert np.mean([paired.pairs_wanted(rng.normal(size=10)) > 10 for _ in range(2_000)]) < 0.06
    assert not paired.pairs_wanted(np.array([1.0, 2.0, 30.0])) and not paired.pairs_wanted(np.full(9, 2.0))


def test_the_interval_of_equal_values_is_their_value_and_one_value_has_none():
    assert paired.interval(np.full(5, 3.5)) == (3.5, 3.5) and paired.interval(np.full(9, 0.1)) == (0.1, 0.1)
    assert all(map(math.isnan, paired.interval(np.array([1.0]))))


def test_an_interval_is_the_same_every_time():
    values = np.random.default_rng(1).exponential(size=12)
    assert paired.interval(values) == paired.interval(values.copy())


def test_what_pairing_gains_is_the_variance_that_both_share():
    day = np.array([0.0, 10, 20, 30])  # variance 500 / 3
    base, one = day, day + np.array([1.0, 3, 3, 1])  # difference has variance 4 / 3
    assert paired.variance_ratio(one, base) == pytest.approx((np.var(one, ddof=1) + 500 / 3) / (4 / 3))
    assert paired.variance_ratio(base + 2.0, base) == math.inf
    assert math.isnan(paired.variance_ratio(np.zeros(3), np.zeros(3)))


def test_a_summary_worked_out_by_hand():
    seeds = pd.Index([3, 5, 8, 9], name="seed")
    base, one = pd.Series([10.0, 20, 30, 40], seeds), pd.Series([12.0, 21, 33, 40], seeds)
    found = paired.summary(one, base, "low")
    assert (found["without"], found["with_it"], found["difference"]) == (25.0, 26.5, 1.5)
    assert found["median"] == found["interquartile_mean"] == 1.5
    assert (found["worst"], found["worst_seed"]) == (3.0, 8)
    assert found["low"] < 1.5 < found["high"]
    assert paired.summary(one, base, "high")["worst_seed"] == 9
    assert paired.summary(one - 9, base, None)["worst_seed"] == 9  # the farthest from zero


def test_a_seed_without_a_value_in_one_arm_counts_in_neither():
    one, base = pd.Series([1.0, math.nan, 3.0]), pd.Series([0.0, 0.0, 1.0])
    found = paired.summary(one, base, "low")
    assert (found["pairs"], found["without"], found["with_it"], found["difference"]) == (2, 0.5, 2.0, 1.5)
    assert found["variance_ratio"] == pytest.approx((2.0 + 0.5) / 0.5)
    nothing = paired.summary(one, base * math.nan, "low")
    assert nothing.pop("pairs") == 0 and all(map(math.isnan, nothing.values()))


def test_where_the_base_failed_no_change_takes_its_place():
    study = SimpleNamespace(learners={"q": {}, "sarsa": {}})
    rows = [("s", "q", "no change"), ("s", "q", "b"), ("s", "q", "c"), ("s", "sarsa", "b"), ("s", "sarsa", "c")]
    table = pd.DataFrame(rows, columns=["scenario", "learner", "change"])
    found = [(each.learner, each.change, each.against_learner, each.against_change)
             for each in paired.contrasts(study, table)]  # fmt: skip
    assert found == [
        ("q", "b", "q", "no change"), ("q", "c", "q", "no change"),
        ("sarsa", "b", "q", "b"), ("sarsa", "c", "q", "c"),
    ]  # fmt: skip


@given(NUMBERS)
def test_a_contrast_with_itself_is_exactly_zero(values):
    one = pd.Series(values, pd.RangeIndex(len(values), name="seed"))
    found = paired.summary(one, one.copy(), "low")
    assert [found[name] for name in ("difference", "low", "high", "median", "interquartile_mean", "worst")] == [0.0] * 6


# Recovery --------------------------------------------------------------------------------------------------------

BACK = Recovery(at=20, window=10, within=0.05, together=1, good="low", before=False)
ARM = [100.0, 100, 150, 120, 104, 102, 101]  # windows that close at 10, 20, ...; the change is at 20


def curve(values, seeds=3):
    ticks = pd.Index(range(10, 10 * len(values) + 1, 10), name="tick")
    return pd.DataFrame([values] * seeds, columns=ticks)


BASE = curve([100.0] * 7)


def recovered(values, base=BASE, **other):
    return paired.recovery(curve(values), base, BACK._replace(**other))


def test_recovery_is_counted_from_the_change_to_the_first_window_from_which_all_are_near():
    assert recovered(ARM) == {"recovery_ticks": 20.0, "recovery_low": 20.0, "recovery_high": 20.0}
    assert recovered(ARM, within=0.03)["recovery_ticks"] == 30.0
    assert recovered([100, 100, 150, 104, 120, 102, 101])["recovery_ticks"] == 30.0  # 104 was not for good


def test_recovery_of_stretches_is_told_when_their_middle_begins():
    # means of two: 135, 112, 103, 101.5; the third has windows that begin 20 and 30 ticks after the change
    assert recovered(ARM, together=2)["recovery_ticks"] == 25.0


def test_who_never_left_is_back_at_once_and_who_is_away_at_the_end_never():
    assert recovered([100.0] * 7)["recovery_ticks"] == 0.0
    assert recovered([100, 100, 150, 120, 104, 102, 106])["recovery_ticks"] == math.inf


def test_only_the_bad_side_has_to_be_recovered_from():
    better = [100, 100, 50, 50, 50, 50, 50]
    assert recovered(better)["recovery_ticks"] == 0.0
    assert recovered(better, good="high")["recovery_ticks"] == math.inf
    assert recovered(better, good=None)["recovery_ticks"] == math.inf


def test_recovery_may_be_to_the_level_of_the_later_half_of_the_time_before():
    moving = curve([100.0, 100, 150, 120, 104, 102, 101])  # the base itself would say: at once
    assert recovered(ARM, base=moving)["recovery_ticks"] == 0.0
    assert recovered(ARM, base=moving, before=True)["recovery_ticks"] == 20.0
    assert recovered([500, 100, 150, 120, 104, 102, 101], before=True)["recovery_ticks"] == 20.0
    assert all(map(math.isnan, recovered(ARM, at=0, before=True).values()))  # there is nothing before


def test_negative_levels_and_missing_windows_are_no_trouble():
    assert recovered([-1.0, -1, -3, -2, -1.04, -1, -1], base=curve([-1.0] * 7), good="high")["recovery_ticks"] == 20.0
    gap = [100, 100, 150, math.nan, 104, 102, 101]
    assert recovered(gap)["recovery_ticks"] == 10.0


def test_a_band_holds_its_mean_and_is_narrow_where_seeds_agree():
    values = np.array([[1.0, 5.0], [2.0, 5.0], [6.0, 5.0], [3.0, math.nan]])
    low, high = paired.band(values)
    assert low[0] < 3.0 < high[0] and low[1] == high[1] == 5.0


# In words --------------------------------------------------------------------------------------------------------

DELAY = Metric("Mean delay", "Time lost.", "s", "low")


def told(study=(), **row):
    """The sentence of one contrast of a study of traffic."""
    world = SimpleNamespace(metrics={"delay": DELAY}, seconds_per_tick=1.0, headline=("delay",))
    about = dict(scenarios=["t"], learners=["q"], arms=[0, 1], ticks=36_000, within=0.05, recover_to="base",
                 world_of=lambda _: world, metrics_of=lambda _: ["delay"], at=lambda _: 7_200)  # fmt: skip
    base = dict(scenario="t", compared="change", learner="q", change="closing B2-B3", against_learner="q",
                against_change="no change", metric="delay", unit="s", pairs=20, difference=14.2, low=11.1, high=17.9,
                pairs_wanted=0, variance_ratio=12.2,
                recovery_ticks=4_200.0, recovery_low=3_600.0, recovery_high=5_400.0)  # fmt: skip
    return sentences.answer(SimpleNamespace(**about | dict(study)), pd.DataFrame([base | row]))


def test_a_result_is_told_with_its_interval_and_the_time_to_recover():
    assert told() == [
        "Closing B2-B3 adds 14 s [11, 18] to mean delay; agents recover to within 5 % of the run without it after "
        "70 minutes [60, 90].",
        "Against independent seeds, pairing divides the variance of this difference by 12.",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"difference": -0.314, "low": -0.42, "high": -0.21}, "takes 0.31 s [0.21, 0.42] off mean delay"),
        ({"difference": 0.1, "low": -0.3, "high": 0.5},
         "Closing B2-B3 has no effect on mean delay that shows: 0.1 s [−0.3, 0.5]"),
        ({"difference": 0.0, "low": 0.0, "high": 0.0}, "Closing B2-B3 changes nothing in mean delay"),
        ({"pairs": 1, "low": math.nan, "high": math.nan, "variance_ratio": math.nan},
         "adds 14.2 s to mean delay with the one seed"),
        ({"recovery_ticks": math.inf}, "agents are not back to within 5 % of the run without it in the 8 hours that"),
        ({"recovery_ticks": 0.0}, "agents stay within 5 % of the run without it"),
        ({"difference": 0.02, "low": 0.003, "high": 0.09}, "adds 0.020 s [0.003, 0.090] to mean delay"),
        ({"recovery_low": 0.0}, "adds 14 s [11, 18] to mean delay."),  # perhaps nobody ever left
        ({"recovery_high": math.inf}, "after 70 minutes [60, ∞]"),
        ({"compared": "learner", "learner": "joint_q", "recovery_ticks": math.nan},
         "joint_q instead of q adds 14 s [11, 18] to mean delay (closing B2-B3)."),
    ],
)  # fmt: skip
def test_sentences_say_what_the_numbers_say(row, said):
    assert said in told(**row)[0]


def test_seeds_that_are_too_few_for_what_they_say_are_called_so():
    assert "take 180 seeds or more" in told(pairs_wanted=180)[1]
    assert not [text for text in told(pairs_wanted=18) if "seeds or more" in text]


def test_each_learner_has_its_sentence():
    assert told({"learners": ["q", "sarsa"]}, learner="sarsa")[0].startswith("Sarsa: closing B2-B3 adds 14 s")


@pytest.mark.parametrize(
    ("ticks", "seconds", "said"),
    [(90, 1.0, "90 seconds"), (4_200, 1.0, "70 minutes"), (2, 3_600.0, "2 hours"), (30, 3_600.0, "30 hours"),
     (72, 3_600.0, "3 days"), (12_345, None, "12,345 ticks"), (80, None, "80 ticks")],
)  # fmt: skip
def test_durations_are_told_in_the_unit_that_fits(ticks, seconds, said):
    assert sentences.duration(ticks, seconds) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [("Mean delay", "mean delay"), ("NashConv", "NashConv"), ("HHI", "HHI"), ("Lerner index", "Lerner index"),
     ("Profit gain Δ", "profit gain Δ")],
)  # fmt: skip
def test_titles_of_metrics_fit_into_a_sentence(title, said):
    assert sentences.inside(title) == said
