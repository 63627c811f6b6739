"""Processes beside the server that compile worlds and measure rules, so that the server's own process does neither.

What they compile is kept on the disk (`engine.store`), where the server finds it. The world that somebody opens goes
first, to a process that waits for it; another goes through the gallery meanwhile.
"""

import logging
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import suppress
from typing import Any

import models
from app.processes.seconds import Seconds
from app.worlds import catalogue, offered
from engine import fusion
from engine.unit import NotCompiled, compiled_elsewhere
from scenarios import Scenario
from studies.cases.workers import cores, obey_the_parent

LOG = logging.getLogger(__name__)


def rehearse(world: models.World) -> None:
    """Ask a world for what the page asks of it, so that what is not compiled is missed now."""
    world.loop.prepare()
    world.frame()
    world.panels()
    world.inspect(0)


# In the processes beside the server -------------------------------------------------------------------------------


def compile_world(scenario: Scenario, fused: bool = False) -> float:
    """Compile what the page needs of a scenario; `fused`: what a run calls that has lasted. Returns seconds."""
    start = time.perf_counter()
    world = models.make(scenario, seed=0)
    if fused:
        world.loop.prepare(fused=True)
    else:
        rehearse(world)
    return time.perf_counter() - start


def theory_lines(scenario: Scenario, held: Mapping[str, Any]) -> dict[str, list[float | None]]:
    """Lines of theory for the first headline metric of a scenario, where people hold some of its parameters."""
    world = models.make(scenario, seed=0)
    world.change(**held)
    return catalogue.lines(world.theory_lines(world.headline[0]))


# In the server ----------------------------------------------------------------------------------------------------


class Compilers:
    """The processes, started when they are first needed."""

    def __init__(self) -> None:
        self._pools: dict[str, ProcessPoolExecutor] = {}
        self._lock = threading.Lock()
        self.closed = False
        self._seconds = Seconds()

    def go_through(self, names: Iterable[str]) -> None:
        """Have scenarios compiled while nobody waits."""
        self._submit("first", int)  # so that a process is there when the first world is opened
        threading.Thread(target=self._go_through, args=(names,), name="gallery", daemon=True).start()

    def ready(
        self, make: Callable[[], models.World], scenario: Scenario, tell: Callable[[float], None] = lambda _: None
    ) -> models.World:
        """The world that `make` makes of a scenario, once all that the page needs of it is compiled.

        Where somebody has to wait for that, `tell` is called with the seconds that are expected.
        """
        try:
            with compiled_elsewhere():
                world = make()
                rehearse(world)
        except NotCompiled:
            tell(self._seconds.expected(scenario.domain))
            self._compile("first", scenario)
            world = make()
        return world

    def later(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        """Have something done for which nobody waits."""
        return self._submit("later", work, *given)

    def close(self) -> None:
        """End the processes at once: what is done is kept."""
        self.closed = True
        with self._lock:
            for pool in self._pools.values():
                for process in list((pool._processes or {}).values()):
                    process.terminate()  # Python 3.14 has a name for it: terminate_workers()
                pool.shutdown(wait=False, cancel_futures=True)

    def _go_through(self, names: Iterable[str]) -> None:
        for name in names:
            if not self.closed:
                self._compile("later", offered.load(name))

    def _compile(self, queue: str, scenario: Scenario) -> None:
        """Wait until a scenario is compiled; where that fails, whoever needs it will be told why."""
        try:
            seconds = self._submit(queue, compile_world, scenario).result()
        except Exception as error:  # from another process: a world that cannot be made, or the process was killed
            LOG.info("%s was not compiled ahead: %s", scenario.name, error)
        else:
            self._seconds.took(scenario.domain, seconds)

    def _submit(self, queue: str, work: Callable[..., Any], *given: Any) -> Future[Any]:
        with self._lock:
            with suppress(KeyError, BrokenExecutor):  # not begun yet, or a process of it was killed
                return self._pools[queue].submit(work, *given)
            fusion.here = False
            spawn = multiprocessing.get_context("spawn")
            number = cores() if queue == "first" else max(1, cores() - 1)
            self._pools[queue] = ProcessPoolExecutor(number, mp_context=spawn, initializer=obey_the_parent)
            return self._pools[queue].submit(work, *given)


COMPILERS = Compilers()
