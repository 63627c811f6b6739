"""The tidy table of a study: one row per case and window of the record, and the means that are compared."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from studies.cases.case import Rows
from studies.questions.arms import text

CASE = ["scenario", "learner", "change", "seed"]


def build(asked: Sequence[Any], found: Mapping[str, Rows]) -> pd.DataFrame:
    """Rows of all cases that are done, in the order in which they were asked.

    Columns are scenario, learner, change, ``set_<parameter>`` for what a sweep or a search sets, seed, tick (since the
    case began, at the end of the window), and every metric.
    """
    swept = list(dict.fromkeys(f"set_{name}" for one in asked for name in one.arm.swept))
    frames = []
    for one in asked:
        if one.case.key in found:
            rows = found[one.case.key]
            place: dict[str, Any] = {"scenario": one.scenario, "learner": one.learner, "change": one.arm.name}
            place |= {name: _cell(one.arm.swept.get(name.removeprefix("set_"), np.nan)) for name in swept}
            metrics = pd.DataFrame(rows.values, columns=list(rows.names))
            frames.append(pd.DataFrame({**place, "seed": one.seed, "tick": rows.ticks}).join(metrics))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*CASE, "tick"])


def _cell(value: Any) -> Any:
    return text(value) if isinstance(value, list | tuple) else value


def measured(table: pd.DataFrame, since: int, window_ticks: int) -> pd.DataFrame:
    """Rows whose window lies wholly after tick `since` of the case."""
    return table[table["tick"] - window_ticks >= since]


def curves(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """A metric as one row per seed and one column per tick; `table` holds one scenario, learner and change."""
    return table.pivot(index="seed", columns="tick", values=metric)
