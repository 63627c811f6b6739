"""Units of compiled code on the disk: an edit compiles again what it touches, damage and a full disk stop nobody."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine import store, texts

ROOT = Path(__file__).parents[2]
RUN = """
import models
for learner in ("q", "sarsa"):
    models.make("games/prisoners_dilemma", learner=learner, seed=1).run(1)
world = models.make("games/prisoners_dilemma", learner="random", seed=1)
world.run(1)
print(world.turn.common[0])
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the project that has compiled a world and three learners."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("engine", "scenarios", "learners", "models"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    compiled_anew(folder)
    return folder


def say(program, folder=ROOT, **environment):
    """What a program prints in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(folder), **environment}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def units(folder):
    """Units that are kept, and when they were made."""
    return {path.name: path.stat().st_ino for path in (folder / "cache" / "everlearn" / "units").glob("[!.]*")}


def compiled_anew(folder):
    """Functions that a run compiles, sorted, and what it prints."""
    before = units(folder)
    said = say(RUN, folder, XDG_CACHE_HOME=str(folder / "cache"))
    made = [name for name, made in units(folder).items() if before.get(name) != made]
    return sorted(name.rpartition("_")[0] for name in made), float(said)


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_has_not_changed_is_not_compiled_again(copied):
    assert compiled_anew(copied)[0] == []


@pytest.mark.parametrize(
    "file, again",
    [
        ("learners/sarsa.py", ["act", "settle"]),
        ("learners/random.py", ["act"]),
        ("learners/q.py", ["act", "act", "learn", "settle"]),  # sarsa acts as q does
        ("models/games/rules.py", ["begin_tick", "end_tick"]),
        ("models/games/model.py", []),
        ("models/traffic/rules.py", []),
        ("scenarios/games/prisoners_dilemma.toml", []),
    ],
)
def test_an_edit_compiles_again_what_it_touches_and_nothing_else(copied, file, again):
    with (copied / file).open("a", encoding="utf-8") as text:
        text.write("\n# edited\n")
    assert compiled_anew(copied)[0] == again


def test_an_edited_kernel_in_another_file_is_never_served_stale(copied):
    _, common = compiled_anew(copied)
    edit(copied / "models" / "games" / "rules.py", "turn.common[:] = total", "turn.common[:] = 100.0 + total")
    assert compiled_anew(copied) == (["begin_tick", "end_tick"], pytest.approx(common + 100.0))


def test_a_unit_that_was_cut_off_or_damaged_is_made_again(copied):
    kept = sorted((copied / "cache" / "everlearn" / "units").glob("[!.]*"))
    for path, content in ((kept[0], kept[0].read_bytes()[:100]), (kept[-1], b"x" + kept[-1].read_bytes()[1:])):
        path.write_bytes(content)
    assert len(compiled_anew(copied)[0]) <= 2  # those that this run needs
    assert compiled_anew(copied)[0] == []


def test_where_nothing_can_be_kept_everything_still_works(tmp_path):
    """A container: no home that one can write, no folder for temporary files that others have not made first."""
    (tmp_path / "file").write_text("")
    nowhere = str(tmp_path / "file" / "below")  # not even root can make a folder below a file
    program = "import models, engine.store as s; models.make('games/chicken', seed=1).run(1); print(s.cache_root())"
    said = say(program, HOME=nowhere, XDG_CACHE_HOME=nowhere, TMPDIR=str(tmp_path))
    assert said.startswith(str(tmp_path / "everlearn-"))


def test_only_so_many_bytes_of_units_are_kept_and_those_used_last(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "cache_root", lambda: tmp_path)
    monkeypatch.setitem(store.MOST_BYTES, "units", 3 * (32 + len(b"code")))
    for number in range(6):
        store.write(f"unit{number}", b"code")
        os.utime(tmp_path / "units" / f"unit{number}", (number, number))
    assert store.read("unit3") == b"code"  # used now
    store.write("unit6", b"code")
    assert {path.name for path in (tmp_path / "units").iterdir()} == {"unit3", "unit5", "unit6"}
    store.write("unit7", bytes(1000))  # more than all together may have
    assert {path.name for path in (tmp_path / "units").iterdir()} == {"unit7"}


def test_a_full_disk_keeps_nothing_and_stops_nobody(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "cache_root", lambda: tmp_path)
    monkeypatch.setattr(os, "replace", full)
    store.write("unit", b"code")
    assert store.read("unit") is None and list((tmp_path / "units").iterdir()) == []


NOTEBOOK = """
from typing import NamedTuple
import numpy as np, models
from engine.loop import act
from learners.base import Learner

class Low(NamedTuple):
    action: np.ndarray

class High(NamedTuple):
    action: np.ndarray

@act.body_for(Low)
def act_low(mind, members, turn, world, rng):
    for i in members:
        turn.actions[i] = mind.action[0]

@act.body_for(High)
def act_high(mind, members, turn, world, rng):
    for i in members:
        turn.actions[i] = mind.action[0] + 1

def always(kind):
    class Always(Learner):
        def begin(self, space, rng): return kind(np.zeros(1, np.int64))
    return Always()

for kind in (Low, High, Low):
    world = models.make("games/chicken", learner=always(kind), seed=1)
    world.run(5)
    print(*set(world.turn.actions.tolist()))
"""


def test_what_a_notebook_defines_has_no_file_to_be_named_by_and_runs_as_it_stands():
    assert say(NOTEBOOK).split("\n") == ["0", "1", "0"]
    assert "engine.turn" in texts.closure(["learners.q"]) and "learners.sarsa" not in texts.closure(["learners.q"])
