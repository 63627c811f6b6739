"""The answer of a study in sentences: what a change adds, with its interval, and how long agents take to recover."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from studies.comparison.question import Question
from studies.questions.arms import BASE
from studies.questions.search import is_trial

UNITS = ((1.0, 120.0, "seconds"), (60.0, 7_200.0, "minutes"), (3_600.0, 172_800.0, "hours"))
DAY_S = 86_400.0
MANY = 3  # arms
PEOPLE = ("Lerner", "Smith")  # a metric that is named after somebody keeps its capital


def answer(study: Question, comparison: pd.DataFrame) -> list[str]:
    """What was found for the first metric of every scenario, and how much pairing helped; the best of a search only."""
    found = []
    for scenario in comparison["scenario"].unique() if len(comparison) else ():
        first = study.metrics_of(scenario)[0]
        rows = comparison[(comparison["scenario"] == scenario) & (comparison["metric"] == first)]
        shown = [row for row in rows.to_dict("records") if _is_told(study, row)]
        where = f"{scenario}: " if len(study.scenarios) > 1 else ""
        found += [where + _sentence(study, row) for row in shown]
        found += [where + text for text in (*_skewed(shown), *_pairing(shown))]
    return found


def _is_told(study: Question, row: dict[str, Any]) -> bool:
    """No trials of a search; where arms are many, learners are compared in the base only."""
    many = row["compared"] == "learner" and len(study.arms) > MANY and row["change"] != BASE
    return bool(row["pairs"]) and not many and not is_trial(row["change"])


def _sentence(study: Question, row: dict[str, Any]) -> str:
    world = study.world_of(row["scenario"])
    about = world.metrics[row["metric"]]
    what = f"{row['learner']} instead of {row['against_learner']}"
    if row["compared"] == "change":
        several = len(study.learners) > 1
        parts = [_effect(row["change"], row, inside(about.title)), *_recovered(study, row, about.good)]
        text = ("; " if len(parts) > 1 else "").join(parts)
        text = f"{row['learner']}: {text}" if several else text
    else:
        text = _effect(what, row, inside(about.title))
        text += f" ({row['change']})" if len(study.arms) > 1 else ""
    return f"{text[0].upper()}{text[1:]}." if "_" not in text.split()[0] else f"{text}."


def _effect(what: str, row: dict[str, Any], metric: str) -> str:
    """`closing B2-B3 adds 14 s [11, 18] to mean delay`."""
    value, low, high = row["difference"], row["low"], row["high"]
    unit = f" {row['unit']}" if row["unit"] else ""
    if value == 0.0 and not high > low:
        return f"{what} changes nothing in {metric}"
    if row["pairs"] == 1:
        return f"{what} {_verb(value)} {number(abs(value), 0.0)}{unit} {_side(value)} {metric} with the one seed"
    width = high - low
    if low <= 0.0 <= high:
        ends = f"[{number(low, width)}, {number(high, width)}]"
        return f"{what} has no effect on {metric} that shows: {number(value, width)}{unit} {ends}"
    width = min(width, 6 * abs(low), 6 * abs(high)) or width  # an end that is not zero does not look like it
    ends = ", ".join(number(end, width) for end in sorted((abs(low), abs(high))))
    return f"{what} {_verb(value)} {number(abs(value), width)}{unit} [{ends}] {_side(value)} {metric}"


def _verb(value: float) -> str:
    return "adds" if value > 0 else "takes"


def _side(value: float) -> str:
    return "to" if value > 0 else "off"


def _recovered(study: Question, row: dict[str, Any], good: str | None) -> Iterator[str]:
    """`agents recover to within 5 % of ... after 70 minutes [60, 90]`; nothing where nobody has to recover."""
    ticks, seconds = row["recovery_ticks"], study.world_of(row["scenario"]).seconds_per_tick
    if math.isnan(ticks):
        return
    reference = "the level before" if study.recover_to == "before" else "the run without it"
    within = f"within {100 * study.within:.3g} % of {reference}"
    better = {"low": row["high"] < 0, "high": row["low"] > 0}.get(good or "", False)
    if math.isinf(ticks):
        rest = duration(study.ticks - study.at(row["change"]), seconds)
        yield f"agents are not back to {within} in the {rest} that follow"
    elif ticks > 0 and row["recovery_low"] > 0:  # else perhaps nobody left
        unit = time_unit(ticks, seconds)
        after, low, high = (span(row[end], unit) for end in ("recovery_ticks", "recovery_low", "recovery_high"))
        shown = f" [{low}, {high}]" if row["pairs"] > 1 and not low == after == high else ""
        yield f"agents recover to {within} after {after} {unit.name}{shown}"
    elif ticks == 0 and not better:
        yield f"agents stay {within}"


def _skewed(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Too few seeds for intervals that hold what they promise."""
    wanted = max((row["pairs_wanted"] for row in rows if row["pairs_wanted"] > row["pairs"]), default=0)
    if wanted:
        yield (
            "A few seeds differ far more than the others, so that an interval may miss the mean more often than one "
            f"time in twenty; take {wanted:,.0f} seeds or more."
        )


def _pairing(rows: list[dict[str, Any]]) -> Iterator[str]:
    """How much smaller the variance of a difference is than with independent seeds."""
    ratios = [row["variance_ratio"] for row in rows if math.isfinite(row["variance_ratio"])]
    if ratios:
        low, high = (times(ratio) for ratio in (min(ratios), max(ratios)))
        factor = low if low == high else f"{low} to {high}"
        these = "this difference" if len(ratios) == 1 else "these differences"
        yield f"Against independent seeds, pairing divides the variance of {these} by {factor}."


def times(ratio: float) -> str:
    """How many times smaller a variance is."""
    if math.isnan(ratio):
        return ""
    return "∞" if math.isinf(ratio) else f"{ratio:,.2g}" if ratio < 10 else f"{ratio:,.0f}"


def inside(title: str) -> str:
    """A metric's title inside a sentence."""
    first = title.split()[0]
    return title if title.startswith(PEOPLE) or not first[1:].islower() else title[0].lower() + title[1:]


def number(value: float, width: float) -> str:
    """A value with as many digits as an interval of this width deserves: the last place is at most a third of it."""
    if math.isinf(value) or math.isnan(value):
        return "∞" if value > 0 else "-∞" if value < 0 else "unknown"
    scale = abs(width) or abs(value) / 10 or 3.0
    digits = max(0, math.ceil(-math.log10(scale / 3)))
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if text.strip("-0.,") else text.lstrip("-")


class TimeUnit(NamedTuple):
    """Ticks in one unit of time, and the name of several."""

    ticks: float
    name: str


def time_unit(ticks: float, seconds_per_tick: float | None) -> TimeUnit:
    """The unit in which so many ticks are best told; ticks where the world's clock has none."""
    if seconds_per_tick is None:
        return TimeUnit(1.0, "ticks")
    seconds, name = next(
        ((unit, name) for unit, limit, name in UNITS if ticks * seconds_per_tick < limit), (DAY_S, "days")
    )
    return TimeUnit(seconds / seconds_per_tick, name)


def span(ticks: float, unit: TimeUnit) -> str:
    """How many units of time."""
    value = ticks / unit.ticks
    return "∞" if math.isinf(value) else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def duration(ticks: float, seconds_per_tick: float | None) -> str:
    """Ticks as time in words: `70 minutes`."""
    unit = time_unit(ticks, seconds_per_tick)
    return f"{span(ticks, unit)} {unit.name}"
