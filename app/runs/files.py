"""What people take home: the world, its record, its figure, and the cell that makes it again."""

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pandas as pd

from app.worlds.address import Address
from models import World
from studies.figures import learning

Changes = list[tuple[int, dict[str, Any]]]


class Source(NamedTuple):
    """A saved world that a run began with."""

    file: str
    tick: int
    changes: int  # that it had seen by then


def write(kind: str, world: World, twin: World | None) -> tuple[str, bytes]:
    """Name and content of a file: `world` (.npz), `record` (.csv) or `figure` (.png); of B where there is one, too.

    Raises
    ------
    ValueError
        When there is nothing to write yet.
    """
    name = f"{world.scenario.name.replace('/', '-')}-seed{world.seed}-tick{world.tick}"
    if kind == "world":
        with TemporaryDirectory() as folder:
            path = Path(folder) / "world.npz"
            (twin or world).save(path)
            return f"{name}{'-B' if twin else ''}.npz", path.read_bytes()
    if not len(world.record.frame()):
        raise ValueError(
            f"There are no measurements yet: the first window closes at tick {world.record.window_ticks:,}."
        )
    if kind == "record":
        frames = {"A": world.record.frame(), "B": twin.record.frame()} if twin else {}
        rows = pd.concat(frames, names=["world"]) if twin else world.record.frame()
        return f"{name}.csv", rows.to_csv().encode()
    picture = io.BytesIO()
    learning.curve(twin or world).savefig(picture, format="png", dpi=150)
    return f"{name}{'-B' if twin else ''}.png", picture.getvalue()


def cell(address: Address, source: Source | None, world: World, twin: World | None, forked: int) -> str:
    """Python that makes again what is on the screen, to the byte; with `twin`, both worlds since the fork."""
    lines, tick, known = _start(address, source, world)
    until = forked if twin else world.tick
    shared = [change for change in world.changes[known:] if change[0] <= until]
    lines += _moves("world", shared, tick, until)
    if twin:
        lines += ["twin = world.fork()  # B"]
        lines += _moves("world", world.changes[known + len(shared) :], forked, world.tick)
        lines += _moves("twin", twin.changes[known + len(shared) :], forked, twin.tick)
    return "\n".join([*lines, "world.record.frame().tail()"]) + "\n"


def _start(address: Address, source: Source | None, world: World) -> tuple[list[str], int, int]:
    """The lines that make the world, its tick, and how many of its changes are made by them."""
    if source:
        return ["import models", "", f"world = models.World.open({json.dumps(source.file)})"], *source[1:]
    given = {"seed": world.seed, **address.changes}
    if address.lifelong is None:
        given = {"learner": address.learner, **given} if address.learner else given
        head, first = ["import models", ""], json.dumps(address.scenario)
    else:
        head = ["import models", "import scenarios", "from models import population", ""]
        head.append(f"scenario = scenarios.load({json.dumps(address.scenario)})")
        if address.learner:
            head.append(f"scenario = population.override(scenario, {json.dumps(address.learner)})")
        head.append(f"scenario = population.with_lifelong(scenario, {address.lifelong})")
        first = "scenario"
    return [*head, f"world = models.make({first}, {_named(given)})"], 0, 0


def _moves(name: str, changes: Changes, tick: int, until: int) -> list[str]:
    """Lines that run a world from a tick until another, with its changes."""
    lines = []
    for at, parameters in [*changes, (until, {})]:
        if at > tick:
            lines.append(f"{name}.run({at - tick:_})")
            tick = at
        if parameters:
            lines.append(f"{name}.change({_named(parameters)})")
    return lines


def _named(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items())
