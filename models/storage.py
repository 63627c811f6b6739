"""Saving and opening worlds: arrays, random states, the scenario's text and versions."""

import os
import platform
import warnings
from collections.abc import Collection
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Protocol

import mesa
import numpy as np
from pydantic import BaseModel, Field, ValidationError

import scenarios
from engine import snapshot
from engine.record import Record
from engine.snapshot import NotASnapshot
from engine.turn import Course, Group, Turn
from learners.base import Learner, Space
from models import population
from scenarios import Scenario
from scenarios.schema import explain


class Kept(Protocol):
    """What is written of a world, and put back."""

    turn: Turn
    groups: tuple[Group, ...]
    course: Course
    decision_space: Space
    record: Record
    rng: np.random.Generator
    seed: int
    changes: list[tuple[int, dict[str, Any]]]
    _pinned: dict[str, Any]
    _observed: bool
    longest_life: ClassVar[int]

    @property
    def scenario(self) -> Scenario: ...
    @property
    def state(self) -> object: ...
    @property
    def metrics(self) -> Collection[str]: ...
    @property
    def tick(self) -> int: ...
    def change(self, /, **parameters: Any) -> None: ...
    def audit(self) -> str: ...
    def _want_features(self) -> None: ...


def save(world: Kept, path: str | os.PathLike[str]) -> None:
    """Write a world to `path`."""
    data = snapshot.arrays((world.state, world.turn, world.groups), "world")
    data |= {f"record.{name}": array for name, array in world.record.arrays().items()}
    about = {
        "holds": "world",
        "scenario": world.scenario.text(),
        "name": world.scenario.name,
        "seed": world.seed,
        "pinned": world._pinned,
        "observed": world._observed,
        "watched": world.record.watched,
        "changes": world.changes,
        "streams": [rng.bit_generator.state for rng in _streams(world)],
        "versions": {"python": platform.python_version(), "mesa": mesa.__version__, "numpy": np.__version__},
    }
    snapshot.save(path, data, about)


class Words(BaseModel):
    """The inner state of a permuted congruential generator."""

    state: int = Field(strict=True, ge=0, lt=2**128)
    inc: int = Field(strict=True, ge=0, lt=2**128)


class Stream(BaseModel):
    """The state of a random stream, as NumPy gives it."""

    bit_generator: Literal["PCG64"]
    state: Words
    has_uint32: int = Field(strict=True, ge=0, le=1)
    uinteger: int = Field(strict=True, ge=0, lt=2**32)


class About(BaseModel):
    """What a file says of the world in it, beside the arrays."""

    scenario: str
    name: str
    seed: int = Field(strict=True, ge=0)
    pinned: dict[str, Any]
    observed: bool = Field(strict=True)
    watched: list[str] = []  # the user's own metrics
    changes: list[tuple[Annotated[int, Field(strict=True, ge=0)], dict[str, Any]]]
    streams: list[Stream]


class Saved(NamedTuple):
    """A file: the scenario of its world, what it says of it, and its arrays."""

    scenario: Scenario
    about: About
    data: dict[str, snapshot.Packed]


def load(path: str | os.PathLike[str], learner: Learner | None = None) -> Saved:
    """Read the file of a world; `learner` is one of the user's own.

    Raises
    ------
    engine.snapshot.NotASnapshot
        For a file that is not a saved world, was saved by a version with other arrays, or holds what no world may.
    """
    data, text = snapshot.load(path)
    if text.get("holds") != "world":
        raise NotASnapshot(f"{path}: holds {text.get('holds')!r}, not a world; pass it as minds= to models.make")
    try:
        about = About.model_validate(text)
    except ValidationError as error:
        raise NotASnapshot(explain(error, About, f"{path}: what it says of the world")) from None
    scenario = scenarios.parse(about.scenario, about.name, where=f"{path}: scenario")
    strange = [group.kind for group in scenario.learner if group.kind not in population.names(scenario.domain)]
    if strange and learner is None:
        raise NotASnapshot(f'{path}: saved with your own learner "{strange[0]}"; pass it as learner= to World.open')
    return Saved(scenario, about, data)


def put_back(world: Kept, saved: Saved, path: str | os.PathLike[str]) -> None:
    """Put changes, arrays and random states into a world that has just been made (raises NotASnapshot)."""
    _, about, data = saved
    if about.pinned:
        world.change(**about.pinned)
    features = data.get("world.1.features")
    if features is not None and 0 not in features.shape:
        world._want_features()  # someone outside had looked at it
    space, blocks = world.decision_space, len(world.course.starts) - 1
    limits = world.turn.limits(space.states, space.actions, blocks, world.longest_life)
    snapshot.restore(world.state, data, "world.0")
    snapshot.restore(world.turn, data, "world.1", limits)
    snapshot.restore(world.groups, data, "world.2")
    fault = world.audit()
    if fault:
        raise NotASnapshot(f"{path}: {fault}; the file was altered, so it is not used")
    streams = _streams(world)
    if len(about.streams) != len(streams):
        raise NotASnapshot(f"{path}: holds {len(about.streams)} random streams, this world needs {len(streams)}")
    for rng, stream in zip(streams, about.streams, strict=True):
        rng.bit_generator.state = stream.model_dump()
    world.changes[:] = about.changes
    world._observed = about.observed
    if own := [name for name in about.watched if name not in world.metrics]:
        told = f"{path}: the record has columns of your own, {', '.join(own)}, which end at tick {world.tick:,}"
        warnings.warn(f"{told}; call world.watch(name, function) again, and they go on", stacklevel=3)
    world.record.restore(world.tick, data, "record", own)


def _streams(world: Kept) -> list[np.random.Generator]:
    return [world.rng, *(group.rng for group in world.groups)]
