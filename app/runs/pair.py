"""World B of a what-if: a fork of the run's own world (A) that people change, and the pairs that say what changes do.

A and B are advanced by the run's thread, by the same ticks, so they cannot drift apart. Pairs with other seeds run in
threads of their own (compiled kernels let other threads work meanwhile); a new change asks a new question.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from app.runs import frames
from app.runs.curve import Curve
from app.worlds import catalogue
from models import World
from models.domain import EndOfLife
from studies.comparison import sentences
from studies.live import whatif
from studies.live.past import Past
from studies.live.whatif import PAIRS, TOLD_FROM, Answer, Changed, WhatIf, horizon

TELL_EVERY_S = 0.5  # or longer, where an answer takes long to find
LOG = logging.getLogger(__name__)


class Pair:
    """A fork of a world, and what is known about the difference.

    Parameters
    ----------
    world
        The run's own, at the moment of the fork.
    past
        Of the run until then.
    news
        Called from another thread when more is known.
    """

    def __init__(self, world: World, past: Past, news: Callable[[], None]) -> None:
        self.start, self.world, self.past = world.fork(), world.fork(), past.until(world.tick)
        self.clock = world.clock_text()
        self.events: tuple[tuple[int, str], ...] = ()
        self._changes: list[Changed] = []
        self._news, self._asking = news, threading.Lock()
        self._question: WhatIf | None = None  # that is being asked, or was answered last
        self.found: dict[str, Any] = {"done": 0, "of": PAIRS}  # what the pairs say, as the page draws it; replaced
        self.rewind(world.tick)

    def rewind(self, tick: int) -> None:
        """Forget what B did after a tick that is not before the fork."""
        names = self.start.headline
        window = self.start.record.window_ticks
        self.difference = Curve(list(names[:1]), window, self.start.tick // window * window)
        self._seen = self.start.tick
        self.past = self.past.until(tick)
        self.events = tuple(event for event in self.events if event[0] <= tick)
        kept = [change for change in self._changes if change.tick <= tick]
        if kept != self._changes:
            self._changes = kept
            self._ask()

    def change(self, text: str, name: str, parameters: dict[str, Any]) -> None:
        """Change B from the next tick on (raises ValueError); `name` is the change as the beginning of a sentence."""
        self.world.change(**parameters)
        self.events = (*self.events, (self.world.tick, text))
        self._changes.append(Changed(self.world.tick, name, parameters))
        self._ask()

    def take(self, base: World) -> None:
        """Read new rows of both worlds."""
        if self.world.tick // self.world.record.window_ticks > self._seen // self.world.record.window_ticks:
            self.difference.take(whatif.difference(self.world, base, self._seen))
            self._seen = self.world.tick

    def end(self) -> None:
        """Stop the pairs that are running."""
        self._question = None

    def told(self) -> dict[str, Any]:
        """What the page draws, JSON-able."""
        first = self.difference.start
        own = [[first + float(tick), *catalogue.known([value])] for tick, value in self.difference.table()]
        end = self._question.end if self._question else self.start.tick + horizon(self.start)
        return {"tick": self.start.tick, "clock": self.clock, "end": end, "events": self.events, "own": own,
                "now": frames.now(self.world)}  # fmt: skip

    def _ask(self) -> None:
        question = WhatIf(self.start, self._changes) if self._changes else None
        with self._asking:
            self._question, self.found = question, {"done": 0, "of": PAIRS}
        if question:
            threading.Thread(target=self._find, args=(question,), name="pairs", daemon=True).start()

    def _find(self, question: WhatIf) -> None:
        """Run all pairs of a question and tell what is known as they are done."""

        def stopped() -> bool:
            return self._question is not question

        pairs, tell_at = [], 0.0
        try:
            with ThreadPoolExecutor(max(1, (os.cpu_count() or 2) - 1), "pair") as pool:
                for done in as_completed([pool.submit(question.pair, n, stopped) for n in range(PAIRS)]):
                    if stopped():
                        return
                    pairs.append(done.result())
                    found = {"done": len(pairs), "of": PAIRS}
                    start = time.monotonic()
                    if len(pairs) == PAIRS or (len(pairs) >= TOLD_FROM and start > tell_at):
                        found |= told(question, question.answer(pairs))
                        tell_at = time.monotonic() + max(TELL_EVERY_S, 2 * (time.monotonic() - start))
                    self._tell(question, found)
        except EndOfLife:
            self._tell(
                question,
                {"fault": "The pairs would outlive this world, whose end is near; fork it at an earlier tick."},
            )
        except Exception:  # a fault of ours: the log has the traceback, the page a sentence
            LOG.exception("pairs of %s", question.start.scenario.name)
            self._tell(question, {"fault": "The pairs stopped because of a fault in the program; see its log."})

    def _tell(self, question: WhatIf, found: dict[str, Any]) -> None:
        """Add to what is known, unless another question has been asked meanwhile."""
        with self._asking:
            if self._question is question:
                self.found = {**self.found, **found}
        self._news()


def told(question: WhatIf, answer: Answer) -> dict[str, Any]:
    """An answer as the page draws it, JSON-able."""
    seconds, metrics = question.start.seconds_per_tick, question.start.metrics
    numbers = [
        {"metric": row["metric"], "good": metrics[row["metric"]].good,
         "values": catalogue.known(row.get(name, float("nan"))
                                   for name in ("without", "with_it", "difference", "low", "high"))}
        for row in answer.comparison.to_dict("records")
    ]  # fmt: skip
    recovered = answer.comparison.iloc[0]["recovery_ticks"]
    return {
        "sentences": answer.sentences,
        "over": sentences.duration(question.ticks - question.since_tick, seconds),
        "change_at": question.start.tick + question.since_tick,
        "numbers": numbers,
        "seeds": answer.seeds,
        "worst": catalogue.known([answer.comparison.iloc[0].get("worst", float("nan"))])[0],
        "recovered": recovered if recovered < float("inf") else None,
        "ticks": (answer.ticks + question.start.tick).tolist(),
        **{name: catalogue.known(getattr(answer, name)) for name in ("mean", "low", "high")},
    }
