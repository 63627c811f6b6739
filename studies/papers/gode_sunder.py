"""Zero intelligence in a double auction: how much of the gains from trade traders find who understand nothing.

Claims of Gode and Sunder 1993, Journal of Political Economy 101: traders who shout any price that makes no loss
(ZI-C) realise 94 to 99 % of the largest surplus, because the auction itself does the work; without that constraint
(ZI-U) they trade everything, at a loss to some. The second has an exact value: when all have traded, whoever met
whom, the surplus is the sum of all values less the sum of all costs. Their five markets could not be consulted here;
ours is a symmetric ladder of 25 buyers and 25 sellers (models.market.theory.ladder).
"""

import numpy as np
from matplotlib.figure import Figure

import models
from models.market import theory
from studies.papers import Row, row

SEEDS, DAYS = 12, 100
SOURCE = "Gode and Sunder 1993"


def efficiencies(constrained: bool, seeds: int = SEEDS, days: int = DAYS) -> np.ndarray:
    """Efficiency (seeds, days) of every day; without constraint each day lasts until all have traded."""
    learner = {"kind": "zero_intelligence", "constrained": constrained}
    found = []
    for seed in range(seeds):
        passes = 40 if constrained else 400
        world = models.make("market/gode_sunder", learner=learner, seed=seed, passes=passes, record_every_ticks=passes)
        found.append(world.run(days * passes)["efficiency"].to_numpy())
    return np.array(found)


def exhausted() -> float:
    """What theory says of traders without constraint, once all have traded."""
    values = theory.ladder(50, 200)
    return theory.exhaustion_efficiency(values[::2], values[1::2])


def rows() -> list[Row]:
    """Efficiency of both kinds: over seeds, and over market days, of which each is what theory says."""
    wise, blind, exact = efficiencies(True).mean(axis=1), efficiencies(False), exhausted()
    worst = float(np.abs(blind - exact).max())
    return [
        row(
            "ZI-C, symmetric ladder: efficiency", wise, "0.94 to 0.99", SOURCE, lambda share: 0.94 <= share <= 0.99
        ),
        row(
            "ZI-U when all have traded: efficiency", blind.ravel(), f"{exact:g} (exact)", "sum of values less costs",
            lambda _: worst < 1e-12,
        ),
    ]  # fmt: skip


def figure() -> Figure:
    """Efficiency day by day, with and without the constraint."""
    drawn = Figure(figsize=(8, 4), layout="constrained")
    axes = drawn.add_subplot()
    for constrained, name in ((True, "no losses allowed (ZI-C)"), (False, "anything goes (ZI-U)")):
        axes.plot(1 + np.arange(DAYS), efficiencies(constrained, 3).mean(axis=0), label=name)
    axes.axhspan(0.94, 0.99, alpha=0.2, label="published range of ZI-C")
    axes.set(xlabel="day", ylabel="efficiency")
    axes.legend()
    return drawn
