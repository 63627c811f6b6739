"""What is simulated: every .toml file below this folder is a scenario, named by its place ("traffic/rush_hour")."""

import importlib
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.schema import Knob, Parameters, Scenario, ScenarioError, explain, knobs, suggestion

__all__ = [
    "Knob", "Parameters", "Scenario", "ScenarioError", "domains", "explain", "knobs", "load", "names", "parse",
    "read_text",
]  # fmt: skip

FOLDER = Path(__file__).resolve().parent


def domains() -> list[str]:
    """Names of the worlds that have parameters: "games", "traffic", ..."""
    return sorted(path.parent.name for path in FOLDER.glob("*/parameters.py"))


def names() -> list[str]:
    """Names of all shipped scenarios, sorted."""
    return sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.toml"))


def load(name_or_path: str | os.PathLike[str]) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    name_or_path
        A name from `names()`, or the path of a .toml file.

    Raises
    ------
    ScenarioError
        One sentence: file, place, what is allowed.
    """
    name = os.fspath(name_or_path)
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not name.endswith(".toml") and name not in names():
        hint = suggestion(name, names())
        known = ", ".join(names())
        raise ScenarioError(f'there is no scenario "{name}"; there are {known}, or a path to a .toml.{hint}')
    text = read_text(path)
    inside = path.is_relative_to(FOLDER)
    where = path.relative_to(FOLDER.parent).as_posix() if inside else str(path)
    return parse(text, name=name if not name.endswith(".toml") else path.stem, where=where)


def read_text(path: Path) -> str:
    """The text of a file that a user named (raises ScenarioError where it cannot be read)."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file in UTF-8"
        raise ScenarioError(f"{path}: cannot be read ({reason})") from None


def parse(text: str, name: str, where: str) -> Scenario:
    """Check the text of a scenario; `where` opens every message."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{where}: not a TOML file: {error}") from None
    domain = data.get("domain")
    if domain not in domains():
        hint = suggestion(str(domain), domains())
        raise ScenarioError(f"{where}: domain is {domain!r}; allowed are {', '.join(domains())}.{hint}")
    world = data.pop("world", {})
    if not isinstance(world, dict):
        raise ScenarioError(f"{where}: [world] must be a table of parameters")
    try:
        data["world"] = parameters(domain)(**world)
    except ValidationError as error:
        raise ScenarioError(explain(error, parameters(domain), f"{where}: [world]")) from None
    try:
        return Scenario(name=name, where=where, **data)
    except ValidationError as error:
        raise ScenarioError(explain(error, Scenario, where)) from None


def parameters(domain: str) -> Any:
    """The class of a world's parameters."""
    return importlib.import_module(f"scenarios.{domain}.parameters").Parameters
