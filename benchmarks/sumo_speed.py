"""Seconds of traffic per second of CPU time: our world and SUMO on the same imported town, in one process, in turn.

`python -m benchmarks.sumo_speed FOLDER`, a folder that `everlearn import` wrote from SUMO files with their routes. Ours
learns meanwhile; SUMO's lights follow the programme of the file, without anybody who looks at its vehicles.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import models
from models.networks.roads import importing
from models.traffic.in_sumo import Town

ROUNDS, TICKS = 3, 100_000


def main(folder: str) -> None:
    """Print the best of both, and their ratio."""
    world = models.make(folder, seed=1)
    world.run(TICKS)
    town = Town(world.case, *importing.sumo_files(Path(folder)))
    ours, theirs = 0.0, 0.0
    with TemporaryDirectory() as scratch:
        for seed in range(1, ROUNDS + 1):
            begun = process_time()
            world.run(TICKS)
            ours = max(ours, TICKS / (process_time() - begun))
            begun = process_time()
            town.run(seed, Path(scratch) / "trips.xml")
            theirs = max(theirs, town.seconds / (process_time() - begun))
    speeds = f"ours {ours:,.0f}, SUMO {theirs:,.0f} simulated seconds per CPU-second"
    print(f"{folder}: {speeds}; {ours / theirs:,.0f} times")


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else print("python -m benchmarks.sumo_speed FOLDER (of everlearn import)")
