"""Files of worlds in which single numbers were altered, opened and run with kernels as plain Python.

A program of its own, for numba reads NUMBA_DISABLE_JIT once: `python -m tests.contracts.hostile SCENARIO LEARNER ...`.
Python looks at every index, so what would read or write foreign memory is an IndexError here. It prints each alteration
that was neither refused in a sentence nor harmless, as JSON.
"""

import json
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import numpy as np

import models
from engine import snapshot
from engine.snapshot import NotASnapshot
from models.grid import theory

TICKS, AFTER, PATIENCE_S = 80, 60, 120
WHOLE = (0, -1, 1, 2, 7, 1000, 2**31 - 1, 2**62, -(2**62), 2**63 - 1, -(2**63))
REAL = (0.0, -1.0, 1e9, -1e9, 1e300, np.inf, -np.inf, np.nan)


def alter(array: np.ndarray, rng: np.random.Generator) -> tuple[int, Any]:
    """Another value at a place, or everywhere: which place (-1 for all), and the value."""
    values = REAL if array.dtype.kind == "f" else (0, 1, 2, 255) if array.dtype.kind == "b" else WHOLE
    value = values[rng.integers(len(values))]
    place = -1 if rng.random() < 0.2 else int(rng.integers(array.size))
    flat = array.view(np.uint8).reshape(-1) if array.dtype.kind == "b" else array.reshape(-1)
    if flat.dtype.kind == "i":
        value = int(np.clip(value, np.iinfo(flat.dtype).min, np.iinfo(flat.dtype).max))
    flat[slice(None) if place < 0 else place] = value
    return place, value


def attempt(path: Path) -> str:
    """What became of a file: "refused", "harmless", or the last lines of a traceback."""
    signal.alarm(PATIENCE_S)
    try:
        world = models.World.open(path)
        world.advance(np.full(len(world.agent_names), -1))
        world.run(AFTER)
    except NotASnapshot:
        return "refused"
    except Exception:  # a fault is what we look for
        return traceback.format_exc(limit=-2)
    finally:
        signal.alarm(0)
    return "harmless"


def search(scenario: str, learner: Any, number: int, seed: int) -> list[dict[str, Any]]:
    """What goes wrong among so many alterations of a world."""
    world = models.make(scenario, learner=learner, seed=seed)
    world.run(TICKS)
    world.observe()
    found, rng = [], np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "world.npz")
        world.save(path)
        packed, about = snapshot.load(path)
        whole = {name: np.asarray(array) for name, array in packed.items()}
        names = [name for name in whole if name.startswith("world.") and whole[name].size]
        assert attempt(path) == "harmless", attempt(path)
        for _ in range(number):
            name = names[rng.integers(len(names))]
            altered = whole[name].copy()
            place, value = alter(altered, rng)
            snapshot.save(path, {**whole, name: altered}, {**about, "observed": bool(rng.random() < 0.5)})
            outcome = attempt(path)
            if outcome not in ("refused", "harmless"):
                found.append({"scenario": scenario, "array": name, "place": place, "value": str(value), "end": outcome})
    return found


def give_up(*_: Any) -> None:
    """A run that does not end is a fault too."""
    raise TimeoutError


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, give_up)
    theory.marks = lambda state, block: np.zeros((24, 3, 4))  # equilibria take minutes in plain Python
    np.seterr(all="ignore")
    number, seed, *pairs = sys.argv[1:]
    given = ([json.loads(part) for part in pair.split("|")] for pair in pairs)
    print(json.dumps([fault for world in given for fault in search(*world, int(number), int(seed))]))
