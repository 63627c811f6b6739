"""Does a learned signal beat tuned rules? Mean delay on held-out seeds, frozen, against plans and rules.

Every rule is tuned on seeds of its own. Learners train for 600,000 ticks on one seed, are frozen, and meet the held-out
seeds in a fresh world; delay is all time lost over all vehicles that arrived, after an hour of warm-up.

    python -m benchmarks.traffic_learning [SCENARIO ...]
"""

import argparse
import time

import numpy as np
from scipy.stats import bootstrap

import models

TUNING_SEEDS, HELD_OUT, TRAINING_SEEDS = range(100, 103), range(900, 908), range(3)
TRAINING_TICKS, WARM_UP, MEASURED = 600_000, 3_600, 43_200
PLANS = [{"kind": "fixed_time"}] + [
    {"kind": "fixed_time", "cycle_s": cycle, "splits": splits, "offset_s": offset}
    for cycle, splits in (
        (36, (0.3, 0.2, 0.3, 0.2)), (44, (0.31, 0.19, 0.31, 0.19)), (54, (0.33, 0.17, 0.33, 0.17)),
        (64, (0.36, 0.14, 0.36, 0.14)), (90, (0.37, 0.13, 0.37, 0.13)), (48, (0.2, 0.16, 0.48, 0.16)),
        (64, (0.22, 0.13, 0.52, 0.13)), (90, (0.16, 0.1, 0.62, 0.12)),
    )
    for offset in (0, 14)
]  # fmt: skip
BIASES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)


def delay_s(world) -> float:
    """Time lost per arriving vehicle over the measured stretch, in s."""
    world.run(WARM_UP)
    frame = world.run(MEASURED)
    lost = frame["queue_veh"] * world.record.window_ticks
    return float(lost.sum() / (lost / frame["mean_delay_s"]).sum())


def best_rule(scenario: str, rules: list[dict]) -> dict:
    """The rule with the least mean delay on the tuning seeds."""
    def tuned(rule: dict) -> float:
        return float(np.mean([delay_s(models.make(scenario, learner=rule, seed=s)) for s in TUNING_SEEDS]))

    return min(rules, key=tuned)


def of_rule(scenario: str, rule: dict | str) -> np.ndarray:
    """Delay on every held-out seed."""
    return np.array([delay_s(models.make(scenario, learner=rule, seed=seed)) for seed in HELD_OUT])


def of_learner(scenario: str, kind: str) -> np.ndarray:
    """Delay on every held-out seed after training on each training seed, (training seeds, held-out seeds)."""
    settings = dict(models.make(scenario, seed=0).scenario.learner[0].settings)
    delays = []
    for seed in TRAINING_SEEDS:
        world = models.make(scenario, learner={"kind": kind, **settings}, seed=seed)
        world.run(TRAINING_TICKS)
        delays.append([])
        for held_out in HELD_OUT:
            fresh = world.restart(seed=held_out)
            fresh.freeze()
            delays[-1].append(delay_s(fresh))
    return np.array(delays)


def report(scenario: str) -> None:
    """Print the table of one scenario."""
    start = time.process_time()
    plan = best_rule(scenario, PLANS)
    pressure = best_rule(scenario, [{"kind": "max_pressure", "bias": bias} for bias in BIASES])
    rules = {"best fixed plan": plan, "tuned max_pressure": pressure, "detector_rule": {"kind": "detector_rule"}}
    fixed, tuned, hand = (of_rule(scenario, rule) for rule in rules.values())
    learned = of_learner(scenario, "q")
    print(f"\n{scenario}: mean delay, s per vehicle, {len(HELD_OUT)} held-out seeds")
    for (name, rule), delays in zip(rules.items(), (fixed, tuned, hand), strict=True):
        print(f"  {name:20} {delays.mean():6.2f}   worst seed {delays.max():6.2f}   {rule}")
    print(f"  {'q, 3 trainings':20} {learned.mean():6.2f}   worst seed {learned.max():6.2f}")
    print(f"  below the best fixed plan on every seed: {bool((learned < fixed).all())}   (target: True)")
    print(f"  below tuned max_pressure by {1 - learned.mean() / tuned.mean():.1%}   (target: at least 8 %)")
    print(f"  against detector_rule: {learned.mean() / hand.mean() - 1:+.1%}   (prototype: -4 ... +5 %)")
    if scenario == "traffic/arterial":
        joint = of_learner(scenario, "joint_q")
        ratio = (joint / learned).mean(axis=0)
        low, high = bootstrap((ratio,), np.mean, rng=0).confidence_interval
        print(f"  joint_q / q: {ratio.mean():.3f} [{low:.3f}, {high:.3f}] over held-out seeds   (no claim beyond it)")
    print(f"  {time.process_time() - start:.0f} CPU-seconds")


def main() -> None:
    """Measure the scenarios named, by default a grid and an arterial."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenarios", nargs="*", default=["traffic/rush_hour", "traffic/arterial"])
    for scenario in parser.parse_args().scenarios:
        report(scenario)


if __name__ == "__main__":
    main()
