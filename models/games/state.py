"""Arrays of a matrix game on a graph; A agents, N neighbours at most, K actions,
H hours, B regime blocks.
"""

from typing import NamedTuple

import numpy as np

from engine.limits import FIXED, Limits, each


class Derived(NamedTuple):
    """What follows from the parameters of each regime block."""

    payoff: np.ndarray  # (B, H, 2, K, K) float64: hour, role (0 row, 1 column), own action, the other's action
    spread: np.ndarray  # (B, H, 2, K, K) float64: how far a coin moves each of these payoffs, up or down
    noise: np.ndarray  # (B,) float64, standard deviation of a payoff
    equilibrium: np.ndarray  # (B, H, K, K) bool, pure Nash equilibria: row action, column action


class GamesState(NamedTuple):
    """The game as it stands."""

    derived: Derived
    role: np.ndarray  # (A, N) int64, the agent's role against each neighbour
    link: np.ndarray  # (A, N) int64, the link to each neighbour
    sees: np.ndarray  # (1,) int64: NOTHING, COUNT or PROFILE
    pairs: np.ndarray  # (E, 2) int64, row player and column player of each link
    coins: np.ndarray  # (E,) float64, 1 or -1 as the coin of each link fell; (0,) where nothing is up to chance
    action_sums: np.ndarray  # (K,) float64, choices over the open window
    pair_sums: np.ndarray  # (len(Column),) float64, links for which each metric holds, over the open window

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return each(FIXED, "derived", "role", "link", "sees", "pairs")
