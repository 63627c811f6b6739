"""Runs, studies, saves and the page, ended at any moment by SIGKILL, SIGTERM or SIGINT.

What was finished before is whole and can be opened, nothing lies about that a reader could take for a result, and
whoever asked for the end politely hears no traceback.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

import models
from benchmarks.small_study import small_study
from studies.cases import case as cases
from tests.fuzz.workers import Attempt

ROOT = Path(__file__).parents[2]
LONGEST_S = 12.0  # after which a program is ended
ENDS_S = 60
SAVES = """
import models
world = models.make("games/prisoners_dilemma", learner="q", seed=1)
while True:
    world.run(100)
    world.save("world.npz")
"""
EVERLEARN = "from app import start; start.main()"
PROGRAMS = {
    "run": [EVERLEARN, "run", "games/prisoners_dilemma", "--ticks", "100000000", "--out", "out"],
    "study": [EVERLEARN, "study", "mine.toml", "--out", "out", "--workers", "1"],
    "save": [SAVES],
    "page": [EVERLEARN, "page", "--port", "0", "--no-browser"],
}
ENDS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
PART = re.compile(r"^\..*\.[0-9a-f]{8}$")  # of a file that was being written: only SIGKILL may leave one


def attempts(seed: int, folder: Path) -> Attempt:
    """What to do with a case."""
    return partial(_attempt, seed)


def _attempt(seed: int, number: int) -> str:
    rng = np.random.default_rng([seed, number])
    what, end = list(PROGRAMS)[number % len(PROGRAMS)], ENDS[number // len(PROGRAMS) % len(ENDS)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mine.toml").write_text(small_study(seeds=400, ticks=20_000))
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-c", *PROGRAMS[what]], cwd=folder, env=environment, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_hear,
        )  # fmt: skip
        moment = float(rng.uniform(0.0, LONGEST_S))
        time.sleep(moment)
        process.send_signal(end)
        try:
            out, err = process.communicate(timeout=ENDS_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(
                f"{what}: does not end {ENDS_S} s after {end.name}: {out[-500:]} {err[-2000:]}"
            ) from None
        told = f"{what}, {end.name} after {moment:.2f} s, code {process.returncode}: {out[-300:]} {err[-2000:]}"
        assert what == "save" or "Traceback" not in err, told
        _check(folder, end, told)
    return what


def _hear() -> None:
    """A worker ignores Ctrl-C, and what it starts would ignore it, too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _check(folder: Path, end: signal.Signals, told: str) -> None:
    """What lies in the folder is whole, and nothing else lies there."""
    for path in folder.rglob("*"):
        if PART.match(path.name):
            assert end == signal.SIGKILL, f"{path.name} was left: {told}"
        elif path.name == "world.npz":
            models.World.open(path).run(10)
        elif path.parent.name == "cases" and path.suffix == ".npz":
            assert cases.read(path) is not None, f"{path.name} is half a case: {told}"
