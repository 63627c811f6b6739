"""Files of worlds and minds: whatever is not one of ours is refused in one sentence, and nothing is ever unpickled."""

import json
import pickle
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from engine import snapshot
from engine.snapshot import NotASnapshot
from learners.base import Memory, PythonLearner
from models import World


def game(learner="q", **changes):
    return models.make("games/prisoners_dilemma", learner=learner, seed=1, **changes)


@pytest.fixture
def saved(tmp_path):
    world = game()
    world.run(250)
    world.save(tmp_path / "world.npz")
    world.save_minds(tmp_path / "minds.npz")
    return tmp_path


def refusal(function):
    """The message of a refusal: one line."""
    with pytest.raises(NotASnapshot) as refused:
        function()
    assert "\n" not in str(refused.value)
    return str(refused.value)


class Bomb:
    def __reduce__(self):
        return (exec, ("raise SystemExit('a file from a stranger was executed')",))


def test_foreign_and_damaged_files_are_refused(saved):
    whole = (saved / "world.npz").read_bytes()
    np.savez(saved / "array.npz", np.arange(3))
    np.save(saved / "one.npy", np.arange(3))
    np.savez(saved / "later.npz", about=np.array(json.dumps({"format": "everlearn-99"})))
    np.savez(saved / "list.npz", about=np.array("[1, 2]"))
    np.savez(saved / "objects.npz", about=np.array([Bomb()], dtype=object))
    with zipfile.ZipFile(saved / "zip.npz", "w") as file:
        file.writestr("about.npy", b"hello")
    contents = {
        "empty.npz": b"", "text.npz": b"hello", "pickle.npz": pickle.dumps(Bomb()), "half.npz": whole[:3000],
        "bent.npz": whole[:3000] + bytes(200) + whole[3200:],
    }  # fmt: skip
    for name, content in contents.items():
        (saved / name).write_bytes(content)
    for name in [*contents, "array.npz", "one.npy", "objects.npz", "zip.npz"]:
        for load in (World.open, lambda path: game(minds=path)):
            message = refusal(lambda load=load, name=name: load(saved / name))
            assert message.startswith(f"{saved / name}: not a file saved by Everlearn, or damaged (")
    for name in ("later.npz", "list.npz"):
        assert refusal(lambda name=name: World.open(saved / name)) == (
            f"{saved / name}: not in the format everlearn-1; save it again with this version of Everlearn"
        )
    assert refusal(lambda: World.open(saved / "none.npz")) == f"{saved / 'none.npz'}: no such file"


@given(st.data())
def test_a_file_with_a_bent_byte_is_refused_or_means_the_same(data):
    world = game("random")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "world.npz")
        world.save(path)
        content = bytearray(path.read_bytes())
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)
        try:
            opened = World.open(path)
        except NotASnapshot:
            return
        assert opened.scenario.text() == world.scenario.text() and opened.rng.random() == world.fork().rng.random()


def test_worlds_and_minds_are_not_taken_for_each_other(saved):
    world, minds = saved / "world.npz", saved / "minds.npz"
    assert refusal(lambda: World.open(minds)) == (
        f"{minds}: holds 'minds', not a world; pass it as minds= to models.make"
    )
    assert refusal(lambda: game(minds=world)) == f"{world}: holds 'world', not minds; open it with World.open"


def test_minds_serve_only_their_own_kind_and_size(saved):
    minds = saved / "minds.npz"
    assert refusal(lambda: game("joint_q", minds=minds)) == (
        f"{minds}: minds of ['q'], but the learners here are ['joint_q']"
    )
    assert refusal(lambda: game(minds=minds, sees="nothing")) == (
        "minds.0.q: the file holds (2, 4, 2) float64, this world needs (2, 1, 2) float64"
    )


def test_a_file_holds_no_pickle_and_can_be_read_without_us(saved):
    with np.load(saved / "world.npz", allow_pickle=False) as file:
        about = json.loads(str(file["about"]))
        assert file["record.tick"].tolist() == [100, 200] and about["seed"] == 1
    assert 'title = "Prisoner' in about["scenario"] and about["versions"].keys() == {"python", "mesa", "numpy"}


def test_a_save_that_fails_leaves_the_old_file_whole(saved, monkeypatch):
    before = (saved / "world.npz").read_bytes()
    monkeypatch.setattr(np, "savez_compressed", lambda file, **arrays: file.write(b"half") and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        game().save(saved / "world.npz")
    assert (saved / "world.npz").read_bytes() == before
    assert sorted(path.name for path in saved.iterdir()) == ["minds.npz", "world.npz"]


def test_changes_and_the_record_survive(saved):
    world = game(record_agents=True)
    world.run(150)
    world.change(cooperation=0.5)
    world.run(100)
    world.save(saved / "changed.npz")
    opened = World.open(saved / "changed.npz")
    assert opened.parameters == world.parameters and opened.changes == world.changes == [(150, {"cooperation": 0.5})]
    assert opened.record.frame().equals(world.record.frame())
    assert opened.record.agents().equals(world.record.agents()) and len(opened.record.agents()) == 2
    opened.change(cooperation=None)
    assert opened.parameters["cooperation"] == 0.0


class Counter(PythonLearner):
    """Cooperates every third time."""

    def begin(self, space, rng):
        return Memory(times=np.zeros(1, np.int64))

    def act(self, mind, members, turn, rng):
        mind.times += 1
        turn.actions[members] = mind.times[0] % 3 > 0


def test_a_world_with_a_learner_of_ones_own_opens_when_it_is_given_again(tmp_path):
    path = tmp_path / "world.npz"
    world = game(Counter())
    world.run(100)
    world.save(path)
    assert refusal(lambda: World.open(path)) == (
        f'{path}: saved with your own learner "counter"; pass it as learner= to World.open'
    )
    opened = World.open(path, learner=Counter())
    assert opened.groups[0].mind.mind.times.tolist() == [100]
    opened.run(100)
    world.run(100)
    assert opened.record.frame().equals(world.record.frame()) and opened.groups[0].mind.mind.times[0] == 200
    assert world.restart(seed=3).groups[0].mind.mind.times.tolist() == [200]


def test_a_copy_shares_no_array_and_has_the_same_random_future():
    rng = np.random.Generator(np.random.PCG64(3))
    tree = (np.arange(3), (np.ones(2), rng), 5, Memory(a=np.zeros(1)))
    twin = snapshot.copy(tree)
    twin[0][0], twin[1][0][0], twin[3].a[0] = 9, 9, 9
    assert tree[0][0] == 0 and tree[1][0][0] == 1 and tree[3].a[0] == 0 and twin[2] == 5
    assert twin[1][1].random(5).tolist() == rng.random(5).tolist()
