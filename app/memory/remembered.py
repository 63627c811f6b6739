"""What a run remembers: its Memory lane, its recovery times, and what a memory is worth in its world.

The last is found once, when the run has lived through its regimes twice: by examining forks
(`studies.lifelong.life.keeping`) in a thread of their own, which ends with the run's life.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from app.memory.lane import Lane
from app.memory.recovery import Recovery
from app.processes.compiling import COMPILERS
from app.worlds import catalogue
from app.worlds.catalogue import remembers
from models import World, population
from models.domain import EndOfLife
from studies.lifelong import life

LOG = logging.getLogger(__name__)
PASSES_BEFORE = 2  # of a schedule that repeats; one of a schedule that does not


class Remembered:
    """What a life has remembered so far; all but the examination runs in the run's own thread.

    Parameters
    ----------
    world
        At tick 0.
    ended
        Whether this life is over, asked from any thread.
    news
        Called from another thread when something is found.
    """

    def __init__(self, world: World, ended: Callable[[], bool], news: Callable[[], None]) -> None:
        self.lane = Lane(world) if any(map(remembers, world.groups)) else None
        self.recovery = Recovery(world.scenario, world.record.window_ticks)
        self._keeping: dict[str, Any] | None = None
        passes = PASSES_BEFORE if world.scenario.repeat else 1
        lived = passes * sum(regime.ticks for regime in world.scenario.regime)
        self._weigh_at = lived if life.can_forget(world) and self.recovery.schedule.returns else None
        self._ended, self._news = ended, news

    @property
    def members(self) -> set[int]:
        """Agents whose memory the lane shows."""
        return self.lane.members if self.lane else set()

    def take(self, world: World) -> None:
        """Read what has happened since the last look; after every stretch of compiled ticks."""
        if self.lane:
            self.lane.take(world)

    def told(self, world: World, rows: pd.DataFrame, changed: Iterable[str]) -> dict[str, Any]:
        """What the page draws, JSON-able, after new rows of the record; `changed` are parameters that people hold."""
        self.recovery.take(rows)
        if self._weigh_at is not None and world.tick >= self._weigh_at:
            self._weigh_at, fork = None, world.fork()
            fork.change(**dict.fromkeys(changed))  # the schedule's regimes, not what people made of them
            threading.Thread(target=self._weigh, args=(fork,), name="weighing", daemon=True).start()
        return {
            "lane": self.lane and self.lane.told(world.tick),
            "recovery": self.recovery.told(),
            "keeping": self._keeping,
        }

    def _weigh(self, fork: World) -> None:
        try:
            self._keep(fork)
        except EndOfLife:
            self._give_up("the comparison would outlive this world, whose end is near; Reset starts a new one.")
        except Exception:  # a fault of ours: the log has the traceback, the page a sentence
            LOG.exception("what a memory is worth in %s", fork.scenario.name)
            self._give_up("the comparison stopped because of a fault in the program; its log says more.")

    def _give_up(self, why: str) -> None:
        self._keeping = {"names": [], "advice": f"Not known: {why}", "kept": {}}
        self._news()

    def _keep(self, fork: World) -> None:
        bare = population.with_lifelong(fork.scenario, False)
        names, plain = life.keeping(COMPILERS.ready(lambda: life.without_memory(fork), bare), self._ended)
        tables = {"without": plain}
        if self.lane:
            tables["with"] = life.keeping(fork, self._ended)[1]
        if not self._ended():
            kept = {which: [catalogue.known(row) for row in table] for which, table in tables.items()}
            self._keeping = {"names": names, "advice": life.advice(life.lacking(plain)), "kept": kept}
            self._news()
