"""A driver in words: its routes, what they took on the last day, and what it believes."""

from typing import Any

import numpy as np

from models.routes import network


def inspect(world: Any, agent: int) -> dict[str, Any]:
    """Name, learner, what it drove, its routes as a table of what it has learned and what the day was like."""
    state, pair = world.state, int(world.pair[agent])
    number, _ = world.group_of(agent)
    routes = world.routes.number[pair]
    names = [network.route_name(world.graph, links) for links in world.routes.links[pair, :routes]]
    route = int(state.route[agent])
    times, tolls = state.route_time[pair], state.route_toll[pair]
    about: dict[str, Any] = {
        "name": f"Driver {world.agent_names[agent]}",
        "learner": world.learners[number].kind(),
        "now": "Has not driven yet."
        if route < 0
        else f"Drove {names[route]}: {times[route]:.1f} min{_toll(tolls[route])}.",
        "policy": [],
        "heat": None,
        "facts": [[name, f"{times[k]:.1f} min{_toll(tolls[k])}"] for k, name in enumerate(names)],
    }
    kappa = float(state.derived.kappa[world.regime, agent])
    if kappa > 0:
        about["facts"].append(["Counts of the time it costs others", f"{kappa:.0%}"])
    values, visits = world.values(agent), world.visits(agent)
    if values is None or visits is None:
        return about
    seen = visits[0, :routes]
    best = int(values[0, :routes].argmax())
    learned = f"learned from {int(seen[best]):,} times in {world.tick:,} days"  # some update routes not driven, too
    about["policy"] = [f"Prefers {names[best]}, {learned}."]
    about["heat"] = _heat(values[0, :routes], seen, names, route)
    return about


def _toll(toll: float) -> str:
    return f" and a toll of {toll:.1f} min" if toll > 0 else ""


def _heat(values: np.ndarray, visits: np.ndarray, names: list[str], route: int) -> dict[str, Any]:
    """One row: what each route is worth to it."""
    spread, most = np.ptp(values) or 1.0, max(int(visits.max()), 1)
    cells = [
        {"lean": float((value - values.mean()) / spread), "visits": int(seen) / most, "action": k}
        for k, (value, seen) in enumerate(zip(values, visits, strict=True))
    ]
    return {
        "rows": ["any day"],
        "columns": [str(k + 1) for k in range(len(names))],
        "row_title": "",
        "column_title": "route, in this order",
        "cells": [cells],
        "here": [0, route] if route >= 0 else None,
        "actions": names,
    }
