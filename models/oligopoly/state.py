"""Arrays of firms in one market; A firms, K levels, J = K^A joint choices, B regime blocks.

A joint choice is one number: the firms' levels are its digits in base K, the first firm's the most significant.
"""

from typing import NamedTuple

import numpy as np

from engine.limits import FIXED, Limits, below, each

FREE, BEST_REPLY = -2, -1  # what `forced` may hold, besides a level


class Derived(NamedTuple):
    """What follows from the parameters of each regime block."""

    profit: np.ndarray  # (B, J, A) float64, money a period
    reply: np.ndarray  # (B, J, A) int64, the level that earns a firm most in one period against the others' levels
    measures: np.ndarray  # (B, J, len(Column)) float64, metrics of one period
    present: np.ndarray  # (B, A) bool, who is in the market
    lines: np.ndarray  # (B, 2, A) float64, levels of the static Nash equilibrium and of the highest sum of profits
    competitive: np.ndarray  # (B, A) int64, levels nearest to the static Nash equilibrium
    joint_optimum: np.ndarray  # (B, A) int64, levels nearest to the highest sum of profits
    forced: np.ndarray  # (B,) int64, the level firm 1 must choose, BEST_REPLY or FREE


class OligopolyState(NamedTuple):
    """The market as it stands."""

    derived: Derived
    joint: np.ndarray  # (max(memory, 1),) int64, joint choices of past periods, the latest first
    levels: np.ndarray  # (1,) int64, K
    memory: np.ndarray  # (1,) int64, past periods that firms see
    in_turn: np.ndarray  # (1,) bool, whether firms move one after the other
    sums: np.ndarray  # (len(Column),) float64, metrics summed over the open window

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {
            **each(FIXED, "derived", "levels", "memory", "in_turn"),
            "joint": below(self.derived.profit.shape[1]),
        }
