"""What the page shows beside the picture: panels with a value, a table, an account or sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Panel:
    """A heading and a word beside it."""

    title: str
    note: str


@dataclass(frozen=True)
class Dial(Panel):
    """A value among marks, and its past."""

    value: float | None  # None where there is none yet
    marks: Sequence[tuple[float, str]]  # value, name
    trend: str  # name of a headline metric that is drawn beside it
    kind: str = field(default="dial", init=False)


@dataclass(frozen=True)
class Bar:
    """How the cells of a column are drawn as bars."""

    high: float  # value at the end of the bar
    marks: Sequence[str]  # names of the values that each is compared with
    above: str  # what is said of a cell that is above them


@dataclass(frozen=True)
class Heading:
    """A column of a table."""

    title: str
    bar: Bar | None = None  # None: numbers and texts


@dataclass(frozen=True)
class Barred:
    """A cell of a column with a bar."""

    value: float
    marks: Sequence[float | None]  # one for each name, None where it is not known
    above: bool


@dataclass(frozen=True)
class Row:
    """A row of a table; a press on it inspects the agent."""

    agent: int
    cells: Sequence[float | str | Barred]  # one for each column


@dataclass(frozen=True)
class Table(Panel):
    """Agents in rows."""

    columns: Sequence[Heading]
    rows: Sequence[Row]
    unit: str
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Words(Panel):
    """What to know."""

    sentences: Sequence[str]
    kind: str = field(default="words", init=False)


@dataclass(frozen=True)
class Ledger(Panel):
    """A total and the parts that make it up: name, value."""

    total: tuple[str, float]
    parts: Sequence[tuple[str, float]]
    unit: str
    kind: str = field(default="ledger", init=False)
