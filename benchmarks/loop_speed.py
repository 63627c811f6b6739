"""How fast the loop is: CPU-seconds of one core, beside the figures the project holds itself to.

python -m benchmarks.loop_speed [--json]
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import models
import scenarios
from benchmarks import plain_market
from models import population

FIRST_TICK = """
import time, models
start = time.process_time()
models.make("traffic/rush_hour", seed=0).run(1)
print(time.process_time() - start)
"""


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of a call, in s."""
    start = time.process_time()
    work()
    return time.process_time() - start


def per_second(world: models.World, ticks: int, repeats: int = 5) -> float:
    """Ticks per CPU-second, the median of several stretches."""
    world.run(max(1, ticks // 20))
    return ticks / statistics.median(cpu_seconds(lambda: world.run(ticks)) for _ in range(repeats))


def figures() -> list[dict]:
    """What was measured, with its unit and target."""
    ring = models.make("games/coordination_ring", seed=0)
    updates = per_second(ring, 50_000) * len(ring.agent_names)
    city = models.make("traffic/rush_hour", seed=0)
    ticks = per_second(city, 100_000)
    forks = statistics.median(cpu_seconds(city.fork) for _ in range(200))
    forgetful = models.make(population.with_lifelong(scenarios.load("games/congestion"), False), seed=0)
    remembers = models.make("games/congestion", seed=0)
    memory = per_second(remembers, 100_000) / per_second(forgetful, 100_000)
    first = subprocess.run([sys.executable, "-c", FIRST_TICK], capture_output=True, text=True, check=True)
    book = plain_market.figures()
    present = city.record.frame()["vehicles"].mean()
    return [
        figure("games, ring of 64, half q half joint_q: agent-updates per CPU-second", updates, "at least 15e6", 15e6),
        figure("traffic/rush_hour, q, recording: ticks per CPU-second", ticks, "at least 700e3, aim 1.2e6", 700e3),
        figure("  vehicles present on average", present, "at least 200", 200),
        figure("market/order_book, q: events per CPU-second", book["watts_strogatz"], "at least 5e6", 5e6),
        figure("  complete graph", book["complete"], "at least 8e6", 8e6),
        figure("  times faster than plain Python", book["twin"] / book["plain"], "at least 100", 100),
        figure("fork of the running 4x4 world, ms", 1e3 * forks, "at most 1", -1),
        figure("games/congestion: speed with memory, as a share of without", memory, "at least 0.9", 0.9),
        figure("second process, first compiled tick, CPU-s", float(first.stdout), "at most 2", -2),
    ]


def figure(what: str, measured: float, target: str = "", bound: float | None = None) -> dict:
    """What was measured beside its target; a negative bound is an upper one, without one it is shown only."""
    reached = None if bound is None else bool(measured >= bound if bound > 0 else measured <= -bound)
    return {"what": what, "measured": measured, "target": target, "reached": reached}


def show(figures: Callable[[], list[dict]], about: str) -> None:
    """Measure and print, as text or JSON."""
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    found = figures()
    if as_json:
        print(json.dumps(found, indent=2))
        return
    marks = {True: "reached", False: "NOT reached", None: ""}
    for row in found:
        print(f"{row['what']:72} {row['measured']:14,.2f}   {row['target']:28} {marks[row['reached']]}".rstrip())


if __name__ == "__main__":
    show(figures, str(__doc__))
