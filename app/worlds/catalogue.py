"""What the page says about scenarios and worlds, as plain JSON-able values."""

import math
from collections.abc import Iterable
from typing import Any

import scenarios
from app.worlds import offered
from app.worlds.schedule import Schedule
from engine.turn import Group
from learners.memory import LifelongMind
from models import Metric, World, population
from models.kinds import world_class
from scenarios import Knob, Scenario
from studies.references import bare, baselines


def cards() -> list[dict[str, Any]]:
    """Every scenario as a card of the gallery, which has a row for each kind of world."""
    loaded = [offered.load(name) for name in offered.names()]

    def order(one: Any) -> tuple[Any, ...]:
        """What the owner brought comes first, then traffic, and worlds that change most come first in theirs."""
        return (
            one.name not in offered.OWN,
            one.domain != "traffic",
            one.domain,
            -len({block.name for block in one.regime}),
        )

    loaded.sort(key=order)
    return [
        {
            "name": scenario.name,
            "title": scenario.title,
            "question": scenario.question,
            "domain": scenario.domain,
            "world_title": title(scenario.domain),
            "world_about": world_class(scenario.domain, World).about,
            "agent_noun": world_class(scenario.domain, World).agent_noun,
            "cooperation": scenario.world.cooperation,
            "lifelong": any(group.settings.get("lifelong") for group in scenario.learner),
            "regimes": regimes(scenario),
            "repeat": scenario.repeat,
            "ticks": scenario.ticks,
        }
        for scenario in loaded
    ]


def title(domain: str) -> str:
    """Title of a kind of world: what its class says, or else the name of its folder."""
    return world_class(domain, World).title or domain.replace("_", " ").capitalize()


def compared(world: World) -> list[str]:
    """Baselines in the order in which they are compared with: those that matter most, then random, then the others."""
    known = baselines.names(world.domain)
    return [*world.compared_with, *(name for name in [known[-1], *known[:-1]] if name not in world.compared_with)]


def regimes(scenario: Scenario) -> list[dict[str, Any]]:
    """The blocks of a schedule, with the kind of each."""
    kinds = Schedule(scenario).kinds.tolist()
    return [{"name": block.name, "ticks": block.ticks, "kind": kind} for block, kind in zip(scenario.regime, kinds)]


def world(world: World, own: Scenario) -> dict[str, Any]:
    """What stays the same for the life of a world; `own` is its scenario as the file says it."""
    scenario = world.scenario
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "summary": scenario.summary,
        "domain": scenario.domain,
        "world_title": title(scenario.domain),
        "learner": ", ".join(dict.fromkeys(group.kind for group in own.learner)),
        "learners": population.titles(scenario.domain),
        "compared": compared(world),
        "theory_tones": dict(world.theory_tones),
        "worse_than_random": bare.worse_than_random(scenario.name),
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


def knob(item: Knob) -> dict[str, Any]:
    """A parameter as the page's controls read it."""
    names = ("name", "title", "value", "kind", "unit", "meaning", "low", "high", "choices", "live")
    return {name: getattr(item, name) for name in names}


def metric(item: Metric) -> dict[str, Any]:
    """A metric as headline numbers and charts read it."""
    return {name: getattr(item, name) for name in ("title", "meaning", "unit", "good")}


def lines(found: dict[str, list[float]]) -> dict[str, list[float | None]]:
    """Lines of a chart, one value per regime block; None where a line has no value."""
    return {name: known(values) for name, values in found.items()}


def known(values: Iterable[float]) -> list[float | None]:
    """Numbers as JSON knows them: None for NaN."""
    return [None if math.isnan(value) else float(value) for value in values]


def remembers(group: Group) -> bool:
    """Whether a group of agents has a memory."""
    return isinstance(group.mind, LifelongMind)
