"""Odd messages of a stranger's tab to a run that another watches: the run lives, and its owner goes on with it."""

import json
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

import models
import scenarios
from app.viewers import messages
from tests.fuzz.odd import odd
from tests.fuzz.workers import Attempt
from tests.page.visitor import Visitor, caught_up, wait_for

WORLDS = ("games/prisoners_dilemma", "traffic/single_crossing", "market/one_pair", "crossing/four_drivers")
TOGETHER = 10  # messages of a case
CHECKED = 20  # after so many cases the owner resets the run and sees it go on
RIGHT: dict[str, Any] = {
    "i": 3, "pictures_per_s": 30.0, "name": "world.npz", "playing": True, "ticks_per_s": 100.0, "text": "words",
    "parameters": {}, "learner": None, "lifelong": None, "seed": 3, "changes": {}, "agent": 0, "tick": 5, "keep": True,
    "kind": "record", "search": "?scenario=games/chicken",
}  # fmt: skip


class Faults(logging.Handler):
    """What the program's log calls a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a traceback."""
        if record.exc_info:
            self.told.append(self.format(record)[-2000:])


class Room:
    """An owner and a stranger who watch one run; made by the process that uses it, for forks have no threads."""

    def __init__(self, scenario: str, saved: bytes) -> None:
        self.saved, self.scenario = saved, scenario
        self.owner = Visitor(f"?scenario={scenario}&seed=3")
        self.stranger = Visitor(f"?run={self.owner.run.ident}")


def attempts(seed: int, folder: Path, worlds: Sequence[str] = WORLDS) -> Attempt:
    """What to do with a case of ten messages."""
    saved = []
    for scenario in worlds:
        world = models.make(scenario, seed=3)
        world.run(50)
        world.save(folder / "world.npz")
        saved.append((folder / "world.npz").read_bytes())
    faults = Faults()
    logging.getLogger("app").addHandler(faults)
    logging.getLogger("app").propagate = False
    return partial(_attempt, seed, dict(zip(worlds, saved, strict=True)), {}, faults)


def _attempt(seed: int, saved: dict[str, bytes], rooms: dict[str, Room], faults: Faults, case: int) -> str:
    rng = np.random.default_rng([seed, case])
    scenario = list(saved)[case % len(saved)]
    if scenario not in rooms:
        rooms[scenario] = Room(scenario, saved[scenario])
    room, said = rooms[scenario], []
    if room.stranger.run is not room.owner.run:
        room.stranger.enter()
        wait_for(lambda: room.stranger.run is room.owner.run)
    for _ in range(TOGETHER):
        message, buffers = _message(room, rng)
        said.append(message)
        room.stranger.say(message, buffers)
    caught_up(room.owner.run)
    run = room.owner.run
    told = f"{room.scenario}: {json.dumps(said, default=str)[:3000]}"
    assert run.thread.is_alive() and not run.problem, f"{run.problem} {told}"
    assert room.owner.viewer._thread.is_alive() and room.stranger.viewer._thread.is_alive(), told
    assert not faults.told, f"{faults.told.pop()}: {told}"
    if case // len(saved) % CHECKED == 0:
        for message in (
            {"k": "reset", "learner": None, "lifelong": None, "seed": 3, "changes": {}},
            {"k": "speed", "ticks_per_s": None}, {"k": "play", "playing": True},
        ):  # fmt: skip
            room.owner.say(message)
        caught_up(run)
        tick = run.world.tick
        wait_for(lambda: run.world.tick > tick)
    return "lives"


def _message(room: Room, rng: np.random.Generator) -> tuple[Any, tuple[Any, ...]]:
    """What a stranger says, and the bytes beside it."""
    if rng.random() < 0.1:
        return odd(rng), ()
    kind = str(rng.choice(list(messages.MESSAGES)))
    if kind == "open" and rng.random() < 0.9:
        kind = "change"  # what is opened takes the stranger away
    fields = {name: RIGHT[name] for name in messages.MESSAGES[kind].model_fields}
    for name in fields:
        if rng.random() < 0.4:
            fields[name] = odd(rng)
        elif name in ("parameters", "changes"):
            fields[name] = _parameters(room.scenario, rng)
        elif name == "search":
            told = "&".join(f"{key}={quote(str(value))}" for key, value in _parameters(room.scenario, rng).items())
            fields[name] = f"?scenario={room.scenario}&{told}"
        elif name in ("agent", "tick"):
            fields[name] = int(rng.integers(60))
        elif name == "learner" and rng.random() < 0.5:
            fields[name] = str(rng.choice(["random", "q", "sarsa"]))
    if rng.random() < 0.05:
        fields[str(odd(rng))] = odd(rng)
    return {"k": kind, **fields}, (_upload(room.saved, rng),) if kind == "upload" else ()


def _parameters(scenario: str, rng: np.random.Generator) -> dict[str, Any]:
    """Parameters of the world, some within their bounds."""
    knobs = scenarios.knobs(scenarios.load(scenario).world)
    given: dict[str, Any] = {}
    for _ in range(rng.integers(3)):
        knob = knobs[rng.integers(len(knobs))]
        low, high = knob.low or 0.0, min(knob.high or 10.0, 100.0)
        given[knob.name] = odd(rng) if rng.random() < 0.5 else knob.value
        if knob.kind in ("float", "int") and rng.random() < 0.5:
            value = float(rng.uniform(low, max(low, high)))
            given[knob.name] = round(value) if knob.kind == "int" else value
    return given


def _upload(saved: bytes, rng: np.random.Generator) -> memoryview:
    """A saved world with bytes flipped, cut, or as it is."""
    content = bytearray(saved)
    way = rng.random()
    if way < 0.4:
        content[int(rng.integers(len(content)))] ^= int(rng.integers(1, 256))
    elif way < 0.7:
        del content[int(rng.integers(len(content))) :]
    return memoryview(bytes(content))
