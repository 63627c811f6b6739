"""WoLF policy hill climbing comes to rest at a mixed equilibrium, where plain policy hill climbing circles it.

Claim of Bowling and Veloso 2002, Artificial Intelligence 136, in matching pennies and rock-paper-scissors. Strategies
begin far from the equilibrium, which is even; what counts is the mean L1 distance of the strategies themselves, not of
their averages, in the last tenth of a life. Steps shrink as 1 / (20000 + t), and values are learned ever more slowly;
plain policy hill climbing takes the longer of WoLF's two steps all the time.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import models
from studies.figures.learning import BLUE, GREEN, GREY, INK
from studies.papers import Row, by_seed, row
from studies.papers.games import CLAIM, as_payoff, between

TRIALS, TICKS = 10, 2_000_000
BEATS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
GAMES: dict[str, dict[str, Any]] = {
    "matching pennies": {"actions": ("heads", "tails")},
    "rock-paper-scissors": {
        "actions": ("rock", "paper", "scissors"), "payoff": as_payoff(BEATS), "payoff_column": as_payoff(-BEATS)
    },
}  # fmt: skip
CLIMBER = {
    "kind": "wolf_phc", "gamma": 0.0, "slows_after": 20_000.0,
    "alpha_schedule": "exponential", "alpha_end": 0.005, "half_life": 200_000.0,
}  # fmt: skip
LEARNERS = {
    "PHC": {**CLIMBER, "win_step": 4 / 20_000, "lose_over_win": 1.0},
    "WoLF-PHC": {**CLIMBER, "win_step": 1 / 20_000, "lose_over_win": 4.0},
}


def begin(game: str, learner: str, seed: int) -> tuple[models.World, np.ndarray]:
    """A pair far from equilibrium, and the strategies (2, K) that it follows."""
    world = models.make(
        "games/matching_pennies", seed=seed, learner=LEARNERS[learner], record_every_ticks=TICKS, **GAMES[game]
    )
    strategy = world.groups[0].mind.strategy[:, 0]
    strategy[:] = 0.1 / (strategy.shape[1] - 1)
    strategy[0, 0] = strategy[1, 1] = 0.9
    return world, strategy


def watch(world: models.World, strategy: np.ndarray, ticks: int, looks: int) -> np.ndarray:
    """Strategies (looks, 2, K) at even distances through the next ticks."""
    found = []
    for _ in range(looks):
        found.append(strategy.copy())
        world.run(ticks // looks)
    return np.array(found)


def distance(game: str, learner: str, seed: int) -> float:
    """Mean L1 distance of strategies from the even mixture in the last tenth of a life."""
    world, strategy = begin(game, learner, seed)
    world.run(TICKS * 9 // 10)
    late = watch(world, strategy, TICKS // 10, 200)
    return float(np.abs(late - 1 / late.shape[2]).sum(axis=2).mean())


def rows(trials: int = TRIALS) -> list[Row]:
    """Distances of both learners in both games."""
    source = CLAIM.format("Bowling and Veloso 2002")
    claims = {
        "PHC": ("circles (0.3 to 0.8; a pure strategy: >= 1)", source, between(0.3, 0.8)),
        "WoLF-PHC": ("comes to rest (<= 0.05)", source, between(0.0, 0.05)),
    }
    found = []
    for game in GAMES:
        for learner, claim in claims.items():
            far = by_seed(partial(distance, game, learner), trials)
            found.append(row(f"{game}, {learner}: distance from equilibrium", far, *claim))
    return found


def figure() -> Figure:
    """One life of each: matching pennies in the square of both players, the other game in the simplex of player 1."""
    drawn = Figure(figsize=(10, 3.2), layout="constrained")
    panels = iter(drawn.subplots(1, 4))
    for game, draw in zip(GAMES, (square, simplex), strict=True):
        for learner, color in zip(LEARNERS, (GREY, BLUE), strict=True):
            axes = next(panels)
            draw(axes, watch(*begin(game, learner, 0), TICKS, 4_000), color)
            axes.set_title(f"{game[0].upper()}{game[1:]}\n{learner}", loc="left", fontsize=11)
            axes.set_aspect("equal")
    drawn.supxlabel("ring: start, dot: end, cross: equilibrium", fontsize=9, color=INK)
    return drawn


def square(axes: Axes, life: np.ndarray, color: str) -> None:
    """Both players' chances of heads."""
    trace(axes, life[:, :, 0], np.array([0.5, 0.5]), color)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    axes.set(xlabel="player 1: heads", ylabel="player 2: heads")


def simplex(axes: Axes, life: np.ndarray, color: str) -> None:
    """The strategy of player 1 in the triangle of its three actions."""
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
    axes.fill(*corners.T, facecolor="none", edgecolor=INK, linewidth=0.8)
    trace(axes, life[:, 0] @ corners, corners.mean(axis=0), color)
    for (x, y), name in zip(corners, GAMES["rock-paper-scissors"]["actions"], strict=True):
        axes.annotate(name, (x, y), (0, 5 if y else -12), textcoords="offset points", ha="center", fontsize=9)
    axes.set(xlim=(-0.08, 1.08), ylim=(-0.15, 1.0))
    axes.axis("off")


def trace(axes: Axes, path: np.ndarray, equilibrium: np.ndarray, color: str) -> None:
    """A path (looks, 2) from its start to its end, around or to the equilibrium."""
    axes.plot(*path.T, color=color, linewidth=0.7)
    axes.plot(*path[0], "o", color=color, markerfacecolor="none")
    axes.plot(*path[-1], "o", color=color)
    axes.plot(*equilibrium, "+", color=GREEN, markersize=14, markeredgewidth=1.5)
