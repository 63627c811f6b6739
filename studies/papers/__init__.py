"""Published results: one module each, with a function `rows()` of what was measured beside what was published."""

import importlib
from pathlib import Path
from typing import TypedDict

from scenarios import ScenarioError
from scenarios.schema import suggestion


class Row(TypedDict):
    """One number of a paper, and ours."""

    result: str
    measured: float
    standard_error: float
    published: str
    source: str
    passed: bool


def names() -> list[str]:
    """Names of the reproduced results."""
    return sorted(path.stem.replace("_", "-") for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")


def reproduce(name: str = "") -> list[Row]:
    """Measure one result, or all of them."""
    if name and name not in names():
        raise ScenarioError(f'papers: there is no "{name}"; there are {", ".join(names())}.{suggestion(name, names())}')
    asked = [name] if name else names()
    modules = [importlib.import_module(f"studies.papers.{each.replace('-', '_')}") for each in asked]
    return [row for module in modules for row in module.rows()]
