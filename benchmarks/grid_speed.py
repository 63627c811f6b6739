"""How fast the power market clears: CPU time of one core, beside HiGHS and the figures the project holds itself to.

HiGHS solves the same hours from voltage angles, a sparse problem; it keeps model and basis from hour to hour (hot), and
only what `run()` takes is counted. Without it (pip install highspy) its rows are left out.
python -m benchmarks.grid_speed [--json]
"""

import importlib.util
import statistics
from typing import Any

import numpy as np

import models
from benchmarks.loop_speed import cpu_seconds, figure, per_second, show
from models.grid import theory
from models.grid.state import HOURS

CASES = ("ames5", "pjm5", "ieee14", "ieee30", "ieee118")
BATCH, BY_HIGHS = 20_000, 300


def hours_of(world: models.World, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random hours of the day (P,) and profiles of choices (P, C)."""
    rng, state = np.random.default_rng(0), world.state
    return rng.integers(HOURS, size=count), rng.integers(state.choice.size, size=(count, state.first_offer.size - 1))


def clearing_us(world: models.World) -> float:
    """Time of a clearing in a batch, with prices and profits, in µs."""
    hours, profiles = hours_of(world, BATCH)
    theory.clear(world.state, 0, hours[:100], profiles[:100])
    times = [cpu_seconds(lambda: theory.clear(world.state, 0, hours, profiles)) for _ in range(5)]
    return 1e6 * statistics.median(times) / BATCH


class Highs:
    """A network as HiGHS sees it; n balances of power, then L flows; J offers, then n angles."""

    def __init__(self, world: Any) -> None:
        import highspy

        self.world, case, derived = world, world.case, world.state.derived
        assert not case.shift_deg.any()
        offers, buses, lines = world.offers.bus.size, len(case.bus_names), len(case.line_names)
        incidence = np.zeros((lines, buses))
        incidence[np.arange(lines), case.line_from] = 1.0
        incidence[np.arange(lines), case.line_to] -= 1.0
        by_angle = incidence / (case.reactance_pu * case.tap)[:, None]
        feed = np.arange(buses)[:, None] == world.offers.bus
        matrix = np.block([[feed, -incidence.T @ by_angle], [np.zeros((lines, offers)), by_angle]])
        column, row = np.nonzero(matrix.T)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = offers + buses, buses + lines
        angles = np.where(np.arange(buses) == 0, 0.0, np.inf)
        limit = derived.limit[0]
        model.col_cost_ = np.zeros(offers + buses)
        model.col_lower_ = np.concatenate((np.zeros(offers), -angles))
        model.col_upper_ = np.concatenate((np.zeros(offers), angles))
        model.row_lower_ = np.concatenate((np.zeros(buses), -limit))
        model.row_upper_ = np.concatenate((np.zeros(buses), limit))
        model.a_matrix_.start_ = np.searchsorted(column, np.arange(offers + buses + 1))
        model.a_matrix_.index_, model.a_matrix_.value_ = row, matrix.T[column, row]
        self.solver = highspy.Highs()
        self.solver.silent()
        for option, value in {"threads": 1, "solver": "simplex", "presolve": "off"}.items():
            self.solver.setOptionValue(option, value)
        self.solver.passModel(model)

    def clear(self, hour: int, profile: np.ndarray) -> float:
        """Solve an hour, check it, and return the time it took, in s."""
        state = self.world.state
        theory.clear(state, 0, np.array([hour]), profile[None])
        c, load = state.trial, state.derived.load[0, hour]
        offers, buses = (np.arange(size, dtype=np.int32) for size in (c.mw.size, load.size))
        self.solver.changeColsCost(offers.size, offers, c.price)
        self.solver.changeColsBounds(offers.size, offers, np.zeros(offers.size), c.offered)
        self.solver.changeRowsBounds(buses.size, buses, load, load)
        taken = cpu_seconds(self.solver.run)
        assert np.isclose(self.solver.getObjectiveValue(), c.price @ c.mw, rtol=1e-7)
        return taken


def highs_us(world: models.World) -> float:
    """Time that hot HiGHS takes for an hour, in µs."""
    highs = Highs(world)
    times = [highs.clear(int(hour), profile) for hour, profile in zip(*hours_of(world, BY_HIGHS), strict=True)]
    return 1e6 * statistics.mean(times[20:])


def figures() -> list[dict]:
    """What was measured, with its unit and target."""
    ames = models.make("grid/ames5", seed=0)
    found = [
        figure("grid/ames5, five q: hourly clearings + learning per CPU-second", per_second(ames, 200_000),
               "at least 500e3, aim 1e6", 500e3),
    ]  # fmt: skip
    profiles = theory.all_profiles(ames.state.choice.size, len(ames.agent_names))
    game = np.repeat(np.arange(HOURS), len(profiles)), np.tile(profiles, (HOURS, 1))
    tabulation = statistics.median(cpu_seconds(lambda: theory.clear(ames.state, 0, *game)) for _ in range(5))
    found.append(figure(f"  its whole game, {len(game[0]):,} clearings: CPU-s", tabulation, "at most 0.15", -0.15))
    for name in CASES:
        world = models.make(f"grid/{name}", learner="truthful", seed=0, demand_noise=0.0, wind_mw=0.0, storage_bus="")
        own = clearing_us(world)
        aim = ("at most 20, aim 10", -20.0) if name == "ieee118" else ()
        found.append(figure(f"{name}, {len(world.case.bus_names)} buses: us per clearing, batch", own, *aim))
        if importlib.util.find_spec("highspy"):
            found.append(figure("  hot HiGHS, times as long", highs_us(world) / own))
    return found


if __name__ == "__main__":
    show(figures, str(__doc__))
