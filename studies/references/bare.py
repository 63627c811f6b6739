"""Learners named without settings, against playing at random: what `benchmarks.bare_learners` has measured.

Every learner learns for a while and is frozen; its world goes on in futures that held-out seeds draw, as it does under
`random` and the world's rules. A learner is *worse than random* in a scenario if it is worse in every one of them. That
says little of a dilemma or a price war, where learners who compete well leave less for all than dice do.
"""

import functools
import json
import math
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")  # written by the benchmark


@functools.cache
def measured() -> dict[str, dict[str, Any]]:
    """Per scenario `metric`, whether `high` is good, `how` it was measured, and `values` of each kind, one per seed."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text())
    return found


def worse_than_random(scenario: str) -> list[str]:
    """Kinds that were worse than random in a scenario; none for scenarios that were not measured."""
    return worse(measured()[scenario]) if scenario in measured() else []


def worse(found: dict[str, Any]) -> list[str]:
    """Kinds that are worse than random in every future, or leave nothing to measure: no car gets through, say."""
    sign = 1.0 if found["high"] else -1.0
    values, dice = found["values"], found["values"]["random"]

    def below(value: float | None, other: float | None) -> bool:
        return other is not None and (value is None or sign * value < sign * other)

    return [kind for kind in values if all(map(below, values[kind], dice))]


def mean(values: list[float | None]) -> float:
    """Mean over futures, NaN where one of them has nothing to measure."""
    return sum(math.nan if value is None else value for value in values) / len(values)


def warning(kind: str, scenario: str) -> str:
    """What to tell somebody who names a learner that was worse than random."""
    found = measured()[scenario]
    learned, dice = (mean(found["values"][each]) for each in (kind, "random"))
    after = f"after {found['how']['ticks']:,} ticks {found['metric']} was {learned:.3g}, with random play {dice:.3g}"
    return f"{kind} without settings was worse than random play here: {after} (docs/bare-learners.md)."
