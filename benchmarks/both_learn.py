"""Do drivers who learn routes and signals that learn greens help each other? traffic/both_learn, in pairs by seed.

Signals follow Webster's plan of each regime, tuned max-pressure, or learn by `q`; drivers keep the shortest open way by
free-flow time, or learn. All learn online, from the first tick; what is compared is the second half of each run.
Intervals are those of `studies.comparison.paired`: 95 %, over seeds.

    python -m benchmarks.both_learn [--seeds 10] [--ticks 576000] [--json]

Max-pressure has the bias that was best of .25, .5, .75, 1, 1.5 and 2 on seed 100. A last table says what the spread of
drivers' choice does: 0 s is greedy.
"""

import argparse
import json
import time
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.loop_speed import per_second
from studies import Study
from studies.comparison import paired
from studies.comparison.table import measured
from studies.questions.arms import BASE

SCENARIO, LEARN = "traffic/both_learn", "drivers learn"
SIGNALS: dict[str, Any] = {
    "Webster's plan": {"kind": "fixed_time"}, "max-pressure": {"kind": "max_pressure", "bias": 0.5}, "learned": {},
}  # fmt: skip
METRICS = ("mean_trip_s", "mean_delay_s", "price_of_anarchy")
SPREADS_S = [0.0, 5.0, 20.0]
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


def by_spread(seeds: int, ticks: int) -> dict[str, np.ndarray]:
    """Mean trip in s and share of changed routes, (2, seeds), by the spread of drivers' choice; signals learn."""
    study = Study(
        "Do greedy drivers herd?", [SCENARIO], seeds=seeds, ticks=ticks, since=ticks // 2,
        changes={"spread": {"what": {"choice_spread_s": SPREADS_S}}},
    )  # fmt: skip
    rows = measured(study.run(), study.since_tick, study.world_of(SCENARIO).record.window_ticks)
    found = rows.groupby(["change", "seed"])[["mean_trip_s", "route_switches"]].mean()
    return {arm.name: found.loc[arm.name].to_numpy().T for arm in study.arms[1:]}


def told(values: np.ndarray, sign: str = "", digits: int = 1) -> str:
    """A mean and its interval."""
    low, high = paired.interval(values)
    return f"{values.mean():{sign}.{digits}f} [{low:{sign}.{digits}f}, {high:{sign}.{digits}f}]"


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
    study, start = ask(given.seeds, given.ticks), time.process_time()
    table, spreads = study.run(), by_spread(given.seeds, given.ticks)
    spent = time.process_time() - start
    cells = {metric: means(study, table, metric) for metric in METRICS}
    found = effects(cells["mean_trip_s"])
    speed = per_second(study.asked(study.arms[1:], [0])[-1].case.start(), 100_000)
    if given.json:
        listed = {m: {f"{s}, {LEARN}: {d}": v.tolist() for (s, d), v in cell.items()} for m, cell in cells.items()}
        print(json.dumps({**listed, "effects_s": {name: v.tolist() for name, v in found.items()}, "speed": speed}))
        return
    for metric, cell in cells.items():
        digits = 1 if metric.endswith("_s") else 3
        print(f"\n{metric}, {given.seeds} seeds, ticks {study.since_tick:,} to {given.ticks:,}")
        print(f"  {'signals':16} {'fixed drivers':24} {'learning drivers':24} {'difference, paired':24}")
        for name in SIGNALS:
            fixed, learning = cell[name, False], cell[name, True]
            cells_told = (told(fixed, "", digits), told(learning, "", digits), told(learning - fixed, "+", digits))
            print(f"  {name:16} {cells_told[0]:24} {cells_told[1]:24} {cells_told[2]}")
    print()
    for name, values in found.items():
        print(f"  {name:32} {told(values, '+')} s")
    print(f"\n{sentence(found)}\n")
    for name, (trip_s, switches) in spreads.items():
        print(f"  choice, {name:10} mean trip {told(trip_s)} s, {switches.mean():.1%} take another route than before")
    target = f"at least {SPEED_TARGET / 1e3:.0f} k: {'reached' if speed >= SPEED_TARGET else 'NOT reached'}"
    print(f"\nboth learning: {speed / 1e3:,.0f} k ticks per CPU-second ({target})")
    print(f"{spent:.0f} CPU-seconds")


if __name__ == "__main__":
    main()
