"""What is simulated: every .toml file below this folder is a scenario, named by its place ("traffic/rush_hour")."""

import errno
import importlib
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.schema import Knob, Parameters, Scenario, ScenarioError, explain, knobs, shorten, suggestion

__all__ = [
    "Knob", "Parameters", "Scenario", "ScenarioError", "check_regular", "domains", "explain", "knobs", "load", "names",
    "parse", "parse_toml", "read_text",
]  # fmt: skip

LARGEST_FILE = 2**26  # bytes of a text that people write; whole regions of roads have half of it
FOLDER = Path(__file__).resolve().parent
IN_FOLDER = "scenario.toml"  # of a folder that holds a case with its scenario


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
        A name from `names()`, the path of a .toml file, or a folder that `everlearn import` wrote, whose scenario
        calls its own case ".".

    Raises
    ------
    ScenarioError
        One sentence: file, place, what is allowed.
    """
    name = os.fspath(name_or_path)
    folder = Path(name)
    if name not in names() and os.path.isdir(name) and (folder / IN_FOLDER).exists():
        scenario = load(folder / IN_FOLDER)
        own = {"case": str(folder)} if getattr(scenario.world, "case", "") == "." else {}
        return scenario.change(**own).model_copy(update={"name": folder.name})
    a_file = name.lower().endswith(".toml")
    path = Path(name) if a_file else FOLDER / f"{name}.toml"
    if not a_file and name not in names():
        hint = suggestion(name, names())
        known = ", ".join(names())
        raise ScenarioError(f'there is no scenario "{shorten(name)}"; there are {known}, or a path to a .toml.{hint}')
    text = read_text(path)
    inside = path.is_relative_to(FOLDER)
    where = path.relative_to(FOLDER.parent).as_posix() if inside else str(path)
    return parse(text, name=path.stem if a_file else name, where=where)


def read_text(path: Path, remedy: str = "") -> str:
    """The text of a file that a user named, without the mark that spreadsheets and editors put in front.

    Raises ScenarioError where it cannot be read; `remedy` closes the message.
    """
    try:
        check_regular(path)
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file in UTF-8"
        raise ScenarioError(f"{path}: cannot be read ({reason}){remedy}") from None


def check_regular(path: Path) -> None:
    """Refuse what is neither file nor folder, for a pipe or a device may never end, and huge files (raises OSError)."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "a pipe or device, not a file", str(path))
    if path.is_file() and path.stat().st_size > LARGEST_FILE:
        raise OSError(errno.EFBIG, f"larger than {LARGEST_FILE:,} bytes", str(path))


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """The tables of a TOML text (raises ScenarioError; `where` opens the message)."""
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise ScenarioError(f"{where}: not a TOML file: {error}") from None
    except RecursionError:
        raise ScenarioError(f"{where}: not a TOML file that can be read: brackets are nested too deep") from None


def parse(text: str, name: str, where: str) -> Scenario:
    """Check the text of a scenario; `where` opens every message."""
    data = parse_toml(text, where)
    domain = data.get("domain")
    if domain not in domains():
        hint = suggestion(str(domain), domains())
        raise ScenarioError(f"{where}: domain is {shorten(repr(domain))}; allowed are {', '.join(domains())}.{hint}")
    world = data.pop("world", {})
    if not isinstance(world, dict):
        raise ScenarioError(f"{where}: [world] must be a table of parameters")
    try:
        data["world"] = parameters(domain)(**world)
    except ValidationError as error:
        raise ScenarioError(explain(error, parameters(domain), f"{where}: [world]")) from None
    known = [key for key, field in Scenario.model_fields.items() if not field.exclude]
    if ours := [key for key in data if key in Scenario.model_fields and key not in known]:
        raise ScenarioError(f'{where}: unknown key "{ours[0]}"; known are {", ".join(known)}')
    try:
        return Scenario(name=name, where=where, **data)
    except ValidationError as error:
        raise ScenarioError(explain(error, Scenario, where)) from None


def parameters(domain: str) -> Any:
    """The class of a world's parameters."""
    return importlib.import_module(f"scenarios.{domain}.parameters").Parameters
