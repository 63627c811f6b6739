"""Fictitious play: where the frequencies of what was played go, from payoffs that have to be learned first.

In zero-sum games they converge to the equilibrium (Robinson 1951, Annals of Mathematics 54). In Shapley's game (1964,
Advances in Game Theory) they go round for ever, ever more slowly; its row player wants to match, its column player to
be one ahead, and the equilibrium is even.
"""

from typing import Any

import numpy as np

import models
from studies.papers import Row, by_seed, row
from studies.papers.games import as_payoff, between

TRIALS, TICKS, STRETCHES = 4, 200_000, 10
SHAPLEY: dict[str, Any] = {
    "actions": ("a", "b", "c"),
    "payoff": as_payoff(np.eye(3)),
    "payoff_column": as_payoff(np.roll(np.eye(3), 1, axis=1)),
}


def frequencies(world: models.World) -> np.ndarray:
    """How often each player's actions were met by the other, (2, K)."""
    seen: np.ndarray = world.groups[0].mind.seen[:, 0]
    shares: np.ndarray = seen / seen.sum(axis=1, keepdims=True)
    return shares


def away_in_pennies(seed: int) -> float:
    """Largest distance of a frequency from one half."""
    world = models.make("games/matching_pennies", learner="fictitious_play", seed=seed)
    world.run(TICKS)
    return float(np.abs(frequencies(world) - 0.5).max())


def shapley(seed: int) -> np.ndarray:
    """Frequencies (STRETCHES, 2, 3) after stretches of play, each as long as all before."""
    learner = {"kind": "fictitious_play", "epsilon": 1.0, "half_life": 30.0}
    world = models.make("games/matching_pennies", learner=learner, seed=seed, **SHAPLEY)
    world.run(1_000)
    met = []
    for _ in range(STRETCHES):
        world.run(world.tick)
        met.append(frequencies(world))
    return np.array(met)


def rows(trials: int = TRIALS) -> list[Row]:
    """Distances from the equilibrium, and how far frequencies still move."""
    lives = by_seed(shapley, trials)
    away = [float(np.abs(met - 1 / 3).max(axis=(1, 2)).min()) for met in lives]
    moved = [float(np.abs(np.diff(met[4:], axis=0)).max()) for met in lives]
    return [
        row(
            "matching pennies, fictitious play: frequencies from 1/2", by_seed(away_in_pennies, trials),
            "converge (<= 0.005)", "Robinson 1951", between(0.0, 0.005),
        ),
        row("Shapley's game: frequencies from 1/3, at least", away, "stay away (>= 0.08)", "Shapley 1964",
            between(0.08, 2 / 3)),
        row("Shapley's game: how far they still move", moved, "go round (>= 0.1)", "Shapley 1964", between(0.1, 1.0)),
    ]  # fmt: skip
