"""What viewers see of a world at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.curve import RECENT_WINDOWS, Curve

Parts = dict[str, tuple[str, bytes]]  # name -> (NumPy type, bytes), as the picture reads them


@dataclass(frozen=True)
class Snapshot:
    """The picture at one moment; of both worlds where a run is a pair."""

    number: int
    tick: int
    clock: str
    regime: int
    ticks_per_s: float
    parts: Parts
    twin: Parts = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """A moment of the past that a viewer looks at, instead of the run."""

    world: Any
    twin: Any  # world B, or None
    snapshot: Snapshot
    inspected: dict[int, dict[str, Any]]
    panels: list[dict[str, Any]]
    now: list[list[float | None]]  # headline numbers of the world, then of B


def now(world: Any) -> list[float | None]:
    """Headline numbers at the end of the record."""
    curve = Curve(list(world.headline), world.record.window_ticks)
    curve.take(world.record.frame(since=world.tick - (RECENT_WINDOWS + 1) * world.record.window_ticks))
    return curve.now()


def parts(world: Any) -> Parts:
    """What a picture draws of a world."""
    return {name: (part.dtype.str[1:], part.tobytes()) for name, part in world.frame().items()}


def snapshot(number: int, world: Any, twin: Any, ticks_per_s: float) -> Snapshot:
    """The picture of a world, and of its twin where there is one."""
    drawn = parts(twin) if twin is not None else {}
    return Snapshot(number, world.tick, world.clock_text(), world.regime, ticks_per_s, parts(world), drawn)


def inspected(world: Any, agents: Iterable[int], remembers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What some agents see, know and would do."""
    return {agent: {**world.inspect(agent), "remembers": agent in remembers} for agent in agents}
