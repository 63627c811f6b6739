"""Cases tried one after another in a forked process, so that one that ends the process, or never ends, is noticed.

A fork has all that this process has compiled and imported, so a case costs what it does and no start. A worker is
replaced after a crash, a hang, and `LIFE` cases.
"""

import multiprocessing
import os
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import psutil

PATIENCE_S = 20  # of a processor's time
STUCK_S = 200  # of any time: others may keep the processors busy
LIFE = 500  # cases of one worker
FORK = multiprocessing.get_context("fork")

Attempt = Callable[[int], str]  # number of a case -> what became of it, one word; whatever it raises is a fault


@dataclass
class Tried:
    """What became of so many cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[int]] = field(default_factory=dict)  # where a traceback ends -> numbers of cases
    seconds: float = 0.0

    def add(self, case: int, outcome: str, fault: str | None) -> None:
        """Count a case; the first fault of its kind is printed."""
        self.outcomes[outcome] += 1
        if fault is not None:
            kind = " ".join(line.strip() for line in fault.splitlines() if line.lstrip().startswith("File "))[-300:]
            if kind not in self.faults:
                print(f"-- case {case}, {outcome}: {fault}", flush=True)
            self.faults.setdefault(kind, []).append(case)

    def __str__(self) -> str:
        total = ", ".join(f"{number:,} {what}" for what, number in self.outcomes.most_common())
        return f"{sum(self.outcomes.values()):,} cases in {self.seconds:.0f} s: {total}"


def try_all(attempt: Attempt, cases: Sequence[int], errors: Path) -> Tried:
    """Try all cases and print what goes wrong, each kind once; what workers write to stderr goes to a file."""
    told, start, left = Tried(), time.monotonic(), list(cases)
    while left:
        left = left[_try_some(attempt, left[:LIFE], told, errors) :]
    told.seconds = time.monotonic() - start
    return told


def _try_some(attempt: Attempt, cases: list[int], told: Tried, errors: Path) -> int:
    """Try cases in one worker until it ends; how many are done."""
    here, there = FORK.Pipe()
    worker = FORK.Process(target=_work, args=(attempt, cases, there, errors))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks where threads are: the worker needs none of them
        worker.start()
    there.close()
    for done, case in enumerate(cases):
        outcome, fault = _hear(here, worker.pid or 0)
        if outcome in ("hang", "crash"):
            worker.kill()
            worker.join()
            fault = f"{fault}, exit code {worker.exitcode}: {errors.read_text(errors='replace')[-2000:]}"
        told.add(case, outcome, fault)
        if outcome in ("hang", "crash"):
            return done + 1
    worker.join()
    return len(cases)


def _hear(worker: Connection, pid: int) -> tuple[str, str | None]:
    """What a worker says of its next case."""
    start, before = time.monotonic(), _worked_s(pid)
    while not worker.poll(1.0):
        if _worked_s(pid) - before > PATIENCE_S or time.monotonic() - start > STUCK_S:
            return "hang", f"no answer within {PATIENCE_S} s of work"
    try:
        told: tuple[str, str | None] = worker.recv()
    except EOFError:
        return "crash", "the process ended"
    return told


def _worked_s(pid: int) -> float:
    """Processor time of a worker; none of one that has just ended."""
    try:
        used = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(used.user + used.system)


def _work(attempt: Attempt, cases: list[int], told: Connection, errors: Path) -> None:
    sink = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(sink, 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    for case in cases:
        try:
            told.send((attempt(case), None))
        except BaseException:  # also what ends a process quietly
            told.send(("fault", traceback.format_exc(limit=-4)))
    told.close()
    os._exit(0)
