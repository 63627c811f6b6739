"""`everlearn run`: progress, interruption, the table of what was learned, and the files of a run."""

import json
import math
import shlex
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from app.commands import progress
from engine import files
from engine.files import NotWritten
from engine.snapshot import NotASnapshot
from models import World, population
from models.networks import series
from scenarios import ScenarioError
from studies import history
from studies.cases.stretches import stretches
from studies.figures import forgetting, learning
from studies.lifelong import l2logs, life, measures
from studies.references import baselines
from studies.results.folder import make_folder, write_figure, write_table

SAVED = "world.npz"
GOAL = "goal.json"
KEEP_EVERY_S = 60  # so that a run that is killed loses a minute


def reopen(folder: Path) -> World:
    """The world of an interrupted run."""
    if not (folder / SAVED).exists():
        raise NotASnapshot(f"{folder}: there is no interrupted run ({SAVED} is missing)")
    return World.open(folder / SAVED)


def run_world(world: World, ticks: int | None, folder: Path | None, out: Console, as_json: bool) -> None:
    """Run to the goal, show what was learned, write the files; on Ctrl-C keep what there is."""
    goal = _goal(world, ticks, folder)
    if folder is not None:
        make_folder(folder)
    finished = _advance(world, goal, folder, quiet=as_json)
    if not finished and folder is None:
        folder = Path("runs") / f"{world.scenario.name.replace('/', '-')}-{world.seed}-{time.strftime('%H%M%S')}"
        make_folder(folder)
    kept = "free some space"
    if folder is not None:
        _keep(world, folder, goal, finished)
        kept = f"the run is safe in {folder / SAVED}: {kept}, then {_resume(folder)}"
    with files.remedy(kept):  # rules are compiled here, and code is kept on the disk too
        rows = _rows(world)
        gap = life.gap(world) if finished and life.can_forget(world) else None
    if as_json:
        about = {"scenario": world.scenario.name, "seed": world.seed, "ticks": world.tick}
        print(files.json_text({**about, "result": rows, "memory_gap": gap}))
    else:
        out.print(_table(world, rows))
        for note in world.notes():
            out.print(note, highlight=False, markup=False, soft_wrap=True)
        if gap is not None:
            how = " (A learner's setting: lifelong = true.)" if gap > life.WORTH_IT else ""
            out.print(f"{life.advice(gap)}{how}", highlight=False, soft_wrap=True)
    if folder is not None:
        with files.remedy(kept):
            _write(world, folder)
        if not as_json:
            out.print(f"Record, figure and scenario are in {folder}/", highlight=False, markup=False, soft_wrap=True)
    if not finished and folder is not None:
        message = f"Interrupted at tick {world.tick:,} of {goal:,}. Go on with: {_resume(folder)}"
        Console(stderr=True, soft_wrap=True, highlight=False).print(message, markup=False)
        raise KeyboardInterrupt


