"""What an agent says of itself: what it does, what it has learned in words, and its values as a map of cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np


@dataclass(frozen=True)
class Cell:
    """A square of the map: a state, or an action in a state."""

    lean: float  # -1 to 1, to the first or the second action, or worth against the row's mean; ordered: worth, 0 to 1
    visits: float  # its size: 0 where nothing was learned, 1 where most was (see `sizes`)
    action: int  # whose colour it takes
    best: bool  # ordered: whether this is the action worth most of those tried


@dataclass(frozen=True)
class HeatMap:
    """Values by state: rows and columns, and where the agent is."""

    rows: list[str]  # from above
    columns: list[str]
    row_title: str
    column_title: str
    cells: list[list[Cell]]  # row by row
    here: tuple[int, int] | None  # row and column of the agent's present state; None where it is not on the map
    actions: list[str]
    ordered: bool = False  # whether actions are steps of one thing, a row each


@dataclass(frozen=True)
class Inspection:
    """What one agent sees, knows and would do."""

    name: str
    learner: str  # its kind
    now: str  # what it does, in a sentence
    policy: Sequence[str]  # what it has learned, in sentences
    heat: HeatMap | None  # None where it keeps no table that a map could show
    facts: Sequence[tuple[str, str]]  # what else is to be known: label, value

    @classmethod
    def of(
        cls,
        world: Any,
        agent: int,
        now: str,
        policy: Sequence[str] = (),
        heat: HeatMap | None = None,
        facts: Sequence[tuple[str, str]] = (),
        role: str | None = None,
    ) -> Self:
        """An agent of a world by its name, with its `role` before it: what agents are called there, or another."""
        number, _ = world.group_of(agent)
        role = world.agent_noun.capitalize() if role is None else role
        name = f"{role} {world.agent_names[agent]}".lstrip()
        return cls(name, world.learners[number].kind(), now, policy, heat, facts)


def sizes(visits: np.ndarray) -> np.ndarray:
    """Of cells, 0 to 1: by the logarithm, since some states are met a thousand times as often as others."""
    largest = np.log1p(visits.max(initial=0))
    seen: np.ndarray = np.log1p(visits) / (largest or 1.0)
    return seen


def cells(lean: np.ndarray, visits: np.ndarray, actions: np.ndarray, best: Any = False) -> list[list[Cell]]:
    """Cells (rows, columns); `actions` and `best` are broadcast."""
    parts = np.broadcast_arrays(lean.round(3), sizes(visits).round(3), actions, best)
    return [[Cell(*cell) for cell in zip(*row, strict=True)] for row in zip(*(p.tolist() for p in parts), strict=True)]


def leaning(lean: np.ndarray, visits: np.ndarray) -> list[list[Cell]]:
    """Cells of states (rows, columns) in which there are two actions: above 0 they lean to the second."""
    return cells(lean, visits, (lean > 0).astype(int))


def worth(values: np.ndarray, visits: np.ndarray) -> list[list[Cell]]:
    """A row of cells for each state, a column for each action: what it is worth against the mean of its row."""
    spread = np.ptp(values) or 1.0
    return cells((values - values.mean(axis=1, keepdims=True)) / spread, visits, np.arange(values.shape[1]))
