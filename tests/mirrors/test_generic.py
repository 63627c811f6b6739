"""Generic functions and the cache of compiled code: the right body, a helpful refusal, and never a stale kernel."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from engine import loop
from engine.generic import FOLDERS_KEPT, entry, generic, generic_with_default

ROOT = Path(__file__).parents[2]


class Celsius(NamedTuple):
    degrees: np.ndarray


class Kelvin(NamedTuple):
    degrees: np.ndarray


class Rankine(NamedTuple):
    degrees: np.ndarray


@generic
def to_kelvin(state, out):
    """Write the temperature in K."""


@to_kelvin.body_for(Celsius)
def celsius_to_kelvin(state, out):
    out[0] = state.degrees[0] + 273.15


@to_kelvin.body_for(Kelvin)
def kelvin_to_kelvin(state, out):
    out[0] = state.degrees[0]


@generic_with_default
def sign(state, out):
    """Positive, unless a body says otherwise."""
    out[0] = 1.0


@entry
def both(state, out):
    to_kelvin(state, out)
    sign(state, out[1:])


def test_a_body_is_chosen_by_the_type_from_python_and_from_compiled_code():
    for state, expected in ((Celsius(np.array([0.0])), 273.15), (Kelvin(np.array([5.0])), 5.0)):
        out = np.zeros(2)
        to_kelvin(state, out)
        assert out[0] == expected
        both(state, out)
        assert out.tolist() == [expected, 1.0]


def test_an_object_answers_with_its_method():
    class Thermometer:
        def to_kelvin(self, out):
            out[0] = 300.0

    out = np.zeros(1)
    to_kelvin(Thermometer(), out)
    assert out[0] == 300.0


def test_a_type_without_body_is_answered_with_those_that_have_one():
    message = (
        r"^to_kelvin has no body for Rankine \(bodies exist for: Celsius, Kelvin\); write one under "
        r"@to_kelvin.body_for\(Rankine\), or give the class a method `to_kelvin`$"
    )
    with pytest.raises(TypeError, match=message):
        to_kelvin(Rankine(np.zeros(1)), np.zeros(1))
    with pytest.raises(TypeError, match="advance has no body for Rankine"):
        loop.advance(Rankine(np.zeros(1)), None, None)


REWARDS = """
import models, engine.generic
world = models.make("games/prisoners_dilemma", learner="random", seed=1)
world.run(1)
print(engine.generic.source_hash(), world.turn.common[0], world.turn.rewards.mean())
"""


def in_copy(folder, cache):
    """Run REWARDS in a copy of the project; return its hash, the common reward, the mean reward and the time taken."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(cache)}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", REWARDS], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    name, common, mean = done.stdout.split()
    return name, float(common), float(mean), time.perf_counter() - start


def test_an_edited_kernel_in_another_file_is_never_served_stale(tmp_path):
    copy, cache = tmp_path / "copy", tmp_path / "cache"
    for package in ("engine", "scenarios", "learners", "models"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    first, again = in_copy(copy, cache), in_copy(copy, cache)
    assert first[:3] == again[:3] and first[1] == first[2]
    assert again[3] < first[3]  # from the disk
    rules = copy / "models" / "games" / "rules.py"
    text = rules.read_text(encoding="utf-8")
    assert text.count("turn.common[:] = total") == 1
    rules.write_text(text.replace("turn.common[:] = total", "turn.common[:] = 100.0 + total"), encoding="utf-8")
    edited = in_copy(copy, cache)
    assert edited[0] != first[0] and edited[1] == pytest.approx(first[1] + 100.0) and edited[2] == first[2]
    assert {path.name for path in (cache / "everlearn" / "numba").iterdir()} == {first[0], edited[0]}


def say(program, **environment):
    """What a program prints in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_old_folders_of_compiled_code_are_pruned(tmp_path):
    for number in range(FOLDERS_KEPT + 3):
        folder = tmp_path / "everlearn" / "numba" / f"old{number}"
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    program = "from engine import generic; print(generic.source_hash())"
    name = say(program, XDG_CACHE_HOME=str(tmp_path))
    left = {path.name for path in (tmp_path / "everlearn" / "numba").iterdir()}
    assert name in left and len(left) == FOLDERS_KEPT and {f"old{FOLDERS_KEPT + 2}"} < left and "old0" not in left


def test_the_cache_folder_holds_even_if_numba_was_imported_before():
    program = "import numba; from engine import generic; print(numba.config.CACHE_DIR.endswith(generic.source_hash()))"
    assert say(program) == "True"
