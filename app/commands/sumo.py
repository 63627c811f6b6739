"""`everlearn sumo`: signals that learned here drive SUMO, beside the programme of the file and hand-made rules."""

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Column, Table

import models
from app.commands.progress import bar
from models.networks.roads import importing
from models.traffic.in_sumo import Outcome, Town
from scenarios import ScenarioError
from studies.comparison.paired import interval

RULES = ("max_pressure", "detector_rule", "random")
PERIODS = 5  # of our own world, for the column beside SUMO's
CHUNKS = 50


def drive(folder: Path, minds: Path | None, ticks: int | None, seeds: int, out: Console) -> None:
    """Train here unless minds are given, run SUMO by each of the ways, and print a table."""
    if find_spec("libsumo") is None:
        raise ScenarioError('sumo: SUMO is not installed; install it with pip install ".[sumo]"')
    kept = importing.sumo_files(folder)
    learned: Any = models.make(str(folder), minds=minds)
    if learned.domain != "traffic" or learned.case is None:
        raise ScenarioError(f"{folder}: its scenario is no traffic world on a road case")
    if minds is None:
        train(learned, ticks or learned.scenario.ticks, out)
    learned.freeze()
    kind = learned.scenario.learner[0].kind
    ways: dict[str, Any] = {"programme of the file": None, f"{kind}, learned here": learned}
    ways |= {rule: models.make(str(folder), learner=rule) for rule in RULES}
    town, table = Town(learned.case, *kept), _table(seeds)
    with TemporaryDirectory() as scratch, bar("runs") as progress:
        task = progress.add_task("SUMO", total=seeds * len(ways))
        for name, world in ways.items():
            own = delay_here(folder, world)
            outcomes = []
            for seed in range(1, seeds + 1):
                outcomes.append(town.run(seed, Path(scratch) / "trips.xml", world))
                progress.advance(task)
            _add(table, name, outcomes, own)
    out.print(table)


def train(world: Any, ticks: int, out: Console) -> None:
    """Let the signals learn, with a bar, and say what it took."""
    world.loop.prepare()
    begun_s = process_time()
    with bar("ticks") as progress:
        task = progress.add_task("learning", total=ticks)
        for part in np.diff(np.linspace(0, ticks, CHUNKS + 1).astype(np.int64)):
            world.run(int(part))
            progress.advance(task, int(part))
    out.print(f"Learned for {ticks:,} ticks in {process_time() - begun_s:.1f} s of CPU time.", highlight=False)


def delay_here(folder: Path, world: Any) -> float:
    """Mean delay in our own world by the same minds; before SUMO's counts are written into it."""
    if world is None:
        world = models.make(str(folder), learner={"kind": "fixed_time", "plan": "case"})
    twin: Any = world.fork(seed=1)
    window = twin.record.window_ticks
    rows = twin.run(max(round(PERIODS * twin.case.about.period_s / window), 1) * window)
    return float(rows["mean_delay_s"].mean())


def _table(seeds: int) -> Table:
    columns = ("delay in SUMO, s", "waiting, s", "not arrived", "delay here, s", "here / SUMO")
    return Table(Column("signals by", no_wrap=True), *columns, title=f"SUMO, {seeds} seeds")


def _add(table: Table, name: str, outcomes: list[Outcome], own: float) -> None:
    delay = np.array([outcome.delay_s for outcome in outcomes])
    low, high = interval(delay) if len(delay) > 1 else (np.nan, np.nan)
    span = f" ({low:.1f} to {high:.1f})" if len(delay) > 1 else ""
    waiting = np.mean([outcome.waiting_s for outcome in outcomes])
    unfinished = np.mean([outcome.unfinished for outcome in outcomes])
    mean = delay.mean()
    table.add_row(name, f"{mean:.1f}{span}", f"{waiting:.1f}", f"{unfinished:.0f}", f"{own:.1f}", f"{own / mean:.2f}")
