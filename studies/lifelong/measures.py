"""Measures of a life: maintenance, transfer, recovery, performance beside an expert; definitions with sources.

Definitions: New, Baker, Nguyen and Vallabha 2022, Lifelong Learning Metrics, arXiv 2201.08278; held equal to their
package l2metrics 3.1.0 (smoothing and normalisation off) on logs that `studies.lifelong.l2logs` writes. Where the
package takes only the first value of every pair of tasks (lifetime transfer), the mean over all is given beside it.

The *mark* of a block is the mean performance of its last tenth where it was for learning, of all of it where it was an
examination.
"""

from itertools import pairwise, permutations

import numpy as np
from scipy.stats import theilslopes

from studies.lifelong.life import Block, Life

SMOOTH_SHARE, SMOOTH_MOST = 0.2, 100  # of a curve, windows: the moving average under saturation


def mark(block: Block) -> float:
    """Terminal performance."""
    first = 0 if block.kind == "test" else int(0.9 * block.performance.size)
    return float(block.performance[first:].mean())


def measure(life: Life, experts: dict[str, np.ndarray] | None = None) -> dict[str, float]:
    """All measures of a life; NaN where a life has no such pair of blocks.

    Parameters
    ----------
    life
        Blocks in order.
    experts
        Per regime the performance (W,) of a learner that knew no other; without it the last two are missing.
    """
    forward, backward = transfers(life)
    times = recovery_times(life)
    tests = [block for block in life.blocks if block.kind == "test"]
    regimes = len({block.regime for block in life.blocks})
    learned = [block.performance for block in life.blocks if block.kind == "train"]
    found = {
        "performance_maintenance": maintenance(life),
        "forward_transfer": mean_of_first(forward),
        "backward_transfer": mean_of_first(backward),
        "forward_transfer_all": mean([value for values in forward.values() for value in values]),
        "backward_transfer_all": mean([value for values in backward.values() for value in values]),
        "recovery_time": mean([time for values in times.values() for time in values]),
        "performance_recovery": mean([-theilslopes(v)[0] for v in times.values() if len(v) > 1]),
        "online_mean": float(np.concatenate(learned).mean()),
        "final_score": float(np.mean([mark(block) for block in tests[-regimes * regimes :]])),
    }
    if experts is not None:
        curves = {name: curve(life, name) for name in experts}
        found["relative_performance"] = mean([relative(curves[name][1], experts[name]) for name in experts])
        found["sample_efficiency"] = mean([efficiency(*curves[name], experts[name]) for name in experts])
    if life.alarms:
        found["true_alarms"], found["false_alarms"] = alarms(life)
        found["contexts"] = float(life.contexts)
    return found


def maintenance(life: Life) -> float:
    """Performance maintenance (MRLEP): mark of each later examination minus that right after last learning the regime.

    Mean over the examinations of a regime, then over regimes; 0 keeps all, negative forgets.
    """
    lost: dict[str, list[float]] = {}
    fresh: dict[str, float | None] = {}  # None: learned, not yet examined
    for block in life.blocks:
        if block.kind == "train":
            fresh[block.regime] = None
        elif block.regime in fresh:
            reference = fresh[block.regime]
            if reference is None:
                fresh[block.regime] = mark(block)
            else:
                lost.setdefault(block.regime, []).append(mark(block) - reference)
    return mean([mean(values) for values in lost.values()])


def transfers(life: Life) -> tuple[dict[tuple[str, str], list[float]], dict[tuple[str, str], list[float]]]:
    """Forward and backward transfer, by (learned, examined): ratio of the marks after and before learning.

    Forward as long as the examined regime has not been learned itself, backward afterwards.
    """
    forward: dict[tuple[str, str], list[float]] = {}
    backward: dict[tuple[str, str], list[float]] = {}
    names = list(dict.fromkeys(block.regime for block in life.blocks))
    for learned, other in permutations(names, 2):
        known, before, between = False, None, False
        for block in life.blocks:
            if block.kind == "train":
                between |= block.regime == learned
                known |= block.regime == other
            elif block.regime == other:
                after = mark(block)
                if between and before:  # a mark of 0 has no ratio
                    (backward if known else forward).setdefault((learned, other), []).append(after / before)
                before, between = after, False
    return forward, backward


def recovery_times(life: Life) -> dict[str, list[float]]:
    """Windows until a regime that comes back is mastered as when it was left; one more than there are if never."""
    left: dict[str, float] = {}
    times: dict[str, list[float]] = {}
    for block in life.blocks:
        if block.kind == "train":
            if block.regime in left:
                reached = np.flatnonzero(block.performance >= left[block.regime])
                times.setdefault(block.regime, []).append(
                    float(reached[0] if reached.size else block.performance.size + 1)
                )
            left[block.regime] = mark(block)
    return times


def curve(life: Life, regime: str) -> tuple[np.ndarray, np.ndarray]:
    """All that was earned while learning in one regime, and when: windows of the whole life, examinations included."""
    when, earned, start = [], [], 0
    for block in life.blocks:
        if block.kind == "train" and block.regime == regime:
            when.append(np.arange(start, start + block.performance.size))
            earned.append(block.performance)
        start += block.performance.size
    return np.concatenate(when), np.concatenate(earned)


def relative(mine: np.ndarray, expert: np.ndarray) -> float:
    """Performance relative to an expert with the same experience."""
    size = min(mine.size, expert.size)
    return float(mine[:size].sum() / expert[:size].sum())


def efficiency(when: np.ndarray, mine: np.ndarray, expert: np.ndarray) -> float:
    """Sample efficiency: ratio of the highest smoothed performances, times the inverse ratio of the times they took.

    0 where the curve falls, or stays under a fifth of the expert's; NaN where the highest is the very first.
    """
    (top, reached), (best, best_reached) = saturation(mine), saturation(expert)
    if not reached or not best_reached:
        return float("nan")
    falls = np.polyfit(when, mine, 1)[0] < 0
    return 0.0 if falls or top < 0.2 * best else top / best * best_reached / reached


def saturation(values: np.ndarray) -> tuple[float, int]:
    """Highest value of the moving average, and when it is first reached."""
    width = min(int(values.size * SMOOTH_SHARE), SMOOTH_MOST)
    if width >= 3:
        mirrored = np.concatenate((values[width - 1 : 0 : -1], values, values[-2 : -width - 1 : -1]))
        smooth = np.convolve(np.ones(width) / width, mirrored, mode="valid")
        values = smooth[int(np.floor(width / 2 - 1)) : -int(np.ceil(width / 2))]
    return float(values.max()), int(values.argmax())


def alarms(life: Life) -> tuple[float, float]:
    """True alarms (the first in a block of learning whose regime is new), and all others."""
    learned = [block.regime for block in life.blocks if block.kind == "train"]
    changed = [False, *(one != other for one, other in pairwise(learned))]
    true = sum(min(count, 1) for count, new in zip(life.alarms, changed, strict=True) if new)
    return float(true), float(sum(life.alarms) - true)


def mean_of_first(pairs: dict[tuple[str, str], list[float]]) -> float:
    """Mean over pairs of regimes of the first value of each, which is what l2metrics reports for a lifetime."""
    return mean([values[0] for values in pairs.values()])


def mean(values: list[float]) -> float:
    """Mean without NaN; NaN of nothing."""
    kept = [value for value in values if not np.isnan(value)]
    return float(np.mean(kept)) if kept else float("nan")
