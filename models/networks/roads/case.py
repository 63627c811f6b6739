"""A road network with its demand: a folder of tables, read, checked and written by the same code.

What each column says is declared in `columns`. A table that a folder does not have is empty. Messages count rows as an
editor does: the header is row 1.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import tomli_w

from engine import files
from models.networks import tables
from models.networks.roads import checks
from models.networks.roads.columns import ABOUT, TABLES

NEEDED = ("about.toml", "nodes.csv", "links.csv", "turns.csv")


@dataclass(frozen=True)
class About:
    """What holds for the whole case; `columns.ABOUT` says what each field means."""

    title: str = ""
    source: str = ""
    licence: str = ""
    drives_on: str = "right"
    start_s: float = 0.0
    period_s: float = 3600.0
    space_per_vehicle_m: float = 7.5
    notes: tuple[str, ...] = ()  # what an import read, merged, contracted and dropped


@dataclass(frozen=True, eq=False)
class RoadCase:
    """Tables of a road network; each frame has the columns and types that `columns.TABLES` declares."""

    about: About
    nodes: pd.DataFrame
    links: pd.DataFrame
    turns: pd.DataFrame
    phases: pd.DataFrame
    demand: pd.DataFrame
    trips: pd.DataFrame
    routes: pd.DataFrame

    @classmethod
    def of(cls, about: About, **rows: list[dict[str, Any]]) -> "RoadCase":
        """A case of rows by table; cells left out are empty."""
        return cls(about, **{table: frame(table, rows.get(table, [])) for table in TABLES})

    @classmethod
    def read(cls, folder: Path) -> "RoadCase":
        """Read and check the case in a folder.

        Raises
        ------
        ScenarioError
            File, row, what is allowed and what to do.
        """
        folder = Path(folder)
        said, notes = tables.read_about(folder / "about.toml", ABOUT, ", ".join(NEEDED))
        found = {t: frame(t, tables.read_rows(folder / f"{t}.csv", TABLES[t], ", ".join(NEEDED))) for t in TABLES}
        case = cls(About(**said, notes=notes), **found)
        case.check(str(folder))
        return case

    def write(self, folder: Path) -> None:
        """Check the case, then write its tables, each whole or not at all (raises ScenarioError, NotWritten)."""
        folder = Path(folder)
        self.check(str(folder))
        with files.remedy("choose a folder that may be written to"):
            folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            path = folder / f"{table}.csv"
            if len(self.table(table)) or path.name in NEEDED:
                files.write_text(path, tables.csv_text(self.table(table)))
            else:
                path.unlink(missing_ok=True)
        said = dataclasses.asdict(self.about)
        files.write_text(folder / "about.toml", tomli_w.dumps({**said, "notes": list(self.about.notes)}))

    def check(self, where: str) -> None:
        """Raise ScenarioError where a cell is out of bounds or tables do not agree; `where` opens the message."""
        checks.check(self.about, {table: self.table(table) for table in TABLES}, where)

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name, such as "links"."""
        found: pd.DataFrame = getattr(self, name)
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RoadCase):
            return NotImplemented
        return self.about == other.about and all(self.table(t).equals(other.table(t)) for t in TABLES)

    __hash__ = None  # type: ignore[assignment]


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of a table as a frame with its columns; cells left out are empty."""
    return tables.frame(TABLES[table], rows)
