"""Saved worlds and minds, altered: they are refused in words, or they run on correctly.

Numbers are altered at single places and everywhere, arrays are exchanged, reshaped, retyped, left out and added, the
description is altered key by key, and bytes of the file are flipped, cut off or added. What is opened is moved by
compiled code, drawn as the page draws it, forked, changed, saved and opened again.
"""

import json
import tempfile
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import models
from app.runs import frames, making
from engine import snapshot
from engine.snapshot import NotASnapshot
from scenarios import ScenarioError
from tests.contracts.hostile import alter
from tests.fuzz.odd import odd
from tests.fuzz.workers import Attempt

LIVES: list[tuple[str, Any]] = [
    ("games/cyclic_climbing", "joint_q"), ("games/cyclic_climbing", "wolf_phc"),
    ("games/cyclic_climbing", {"kind": "q", "lifelong": True, "block_ticks": 2}), ("games/congestion", "exp3"),
    ("oligopoly/duopoly", "sarsa"), ("routes/forty_drivers", "q"), ("routes/forty_drivers", "day_to_day"),
    ("traffic/single_crossing", "tile_q"), ("traffic/single_crossing", "max_pressure"), ("traffic/both_learn", "q"),
    ("crossing/four_drivers", "lenient_q"), ("crossing/four_drivers", "first_come"), ("grid/pivotal_cap", "q"),
    ("grid/pivotal_cap", "best_response"), ("market/order_book", "q"), ("market/entry_and_exit", "counterfactual"),
    ("market/one_pair", "roth_erev"), ("market/one_pair", "zip"),
]  # fmt: skip
BEFORE, AFTER = 80, 60  # ticks


class Kept:
    """A saved world, the minds of its agents, and all that is in both files."""

    def __init__(self, folder: Path, number: int, scenario: str, learner: Any) -> None:
        self.scenario, self.learner = scenario, learner
        world = models.make(scenario, learner=learner, seed=number)
        world.run(BEFORE)
        world.observe()
        self.files = {"world": folder / f"{number}.world.npz", "minds": folder / f"{number}.minds.npz"}
        world.save(self.files["world"])
        world.save_minds(self.files["minds"])
        self.data, self.about = {}, {}
        for kind, path in self.files.items():
            packed, self.about[kind] = snapshot.load(path)
            self.data[kind] = {name: np.asarray(array) for name, array in packed.items()}


def attempts(seed: int, folder: Path, lives: Sequence[tuple[str, Any]] = LIVES) -> Attempt:
    """Make and save every world; what to do with a case."""
    saved = [Kept(folder, number, *life) for number, life in enumerate(lives)]
    for kept in saved:  # compiles all that cases will need
        for kind, path in kept.files.items():
            assert _use(kept, kind, path) == "right"
    return partial(_attempt, seed, saved)


def _attempt(seed: int, lives: list[Kept], case: int) -> str:
    rng = np.random.default_rng([seed, case])
    kept = lives[case % len(lives)]
    kind = "minds" if rng.random() < 0.3 and kept.data["minds"] else "world"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "altered.npz")
        what = _alter(kept, kind, path, rng)
        try:
            return _use(kept, kind, path)
        except (NotASnapshot, ScenarioError) as refused:
            assert str(refused) and "\n" not in str(refused), refused
            return "refused"
        except Exception as error:
            error.add_note(f"{kept.scenario} {kept.learner} {kind}: {what}")
            raise


def _alter(kept: Kept, kind: str, path: Path, rng: np.random.Generator) -> str:
    """Write an altered file; what was done."""
    data, about = dict(kept.data[kind]), kept.about[kind]
    told, names = [], [name for name in data if data[name].size and not name.startswith("record.")]
    way = rng.choice(["numbers", "near", "arrays", "words", "bytes", "members"], p=[0.25, 0.4, 0.15, 0.1, 0.08, 0.02])
    for _ in range(rng.integers(1, 4)):
        name = names[rng.integers(len(names))]
        if way == "numbers":
            data[name] = data[name].copy()
            told.append(f"{name} {alter(data[name], rng)}")
        elif way == "near":
            data[name] = data[name].copy()
            told.append(f"{name} {_bend(data[name], rng)}")
        elif way == "arrays":
            told.append(f"{name} {_rebuild(data, name, names, rng)}")
        elif way == "words":
            about = json.loads(json.dumps(about))
            told.append(f"about: {_reword(about, rng)}")
    snapshot.save(path, data, {"format": None, **about} if "format" not in about else about)
    if way == "bytes":
        told.append(_damage(path, rng))
    if way == "members":
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
            file.writestr(rng.choice(["../out", "about.npy", f"{names[0]}.npy", "x.npy"]), bytes(rng.integers(2**24)))
        told.append("a member more")
    return "; ".join(told)


