"""One case of a study: a world, who learns in it, one change and a seed. The same case gives the same rows, anywhere.

A case starts from a fresh world, or from a trained one that all cases of a study fork with their own seeds. Trained
worlds are kept beside compiled code, under a hash of what they are, so each is trained once on every machine.
"""

import functools
import hashlib
import importlib.metadata
import inspect
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import models
from engine import snapshot, store
from engine.snapshot import NotASnapshot
from engine.texts import source_hash
from learners.base import Learner
from models import World, population
from scenarios import Scenario, ScenarioError
from studies.cases.stretches import stretches

FORMAT = 1  # of a case's rows; raised when the same case would give others
TRAINED_KEPT = 4  # worlds that a process holds open


class Stopped(Exception):
    """The study was interrupted; the case was not finished."""


class Rows(NamedTuple):
    """The record of a case: one row per window, labelled by ticks since the case began."""

    names: tuple[str, ...]  # of metrics
    ticks: np.ndarray  # (W,) int64, at which the windows closed
    values: np.ndarray  # (W, M)


def never() -> bool:
    """For those who cannot be stopped."""
    return False


@dataclass(frozen=True)
class Training:
    """How a world came to be before the cases fork it."""

    ticks: int
    seed: int
    world: dict[str, Any] = field(default_factory=dict)  # live parameters held over the schedule meanwhile


@dataclass(frozen=True)
class Case:
    """What is run."""

    scenario: Scenario
    own: Learner | None  # a learner that is in no catalogue, for all agents
    training: Training | None
    world: dict[str, Any]  # live parameters held over the schedule from the start
    seed: int
    ticks: int
    at: int = 0  # ticks after the start when `what` is changed, and learning stops where `freeze`
    what: dict[str, Any] = field(default_factory=dict)
    freeze: bool = False

    @functools.cached_property
    def key(self) -> str:
        """Hash of all that decides about the rows: this case, the code and libraries that run it, files it reads."""
        return _hash(self.about())

    def about(self) -> dict[str, Any]:
        """All that decides about the rows, JSON-able."""
        changed = bool(self.what) or self.freeze
        return {
            "format": FORMAT,
            "versions": _versions(self.own),
            "scenario": _scenario(self.scenario, self.own),
            "training": _training(self.training, self.scenario),
            "world": _values(self.scenario, self.world),
            "change": [self.at, _values(self.scenario, self.what), self.freeze] if changed else None,
            "seed": self.seed,
            "ticks": self.ticks,
        }

    def start(self) -> World:
        """The world before the first tick of a case that is not trained."""
        world = models.make(self.scenario, learner=self.own, seed=self.seed)
        if self.world:
            world.change(**self.world)
        return world

    def run(self, stopped: Callable[[], bool] = never) -> Rows:
        """The record of the case.

        Raises
        ------
        Stopped
            Soon after `stopped()` holds.
        """
        if self.training is None:
            world = self.start()
        else:
            world = _trained(self, stopped).fork(seed=self.seed)
            pins = {**dict.fromkeys(self.training.world), **self.world}
            if pins:
                world.change(**pins)
        start = world.tick
        _advance(world, start + self.at, stopped)
        if self.what:
            world.change(**self.what)
        if self.freeze:
            world.freeze()
        _advance(world, start + self.ticks, stopped)
        frame = world.record.frame(since=start)
        return Rows(tuple(frame.columns), frame.index.to_numpy() - start, frame.to_numpy())


def run(case: Case, code: str, stopped: Callable[[], bool] = never) -> Rows:
    """Run a case where it was sent; `code` is the hash of the sender's sources.

    Raises
    ------
    ScenarioError
        On a machine with other sources, whose rows would be of another study.
    """
    _same_code(code)
    return case.run(stopped)


def train(case: Case, code: str, stopped: Callable[[], bool] = never) -> None:
    """Have the trained world that a case forks on this machine."""
    _same_code(code)
    path = trained_file(case)
    if not path.exists():
        _make_trained(case, path, stopped)


def write(path: Path, case: Case, rows: Rows) -> None:
    """Keep the rows of a case in a file, whole or not at all.

    A case is not worth a flush to disk: what a power failure leaves half written is not a snapshot, and run again.
    """
    snapshot.save(path, {"ticks": rows.ticks, "values": rows.values}, {"names": rows.names, "case": case.about()})


def read(path: Path) -> Rows | None:
    """The rows in a file; None where it is missing or damaged."""
    try:
        data, about = snapshot.load(path)
        return Rows(tuple(about["names"]), np.asarray(data["ticks"]), np.asarray(data["values"]))
    except (NotASnapshot, KeyError):
        return None


