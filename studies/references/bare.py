"""Learners named without settings, against playing at random: what `benchmarks.bare_learners` has measured.

Every learner learns for a while and is frozen; its world goes on in futures that held-out seeds draw, as it does under
`random` and the world's rules. A learner is *worse than random* in a scenario if its agents earn less, on average, in
every one of them: rewards are what agents learn for, while a headline may be what others want, such as a low price.
That still says little of a dilemma or a price war, where agents who compete well leave less for all than dice do.
"""

import functools
import json
import math
import operator
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")  # written by the benchmark


@functools.cache
def measured() -> dict[str, dict[str, Any]]:
    """Per scenario `metric`, `how` it was measured, and `values` and `rewards` of each kind, one per seed."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text())
    return found


def worse_than_random(scenario: str) -> list[str]:
    """Kinds that were worse than random in a scenario; none for scenarios that were not measured."""
    return worse(measured()[scenario]) if scenario in measured() else []


def worse(found: dict[str, Any]) -> list[str]:
    """Kinds whose agents earn less than those that act at random, in every future."""
    rewards = found["rewards"]
    return [kind for kind in rewards if all(map(operator.lt, rewards[kind], rewards["random"]))]


def mean(values: list[float | None]) -> float:
    """Mean over futures, NaN where one of them has nothing to measure."""
    return sum(math.nan if value is None else value for value in values) / len(values)


def warning(kind: str, scenario: str) -> str:
    """What to tell somebody who names a learner that was worse than random."""
    found = measured()[scenario]
    (earned, dice), (learned, other) = (
        [mean(found[what][each]) for each in (kind, "random")] for what in ("rewards", "values")
    )
    return (
        f"{kind} without settings was worse than random play here: after {found['how']['ticks']:,} "
        f"ticks its agents earned "
        f"{earned:.3g} a tick, with random play {dice:.3g} ({found['metric']} {learned:.3g} and {other:.3g}; "
        "docs/bare-learners.md)."
    )
