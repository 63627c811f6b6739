"""Sellers that move in turn: Klein 2021, RAND Journal of Economics 52.

All buy from the cheapest; a firm answers its rival's standing price and holds its own for two periods. On a coarse grid
of prices most pairs of Q-learners rest at one price; on a finer one they cycle: undercut each other, and jump back up.
Either way they earn well above the competitive nothing. The paper's tables were not at hand: its claims in numbers.
"""

import numpy as np
from matplotlib.figure import Figure

import models
from models.oligopoly.model import Oligopoly
from studies.figures.learning import BLUE, GREY
from studies.papers import Row, by_seed, row

RUNS, TICKS, WATCHED = 200, 500_000, 240
CLAIM, COARSE, FINE = "Klein 2021, claim", 6, 12  # k: prices are 0, 1/k, ..., 1
MOST = 0.125  # profit of each of two firms at the joint optimum


def watch(k: int, seed: int) -> tuple[np.ndarray, float]:
    """Prices (WATCHED, 2) and mean profit of two trained firms that have stopped to learn and explore."""
    world = models.make("oligopoly/sequential", seed=seed, levels=k + 1, record_every_ticks=WATCHED // 2)
    assert isinstance(world, Oligopoly)
    world.run(TICKS)
    world.freeze()
    world.run(WATCHED)
    prices, profit = np.empty((WATCHED, 2)), 0.0
    for period in range(WATCHED):
        world.step()
        prices[period] = world.levels[[0, 1], world.turn.actions]
        profit += world.turn.rewards.mean() / WATCHED
    return prices, profit


def watch_all(k: int, runs: int) -> list[tuple[np.ndarray, float]]:
    """`watch` for many seeds."""
    return by_seed(lambda seed: watch(k, seed), runs)


def rests(prices: np.ndarray) -> bool:
    """Whether both firms stay at one price."""
    return bool((prices == prices[0, 0]).all())


def rows(runs: int = RUNS) -> list[Row]:
    """How often prices are fixed on a coarse and on a fine grid, and what firms earn."""
    coarse, fine = watch_all(COARSE, runs), watch_all(FINE, runs)
    fixed = {k: [rests(prices) for prices, _ in found] for k, found in ((COARSE, coarse), (FINE, fine))}
    fall = [float(a) - float(b) for a, b in zip(fixed[COARSE], fixed[FINE], strict=True)]
    earned = [profit / MOST for _, profit in coarse + fine]
    return [
        row(f"one fixed price, k = {COARSE}", fixed[COARSE], "most (> 0.5)", CLAIM, lambda share: share > 0.5),
        row(f"one fixed price, k = {FINE}", fixed[FINE], "few (< 0.3)", CLAIM, lambda share: share < 0.3),
        row("fall of that share", fall, "> 0.3", CLAIM, lambda share: share > 0.3),
        row("profit as a share of the joint optimum", earned, "> 0.6", CLAIM, lambda share: share > 0.6),
    ]


def figure(runs: int = 60) -> Figure:
    """Two pairs of firms, and the share of pairs that rest at one price as the grid grows finer."""
    drawn = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = drawn.subplots(1, 2, width_ratios=(2, 1))
    grids = (COARSE, FINE, 24)
    found = {k: watch_all(k, runs) for k in grids}
    cycling = next(prices for prices, _ in found[FINE] if not rests(prices))[:48]
    for firm, colour, style in ((0, BLUE, "-"), (1, GREY, "--")):
        left.step(range(len(cycling)), cycling[:, firm], style, color=colour, where="post", label=f"firm {firm + 1}")
    left.set_title(f"Prices of a pair that cycles, k = {FINE}", loc="left", fontsize=11)
    left.set_xlabel("periods")
    left.set_ylim(0, 1)
    left.legend(frameon=False)
    shares = [np.mean([rests(prices) for prices, _ in found[k]]) for k in grids]
    bars = right.bar([f"k = {k}" for k in grids], shares, color=BLUE, width=0.55)
    right.bar_label(bars, [f"{share:.0%}" for share in shares], padding=3)
    right.set_title("Pairs at one fixed price", loc="left", fontsize=11)
    right.set_yticks([])
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    right.spines["left"].set_visible(False)
    return drawn
