"""Worlds from addresses and from saved files, and addresses from worlds."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import models
import scenarios
from app.address import Address
from engine.snapshot import NotASnapshot
from models import population


def make(address: Address) -> tuple[Any, Any, Address]:
    """A world at tick 0, its scenario as the file says it, and the address with changes at reset only.

    Raises
    ------
    ValueError, TypeError
        What cannot be made, in words.
    """
    own = scenarios.load(address.scenario)
    live = {knob.name for knob in scenarios.schema.knobs(own.world) if knob.live}
    made = {name: value for name, value in address.changes.items() if name not in live}
    pinned = {name: value for name, value in address.changes.items() if name in live}
    world = models.make(chosen(own, address), seed=address.seed, **made)
    if pinned:  # as when it is changed while the world runs: it holds over the schedule
        world.change(**pinned)
    return world, own, replace(address, changes=made)


def chosen(scenario: scenarios.Scenario, address: Address) -> scenarios.Scenario:
    """The scenario with the learner and the memory that an address asks for."""
    if address.learner is not None:
        scenario = population.override(scenario, address.learner)
    return scenario if address.lifelong is None else population.with_lifelong(scenario, address.lifelong)


def held(world: Any) -> dict[str, Any]:
    """Parameters that people hold over the schedule of a world."""
    changed = {name: value for _, parameters in world.changes for name, value in parameters.items()}
    return {name: value for name, value in changed.items() if value is not None}


def opened(name: str, data: bytes) -> tuple[Any, Address]:
    """A world from the bytes of a file that was saved, and the address that comes nearest to it.

    Raises
    ------
    NotASnapshot
        What is wrong with the file, in words.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "world.npz"
        path.write_bytes(data)
        try:
            world = models.World.open(path)
        except (ValueError, KeyError, TypeError) as error:  # a file of our format may still lack what it should hold
            said = str(error) if isinstance(error, ValueError) else f"{path}: it lacks {error}"
            said = said.replace(str(path), Path(name).name)
            raise NotASnapshot(f"{said}. Save a world on this page, and open that.") from None
    return world, address_of(world)


def address_of(world: Any) -> Address:
    """Where a world like this one starts: its scenario, learner, seed, and what is set at reset."""
    scenario = world.scenario
    if scenario.name not in scenarios.names():
        return Address(seed=world.seed)
    own = scenarios.load(scenario.name)
    usual = own.world.model_dump()
    made = {name: value for name, value in scenario.world.model_dump().items() if value != usual[name]}
    for lifelong in (None, True, False):
        kinds = [group.kind for group in scenario.learner]
        for learner in (None, kinds[0]):
            address = Address(scenario.name, learner, world.seed, made, lifelong=lifelong)
            if chosen(own, address).learner == scenario.learner:
                return address
    return Address(scenario.name, None, world.seed, made)
