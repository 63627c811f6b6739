"""Pictures of a study: arms and their paired difference in time, every seed as a dot, and the answer to a parameter.

Lines are means over seeds, bands 95 % intervals of those means. Every picture of a difference contains zero.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models import Metric
from studies.comparison import paired
from studies.comparison.sentences import inside, time_unit
from studies.comparison.table import curves, measured
from studies.figures.learning import BLUE, GREY, INK
from studies.questions.arms import BASE
from studies.questions.search import is_best, is_trial

if TYPE_CHECKING:
    from studies.study import Study  # which calls us

COLOURS = (BLUE, "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito
POINTS = 150  # of a curve
MOST_ARMS, MOST_LEARNERS, MOST_ROWS = 6, 4, 16  # that a picture can show


def figures(study: "Study", table: pd.DataFrame) -> dict[str, Figure]:
    """All pictures of a study, by name."""
    drawn = {}
    for number, scenario in enumerate(table["scenario"].unique() if len(table) else (), 1):
        end = f"_{number}" if len(study.scenarios) > 1 else ""
        part = table[table["scenario"] == scenario]
        if len(arms_in_time(part)) <= MOST_ARMS and part["learner"].nunique() <= MOST_LEARNERS:
            drawn[f"in_time{end}"] = in_time(study, part)
        if 0 < len(by_seed_rows(study, part)) <= MOST_ROWS:
            drawn[f"by_seed{end}"] = by_seed(study, part)
        names = swept(part)
        if len(names) in (1, 2):
            drawn[f"response{end}"] = response(study, part, *names) if len(names) == 1 else plane(study, part, *names)
    return drawn


def arms_in_time(table: pd.DataFrame) -> list[str]:
    """Arms that are drawn in time: of a search, only the best."""
    return [name for name in table["change"].unique() if not is_trial(name)]


def swept(table: pd.DataFrame) -> list[str]:
    """Columns of numbers that a sweep or a search set."""
    return [name for name in table if name.startswith("set_") and pd.api.types.is_numeric_dtype(table[name])]


# In time ---------------------------------------------------------------------------------------------------------


def in_time(study: "Study", table: pd.DataFrame) -> Figure:
    """Above, the arms with bands; below, each arm less the base, seed by seed; a column for every learner."""
    scenario, names = table["scenario"].iloc[0], arms_in_time(table)
    world, metric = study.world_of(scenario), study.metrics_of(scenario)[0]
    table = _shared(table[table["change"].isin(names)])
    kinds, several = list(table["learner"].unique()), len(names) > 1
    columns = kinds if several else kinds[:1]
    drawn = Figure(figsize=(max(8.0, 4.6 * len(columns)), 5.6), layout="constrained")
    axes = drawn.subplots(2, len(columns), sharex=True, sharey="row", squeeze=False, height_ratios=(3, 2))
    unit, clock = time_unit(study.ticks, world.seconds_per_tick)
    for column, learner in enumerate(columns):
        groups = [(learner, name) for name in names] if several else [(kind, names[0]) for kind in kinds]
        found = [_curves(table, *group, metric) for group in groups]
        for number, ((kind, name), curve) in enumerate(zip(groups, found, strict=True)):
            colour = INK if number == 0 else COLOURS[(number - 1) % len(COLOURS)]
            _line(axes[0, column], curve, unit, colour, name if several else kind)
            if number:
                _line(axes[1, column], (curve - found[0]).dropna(how="all"), unit, colour)
        _marks(axes[:, column], sorted({study.at(name) for name in names[1:]} - {0}), unit)
        if len(kinds) > 1 and several:
            axes[0, column].set_title(learner, loc="center", fontsize=11, color=INK)
        axes[1, column].set_xlabel(f"{clock} since the start")
    _label(axes[0, 0], world.metrics[metric])
    against = names[0] if several else kinds[0]
    axes[1, 0].set_title(f"Difference to {against}, pair by pair", loc="left", fontsize=11)
    names_of_lines = axes[0, 0].get_legend_handles_labels()
    drawn.legend(*names_of_lines, loc="outside upper right", ncols=3, frameon=False, fontsize=10)
    for below in axes[1]:
        below.axhline(0.0, color=INK, linewidth=1.0)
    for one in axes.flat:
        _plain(one)
        one.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    return drawn


def _shared(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of those seeds that every arm has: of a search, those that judged the best."""
    cases = table.drop_duplicates(["learner", "change", "seed"])
    arms = len(cases.drop_duplicates(["learner", "change"]))
    return table[table["seed"].isin(cases["seed"].value_counts().loc[lambda number: number == arms].index)]


