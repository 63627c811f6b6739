"""The tape of metrics: one row per closed window of ticks.

A row is labelled with the tick at which its window closed. Of a long run the newest windows are kept as they are and
older ones folded (`engine.history`), so that its memory is bounded. The record also answers the questions Mesa asks of
a `DataCollector`, step by step, with the last closed window (NaN before the first).
"""

import copy
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd

from engine import snapshot
from engine.history import STEPS, History
from engine.limits import FIXED

MOST_NUMBERS = 2**21  # that are kept as they are, 16 MB: a hundred thousand windows of most worlds, or more


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
        steps = MOST_NUMBERS // (STEPS * max(1, len(names) + len(agents)))
        self._step = 1 << max(1, steps.bit_length() - 1)
        self._metrics, self._agents = History(self._step, len(names)), History(self._step, len(agents))
        self._watched: dict[str, History] = {}
        self.steps = 0

    @property
    def stretch_ticks(self) -> int:
        """Ticks to run at a time, so that tapes are small beside what is kept."""
        return self._step * self.window_ticks

    @property
    def exact_windows(self) -> int:
        """The newest windows that are kept as they are, however long the run."""
        return (STEPS - 1) * self._step

    @property
    def exact_since(self) -> int:
        """Tick from which on there is a row per window."""
        return self._metrics.folded * self.window_ticks

    def tapes(self, tick: int, ticks: int) -> tuple[np.ndarray, np.ndarray]:
        """Empty rows for the windows that close in the next `ticks` ticks: (rows, M) and (rows, agents recorded)."""
        rows = (tick + ticks) // self.window_ticks - tick // self.window_ticks
        return np.empty((rows, len(self.names))), np.empty((rows, len(self.agent_names)))

    def add(self, tick: int, tape: np.ndarray, agent_tape: np.ndarray) -> None:
        """Take over the rows of a run that ended at `tick`."""
        self.steps = tick
        if len(tape):
            self._metrics.add(tape)
            self._agents.add(agent_tape)

    def note(self, name: str, value: float) -> None:
        """Keep the value of a user's own metric for the window that has just closed."""
        history = self._watched.setdefault(name, History(self._step))
        history.add_unknown(self._metrics.count - 1 - history.count)
        history.add(np.array([value]))

    @property
    def watched(self) -> list[str]:
        """Names of the user's own metrics."""
        return list(self._watched)

    def fork(self) -> Self:
        """A record with the same past; rows are shared, never changed."""
        twin = copy.copy(self)
        twin._metrics, twin._agents = copy.copy(self._metrics), copy.copy(self._agents)
        twin._watched = {name: copy.copy(history) for name, history in self._watched.items()}
        return twin

    def arrays(self) -> dict[str, np.ndarray]:
        """All that is kept: ticks (W,), metrics (W, M) and rewards per agent (W, agents recorded) of single windows.

        Of what the user watches (W,), too; and where windows are folded, their sums and how many share one.
        """
        parts = [(name, history.arrays()) for name, history in self._parts().items()]
        found = {f"{name}{part}": array for name, arrays in parts for part, array in arrays.items()}
        ticks = np.arange(self._metrics.folded + 1, self._metrics.count + 1) * self.window_ticks
        length = {"windows_per_row": np.array([self._metrics.length])} if self._metrics.folded else {}
        return {"tick": ticks, **length, **found}

    def _parts(self) -> dict[str, History]:
        """All histories by the names under which they are saved, each up to the last window."""
        parts = {"metrics": self._metrics, "agents": self._agents}
        return parts | {f"watched.{number}": self._whole(name) for number, name in enumerate(self._watched)}

    def _whole(self, name: str) -> History:
        """What the user watches, up to the last window: nobody may have watched it lately."""
        history = copy.copy(self._watched[name])
        history.add_unknown(self._metrics.count - history.count)
        return history

    def take_past(self, other: Self, tick: int) -> None:
        """Take over the rows of another record of the same run, up to a tick; rows are shared, never changed."""
        windows = tick // self.window_ticks
        self.steps, self._metrics, self._agents = tick, other._metrics.until(windows), other._agents.until(windows)

    def restore(self, steps: int, saved: Mapping[str, Any], path: str, watched: Sequence[str] = ()) -> None:
        """Take over the rows that `arrays` gave, saved under a path; `watched` names the user's own metrics.

        Raises
        ------
        engine.snapshot.NotASnapshot
            Where these are not the windows of so many steps.
        """
        count, found = steps // self.window_ticks, saved.get(f"{path}.tick")
        rows = min(found.shape[0], count) if found is not None and len(found.shape) == 1 else 0
        folded, length = count - rows, np.ones(1, np.int64)
        ticks = np.arange(folded + 1, count + 1) * self.window_ticks
        snapshot.restore(ticks, saved, f"{path}.tick", FIXED)
        if folded:
            snapshot.restore(length, saved, f"{path}.windows_per_row", (-(-folded // self._step), 2**62))
        self.steps, self._watched = steps, {name: History(self._step) for name in watched}
        own = {f"watched.{number}": history for number, history in enumerate(self._watched.values())}
        for name, history in {"metrics": self._metrics, "agents": self._agents, **own}.items():
            history.restore(saved, f"{path}.{name}", folded, rows, int(length[0]))

    def frame(self, since: int = 0) -> pd.DataFrame:
        """One row per window closed after tick `since`, indexed by tick; one column per metric, the user's own last.

        Where windows are folded, a row is their mean and its tick that of the last one; `frame.attrs` then says up to
        which tick (`folded_until`), and how many share a row (`windows_per_row`).
        """
        frame = self._table(self._metrics, since, self.names)
        for name in self._watched:
            frame[name] = self._table(self._whole(name), since, [name])[name]
        return frame

    def agents(self) -> pd.DataFrame:
        """Mean reward per tick of each agent, rows as in `frame`; empty unless it was asked for."""
        return self._table(self._agents, 0, self.agent_names)

    def _table(self, history: History, since: int, names: list[str]) -> pd.DataFrame:
        last, rows = history.after(since // self.window_ticks)
        index = pd.Index(last * self.window_ticks, name="tick")
        frame = pd.DataFrame(rows.reshape(len(last), len(names)), index=index, columns=names)
        if len(last) and last[0] <= history.folded:
            frame.attrs = {"folded_until": self.exact_since, "windows_per_row": history.length}
        return frame

    # What Mesa asks of a DataCollector -------------------------------------------------------------------------

    agent_reporters: dict[str, Any] = {"agent_reward": "reward"}  # noqa: RUF012 (Mesa reads names of columns)
    _agenttype_records: dict[int, Any] = {}  # noqa: RUF012

    @property
    def _agent_records(self) -> "HeldAgents":
        last, rewards = self._agents.after()
        return HeldAgents(rewards, last, self.window_ticks)

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
        last = frame.index.to_numpy() // self.window_ticks
        return {str(name): Held(frame[name].to_numpy(), last, self.window_ticks, self.steps) for name in frame.columns}

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """The record as Mesa's tools expect it: one row per step, holding the last closed window."""
        return pd.DataFrame({name: list(values) for name, values in self.model_vars.items()})

    def get_agent_vars_dataframe(self) -> pd.DataFrame:
        """Mean reward of each agent in each window, indexed by step and agent, as Mesa's tools expect it."""
        frame = self.agents()
        frame.index.name, frame.columns.name = "Step", "AgentID"
        return frame.stack().to_frame("agent_reward")


class Held(Sequence[float]):
    """A windowed series read step by step: the last closed window, NaN before the first.

    `last` numbers the last window that each value stands for.
    """

    def __init__(self, values: np.ndarray, last: np.ndarray, window_ticks: int, steps: int) -> None:
        self.values, self.last, self.window_ticks, self.steps = values, last, window_ticks, steps

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: Any) -> Any:
        if isinstance(step, slice):
            return [self[at] for at in range(*step.indices(self.steps))]
        if not -self.steps <= step < self.steps:
            raise IndexError(f"step {step} of {self.steps}")
        closed = (step % self.steps + 1) // self.window_ticks
        return float(self.values[np.searchsorted(self.last, closed)]) if closed else float("nan")


class HeldAgents:
    """Rows per agent read step by step, as Mesa does: step, unique id, reward of the last closed window."""

    def __init__(self, rewards: np.ndarray, last: np.ndarray, window_ticks: int) -> None:
        self.rewards, self.last, self.window_ticks = rewards, last, window_ticks

    def get(self, step: int, default: list[Any]) -> list[tuple[int, int, float]]:
        """Rows of a step; `default` before the first window has closed."""
        closed = (step + 1) // self.window_ticks
        if not closed:
            return default
        row = self.rewards[np.searchsorted(self.last, closed)]
        return [(step, number, float(reward)) for number, reward in enumerate(row, start=1)]
