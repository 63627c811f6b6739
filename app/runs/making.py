"""Worlds from addresses and from saved files, and addresses from worlds.

Who sits at a browser is a stranger to this machine: worlds are made of what is shipped and of files that were uploaded,
never of a file that an address or an upload only names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import models
import scenarios
from app.worlds import offered
from app.worlds.address import Address
from engine.snapshot import NotASnapshot
from models import population, storage
from scenarios import Scenario, ScenarioError
from scenarios.schema import slip, suggestion


def heeded(address: Address) -> tuple[Scenario, Address]:
    """The scenario of an address, and the address without keys that are none of its world's parameters.

    Learning platforms and mailing lists add keys of their own to links.

    Raises
    ------
    ScenarioError
        When there is no such scenario, or a key is nearly a parameter.
    """
    own = offered.load(address.scenario)
    known = list(type(own.world).model_fields)
    for name in address.changes:
        if name not in known and (near := slip(name, known)):
            raise ScenarioError(
                f'The address has {name}, which is not a parameter of {own.name}. Did you mean "{near}"?'
            )
    return own, replace(address, changes={name: value for name, value in address.changes.items() if name in known})


def check(scenario: Scenario, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that a world does not have, and files of this machine (raises ScenarioError)."""
    known = {knob.name: knob for knob in scenarios.knobs(scenario.world)}
    for name, value in parameters.items():
        if name not in known:
            hint = suggestion(name, known)
            told = f'{scenario.where}: there is no parameter "{name[:60]}"'
            raise ScenarioError(f"{told}; known are {', '.join(known)}.{hint}")
        allowed = known[name].shipped
        if allowed is not None and value not in allowed:
            told = f"{scenario.where}: {name} = {str(value)[:60]!r}: the page does not open files on the server"
            names = ", ".join(map(repr, allowed))
            raise ScenarioError(f"{told}; allowed are {names}. Use `everlearn run` or Python for your own files")


@dataclass(frozen=True)
class Plan:
    """What an address asks for."""

    own: Scenario  # as its file says it
    scenario: Scenario  # with learner, memory and parameters at reset
    held: Mapping[str, Any]  # live parameters, as when they are changed while the world runs: over the schedule
    address: Address  # with changes at reset only

    def make(self) -> models.World:
        """A world at tick 0 (raises ValueError or TypeError for one that cannot be made)."""
        world = models.make(self.scenario, seed=self.address.seed)
        if self.held:
            world.change(**self.held)
        return world


def plan(address: Address) -> Plan:
    """Read an address (raises ValueError or TypeError)."""
    own = offered.load(address.scenario)
    check(own, address.changes)
    live = {knob.name for knob in scenarios.schema.knobs(own.world) if knob.live}
    made = {name: value for name, value in address.changes.items() if name not in live}
    held = {name: value for name, value in address.changes.items() if name in live}
    return Plan(own, chosen(own, address).change(**made), held, replace(address, changes=made))


def chosen(scenario: scenarios.Scenario, address: Address) -> scenarios.Scenario:
    """The scenario with the learner and the memory that an address asks for."""
    if address.learner is not None:
        scenario = population.override(scenario, address.learner)
    return scenario if address.lifelong is None else population.with_lifelong(scenario, address.lifelong)


def held(world: models.World) -> dict[str, Any]:
    """Parameters that people hold over the schedule of a world."""
    changed = {name: value for _, parameters in world.changes for name, value in parameters.items()}
    return {name: value for name, value in changed.items() if value is not None}


def opened(name: str, data: bytes) -> tuple[models.World, Address]:
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
            scenario = storage.load(path).scenario  # is looked at before a world is made of it
            check(scenario, scenario.world.model_dump())
            world = models.World.open(path)
        except ValueError as error:
            said = str(error).replace(str(path), Path(name).name)
            raise NotASnapshot(f"{said}. Open a file that this page saved.") from None
    return world, address_of(world)


def address_of(world: models.World) -> Address:
    """Where a world like this one starts: its scenario, learner, seed, and what is set at reset."""
    scenario = world.scenario
    if scenario.name not in offered.names():
        return Address(seed=world.seed)
    own = offered.load(scenario.name)
    usual = own.world.model_dump()
    made = {name: value for name, value in scenario.world.model_dump().items() if value != usual[name]}
    for lifelong in (None, True, False):
        kinds = [group.kind for group in scenario.learner]
        for learner in (None, kinds[0]):
            address = Address(scenario.name, learner, world.seed, made, lifelong=lifelong)
            if chosen(own, address).learner == scenario.learner:
                return address
    return Address(scenario.name, None, world.seed, made)
