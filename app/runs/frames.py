"""What viewers see of a run: what changes seldom, and its world at one moment."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from app.runs.curve import RECENT_WINDOWS, Curve
from models import World
from studies.live.past import Past

Parts = dict[str, tuple[str, bytes]]  # name -> (NumPy type, bytes), as the picture reads them


@dataclass(frozen=True)
class Status:
    """What changes seldom: `life` counts resets, `number` every change of anything here."""

    number: int = 0
    life: int = 0
    playing: bool = True
    speed: float | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    events: tuple[tuple[int, str], ...] = ()
    refusal: str = ""


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

    world: World
    twin: World | None  # world B
    snapshot: Snapshot
    inspected: dict[int, dict[str, Any]]
    panels: list[dict[str, Any]]
    now: list[list[float | None]]  # headline numbers of the world, then of B


def now(world: World) -> list[float | None]:
    """Headline numbers at the end of the record."""
    window = world.record.window_ticks
    start = max(0, world.tick // window - RECENT_WINDOWS) * window
    curve = Curve(list(world.headline), window, start)
    curve.take(world.record.frame(since=start))
    return curve.now()


def parts(world: World) -> Parts:
    """What a picture draws of a world."""
    return {name: (part.dtype.str[1:], part.tobytes()) for name, part in world.frame().items()}


def snapshot(number: int, world: World, twin: World | None, ticks_per_s: float) -> Snapshot:
    """The picture of a world, and of its twin where there is one."""
    drawn = parts(twin) if twin is not None else {}
    return Snapshot(number, world.tick, world.clock_text(), world.regime, ticks_per_s, parts(world), drawn)


def look(number: int, world: World, twin: World | None, ticks_per_s: float, about: dict[int, dict[str, Any]]) -> Look:
    """A moment of the past, with its picture and what is known of agents then."""
    picture = snapshot(number, world, twin, ticks_per_s)
    return Look(world, twin, picture, about, panels(world), [now(each) for each in (world, twin) if each])


def kept(past: Past, twin: Past | None) -> dict[str, int]:
    """How much of a run's past, and of its twin's where there is one, can be looked at."""
    pasts = [past, twin] if twin else [past]
    return {
        "moments": len(past.ticks), "first": past.ticks[0],
        "bytes": sum(each.bytes for each in pasts), "most_bytes": sum(each.most_bytes for each in pasts),
    }  # fmt: skip


def panels(world: Any) -> list[dict[str, Any]]:
    """What the page shows beside the picture."""
    return [asdict(panel) for panel in world.panels()]


def inspected(world: World, agents: Iterable[int], remembers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What some agents see, know and would do, those that this world has."""
    here = [agent for agent in agents if agent < len(world.agent_names)]
    clock = world.clock_text()
    return {agent: {**asdict(world.inspect(agent)), "clock": clock, "remembers": agent in remembers} for agent in here}
