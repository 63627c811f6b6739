"""What a study gains and costs: paired variance, overhead over bare runs, workers, and kills that lose nothing.

    python -m benchmarks.study [--cases 60] [--ticks 200000] [--kills 20] [--json]

Overhead is CPU time against the same runs in a plain loop; the table, figures and report are counted apart, since they
cost the same for long cases and short ones. Speed-ups are wall-clock time and mean nothing on a machine that is busy.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.loop_speed import cpu_seconds
from benchmarks.small_study import small_study
from studies import Study, load
from studies.comparison import paired

SCENARIO = "traffic/closed_bridge"
CLOSED = {"closing": {"at": 7_200, "what": {"closed_links": ["B2-B3"]}}}
FAR = 100_000  # seeds of what is not counted


def of_cases(cases: int, ticks: int, first: int = 0) -> Study:
    """A study of so many cases, half of them without a change."""
    return Study(
        "What does it cost?", [SCENARIO], seeds=range(first, first + cases // 2), ticks=ticks, changes=CLOSED,
        world={"closed_links": []}, warm_start={"ticks": 100_000},
    )  # fmt: skip


def variance() -> dict[str, Any]:
    """How many times smaller pairing makes the variance of the difference in mean delay on the closed bridge."""
    study = load("closed_bridge")
    found = paired.compare(study, study.run())
    row = found[(found["metric"] == "mean_delay_s") & (found["change"] == "closing B2-B3")].iloc[0]
    ratio = float(row["variance_ratio"])
    return {"seeds": int(row["pairs"]), "variance_ratio": ratio, "target": "at least 5", "reached": ratio >= 5}


def overhead(cases: int, ticks: int) -> dict[str, Any]:
    """CPU time of a study with one worker over that of its cases in a plain loop."""
    of_cases(2, 9_000, FAR).run(workers=1)
    study = of_cases(cases, ticks)
    asked = study.asked(study.arms)

    def bare() -> None:
        for one in asked:
            one.case.run()

    spent, whole = cpu_seconds(bare), cpu_seconds(lambda: study.run(workers=1))
    with tempfile.TemporaryDirectory() as folder:
        written = cpu_seconds(lambda: study.run(workers=1, out=folder))
    return {
        "cases": cases,
        "cpu_s_per_case": spent / cases,
        "overhead": whole / spent - 1,
        "with_files_and_report": written / spent - 1,
        "files_and_report_cpu_s": written - whole,
        "target": "at most 0.05 with 200 cases of 1 s",
    }


def speed_ups(cases: int, ticks: int) -> dict[str, Any]:
    """Wall-clock time with one worker over that with two."""
    makers: dict[str, Callable[[int], Any]] = {
        "threads": ThreadPoolExecutor,
        "processes": lambda number: ProcessPoolExecutor(number, mp_context=get_context("spawn")),
        "dask": dask,
    }
    found: dict[str, Any] = {"load": os.getloadavg()[0]}
    for name, make in makers.items():
        spent = {}
        for number in (1, 2):
            with make(number) as executor:
                of_cases(8, 9_000, FAR).run(executor)
                start = time.perf_counter()
                of_cases(cases, ticks).run(executor)
                spent[number] = time.perf_counter() - start
        found[name] = spent[1] / spent[2]
    return {**found, "target": "1.8, 1.7, 1.7 on an idle machine with two cores"}


@contextmanager
def dask(number: int) -> Any:
    """The executor of a local Dask cluster of so many processes."""
    from distributed import Client, LocalCluster

    options: dict[str, Any] = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(n_workers=number, host="127.0.0.1", **options) as cluster, Client(cluster) as client:
        executor: Executor = client.get_executor(pure=False)
        yield executor


def kills(number: int) -> dict[str, Any]:
    """Kill a study again and again at random moments; is the table the same as if nothing had happened?"""
    chance, same, caught = random.Random(0), 0, 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "study.toml").write_text(small_study(seeds=50, ticks=20_000))
        load(folder / "study.toml").run(out=folder / "whole")
        for _ in range(number):
            cases = chance.randrange(101)  # of 100; with all of them there, tables and report are being written
            process = _begin(folder)
            while len(list((folder / "killed" / "cases").glob("*.npz"))) < cases and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0.0, 0.02))
            caught += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
            load(folder / "study.toml").run(out=folder / "killed")
            tables = [(folder / name / "windows.parquet").read_bytes() for name in ("whole", "killed")]
            same += tables[0] == tables[1]
            shutil.rmtree(folder / "killed")
    return {"kills": number, "while_it_ran": caught, "identical": same, "reached": same == number}


def _begin(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "app.cli", "study", str(folder / "study.toml"), "--out", str(folder / "killed")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--ticks", type=int, default=200_000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {
        "paired variance": variance(),
        "overhead": overhead(options.cases, options.ticks),
        "two workers": speed_ups(options.cases, options.ticks),
    }
    if options.kills:
        found["kill -9"] = kills(options.kills)
    if options.json:
        print(json.dumps(found))
        return
    for title, rows in found.items():
        print(title)
        for name, value in rows.items():
            print(f"  {name:24} {value:.3g}" if isinstance(value, float) else f"  {name:24} {value}")


if __name__ == "__main__":
    main()
