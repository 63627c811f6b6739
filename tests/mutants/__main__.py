"""Mutants: faults put into learners and rules one at a time, to see which of them the tests notice (`make mutants`).

    python -m tests.mutants [WORD ...]

Each is one change of text in `mutants.toml`, tried in a copy of the house with the tests that ought to notice it. With
words, only those whose file or fault has one of them. A tool that mutates operators (mutmut, cosmic-ray) would make
thousands of mutants of these kernels, each of which has to be compiled, and none of the faults that a person makes: a
bootstrap left out, the next action's value in place of the best.

Exit code 1 where one survives.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

from engine import store

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "scenarios", "learners", "models", "studies", "app", "benchmarks", "tests")
PATIENCE_S = 600
PASSED, FAILED = 0, 1  # what pytest returns


class Mutant(NamedTuple):
    """One fault."""

    fault: str
    file: str
    was: str
    becomes: str
    tests: str  # as pytest is given them
    plain: bool  # whether they run kernels as plain Python, which is sooner where they compute little

    def put_into(self, text: str) -> str:
        """The file's text with the fault (ValueError where the place is not found once)."""
        if text.count(self.was) != 1:
            raise ValueError(f"{self.file}: {self.was!r} stands there {text.count(self.was)} times; mend mutants.toml")
        return text.replace(self.was, self.becomes)


def declared() -> list[Mutant]:
    """All mutants."""
    groups = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text(encoding="utf-8"))["group"]
    return [
        Mutant(fault, group.get("file", given[0]), *given[-2:], group["tests"], group.get("plain", False))
        for group in groups
        for fault, given in group["mutants"].items()
    ]


def fate(house: Path, tests: str, plain: bool) -> int:
    """What pytest says of a house."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *shlex.split(tests)]
    environment = {**os.environ, "PYTHONPATH": str(house), "XDG_CACHE_HOME": str(house / ".cache")}
    environment["NUMBA_DISABLE_JIT"] = str(int(plain))
    try:
        run = subprocess.run(command, cwd=house, env=environment, capture_output=True, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        return FAILED  # a fault that never ends is noticed too
    return run.returncode


def main(words: list[str]) -> int:
    """Try the mutants and print the score."""
    chosen = [m for m in declared() if not words or any(word in f"{m.file} {m.fault}" for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder)
        for package in PACKAGES:
            shutil.copytree(ROOT / package, house / package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", house)
        units = store.cache_root() / "units"  # compiled code is known by its text; minds trained before are left behind
        if units.is_dir():
            shutil.copytree(units, house / ".cache" / "everlearn" / "units")
        for tests, plain in dict.fromkeys((m.tests, m.plain) for m in chosen):
            if fate(house, tests, plain) != PASSED:
                sys.exit(f"{tests}: these tests do not pass as things are, so they tell nothing about mutants")
        survivors = sum(survives(house, mutant) for mutant in chosen)
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants noticed")
    return int(survivors > 0)


def survives(house: Path, mutant: Mutant) -> bool:
    """Whether all tests pass in a house with one fault."""
    file = house / mutant.file
    text = file.read_text(encoding="utf-8")
    file.write_text(mutant.put_into(text), encoding="utf-8")
    code = fate(house, mutant.tests, mutant.plain)
    file.write_text(text, encoding="utf-8")
    if code not in (PASSED, FAILED):
        sys.exit(f"{mutant.file}, {mutant.fault}: pytest ended with {code}; does the mutant parse?")
    print(f"{'noticed' if code else 'SURVIVES'}  {mutant.file}: {mutant.fault}", flush=True)
    return code == PASSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
