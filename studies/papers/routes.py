"""Cities whose equilibrium is published: best-known flows of Transportation Networks for Research, and ours.

The files are not ours to ship. Their folder is named by the environment variable TNTP; without it the rows say so.
The objective is the sum of Beckmann, McGuire and Winsten (1956), published for Sioux Falls (LeBlanc, Morlok and
Pierskalla 1975, Transportation Research 9) with its best-known flows, and for Barcelona by the flows themselves.
Learners begin on the routes in use at equilibrium and know only what their own trips took.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import models
from models.networks import assignment
from models.networks.assignment import Demand, Roads
from models.networks.cities import tntp
from models.networks.cities.case import CityCase
from models.routes import network
from scenarios import ScenarioError
from scenarios.routes.parameters import Parameters
from studies.papers import Row, near, row, unmeasured

FOLDER = "TNTP"  # the environment variable
SOURCE = "TNTP, best-known flows"
OBJECTIVE = {"SiouxFalls": 4_231_335.28710744}
WITHIN, LEARNED_WITHIN = 1e-5, 0.01  # of the objective; of the mean time
LEARNERS = ("q", "day_to_day")
SEEDS, DAYS, DRIVERS = 4, 5_000, 5_000


def rows() -> list[Row]:
    """Objectives and link flows of both cities, and where learners end in one of them."""
    folder = Path(os.environ.get(FOLDER, ""))
    found: list[Row] = []
    for city in ("SiouxFalls", "Barcelona"):
        if not os.environ.get(FOLDER) or not (folder / f"{city}_net.tntp").exists():
            why = ScenarioError(f"set {FOLDER} to a folder that has {city}_net, _trips and _flow.tntp")
            return [*found, unmeasured(f"{city}: objective", "the best-known flows'", SOURCE, why)]
        case = tntp.read(folder / f"{city}_net.tntp", folder / f"{city}_trips.tntp")
        found += equilibrium_rows(city, case, published_flow(folder / f"{city}_flow.tntp"))
        if city == "SiouxFalls":
            found += [learned(city, case, learner) for learner in LEARNERS]
    return found


def static(case: CityCase) -> tuple[Roads, Demand, np.ndarray]:
    """A city as roads, demand and what links cost beside their time, (L,)."""
    p, where = Parameters(), "a city"
    graph = network.build(case, p, where)
    trips = network.trips(graph, case, p.model_copy(update={"drivers": len(case.trips)}), where)
    start, end = np.array([(i, network.arrival(graph, j)) for i, j in trips.ends]).T
    assert trips.volume is not None
    return network.roads(graph, p, where), Demand(start, end, trips.volume), network.own_tolls(graph)


def published_flow(path: Path) -> dict[str, float]:
    """Vehicles by link, named as the reader names links that have no other beside them."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {f"{words[0]}-{words[1]}": float(words[2]) for words in lines if len(words) >= 3}


def equilibrium_rows(city: str, case: CityCase, flow: dict[str, float]) -> list[Row]:
    """Our objective and our flows beside the best known."""
    roads, demand, toll = static(case)
    graph = network.build(case, Parameters(), "a city")
    best = np.array([flow[name] for name in network.link_names(graph)])
    ours = assignment.equilibrium(roads, demand, toll=toll).flow
    goal = OBJECTIVE.get(city, assignment.beckmann(roads, best, toll))
    above = assignment.beckmann(roads, ours, toll) / goal - 1.0
    apart = float(np.abs(roads.cost(ours) - roads.cost(best)) @ best / (roads.cost(best) @ best))
    return [
        row(f"{city}: objective, above", [above], f"0 ± {WITHIN:g}", SOURCE, lambda x: abs(x) <= WITHIN),
        row(f"{city}: link times, apart", [apart], "0 ± 0.0001", SOURCE, lambda x: x <= 1e-4),
    ]


def learned(city: str, case: CityCase, learner: str) -> Row:
    """Mean time of drivers who learned, over that at the equilibrium."""
    roads, demand, toll = static(case)
    goal = assignment.equilibrium(roads, demand, toll=toll).total / float(demand.volume.sum())
    with tempfile.TemporaryDirectory() as folder:
        case.write(Path(folder))
        asked: dict[str, Any] = {"case": folder, "route_set": "in use at equilibrium", "routes": 6, "drivers": DRIVERS}
        worlds = [models.make("routes/forty_drivers", learner=learner, seed=seed, **asked) for seed in range(SEEDS)]
        ends = [float(world.run(DAYS)["mean_cost_min"].iloc[-10:].mean()) / goal for world in worlds]
    return near(f"{city}: {learner}, over equilibrium", ends, 1.0, LEARNED_WITHIN, SOURCE)
