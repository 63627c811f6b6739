"""Whether the tables of a road network are sound, by themselves and together."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from models.networks.roads.columns import ABOUT, TABLES, UNIQUE
from models.networks.tables import Column, check_cell
from scenarios import ScenarioError
from scenarios.schema import shorten, suggestion

Rows = dict[str, list[Any]]  # cells by column


def check(about: Any, frames: dict[str, pd.DataFrame], where: str) -> None:
    """Raise ScenarioError (file, row, what is allowed, what to do) for the first thing that is wrong."""
    for name, column in ABOUT.items():
        check_cell(getattr(about, name), name, column, f"{where}/about.toml")
    for note in about.notes:
        check_cell(note, "notes", Column("", needed=False), f"{where}/about.toml")
    for table, columns in TABLES.items():
        declared = {name: column.dtype for name, column in columns.items()}
        found = {str(name): str(kind) for name, kind in frames[table].dtypes.items()}
        if found != declared:
            raise ScenarioError(f"{where}/{table}.csv: the frame has {found}; make it with RoadCase.of: {declared}")
    tables: dict[str, Rows] = {t: {c: frames[t][c].tolist() for c in columns} for t, columns in TABLES.items()}
    _Checks(tables, where).run()


class _Checks:
    """Of all tables together."""

    def __init__(self, tables: dict[str, Rows], where: str) -> None:
        self.tables = tables
        self.where = where
        self.rows = {  # of each name, in the tables that name things
            t: {name: i for i, name in enumerate(tables[t][next(iter(TABLES[t]))])} for t in UNIQUE
        }

    def run(self) -> None:
        for table in TABLES:
            self.check_cells(table)
        self.check_nodes()
        self.check_turns()
        self.check_shares()
        self.check_phases()
        self.check_shapes()
        self.check_demand()
        self.check_routes()

    def place(self, table: str, row: int) -> str:
        return f"{self.where}/{table}.csv, row {row + 2}"

    def each(self, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Place and cells of every row."""
        columns = self.tables[table]
        for i, cells in enumerate(zip(*columns.values())):
            yield self.place(table, i), dict(zip(columns, cells))

    def check_cells(self, table: str) -> None:
        for name, column in TABLES[table].items():
            for i, value in enumerate(self.tables[table][name]):
                check_cell(value, name, column, self.place(table, i))
                if column.refers and value and value not in self.rows[column.refers]:
                    hint = suggestion(value, self.rows[column.refers]) if len(self.rows[column.refers]) < 5000 else ""
                    what = f'{name} is "{shorten(value)}", which {column.refers}.csv does not have'
                    raise ScenarioError(f"{self.place(table, i)}: {what}; add it there, or correct the name.{hint}")
        if table in UNIQUE:
            names = self.tables[table][next(iter(TABLES[table]))]
            first: dict[str, int] = {}
            for i, name in enumerate(names):
                if first.setdefault(name, i) != i:
                    what = f'the name "{shorten(name)}" is taken by row {first[name] + 2}; names must differ'
                    raise ScenarioError(f"{self.place(table, i)}: {what}")
        if table in ("nodes", "links") and not self.rows[table]:
            raise ScenarioError(f"{self.where}/{table}.csv: has no {table}; write a row for each")

    def check_nodes(self) -> None:
        known = set(self.tables["phases"]["signal"])
        for place, row in self.each("nodes"):
            if (row["control"] == "signal") != bool(row["signal"]):
                remedy = "name the signal exactly where control is signal"
                raise ScenarioError(f'{place}: control is {row["control"]} and signal "{row["signal"]}"; {remedy}')
            if row["signal"] and row["signal"] not in known:
                what = f'signal is "{shorten(row["signal"])}", which phases.csv does not have'
                raise ScenarioError(f"{place}: {what}; add its phases there.{suggestion(row['signal'], known)}")

    def node_after(self, link: str) -> int:
        """Row of the node at which a link ends."""
        return self.rows["nodes"][self.tables["links"]["to_node"][self.rows["links"][link]]]

    def check_turns(self) -> None:
        links, nodes, phases = self.tables["links"], self.tables["nodes"], Counter(self.tables["phases"]["signal"])
        at = [self.node_after(link) for link in self.tables["turns"]["from_link"]]
        for (place, row), node in zip(self.each("turns"), at):
            begins = links["from_node"][self.rows["links"][row["to_link"]]]
            if self.rows["nodes"][begins] != node:
                what = f'from_link ends at "{nodes["node"][node]}" and to_link begins at "{begins}"'
                raise ScenarioError(f"{place}: {what}; a turn joins links that meet at a node")
            lanes = links["lanes"][self.rows["links"][row["from_link"]]]
            if not row["first_lane"] <= row["last_lane"] < lanes:
                what = f"first_lane {row['first_lane']} and last_lane {row['last_lane']}"
                raise ScenarioError(f"{place}: {what}; lanes of from_link go from 0 to {lanes - 1}")
            if any(letter.isspace() for letter in row["turn"]):
                raise ScenarioError(
                    f'{place}: turn is "{row["turn"]}"; leave out spaces, for yields_to has them between'
                )
            self._check_green(place, row["green"], phases[nodes["signal"][node]] if nodes["signal"][node] else 0)
            for other in row["yields_to"].split():
                if (
                    other == row["turn"]
                    or at[self.rows["turns"].get(other, -1)] != node
                    or other not in self.rows["turns"]
                ):
                    remedy = "name other turns of the same node, separated by spaces"
                    raise ScenarioError(f'{place}: yields_to names "{shorten(other)}"; {remedy}')

    @staticmethod
    def _check_green(place: str, green: str, phases: int) -> None:
        if len(green) != phases or set(green) - set("Ggr"):
            what = (
                f"one letter (G, g or r) for each of the {phases} phases"
                if phases
                else "nothing at a node without signal"
            )
            raise ScenarioError(f'{place}: green is "{shorten(green)}"; write {what}')
        if phases and set(green) == {"r"}:
            raise ScenarioError(
                f'{place}: green is "{shorten(green)}": the turn is never green; give it a phase, or delete it'
            )

    def check_shares(self) -> None:
        said: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for place, row in self.each("turns"):
            said[row["from_link"]].append((place, row["share"]))
        for link, rows in said.items():
            shares = [share for _, share in rows]
            given = [share for share in shares if not math.isnan(share)]
            if given and (len(given) < len(shares) or abs(sum(given) - 1) > 1e-3):
                listed = ", ".join(f"{share:g}" for share in shares)
                what = f'shares of the {len(shares)} turns from "{shorten(link)}" are {listed}'
                raise ScenarioError(f"{rows[0][0]}: {what}; give all of them, 1 in sum, or none")

    def check_phases(self) -> None:
        letters: dict[str, list[str]] = defaultdict(list)  # of each signal: what its turns say
        nodes = self.tables["nodes"]
        for row, link in zip(self.tables["turns"]["green"], self.tables["turns"]["from_link"]):
            letters[nodes["signal"][self.node_after(link)]].append(row)
        used, seen, last = set(nodes["signal"]), dict[str, dict[str, Any]](), ""
        for place, row in self.each("phases"):
            signal = row["signal"]
            if signal not in used:
                hint = suggestion(signal, used)
                raise ScenarioError(f'{place}: signal is "{shorten(signal)}", which no node has; delete the row.{hint}')
            expected = seen[signal]["phase"] + 1 if signal in seen else 0
            if row["phase"] != expected or (signal in seen and signal != last):
                what = f"phase is {row['phase']} instead of {expected}"
                raise ScenarioError(f"{place}: {what}; rows of a signal stand together, from phase 0 on")
            if signal in seen and row["offset_s"] != seen[signal]["offset_s"]:
                raise ScenarioError(
                    f"{place}: offset_s differs from the row before; it is the same for all of a signal"
                )
            if not any(green[row["phase"]] != "r" for green in letters[signal]):
                raise ScenarioError(f"{place}: no turn is green in this phase; give it one in turns.csv, or delete it")
            seen[signal], last = row, signal

    def check_shapes(self) -> None:
        for place, row in self.each("links"):
            try:
                points = [[float(part) for part in point.split()] for point in row["shape"].split(";") if row["shape"]]
            except ValueError:
                points = [[]]
            sound = all(len(point) == 2 and all(map(math.isfinite, point)) for point in points)
            if not sound or len(points) == 1:
                what = f'shape is "{shorten(row["shape"])}"'
                raise ScenarioError(f'{place}: {what}; write at least two points, "x y;x y", or nothing')

    def check_demand(self) -> None:
        for place, row in self.each("demand"):
            if not row["end_s"] > row["start_s"]:
                raise ScenarioError(
                    f"{place}: end_s {row['end_s']:g} is not after start_s {row['start_s']:g}; exchange them"
                )

    def check_routes(self) -> None:
        turns = set(zip(self.tables["turns"]["from_link"], self.tables["turns"]["to_link"]))
        routes: dict[str, list[str]] = {}
        last = ""
        for place, row in self.each("routes"):
            route = row["route"]
            links = routes.setdefault(route, [])
            if row["place"] != len(links) or (links and last != route):
                what = f"place is {row['place']} instead of {len(links)}"
                raise ScenarioError(f"{place}: {what}; rows of a route stand together, from place 0 on")
            if links and (links[-1], row["link"]) not in turns:
                what = f'no turn leads from "{shorten(links[-1])}" to "{shorten(row["link"])}"'
                raise ScenarioError(f"{place}: {what}; name every link of the route")
            links.append(row["link"])
            last = route
        for place, row in self.each("trips"):
            if row["route"] and row["route"] not in routes:
                what = f'route is "{shorten(row["route"])}", which routes.csv does not have'
                raise ScenarioError(f"{place}: {what}; add it there, or leave it empty")
            if row["route"] and [row["from_link"], row["to_link"]] != [routes[row["route"]][i] for i in (0, -1)]:
                what = f'route "{shorten(row["route"])}" does not lead from from_link to to_link'
                raise ScenarioError(f"{place}: {what}; correct one of them")
