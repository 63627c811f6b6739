"""What the contracts are parametrised over: every learner in the smallest scenario of each world."""

import functools
from typing import Any

import pytest

import learners
import models
import scenarios
from models.kinds import world_class

TICKS = 700  # more than two windows of every world


SMALLEST = {domain: world_class(domain).smallest for domain in scenarios.domains()}
PAIRS = [(domain, kind) for domain in SMALLEST for kind in models.learners(domain)]
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
    """A case of a test, the last value a kind of learner: skipped, with the reason, where it cannot be had."""
    had = at_hand([values[-1]])
    return pytest.param(*values, marks=[] if had else pytest.mark.skip(reason=missing(values[-1])))


def make(domain: str, kind: Any, seed: int = 1, **changes: Any) -> models.World:
    """The smallest world of a domain with one kind of learner."""
    learner = BRISK.get(kind, kind) if isinstance(kind, str) else kind
    return models.make(SMALLEST[domain], learner=learner, seed=seed, **changes)
