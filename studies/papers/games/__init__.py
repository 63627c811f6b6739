"""Published results of learners in small games.

The papers' own tables could not be consulted here, so every row is a "qualitative claim" put into numbers.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from models import World
from studies.figures.learning import INK
from studies.papers import Values, mean_and_error

CLIMBING = np.array([[11.0, -30.0, 0.0], [-30.0, 7.0, 6.0], [0.0, 0.0, 5.0]])  # Claus and Boutilier 1998
CLAIM = "{}, qualitative claim"


def as_payoff(matrix: np.ndarray) -> tuple[tuple[float, ...], ...]:
    """A matrix as scenarios have it."""
    return tuple(map(tuple, matrix.tolist()))


def renumbered(rng: np.random.Generator, matrix: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
    """Matrices of one game with the actions of each player numbered anew, so that being the first wins nothing."""
    rows, columns = rng.permutation(len(matrix)), rng.permutation(len(matrix))
    return [each[np.ix_(rows, columns)] for each in (matrix, *others)]


def earned(world: World, rounds: int) -> list[float]:
    """What player 1 earns in each of so many rounds."""
    gains = []
    for _ in range(rounds):
        world.step()
        gains.append(float(world.turn.rewards[0]))
    return gains


def between(least: float, most: float) -> Callable[[float], bool]:
    """Whether a share lies between two."""
    return lambda share: least <= share <= most


def bars(axes: Axes, found: Mapping[str, Values], colors: str | Sequence[str]) -> None:
    """Shares by name, the first on top, with bars of one standard error."""
    summaries = [mean_and_error(values) for values in found.values()]
    shares, errors = [mean for mean, _ in summaries], [error for _, error in summaries]
    axes.barh(list(found), shares, xerr=errors, color=colors, ecolor=INK, height=0.6)
    for place, share in enumerate(shares):
        end = share + errors[place]
        axes.annotate(f"{share:.0%}", (end, place), (5, 0), textcoords="offset points", va="center", color=INK)
    axes.set(xlim=(0, 1.2), ylim=(len(found) - 0.5, -0.5), xticks=[])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
