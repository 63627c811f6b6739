"""Pictures of runs with matplotlib: the learning curve over the strip of regimes, beside rules and theory."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models import Metric, World
from studies.references import baselines

BLUE, GREEN, INK, GREY = "#0072B2", "#00926A", "#43514C", "#75827D"
REGIMES = ("#F8F1A9", "#CFE8F8", "#EFD3E2", "#D9E8D0", "#E8DFD0")
TICKS = {None: "ticks", 1.0: "seconds", 3600.0: "hours"}
STYLES = ("-.", (0, (9, 3)), (0, (1, 2)), (0, (5, 1)), "--")


def curve(world: World, metric: str = "", rules: bool = True) -> Figure:
    """A metric against time, with the lines that rules and theory draw for it.

    Parameters
    ----------
    world
        A world that has run for at least one window.
    metric
        A column of the record; the world's first by default.
    rules
        Whether to draw what hand-made rules achieve (they run when first asked for).
    """
    name = metric or world.headline[0]
    frame, about = world.record.frame(), world.metrics[name]
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.add_subplot()
    ticks, values = frame.index.to_numpy(), frame[name].to_numpy()
    spans = _spans(world)
    smooth = max(1, len(values) // 150)
    kernel = np.ones(smooth) / smooth
    if smooth > 1:
        axes.plot(ticks, values, color=BLUE, alpha=0.18, linewidth=0.8)
    width = 2.2 if smooth > 1 else 1.5
    axes.plot(ticks[smooth - 1 :], np.convolve(values, kernel, "valid"), color=BLUE, linewidth=width)
    ends = [("learners", float(np.nanmean(values[-smooth:])), BLUE)]
    lines = baselines.lines(world.scenario, name) if rules else {}
    for number, (rule, line) in enumerate(lines.items()):
        _step(axes, spans, line, GREY if rule == "random" else INK, STYLES[number % len(STYLES)])
        ends.append((rule.replace("_", " "), line[world.regime], GREY if rule == "random" else INK))
    for rule, line in world.theory_lines(name).items():
        if np.isfinite(line).all():
            _step(axes, spans, line, GREEN, (0, (7, 3)))
            ends.append((rule, line[world.regime], GREEN))
    _finish(axes, about, world, spans, [end for end in ends if np.isfinite(end[1])])
    return figure


def _spans(world: World) -> list[tuple[int, int, int]]:
    """(start, end, block) of every regime block up to now."""
    spans, tick = [], 0
    blocks = [regime.ticks for regime in world.scenario.regime]
    while tick < world.tick:
        block = world.regime_at(tick)
        last = not blocks or (not world.scenario.repeat and block == len(blocks) - 1)
        end = world.tick if last else min(tick + blocks[block], world.tick)
        spans.append((tick, end, block))
        tick = end
    return spans


def _step(axes: Axes, spans: list[tuple[int, int, int]], line: list[float], color: str, style: Any) -> None:
    """A line that changes with the regime; its mean where regimes are too many to see."""
    if len(spans) > 12:
        axes.axhline(float(np.mean(line)), color=color, linestyle=style, linewidth=1.2)
        return
    edges = [spans[0][0], *(end for _, end, _ in spans)]
    values = [line[block] for _, _, block in spans]
    axes.stairs(values, edges, baseline=None, color=color, linestyle=style, linewidth=1.2)


def _finish(
    axes: Axes, about: Metric, world: World, spans: list[tuple[int, int, int]], ends: list[tuple[str, float, str]]
) -> None:
    """Strip of regimes on top, horizontal title, names at the right end of the lines."""
    names = list(dict.fromkeys(regime.name for regime in world.scenario.regime))
    for start, end, block in spans if names else []:
        colour = REGIMES[names.index(world.scenario.regime[block].name) % len(REGIMES)]
        axes.axvspan(start, end, ymin=0.975, ymax=1.0, color=colour, linewidth=0)
    unit = f", {about.unit}" if about.unit else ""
    axes.set_title(f"{about.title}{unit}", loc="left", fontsize=11)
    axes.set_title(world.scenario.title, loc="right", fontsize=11, color=INK)
    axes.set_xlim(0, world.tick)
    low, high = axes.get_ylim()
    axes.set_ylim(min(0.0, low), high + 0.06 * (high - low))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#E8ECEA")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel(TICKS.get(world.seconds_per_tick, f"ticks of {world.seconds_per_tick} s"))
    low, high = axes.get_ylim()
    gap, place = 0.055 * (high - low), -np.inf
    for label, value, color in sorted(ends, key=lambda end: end[1]):
        place = max(value, place + gap)
        bold = "bold" if label == "learners" else "normal"
        axes.annotate(
            label, (1.0, place), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            color=color, va="center", fontsize=9, fontweight=bold, annotation_clip=False,
        )  # fmt: skip