def write_life(world: World, folder: Path, out: Console, quiet: bool) -> None:
    """Live the scenario anew with examinations after every regime: logs for l2metrics, pictures, measures."""
    make_folder(folder)
    passes = max(1, world.tick // max(1, sum(regime.ticks for regime in world.scenario.regime)))
    lived = life.live(world.scenario, world.seed, passes)
    found = measures.measure(lived)
    lives = {"with memory": lived} if lived.alarms else {}
    plain = population.with_lifelong(world.scenario, False)
    lives["without memory"] = life.live(plain, world.seed, passes) if lives else lived
    with files.remedy("free some space, or choose another folder for --l2, and give the command again"):
        l2logs.write(lived, folder / "l2")
        files.write_text(folder / "measures.json", files.json_text(found, indent=2))
        write_figure(forgetting.matrix(lived, world.scenario.title), folder / "forgetting.png")
        write_figure(forgetting.recovery(lives, world.scenario.title), folder / "recovery.png")
    if not quiet:
        table = Table("measure", "value", title=f"{world.scenario.title}: a life of {passes} passes")
        for name, value in found.items():
            table.add_row(name.replace("_", " "), f"{value:,.4g}")
        out.print(table)


def every_hour(against: Path | None) -> dict[str, Any]:
    """A window of the record for every hour, where hours are compared; what is wrong with the file comes first."""
    if against is None:
        return {}
    series.read(against)
    return {"record_every_ticks": 1}


def set_beside(world: World, path: Path, folder: Path | None, out: Console, quiet: bool) -> None:
    """Print how near modelled prices came to those of the past; with a folder, write the day by hour and a figure."""
    if world.domain != "grid" or world.record.window_ticks != 1:
        raise ScenarioError(f"--against {path}: needs a power market with record_every_ticks = 1")
    found = history.compare(world, path)
    if not quiet:
        table = Table("prices", "per MWh", title=f"{len(found.given):,} hours beside {path.name}")
        for name, value in found.measures().items():
            table.add_row(name, _shown(value) if math.isfinite(value) else "–")
        out.print(table)
    if folder is not None:
        with files.remedy("free some space, and give the command again"):
            files.write_text(folder / "against.json", files.json_text(found.measures(), indent=2))
            write_table(found.by_hour(), folder / "against_by_hour")
            write_figure(history.figure(found, world.scenario.title), folder / "against.png")


def _goal(world: World, ticks: int | None, folder: Path | None) -> int:
    """Tick at which the run ends; an interrupted one remembers it."""
    if ticks is not None:
        return world.tick + ticks
    if world.tick and folder is not None and (folder / GOAL).exists():
        return int(json.loads((folder / GOAL).read_text())["tick"])
    return max(world.scenario.ticks, world.tick)


def _advance(world: World, goal: int, folder: Path | None, quiet: bool) -> bool:
    """Run in chunks, so that Ctrl-C is heard between two of them; whether the goal was reached."""
    stopped: list[int] = []
    asked = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, lambda number, _: stopped.append(number)) for each in asked]
    kept = time.monotonic()
    try:
        with progress.bar("ticks", quiet) as shown:
            task = shown.add_task(world.scenario.title, total=goal, completed=world.tick)
            for tick in stretches(world, goal):
                shown.update(task, completed=tick)
                if stopped:
                    break
                if folder is not None and time.monotonic() - kept > KEEP_EVERY_S:
                    with suppress(NotWritten):  # there may be room at the end
                        _keep(world, folder, goal, False)
                    kept = time.monotonic()
    finally:
        for each, handler in zip(asked, before, strict=True):
            signal.signal(each, handler)
    return world.tick >= goal


def _rows(world: World) -> list[dict[str, Any]]:
    """Means of the headline over the last pass of the regimes: what was learned, then every rule in the same world."""
    kinds = " + ".join(dict.fromkeys(learner.kind() for learner in world.learners))
    rows = [{"who": kinds, **_headline(world, baselines.last_pass(world))}]
    for rule in baselines.names(world.domain):
        if rule != kinds:
            rows.append({"who": rule, **_headline(world, baselines.beside(world, rule))})
    return rows


def _headline(world: World, means: dict[str, float]) -> dict[str, float | None]:
    """The headline of a world among the means of a run, None where it has no such metric."""
    return {name: means[name] if math.isfinite(means.get(name, math.nan)) else None for name in world.headline}


def _table(world: World, rows: list[dict[str, Any]]) -> Table:
    arrows = {"low": " ↓", "high": " ↑", None: ""}
    table = Table(title=f"{world.scenario.title}: last pass of {world.tick:,} ticks, seed {world.seed}")
    table.add_column("who", no_wrap=True)
    for name in world.headline:
        metric = world.metrics[name]
        unit = f", {metric.unit}" if metric.unit else ""
        table.add_column(f"{metric.title}{unit}{arrows[metric.good]}", justify="right")
    for number, row in enumerate(rows):
        values = [_shown(row[name]) for name in world.headline]
        table.add_row(row["who"], *values, style="bold" if number == 0 else None, end_section=number == 0)
    return table


def _shown(value: float | None) -> str:
    """Three figures, whole numbers from a thousand on, rounding noise as 0."""
    if value is None:
        return "–"
    value = round(value, 9)
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _resume(folder: Path) -> str:
    return f"everlearn run --resume {shlex.quote(str(folder))}"


def _keep(world: World, folder: Path, goal: int, finished: bool) -> None:
    """The world itself, before anything else, so that the run can go on."""
    with files.remedy("nothing of this run is kept: free some space and run it again"):
        files.write_text(folder / GOAL, json.dumps({"tick": goal, "finished": finished}))
        world.save(folder / SAVED)


def _write(world: World, folder: Path) -> None:
    """Record, figure and scenario, which all follow from the world that is kept."""
    frame = world.record.frame()
    files.write_text(folder / "scenario.toml", world.scenario.text())
    write_table(frame, folder / "record")
    if world.record.agent_names:
        with files.whole(folder / "agents.parquet") as part:
            world.record.agents().to_parquet(part)
    if len(frame):
        write_figure(learning.curve(world), folder / "figure.png")
