"""Comparison in pairs that share a seed: difference, interval, robust means, and the time until agents recover.

Intervals of means are 95 % intervals over seeds by Hall's transformation of Student's t, which takes the skewness of
the values into account (Hall 1992, Journal of the Royal Statistical Society B 54, 221-228). With three pairs or more
their simulated coverage is within two points of 95 % for symmetric values; where values are so skewed that the pairs
are too few (Cochran 1977, Sampling Techniques, section 2.15), the comparison says how many it takes. Times of
recovery have bootstrap intervals, every resampling with the same seed, so a table gives one answer. The interquartile
mean is that of Agarwal et al. 2021 (NeurIPS, "Deep reinforcement learning at the edge of the statistical precipice").
Windows of the record count alike in the mean of a case.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from studies.comparison.question import Question
from studies.comparison.table import curves, measured
from studies.questions.arms import BASE

CONFIDENCE = 0.95
RESAMPLES = 1_000
SEED = 0
NUMBERS = (
    "without", "with_it", "difference", "low", "high", "median", "interquartile_mean", "worst", "worst_seed",
    "pairs_wanted", "variance_ratio",
)  # fmt: skip
RECOVERY = "recovery_ticks", "recovery_low", "recovery_high"
DECIMALS = 12  # of the mean of a case; what lies beyond is rounding noise


class Contrast(NamedTuple):
    """Two arms of one scenario that share everything but the change, or the learner."""

    scenario: str
    compared: str  # "change" or "learner"
    learner: str
    change: str
    against_learner: str
    against_change: str

    @property
    def against(self) -> str:
        """What differs in the arm compared with."""
        return self.against_change if self.compared == "change" else self.against_learner


def contrasts(study: Question, table: pd.DataFrame) -> Iterator[Contrast]:
    """Every change against none under the same learner, then every learner against the first under the same change.

    Where all cases of an arm failed, nothing is compared with it.
    """
    first = next(iter(study.learners))
    for scenario, part in table.groupby("scenario", sort=False):
        learners, changes = part["learner"].unique(), part["change"].unique()
        found = [Contrast(scenario, "change", each, change, each, BASE) for each in learners for change in changes]
        found += [Contrast(scenario, "learner", each, change, first, change) for each in learners for change in changes]
        there = set(zip(part["learner"], part["change"], strict=True))
        for contrast in found:
            arm, base = (contrast.learner, contrast.change), (contrast.against_learner, contrast.against_change)
            if arm != base and {arm, base} <= there:
                yield contrast


def arms(table: pd.DataFrame, contrast: Contrast) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the two arms of a contrast, of those seeds that both have."""
    part = table[table["scenario"] == contrast.scenario]
    one = part[(part["learner"] == contrast.learner) & (part["change"] == contrast.change)]
    base = part[(part["learner"] == contrast.against_learner) & (part["change"] == contrast.against_change)]
    both = set(one["seed"]) & set(base["seed"])
    return one[one["seed"].isin(both)], base[base["seed"].isin(both)]


