"""The engine without any world: generic functions, returns and shaping, cooperation, the record, snapshots.

The last test keeps the promise that an edited kernel is never served from the folder of compiled code.
"""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import models
from engine import loop, snapshot
from engine.generic import generic, generic_with_default
from engine.record import Held, Record
from engine.snapshot import NotASnapshot
from engine.turn import EVERYONE, NEIGHBOURS, PLANNER, Course, begin_turn
from tests import hand

ROOT = Path(__file__).parents[1]


class Pair(NamedTuple):
    """A state with a body."""

    values: np.ndarray


class Stranger(NamedTuple):
    """A state without one."""

    values: np.ndarray


@generic
def double(state, amount):
    """A stub."""


@double.body_for(Pair)
def double_pair(state, amount):
    state.values[:] += amount


@generic_with_default
def rest(state, amount):
    """A stub that serves whoever has no body."""
    state.values[:] -= amount


# Generic functions -------------------------------------------------------------------------------------------------


def test_a_body_is_chosen_by_the_type_of_the_first_argument():
    pair, stranger = Pair(np.ones(2)), Stranger(np.ones(2))
    double(pair, 3.0)
    rest(stranger, 3.0)
    assert pair.values.tolist() == [4.0, 4.0] and stranger.values.tolist() == [-2.0, -2.0]


def test_a_type_without_a_body_is_told_which_exist_and_how_to_write_one():
    with pytest.raises(TypeError, match=r"double has no body for Stranger.*for: Pair\).*double.body_for") as error:
        double(Stranger(np.ones(2)), 3.0)
    assert "give the class a method `double`" in str(error.value) and "\n" not in str(error.value)


def test_a_method_of_an_object_serves_as_its_body():
    class Heap:
        total = 0.0

        def double(self, amount):
            self.total += 2 * amount

        def rest(self, amount):
            self.total -= amount

    heap = Heap()
    double(heap, 3.0)
    rest(heap, 1.0)
    assert heap.total == 5.0
    with pytest.raises(TypeError, match="double has no body for object"):
        double(object(), 1.0)


# Returns, shaping and cooperation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("per_decision", "per_tick", "seen"), [(0.9, 1.0, 0.9), (1.0, 0.9, 0.9**3)])
def test_shaping_adds_the_discounted_potential_reached_and_takes_the_one_left(per_decision, per_tick, seen):
    returns = []
    for potential in ([0.0, 0.0], [-7.0, -4.0]):
        turn, course = begin_turn([[1], [0]], 0, 10), alone(2)
        turn.gamma_decision[:], turn.gamma_tick[:], turn.deciding[:] = per_decision, per_tick, True
        turn.potential[:] = potential[0]
        hand.judge(turn)
        assert not turn.judged.any() and not turn.returns.any()  # nothing to judge before the first decision
        hand.hold(turn)
        for reward in (1.0, 2.0, 4.0):
            turn.rewards[:] = reward
            hand.gather(turn, course)
        assert turn.elapsed.tolist() == [3, 3]
        turn.potential[:], turn.deciding[1] = potential[1], False
        hand.judge(turn)
        assert turn.judged.tolist() == [True, False]
        assert turn.discount[0] == pytest.approx(seen)
        returns.append(turn.returns.copy())
    plain, shaped = returns
    assert plain[0] == pytest.approx(1.0 + 2.0 * per_tick + 4.0 * per_tick**2)
    assert shaped[0] - plain[0] == pytest.approx(seen * -4.0 + 7.0)
    assert shaped[1] == plain[1]  # who does not decide is not judged


def test_the_frozen_are_not_judged():
    turn = begin_turn([[1], [0]], 0, 10)
    turn.deciding[:], turn.started[:], turn.thawed[0] = True, True, False
    hand.judge(turn)
    assert turn.judged.tolist() == [False, True]


def alone(agents, kappa=0.0, whom=NEIGHBOURS):
    """A course of one block."""
    return Course(np.array([0, 1]), np.array([False]), np.full((1, agents), kappa), np.array([whom]))


