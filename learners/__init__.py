"""Who decides: one file per learner; the folder is the registry, imported on load and not on list."""

import importlib
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from engine import snapshot
from engine.snapshot import NotASnapshot
from engine.turn import Group
from learners.base import Learner
from learners.foreign import Player, play
from scenarios.schema import ScenarioError, explain, suggestion

__all__ = ["Learner", "Player", "configure", "defined_in", "find", "load", "load_minds", "names", "play", "save_minds"]


def names() -> list[str]:
    """Names of all learners that serve every world."""
    hidden = ("__init__", "base")
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in hidden)


def kind_and_settings(given: str | dict[str, Any], known: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Kind and settings of a learner given by its name or as ``{"kind": ..., setting: ...}``."""
    settings = {"kind": given} if isinstance(given, str) else dict(given)
    if "kind" not in settings:
        raise ScenarioError(f'learner = {given!r}: give it a "kind"; one of {", ".join(known)}')
    if not isinstance(settings["kind"], str):
        raise ScenarioError(f'learner = {given!r}: its "kind" is a name; one of {", ".join(known)}')
    return settings.pop("kind"), settings


def load(name: str, **settings: Any) -> Learner:
    """Make a learner.

    Raises
    ------
    ScenarioError
        For an unknown name or setting; the message says what exists.
    """
    return configure(find(name), settings)


def find(name: str) -> type[Learner]:
    """The class of a learner (raises ScenarioError for an unknown name)."""
    if name not in names():
        raise ScenarioError(f'there is no learner "{name}"; there are {", ".join(names())}.{suggestion(name, names())}')
    return defined_in(importlib.import_module(f"learners.{name}"))[name]


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


def save_minds(path: str | os.PathLike[str], kinds: Sequence[Learner], groups: Sequence[Group]) -> None:
    """Write what groups of agents know; the learners say of which kinds they are."""
    about = {"holds": "minds", "kinds": [learner.kind() for learner in kinds]}
    snapshot.save(path, snapshot.arrays(_minds(groups), "minds"), about)


def load_minds(path: str | os.PathLike[str], kinds: Sequence[Learner], groups: Sequence[Group]) -> None:
    """Put minds saved before into groups of the same kinds (raises engine.snapshot.NotASnapshot for others)."""
    data, about = snapshot.load(path)
    if about.get("holds") != "minds":
        raise NotASnapshot(f"{path}: holds {about.get('holds')!r}, not minds; open it with World.open")
    here = [learner.kind() for learner in kinds]
    if about.get("kinds") != here:
        raise NotASnapshot(f"{path}: minds of {about.get('kinds')}, but the learners here are {here}")
    snapshot.restore(_minds(groups), data, "minds")


def _minds(groups: Sequence[Group]) -> tuple[Any, ...]:
    return tuple(group.mind for group in groups)
