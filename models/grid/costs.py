"""What a unit costs: a polynomial c0 + c1 p + c2 p² up to degree two, or straight pieces between points, of any sign.

Beyond its first and last point a cost goes on as straight as it was, as MATPOWER has it. Costs must be convex: marginal
cost never falls with output, for else no price would support the cheapest dispatch.
Source: Zimmerman and Murillo-Sanchez, MATPOWER User's Manual, sec. 4.2 and table B-4.
"""

from typing import NamedTuple

import numpy as np

from scenarios import ScenarioError

ROUNDING = 1e-9  # of the steepest piece: less is no fall of marginal cost


class Curve(NamedTuple):
    """Cost of a unit, $/h."""

    points: np.ndarray  # (k, 2) MW and $/h where pieces meet, k >= 2; (0, 2) for a polynomial
    fixed: float  # $/h at no output
    linear: float  # $/MWh
    square: float  # $/MW²h

    def marginal(self, low: float, high: float) -> tuple[float, float]:
        """Marginal cost at the lower of two outputs between two edges, $/MWh, and its rise per MW."""
        if not len(self.points):
            return self.linear + 2 * self.square * low, 2 * self.square
        return float((self.at(high) - self.at(low)) / (high - low)), 0.0

    def at(self, mw: float) -> float:
        """Cost of an output, $/h."""
        if not len(self.points):
            return self.fixed + self.linear * mw + self.square * mw**2
        (x, y), slopes = self.points.T, self.slopes()
        piece = int(np.clip(np.searchsorted(x, mw) - 1, 0, slopes.size - 1))
        return float(y[piece] + slopes[piece] * (mw - x[piece]))

    def slopes(self) -> np.ndarray:
        """(k - 1,) $/MWh of the pieces."""
        mw, cost = np.diff(self.points, axis=0).T
        slopes: np.ndarray = cost / mw
        return slopes

    def edges(self, low: float, high: float) -> list[float]:
        """Outputs between which marginal cost is one straight line, from the lowest to the highest."""
        inner = self.points[1:-1, 0]
        return [low, *inner[(inner > low) & (inner < high)].tolist(), high]


def check_points(points: np.ndarray, places: list[str]) -> None:
    """Refuse points that are no cost of one unit.

    Parameters
    ----------
    points
        (k, 2) MW and $/h.
    places
        Where each stands.

    Raises
    ------
    ScenarioError
        For less than two, for outputs that do not rise, and where marginal cost falls.
    """
    if len(points) < 2:
        raise ScenarioError(f"{places[0]}: this cost has one point; give two or more")
    for place, below, above in zip(places[1:], points, points[1:], strict=False):
        if above[0] <= below[0]:
            raise ScenarioError(f"{place}: {above[0]:g} MW follows {below[0]:g} MW; write points with rising output")
    slopes = Curve(points, 0.0, 0.0, 0.0).slopes()
    falls = np.flatnonzero(np.diff(slopes) < -ROUNDING * np.abs(slopes).max())
    if falls.size:
        first, next_ = slopes[falls[0] : falls[0] + 2]
        raise ScenarioError(
            f"{places[falls[0] + 2]}: marginal cost falls from {first:g} to {next_:g} $/MWh; costs that fall have no "
            "price that supports them, so join these pieces into one"
        )
