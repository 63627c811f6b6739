"""Memory of long lives: worlds that run at full speed for a hundred million ticks, or for as many as are asked for.

python -m benchmarks.long_lives [--ticks N]

Each world lives in a process of its own. At first it grows, until its record is full (16 MB and half as much again
while it folds); the peak of its memory at half its life is compared with that at its end. Takes two CPU-minutes, most
of them for the grid; --ticks 1_000_000_000 twenty.
"""

import argparse
import multiprocessing
import time
from typing import Any

import models
from benchmarks.loop_speed import figure
from models.kinds import world_class

DOMAINS = ("games", "traffic", "grid")


def peak_mb() -> float:
    """The most memory that this process has had at once."""
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def live(domain: str, ticks: int) -> dict[str, Any]:
    """A life of the smallest world of a domain: peaks of memory at half of it and at its end, speed, and its record."""
    world = models.make(world_class(domain, models.World).smallest, seed=1)
    start = time.process_time()
    world.run(ticks // 2)
    half = peak_mb()
    world.run(ticks - ticks // 2)
    return {
        "half_mb": half, "end_mb": peak_mb(), "ticks_per_s": ticks / (time.process_time() - start),
        "windows": ticks // world.record.window_ticks, "rows": len(world.record.frame()),
    }  # fmt: skip


def figures(ticks: int) -> list[dict]:
    """What was measured, with its target."""
    rows = []
    for domain in DOMAINS:
        with multiprocessing.get_context("spawn").Pool(1) as one:
            found = one.apply(live, (domain, ticks))
        rows += [
            figure(f"{domain}, {ticks:,} ticks: peak of memory at half of them, MB", found["half_mb"]),
            figure("  at the end, over that", found["end_mb"] / found["half_mb"], "at most 1.05", -1.05),
            figure(f"  rows of the record for {found['windows']:,} windows", found["rows"]),
            figure("  ticks per CPU-second", found["ticks_per_s"]),
        ]
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--ticks", type=int, default=100_000_000)
    for row in figures(parser.parse_args().ticks):
        reached = {True: "reached", False: "NOT reached", None: ""}[row["reached"]]
        print(f"{row['what']:72} {row['measured']:14,.2f}   {row['target']:14} {reached}".rstrip(), flush=True)
