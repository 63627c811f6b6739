"""Live worlds: each runs in a thread of its own and publishes snapshots that any number of viewers sample.

Only the run's thread touches its world. Viewers send orders, which it obeys between two calls of ``world.run``, and
read the last snapshot, which never changes once published: no locks around the world, no torn pictures.
"""

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import models
import scenarios
from app import catalogue
from app.address import Address
from app.curve import Curve
from app.remembered import Remembered
from models import population
from studies import baselines

PICTURES_PER_S = 36  # a little over 30, so that a busy machine still shows 30
WORK_S = 0.02  # longest stretch of work between two orders
CURVES_PER_S = 4

LOG = logging.getLogger(__name__)


def live_names(scenario: scenarios.Scenario) -> set[str]:
    """Parameters of a scenario that may change while its world runs."""
    return {knob.name for knob in scenarios.schema.knobs(scenario.world) if knob.live}


def chosen(scenario: scenarios.Scenario, address: Address) -> scenarios.Scenario:
    """The scenario with the learner and the memory that an address asks for."""
    if address.learner is not None:
        scenario = population.override(scenario, address.learner)
    return scenario if address.lifelong is None else population.with_lifelong(scenario, address.lifelong)


@dataclass(frozen=True)
class Snapshot:
    """What viewers see of a run at one moment."""

    number: int
    tick: int
    clock: str
    regime: int
    ticks_per_s: float
    parts: dict[str, tuple[str, bytes]]  # name -> (NumPy type, bytes), as the picture reads them


@dataclass(frozen=True)
class Status:
    """What changes seldom: `life` counts resets, `number` every change of anything here."""

    number: int = 0
    life: int = 0
    playing: bool = True
    speed: float | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    events: tuple[tuple[int, str], ...] = ()
    refusal: str = ""


