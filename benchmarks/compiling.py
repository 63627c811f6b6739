"""What compiling costs: CPU-seconds from an empty cache to the first tick, each in a process of its own.

python -m benchmarks.compiling [--json]
"""

import os
import subprocess
import sys
import tempfile

from benchmarks.loop_speed import figure, show

FIRST_TICK = """
import time, models
start = time.process_time()
models.make("{scenario}", learner={learner!r}, seed=0).run(1)
print(time.process_time() - start)
"""
EVERY_PAIR = """
import time, models
from tests.contracts.cases import PAIRS, at_hand, make
start = time.process_time()
for domain, kind in PAIRS:
    if at_hand([kind]):
        make(domain, kind).run(1)
print(time.process_time() - start)
"""


def cpu_seconds(program: str, cache: str) -> float:
    """What a program prints, run with a cache folder of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def figures() -> list[dict]:
    """What was measured, with its target."""
    rows = []
    for scenario, most in (("games/prisoners_dilemma", 3), ("traffic/rush_hour", 6), ("grid/ames5", 10)):
        with tempfile.TemporaryDirectory() as cache:
            first = FIRST_TICK.format(scenario=scenario, learner="q")
            rows.append(figure(f"{scenario}, q: first compile", cpu_seconds(first, cache), f"at most {most}", -most))
            more = cpu_seconds(FIRST_TICK.format(scenario=scenario, learner="wolf_phc"), cache)
            rows.append(figure("  a further learner", more, "at most 1", -1))
            rows.append(figure("  the next process", cpu_seconds(first, cache), "at most 0.3", -0.3))
    with tempfile.TemporaryDirectory() as cache:
        rows.append(figure("all worlds x all learners", cpu_seconds(EVERY_PAIR, cache), "at most 120", -120))
    return rows


if __name__ == "__main__":
    show(figures, str(__doc__))