def _curves(table: pd.DataFrame, learner: str, change: str, metric: str) -> pd.DataFrame:
    """Curves of one arm, (seeds, points); neighbouring windows averaged where they are too many to see."""
    found = curves(table[(table["learner"] == learner) & (table["change"] == change)], metric)
    together = -(-found.shape[1] // POINTS)
    block = np.arange(found.shape[1]) // together
    mean = found.T.groupby(block).mean().T
    mean.columns = pd.Index(found.columns.to_series().groupby(block).mean().to_numpy(), name="tick")
    return mean


def _line(axes: Axes, curve: pd.DataFrame, unit: float, colour: str, label: str = "") -> None:
    if curve.empty:
        return
    values, ticks = curve.to_numpy(float), curve.columns.to_numpy() / unit
    low, high = paired.band(values)
    axes.fill_between(ticks, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(ticks, np.nanmean(values, axis=0), color=colour, linewidth=1.8, label=label)


def _marks(axes: Iterable[Axes], ticks: list[int], unit: float) -> None:
    """When something changes."""
    for one in axes:
        for tick in ticks:
            one.axvline(tick / unit, color=GREY, linewidth=1.0, linestyle=(0, (4, 3)))


# Seed by seed ----------------------------------------------------------------------------------------------------


def by_seed_rows(study: "Study", table: pd.DataFrame) -> list[tuple[str, np.ndarray]]:
    """Label and differences (seeds,) of every contrast; of a search, only the best."""
    window = study.world_of(table["scenario"].iloc[0]).record.window_ticks if len(table) else 1
    metric, rows = study.metrics_of(table["scenario"].iloc[0])[0], []
    for contrast in paired.contrasts(study, table):
        one, base = (
            measured(part, study.since_tick, window).groupby("seed")[metric].mean()
            for part in paired.arms(table, contrast)
        )
        if len(one) and not is_trial(contrast.change):
            rows.append((_row_label(study, contrast), (one - base).to_numpy()))
    return rows


def _row_label(study: "Study", contrast: paired.Contrast) -> str:
    if contrast.compared == "learner":
        of = f"\n{contrast.change}" if len(study.arms) > 1 else ""
        return f"{contrast.learner} − {contrast.against_learner}{of}"
    return contrast.change + (f"\n{contrast.learner}" if len(study.learners) > 1 else "")


def by_seed(study: "Study", table: pd.DataFrame) -> Figure:
    """Every seed's difference as a dot, the mean with its interval above them, and zero."""
    scenario, rows = table["scenario"].iloc[0], by_seed_rows(study, table)
    metric = study.world_of(scenario).metrics[study.metrics_of(scenario)[0]]
    drawn = Figure(figsize=(8.0, 1.3 + 0.62 * len(rows)), layout="constrained")
    axes = drawn.add_subplot()
    for place, (_, values) in enumerate(rows):
        spread = np.random.default_rng(0).uniform(0.08, 0.26, len(values))
        axes.scatter(values, place + spread, s=18, color=BLUE, alpha=0.55, linewidth=0)
        low, high = paired.interval(values)
        axes.plot([low, high], [place - 0.1] * 2, color=INK, linewidth=2.6, solid_capstyle="butt")
        axes.plot(values.mean(), place - 0.1, "D", color=INK, markersize=6)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.set_yticks(range(len(rows)), [label for label, _ in rows], fontsize=10)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    unit = f", {metric.unit}" if metric.unit else ""
    axes.set_title(f"Difference in {inside(metric.title)}{unit}", loc="left", fontsize=11)
    good = {"low": "; left of zero is better", "high": "; right of zero is better"}.get(metric.good or "", "")
    axes.set_title(f"a dot per seed; mean, 95 % interval{good}", loc="right", fontsize=9, color=GREY)
    _plain(axes, "x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return drawn


# Against a parameter ---------------------------------------------------------------------------------------------


def response(study: "Study", table: pd.DataFrame, name: str) -> Figure:
    """The metric against a swept parameter: every seed as a dot, means with intervals, no change as a line."""
    metric, cases = _judged(study, table)
    drawn = Figure(figsize=(8.0, 4.2), layout="constrained")
    axes = drawn.add_subplot()
    for number, learner in enumerate(cases["learner"].unique()):
        own, colour = cases[cases["learner"] == learner], COLOURS[number % len(COLOURS)]
        axes.scatter(own[name], own[metric], s=10, color=colour, alpha=0.25, linewidth=0)
        values = {at: group.drop_duplicates("seed")[metric].to_numpy() for at, group in own.groupby(name)}
        means, ends = [each.mean() for each in values.values()], [paired.interval(each) for each in values.values()]
        axes.plot(list(values), means, "o-", color=colour, linewidth=1.6, markersize=5, label=learner)
        axes.vlines(list(values), *np.array(ends).T, color=colour, linewidth=2.0)
        base = own[own["change"] == BASE][metric].mean()
        axes.axhline(base, color=colour, linestyle=(0, (4, 3)), linewidth=1.2)
        axes.annotate(BASE, (1.0, base), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                      color=colour, va="center", fontsize=9, annotation_clip=False)  # fmt: skip
    _label(axes, study.world_of(table["scenario"].iloc[0]).metrics[metric])
    axes.set_xlabel(name.removeprefix("set_"))
    if cases["learner"].nunique() > 1:
        axes.legend(frameon=False, fontsize=9)
    _plain(axes)
    return drawn


def plane(study: "Study", table: pd.DataFrame, across: str, up: str) -> Figure:
    """The mean of the metric, as a colour, against two parameters; the best of a search has a ring."""
    metric, cases = _judged(study, table)
    learners = cases["learner"].unique()
    drawn = Figure(figsize=(max(6.4, 4.6 * len(learners)), 4.6), layout="constrained")
    panels = drawn.subplots(1, len(learners), squeeze=False, sharey=True)[0]
    means = cases.dropna(subset=[across, up]).groupby(["learner", across, up], sort=False)[metric].mean().reset_index()
    low, high = means[metric].min(), means[metric].max()
    best = table[table["change"].map(is_best)]
    for axes, learner in zip(panels, learners, strict=True):
        own = means[means["learner"] == learner]
        dots = axes.scatter(own[across], own[up], c=own[metric], s=110, cmap="viridis", vmin=low, vmax=high)
        if len(best):
            axes.plot(best[across].iloc[0], best[up].iloc[0], "o", markersize=17, markeredgecolor=INK, fillstyle="none",
                      markeredgewidth=2)  # fmt: skip
        axes.set(xlabel=across.removeprefix("set_"), ylabel=up.removeprefix("set_"))
        axes.set_title(learner if len(learners) > 1 else "", loc="center", fontsize=11, color=INK)
        _plain(axes, "both")
    about = study.world_of(table["scenario"].iloc[0]).metrics[metric]
    drawn.colorbar(dots, ax=panels, label=f"{about.title}{f', {about.unit}' if about.unit else ''}")
    return drawn


def _judged(study: "Study", table: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """The metric, and its mean in every case with a seed of the study; not those that judged the best of a search."""
    scenario = table["scenario"].iloc[0]
    metric, window = study.metrics_of(scenario)[0], study.world_of(scenario).record.window_ticks
    part = measured(table[table["seed"].isin(study.seeds)], study.since_tick, window)
    place = ["learner", "change", *swept(table), "seed"]
    return metric, part.groupby(place, sort=False, dropna=False)[metric].mean().reset_index()


def _label(axes: Axes, about: Metric) -> None:
    unit = f", {about.unit}" if about.unit else ""
    axes.set_title(f"{about.title}{unit}", loc="left", fontsize=11)


def _plain(axes: Axes, grid: Literal["x", "y", "both"] = "y") -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color="#E8ECEA")
    axes.set_axisbelow(True)
