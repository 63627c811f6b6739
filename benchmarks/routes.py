"""What drivers learn, beside theory: Braess, Pigou, a town, two fleets; and how fast.

python -m benchmarks.routes [--json]

Five seeds each; a figure is the mean over the last half of 3,000 days (1,500 in the town), and beside it are theory and
the furthest of all seeds. Every case is a life of its own, with one regime. Takes about three CPU-minutes.
"""

import time

import numpy as np

import models
import scenarios
from benchmarks.loop_speed import figure, show
from models.routes import theory

SEEDS = range(1, 6)
DAYS = 3000
ROADS = {"closed": {"closed_links": ("North-South",)}, "open": {}, "tolled": {"toll": "marginal"}}
MINUTES = {"closed": 65.0, "open": 80.0, "tolled": 64.6875}
TOLLS = {"none": 1.0, "marginal": 0.75}
EPSILON_GREEDY = {"kind": "q", "gamma": 0.0, "alpha": 0.1, "epsilon": 0.05}
BRAESS = {
    "q, epsilon 0.01": {"kind": "q", "gamma": 0.0, "alpha": 0.05, "epsilon": 0.01},
    "q, epsilon 0.05": EPSILON_GREEDY,
    "exp3": {"kind": "exp3", "lowest": -90.0, "highest": -40.0},
    "roth_erev": {"kind": "roth_erev", "forgetting": 0.05, "experimentation": 0.02},
    "wolf_phc": {"kind": "wolf_phc", "gamma": 0.0, "epsilon": 0.01, "win_step": 0.002},
    "day_to_day": {"kind": "day_to_day", "theta": 2.0, "inertia": 0.95},
}
PIGOU = {
    "q, epsilon 0.05": EPSILON_GREEDY,
    "q, epsilon 0.01": BRAESS["q, epsilon 0.01"],
    "exp3": {"kind": "exp3", "lowest": -2.0, "highest": 0.0},
    "roth_erev": BRAESS["roth_erev"],
    "wolf_phc": BRAESS["wolf_phc"],
    "day_to_day": {"kind": "day_to_day", "theta": 40.0},
}


def steady(name: str, learner: object, seed: int, **changes: object) -> models.World:
    """A world of a scenario without its regimes."""
    plain = scenarios.load(name).model_copy(update={"regime": (), "repeat": False})
    return models.make(plain, learner=learner, seed=seed, **changes)


def settled(
    name: str, learner: object, days: int = DAYS, metric: str = "mean_cost_min", **changes: object
) -> np.ndarray:
    """A metric over the last half of a life, one value per seed."""
    lives = (steady(name, learner, seed, record_every_ticks=days // 2, **changes).run(days) for seed in SEEDS)
    return np.array([float(life[metric].iloc[-1]) for life in lives])


def against(label: str, found: np.ndarray, expected: float, within: float | None) -> dict:
    """A row: mean, theory, and how far the furthest seed is off."""
    worst = float(np.abs(found - expected).max())
    row = figure(label, float(found.mean()), f"{expected:g}; furthest seed {worst:.4f} off")
    return {**row, "reached": None if within is None else worst <= within}


def braess() -> list[dict]:
    """Four thousand drivers of the shortcut."""
    return [
        against(f"braess, {road}: {label}, min", settled("routes/braess", learner, **change), MINUTES[road], 0.5)
        for label, learner in BRAESS.items()
        for road, change in ROADS.items()
    ]


def pigou() -> list[dict]:
    """A thousand drivers of two roads; learners that explore evenly cannot come nearer than they explore."""
    return [
        against(f"pigou, toll {toll}: {label}", settled("routes/pigou", learner, toll=toll), minutes, 0.02)
        for label, learner in PIGOU.items()
        for toll, minutes in TOLLS.items()
    ]


def commute() -> list[dict]:
    """Relative gap of a day's link flows on all roads of the town, and what full cooperation is worth."""
    gaps, rows = [], []
    for seed in SEEDS:
        world = steady("routes/commute", None, seed)
        world.run(1500)
        p = world.scenario.world
        gaps.append(theory.link_gap(world.roads(p), world.is_open(p), world.demand(p), world.state.link_flow))
    rows.append(against("commute: relative gap of link flows", np.array(gaps), 0.0, 0.03))
    lines = {name: line[0] for name, line in world.theory_lines("mean_cost_min").items()}
    for kappa, line in ((0.0, "user equilibrium"), (1.0, "system optimum")):
        found = settled("routes/commute", None, 1500, cooperation=kappa)
        rows.append(against(f"commute, cooperation {kappa:g}: mean time, min", found, lines[line], None))
    return rows


def fleets() -> list[dict]:
    """Who gains and who pays where one fleet counts what it costs others, and one does not."""
    learner = scenarios.load("routes/two_fleets").learner[1]
    alike = {"kind": learner.kind, **learner.settings}
    rows = []
    for fleet, minutes in ((1, 75.0), (2, 60.0)):
        found = settled("routes/two_fleets", None, metric=f"mean_cost_min_fleet_{fleet}")
        rows.append(against(f"fleets: fleet {fleet}, min", found, minutes, 0.5))
    for kappa, minutes in ((0.0, 80.0), (1.0, 64.6875)):
        found = settled("routes/braess", alike, cooperation=kappa)
        rows.append(against(f"fleets: all drivers with cooperation {kappa:g}, min", found, minutes, 0.5))
    return rows


def memory() -> list[dict]:
    """The second time the shortcut opens, with a memory by signature and without one."""
    plain, rows = BRAESS["q, epsilon 0.01"], []
    for label, learner in (("memory", None), ("none", plain)):
        found = [models.make("routes/braess", learner=learner, seed=seed).run(5000) for seed in SEEDS]
        again = np.array([float(frame["mean_cost_min"].iloc[-10:].mean()) for frame in found])
        rows.append(against(f"braess, opened again: {label}, min", again, 80.0, None))
    return rows


def speed() -> list[dict]:
    """Driver-days per CPU-minute on the network of Braess with 4,000 drivers."""
    rows = []
    for label in ("q, epsilon 0.01", "roth_erev", "day_to_day"):
        world = steady("routes/braess", BRAESS[label], 1)
        world.run(20)
        began = time.process_time()
        world.run(DAYS)
        rate = 4000 * DAYS / (time.process_time() - began) * 60 / 1e6
        rows.append(figure(f"speed: {label}, million driver-days per CPU-minute", rate, "at least 20", 20))
    return rows


def rows() -> list[dict]:
    """All rows."""
    return [*braess(), *pigou(), *commute(), *fleets(), *memory(), *speed()]


if __name__ == "__main__":
    show(rows, str(__doc__))