def compare(study: Question, table: pd.DataFrame) -> pd.DataFrame:
    """One row per contrast and metric.

    Parameters
    ----------
    study
        Says since when arms are compared, what is recovered, and what metrics mean.
    table
        What `Study.run` gives.

    Returns
    -------
    DataFrame
        The contrast; `pairs`; the means `without` and `with_it`; the mean `difference` with `low` and `high`; its
        `median`, `interquartile_mean` and `worst` with the `worst_seed`; `pairs_wanted`, how many pairs the interval
        takes where the differences are skewed (0 where they do not show it); `variance_ratio`, how many times larger
        the variance of the difference would be with independent seeds; `recovery_ticks` with `recovery_low` and
        `recovery_high` (inf where it takes longer than the run, NaN where it is not asked).
    """
    rows = []
    for contrast in contrasts(study, table):
        world, at = study.world_of(contrast.scenario), study.at(contrast.change)
        window = world.record.window_ticks
        one, base = arms(table, contrast)
        metrics = study.metrics_of(contrast.scenario)
        for metric in metrics:
            about = world.metrics[metric]
            pair = [measured(part, study.since_tick, window).groupby("seed")[metric].mean() for part in (one, base)]
            row = {**contrast._asdict(), "metric": metric, "unit": about.unit}
            row |= summary(pair[0], pair[1], about.good)
            if contrast.compared == "change" and (about.good or metric == metrics[0]):
                together = max(1, study.over_ticks(at) // window)
                back = Recovery(at, window, study.within, together, about.good, study.recover_to == "before")
                row |= recovery(curves(one, metric), curves(base, metric), back)
            rows.append(row)
    return pd.DataFrame(rows)


def summary(one: pd.Series, base: pd.Series, good: str | None) -> dict[str, Any]:
    """Numbers of the difference of two series of means, both indexed by seed; of seeds that have both."""
    both = pd.DataFrame({"one": one, "base": base}).round(DECIMALS).dropna()
    one, base = both["one"], both["base"]
    values = (one - base).to_numpy()
    if not len(values):
        return {"pairs": 0, **dict.fromkeys(NUMBERS, float("nan"))}
    low, high = interval(values)
    badness = {"low": values, "high": -values}.get(good or "", np.abs(values))
    worst = int(badness.argmax())
    middle = float(np.median(values)), interquartile_mean(values)
    ratio = variance_ratio(one.to_numpy(), base.to_numpy())
    found = (base.mean(), one.mean(), values.mean(), low, high, *middle, values[worst])
    numbers = [*map(float, found), int(both.index[worst]), pairs_wanted(values), ratio]
    return {"pairs": len(values), **dict(zip(NUMBERS, numbers, strict=True))}


def interval(values: np.ndarray) -> tuple[float, float]:
    """Ends of the 95 % interval of the mean of independent values; NaN of a single one."""
    low, high = band(np.asarray(values, float)[:, None])
    return float(low[0]), float(high[0])


def band(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the 95 % interval of the mean curve, window by window.

    Parameters
    ----------
    curves
        A row per seed, (n, W); NaN are left out.

    Returns
    -------
    low, high
        Each (W,); NaN where fewer than two values are there, the value where all are equal.
    """
    number = np.isfinite(curves).sum(axis=0)
    t = stats.t.ppf((1 + CONFIDENCE) / 2, np.where(number > 1, number - 1, np.nan))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(curves, axis=0) / number
        away = np.where(np.isfinite(curves), curves - mean, 0.0)
        deviation = np.sqrt((away**2).sum(axis=0) / (number - 1))
        lean = ((away / deviation) ** 3).sum(axis=0) / number / np.sqrt(number)
        low, high = (mean - deviation / np.sqrt(number) * _untransformed(end, lean) for end in (t, -t))
    equal = (number > 1) & (np.fmax.reduce(curves) == np.fmin.reduce(curves))
    return np.where(equal, np.fmin.reduce(curves), low), np.where(equal, np.fmin.reduce(curves), high)


def _untransformed(value: np.ndarray, lean: np.ndarray) -> np.ndarray:
    """The t of which Hall's transformation t + a t^2 / 3 + a^2 t^3 / 27 + a / 6 is a value; a is skewness / sqrt(n)."""
    slight = np.abs(lean) < 1e-6  # the transformation is then as good as none
    a = np.where(slight, 1.0, lean)
    return np.where(slight, value, 3 / a * (np.cbrt(1 + a * (value - a / 6)) - 1))


def pairs_wanted(values: np.ndarray) -> int:
    """Values that the interval of a mean takes where these are skewed beyond chance: 25 times skewness squared."""
    number, variance = len(values), float(np.var(values))
    if number < 3 or np.ptp(values) == 0.0 or variance == 0.0:
        return 0
    skewness = float(np.mean((values - values.mean()) ** 3)) / variance**1.5
    by_chance = math.sqrt(6 * (number - 2) / ((number + 1) * (number + 3)))  # its standard deviation for normal values
    return math.ceil(25 * skewness**2) if abs(skewness) > 2 * by_chance else 0


def interquartile_mean(values: np.ndarray) -> float:
    """Mean of what is left when the lowest and the highest quarter (rounded down) are left out."""
    return float(stats.trim_mean(values, 0.25))


def variance_ratio(one: np.ndarray, base: np.ndarray) -> float:
    """Variance that the difference would have with independent seeds, over the variance of the paired one."""
    if len(one) < 2:
        return float("nan")
    paired = float(np.var(one - base, ddof=1))
    independent = float(np.var(one, ddof=1) + np.var(base, ddof=1))
    return independent / paired if paired > 0.0 else float("inf") if independent > 0.0 else float("nan")


# In time ---------------------------------------------------------------------------------------------------------


def weights(seeds: int) -> np.ndarray:
    """How often each seed is drawn in each resample, as shares (RESAMPLES, seeds)."""
    return np.random.default_rng(SEED).multinomial(seeds, [1 / seeds] * seeds, size=RESAMPLES) / seeds


def mean_curves(curve: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Means (R, W) of curves (seeds, W) under shares (R, seeds); NaN are left out."""
    there = np.isfinite(curve).astype(float)
    with np.errstate(invalid="ignore"):
        means: np.ndarray = (shares @ np.nan_to_num(curve)) / (shares @ there)
    return means


class Recovery(NamedTuple):
    """When agents are said to be back after a change."""

    at: int  # tick of the change
    window: int  # ticks per column of the curves
    within: float  # share of the reference
    together: int  # windows that are averaged
    good: str | None  # which way is good; where none is, neither may be left
    before: bool  # whether the reference is the level before, else the base at the same time


def recovery(one: pd.DataFrame, base: pd.DataFrame, back: Recovery) -> dict[str, float]:
    """Ticks from a change until the mean curve is back, with an interval over seeds.

    It is back when the middle window begins of the first stretch of `together` windows from which on every such stretch
    is, on average, no worse than the reference by more than the share `within` of it. The level before is that of the
    later half of the time before the change.

    Parameters
    ----------
    one, base
        One row per seed, one column per tick: with and without the change.
    back
        What counts as back.
    """
    begins = one.columns.to_numpy() - back.window
    after, ahead = begins >= back.at, (begins >= back.at // 2) & (begins + back.window <= back.at)
    reference = one.loc[:, ahead] if back.before else base.loc[:, after]
    if not len(one) or after.sum() < back.together or reference.empty:
        return dict.fromkeys(RECOVERY, float("nan"))
    shares = np.vstack([np.full(len(one), 1 / len(one)), weights(len(one))])
    mean, level = (mean_curves(part.to_numpy(float), shares) for part in (one.loc[:, after], reference))
    if back.before:
        level = np.broadcast_to(np.nanmean(level, axis=1, keepdims=True), mean.shape)
    windows = first_back(mean, level, back)
    ticks = np.where(windows > 0, begins[after][0] - back.at + back.window * windows, 0.0)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(ticks[1:], tail, method="lower"), np.quantile(ticks[1:], 1 - tail, method="higher")
    return dict(zip(RECOVERY, (float(ticks[0]), float(low), float(high)), strict=True))


def first_back(mean: np.ndarray, level: np.ndarray, back: Recovery) -> np.ndarray:
    """Windows until back, 0 if never away and inf if away at the end. (R, W), (R, W) -> (R,)."""
    mean, level = _moving(mean, back.together), _moving(level, back.together)
    worse = {"low": mean - level, "high": level - mean}.get(back.good or "", np.abs(mean - level))
    away = worse > back.within * np.abs(level)
    stretches = away.shape[1]
    last = np.where(away.any(axis=1), stretches - 1 - away[:, ::-1].argmax(axis=1), -1)
    middle = (back.together - 1) / 2
    return np.select([last == -1, last == stretches - 1], [0.0, np.inf], last + 1.0 + middle)


def _moving(values: np.ndarray, width: int) -> np.ndarray:
    """Means of every stretch of `width` windows, (R, W) -> (R, W - width + 1); NaN are left out."""
    there = np.isfinite(values).astype(float)
    sums, counts = (np.lib.stride_tricks.sliding_window_view(part, width, axis=1).sum(axis=2)
                    for part in (np.nan_to_num(values), there))  # fmt: skip
    with np.errstate(invalid="ignore"):
        means: np.ndarray = sums / counts
    return means
