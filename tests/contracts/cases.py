"""What the contracts are parametrised over: every learner in the smallest scenario of each world.

Pairs of world and learner that `COVERING` leaves out are marked `product`; `make quick` leaves them out.
"""

import functools
import math
from typing import Any

import pytest

import learners
import models
import scenarios
from models.kinds import world_class
from scenarios.schema import Population

TICKS = 700  # more than two windows of every world


SMALLEST = {domain: world_class(domain, models.World).smallest for domain in scenarios.domains()}
PAIRS = [(domain, kind) for domain in SMALLEST for kind in models.learners(domain)]
# Worlds and minds are compiled apart; so where a test is dear, every learner is tried in games, and every world with
# `q`, `tile_q` (features) and its own rules.
COVERING = [(domain, kind) for domain, kind in PAIRS
            if domain == "games" or kind in ("q", "tile_q") or kind not in learners.names()]  # fmt: skip
BRISK = {"ppo": {"kind": "ppo", "rollout_size": 64, "n_epochs": 1, "minibatches": 2}}  # a short life holds updates


@functools.cache
def missing(kind: str) -> str:
    """Why a learner of the catalogue cannot be had here, in a sentence; nothing where it can."""
    try:
        learners.load(kind)
    except scenarios.ScenarioError as error:
        return str(error)
    return ""


def at_hand(kinds: list[str]) -> list[str]:
    """Those of some kinds of learners that can be had here: some need packages that not every Python has."""
    return [kind for kind in kinds if kind not in learners.names() or not missing(kind)]


def case(*values: str) -> Any:
    """A case of a test, world and learner or a learner: skipped, with the reason, where the learner cannot be had."""
    marks = [] if at_hand([values[-1]]) else [pytest.mark.skip(reason=missing(values[-1]))]
    if len(values) == 2 and values not in COVERING:
        marks.append(pytest.mark.product)
    return pytest.param(*values, marks=marks)


def make(domain: str, kind: Any, seed: int = 1, **changes: Any) -> models.World:
    """The smallest world of a domain with one kind of learner."""
    learner = BRISK.get(kind, kind) if isinstance(kind, str) else kind
    return models.make(SMALLEST[domain], learner=learner, seed=seed, **changes)


def halves(domain: str, kind: str = "q", seed: int = 1) -> models.World:
    """A world of a domain with two groups of one kind of learner: the smallest, if it has two agents."""
    names = [SMALLEST[domain], *(name for name in scenarios.names() if name.startswith(f"{domain}/"))]
    scenario = scenarios.load(next(name for name in names if len(models.make(name).agent_names) > 1))
    groups = tuple(Population(agents=agents, kind=kind) for agents in (0.5, "all"))
    return models.make(scenario.model_copy(update={"learner": groups}), seed=seed)


def other_value(knob: Any) -> Any:
    """Another value that the parameter may take, None for those that need a map or a matrix."""
    if knob.kind == "choice":
        return next(choice for choice in knob.choices if choice != knob.value)
    if knob.kind == "bool":
        return not knob.value
    if knob.kind in ("float", "int") and knob.live:
        half = (knob.high - knob.value or knob.low - knob.value) / 2
        step = math.copysign(math.ceil(abs(half)), half) if knob.kind == "int" else half  # a range may be 0 to 1
        return type(knob.value)(knob.value + step)
    return None


LIVE = [
    (domain, knob.name, other_value(knob))
    for domain in SMALLEST
    for knob in scenarios.knobs(scenarios.load(SMALLEST[domain]).world)
    if knob.live and other_value(knob) is not None
]
