"""One viewer: a tab's widget, what its person asks, and the thread that sends what they see.

All sending is done by one thread per viewer, ended with the tab. A frame is sent only while fewer than three are
unanswered, so a slow tab never piles up work; after two silent seconds those in flight count as lost.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.runs import files, making
from app.runs.frames import Look, Parts
from app.runs.manager import RUNS
from app.runs.run import Run
from app.viewers import messages, stills
from app.worlds import catalogue
from app.worlds.address import parse
from models import World
from models.kinds import world_class
from scenarios import ScenarioError

IN_FLIGHT = 3
ANSWER_WITHIN_S = 2.0
MOST_WAITING = 2  # files of one tab that wait to be opened
NO_PARTS: Parts = {}
STILLS = stills.Stills()
LOG = logging.getLogger(__name__)


class Viewer:
    """Connects a widget with a run.

    Parameters
    ----------
    widget
        The page's widget; messages of the browser arrive at it and leave through it.
    """

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self.run: Run | None = None
        self.gallery = False
        self.problem = ""
        self.pictures_per_s = 60.0
        self._sent_frame = self._answered = 0
        self._answered_at = 0.0
        self._ended = threading.Event()
        self._to_open: queue.SimpleQueue[str | tuple[str, bytes]] = queue.SimpleQueue()  # addresses, files
        self._files: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._forget()
        widget.on_msg(self._heard)
        self._thread = threading.Thread(target=self._talk, name="viewer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, which leaves the run."""
        self._ended.set()
        self.widget.on_msg(self._heard, remove=True)

    # What the browser says -----------------------------------------------------------------------------------------

    def _heard(self, _widget: Any, message: Any, buffers: Any) -> None:
        own: dict[str, Callable[..., None]] = {
            "ack": self._ack, "open": self._ask, "motion": self._motion, "upload": self._upload,
        }  # fmt: skip
        of_a_run: dict[str, Callable[..., None]] = {
            "play": self._play, "step": self._step, "speed": self._speed, "change": self._change,
            "reset": self._reset, "watch": self._watch, "look": self._look, "go_on": self._go_on, "fork": self._fork,
            "join": self._join, "file": self._file,
        }  # fmt: skip
        try:
            kind, fields = messages.read(message, buffers)
        except ScenarioError as error:
            self._tell(str(error))
            return
        if kind in own:
            own[kind](**fields)
        elif run := self.run:
            of_a_run[kind](run, **fields)

    def _tell(self, text: str) -> None:
        """Say something over whatever is shown."""
        self._files.put({"k": "said", "text": text})

    def _ack(self, i: int) -> None:
        self._answered, self._answered_at = max(self._answered, min(i, self._sent_frame)), time.monotonic()

    def _motion(self, pictures_per_s: float) -> None:
        self.pictures_per_s = pictures_per_s

    def _upload(self, name: str, data: bytes) -> None:
        if self._to_open.qsize() < MOST_WAITING:
            self._to_open.put((name, data))
        else:
            self._tell(f"{name[:60]} is not opened, since others before it are not open yet. Please try it again.")

    def _ask(self, search: str) -> None:
        self._to_open.put(search)  # opened by the sending thread, so that no message of the old run comes after it

    def _open(self, search: str) -> None:
        """Show what an address says: the gallery, a live run, or a run of its own."""
        self._leave()
        self._forget()
        self.gallery, self.problem = False, ""
        try:
            address = parse(search)
            if address.run and (run := RUNS.join(address.run, self)):
                self.run = run
            elif address.run and not address.scenario:
                self.problem = "That run has ended: its last viewer closed it. Please start one of the worlds again."
            elif address.scenario:
                own, address = making.heeded(address)
                self.run = RUNS.start(address, world_class(own.domain, World).start_ticks_per_s, self)
            else:
                self.gallery = True
        except ValueError as error:
            self.problem = str(error)

    def _open_file(self, name: str, data: bytes) -> None:
        """Go on with a saved world; what is shown stays where the file is none."""
        try:
            world, address = making.opened(name, data)
        except ValueError as error:
            self._tell(str(error))
            return
        self._leave()
        self._forget()
        self.gallery, self.problem = False, ""
        try:
            self.run = RUNS.start(address, world.start_ticks_per_s, self, (world, name))
        except ValueError as error:
            self.problem = str(error)
            return
        self._files.put({"k": "opened", "search": address.search})

    def _play(self, run: Run, playing: bool) -> None:
        run.play(playing)

    def _step(self, run: Run) -> None:
        run.step()

    def _speed(self, run: Run, ticks_per_s: float | None) -> None:
        run.pace(ticks_per_s)

    def _change(self, run: Run, text: str, name: str, parameters: dict[str, Any]) -> None:
        run.change(text, name, parameters)

    def _reset(self, run: Run, learner: str | None, lifelong: bool | None, seed: int, changes: dict[str, Any]) -> None:
        run.reset(replace(run.address, learner=learner, lifelong=lifelong, seed=seed, changes=changes))

    def _watch(self, run: Run, agent: int | None) -> None:
        run.watch(self, agent)

    def _look(self, run: Run, tick: int | None) -> None:
        run.look(self, tick)

    def _go_on(self, run: Run) -> None:
        run.go_on(self)

    def _fork(self, run: Run) -> None:
        run.fork(self)

    def _join(self, run: Run, keep: bool) -> None:
        run.join(keep)

    def _file(self, run: Run, kind: str) -> None:
        """Put a file, or the cell, where the sending thread finds it."""

        def give(world: World, twin: World | None, cell: str) -> None:
            try:
                name, data = ("cell.py", cell.encode()) if kind == "cell" else files.write(kind, world, twin)
                self._files.put({"k": "file", "kind": kind, "name": name, "data": data})
            except (ValueError, OSError) as error:
                self._tell(str(error))
            except Exception:  # a fault of ours: the log has the traceback, the page a sentence
                LOG.exception("writing %s", kind)
                self._tell(f"The {kind} could not be written because of a fault in the program; its log says more.")

        run.copy(self, give)

    def _leave(self) -> None:
        run, self.run = self.run, None
        if run:
            RUNS.leave(run, self)

    def _forget(self) -> None:
        """Nothing has been sent of what is shown from now on."""
        self._said: dict[str, Any] = {}
        self._pictured: set[str] = set()
        self._frame_number = self._moment = 0

    # What the browser sees -----------------------------------------------------------------------------------------

    def _talk(self) -> None:
        try:
            next_frame = time.monotonic()
            while not self._ended.is_set():
                self._turn()
                pause = next_frame - time.monotonic()
                if pause > 0:
                    self._ended.wait(pause)
                next_frame = max(next_frame, time.monotonic() - 0.01) + 1 / self.pictures_per_s
        except AttributeError:
            if self.widget.comm is not None:  # None: the tab was closed while something was on its way to it
                raise
        finally:
            self._leave()

    def _turn(self) -> None:
        """Open what was asked for, wait for something new, and send it."""
        while not self._to_open.empty():
            wanted = self._to_open.get()
            try:
                self._open_file(*wanted) if isinstance(wanted, tuple) else self._open(wanted)
            except Exception:  # a fault of ours: the log has the traceback, the page a sentence
                LOG.exception("opening what a viewer wants")
                self._tell("This could not be opened because of a fault in the program; its log says more.")
        while not self._files.empty():
            message = self._files.get()
            data = message.pop("data", None)
            self.widget.send(message, buffers=data and [data])
        run = self.run
        if run:
            self._say("waiting", seconds=run.expected_s)
        if run and run.status.life:
            self._wait(run)
            self._say_run(run)
            return
        self._say("problem", text=self.problem or (run.problem if run else ""))
        if self.gallery:
            self._say_gallery()
        self._ended.wait(0.05)

    def _wait(self, run: Run) -> None:
        """Wait for something new of a run, or a little while."""
        with run.news:
            run.news.wait_for(lambda: run.moment != self._moment, timeout=0.1)
            self._moment = run.moment

    def _say(self, kind: str, buffers: list[bytes] | None = None, version: Any = None, **content: Any) -> None:
        """Send a message, unless its version (or all it says) is what was sent last."""
        version = content if version is None else version
        if self._said.get(kind) != version:
            self._said[kind] = version
            self.widget.send({"k": kind, **content}, buffers=buffers)

    def _say_gallery(self) -> None:
        self._say("gallery", cards=catalogue.cards() if "gallery" not in self._said else None, version=True)
        for name, still in STILLS.ready().items():
            if name not in self._pictured:
                self._pictured.add(name)
                self._send_parts({"k": "still", "name": name, **still}, still["parts"])

    def _say_run(self, run: Run) -> None:
        status, world = run.status, run.world
        if self._said.get("life") != status.life:
            self._forget()
            self._said["life"] = status.life
            self._say("world", run=run.ident, **catalogue.world(world, run.scenario))
        pair = run.pair
        assert run.snapshot  # there from the first life on
        version = (status.number, run.snapshot.regime, pair is None)
        if self._said.get("status") != version:
            address = replace(run.address, changes={**run.address.changes, **status.changed})
            self._say(
                "status", version=version, playing=status.playing, speed=status.speed, changed=status.changed,
                events=status.events, refusal=status.refusal, lines=run.lines.rules, theory=run.lines.theory,
                search=address.search, learner=address.learner, lifelong=address.lifelong, seed=address.seed,
                made=address.changes, parameters=dict(world.parameters),
                twin=pair and {"parameters": dict(pair.world.parameters), "changed": making.held(pair.world)},
            )  # fmt: skip
        if self._said.get("curve") != (status.life, run.curve_number):
            table, of = run.curve.table(), (status.life, run.curve_number)
            self._say("curve", [table.tobytes()], version=of, columns=table.shape[1], now=run.curve.now())
        self._say("memory", version=(status.life, run.memory["number"]), **run.memory)
        self._say("pair", version=(status.life, run.compared["number"]), pair=run.compared["pair"])
        self._say("answer", version=id(found := pair and pair.found), answer=found or {})
        self._say("past", **run.kept)
        look = run.looks.get(self)
        inspected, panels = (look.inspected, look.panels) if look else (run.inspected, run.panels)
        self._say("inspection", agent=run.watched.get(self), inspection=inspected.get(run.watched.get(self, -1)))
        self._say("panels", panels=panels)
        self._say_frame(run, look)

    def _say_frame(self, run: Run, look: Look | None) -> None:
        if self._sent_frame - self._answered >= IN_FLIGHT:
            if time.monotonic() - self._answered_at < ANSWER_WITHIN_S:
                return
            self._answered, self._answered_at = self._sent_frame, time.monotonic()
        assert run.snapshot
        shot = look.snapshot if look else run.snapshot
        if shot.number == self._frame_number:
            return
        self._frame_number = shot.number
        self._sent_frame += 1
        head = {"k": "frame", "i": self._sent_frame, "tick": shot.tick, "clock": shot.clock, "regime": shot.regime}
        head |= {"rate": shot.ticks_per_s, "live": run.snapshot.tick, "looking": look is not None}
        if look:
            head |= {"now": look.now, "told": [dict(world.parameters) for world in (look.world, look.twin) if world]}
        self._send_parts({**head, "twin": layout(shot.twin)}, shot.parts, shot.twin)

    def _send_parts(self, head: dict[str, Any], parts: Parts, more: Parts = NO_PARTS) -> None:
        buffers = [data for some in (parts, more) for _, data in some.values()]
        self.widget.send({**head, "parts": layout(parts)}, buffers=buffers)


def layout(parts: Parts) -> list[tuple[str, str]]:
    """Names and NumPy types of the buffers of a message."""
    return [(name, kind) for name, (kind, _) in parts.items()]
