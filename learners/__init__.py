"""Who decides: one file per learner; the folder is the registry, imported on load and not on list."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from learners.base import Learner
from scenarios.schema import ScenarioError, explain, suggestion


def names() -> list[str]:
    """Names of all learners that serve every world."""
    hidden = ("__init__", "base")
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in hidden)


def load(name: str, **settings: Any) -> Learner:
    """Make a learner.

    Raises
    ------
    ScenarioError
        For an unknown name or setting; the message says what exists.
    """
    if name not in names():
        raise ScenarioError(f'there is no learner "{name}"; there are {", ".join(names())}.{suggestion(name, names())}')
    return configure(defined_in(importlib.import_module(f"learners.{name}"))[name], settings)


def defined_in(module: ModuleType) -> dict[str, type[Learner]]:
    """Learners that a module defines, by name."""
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Learner)]
    return {kind.kind(): kind for kind in kinds if kind.__module__ == module.__name__}


def configure(kind: type[Learner], settings: dict[str, Any], where: str = "learner") -> Learner:
    """Make a learner of a kind from its settings; `where` opens the message about a wrong one."""
    try:
        return kind(**settings)
    except ValidationError as error:
        raise ScenarioError(explain(error, kind, f'{where} "{kind.kind()}"')) from None
