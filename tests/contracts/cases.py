"""What the contracts are parametrised over: every learner in the smallest scenario of each world."""

from typing import Any

import models
import scenarios

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
