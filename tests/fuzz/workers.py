"""Cases tried one after another in a forked process, so that one that ends the process, or never ends, is noticed.

A fork has all that this process has compiled and imported, so a case costs what it does and no start. A worker is
replaced after a crash, a hang, and `LIFE` cases.
"""

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

PATIENCE_S = 20
LIFE = 500  # cases of one worker
FORK = multiprocessing.get_context("fork")

Attempt = Callable[[int], str]  # number of a case -> what became of it, one word; whatever it raises is a fault


@dataclass
class Tried:
    """What became of so many cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str]] = field(default_factory=list)  # number of a case, and what went wrong
    seconds: float = 0.0

    def __str__(self) -> str:
        total = ", ".join(f"{number:,} {what}" for what, number in self.outcomes.most_common())
        return f"{sum(self.outcomes.values()):,} cases in {self.seconds:.0f} s: {total}"


def try_all(attempt: Attempt, cases: Sequence[int], errors: Path) -> Tried:
    """Try all cases; what workers write to stderr goes to a file."""
    told, start, left = Tried(), time.monotonic(), list(cases)
    while left:
        left = left[_try_some(attempt, left[:LIFE], told, errors) :]
    told.seconds = time.monotonic() - start
    return told


def _try_some(attempt: Attempt, cases: list[int], told: Tried, errors: Path) -> int:
    """Try cases in one worker until it ends; how many are done."""
    here, there = FORK.Pipe()
    worker = FORK.Process(target=_work, args=(attempt, cases, there, errors))
    worker.start()
    there.close()
    for done, case in enumerate(cases):
        outcome, fault = _hear(here)
        told.outcomes[outcome] += 1
        if fault is not None:
            told.faults.append((case, fault))
        if outcome in ("hang", "crash"):
            worker.kill()
            worker.join()
            if outcome == "crash":
                told.faults[-1] = case, f"exit code {worker.exitcode}: {errors.read_text(errors='replace')[-2000:]}"
            return done + 1
    worker.join()
    return len(cases)


def _hear(worker: Connection) -> tuple[str, str | None]:
    if not worker.poll(PATIENCE_S):
        return "hang", f"no answer within {PATIENCE_S} s"
    try:
        told: tuple[str, str | None] = worker.recv()
    except EOFError:
        return "crash", ""
    return told


def _work(attempt: Attempt, cases: list[int], told: Connection, errors: Path) -> None:
    sink = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(sink, sys.stderr.fileno() if sys.stderr.fileno() > 2 else 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for case in cases:
        try:
            told.send((attempt(case), None))
        except BaseException:  # also what ends a process quietly
            told.send(("fault", traceback.format_exc(limit=-4)))
    told.close()
    os._exit(0)
