"""Convergence to the competitive equilibrium: Smith's alpha falls from day to day where traders adapt.

Claims of Smith 1962, Journal of Political Economy 70: in markets with fixed values, prices come close to the
equilibrium within a few days, and alpha (their root mean squared distance from it, in percent) falls as the days
pass. People are not to be had here; ZIP traders (Cliff 1997, HP Labs report HPL-97-91) stand for them, and the
control is zero intelligence, which does not adapt and so does not converge from day to day. Smith's own tables could
not be consulted here; the thresholds are the claims in numbers.
"""

import numpy as np
from matplotlib.figure import Figure

import models
from studies.papers import Row, row

SEEDS, DAYS = 40, 12
CLAIM, CONTROL = "Smith 1962, claim", "Cliff 1997, claim"


def alphas(kind: str, seeds: int = SEEDS) -> tuple[np.ndarray, np.ndarray]:
    """Smith's alpha and the mean price of every day, both (seeds, DAYS)."""
    frames = []
    for seed in range(seeds):
        world = models.make("market/gode_sunder", learner=kind, seed=seed, record_every_ticks=40)
        frames.append(world.run(DAYS * 40))
    alpha, price = (np.array([frame[name].to_numpy() for frame in frames]) for name in ("smiths_alpha", "price"))
    return alpha, price


def rows() -> list[Row]:
    """Fall of alpha and distance of the price from equilibrium, with standard errors over seeds."""
    alpha, price = alphas("zip")
    control, _ = alphas("zero_intelligence")
    fall, still = alpha[:, -4:].mean(axis=1) / alpha[:, 0].mean(), control[:, -4:].mean(axis=1) / control[:, 0].mean()
    off = price[:, -4:].mean(axis=1) / 100.0 - 1.0
    return [
        row(
            "ZIP traders: alpha of days 9 to 12, over day 1", fall, "falls (<= 0.75)", CLAIM,
            lambda ratio: ratio <= 0.75,
        ),
        row(
            "ZIP traders: price of days 9 to 12, off equilibrium", off, "within 5 %", CLAIM,
            lambda share: abs(share) <= 0.05,
        ),
        row(
            "zero intelligence: the same ratio of alphas", still, "stays (>= 0.9)", CONTROL, lambda ratio: ratio >= 0.9
        ),
    ]  # fmt: skip


def figure() -> Figure:
    """Smith's alpha day by day, of ZIP and of zero-intelligence traders."""
    drawn = Figure(figsize=(8, 4), layout="constrained")
    axes = drawn.add_subplot()
    for kind, name in (("zip", "ZIP"), ("zero_intelligence", "zero intelligence")):
        axes.plot(1 + np.arange(DAYS), alphas(kind)[0].mean(axis=0), marker="o", label=name)
    axes.set(xlabel="day", ylabel="Smith's alpha, %", ylim=(0, None))
    axes.legend()
    return drawn
