"""PPO inside the loop beside the fixed plan, tuned max-pressure and Q, on days that nobody has seen.

    python -m benchmarks.ppo [--seeds 3] [--days 8] [--train 100000] [--json]

One crossing (`traffic/single_crossing`): every learner lives `--train` seconds and is then frozen; it drives 90 minutes
of each held-out day from an empty road, of which the first quarter of an hour is not counted.
"""

import argparse
import json
from typing import Any

import numpy as np

import models
from benchmarks.loop_speed import cpu_seconds

SCENARIO, FIRST_DAY = "traffic/single_crossing", 900
RULES, LEARNERS = ("fixed_time", "max_pressure"), ("q", "ppo")


def delays_s(world: models.World, days: range) -> np.ndarray:
    """Mean delay (days,) with nobody learning."""
    found = []
    for day in days:
        fork = world.restart(seed=day)
        fork.freeze()
        fork.run(900)
        found.append(fork.run(4_500)["mean_delay_s"].mean())
    return np.array(found)


def measure(kind: str, seed: int, ticks: int, days: range, fixed: np.ndarray | None) -> dict[str, Any]:
    """One learner of one seed: its training, its days, and on how many it beats the fixed plan."""
    world = models.make(SCENARIO, learner=kind, seed=seed)
    spent = cpu_seconds(lambda: world.run(ticks))
    found = delays_s(world, days)
    return {
        "learner": kind,
        "seed": seed,
        "training_cpu_s": round(spent, 2),
        "mean_delay_s": round(float(found.mean()), 2),
        "range_s": [round(float(found.min()), 1), round(float(found.max()), 1)],
        "days_below_fixed": None if fixed is None else f"{int((found < fixed).sum())} of {len(days)}",
    }


def main() -> None:
    """Print one line per learner and seed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--train", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    days = range(FIRST_DAY, FIRST_DAY + asked.days)
    fixed = delays_s(models.make(SCENARIO, learner="fixed_time", seed=1), days)
    rows = [measure(kind, 1, 0, days, fixed) for kind in RULES]
    rows += [measure(kind, seed, asked.train, days, fixed) for kind in LEARNERS for seed in range(1, 1 + asked.seeds)]
    for row in rows:
        print(json.dumps(row) if asked.json else "  ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
