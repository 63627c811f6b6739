"""The tape of metrics: one row per closed window of ticks.

A row is labelled with the tick at which its window closed. The record also answers the questions Mesa asks of a
`DataCollector`, step by step, with the last closed window (NaN before the first).
"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd

from engine import snapshot
from engine.limits import ANY

Chunk = tuple[np.ndarray, np.ndarray, np.ndarray]  # ticks (W,), metrics (W, M), rewards per agent (W, agents recorded)


class Record:
    """Rows of metrics of one run.

    Parameters
    ----------
    names
        Metric names, one per column.
    agents
        Agent names where rewards are recorded per agent, else empty.
    window_ticks
        Ticks per row; windows are anchored at tick 0.
    """

    def __init__(self, names: Sequence[str], agents: Sequence[str], window_ticks: int) -> None:
        self.names, self.agent_names, self.window_ticks = list(names), list(agents), window_ticks
        self._chunks: list[Chunk] = []
        self._watched: dict[str, dict[int, float]] = {}
        self.steps = 0

    def tapes(self, tick: int, ticks: int) -> tuple[np.ndarray, np.ndarray]:
        """Empty rows for the windows that close in the next `ticks` ticks: (rows, M) and (rows, agents recorded)."""
        rows = (tick + ticks) // self.window_ticks - tick // self.window_ticks
        return np.empty((rows, len(self.names))), np.empty((rows, len(self.agent_names)))

    def add(self, tick: int, tape: np.ndarray, agent_tape: np.ndarray) -> None:
        """Take over the rows of a run that ended at `tick`."""
        self.steps = tick
        if len(tape):
            last = tick // self.window_ticks
            at = np.arange(last - len(tape) + 1, last + 1) * self.window_ticks
            self._chunks.append((at, tape, agent_tape))

    def note(self, name: str, value: float) -> None:
        """Keep the value of a user's own metric for the window that has just closed."""
        self._watched.setdefault(name, {})[self.steps] = value

    def watched(self) -> dict[str, np.ndarray]:
        """The user's own metrics (W,), a row per closed window; NaN where there was none."""
        return {name: self.frame()[name].to_numpy() for name in self._watched}

    def fork(self) -> Self:
        """A record with the same past; rows are shared, never changed."""
        twin = type(self)(self.names, self.agent_names, self.window_ticks)
        twin.steps, twin._chunks = self.steps, list(self._chunks)
        twin._watched = {name: dict(values) for name, values in self._watched.items()}
        return twin

    def arrays(self) -> dict[str, np.ndarray]:
        """All rows as three arrays: ticks (W,), metrics (W, M) and rewards per agent (W, agents recorded)."""
        if len(self._chunks) != 1:
            self._chunks = [self._joined(self._chunks)]
        return dict(zip(("tick", "metrics", "agents"), self._chunks[0], strict=True))

    def _joined(self, chunks: list[Chunk]) -> Chunk:
        """Chunks as one."""
        empty = (np.empty(0, np.int64), *self.tapes(0, 0))
        ticks, metrics, agents = (np.concatenate(column) for column in zip(*(chunks or [empty]), strict=True))
        return ticks, metrics, agents

    def take_past(self, other: Self, tick: int) -> None:
        """Take over the rows of another record of the same run, up to a tick; rows are shared, never changed."""
        rows = other.arrays()
        before = int(np.searchsorted(rows["tick"], tick, side="right"))
        self.steps, self._chunks = tick, [(rows["tick"][:before], rows["metrics"][:before], rows["agents"][:before])]

    def restore(self, steps: int, saved: Mapping[str, Any], path: str, watched: Sequence[str] = ()) -> None:
        """Take over the rows that `arrays` and `watched` gave, saved under a path.

        Raises
        ------
        engine.snapshot.NotASnapshot
            Where there are more rows than windows.
        """
        found = saved.get(f"{path}.tick")
        rows = min(found.shape[:1], (steps // self.window_ticks,)) if found is not None else ()
        chunk = np.empty(rows, np.int64), np.empty((*rows, len(self.names))), np.empty((*rows, len(self.agent_names)))
        for name, array in zip(("tick", "metrics", "agents"), chunk, strict=True):
            snapshot.restore(array, saved, f"{path}.{name}", (0, steps) if name == "tick" else ANY)
        self.steps, self._chunks = steps, [chunk]
        for number, name in enumerate(watched):
            snapshot.restore(values := np.empty(rows), saved, f"{path}.watched.{number}", ANY)
            self._watched[name] = dict(zip(chunk[0].tolist(), values.tolist(), strict=True))

    def frame(self, since: int = 0) -> pd.DataFrame:
        """One row per window closed after tick `since`, indexed by tick; one column per metric, the user's own last."""
        at, rows, _ = self._joined([chunk for chunk in self._chunks if chunk[0].size and chunk[0][-1] > since])
        later = at > since
        frame = pd.DataFrame(rows[later], index=pd.Index(at[later], name="tick"), columns=self.names)
        for name, values in self._watched.items():
            frame[name] = pd.Series(values, dtype=float)
        return frame

    def agents(self) -> pd.DataFrame:
        """Mean reward per tick of each agent, one row per closed window; empty unless it was asked for."""
        data = self.arrays()
        return pd.DataFrame(data["agents"], index=pd.Index(data["tick"], name="tick"), columns=self.agent_names)

    # What Mesa asks of a DataCollector -------------------------------------------------------------------------

    agent_reporters: dict[str, Any] = {"agent_reward": "reward"}  # noqa: RUF012 (Mesa reads names of columns)
    _agenttype_records: dict[int, Any] = {}  # noqa: RUF012

    @property
    def _agent_records(self) -> "HeldAgents":
        return HeldAgents(self.arrays()["agents"], self.window_ticks)

    @property
    def _collection_steps(self) -> range:
        return range(1, self.steps + 1)

    @property
    def model_vars(self) -> dict[str, "Held"]:
        """Metric name -> its value at every step, as Mesa's batch runner reads it."""
        if self.steps < self.window_ticks:
            told = f"the record has a row per {self.window_ticks} steps, so after {self.steps} it holds NaN"
            warnings.warn(f"{told}; run longer, or make the world with a smaller record_every_ticks", stacklevel=2)
        frame = self.frame()
        return {str(name): Held(frame[name].to_numpy(), self.window_ticks, self.steps) for name in frame.columns}

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """The record as Mesa's tools expect it: one row per step, holding the last closed window."""
        return pd.DataFrame({name: list(values) for name, values in self.model_vars.items()})

    def get_agent_vars_dataframe(self) -> pd.DataFrame:
        """Mean reward of each agent in each window, indexed by step and agent, as Mesa's tools expect it."""
        frame = self.agents()
        frame.index.name, frame.columns.name = "Step", "AgentID"
        return frame.stack().to_frame("agent_reward")


class Held(Sequence[float]):
    """A windowed series read step by step: the last closed window, NaN before the first."""

    def __init__(self, values: np.ndarray, window_ticks: int, steps: int) -> None:
        self.values, self.window_ticks, self.steps = values, window_ticks, steps

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: Any) -> Any:
        if isinstance(step, slice):
            return [self[at] for at in range(*step.indices(self.steps))]
        if not -self.steps <= step < self.steps:
            raise IndexError(f"step {step} of {self.steps}")
        closed = (step % self.steps + 1) // self.window_ticks
        return float(self.values[closed - 1]) if closed else float("nan")


class HeldAgents:
    """Rows per agent read step by step, as Mesa does: step, unique id, reward of the last closed window."""

    def __init__(self, rewards: np.ndarray, window_ticks: int) -> None:
        self.rewards, self.window_ticks = rewards, window_ticks

    def get(self, step: int, default: list[Any]) -> list[tuple[int, int, float]]:
        """Rows of a step; `default` before the first window has closed."""
        closed = (step + 1) // self.window_ticks
        if not closed:
            return default
        return [(step, number, float(reward)) for number, reward in enumerate(self.rewards[closed - 1], start=1)]
