"""Values that nobody expects."""

from typing import Any

import numpy as np

PLAIN: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 0.5, -0.0, 1e-300, 1e300, 2**31, 2**53, 2**63, 2**64, -(2**63), 10**40,
    float("nan"), float("inf"), float("-inf"), "", "all", "q", "x" * 3000, "\x00", "../../etc/passwd", "/dev/zero",
    "nan", "[" * 300, "é\u202e\U0001f600\ud83d".encode("utf-8", "replace").decode(), "a\nb", "self", [], {}, [[]],
    [1, 2], [[0.0] * 3] * 3, {"self": 1}, {"kind": "q"}, ["a", None], [[[[[[[[[[1]]]]]]]]]],
)  # fmt: skip


def odd(rng: np.random.Generator) -> Any:
    """One of them, or a number of any size."""
    if rng.random() < 0.3:
        number = float(rng.normal() * 10.0 ** rng.integers(-3, 15))
        return number if rng.random() < 0.5 else round(number)
    return PLAIN[rng.integers(len(PLAIN))]
