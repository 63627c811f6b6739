"""What time travel costs: ``python -m benchmarks.past [SCENARIO ...]``.

A thousand copies along a run, 250 ticks apart: how many are kept, the memory they take and its bound, CPU time of a
copy, and the longest time that it takes to find one of twenty moments spread evenly over the run.
"""

import json
import sys
import time

import models
from studies.live.past import Past

COPIES, TICKS, MOMENTS = 1_000, 250, 20


def measure(scenario: str) -> dict[str, float]:
    """Figures of one scenario."""
    world, past = models.make(scenario, seed=1), Past()
    world.run(1)
    start, run_s = time.process_time(), 0.0
    for _ in range(COPIES):
        past.keep(world)
        before = time.process_time()
        world.run(TICKS)
        run_s += time.process_time() - before
    kept_s = time.process_time() - start - run_s
    longest = 0.0
    for part in range(MOMENTS):
        before = time.process_time()
        past.at(world, world.tick * part // MOMENTS, world.tick)
        longest = max(longest, time.process_time() - before)
    return {
        "copies_kept": len(past.ticks),
        "MB": round(past.bytes / 1e6, 1),
        "bound_MB": past.most_bytes / 1e6,
        "ms_per_copy": round(1000 * kept_s / COPIES, 2),
        "longest_find_ms": round(1000 * longest, 1),
    }


if __name__ == "__main__":
    for name in sys.argv[1:] or ["traffic/rush_hour", "grid/ames5", "games/congestion"]:
        print(json.dumps({"scenario": name, **measure(name)}), flush=True)
