"""The world of docs/add-a-world.md in a copy of the house, as a stranger adds it: no file but its own is written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("engine", "scenarios", "learners", "models", "studies", "app", "benchmarks", "tests")


def blocks(document: str) -> dict[str, str]:
    """Files that a document shows: fences whose language is followed by a path."""
    found: dict[str, list[str]] = {}
    inside = None
    for line in (ROOT / "docs" / document).read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            _, _, path = line.partition(" ")
            inside = found.setdefault(path, []) if path and inside is None else None
        elif inside is not None:
            inside.append(line)
    return {path: "\n".join(lines) + "\n" for path, lines in found.items()}


def house(folder: Path, *documents: str) -> Path:
    """A copy of the house with the files that documents show."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for document in documents:
        for path, text in blocks(document).items():
            file = folder / path
            file.parent.mkdir(exist_ok=True)
            if file.suffix == ".py" and not (file.parent / "__init__.py").exists():
                (file.parent / "__init__.py").write_text("")
            file.write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a house; stdout and stderr are one."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "agg"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=600,
    )  # fmt: skip
