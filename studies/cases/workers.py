"""Where the cases of a study run, and how each result lands in a file of its own the moment it is there.

Any `concurrent.futures.Executor` will do. Our own are threads, since compiled kernels hold no lock on the interpreter,
or processes where somebody learns in plain Python. The study's own process writes all files, so workers of a cluster
need no common disk.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Self

from scenarios import ScenarioError
from studies.cases import case as running
from studies.cases.case import Case, Rows

LIKELY = "out of memory, or a program that runs its study without `if __name__ == '__main__':`"

Watch = Callable[[int, int], None]  # called with the numbers of cases done and asked for


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """An executor and a folder of results; a context that leaves nothing running.

    Parameters
    ----------
    executor
        Where to run; None makes threads or processes for as long as the context lasts.
    number
        Of workers of our own; None takes one per core.
    processes
        Whether our own workers are processes.
    folder
        For the results; None keeps them in memory only.
    watch
        Told how many cases are done, of `total`.
    """

    def __init__(
        self,
        executor: Executor | None,
        number: int | None,
        processes: bool,
        folder: Path | None,
        watch: Watch | None,
        total: int,
    ) -> None:
        self.given, self.processes, self.folder, self.watch, self.total = executor, processes, folder, watch, total
        self.number = number or cores()
        self.done = 0
        self._stop = threading.Event()
        self._pool: Executor | None = executor

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._stop.set()
        self._close()

    def land(self, cases: Sequence[Case]) -> tuple[dict[str, Rows], dict[str, str]]:
        """Rows of every case by its key, from its file where there is one; and by key what went wrong in the others."""
        left = {case.key: case for case in cases}
        found = self._landed(left)
        failed: dict[str, str] = {}
        self._tell(len(found))
        left = {key: case for key, case in left.items() if key not in found}
        self._train(list(left.values()))
        while left:
            broken = self._round(left, found, failed)
            left = {key: case for key, case in left.items() if key not in found and key not in failed}
            if broken and left:
                self._close()
                if self.number == 1 or self.given is not None:  # the first in the queue was running
                    failed[next(iter(left))] = f"the worker died ({broken}): {LIKELY}"
                    left.pop(next(iter(left)))
                    self._tell(1)
                self.number = 1  # from now on one at a time, so that the culprit is known
        return found, failed

    def _landed(self, asked: Mapping[str, Case]) -> dict[str, Rows]:
        if self.folder is None:
            return {}
        read = {key: running.read(self.folder / f"{key}.npz") for key in asked}
        return {key: rows for key, rows in read.items() if rows is not None}

    def _train(self, cases: Sequence[Case]) -> None:
        """Have every trained world before the cases that fork it; what goes wrong here goes wrong again in a case."""
        worlds = {running.trained_file(case): case for case in cases if case.training is not None}
        futures: list[Future[Any]] = []
        try:
            futures += [self._submit(running.train, case) for path, case in worlds.items() if not path.exists()]
            if any(isinstance(future.exception(), BrokenExecutor) for future in as_completed(futures)):
                self._close()
        except BrokenExecutor:  # one that was given; the cases will say so
            return
        except BaseException:
            self._cancel(futures)
            raise

    def _round(self, left: Mapping[str, Case], found: dict[str, Rows], failed: dict[str, str]) -> str:
        """Run what is left; gives what broke the workers, if something did."""
        keys: dict[Future[Rows], str] = {}
        try:
            keys |= {self._submit(running.run, case): key for key, case in left.items()}
            for future in as_completed(keys):
                key = keys[future]
                try:
                    found[key] = future.result()
                except BrokenExecutor:
                    raise
                except Exception as error:
                    failed[key] = " ".join(f"{type(error).__name__}: {error}".split())
                else:
                    self._write(key, left[key], found[key])
                self._tell(1)
        except BrokenExecutor as error:
            return type(error).__name__
        except BaseException:
            self._cancel(keys)
            raise
        return ""

    def _write(self, key: str, case: Case, rows: Rows) -> None:
        if self.folder is not None:
            try:
                running.write(self.folder / f"{key}.npz", case, rows)
            except OSError as error:
                message = f"{self.folder}: a result cannot be written ({error.strerror or error})"
                remedy = "what is there is kept: make room and give the same command again"
                raise ScenarioError(f"{message}; {remedy}") from None

    def _tell(self, more: int) -> None:
        self.done += more
        if self.watch:
            self.watch(self.done, self.total)

    def _submit(self, work: Callable[..., Any], case: Case) -> Future[Any]:
        if self._pool is None and self.processes:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.number, mp_context=spawn, initializer=obey_the_parent)
        elif self._pool is None:
            self._pool = ThreadPoolExecutor(self.number)
        stopped = self._stop.is_set if isinstance(self._pool, ThreadPoolExecutor) else running.never
        return self._pool.submit(work, case, running.code(), stopped)

    def _cancel(self, futures: Iterable[Future[Any]]) -> None:
        self._stop.set()
        for future in futures:
            future.cancel()

    def _close(self) -> None:
        """End our own workers, at once: every result that is there is in a file or with us."""
        if self.given is None and self._pool is not None:
            for process in list((getattr(self._pool, "_processes", None) or {}).values()):
                process.terminate()  # Python 3.14 has a name for it: terminate_workers()
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def obey_the_parent() -> None:
    """In a process of our own: the parent hears Ctrl-C and ends us; where it is killed itself, we end, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
