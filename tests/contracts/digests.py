"""Every byte of a world, and of what its agents know, in short."""

import hashlib

import numpy as np

import models
from engine import snapshot


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
