"""Measures of lifelong learning as l2metrics prints them (Johns Hopkins APL, for DARPA's Lifelong Learning Machines).

The numbers of l2metrics 3.1.0 were computed by that package (smoothing and normalisation off) from the logs that
`studies.lifelong.l2logs.write` makes of the life below; it is not installed here, since it does not run with NumPy 2.
"""

import numpy as np

from studies.lifelong import measures
from studies.lifelong.life import Block, Life
from studies.papers import Row, digits

PRINTED = {
    "performance_maintenance": 0.02546296296296287,
    "forward_transfer": 0.9499164578111946,
    "backward_transfer": 1.003472492545263,
    "performance_recovery": 2.0,
    "relative_performance": 0.9934657083836272,
    "sample_efficiency": 0.8249278216903733,
    "recovery_time": 14.0,
}


def life() -> Life:
    """Seven blocks of learning in three regimes with three examinations after each: fractions made by a rule."""
    blocks = []
    for n, learned in enumerate(" ABCACBA"):
        if n:
            blocks.append(Block("train", learned, np.array([1 + (i * (n + 1) % 13) / 16 + i / 32 for i in range(20)])))
        for k, regime in enumerate("ABC"):
            blocks.append(Block("test", regime, np.array([1 + (3 * n + 5 * k + 7 * i) % 11 / 8 for i in range(3)])))
    return Life(tuple(blocks))


def experts() -> dict[str, np.ndarray]:
    """Curves of learners who met one regime only."""
    return {r: np.array([1 + (i * (k + 3) % 7) / 8 + i / 64 for i in range(40)]) for k, r in enumerate("ABC")}


def rows() -> list[Row]:
    """Every measure of that life."""
    found = measures.measure(life(), experts())
    return [
        digits(f"a life made by a rule: {name.replace('_', ' ')}", found[name], f"{printed:.9f}", "l2metrics 3.1.0")
        for name, printed in PRINTED.items()
    ]
