"""Studies as TOML files, read with the same care as scenarios."""

import os
from pathlib import Path
from typing import Any

import scenarios
from scenarios import ScenarioError
from scenarios.schema import suggestion
from studies.study import Study

EXAMPLES = Path(__file__).parent / "examples"


def names() -> list[str]:
    """Names of the studies that come with Everlearn."""
    return sorted(path.stem for path in EXAMPLES.glob("*.toml"))


def load(name_or_path: str | os.PathLike[str]) -> Study:
    """Read and check a study.

    Parameters
    ----------
    name_or_path
        A name from `names()`, or the path of a .toml file; paths of scenarios in it start from its own folder.

    Raises
    ------
    ScenarioError
        One sentence: file, place, what is allowed.
    """
    name = os.fspath(name_or_path)
    a_file = name.lower().endswith(".toml")
    if not a_file and name not in names():
        known = ", ".join(names())
        hint = suggestion(name, names())
        raise ScenarioError(f'there is no study "{name}"; there are {known}, or a path to a .toml.{hint}')
    path = Path(name) if a_file else EXAMPLES / f"{name}.toml"
    where = str(path) if a_file else f"studies/examples/{name}.toml"
    data = scenarios.parse_toml(scenarios.read_text(path), where)
    if "where" in data:
        raise ScenarioError(f'{where}: unknown key "where"; known are {", ".join(_keys())}')
    data["scenarios"] = _beside(path.parent, data.get("scenarios"))
    return Study(where=where, **data)


def _keys() -> list[str]:
    return [name for name, field in Study.model_fields.items() if not field.exclude]


def _beside(folder: Path, given: Any) -> Any:
    """Scenarios with paths that start from the folder of the study's file."""
    if isinstance(given, dict):
        return {name: _beside(folder, each) for name, each in given.items()}
    if isinstance(given, list):
        listed = {each: _beside(folder, each) for each in given if isinstance(each, str)}
        return listed if len(listed) == len(given) else given
    return str(folder / given) if isinstance(given, str) and given.lower().endswith(".toml") else given
