"""Run a world in stretches of about a third of a second, so that a wish to stop is heard between two of them."""

import time
from collections.abc import Iterator

from models import World

STRETCH_S = 0.3


def stretches(world: World, goal: int) -> Iterator[int]:
    """Run to tick `goal`; gives the tick reached after every stretch (how a run is cut changes nothing in it)."""
    ticks = 1
    while world.tick < goal:
        start = time.perf_counter()
        world.run(min(ticks, goal - world.tick))
        spent = time.perf_counter() - start
        ticks = max(1, int(ticks * min(4.0, STRETCH_S / max(spent, 1e-6))))
        yield world.tick
