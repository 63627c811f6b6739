"""Do drivers who learn routes and signals that learn greens help each other? traffic/both_learn, in pairs by seed.

Signals follow Webster's plan of each regime, tuned max-pressure, or learn by `q`; drivers keep the shortest open way by
free-flow time, or learn. All learn online, from the first tick; what is compared is the second half of each run.
Intervals are those of `studies.paired`: 95 %, BCa bootstrap over seeds.

    python -m benchmarks.both_learn [--seeds 10] [--ticks 576000] [--json]
"""

import argparse
import json
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.loop_speed import cpu_seconds, per_second
from studies import Study, paired
from studies.arms import BASE
from studies.table import measured

SCENARIO, LEARN = "traffic/both_learn", "drivers learn"
SIGNALS: dict[str, Any] = {
    "Webster's plan": {"kind": "fixed_time"}, "max-pressure": {"kind": "max_pressure", "bias": 0.5}, "learned": {},
}  # fmt: skip
METRICS = ("mean_trip_s", "mean_delay_s")
SPEED_TARGET = 500e3


def ask(seeds: int, ticks: int) -> Study:
    """Signals × drivers × seeds; drivers who do not learn are the arm without a change."""
    return Study(
        "Do both sides of traffic gain when both learn?", [SCENARIO], learners=SIGNALS, seeds=seeds, ticks=ticks,
        changes={LEARN: {"what": {"drivers_learn": True}}}, world={"drivers_learn": False}, since=ticks // 2,
    )  # fmt: skip


def means(study: Study, table: pd.DataFrame, metric: str) -> dict[tuple[str, bool], np.ndarray]:
    """Mean of a metric over the compared windows, for each seed, by signals and whether drivers learn."""
    rows = measured(table, study.since_tick, study.world_of(SCENARIO).record.window_ticks)
    found = rows.groupby(["learner", "change", "seed"])[metric].mean()
    return {(signals, arm == LEARN): found[signals, arm].to_numpy() for signals in SIGNALS for arm in (BASE, LEARN)}


def told(values: np.ndarray, sign: str = "") -> str:
    """A mean and its interval."""
    low, high = paired.interval(values)
    return f"{values.mean():{sign}.1f} [{low:{sign}.1f}, {high:{sign}.1f}]"


def effects(cell: dict[tuple[str, bool], np.ndarray]) -> dict[str, np.ndarray]:
    """Differences (seeds,) in s that the sentence is about; less is better."""
    fixed, learned = "Webster's plan", "learned"
    signals, drivers = cell[learned, False] - cell[fixed, False], cell[fixed, True] - cell[fixed, False]
    both = cell[learned, True] - cell[fixed, False]
    return {
        "signals alone": signals,
        "drivers alone": drivers,
        "both": both,
        "drivers, where signals learn": cell[learned, True] - cell[learned, False],
        "signals, where drivers learn": cell[learned, True] - cell[fixed, True],
        "beyond the sum of both": both - signals - drivers,
    }


def sentence(found: dict[str, np.ndarray]) -> str:
    """What the table shows, with what is not clear called so."""

    def change(name: str) -> str:
        low, high = paired.interval(found[name])
        if low <= 0 <= high:
            return f"make no clear difference ({told(found[name], '+')} s)"
        return f"{'shorten' if high < 0 else 'lengthen'} the mean trip by {abs(found[name].mean()):.1f} s" + (
            f" [{min(abs(low), abs(high)):.1f}, {max(abs(low), abs(high)):.1f}]"
        )

    beyond = found["beyond the sum of both"]
    low, high = paired.interval(beyond)
    if low > 0:
        gains = "less than the sum of the two gains: each side mends part of what the other could"
    elif high < 0:
        gains = "more than the sum of the two gains"
    else:
        gains = "not clearly more or less than the sum of the two gains"
    return (
        f"Learned signals alone {change('signals alone')}, learning drivers alone {change('drivers alone')}, both "
        f"together {change('both')}; that is {gains} ({told(beyond, '+')} s). Where signals learn already, learning "
        f"drivers {change('drivers, where signals learn')}; where drivers learn already, learned signals "
        f"{change('signals, where drivers learn')}."
    )


def main() -> None:
    """Run, print the tables and say what they show."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--ticks", type=int, default=576_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    study, tables = ask(given.seeds, given.ticks), []
    spent = cpu_seconds(lambda: tables.append(study.run()))
    cells = {metric: means(study, tables[0], metric) for metric in METRICS}
    found = effects(cells["mean_trip_s"])
    speed = per_second(study.asked(study.arms[1:], [0])[-1].case.start(), 100_000)
    if given.json:
        listed = {m: {f"{s}, {LEARN}: {d}": v.tolist() for (s, d), v in cell.items()} for m, cell in cells.items()}
        print(json.dumps({**listed, "effects_s": {name: v.tolist() for name, v in found.items()}, "speed": speed}))
        return
    for metric, cell in cells.items():
        print(f"\n{metric}, s, {given.seeds} seeds, ticks {study.since_tick:,} to {given.ticks:,}")
        print(f"  {'signals':16} {'fixed drivers':24} {'learning drivers':24} {'difference, paired':24}")
        for name in SIGNALS:
            fixed, learning = cell[name, False], cell[name, True]
            print(f"  {name:16} {told(fixed):24} {told(learning):24} {told(learning - fixed, '+'):24}".rstrip())
    print()
    for name, values in found.items():
        print(f"  {name:32} {told(values, '+')} s")
    print(f"\n{sentence(found)}")
    target = f"at least {SPEED_TARGET / 1e3:.0f} k: {'reached' if speed >= SPEED_TARGET else 'NOT reached'}"
    print(f"\nboth learning: {speed / 1e3:,.0f} k ticks per CPU-second ({target})")
    print(f"{spent:.0f} CPU-seconds")


if __name__ == "__main__":
    main()
