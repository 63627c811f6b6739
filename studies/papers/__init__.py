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
    measured: float | None  # None where a package is missing
    standard_error: float | None
    published: str
    source: str
    passed: bool | None


def row(result: str, values: Sequence[float], published: str, source: str, passes: Callable[[float], bool]) -> Row:
    """The mean of independent values beside what was published; one value has no standard error."""
    mean = float(np.mean(values))
    error = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return Row(
        result=result, measured=mean, standard_error=error, published=published, source=source, passed=passes(mean)
    )


def unmeasured(result: str, published: str, source: str, why: Exception) -> Row:
    """A row without a number, and what to do about it."""
    nothing = {"measured": None, "standard_error": None, "passed": None}
    return Row(result=f"{result} (not measured: {why})", published=published, source=source, **nothing)


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
