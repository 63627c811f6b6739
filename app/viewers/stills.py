"""Pictures of the gallery: each scenario's own world after a short run, kept in a file so that the gallery opens full.

``python -m app.viewers.stills`` makes the file anew, when a picture or a scenario has changed; a scenario that the file
does not know, such as one of your own, is pictured by the running server.
"""

import base64
import gzip
import json
import logging
import threading
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import models
import scenarios
from app.processes.compiling import COMPILERS
from app.worlds import offered
from scenarios import Scenario

FILE = Path(__file__).parent / "stills.json.gz"
TICKS, SEED = 600, 1
LOG = logging.getLogger(__name__)

Still = dict[str, Any]  # scene, number of agents, and parts: name -> (NumPy type, bytes)


def make(scenario: str | Scenario) -> Still:
    """The picture of a scenario."""
    world = models.make(scenario, seed=SEED)
    world.run(TICKS)
    parts = {part: (values.dtype.str[1:], values.tobytes()) for part, values in world.frame().items()}
    return {"scene": world.scene(), "agents": len(world.agent_names), "parts": parts}


def kept() -> dict[str, Still]:
    """Pictures that are kept in the file, by scenario."""
    found: dict[str, Still] = json.loads(gzip.decompress(FILE.read_bytes()))
    for still in found.values():
        still["parts"] = {part: (kind, base64.b64decode(text)) for part, (kind, text) in still["parts"].items()}
    return found


def keep() -> None:
    """Picture every shipped scenario and write the file."""
    told = {}
    for name in scenarios.names():
        still = make(name)
        parts = {part: (kind, base64.b64encode(data).decode()) for part, (kind, data) in still["parts"].items()}
        told[name] = {**still, "parts": parts}
    FILE.write_bytes(gzip.compress(json.dumps(told, default=_plain).encode(), mtime=0))


def _plain(value: Any) -> Any:
    """Numbers and arrays of NumPy as JSON knows them."""
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value


class Stills:
    """All pictures of the gallery."""

    def __init__(self) -> None:
        self._made = kept()
        self._asked: set[str] = set()
        self._lock = threading.Lock()

    def ready(self) -> dict[str, Still]:
        """Pictures that are there, by scenario; those that are missing are made, and are there in a later answer."""
        with self._lock:
            missing = [name for name in offered.names() if name not in self._made and name not in self._asked]
            self._asked |= set(missing)
        for name in missing:
            COMPILERS.later(make, offered.load(name)).add_done_callback(partial(self._take, name))
        return dict(self._made)

    def _take(self, name: str, future: Future[Still]) -> None:
        try:
            self._made[name] = future.result()
        except Exception:  # one world that cannot be made must not empty the gallery
            LOG.exception("picture of %s", name)


if __name__ == "__main__":
    keep()
