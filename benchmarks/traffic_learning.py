"""Does a learned signal beat tuned rules? Mean delay on held-out seeds, frozen, against plans, rules and random play.

Every rule is tuned on seeds of its own. Learners train for 600,000 ticks on one seed, are frozen, and meet the held-out
seeds in a fresh world; delay is all time lost over all vehicles that arrived, after an hour of warm-up. The 95 %
intervals resample training seeds and held-out seeds: what a training happens to find differs more than what the
held-out seeds bring. A learner that is frozen before it has learned anything shows what the world itself contributes:
the candidate phase, and green after 120 s.

    python -m benchmarks.traffic_learning [SCENARIO ...]
"""

import argparse
import time

import numpy as np

import models

TUNING_SEEDS, HELD_OUT, TRAINING_SEEDS = range(100, 103), range(900, 908), range(8)
TRAINING_TICKS, WARM_UP, MEASURED = 600_000, 3_600, 43_200
RESAMPLES = 4_000
PLANS_S = (  # seconds of each phase, its yellow included; the first has shorter greens than other rules may give
    (12, 6, 12, 6), (10, 8, 10, 8), (14, 8, 14, 8), (18, 9, 18, 9), (23, 9, 23, 9), (33, 12, 33, 12),
    (9, 7, 21, 7), (10, 8, 23, 8), (14, 8, 33, 9), (15, 9, 56, 10),
)  # fmt: skip
OFFSETS_S = (0, 7, 14, 20)
BIASES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)


def fixed_plans() -> list[dict]:
    """Webster's plan of each regime, and plans that hold all day."""
    plans = [{"cycle_s": sum(plan), "splits": plan} for plan in PLANS_S]
    return [{"kind": "fixed_time", "offset_s": offset, **plan} for plan in ({}, *plans) for offset in OFFSETS_S]


def delay_s(world: models.World) -> float:
    """Time lost per arriving vehicle over the measured stretch, in s."""
    world.run(WARM_UP)
    frame = world.run(MEASURED)
    lost = frame["queue_veh"] * world.record.window_ticks
    return float(lost.sum() / (lost / frame["mean_delay_s"]).sum())


def of_rule(scenario: str, rule: dict, seeds: range = HELD_OUT) -> np.ndarray:
    """Delay on every seed, (1, seeds)."""
    return np.array([[delay_s(models.make(scenario, learner=rule, seed=seed)) for seed in seeds]])


def tuned(scenario: str, rules: list[dict]) -> dict:
    """The rule with the least mean delay on the tuning seeds."""
    return min(rules, key=lambda rule: of_rule(scenario, rule, TUNING_SEEDS).mean())


def of_learner(scenario: str, kind: str, ticks: int = TRAINING_TICKS) -> np.ndarray:
    """Delay of a kind of learner with the scenario's settings after so much training, (trainings, held-out seeds)."""
    settings = models.make(scenario).scenario.learner[0].settings
    delays = []
    for seed in TRAINING_SEEDS:
        world = models.make(scenario, learner={"kind": kind, **settings}, seed=seed)
        world.run(ticks)
        delays.append([])
        for held_out in HELD_OUT:
            fresh = world.restart(seed=held_out)
            fresh.freeze()
            delays[-1].append(delay_s(fresh))
    return np.array(delays)


def change(delays: np.ndarray, reference: np.ndarray) -> str:
    """How much less or more delay than the reference, with its interval; both (trainings, held-out seeds)."""
    rng = np.random.default_rng(0)

    def resampled(table: np.ndarray, seeds: np.ndarray) -> float:
        return table[rng.integers(len(table), size=len(table))][:, seeds].mean()

    draws = rng.integers(delays.shape[1], size=(RESAMPLES, delays.shape[1]))
    low, high = np.percentile([resampled(delays, s) / resampled(reference, s) - 1 for s in draws], (2.5, 97.5))
    return f"{delays.mean() / reference.mean() - 1:+.1%} [{low:+.1%}, {high:+.1%}]"


def report(scenario: str) -> None:
    """Print the table of one scenario."""
    start = time.process_time()
    pressures = [{"kind": "max_pressure", "bias": bias} for bias in BIASES]
    queues = [{"kind": "longest_queue", "bias": bias} for bias in BIASES]
    rules = [
        *(tuned(scenario, family) for family in (fixed_plans(), pressures, queues)),
        {"kind": "detector_rule"},
        {"kind": "random"},
    ]
    rows = {rule["kind"]: of_rule(scenario, rule) for rule in rules}
    q = rows["q"] = of_learner(scenario, "q")
    rows["joint_q"] = of_learner(scenario, "joint_q")
    rows["q untrained"] = of_learner(scenario, "q", ticks=0)
    print(f"\n{scenario}: delay in s per vehicle, {len(HELD_OUT)} held-out seeds, {len(TRAINING_SEEDS)} trainings")
    print(f"  {'':14} {'mean':>6} {'worst':>6}   q against it")
    for name, delays in rows.items():
        against = change(q, delays) if name not in ("q", "joint_q", "q untrained") else ""
        setting = [f"{key} {value}" for rule in rules if rule["kind"] == name for key, value in rule.items()][1:]
        print(f"  {name:14} {delays.mean():6.2f} {delays.max():6.2f}   {against:25} {', '.join(setting)}".rstrip())
    share = 1 - q.mean() / rows["max_pressure"].mean()
    print(f"  q below the best fixed plan on every seed: {bool((q < rows['fixed_time']).all())}   (target: True)")
    print(f"  q below tuned max_pressure by {share:.1%}   (target: at least 8 %)")
    print(f"  q against detector_rule: {change(q, rows['detector_rule'])}   (shown, whatever comes out)")
    gain = (rows["random"].mean() - q.mean()) / (rows["random"].mean() - rows["detector_rule"].mean())
    print(f"  of the way from random to detector_rule, q has learned {gain:.0%}")
    print(f"  joint_q against q: {change(rows['joint_q'], q)}   (no claim beyond the interval)")
    print(f"  {time.process_time() - start:.0f} CPU-seconds")


def main() -> None:
    """Measure the scenarios named, by default a grid and an arterial."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenarios", nargs="*", default=["traffic/rush_hour", "traffic/arterial"])
    for scenario in parser.parse_args().scenarios:
        report(scenario)


if __name__ == "__main__":
    main()
