"""What the page says about scenarios and worlds, as plain JSON-able values; and the gallery's pictures.

A card's picture is no drawing made by hand: it is the scenario's own world after a short run, made once per process
in the background (which also warms up the compiled kernels that the world will need when it is opened).
"""

import logging
import math
import threading
from collections.abc import Iterable
from typing import Any

import models
import scenarios
from app.lane import remembers
from app.schedule import Schedule
from models import population

STILL_TICKS = 600

LOG = logging.getLogger(__name__)


def cards() -> list[dict[str, Any]]:
    """Every scenario as a card of the gallery, in a row per folder, of which several worlds may have a part."""
    loaded = [scenarios.load(name) for name in scenarios.names()]

    def order(one: Any) -> tuple[Any, ...]:
        """Traffic is what people should meet first, and worlds that change most come first in theirs."""
        row = folder(one.name)
        return row != "traffic", row, -len({block.name for block in one.regime})

    loaded.sort(key=order)
    return [
        {
            "name": scenario.name,
            "title": scenario.title,
            "question": scenario.question,
            "domain": scenario.domain,
            "row": folder(scenario.name),
            "cooperation": scenario.world.cooperation,
            "lifelong": any(group.settings.get("lifelong") for group in scenario.learner),
            "regimes": regimes(scenario),
            "repeat": scenario.repeat,
            "ticks": scenario.ticks,
        }
        for scenario in loaded
    ]


def folder(name: str) -> str:
    """Folder of a shipped scenario: "traffic" of "traffic/braess"."""
    return name.split("/")[0]


def regimes(scenario: Any) -> list[dict[str, Any]]:
    """The blocks of a schedule, with the kind of each."""
    kinds = Schedule(scenario).kinds.tolist()
    return [{"name": block.name, "ticks": block.ticks, "kind": kind} for block, kind in zip(scenario.regime, kinds)]


def world(world: Any, own: Any) -> dict[str, Any]:
    """What stays the same for the life of a world; `own` is its scenario as the file says it."""
    scenario = world.scenario
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "summary": scenario.summary,
        "domain": scenario.domain,
        "learner": ", ".join(dict.fromkeys(group.kind for group in own.learner)),
        "learners": list(models.learners(scenario.domain)),
        "returns": Schedule(scenario).returns,
        "can_remember": any(population.can_remember(group.kind) for group in scenario.learner),
        "lifelong": any(map(remembers, world.groups)),
        "knobs": [knob(item) for item in scenarios.schema.knobs(scenario.world) if item.serves],
        "regimes": regimes(scenario),
        "repeat": scenario.repeat,
        "ticks": scenario.ticks,
        "seconds_per_tick": world.seconds_per_tick,
        "window_ticks": world.record.window_ticks,
        "agents": list(world.agent_names),
        "scene": world.scene(),
        "headline": list(world.headline),
        "metrics": {name: metric(world.metrics[name]) for name in world.headline},
    }


def knob(item: Any) -> dict[str, Any]:
    """A parameter as the page's controls read it."""
    names = ("name", "title", "value", "kind", "unit", "meaning", "low", "high", "choices", "live")
    return {name: getattr(item, name) for name in names}


def metric(item: Any) -> dict[str, Any]:
    """A metric as headline numbers and charts read it."""
    return {name: getattr(item, name) for name in ("title", "meaning", "unit", "good")}


def lines(found: dict[str, list[float]]) -> dict[str, list[float | None]]:
    """Lines of a chart, one value per regime block; None where a line has no value."""
    return {name: known(values) for name, values in found.items()}


def known(values: Iterable[float]) -> list[float | None]:
    """Numbers as JSON knows them: None for NaN."""
    return [None if math.isnan(value) else float(value) for value in values]


class Stills:
    """The gallery's pictures, made once per process, one after the other."""

    def __init__(self) -> None:
        self._made: dict[str, dict[str, Any]] = {}
        self._started = threading.Lock()

    def ready(self) -> dict[str, dict[str, Any]]:
        """Pictures made so far, by scenario; the first call starts the work."""
        if self._started.acquire(blocking=False):  # never released: it is done once
            threading.Thread(target=self._make, name="stills", daemon=True).start()
        return dict(self._made)

    def _make(self) -> None:
        for card in cards():
            try:
                still = models.make(card["name"], seed=1)
                still.run(STILL_TICKS)
                parameters = {name: value for name, value in still.parameters.items() if name.startswith("payoff")}
                parts = {name: (part.dtype.str[1:], part.tobytes()) for name, part in still.frame().items()}
                self._made[card["name"]] = {
                    "scene": still.scene(), "agents": len(still.agent_names), "parameters": parameters, "parts": parts,
                }  # fmt: skip
            except Exception:  # one world that cannot be made must not empty the gallery
                LOG.exception("picture of %s", card["name"])


STILLS = Stills()
