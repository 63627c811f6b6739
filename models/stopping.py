"""When a run may stop early: named conditions, each a function of a world that says how long to wait for it.

A condition is asked between stretches of compiled ticks and answers with the ticks after which it could hold at the
earliest, 0 once it holds; so it costs nothing inside the loop and still stops a run at the exact tick.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from engine.record import Record
from learners.base import Learner
from scenarios import ScenarioError
from scenarios.schema import suggestion

SETTLED_WINDOWS = 10
CONVERGED_DECISIONS = 100_000  # Calvano, Calzolari, Denicolo and Pastorello 2020, American Economic Review 110

Wait = Callable[[], int]


class Learning(Protocol):
    """What conditions ask of a world."""

    record: Record
    learners: list[Learner]
    agent_names: list[str]

    @property
    def tick(self) -> int:
        """Ticks done."""

    def mind(self, group: int) -> Any:
        """What a group knows, in the type of its learner."""

    def preferred(self, agent: int) -> np.ndarray | None:
        """What an agent does in every state if it does not explore; None where its learner keeps no table."""


def policies(world: Learning) -> list[np.ndarray]:
    """What every agent prefers that has a table, (S,) each."""
    found = (world.preferred(agent) for agent in range(len(world.agent_names)))
    return [policy for policy in found if policy is not None]


def condition(world: Learning, name: str) -> Wait:
    """How long to wait for a condition, by its name (raises ScenarioError where it cannot be told)."""
    if name not in CONDITIONS:
        known = ", ".join(f'"{each}"' for each in CONDITIONS)
        raise ScenarioError(f'run(until="{name}"): known conditions are {known}.{suggestion(name, CONDITIONS)}')
    return CONDITIONS[name](world)


def settled(world: Learning) -> Wait:
    """Greedy policies are the same at the ends of ten windows of the record in a row."""
    start, window, same, last = world.tick, world.record.window_ticks, 0, b""

    def wait() -> int:
        nonlocal same, last
        if world.tick > start and world.tick % window == 0:
            now = b"".join(policy.tobytes() for policy in policies(world))
            same, last = (same + 1 if now == last else 0), now
        return 0 if same >= SETTLED_WINDOWS else window - world.tick % window

    return wait


def converged(world: Learning) -> Wait:
    """No agent with a table has changed a greedy action in its last 100,000 decisions."""
    counts = []
    for number, learner in enumerate(world.learners):
        if learner.policy(world.mind(number), 0) is not None:
            unchanged = learner.unchanged(world.mind(number))
            if unchanged is None:
                raise ScenarioError(
                    f'run(until="converged"): {learner.kind()} does not report when its greedy policy changes; '
                    f'use until="settled"'
                )
            counts.append(unchanged)
    if not counts:
        raise ScenarioError('run(until="converged"): nobody in this world keeps a table; give a number of ticks')
    return lambda: max(0, CONVERGED_DECISIONS - min(int(unchanged.min()) for unchanged in counts))


CONDITIONS: dict[str, Callable[[Learning], Wait]] = {"settled": settled, "converged": converged}