def _bend(array: np.ndarray, rng: np.random.Generator) -> str:
    """Numbers that may well be allowed, and do not go together with the others."""
    flat = array.reshape(-1)
    for place in rng.integers(flat.size, size=rng.integers(1, 4)):
        other = flat[rng.integers(flat.size)]
        step = rng.integers(-2, 3)
        flat[place] = other if rng.random() < 0.5 or flat.dtype.kind == "b" else flat[place] + flat.dtype.type(step)
    return f"now {flat[:20]}"


def _rebuild(data: dict[str, np.ndarray], name: str, names: list[str], rng: np.random.Generator) -> str:
    """Another array in place of one."""
    other = names[rng.integers(len(names))]
    way = rng.choice(["gone", "other", "longer", "flat", "type", "shuffled", "like it"])
    like = [one for one in names if (data[one].shape, data[one].dtype) == (data[name].shape, data[name].dtype)]
    if way == "gone":
        del data[name]
        names.remove(name)
    elif way == "other":
        data[name] = data[other]
    elif way == "longer":
        data[name] = np.concatenate([data[name], data[name]])
    elif way == "flat":
        data[name] = data[name].reshape(-1)
    elif way == "type":
        data[name] = data[name].astype(rng.choice(["f4", "f8", "i4", "i8", "u8", "S8", "b1", ">i8", ">f8"]))
    elif way == "shuffled":
        data[name] = rng.permuted(data[name])
    else:
        data[name] = data[like[rng.integers(len(like))]]
    return f"{way} {other}"


def _reword(about: dict[str, Any], rng: np.random.Generator) -> str:
    """Something odd at a place of the description."""
    place: Any = about
    way: list[Any] = []
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        way.append(keys[rng.integers(len(keys))])
        if not isinstance(place[way[-1]], dict | list) or rng.random() < 0.3:
            place[way[-1]] = odd(rng)
            break
        place = place[way[-1]]
    return f"{way}"


def _damage(path: Path, rng: np.random.Generator) -> str:
    """Bytes flipped, cut off, or put in."""
    content = bytearray(path.read_bytes())
    way = rng.choice(["flip", "cut", "put"])
    at = int(rng.integers(len(content)))
    if way == "flip":
        content[at] ^= int(rng.integers(1, 256))
    elif way == "cut":
        del content[at:]
    else:
        content[at:at] = rng.bytes(int(rng.integers(1, 50)))
    path.write_bytes(content)
    return f"{way} at {at}"


def _use(kept: Kept, kind: str, path: Path) -> str:
    """Do with a file what people do, and see that what comes of it is right."""
    if kind == "minds":
        world = models.make(kept.scenario, learner=kept.learner, seed=1, minds=path)
    else:
        world, _ = making.opened("altered.npz", path.read_bytes())
    world.advance(np.full(len(world.agent_names), -1))
    frames.snapshot(0, world, None, 1.0)
    frames.inspected(world, {0, len(world.agent_names) - 1}, ())
    twin = world.fork()
    world.run(AFTER)
    world.save(path.with_name("again.npz"))
    again = models.World.open(path.with_name("again.npz"))
    path.with_name("again.npz").unlink()
    twin.run(AFTER)
    _same(world, twin)
    world.freeze()
    world.change(cooperation=0.5)
    again.freeze()
    again.change(cooperation=0.5)
    world.run(AFTER)
    again.run(AFTER)
    _same(world, again)
    return "right"


def _same(one: models.World, other: models.World) -> None:
    """Two worlds hold the same bytes, and no reward that is no number."""
    mine, theirs = (snapshot.arrays((world.state, world.turn, world.groups)) for world in (one, other))
    for name, array in mine.items():
        assert array.tobytes() == theirs[name].tobytes(), name
    assert np.isfinite(one.turn.rewards).all() and np.isfinite(one.turn.returns).all(), "rewards are no numbers"
