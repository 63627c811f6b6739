"""The run manager: all live worlds of this process, and who watches them."""

import threading

from app.runs.run import Run
from app.worlds.address import Address
from models import World
from scenarios import ScenarioError

MOST_WORLDS = 16  # alive at a time, unless the host says otherwise


class Runs:
    """All runs of this process, with who watches them: at most so many at a time."""

    def __init__(self, most: int = MOST_WORLDS) -> None:
        self.most = most
        self._viewers: dict[Run, set[object]] = {}
        self._lock = threading.Lock()

    def start(
        self, address: Address, speed: float | None, viewer: object, opened: tuple[World, str] | None = None
    ) -> Run:
        """Begin a run for a viewer, with a world that was saved before where one is given.

        Raises
        ------
        ScenarioError
            Where as many are alive as there may be.
        """
        run = Run(address, speed, opened)
        with self._lock:
            if len(self._viewers) >= self.most:
                raise ScenarioError(
                    f"{self.most} worlds are alive here, and there may be no more. Close a tab, join a world that "
                    "somebody shares, or ask the host to start the page with a larger --most-worlds."
                )
            self._viewers[run] = {viewer}
        run.thread.start()
        return run

    def join(self, ident: str, viewer: object) -> Run | None:
        """Let a viewer watch a run that is alive; None when there is none of that name."""
        with self._lock:
            run = next((run for run in self._viewers if run.ident == ident), None)
            if run:
                self._viewers[run].add(viewer)
            return run

    def leave(self, run: Run, viewer: object) -> None:
        """Forget a viewer; the last one to leave ends the run."""
        with self._lock:
            run.watched.pop(viewer, None)
            run.looks.pop(viewer, None)
            self._viewers[run].discard(viewer)
            if not self._viewers[run]:
                del self._viewers[run]
                run.end()


RUNS = Runs()
