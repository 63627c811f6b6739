"""What the contracts are parametrised over: every learner in the smallest scenario of each world."""

import hashlib
from typing import Any

import numpy as np

import models
import scenarios
from engine import snapshot

TICKS = 700  # more than two windows of every world


def smallest(domain: str) -> str:
    """The scenario of a world with fewest agents."""
    names = [name for name in scenarios.names() if scenarios.load(name).domain == domain]
    return min(names, key=lambda name: len(models.make(name, seed=0).agent_names))


SMALLEST = {domain: smallest(domain) for domain in scenarios.domains()}
PAIRS = [(domain, kind) for domain in SMALLEST for kind in models.learners(domain)]


def make(domain: str, kind: Any, seed: int = 1, **changes: Any) -> models.World:
    """The smallest world of a domain with one kind of learner."""
    return models.make(SMALLEST[domain], learner=kind, seed=seed, **changes)


def digest(world: models.World) -> str:
    """Hash of every byte of a world: arrays, record and random states."""
    record = {f"record.{name}": array for name, array in world.record.arrays().items()}
    found = snapshot.arrays((world.state, world.turn, world.groups), "world") | record
    text = hashlib.sha256()
    for name in sorted(found):
        text.update(name.encode() + np.ascontiguousarray(found[name]).tobytes())
    for rng in (world.rng, *(group.rng for group in world.groups)):
        text.update(repr(rng.bit_generator.state).encode())
    return text.hexdigest()


def mind_bytes(world: models.World) -> bytes:
    """Every byte of what the agents know."""
    minds = snapshot.arrays(tuple(group.mind for group in world.groups), "minds")
    return b"".join(minds[name].tobytes() for name in sorted(minds))
