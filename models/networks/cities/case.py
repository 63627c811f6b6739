"""A city for drivers who choose routes: a folder of tables with nodes, directed links and trips between nodes.

A link costs free_min (1 + b (flow / capacity_veh)^power), as the Bureau of Public Roads (1964) has it, and toll_min
beside, whatever the flow. Two links may join the same nodes. At a node that is not open to through traffic (a zone's
centre) trips begin and end, and nobody passes.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w

from engine import files
from models.networks import tables
from models.networks.tables import Column, check_cell, text
from scenarios import ScenarioError
from scenarios.schema import suggestion

NODES = {
    "node": text("Name of the place, taken literally; no two are the same."),
    "x": Column("Place, growing to the east, in any unit.", float, needed=False),
    "y": Column("Place, growing to the north.", float, needed=False),
    "through": Column("1 where drivers may pass, 0 where trips only begin and end.", int, "", 0, 1),
}
LINKS = {
    "link": text("Name of the road in this direction, taken literally; no two are the same."),
    "from_node": text("Where it begins.", refers="nodes"),
    "to_node": text("Where it ends.", refers="nodes"),
    "free_min": Column("Time on the empty road.", float, "min", 0.0, 1e6),
    "capacity_veh": Column("Vehicles at which it takes (1 + b) times as long as empty.", float, "veh", 1e-6),
    "b": Column("Delay at capacity as a share of the empty time.", float, "", 0.0),
    "power": Column("How sharply delay grows with flow: at least 1, or 0 with b = 0.", float, "", 0.0, 20.0),
    "toll_min": Column("Cost beside time, whatever the flow; none where left out.", float, "min", 0.0, needed=False),
}
TRIPS = {
    "from_node": text("Where trips begin.", refers="nodes"),
    "to_node": text("Where they end.", refers="nodes"),
    "veh": Column("Vehicles.", float, "veh", 0.0),
}
TABLES = {"nodes": NODES, "links": LINKS, "trips": TRIPS}
ABOUT = {
    "title": text("Name of the place.", needed=False),
    "source": text("Where the numbers come from.", needed=False),
    "licence": text("What may be done with them.", needed=False),
}
LONGEST = 1e100  # delay as a share of the empty time, if all trips took one road: more overflows when it is squared
NEEDED = "about.toml, nodes.csv, links.csv, trips.csv"


@dataclass(frozen=True)
class About:
    """What holds for the whole case."""

    title: str = ""
    source: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()  # what an import read, merged and dropped


@dataclass(frozen=True, eq=False)
class CityCase:
    """Tables of a city; each frame has the columns that `TABLES` declares."""

    about: About
    nodes: pd.DataFrame
    links: pd.DataFrame
    trips: pd.DataFrame

    @classmethod
    def of(cls, about: About, **rows: list[dict[str, Any]]) -> "CityCase":
        """A case of rows by table; cells left out are empty."""
        return cls(about, **{name: tables.frame(columns, rows.get(name, [])) for name, columns in TABLES.items()})

    @classmethod
    def read(cls, folder: Path) -> "CityCase":
        """Read and check the case in a folder (raises ScenarioError: file, row, what is allowed, what to do)."""
        said, notes = tables.read_about(folder / "about.toml", ABOUT, NEEDED)
        rows = {name: tables.read_rows(folder / f"{name}.csv", columns, NEEDED) for name, columns in TABLES.items()}
        case = cls.of(About(**said, notes=notes), **rows)
        case.check(str(folder))
        return case

    def write(self, folder: Path) -> None:
        """Check the case, then write its tables, each whole or not at all (raises ScenarioError, NotWritten)."""
        self.check(str(folder))
        with files.remedy("choose a folder that may be written to"):
            folder.mkdir(parents=True, exist_ok=True)
        for name in TABLES:
            files.write_text(folder / f"{name}.csv", tables.csv_text(getattr(self, name)))
        said = dataclasses.asdict(self.about)
        files.write_text(folder / "about.toml", tomli_w.dumps({**said, "notes": list(self.about.notes)}))

    def check(self, where: str) -> None:
        """Raise ScenarioError where a cell is out of bounds or tables do not agree; `where` opens the message."""
        places = {
            name: [f"{where}/{name}.csv, row {row + 2}" for row in range(len(getattr(self, name)))] for name in TABLES
        }
        for name, columns in TABLES.items():
            frame: pd.DataFrame = getattr(self, name)
            for column, rule in columns.items():
                for place, cell in zip(places[name], frame[column].tolist(), strict=True):
                    check_cell(cell, column, rule, place)
        if not len(self.links):
            raise ScenarioError(f"{where}/links.csv: has no roads; write a row for each")
        _check_names(self.nodes["node"], places["nodes"])
        _check_names(self.links["link"], places["links"])
        known = set(self.nodes["node"])
        for name in ("links", "trips"):
            _check_ends(getattr(self, name), known, places[name])
        _check_names(self.trips["from_node"] + " to " + self.trips["to_node"], places["trips"])
        for place, power, b in zip(places["links"], self.links["power"], self.links["b"], strict=True):
            if power < 1 and (power > 0 or b > 0):
                raise ScenarioError(f"{place}: power is {power:g} with b = {b:g}; write a power of 1 or more, or b = 0")
        with np.errstate(over="ignore"):
            longest = self.links["b"] * (self.trips["veh"].sum() / self.links["capacity_veh"]) ** self.links["power"]
        for place, delay in zip(places["links"], longest, strict=True):
            if delay > LONGEST:
                raise ScenarioError(
                    f"{place}: if all drove here it would take {delay:g} times as long; raise capacity_veh"
                )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CityCase):
            return NotImplemented
        return self.about == other.about and all(getattr(self, t).equals(getattr(other, t)) for t in TABLES)

    __hash__ = None  # type: ignore[assignment]


def _check_names(names: "pd.Series[str]", places: list[str]) -> None:
    first: dict[str, str] = {}
    for name, place in zip(names, places, strict=True):
        if name in first:
            raise ScenarioError(f'{place}: "{name}" stands in {first[name]} too; each must be there once')
        first[name] = place


def _check_ends(frame: pd.DataFrame, known: set[str], places: list[str]) -> None:
    for start, end, place in zip(frame["from_node"], frame["to_node"], places, strict=True):
        for column, node in ("from_node", start), ("to_node", end):
            if node not in known:
                raise ScenarioError(f'{place}: {column} is "{node}"; there is no such node.{suggestion(node, known)}')
        if start == end:
            raise ScenarioError(f'{place}: leads from "{start}" to itself; delete the row')
