"""Published results: one module each, with a function `rows()` of what was measured beside what was published.

A module may have a `figure()`; a package is a result in several parts, each a module of that kind.
"""

import importlib
import os
import pkgutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypedDict, TypeVar

import numpy as np
from matplotlib.figure import Figure

from scenarios import ScenarioError
from scenarios.schema import suggestion

Found = TypeVar("Found")
Values = Sequence[float] | np.ndarray  # of independent trials


class Row(TypedDict):
    """One number of a paper, and ours."""

    result: str
    measured: float | None  # None where a package is missing
    standard_error: float | None
    trials: int
    published: str
    source: str
    passed: bool | None


def mean_and_error(values: Values) -> tuple[float, float]:
    """The mean of independent trials and its standard error, 0 for a single one."""
    error = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return float(np.mean(values)), error


def row(result: str, values: Values, published: str, source: str, passes: Callable[[float], bool]) -> Row:
    """The mean of independent trials beside what was published."""
    mean, error = mean_and_error(values)
    return Row(
        result=result, measured=mean, standard_error=error, trials=len(values),
        published=published, source=source, passed=bool(passes(mean)),
    )  # fmt: skip


def digits(result: str, value: float, published: str, source: str) -> Row:
    """A number that is calculated, not drawn, beside the digits that were published."""
    places = len(published.partition(".")[2])
    return row(result, [value], published, source, lambda found: f"{found:.{places}f}" == published)


def near(result: str, values: Values, published: float, within: float, source: str) -> Row:
    """The mean of independent trials, on either side of what was published."""
    words = f"{published:g} ± {within:g}"
    return row(result, values, words, source, lambda mean: abs(mean - published) <= within)


def by_seed(live: Callable[[int], Found], trials: int) -> list[Found]:
    """What a life comes to, seed by seed, on all cores (kernels release the interpreter)."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(live, range(trials)))


def unmeasured(result: str, published: str, source: str, why: Exception) -> Row:
    """A row without a number, and what to do about it."""
    return Row(
        result=f"{result} (not measured: {why})", measured=None, standard_error=None, trials=0,
        published=published, source=source, passed=None,
    )  # fmt: skip


def names() -> list[str]:
    """Names of the reproduced results."""
    return _names(__path__)


def reproduce(name: str = "") -> list[Row]:
    """Measure one result, or all of them."""
    return [row for module in _modules(name).values() for row in module.rows()]


def figures(name: str = "") -> dict[str, Figure]:
    """A figure of each result, or part of one, that has one, by name."""
    return {each: module.figure() for each, module in _modules(name).items() if hasattr(module, "figure")}


def _modules(name: str) -> dict[str, Any]:
    if name and name not in names():
        raise ScenarioError(f'papers: there is no "{name}"; there are {", ".join(names())}.{suggestion(name, names())}')
    found: dict[str, Any] = {}
    for each in [name] if name else names():
        module = _module(each)
        if hasattr(module, "__path__"):
            found |= {f"{each}-{part}": _module(f"{each}.{part}") for part in _names(module.__path__)}
        else:
            found[each] = module
    return found


def _module(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def _names(path: Sequence[str]) -> list[str]:
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(path))
