"""What learners are compared with on the page: lines of hand-made rules and of theory, found beside the server."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

from app.processes.compiling import COMPILERS, theory_lines
from app.worlds import catalogue
from models import World
from studies.references import baselines

LOG = logging.getLogger(__name__)
MISSING = "What learners are compared with is missing: a fault in the program; see its log."

Curves = dict[str, list[float | None]]  # name of a rule -> a value per regime block


class Lines:
    """Lines of one life of a world, which come one by one.

    Parameters
    ----------
    world
        Whose scenario it is.
    held
        Parameters that people hold over its schedule.
    tell
        Called, from another thread, when there is something new; with a sentence where something is missing.
    """

    def __init__(self, world: World, held: Mapping[str, Any], tell: Callable[[str], None]) -> None:
        self.rules: dict[str, Curves] = {}  # headline metric -> lines
        self.theory: Curves = {}  # of the first headline metric
        self._scenario, self._tell = world.scenario, tell
        self._asked: list[Future[Any]] = []
        for name in world.headline:
            self._ask(partial(self._take_rules, name), baselines.lines, world.scenario, name)
        self.change(held)

    def change(self, held: Mapping[str, Any]) -> None:
        """People hold other parameters from now on: theory changes with them."""
        self._held = dict(held)
        self._ask(partial(self._take_theory, self._held), theory_lines, self._scenario, self._held)

    def end(self) -> None:
        """Nobody looks any more."""
        self._tell = lambda _: None
        for future in self._asked:
            future.cancel()

    def _ask(self, take: Callable[[Any], None], work: Callable[..., Any], *given: Any) -> None:
        def taken(future: Future[Any]) -> None:
            try:
                take(future.result())
            except CancelledError:
                return
            except Exception:  # the world goes on without them
                if COMPILERS.closed:  # whoever worked was ended with the page
                    return
                LOG.exception("lines of %s", self._scenario.name)
                self._tell(MISSING)
            else:
                self._tell("")

        self._asked.append(COMPILERS.later(work, *given))
        self._asked[-1].add_done_callback(taken)

    def _take_rules(self, name: str, found: dict[str, list[float]]) -> None:
        self.rules = {**self.rules, name: catalogue.lines(found)}

    def _take_theory(self, held: Mapping[str, Any], found: Curves) -> None:
        if held is self._held:  # and nothing was changed meanwhile
            self.theory = found
