"""Trips, routes and flows of SUMO files, as tables of a road case.

Vehicles without a route take the shortest way later. Those that leave before the period or after it are counted and
left out; so are those whose edges are not in the case. Format: https://sumo.dlr.de/docs/Definition_of_Vehicles.html.
"""

import xml.etree.ElementTree as ET
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from scenarios import ScenarioError, check_regular

HOUR_S = 3600.0


class VehicleType(NamedTuple):
    """What a type of vehicles says, with SUMO's own defaults of passenger cars."""

    length: float = 5.0
    minGap: float = 2.5  # noqa: N815  # names of the format
    tau: float = 1.0
    sigma: float = 0.5

    @classmethod
    def of(cls, element: ET.Element, path: Path) -> "VehicleType":
        """A <vType> (raises ScenarioError)."""
        said = {name: element.get(name) for name in cls._fields}
        return cls(**{name: _number(text, path, name) for name, text in said.items() if text is not None})


class Demand:
    """What route files say, before anything is known of the roads."""

    def __init__(self, begin_s: float | None = None, end_s: float | None = None) -> None:
        self.begin_s, self.end_s = begin_s, end_s
        self.trips: list[dict[str, Any]] = []  # trip, depart_s, edges, routed
        self.flows: list[dict[str, Any]] = []  # edges, routed, start_s, end_s, veh_per_h
        self.types: Counter[VehicleType] = Counter()
        self.left_out: Counter[str] = Counter()

    def add(self, path: Path, where: str) -> None:
        """Read a file of routes or trips (raises ScenarioError)."""
        types: dict[str, VehicleType] = {}
        routes: dict[str, list[str]] = {}
        for element in _elements(path, where):
            if element.tag == "vType":
                types[element.get("id", "")] = VehicleType.of(element, path)
            elif element.tag == "route" and element.get("id"):
                routes[element.get("id", "")] = element.get("edges", "").split()
            elif element.tag in ("trip", "vehicle", "flow"):
                self._vehicle(element, routes, types, path)
            elif element.tag in ("person", "personFlow", "container", "containerFlow"):
                self.left_out[f"{element.tag} elements"] += 1

    @property
    def space_m(self) -> float:
        """Length and gap of a standing vehicle, mean of all."""
        return self._mean("length") + self._mean("minGap")

    @property
    def reaction_s(self) -> float:
        """Time behind the vehicle ahead that drivers keep, mean of all."""
        return self._mean("tau")

    @property
    def sigma(self) -> float:
        """How much drivers dawdle, from 0 to 1, mean of all."""
        return self._mean("sigma")

    def _mean(self, name: str) -> float:
        types = self.types or Counter({VehicleType(): 1})
        return sum(float(getattr(kind, name)) * often for kind, often in types.items()) / types.total()

    def _vehicle(
        self, element: ET.Element, routes: dict[str, list[str]], types: dict[str, VehicleType], path: Path
    ) -> None:
        inner = element.find("route")
        edges = inner.get("edges", "").split() if inner is not None else routes.get(element.get("route", ""), [])
        routed = bool(edges)
        if not routed:
            edges = [element.get("from", ""), *element.get("via", "").split(), element.get("to", "")]
        if not edges[0] or not edges[-1]:
            self.left_out[f"{element.tag} elements without a way"] += 1
            return
        kind = types.get(element.get("type", ""), VehicleType())
        if element.tag == "flow":
            self._flow(element, edges, routed, path)
            self.types[kind] += 1
            return
        try:
            depart_s = _seconds(element.get("depart", ""))
        except ValueError:
            self.left_out[f"{element.tag} elements that wait for something"] += 1
            return
        self.types[kind] += 1
        self.trips.append({"trip": element.get("id", ""), "depart_s": depart_s, "edges": edges, "routed": routed})

    def _flow(self, element: ET.Element, edges: list[str], routed: bool, path: Path) -> None:
        start_s = _seconds(element.get("begin", "0"))
        end_s = _seconds(element.get("end", str(start_s + HOUR_S)))
        rate = 0.0
        if "vehsPerHour" in element.attrib:
            rate = _number(element.get("vehsPerHour"), path, "vehsPerHour")
        elif "period" in element.attrib:
            rate = HOUR_S / max(
                _number(element.get("period", "").removeprefix("exp(").rstrip(")"), path, "period"), 1e-9
            )
            rate = HOUR_S * HOUR_S / rate if element.get("period", "").startswith("exp(") else rate
        elif "probability" in element.attrib:
            rate = HOUR_S * _number(element.get("probability"), path, "probability")
        elif "number" in element.attrib:
            rate = HOUR_S * _number(element.get("number"), path, "number") / max(end_s - start_s, 1e-9)
        self.flows.append({"edges": edges, "routed": routed, "start_s": start_s, "end_s": end_s, "veh_per_h": rate})

    def on(self, links: set[str], turns: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
        """Fields of about.toml, tables and notes, for the links and turns that a case has."""
        joined = {(turn["from_link"], turn["to_link"]) for turn in turns}
        departures = [trip["depart_s"] for trip in self.trips]
        begin = self.begin_s if self.begin_s is not None else min(departures, default=0.0)
        end = (
            self.end_s
            if self.end_s is not None
            else max([begin + HOUR_S, *departures, *(f["end_s"] for f in self.flows)])
        )
        left_out, routes = Counter(self.left_out), dict[tuple[str, ...], str]()
        trips, demand = [], []

        def way(row: dict[str, Any]) -> dict[str, str] | None:
            edges = row["edges"]
            if not set(edges) <= links:
                left_out["vehicles whose edges are not roads of the case"] += 1
                return None
            if row["routed"] and not all(pair in joined for pair in pairwise(edges)):
                left_out["vehicles whose routes take turns that are not there"] += 1
                return None
            named = routes.setdefault(tuple(edges), f"r{len(routes)}") if row["routed"] else ""
            return {"from_link": edges[0], "to_link": edges[-1], "route": named}

        for trip in self.trips:
            if not begin <= trip["depart_s"] < end:
                when = "before" if trip["depart_s"] < begin else "after"
                left_out[f"vehicles that leave {when} the period"] += 1
            elif ends := way(trip):
                trips.append({"trip": trip["trip"], "depart_s": trip["depart_s"], **ends})
        for flow in self.flows:
            if ends := way({**flow, "routed": False}):
                ends.pop("route")
                demand.append({**ends, **{k: flow[k] for k in ("start_s", "end_s", "veh_per_h")}})
        about = {"start_s": float(begin), "period_s": float(end - begin), "space_per_vehicle_m": round(self.space_m, 3)}
        table = [{"route": n, "place": k, "link": e} for edges, n in routes.items() for k, e in enumerate(edges)]
        notes = [f"{len(self.trips)} trips and {len(self.flows)} flows read; {len(trips)} trips in the period."]
        notes += [f"{often} {what} left out." for what, often in sorted(left_out.items())]
        return about, {"trips": trips, "demand": demand, "routes": table}, notes


def _elements(path: Path, where: str) -> Any:
    try:
        check_regular(path)
        root = ET.parse(path).getroot()  # expat opens no other file, and bounds what entities grow to
    except OSError as error:
        raise ScenarioError(f"{where}: {path} cannot be read ({error.strerror})") from None
    except ET.ParseError as error:
        raise ScenarioError(f"{where}: {path} is not an XML file: {error}") from None
    if root.tag not in ("routes", "additional"):
        raise ScenarioError(f"{where}: {path} has <{root.tag}> where a file of routes has <routes>")
    return root


def _number(text: Any, path: Path, name: str) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        raise ScenarioError(f"{path}: {name} is {text!r}; write a number") from None


def _seconds(text: str) -> float:
    """Seconds, or hh:mm:ss (raises ValueError)."""
    parts = [float(part) for part in text.split(":")]
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))
