"""Files of strangers: whatever numbers they hold, they are refused in a sentence or do no harm."""

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from engine import snapshot
from engine.snapshot import NotASnapshot
from models import World
from scenarios import ScenarioError

ROOT = Path(__file__).parents[2]
NUMBER, SEED = 40, 7  # alterations of each world; many thousands were tried when limits were written

LIVES = [
    ("games/cyclic_climbing", ["joint_q", "wolf_phc", {"kind": "q", "lifelong": True, "block_ticks": 2}]),
    ("oligopoly/duopoly", ["sarsa", "exp3"]),
    ("routes/forty_drivers", ["q", "day_to_day"]),
    ("traffic/single_crossing", ["tile_q", "max_pressure"]),
    ("traffic/both_learn", ["q"]),
    ("crossing/four_drivers", ["lenient_q", "first_come"]),
    ("grid/pivotal_cap", ["q", "best_response"]),
    ("market/order_book", ["q"]),
    ("market/entry_and_exit", ["counterfactual"]),
    ("market/one_pair", ["roth_erev", "zip"]),
]


SLOW = pytest.mark.slow  # all but the first
CASES = [pytest.param(*life, id=life[0], marks=[SLOW] if number else []) for number, life in enumerate(LIVES)]


@pytest.mark.parametrize(("scenario", "kinds"), CASES)
def test_no_number_in_a_file_leads_a_kernel_out_of_its_arrays(scenario, kinds):
    """Kernels run as plain Python, which looks at every index."""
    pairs = [f"{json.dumps(scenario)}|{json.dumps(kind)}" for kind in kinds]
    command = [sys.executable, "-W", "ignore", "-m", "tests.contracts.hostile", NUMBER, SEED, *pairs]
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == []


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A file of a world, the world, and all that is in the file."""
    world = models.make("games/prisoners_dilemma", learner="q", seed=1)
    world.run(250)
    path = tmp_path_factory.mktemp("files") / "world.npz"
    world.save(path)
    packed, about = snapshot.load(path)
    return path, world, {name: np.asarray(array) for name, array in packed.items()}, about


def write(saved, about=None, **arrays):
    """The file with some of it altered; names are given with "_" for "."."""
    path, _, data, told = saved
    names = {name.replace(".", "_"): name for name in data}
    altered = path.with_name("altered.npz")
    snapshot.save(altered, data | {names.get(name, name): array for name, array in arrays.items()}, about or told)
    return altered


@pytest.mark.parametrize(("array", "value", "words"), [
    ("world.1.past_states", 4, "the file holds 4; 0 to 3 can be"),
    ("world.1.past_actions", -1, "the file holds -1; 0 to 1 can be"),
    ("world.1.block", 1, "the file holds 1; 0 to 0 can be"),
    ("world.2.0.mind.rows", 2**40, "the file holds 1099511627776; 0 to 1 can be"),
    ("world.2.0.mind.greedy", 2, "the file holds 2; 0 to 1 can be"),
    ("world.1.neighbours", 1, "differs from what this version makes of the same scenario"),
    ("world.0.derived.payoff", 1.0, "differs from what this version makes of the same scenario"),
    ("world.2.0.members", 0, "differs from what this version makes of the same scenario"),
])  # fmt: skip
def test_what_an_array_may_not_hold_is_named(saved, array, value, words):
    path = write(saved, **{array.replace(".", "_"): np.full_like(saved[2][array], value)})
    with pytest.raises(NotASnapshot, match=f"^{array}: {words}"):
        World.open(path)


def test_truth_values_are_zero_or_one(saved):
    strange = np.full(2, 7, np.uint8).view(bool)
    with pytest.raises(NotASnapshot, match=r"world.1.thawed: the file holds 7; 0 to 1 can be"):
        World.open(write(saved, world_1_thawed=strange))


def test_minds_are_looked_at_as_worlds_are(saved, tmp_path):
    saved[1].save_minds(tmp_path / "minds.npz")
    packed, about = snapshot.load(tmp_path / "minds.npz")
    rows = {"minds.0.rows": np.array([0, 5])}
    snapshot.save(tmp_path / "bad.npz", {name: np.asarray(array) for name, array in packed.items()} | rows, about)
    with pytest.raises(NotASnapshot, match=r"minds.0.rows: the file holds 5; 0 to 1 can be"):
        models.make("games/prisoners_dilemma", learner="q", minds=tmp_path / "bad.npz")


class Loose(NamedTuple):
    """A mind that does not say what its whole numbers may be."""

    place: np.ndarray


def test_whole_numbers_of_which_nobody_says_what_they_may_be_are_refused():
    with pytest.raises(NotASnapshot, match=r"mind.place: nobody says what it may hold; name it in the method limits"):
        snapshot.restore(Loose(np.zeros(1, np.int64)), {"mind.place": np.zeros(1, np.int64)}, "mind")


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**130) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("self") | st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(st.data())
def test_a_description_with_anything_missing_or_odd_is_refused_or_serves(saved, data):
    about = json.loads(json.dumps(saved[3]))
    name = data.draw(st.sampled_from([*about, "streams.0", "streams.0.state", "changes.0"]))
    *way, last = [int(part) if part.isdigit() else part for part in name.split(".")]
    place = about
    for part in way:
        place = place[part]
    if isinstance(place, list):
        place[last:] = [data.draw(ODD)]
    elif data.draw(st.booleans()):
        del place[last]
    else:
        place[last] = data.draw(ODD)
    try:
        World.open(write(saved, about={"format": None, **about})).run(3)
    except (NotASnapshot, ScenarioError) as refused:
        assert "\n" not in str(refused)
    except RuntimeError as begun:
        assert "begun with observe()" in str(begun)


@pytest.mark.parametrize("name", ["world.nobody.asked", "record.metrics", "world.1.states"])
def test_what_is_not_wanted_is_not_unpacked(saved, name):
    """A megabyte of zeros packs to a kilobyte."""
    huge = np.zeros((2**20, 24)) if name == "record.metrics" else np.zeros(2**24)
    path = write(saved, **{name.replace(".", "_") if name in saved[2] else name: huge})
    tracemalloc.start()
    try:
        World.open(path)
    except NotASnapshot as refused:
        assert name in str(refused)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**26
