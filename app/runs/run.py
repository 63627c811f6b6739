"""Live worlds: each runs in a thread of its own and publishes snapshots that any number of viewers sample.

A run is one world, or two while a what-if is open: A and its fork B, moved by the same ticks. Its past is kept, so that
a viewer may look back while it goes on, and go on from there.

Only the run's thread touches its world. Viewers send orders, which it obeys between two calls of ``world.run``, and
read the last snapshot, which never changes once published: no locks around the world, no torn pictures.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.memory.remembered import Remembered
from app.processes.compiling import COMPILERS, compile_world
from app.processes.lines import Lines
from app.runs import files, frames, making
from app.runs.curve import Curve
from app.runs.files import Source
from app.runs.frames import Look, Snapshot, Status
from app.runs.orders import Orders
from app.runs.pace import Pace
from app.runs.pair import Pair
from app.worlds.address import Address
from models import World
from models.domain import EndOfLife
from scenarios import Scenario
from studies.live.past import Past

PICTURES_PER_S = 36  # a little over 30, so that a busy machine still shows 30
CURVES_PER_S = 4
COPIES_PER_S = 4  # of the world, for its past
FIND_S = 0.3  # longest stretch of work to find a moment between two copies

LOG = logging.getLogger(__name__)


class Run:
    """One world, alive until its last viewer leaves.

    Parameters
    ----------
    address
        Scenario, learner, seed and changes to start from.
    speed
        Ticks per second; None for as fast as it can.
    opened
        A world that was saved before, in place of a new one, and the name of its file.
    """

    def __init__(self, address: Address, speed: float | None, opened: tuple[World, str] | None = None) -> None:
        self.ident = secrets.token_urlsafe(6)
        self.address = address
        self.world: World  # from the first life on, as curve and lines
        self.pair: Pair | None = None
        self.past = Past()
        self.problem = ""  # why it does not go on, until it is reset
        self.status = Status(speed=speed)
        self.snapshot: Snapshot | None = None
        self.curve: Curve
        self.curve_number = 0
        self.memory: dict[str, Any] = {"number": 0}  # what is remembered, and how soon; replaced, never changed
        self.compared: dict[str, Any] = {"number": 0, "pair": None}  # what is known of a what-if; replaced
        self.kept: dict[str, Any] = {}  # of the past; replaced
        self.expected_s: float | None = None  # that compiling takes, while viewers wait for it
        self.lines: Lines
        self.watched: dict[object, int] = {}  # viewer -> agent
        self.looks: dict[object, Look] = {}  # viewer -> the moment of the past that is looked at
        self.inspected: dict[int, dict[str, Any]] = {}
        self.panels: list[dict[str, Any]] = []
        self.news = threading.Condition()
        self.moment = 0  # counts notifications, so that a viewer who was busy knows that it missed some
        self.source: Source | None = None
        self._opened, self._number, self._pace, self._next_picture = opened, 0, Pace(), 0.0
        self._orders = Orders()
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

    def change(self, text: str, name: str, parameters: Mapping[str, Any]) -> None:
        """Change parameters from the next tick on (None: back to the schedule), of B while there is one.

        `text` marks it on the timeline; `name` begins a sentence about it.
        """

        def apply() -> None:
            try:
                making.check(self.world.scenario, parameters)
                if self.pair:
                    self.pair.change(text, name, dict(parameters))
                else:
                    self.world.change(**parameters)
            except ValueError as error:
                self._tell(refusal=str(error))
                return
            if not self.pair:
                self._tell(changed=making.held(self.world), events=(*self.status.events, (self.world.tick, text)))
                self.lines.change(self.status.changed)
            self._tell(refusal="")
            self._publish_all()

        self._order(apply)

    def reset(self, address: Address) -> None:
        """Start again at tick 0, with what `address` says."""
        self._order(lambda: self._begin(address), revives=True)

    def watch(self, viewer: object, agent: int | None) -> None:
        """Inspect an agent for a viewer from now on, or none."""

        def look() -> None:
            self.watched.pop(viewer, None)
            if agent is not None:
                self.watched[viewer] = agent
            self._inspect()

        self._order(look)

    def look(self, viewer: object, tick: int | None) -> None:
        """Show a viewer the world at a tick of the past, while the run goes on; None for the run itself."""

        def find() -> None:
            self.looks.pop(viewer, None)
            if tick is not None and tick < self.world.tick:
                most = self._pace.within(FIND_S)
                world = self.past.at(self.world, tick, most)
                twin = self.pair.past.at(self.pair.world, world.tick, most) if self.pair else None
                about = frames.inspected(world, set(self.watched.values()), self.remembered.members)
                self._number += 1
                self.looks[viewer] = frames.look(self._number, world, twin, self._pace.ticks_per_s, about)
            self._notify()

        self._order(find)

    def go_on(self, viewer: object) -> None:
        """Go on from the moment a viewer looks at; what came after it is given up."""
        self._order(lambda: self._return(viewer))

    def fork(self, viewer: object) -> None:
        """Ask what if: copy the world, as it is at the moment that a viewer looks at."""

        def split() -> None:
            self._return(viewer)
            if not self.pair:
                self.pair = Pair(self.world, self.past, news=lambda: self._order(self._publish))
                self._publish_all()

        self._order(split)

    def join(self, keep: bool) -> None:
        """End a what-if; `keep` goes on with B, else with A."""

        def end() -> None:
            if not self.pair:
                return
            pair, events = self.pair, self.status.events
            if keep:
                events = (*(event for event in events if event[0] <= pair.start.tick), *pair.events)
                self.past = pair.past
                self._adopt(pair.world, self.scenario, self.address, events)
            else:
                self._end_pair()
                self._publish_all()

        self._order(end)

    def copy(self, viewer: object, give: Callable[[World, World | None, str], None]) -> None:
        """Call `give` from a thread of its own with what a viewer sees: copies of the world and B, or None, and a cell.

        The cell is Python that makes both again.
        """

        def give_both() -> None:
            look = self.looks.get(viewer)
            world, twin = (look.world, look.twin) if look else (self.world, self.pair.world if self.pair else None)
            forked = self.pair.start.tick if self.pair else 0
            if world.tick < forked:
                twin = None  # before the fork there was one world
            cell = files.cell(self.address, self.source, world, twin, forked)
            given = (world.fork(), twin and twin.fork(), cell)
            threading.Thread(target=give, args=given, name="file", daemon=True).start()

        self._order(give_both)

    def end(self) -> None:
        """End the thread; it finishes the work at hand first."""
        self._orders.end()

    def _order(self, order: Callable[[], None], revives: bool = False) -> None:
        """Have something done by the run's thread; `revives`: also where the world has stopped."""

        def carry_out() -> None:
            if self.problem and not revives:
                self._tell(refusal=self.problem)  # a world that stopped may be half way through a tick
            else:
                self._attempt(order)

        self._orders.put(carry_out)

    # The thread --------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        self._attempt(self._start)
        while self._orders.obey(self._pace.wait_s(self.status)):
            if self.status.playing:
                self._attempt(self._go)
        self._end_pair()
        if self.status.life:
            self.lines.end()

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except EndOfLife:  # nothing has moved: all of its life can still be seen and kept
            told = f"This world has reached its end, {self.world.longest_life:,} ticks, the longest that its kind lives"
            self._tell(playing=False, refusal=f"{told}. Look back along it, save it, or press Reset for a new one.")
            self._publish_all()
        except Exception:  # a fault of ours: the log has the traceback, the page a sentence
            LOG.exception("run %s of %s", self.ident, self.address.scenario)
            what_now = "Reset starts it again." if self.status.life else "Please start one of the worlds again."
            self._fail(f"This world stopped because of a fault in the program (its log says more). {what_now}")

    def _start(self) -> None:
        if self._opened is None:
            self._begin(self.address)
        else:
            world, file = self._opened
            self._compiled(lambda: world, world.scenario)
            self.source = Source(file, world.tick, len(world.changes))
            self._adopt(world, world.scenario, self.address, ())

    def _go(self) -> None:
        self._advance(self._pace.owed(self.status.speed))
        now = time.perf_counter()
        if self.world.tick != self._shown and now >= self._next_picture:
            self._next_picture = max(self._next_picture + 1 / PICTURES_PER_S, now - 1 / PICTURES_PER_S)
            self._publish()

    def _begin(self, address: Address) -> None:
        """Make the world; what cannot be made becomes a sentence on the page."""
        try:
            plan = making.plan(address)
            world = self._compiled(plan.make, plan.scenario)
        except (ValueError, TypeError) as error:
            self._fail(str(error)) if not self.status.life else self._tell(refusal=str(error))
            return
        self.past, self.source, self._pace = Past(), None, Pace()  # another learner may be slower by far
        self._adopt(world, plan.own, plan.address, ())

    def _compiled(self, make: Callable[[], World], scenario: Scenario) -> World:
        """A world whose code is there; viewers are told how long that takes."""

        def wait(seconds: float | None) -> None:
            self.expected_s = seconds
            self._notify()

        try:
            return COMPILERS.ready(make, scenario, wait)
        finally:
            wait(None)

    def _adopt(self, world: World, own: Scenario, address: Address, events: tuple[tuple[int, str], ...]) -> None:
        """Go on with a world, whatever its tick; all that is drawn of it is read anew from its record."""
        self._end_pair()
        self.world, self.scenario, self.address, self.problem = world, own, address, ""
        self.looks.clear()
        self.past.keep(world)
        self.curve = Curve(list(world.headline), world.record.window_ticks)
        self.remembered = Remembered(
            world, ended=lambda: self.world is not world or not self.thread.is_alive(),
            news=lambda: self._order(self._publish),
        )  # fmt: skip
        self.remembered.take(world)
        self.inspected = {}
        self._pace.rest()
        self._shown, self._recorded = -1, 0
        self._next_picture = self._next_curve = self._next_copy = time.perf_counter()
        self._publish()
        if self.status.life:
            self.lines.end()
        self.lines = Lines(world, making.held(world), lambda said: self._tell(**{"refusal": said} if said else {}))
        self._tell(life=self.status.life + 1, changed=making.held(world), events=events, refusal="")

    def _return(self, viewer: object) -> None:
        """Make the moment that a viewer looks at the present."""
        look = self.looks.pop(viewer, None)
        if look is None:
            return
        tick = look.world.tick
        events = tuple(event for event in self.status.events if event[0] <= tick)
        pair = self.pair if self.pair and tick >= self.pair.start.tick else None
        self.past, self.pair = self.past.until(tick), self.pair if pair is None else None
        self._adopt(look.world, self.scenario, self.address, events)
        if pair and look.twin:
            pair.world, self.pair = look.twin, pair
            pair.rewind(tick)
            self._publish_all()

    def _end_pair(self) -> None:
        if self.pair:
            self.pair.end()
        self.pair = None

    def _fail(self, problem: str) -> None:
        """Stop until a reset, and tell all viewers why."""
        self._end_pair()
        self.compared = {"number": self.compared["number"] + 1, "pair": None}
        self.problem = problem
        self._tell(playing=False, refusal=problem)

    def _advance(self, ticks: int) -> None:
        if not ticks:
            return
        ticks = max(1, min(ticks, self.world.longest_life - self.world.tick))  # up to its last tick, and none beyond
        start = time.perf_counter()
        if start >= self._next_copy:
            self._next_copy = start + 1 / COPIES_PER_S
            self.past.keep(self.world)
            if self.pair:
                self.pair.past.keep(self.pair.world)
        self.world.run(ticks)
        if self.pair:
            self.pair.world.run(ticks)
        self.remembered.take(self.world)
        if self._pace.did(ticks, time.perf_counter() - start):
            COMPILERS.later(compile_world, self.world.scenario, True)

    def _publish_all(self) -> None:
        """Publish curves and numbers with the picture."""
        self._next_curve = 0.0
        self._publish()

    def _publish(self) -> None:
        world, now = self.world, time.perf_counter()
        self._number += 1
        twin = self.pair.world if self.pair else None
        self.snapshot = frames.snapshot(self._number, world, twin, self._pace.reached(world.tick))
        self._shown = world.tick
        if now >= self._next_curve or not self.status.playing:
            self._next_curve = now + 1 / CURVES_PER_S
            rows = world.record.frame(since=self._recorded)
            self._recorded = world.tick
            self.curve_number += self.curve.take(rows)
            told = self.remembered.told(world, rows, self.status.changed)
            self.memory = {"number": self.memory["number"] + 1, **told}
            self._inspect()
            self._compare(world)
        self._notify()

    def _compare(self, world: World) -> None:
        """What is known of a what-if, and how much of the past is kept."""
        if self.pair:
            self.pair.take(world)
        pair = self.pair and {**self.pair.told(), "base": self.curve.now()}
        if pair != self.compared["pair"]:
            self.compared = {"number": self.compared["number"] + 1, "pair": pair}
        self.kept = frames.kept(self.past, self.pair.past if self.pair else None)

    def _inspect(self) -> None:
        self.inspected = frames.inspected(self.world, set(self.watched.values()), self.remembered.members)
        self.panels = frames.panels(self.world)
        self._notify()

    def _tell(self, **changes: Any) -> None:
        with self.news:  # orders and the search for baselines both tell
            self.status = replace(self.status, number=self.status.number + 1, **changes)
        self._notify()

    def _notify(self) -> None:
        with self.news:
            self.moment += 1
            self.news.notify_all()