class Run:
    """One world, alive until its last viewer leaves.

    Parameters
    ----------
    address
        Scenario, learner, seed and changes to start from.
    speed
        Ticks per second; None for as fast as it can.
    """

    def __init__(self, address: Address, speed: float | None) -> None:
        self.ident = secrets.token_urlsafe(6)
        self.address = address
        self.world: Any = None
        self.problem = ""
        self.status = Status(speed=speed)
        self.snapshot: Snapshot | None = None
        self.curve: Curve | None = None
        self.curve_number = 0
        self.memory: dict[str, Any] = {"number": 0}  # what is remembered, and how soon; replaced, never changed
        self.lines: dict[str, dict[str, list[float | None]]] = {}
        self.theory: dict[str, list[float | None]] = {}  # of the first headline metric
        self.watched: dict[object, int] = {}  # viewer -> agent
        self.inspected: dict[int, dict[str, Any]] = {}
        self.panels: list[dict[str, Any]] = []
        self.news = threading.Condition()
        self.moment = 0  # counts notifications, so that a viewer who was busy knows that it missed some
        self._orders: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._live, name=f"run {self.ident}", daemon=True)

    # What viewers may ask, from any thread -----------------------------------------------------------------------

    def play(self, playing: bool) -> None:
        """Go on, or hold; what is held is shown to its last tick."""

        def turn() -> None:
            self._tell(playing=playing)
            self._publish()

        self._order(turn)

    def step(self) -> None:
        """Hold, and advance exactly one tick."""

        def one() -> None:
            self._tell(playing=False)
            self._advance(1)
            self._publish()

        self._order(one)

    def pace(self, ticks_per_s: float | None) -> None:
        """Set the speed; None for as fast as it can."""
        self._order(lambda: self._tell(speed=ticks_per_s))

    def change(self, text: str, **parameters: Any) -> None:
        """Change parameters from the next tick on (None: back to the schedule); `text` marks it on the timeline."""

        def apply() -> None:
            try:
                self.world.change(**parameters)
            except ValueError as error:
                self._tell(refusal=str(error))
                return
            self.theory = catalogue.lines(self.world.theory_lines(self.world.headline[0]))
            changed = {**self.status.changed, **parameters}
            changed = {name: value for name, value in changed.items() if value is not None}
            self._tell(changed=changed, events=(*self.status.events, (self.world.tick, text)), refusal="")
            self._publish()

        self._order(apply)

    def reset(self, address: Address) -> None:
        """Start again at tick 0, with what `address` says."""
        self._order(lambda: self._begin(address))

    def watch(self, viewer: object, agent: int | None) -> None:
        """Inspect an agent for a viewer from now on, or none."""

        def look() -> None:
            self.watched.pop(viewer, None)
            if agent is not None and agent < len(self.world.agent_names):
                self.watched[viewer] = agent
            self._inspect()

        self._order(look)

    def end(self) -> None:
        """End the thread; it finishes the work at hand first."""
        self._orders.put(None)

    def _order(self, order: Callable[[], None]) -> None:
        self._orders.put(order)

    # The thread --------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        try:
            self._begin(self.address)
            while self.world is not None and self._obey(self._wait_s()):
                if self.status.playing:
                    self._advance(self._owed())
                    now = time.perf_counter()
                    if self.world.tick != self._shown and now >= self._next_picture:
                        self._next_picture = max(self._next_picture + 1 / PICTURES_PER_S, now - 1 / PICTURES_PER_S)
                        self._publish()
        except Exception:  # a fault of ours: the log has the traceback, the page a sentence
            LOG.exception("run %s of %s", self.ident, self.address.scenario)
            self._fail("This world stopped because of a fault in the program (its log says more). Start it again.")

    def _begin(self, address: Address) -> None:
        """Make the world; what cannot be made becomes a sentence on the page."""
        try:
            own = scenarios.load(address.scenario)
            live = live_names(own)
            made = {name: value for name, value in address.changes.items() if name not in live}
            pinned = {name: value for name, value in address.changes.items() if name in live}
            world = models.make(chosen(own, address), seed=address.seed, **made)
            if pinned:  # as when it is changed while the world runs: it holds over the schedule
                world.change(**pinned)
        except (ValueError, TypeError) as error:
            self._fail(str(error)) if self.world is None else self._tell(refusal=str(error))
            return
        self.world, self.scenario, self.address = world, own, replace(address, changes=made)
        self.curve = Curve(list(world.headline), world.record.window_ticks)
        self.remembered = Remembered(
            world, ended=lambda: self.world is not world or not self.thread.is_alive(),
            news=lambda: self._order(self._publish),
        )  # fmt: skip
        self.inspected, self.lines = {}, {}
        self.theory = catalogue.lines(world.theory_lines(world.headline[0]))
        self._work_rate, self._debt, self._shown, self._recorded = 1000.0, 0.0, -1, 0
        self._last = self._next_picture = self._next_curve = time.perf_counter()
        self._rate_from = (self._last, 0, 0.0)
        self._publish()
        self._tell(life=self.status.life + 1, changed=pinned, events=(), refusal="")
        threading.Thread(target=self._draw_lines, args=(world,), name="baselines", daemon=True).start()

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._notify()

    def _draw_lines(self, world: Any) -> None:
        """Find what learners are compared with; takes seconds the first time, so the world does not wait for it."""
        for name in world.headline:
            if self.world is not world or not self.thread.is_alive():
                return
            self.lines = {**self.lines, name: catalogue.lines(baselines.lines(world.scenario, name))}
            self._tell()

    def _wait_s(self) -> float:
        """Seconds until the next tick is owed."""
        if not self.status.playing:
            return 1.0
        if self.status.speed is None:
            return 0.0
        return min(max((1 - self._debt) / self.status.speed, 1 / 120), 0.25)

    def _obey(self, wait_s: float) -> bool:
        """Carry out the orders that have come, waiting for one at most so long; False when told to end."""
        try:
            order = self._orders.get(timeout=wait_s) if wait_s else self._orders.get_nowait()
            while order is not None:
                order()
                order = self._orders.get_nowait()
            return False
        except queue.Empty:
            return True

    def _owed(self) -> int:
        """Ticks to do now: what the speed asks for, at most what `WORK_S` of work allows."""
        now = time.perf_counter()
        passed, self._last = now - self._last, now
        most = max(1, int(self._work_rate * WORK_S))
        if self.status.speed is None:
            return most
        self._debt = min(self._debt + passed * self.status.speed, self.status.speed * 0.25 + 1)  # no running after
        ticks = min(int(self._debt), most)
        self._debt -= ticks
        return ticks

    def _advance(self, ticks: int) -> None:
        if not ticks:
            return
        start = time.perf_counter()
        self.world.run(ticks)
        self.remembered.take(self.world)
        rate = ticks / max(time.perf_counter() - start, 1e-6)
        self._work_rate += 0.3 * (min(rate, 4 * self._work_rate) - self._work_rate)  # one cheap call is no promise

    def _publish(self) -> None:
        world, now = self.world, time.perf_counter()
        since, tick, rate = self._rate_from
        if now - since > 0.5:
            rate = (world.tick - tick) / (now - since)
            self._rate_from = (now, world.tick, rate)
        number = self.snapshot.number + 1 if self.snapshot else 1
        parts = {name: (part.dtype.str[1:], part.tobytes()) for name, part in world.frame().items()}
        self.snapshot = Snapshot(number, world.tick, world.clock_text(), world.regime, rate, parts)
        self._shown = world.tick
        if now >= self._next_curve or not self.status.playing:
            self._next_curve = now + 1 / CURVES_PER_S
            rows = world.record.frame(since=self._recorded)
            self._recorded = world.tick
            self.curve_number += self.curve.take(rows)
            told = self.remembered.told(world, rows, self.status.changed)
            self.memory = {"number": self.memory["number"] + 1, **told}
            self._inspect()
        self._notify()

    def _inspect(self) -> None:
        remembers = self.remembered.lane.members if self.remembered.lane else ()
        self.inspected = {
            agent: {**self.world.inspect(agent), "remembers": agent in remembers}
            for agent in set(self.watched.values())
        }
        self.panels = self.world.panels()
        self._notify()

    def _tell(self, **changes: Any) -> None:
        with self.news:  # orders and the search for baselines both tell
            self.status = replace(self.status, number=self.status.number + 1, **changes)
        self._notify()

    def _notify(self) -> None:
        with self.news:
            self.moment += 1
            self.news.notify_all()
