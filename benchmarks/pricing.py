"""How fast pricing algorithms learn: the Calvano baseline through `world.run(..., until="converged")`.

python -m benchmarks.pricing [--runs 1000] [--json]
"""

import argparse
import json
from typing import Any

import numpy as np

from benchmarks.loop_speed import cpu_seconds
from studies import collusion

CPU_S_PER_1000, AIM_S_PER_1000 = 150.0, 60.0
FAR = 1_000_000  # a seed of its own for what is not counted


def figures(runs: int) -> dict[str, Any]:
    """CPU time of converging runs (compiled code is warm), scaled to a thousand, and what they found."""
    collusion.converged("oligopoly/duopoly", FAR)
    worlds: list[tuple[float, int]] = []

    def work() -> None:
        for seed in range(runs):
            world = collusion.converged("oligopoly/duopoly", seed)
            worlds.append((collusion.cycle_gain(world), world.tick))

    spent = cpu_seconds(work)
    gain, periods = np.mean(worlds, axis=0)
    return {
        "runs": runs,
        "cpu_s_per_1000_runs": 1000 * spent / runs,
        "periods_per_cpu_s": runs * periods / spent,
        "mean_periods": periods,
        "mean_profit_gain": gain,
        "reached": bool(1000 * spent / runs <= CPU_S_PER_1000),
        "target": f"at most {CPU_S_PER_1000:.0f} CPU-s, aim {AIM_S_PER_1000:.0f}",
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = figures(options.runs)
    print(json.dumps(found) if options.json else "\n".join(f"{name:24} {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