@pytest.mark.parametrize("kappa", [0.0, 0.25, 1.0])
@pytest.mark.parametrize(
    ("whom", "others"),
    [
        (NEIGHBOURS, [4.0, (1.0 + 10.0) / 2, 4.0, 7.0]),  # a line of three; who has nobody cares for itself
        (EVERYONE, [22.0 / 4] * 4),
        (PLANNER, [-3.0] * 4),
    ],
)
def test_cooperation_mixes_own_and_others_rewards(whom, others, kappa):
    turn = begin_turn([[1], [0, 2], [1], []], 0, 10)
    turn.rewards[:], turn.common[0] = [1.0, 4.0, 10.0, 7.0], -3.0
    hand.gather(turn, alone(4, kappa, whom))
    np.testing.assert_allclose(turn.gains, (1 - kappa) * turn.rewards + kappa * np.array(others), rtol=1e-14)
    assert np.array_equal(turn.returns, turn.gains) and np.array_equal(turn.reward_sums, turn.rewards)


def test_each_agent_has_a_cooperation_of_its_own():
    turn, course = begin_turn([[1], [0]], 0, 10), alone(2)
    turn.rewards[:], course.cooperation[0, 1] = [2.0, 6.0], 1.0
    hand.gather(turn, course)
    assert turn.gains.tolist() == [2.0, 2.0]


def test_the_text_of_the_loop_serves_python_learners_step_by_step():
    calls = []

    class Mind:
        def learn(self, members, turn, world, rng):
            calls.append("learn")

        def act(self, members, turn, world, rng):
            calls.append("act")
            turn.actions[members] = 1

        def settle(self, members, turn, world, rng):
            calls.append("settle")

    world = models.make("games/climbing", seed=0)
    group = world.groups[0]._replace(mind=Mind())
    tape, agents = world.record.tapes(0, 2)
    loop.loop_in_python(world.state, (group,), world.turn, world.course, world.rng, 2, tape, agents)
    assert calls == ["learn", "act", "settle"] * 2 and world.tick == 2
    assert world.turn.rewards.tolist() == [7.0, 7.0]  # both chose the middle


# The record --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tick", "ticks", "rows"), [(0, 9, 0), (0, 10, 1), (9, 1, 1), (10, 9, 0), (5, 30, 3), (3, 0, 0)]
)
def test_a_tape_has_one_row_for_every_window_that_closes(tick, ticks, rows):
    tape, agents = Record(["a", "b"], ["x"], window_ticks=10).tapes(tick, ticks)
    assert tape.shape == (rows, 2) and agents.shape == (rows, 1)


def test_rows_are_labelled_with_the_tick_at_which_their_window_closed():
    record = Record(["a"], ["x"], window_ticks=10)
    record.add(7, *record.tapes(0, 7))
    record.add(34, np.array([[1.0], [2.0], [3.0]]), np.array([[4.0], [5.0], [6.0]]))
    twin = record.fork()
    twin.add(40, np.array([[9.0]]), np.array([[9.0]]))
    assert record.frame()["a"].to_dict() == {10: 1.0, 20: 2.0, 30: 3.0}
    assert record.agents()["x"].to_dict() == {10: 4.0, 20: 5.0, 30: 6.0}
    assert twin.frame().index.tolist() == [10, 20, 30, 40]
    again = Record(["a"], ["x"], window_ticks=10)
    again.restore(34, record.arrays())
    assert again.frame().equals(record.frame())


def test_a_held_series_answers_every_step_with_the_last_closed_window():
    held = Held(np.array([5.0, 6.0]), window_ticks=3, steps=7)
    assert len(held) == 7 and held[-1] == held[6] == 6.0
    np.testing.assert_array_equal(list(held), [np.nan, np.nan, 5.0, 5.0, 5.0, 6.0, 6.0])
    assert held[2:6:3] == [5.0, 6.0]
    for outside in (7, -8):
        with pytest.raises(IndexError, match=f"step {outside} of 7"):
            held[outside]


# Snapshots ---------------------------------------------------------------------------------------------------------


def test_trees_of_arrays_come_back_as_they_were(tmp_path):
    tree = (Pair(np.arange(3.0)), (np.array([[1, 2]]), 5, "text"))
    snapshot.save(tmp_path / "a.npz", snapshot.arrays(tree, "t"), {"holds": "trees"})
    data, about = snapshot.load(tmp_path / "a.npz")
    twin = snapshot.copy(tree)
    twin[0].values[:], twin[1][0][:] = 0.0, 0
    assert tree[0].values.tolist() == [0.0, 1.0, 2.0]
    snapshot.restore(twin, data, "t")
    assert twin[0].values.tolist() == [0.0, 1.0, 2.0] and twin[1][0].tolist() == [[1, 2]]
    assert about["holds"] == "trees"
    with pytest.raises(NotASnapshot, match=r"t\.0\.values: the file holds \(3,\) float64, this world needs \(4,\)"):
        snapshot.restore((Pair(np.zeros(4)),), data, "t")
    with pytest.raises(NotASnapshot, match=r"the file holds nothing"):
        snapshot.restore((Pair(np.zeros(3)),), data, "other")


