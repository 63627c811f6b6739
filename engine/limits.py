"""What arrays may hold that come from a file: kernels index by them without bounds.

A NamedTuple of arrays says so in its method `limits()`, by the names of its fields: FIXED for what follows from a
scenario and is only compared, else the lowest and the highest value. Arrays of whole numbers need one of them; floats
are REAL where nothing is said; they need one where they become an index, kernels wait for them, or infinity is meant.
"""

import math
from typing import Literal

Limit = Literal["fixed", "any"] | tuple[float, float]
Limits = dict[str, Limit]

FIXED: Literal["fixed"] = "fixed"
ANY: Literal["any"] = "any"
COUNT = (0, 2**62)  # of things or ticks
WHOLE = (-(2**62), 2**62)  # money, shares, prices: never an index
FINITE = (-1e15, 1e15)  # floats that become an index
REAL = (-1e100, 1e100)  # all other floats: their squares, and sums of these, are finite
UNBOUNDED = (-math.inf, math.inf)  # floats that are infinite where nothing has been seen yet


def below(number: int) -> tuple[int, int]:
    """Indices of so many things."""
    return 0, number - 1


def or_none(number: int) -> tuple[int, int]:
    """Indices of so many things, or -1 for none."""
    return -1, number - 1


def each(limit: Limit, *names: str) -> Limits:
    """The same limit for several fields."""
    return dict.fromkeys(names, limit)
