"""Published results: one module each, with a function `rows()` of what was measured beside what was published."""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from matplotlib.figure import Figure

from scenarios import ScenarioError
from scenarios.schema import suggestion


class Row(TypedDict):
    """One number of a paper, and ours."""

    result: str
    measured: float
    standard_error: float
    trials: int
    published: str
    source: str
    passed: bool


def row(result: str, values: Sequence[float], published: str, source: str, passes: Callable[[float], bool]) -> Row:
    """The mean of independent trials beside what was published; a single one has no standard error."""
    mean, trials = float(np.mean(values)), len(values)
    error = float(np.std(values, ddof=1) / np.sqrt(trials)) if trials > 1 else 0.0
    return Row(
        result=result, measured=mean, standard_error=error, trials=trials,
        published=published, source=source, passed=bool(passes(mean)),
    )  # fmt: skip


def names() -> list[str]:
    """Names of the reproduced results."""
    return sorted(path.stem.replace("_", "-") for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")


def reproduce(name: str = "") -> list[Row]:
    """Measure one result, or all of them."""
    return [row for module in _modules(name).values() for row in module.rows()]


def figures(name: str = "") -> dict[str, Figure]:
    """A figure of each result that has one, by name."""
    return {each: module.figure() for each, module in _modules(name).items() if hasattr(module, "figure")}


def _modules(name: str) -> dict[str, Any]:
    if name and name not in names():
        raise ScenarioError(f'papers: there is no "{name}"; there are {", ".join(names())}.{suggestion(name, names())}')
    asked = [name] if name else names()
    return {each: importlib.import_module(f"studies.papers.{each.replace('-', '_')}") for each in asked}
