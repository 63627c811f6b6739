"""Pictures of a life: what is left of a regime after learning another, and how fast one that comes back is mastered."""

import numpy as np
from matplotlib.figure import Figure

from studies.figures.learning import BLUE, GREY, INK
from studies.lifelong.life import Life, forgetting
from studies.lifelong.measures import mark


def matrix(life: Life, title: str = "") -> Figure:
    """The forgetting matrix: rewards, a row for the regime just learned, a column for the one examined.

    Colour: what is lost against having just learned the regime that is examined.
    """
    names, marks = forgetting(life)
    figure = Figure(figsize=(1.4 * len(names) + 2.4, 1.0 * len(names) + 1.8), layout="constrained")
    axes = figure.add_subplot()
    lost = 1.0 - marks / np.diag(marks)[None, :] if np.diag(marks).min() > 0 else np.diag(marks)[None, :] - marks
    image = axes.imshow(lost, cmap="Reds", vmin=0.0, vmax=max(0.5, float(np.nanmax(lost))))
    for (row, column), value in np.ndenumerate(marks):
        color = "white" if lost[row, column] > 0.6 * image.get_clim()[1] else "black"
        axes.text(column, row, f"{value:.3g}", ha="center", va="center", color=color)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("examined, frozen")
    axes.set_title(f"just learned ↓  {title}", loc="left", fontsize=11)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, label="share lost" if np.diag(marks).min() > 0 else "reward lost")
    return figure


def recovery(lives: dict[str, Life], title: str = "") -> Figure:
    """Mean reward after a regime has come back, as a share of what it was when it was left; one line per life."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.add_subplot()
    colors = (BLUE, GREY, "#B5533C", "#00926A")
    for number, (name, life) in enumerate(lives.items()):
        left: dict[str, float] = {}
        curves = []
        for block in life.blocks:
            if block.kind == "train":
                if block.regime in left:
                    curves.append(block.performance / left[block.regime])
                left[block.regime] = mark(block)
        shown = min((curve.size for curve in curves), default=0)
        mean = np.mean([curve[:shown] for curve in curves], axis=0)
        axes.plot(np.arange(1, shown + 1), mean, color=colors[number % len(colors)], label=name, linewidth=2)
    axes.axhline(1.0, color=INK, linestyle=(0, (7, 3)), linewidth=1)
    axes.set_xscale("log")
    axes.set_xlabel("windows since the regime came back")
    axes.set_title("Reward, share of what it was when the regime was left", loc="left", fontsize=11)
    axes.set_title(title, loc="right", fontsize=11, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return figure