def _advance(world: World, goal: int, stopped: Callable[[], bool]) -> None:
    for _ in stretches(world, goal):
        if stopped():
            raise Stopped


# Trained worlds --------------------------------------------------------------------------------------------------

_open: dict[str, World] = {}
_opening = threading.Lock()


def _trained(case: Case, stopped: Callable[[], bool]) -> World:
    """The trained world of a case, held open for those that follow; never run, only forked."""
    path = trained_file(case)
    with _opening:  # cases in other threads wait for it rather than train it, too
        if path.name not in _open:
            try:
                _open[path.name] = World.open(path, learner=case.own)
            except NotASnapshot:
                _open[path.name] = _make_trained(case, path, stopped)
        _open[path.name] = _open.pop(path.name)  # the one used last comes last
        while len(_open) > TRAINED_KEPT:
            _open.pop(next(iter(_open)))
        return _open[path.name]


def _make_trained(case: Case, path: Path, stopped: Callable[[], bool]) -> World:
    training = case.training
    assert training is not None
    world = models.make(case.scenario, learner=case.own, seed=training.seed)
    if training.world:
        world.change(**training.world)
    _advance(world, training.ticks, stopped)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        world.save(path)
        store.prune("trained")
    except OSError as error:
        message = f"{path.parent}: the trained world cannot be kept ({error.strerror or error})"
        raise ScenarioError(f"{message}; make room, or set XDG_CACHE_HOME to another folder") from None
    return world


def trained_file(case: Case) -> Path:
    """File of the trained world that a case forks."""
    whole = case.about()
    about = {name: whole[name] for name in ("format", "versions", "scenario", "training")}
    return store.place("trained", f"{_hash(about)}.npz")


# What decides about the rows -------------------------------------------------------------------------------------


def _hash(about: dict[str, Any]) -> str:
    text = json.dumps(about, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@functools.cache
def code() -> str:
    """Hash of our own sources and of the data shipped with them, as this process has them."""
    shipped = [path for path in Path(models.__file__).parent.rglob("*.*") if path.suffix in (".csv", ".toml")]
    return _hash({"sources": source_hash(), "data": [_content(path) for path in sorted(shipped)]})


def _same_code(sent: str) -> None:
    if sent != code():
        raise ScenarioError(f"this worker runs other code ({code()}) than the study ({sent}); install the same version")


def _versions(own: Learner | None) -> dict[str, Any]:
    """Versions that could change a number, and the text of a learner that came with the user."""
    packages = {name: importlib.metadata.version(name) for name in ("numpy", "numba")}
    return {"code": code(), "packages": packages, "own": None if own is None else _own(own)}


def _own(learner: Learner) -> dict[str, Any]:
    try:
        text = inspect.getsource(type(learner))
    except (OSError, TypeError):  # typed at a prompt
        text = ""
    return {"kind": learner.kind(), "settings": learner.model_dump(mode="json"), "text": text}


def _scenario(scenario: Scenario, own: Learner | None) -> dict[str, Any]:
    """World, population and schedule, every default written out; titles and texts left out."""
    told = scenario.model_dump(mode="json", include={"domain", "version", "repeat", "world", "regime"})
    groups = []
    for group in () if own is not None else scenario.learner:
        learner = population.load(scenario.domain, group.kind, group.settings, scenario.where)
        groups.append({**group.model_dump(mode="json"), "settings": learner.model_dump(mode="json")})
    values = [told["world"], *(regime["change"] for regime in told["regime"])]
    return {**told, "learner": groups, "files": _files(values)}


def _files(told: Any) -> dict[str, list[str]]:
    """Hashes of every file, or of the files of every folder, that a text among parameters names.

    Results of a study may lie in a folder that is called like a value; they decide nothing.
    """
    if isinstance(told, dict | list):
        parts = [_files(part) for part in (told.values() if isinstance(told, dict) else told)]
        return {name: found for part in parts for name, found in part.items()}
    if isinstance(told, str) and told and os.path.exists(told) and not Path(told, "cases").is_dir():
        files = sorted(Path(told).iterdir()) if Path(told).is_dir() else [Path(told)]
        return {told: [_content(file) for file in files if file.is_file()]}
    return {}


def _content(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _training(training: Training | None, scenario: Scenario) -> list[Any] | None:
    return None if training is None else [training.ticks, training.seed, _values(scenario, training.world)]


def _values(scenario: Scenario, changes: dict[str, Any]) -> dict[str, Any]:
    """Changed parameters as the world reads them, so that 1 and 1.0 are one value."""
    world = scenario.change(**changes).world.model_dump(mode="json")
    return {name: world[name] for name in changes}
