"""Saving and opening worlds: arrays, random states, the scenario's text and versions."""

import os
import platform
from typing import Any

import mesa
import numpy as np

import scenarios
from engine import snapshot
from engine.snapshot import NotASnapshot
from learners.base import Learner
from models import mesa_clock, population


def save(world: Any, path: str | os.PathLike[str]) -> None:
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
        "changes": world.changes,
        "streams": [rng.bit_generator.state for rng in _streams(world)],
        "versions": {"python": platform.python_version(), "mesa": mesa.__version__, "numpy": np.__version__},
    }
    snapshot.save(path, data, about)


def open_world(path: str | os.PathLike[str], learner: Learner | None = None) -> Any:
    """Make the world a file describes and put its arrays back; `learner` is one of the user's own.

    Raises
    ------
    engine.snapshot.NotASnapshot
        For a file that is not a saved world, or was saved by a version with other arrays.
    """
    from models.world import world_class  # World.open calls us

    data, about = snapshot.load(path)
    if about.get("holds") != "world":
        raise NotASnapshot(f"{path}: holds {about.get('holds')!r}, not a world; pass it as minds= to models.make")
    scenario = scenarios.parse(about["scenario"], about["name"], where=f"{path}: scenario")
    strange = [group.kind for group in scenario.learner if group.kind not in population.names(scenario.domain)]
    if strange and learner is None:
        raise NotASnapshot(f'{path}: saved with your own learner "{strange[0]}"; pass it as learner= to World.open')
    world = world_class(scenario.domain)(scenario, learner=learner, seed=about["seed"])
    if about["pinned"]:
        world.change(**about["pinned"])
    if data.get("world.1.features", world.turn.features).size:
        world._want_features()  # someone outside had looked at it
    snapshot.restore((world.state, world.turn, world.groups), data, "world")
    for rng, state in zip(_streams(world), about["streams"], strict=True):
        rng.bit_generator.state = state
    world.changes = [(tick, change) for tick, change in about["changes"]]
    world._observed = about["observed"]
    world.record.restore(world.tick, {name: data[f"record.{name}"] for name in ("tick", "metrics", "agents")})
    mesa_clock.count(world, world.tick)
    return world


def _streams(world: Any) -> list[np.random.Generator]:
    return [world.rng, *(group.rng for group in world.groups)]
