"""`everlearn run`: progress, interruption, the table of what was learned, and the files of a run."""

import json
import shlex
import signal
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.snapshot import NotASnapshot
from models import World
from scenarios import ScenarioError
from studies import baselines, figure, forgetting, l2logs, life, lifelong

CHUNK_S = 0.3  # between two looks at the keyboard
SAVED = "world.npz"
GOAL = "goal.json"


class Rate(ProgressColumn):
    """Ticks per second."""

    def render(self, task: Any) -> str:
        """The present speed in words."""
        return f"{task.speed or 0:,.0f} ticks/s"


def reopen(folder: Path) -> World:
    """The world of an interrupted run."""
    if not (folder / SAVED).exists():
        raise NotASnapshot(f"{folder}: no interrupted run here ({SAVED} is missing)")
    return World.open(folder / SAVED)


def run(world: World, ticks: int | None, folder: Path | None, out: Console, as_json: bool) -> None:
    """Run to the goal, show what was learned, write the files; on Ctrl-C keep what there is."""
    goal = _goal(world, ticks, folder)
    if folder is not None:
        make_folder(folder)
    finished = _advance(world, goal, Console(stderr=True), quiet=as_json)
    if not finished and folder is None:
        folder = Path("runs") / f"{world.scenario.name.replace('/', '-')}-{world.seed}-{time.strftime('%H%M%S')}"
        make_folder(folder)
    rows = _rows(world)
    gap = life.gap(world) if finished and life.can_forget(world) else None
    if folder is not None:
        _write(world, folder, goal, finished)
    if as_json:
        about = {"scenario": world.scenario.name, "seed": world.seed, "ticks": world.tick}
        print(json.dumps({**about, "result": rows, "memory_gap": gap}))
    else:
        out.print(_table(world, rows))
        if gap is not None:
            out.print(_advice(gap), highlight=False, soft_wrap=True)
        if folder is not None:
            out.print(f"Record, figure and scenario are in {folder}/", highlight=False, markup=False, soft_wrap=True)
    if not finished:
        resume = f"everlearn run --resume {shlex.quote(str(folder))}"
        message = f"Interrupted at tick {world.tick:,} of {goal:,}. Go on with: {resume}"
        Console(stderr=True, soft_wrap=True, highlight=False).print(message, markup=False)
        raise KeyboardInterrupt


def _advice(gap: float) -> str:
    """Whether a memory is worth it, in a sentence."""
    verdict = (
        "a memory across regimes (lifelong = true) is worth it"
        if gap > life.WORTH_IT
        else "the state tells the regimes apart, so a memory would only split what is learned"
    )
    return f"Memory: frozen after one regime, a plain learner loses {gap:.1%} of its gain in the others; {verdict}."


def write_life(world: World, folder: Path, out: Console, quiet: bool) -> None:
    """Live the scenario anew with examinations after every regime: logs for l2metrics, pictures, measures."""
    make_folder(folder)
    passes = max(1, world.tick // max(1, sum(regime.ticks for regime in world.scenario.regime)))
    lived = life.live(world.scenario, world.seed, passes)
    found = lifelong.measures(lived)
    l2logs.write(lived, folder / "l2")
    (folder / "measures.json").write_text(json.dumps(found, indent=2))
    forgetting.matrix(lived, world.scenario.title).savefig(folder / "forgetting.png", dpi=150)
    lives = {"with memory": lived} if lived.alarms else {}
    lives["without memory"] = life.live(life.without_memories(world.scenario), world.seed, passes) if lives else lived
    forgetting.recovery(lives, world.scenario.title).savefig(folder / "recovery.png", dpi=150)
    if not quiet:
        table = Table("measure", "value", title=f"{world.scenario.title}: a life of {passes} passes")
        for name, value in found.items():
            table.add_row(name.replace("_", " "), f"{value:,.4g}")
        out.print(table)


def _goal(world: World, ticks: int | None, folder: Path | None) -> int:
    """Tick at which the run ends; an interrupted one remembers it."""
    if ticks is not None:
        return world.tick + ticks
    if world.tick and folder is not None and (folder / GOAL).exists():
        return int(json.loads((folder / GOAL).read_text())["tick"])
    return max(world.scenario.ticks, world.tick)


def make_folder(folder: Path) -> None:
    """Make a folder for results, before they are worked for (ScenarioError where it cannot be written)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        raise ScenarioError(f"--out {folder}: cannot be written ({error.strerror}); choose another folder") from None


def _advance(world: World, goal: int, console: Console, quiet: bool) -> bool:
    """Run in chunks, so that Ctrl-C is heard between two of them; whether the goal was reached."""
    stopped: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: stopped.append(number))
    columns = (TextColumn("{task.description}"), BarColumn(), Rate(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, disable=quiet, transient=True) as progress:
            task = progress.add_task(world.scenario.title, total=goal, completed=world.tick)
            chunk = 1
            while world.tick < goal and not stopped:
                start = time.perf_counter()
                world.run(min(chunk, goal - world.tick))
                spent = time.perf_counter() - start
                chunk = max(1, int(chunk * min(4.0, CHUNK_S / max(spent, 1e-6))))
                progress.update(task, completed=world.tick)
    finally:
        signal.signal(signal.SIGINT, before)
    return world.tick >= goal


def _rows(world: World) -> list[dict[str, Any]]:
    """Mean of the first metrics over the last pass of the regimes: what was learned, then every rule."""
    frame, scenario = world.record.frame(), world.scenario
    length = sum(regime.ticks for regime in scenario.regime) or max(world.tick // 4, 1)
    last = frame[frame.index > world.tick - length]
    kinds = " + ".join(dict.fromkeys(learner.kind() for learner in world.learners))
    rows = [{"who": kinds, **{name: float(last[name].mean()) for name in world.headline}}]
    for rule in baselines.names(world.domain):
        if rule != kinds:
            means = {name: baselines.lines(scenario, name, [rule])[rule] for name in world.headline}
            rows.append({"who": rule, **{name: sum(line) / len(line) for name, line in means.items()}})
    return rows


def _table(world: World, rows: list[dict[str, Any]]) -> Table:
    arrows = {"low": " ↓", "high": " ↑", None: ""}
    table = Table(title=f"{world.scenario.title}: last pass of {world.tick:,} ticks, seed {world.seed}")
    table.add_column("who")
    for name in world.headline:
        metric = world.metrics[name]
        unit = f", {metric.unit}" if metric.unit else ""
        table.add_column(f"{metric.title}{unit}{arrows[metric.good]}", justify="right")
    for number, row in enumerate(rows):
        shown = [round(row[name], 9) for name in world.headline]  # rounding noise is 0
        values = [f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}" for value in shown]
        table.add_row(row["who"], *values, style="bold" if number == 0 else None, end_section=number == 0)
    return table


def _write(world: World, folder: Path, goal: int, finished: bool) -> None:
    """Record, figure, scenario; and the world itself, so that the run can go on."""
    frame = world.record.frame()
    frame.to_parquet(folder / "record.parquet")
    frame.to_csv(folder / "record.csv")
    if world.record.agent_names:
        world.record.agents().to_parquet(folder / "agents.parquet")
    (folder / "scenario.toml").write_text(world.scenario.text(), encoding="utf-8")
    (folder / GOAL).write_text(json.dumps({"tick": goal, "finished": finished}))
    world.save(folder / SAVED)
    if len(frame):
        figure.learning_curve(world).savefig(folder / "figure.png", dpi=150)
