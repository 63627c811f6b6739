"""The report of a study: one HTML file that holds all it shows, so that it opens anywhere and years later."""

import base64
import importlib.metadata
import math
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd

from studies.cases.case import code
from studies.comparison import sentences
from studies.questions.search import is_trial

if TYPE_CHECKING:
    from studies.study import Study  # which calls us

TEMPLATE = Path(__file__).with_name("report.html")
PACKAGES = ("everlearn", "numpy", "scipy", "pandas", "numba", "mesa", "matplotlib")
FEW_SEEDS = 10
CAPTIONS = {
    "in_time": "Means over seeds with their 95 % intervals. Below, the difference is taken seed by seed; the "
    "dashed line marks the change.",
    "by_seed": "The difference of every seed, both runs with the same arrivals, demand and shocks.",
    "response": "Means over seeds; where one parameter varies, with a dot per seed and 95 % intervals.",
}
ARROWS = {"low": " ↓", "high": " ↑"}


def html(
    study: "Study",
    answer: list[str],
    comparison: pd.DataFrame,
    failed: pd.DataFrame,
    pictures: dict[str, str],
    told: str,
) -> str:
    """The report as text.

    Parameters
    ----------
    study, answer, comparison, failed
        The study, its sentences, its contrasts, and the cases that failed.
    pictures
        Name of a figure -> text of an SVG file.
    told
        The study as TOML; empty where no file can say it.
    """
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    packages = {name: _version(name) for name in PACKAGES + (("optuna",) if study.search else ())}
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        study=study,
        answer=answer,
        groups=_groups(study, comparison),
        failed=failed.to_dict("records"),
        pictures=[(_data(text), CAPTIONS[name.rstrip("_0123456789")]) for name, text in pictures.items()],
        told=told,
        texts={name: scenario.text() for name, scenario in study.scenarios.items()},
        design=_design(study),
        versions={"python": platform.python_version(), **packages, "Everlearn's sources": code()},
        few=len(study.seeds) < FEW_SEEDS,
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # a checkout that is on the path, not installed
        return "not installed"


def _data(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _is_shown(study: "Study", row: dict[str, Any]) -> bool:
    """Of the trials of a search, only the metric that was searched for."""
    searched = row["metric"] == study.metrics_of(row["scenario"])[0]
    return bool(row["pairs"]) and (searched or not is_trial(row["change"]))


def _groups(study: "Study", comparison: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """Rows of the table under a title for each contrast."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in comparison.to_dict("records"):
        if _is_shown(study, row):
            changed = row["compared"] == "change"
            what = "{change} against {against_change}" if changed else "{learner} against {against_learner}"
            title = what.format(**row)
            if changed and len(study.learners) > 1:
                title += f", {row['learner']}"
            elif not changed and len(study.arms) > 1:
                title += f", {row['change']}"
            several = len(study.scenarios) > 1
            groups.setdefault(f"{row['scenario']}: {title}" if several else title, []).append(_row(study, row))
    return groups


def _row(study: "Study", row: dict[str, Any]) -> dict[str, str]:
    """The cells of a contrast, as texts with as many digits as its interval deserves."""
    world = study.world_of(row["scenario"])
    about = world.metrics[row["metric"]]
    width = row["high"] - row["low"] if row["pairs"] > 1 else 0.0
    number = {name: sentences.number(row[name], width) for name in (
        "without", "with_it", "difference", "low", "high", "median", "interquartile_mean", "worst")}  # fmt: skip
    unit = f", {about.unit}" if about.unit else ""
    shows = row["low"] > 0.0 or row["high"] < 0.0
    good = {"low": row["difference"] < 0, "high": row["difference"] > 0}.get(about.good or "")
    return {
        "metric": f"{about.title}{unit}{ARROWS.get(about.good or '', '')}",
        "meaning": about.meaning,
        **number,
        "interval": f"[{number['low']}, {number['high']}]" if row["pairs"] > 1 else "one seed",
        "tone": "" if not shows or good is None else "good" if good else "bad",
        "worst": f"{number['worst']} ({row['worst_seed']:.0f})",
        "pairs": f"{row['pairs']:.0f}",
        "times": sentences.times(row["variance_ratio"]),
        "recovery": _recovery(row, world.seconds_per_tick),
    }


def _recovery(row: dict[str, Any], seconds_per_tick: float | None) -> str:
    ticks = row.get("recovery_ticks", math.nan)
    if math.isnan(ticks):
        return ""
    return "not yet" if math.isinf(ticks) else "at once" if ticks == 0 else sentences.duration(ticks, seconds_per_tick)


def _design(study: "Study") -> dict[str, str]:
    """How the study was made, in a few lines."""
    world = study.world_of(next(iter(study.scenarios)))
    seconds, window = world.seconds_per_tick, world.record.window_ticks
    long = f"{study.ticks:,} ticks" + (f" ({sentences.duration(study.ticks, seconds)})" if seconds else "")
    design = {"Scenarios": ", ".join(study.scenarios), "Learners": ", ".join(study.learners)}
    for arm in study.arms:
        change = [f"{name} = {value}" for name, value in arm.change.what.items()]
        change += ["agents stop learning"] if arm.change.freeze else []
        design[f"Arm {arm.name}"] = ", ".join(change) + f" from tick {arm.change.at:,} on" if change else "the base"
    if study.search:
        ranges = ", ".join(f"{name} from {low:g} to {high:g}" for name, (low, high) in study.search.what.items())
        design["Search"] = f"{ranges}; {study.search.trials} trials, then the best on fresh seeds"
    if study.world:
        design["In every arm"] = ", ".join(f"{name} = {value}" for name, value in study.world.items())
    design["Seeds"] = f"{len(study.seeds)}: {', '.join(map(str, study.seeds))}"
    design["Length of a case"] = f"{long}, compared from tick {study.since_tick:,} on, in windows of {window:,} ticks"
    if study.warm_start:
        design["Warm start"] = f"{study.warm_start.ticks:,} ticks with seed {study.warm_start.seed:,}, forked by all"
    to = "the level before the change" if study.recover_to == "before" else "the arm without the change"
    over = {study.over_ticks(arm.change.at) for arm in study.arms[1:]}
    if over:
        ticks = " or ".join(f"{ticks:,}" for ticks in sorted(over))
        design["Recovered"] = f"when means of {ticks} ticks stay within {100 * study.within:.3g} % of {to}"
    return design