class Harm:
    """What a pickle could do."""

    def __reduce__(self):
        return os.mkdir, (str(Path(os.environ["HARM"])),)


def write_bad(kind, path):
    """One kind of file that is not ours."""
    if kind == "folder":
        path.mkdir()
    elif kind == "pickle":
        path.write_bytes(pickle.dumps(Harm()))
    elif kind == "pickle inside":
        np.savez(path, about=np.array([Harm()], dtype=object), allow_pickle=True)
    elif kind == "array":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    elif kind == "foreign":
        np.savez(path, x=np.zeros(3))
    elif kind == "other format":
        np.savez(path, about=np.array('{"format": "everlearn-0"}'))
    elif kind == "no JSON":
        np.savez(path, about=np.array("{"))
    elif kind != "missing":
        snapshot.save(path, {"x": np.random.default_rng(0).random(5000)}, {"holds": "x"})
        whole = path.read_bytes()
        middle = len(whole) // 2
        damaged = whole[:middle] + bytes(255 - byte for byte in whole[middle : middle + 50]) + whole[middle + 50 :]
        path.write_bytes({"cut short": whole[:middle], "empty": b"", "damaged": damaged}[kind])


KINDS = ["missing", "empty", "folder", "pickle", "pickle inside", "array", "foreign", "other format", "no JSON",
         "cut short", "damaged"]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_not_ours_is_refused_in_one_sentence_and_does_no_harm(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("HARM", str(tmp_path / "harm"))
    path = tmp_path / "world.npz"
    write_bad(kind, path)
    with pytest.raises(NotASnapshot, match=r"world\.npz: ") as error:
        models.World.open(path)
    assert "\n" not in str(error.value) and not (tmp_path / "harm").exists()


def test_minds_are_no_world_and_a_world_is_no_minds(tmp_path):
    world = models.make("games/climbing", seed=0)
    world.save(tmp_path / "world.npz")
    world.save_minds(tmp_path / "minds.npz")
    with pytest.raises(NotASnapshot, match="holds 'minds', not a world"):
        models.World.open(tmp_path / "minds.npz")
    with pytest.raises(NotASnapshot, match="holds 'world', not minds"):
        models.make("games/climbing", minds=tmp_path / "world.npz")
    with pytest.raises(NotASnapshot, match=r"minds of \['hysteretic_q'\], but this world's learners are \['q'\]"):
        models.make("games/climbing", learner="q", minds=tmp_path / "minds.npz")


def test_a_save_that_fails_leaves_the_old_file_whole_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    snapshot.save(path, {"x": np.ones(3)}, {"holds": "x"})
    before = path.read_bytes()

    def die(file, **arrays):
        file.write(b"half of a file")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez_compressed", die)
    with pytest.raises(KeyboardInterrupt):
        snapshot.save(path, {"x": np.zeros(3)}, {"holds": "x"})
    assert path.read_bytes() == before and [found.name for found in tmp_path.iterdir()] == ["a.npz"]


# The folder of compiled code ---------------------------------------------------------------------------------------

PROGRAM = """
import models
world = models.make("games/climbing", learner="random", seed=1)
world.run(3)
print(models.__file__, world.turn.rewards.sum())
"""


def test_an_edited_kernel_is_never_served_stale(tmp_path):
    for folder in ("engine", "learners", "models", "scenarios"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("NUMBA_CACHE_DIR")

    def earned():
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, cwd=tmp_path, check=True,
                              capture_output=True, text=True)  # fmt: skip
        file, rewards = done.stdout.split()
        assert Path(file).is_relative_to(tmp_path)
        return float(rewards)

    first = earned()
    rules = tmp_path / "models" / "games" / "rules.py"
    text = rules.read_text()
    edited = text.replace("reward = earned / number if", "reward = earned / number + 1.0 if")
    assert edited != text
    rules.write_text(edited)
    assert earned() == first + 2.0  # one for each player
