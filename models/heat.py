"""Cells of the inspector's table where an agent has two choices."""

from typing import Any

import numpy as np


def leaning(lean: np.ndarray, seen: np.ndarray) -> list[list[dict[str, Any]]]:
    """Cells (rows, columns), JSON-able: above 0 they lean to the second choice; larger where more was `seen`."""
    most = np.log1p(seen.max()) or 1.0
    size = np.log1p(seen) / most
    return [
        [
            {"lean": round(float(lean[r, c]), 3), "visits": round(float(size[r, c]), 3), "action": int(lean[r, c] > 0)}
            for c in range(lean.shape[1])
        ]
        for r in range(lean.shape[0])
    ]
