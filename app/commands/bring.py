"""`everlearn import`: a road network of another program as a case, with a scenario that runs it.

Networks of SUMO, OpenStreetMap and OSMnx become a case for signals; those of TNTP a city for route choice.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import tomli_w
from rich.console import Console

import scenarios
from engine import files
from models.networks.cities import tntp
from models.networks.cities.case import CityCase
from models.networks.roads import importing
from models.networks.roads.case import RoadCase
from models.population import suitable
from scenarios import ScenarioError

STOP_LOSS_S = 4  # v / 2a of a car that picks up 50 km/h at SUMO's own 2.6 m/s², less a quarter for dawdling
DRIVERS_PER_PAIR, LEAST_DRIVERS, MOST_DRIVERS = 5, 2_000, 100_000
TICKS = 360_000  # a hundred hours of learning, which take seconds


def bring(
    paths: Sequence[Path],
    demand: Sequence[Path],
    folder: Path,
    begin_s: float | None,
    end_s: float | None,
    out: Console,
) -> None:
    """Read, write the case, and say what was read and what was left out."""
    if len(paths) > 1:
        raise ScenarioError(f"import: {len(paths)} networks; give one, and its demand with --demand")
    if tntp.is_tntp(paths[0]):
        _bring_city(paths[0], demand, folder, out)
        return
    if find_spec("sumolib") is None and not paths[0].name.lower().endswith(".graphml"):
        raise ScenarioError('import: roads of SUMO and OpenStreetMap need SUMO; install it with pip install ".[sumo]"')
    case = importing.read(paths[0], demand, begin_s, end_s, keep=folder)
    rows = {table: len(case.table(table)) for table in ("nodes", "links", "turns", "phases", "trips", "demand")}
    _write(case, scenario_of(case), rows, folder, out)


def _bring_city(network: Path, demand: Sequence[Path], folder: Path, out: Console) -> None:
    others = [path for path in demand if not tntp.is_tntp(path)]
    if others or len(demand) > 1:
        what = f"{others[0]} is no .tntp file" if others else f"{len(demand)} files of demand"
        raise ScenarioError(f"import: {what}; give {network.name} one file of trips, such as *_trips.tntp")
    case = tntp.read(network, demand[0] if demand else None)
    if not len(case.trips):
        raise ScenarioError(f"import: {network}: nobody travels; give the trips with --demand *_trips.tntp")
    rows = {table: len(getattr(case, table)) for table in ("nodes", "links", "trips")}
    _write(case, city_scenario_of(case), rows, folder, out)


def _write(
    case: RoadCase | CityCase, scenario: dict[str, object], rows: dict[str, int], folder: Path, out: Console
) -> None:
    case.write(folder)
    files.write_text(folder / scenarios.IN_FOLDER, tomli_w.dumps(scenario))
    for note in case.about.notes:
        out.print(f"  {note}", highlight=False, markup=False, soft_wrap=True)
    out.print(", ".join(f"{number:,} {table}" for table, number in rows.items() if number), highlight=False)
    out.print(f"Written to {folder}. Go on with: everlearn page {folder}", highlight=False, soft_wrap=True)


def city_scenario_of(case: CityCase) -> dict[str, object]:
    """A scenario in which the drivers of a city learn which way to take."""
    drivers = min(max(DRIVERS_PER_PAIR * len(case.trips), LEAST_DRIVERS), MOST_DRIVERS)
    return {
        "title": case.about.title or "A city",
        "question": "Do drivers who only know their own trips find the equilibrium?",
        "summary": f"{case.about.source}. Every day each driver takes a route and learns from the time it took.",
        "domain": "routes",
        "version": 1,
        "source": case.about.source or "Own data.",
        "ticks": 5_000,
        "world": {
            "case": ".",
            "route_set": "in use at equilibrium",
            "routes": 6,
            "drivers": drivers,
            "record_every_ticks": 20,
        },
        "learner": [{"agents": "all", "kind": "q", "settings": suitable(scenarios.load("routes/forty_drivers"), "q")}],
    }


def scenario_of(case: RoadCase) -> dict[str, object]:
    """A scenario in which the signals of a case learn, as those of the shipped ones do."""
    headed = bool((case.demand.to_link != "").any()) or len(case.trips) > 0
    own = scenarios.load("traffic/rush_hour")
    learner = [group.model_dump(exclude_none=True, exclude_defaults=True) for group in own.learner]
    world: dict[str, object] = {"case": ".", "drivers": "travel" if headed else "turn", "stop_loss_s": STOP_LOSS_S}
    if headed:
        world |= {"drivers_learn": False, "drivers_per_pair": 1, "routes_per_trip": 1}
    return {
        "title": case.about.title or "A road network",
        "question": "How much delay do signals save that learn?",
        "summary": f"{case.about.source}. Signals learn; vehicles go where the case says.",
        "domain": "traffic",
        "version": 1,
        "source": case.about.source or "Own data.",
        "ticks": TICKS,
        "world": world,
        "learner": learner,
    }
