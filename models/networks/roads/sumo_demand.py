"""Trips, routes and flows of SUMO files, as tables of a road case.

Vehicles without a route take the shortest way later, and flows always do. Of a distribution of types vehicles are its
mean; of a distribution of routes they take each as often as it says, in turn. Vehicles that leave before the period or
after it are counted and left out, as SUMO does; so are those whose edges are not in the case.
"""

import xml.etree.ElementTree as ET
from collections import Counter
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from models.networks.roads.sumo_elements import HOUR_S, VehicleType, elements, flow, number, seconds, shares

NO_TIMES = ("triggered", "containerTriggered", "split", "begin")  # of departure

Way = list[str]


class Demand:
    """What route files say, before anything is known of the roads."""

    def __init__(self, begin_s: float | None = None, end_s: float | None = None) -> None:
        self.begin_s, self.end_s = begin_s, end_s
        self.trips: list[dict[str, Any]] = []  # trip, depart_s, edges, routed, via, kind
        self.flows: list[dict[str, Any]] = []  # edges, routed, via, kind, start_s, end_s, veh_per_h
        self.types: dict[str, VehicleType] = {}
        self.routes: dict[str, list[tuple[float, Way]]] = {}  # shares of the ways that a name stands for
        self.taken: Counter[tuple[str, int]] = Counter()  # how often each way of a name was taken
        self.left_out: Counter[str] = Counter()

    def add(self, path: Path, where: str) -> None:
        """Read a file of routes, trips or additional elements; it knows the types and routes of the files before it.

        Raises ScenarioError.
        """
        for element in elements(path, where):
            name = element.get("id", "")
            if element.tag == "vType":
                self.types[name] = VehicleType.of(element, path)
            elif element.tag == "vTypeDistribution":
                self._types(element, path)
            elif element.tag in ("route", "routeDistribution"):
                self.routes[name] = self._ways(element, path)
            elif element.tag in ("trip", "vehicle", "flow"):
                self._vehicle(element, path)
            elif element.tag != "tlLogic":  # which the network's reader takes
                self.left_out[f"{element.tag} elements"] += 1

    def _types(self, element: ET.Element, path: Path) -> None:
        for inner in element.iter("vType"):
            self.types[inner.get("id", "")] = VehicleType.of(inner, path)
        mixed = shares(element, "vTypes", lambda name: self.types.get(name, VehicleType()), path)
        mixed += [(number(e.get("probability", "1"), path, "probability"), VehicleType.of(e, path)) for e in element]
        if sum(weight for weight, _ in mixed) > 0:
            self.types[element.get("id", "")] = VehicleType.mean(mixed)

    def _ways(self, element: ET.Element | None, path: Path) -> list[tuple[float, Way]]:
        """Ways of a <route> or a <routeDistribution>, with their weights; none where there is neither."""
        if element is None:
            return []
        if element.tag == "route":
            name = element.get("refId", "")
            edges = (self.routes.get(name) or [(1.0, [])])[0][1] if name else element.get("edges", "").split()
            if element.get("id"):
                self.routes[element.get("id", "")] = [(1.0, edges)]
            return [(number(element.get("probability", "1"), path, "probability"), edges)] if edges else []
        named = shares(element, "routes", lambda name: (self.routes.get(name) or [(1.0, [])])[0][1], path)
        inner = [way for each in element.iter("route") for way in self._ways(each, path)]
        return [(weight, edges) for weight, edges in named + inner if edges and weight > 0]

    def _vehicle(self, element: ET.Element, path: Path) -> None:
        name = element.get("route", "")
        inner = element.find("route") if element.find("route") is not None else element.find("routeDistribution")
        ways = self._ways(inner, path) if inner is not None else self.routes.get(name, [])
        row = {
            "kind": self.types.get(element.get("type", "DEFAULT_VEHTYPE"), VehicleType()),
            "routed": bool(ways), "via": bool(element.get("via")) and not ways,
        }  # fmt: skip
        ways = ways or [(1.0, [element.get("from", ""), element.get("to", "")])]
        if not all(edges[0] and edges[-1] for _, edges in ways):
            self.left_out[f"{element.tag} elements without a route, or without edges from and to"] += 1
            return
        if element.find("stop") is not None:
            self.left_out["stops of vehicles on their way"] += len(element.findall("stop"))
        total = sum(weight for weight, _ in ways)
        if element.tag == "flow":
            times = flow(element, path)
            if times is None:
                self.left_out["flow elements that do not say how many vehicles"] += 1
                return
            for weight, edges in ways:
                rate = times["veh_per_h"] * weight / total
                self.flows.append({**row, **times, "edges": edges, "veh_per_h": rate})
            return
        depart = element.get("depart", "triggered")
        if depart in NO_TIMES:
            self.left_out[f"{element.tag} elements that wait for something"] += 1
            return
        turn = sum(self.taken[name, k] for k in range(len(ways))) + 1
        k = max(range(len(ways)), key=lambda k: ways[k][0] / total * turn - self.taken[name, k])
        self.taken[name, k] += 1
        depart_s = seconds(depart, f"{path}: depart of {element.get('id')!r}")
        self.trips.append({**row, "trip": element.get("id", ""), "depart_s": depart_s, "edges": ways[k][1]})

    @cached_property
    def period(self) -> tuple[float, float]:
        """Begin and end, clock time in s; an end that nobody gave is after the last departure, an hour at least."""
        starts = [trip["depart_s"] for trip in self.trips] + [each["start_s"] for each in self.flows]
        begin = self.begin_s if self.begin_s is not None else min(starts, default=0.0)
        last = max([trip["depart_s"] + 1.0 for trip in self.trips] + [each["end_s"] for each in self.flows], default=0)
        return begin, self.end_s if self.end_s is not None else max(begin + HOUR_S, last)

    @cached_property
    def mean(self) -> VehicleType:
        """Of the vehicles of the period; a passenger car where there are none."""
        begin, end = self.period
        kinds: Counter[VehicleType] = Counter()
        for trip in self.trips:
            kinds[trip["kind"]] += begin <= trip["depart_s"] < end
        weights = [(float(often), kind) for kind, often in kinds.items()]
        for each in self.flows:
            lasts_s = max(min(end, each["end_s"]) - max(begin, each["start_s"]), 0.0)
            weights.append((each["veh_per_h"] * lasts_s / HOUR_S, each["kind"]))
        return VehicleType.mean(weights) if sum(weight for weight, _ in weights) > 0 else VehicleType()

    @property
    def space_m(self) -> float:
        """Length and gap of a standing vehicle, mean of all."""
        return self.mean.length + self.mean.minGap

    def on(self, links: set[str], turns: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
        """Fields of about.toml, tables and notes, for the links and turns that a case has."""
        begin, end = self.period
        left_out, ways, notes = Counter(self.left_out), _Ways(links, turns), Counter[str]()
        trips, demand = [], []
        for trip in self.trips:
            if not begin <= trip["depart_s"] < end:
                left_out[f"vehicles that leave {'before' if trip['depart_s'] < begin else 'after'} the period"] += 1
            elif problem := ways.problem(trip["edges"], trip["routed"]):
                left_out[f"vehicles {problem}"] += 1
            else:
                ends = {"from_link": trip["edges"][0], "to_link": trip["edges"][-1]}
                route = ways.name(trip["edges"]) if trip["routed"] else ""
                trips.append({"trip": trip["trip"], "depart_s": trip["depart_s"], **ends, "route": route})
                notes["trips that name places on their way take the shortest"] += trip["via"]
        for each in self.flows:
            start_s, end_s = max(begin, each["start_s"]), min(end, each["end_s"])
            if start_s >= end_s:
                left_out["flows outside the period"] += 1
            elif problem := ways.problem(each["edges"], False):
                left_out[f"flows {problem}"] += 1
            else:
                ends = {"from_link": each["edges"][0], "to_link": each["edges"][-1]}
                demand.append({**ends, "start_s": start_s, "end_s": end_s, "veh_per_h": each["veh_per_h"]})
                notes["flows that name a route or places on their way take the shortest"] += (
                    each["via"] or each["routed"]
                )
                notes["flows cut to the period"] += (start_s, end_s) != (each["start_s"], each["end_s"])
        about = {"start_s": float(begin), "period_s": float(end - begin), "space_per_vehicle_m": round(self.space_m, 3)}
        said = [
            f"{len(self.trips)} trips and {len(self.flows)} flows read; {len(trips)} trips and {len(demand)} flows in "
            "the period."
        ]
        said += [f"{often} {what}." for what, often in notes.items() if often]
        said += [f"{often} {what} left out." for what, often in sorted(left_out.items())]
        return about, {"trips": trips, "demand": demand, "routes": ways.table()}, said


class _Ways:
    """Which ways there are on the roads of a case."""

    def __init__(self, links: set[str], turns: list[dict[str, Any]]) -> None:
        self.links = links
        self.after: dict[str, set[str]] = {}
        for turn in turns:
            self.after.setdefault(turn["from_link"], set()).add(turn["to_link"])
        self.reached: dict[str, set[str]] = {}
        self.routes: dict[tuple[str, ...], str] = {}

    def problem(self, edges: Way, routed: bool) -> str:
        """Why nobody can go this way; nothing where they can."""
        if not set(edges) <= self.links:
            return "whose edges are not roads of the case"
        if routed:
            there = all(b in self.after.get(a, ()) for a, b in pairwise(edges))
            return "" if there else "whose routes take turns that are not there"
        return "" if edges[-1] in self._reached(edges[0]) else "whom no road leads to where they go"

    def _reached(self, start: str) -> set[str]:
        if start not in self.reached:
            found, front = {start}, [start]
            while front:
                new = self.after.get(front.pop(), set()) - found
                found |= new
                front += new
            self.reached[start] = found
        return self.reached[start]

    def name(self, edges: Way) -> str:
        return self.routes.setdefault(tuple(edges), f"r{len(self.routes)}")

    def table(self) -> list[dict[str, Any]]:
        return [{"route": n, "place": k, "link": e} for edges, n in self.routes.items() for k, e in enumerate(edges)]
