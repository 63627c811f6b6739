"""Command lines and files with slips of every kind: each a clear sentence and no run, or a run of numbers.

Commands run in a forked worker through `app.cli.main`. Nothing may be written where a command is refused, and nowhere
but in the folder that it names where it is not.
"""

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import models
import scenarios
from app import cli
from studies import running
from studies.references import baselines
from tests.fuzz import files
from tests.fuzz.odd import odd
from tests.fuzz.workers import Attempt

MOST_TICKS = 40
MOST_WORK = 2_000  # ticks of all cases of a study that is run
GRAPHS = ("games/coordination_ring", "traffic/single_crossing", "market/order_book", "traffic/both_learn")
CASES = ("grid/pjm5", "grid/pivotal_cap")
WORDS = ("run", "list", "study", "papers", "nonsense", "--help", "")
OPTIONS = ("--ticks", "--seed", "--learner", "--set", "--out", "--resume", "--l2", "--json", "--workers", "--nonsense")


def attempts(seed: int, folder: Path, names: Sequence[str] = files.NAMES) -> Attempt:
    """What to do with a case; every scenario is run once, which compiles what most cases need."""
    for name in dict.fromkeys([*names, *GRAPHS, *CASES]):
        with _made():
            _command(["run", name, "--ticks", "20", "--json"])
    return partial(_attempt, seed, names)


def _attempt(seed: int, names: Sequence[str], case: int) -> str:
    rng = np.random.default_rng([seed, case])
    with tempfile.TemporaryDirectory() as name:
        folder, here = Path(name), Path(name, "here")
        here.mkdir()
        command = _make(folder, names, rng)
        before = _all_in(folder)
        with contextlib.chdir(here), _made() as worlds:
            code, out, err = _command(command)
        told = f"{command} -> {code}\n{out[-500:]}\n{err[-2500:]}\n{_text(folder)}"
        if code == 0 and "--out" not in command:
            _check_run(worlds, out, command, told)
        if "Interrupted" in err:
            raise AssertionError(told)
        if code == 0:
            return "done"
        assert code == 2 or (code == 1 and command[0] == "study"), told
        assert "Traceback" not in err and ("everlearn: " in err or " Error " in err or code == 1), told
        assert "everlearn: " not in err or (err.count("\n") == 1 and len(err) < 4000), told
        assert _all_in(folder) == before or code == 1, f"written: {_all_in(folder) - before}: {told}"
    return "refused"


def _make(folder: Path, names: Sequence[str], rng: np.random.Generator) -> list[str]:
    """A command, with the files that it names."""
    window = ["--set", "record_every_ticks=10"] if rng.random() < 0.8 else []
    run = ["--ticks", str(rng.integers(1, MOST_TICKS)), "--json", "--seed", str(rng.integers(3)), *window]
    way = rng.choice(["scenario", "line", "study", "graph", "demand", "case"], p=[0.4, 0.25, 0.08, 0.07, 0.05, 0.15])
    mine = folder / f"mine{rng.choice(['.toml'] * 20 + ['.TOML', '.txt'])}"
    if way == "scenario":
        mine.write_text(files.scenario(names, rng), "utf-8", "replace")
        return ["run", str(mine), *run]
    if way == "study":
        mine.write_text(files.study(rng), "utf-8", "replace")
        return ["study", str(mine), "--out", str(folder / "out"), "--workers", "1"]
    if way == "graph":
        (folder / "mine.graphml").write_text(files.spoil(files.GRAPH, rng), "utf-8", "replace")
        return ["run", rng.choice(GRAPHS), *run, "--set", f"graph={folder / 'mine.graphml'}"]
    if way == "demand":
        (folder / "mine.csv").write_text(files.spoil(files.DEMAND, rng), "utf-8", "replace")
        return ["run", "traffic/single_crossing", *run, "--set", f"demand_csv={folder / 'mine.csv'}"]
    if way == "case":
        return ["run", rng.choice(CASES), *run, "--set", f"case={files.case(folder, rng)}"]
    return _line(folder, run, names, rng)


def _line(folder: Path, run: list[str], names: Sequence[str], rng: np.random.Generator) -> list[str]:
    """A command line with odd words."""
    if rng.random() < 0.6:
        scenario = names[rng.integers(len(names))]
        fields = list(type(scenarios.load(scenario).world).model_fields)
        changes = [f"{fields[rng.integers(len(fields))]}={_word(rng)}" for _ in range(rng.integers(1, 3))]
        return ["run", scenario, *run, *(part for change in changes for part in ("--set", change))]
    words = [str(rng.choice(WORDS))]
    for _ in range(rng.integers(4)):
        words.append(str(rng.choice(OPTIONS)) if rng.random() < 0.6 else _word(rng))
        if words[-1] in ("--out", "--l2"):
            words.append(str(folder / "out"))
    if words[0] == "run":
        words += ["--ticks", str(MOST_TICKS)]
    if words[0] == "papers":
        words.append(_word(rng) + "?")
    return words


def _word(rng: np.random.Generator) -> str:
    """Something odd as it is typed."""
    value = odd(rng)
    text = value if isinstance(value, str) and rng.random() < 0.7 else json.dumps(value)
    return text.replace("\x00", "")  # no command line holds one


def _command(words: list[str]) -> tuple[Any, str, str]:
    """Exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["everlearn", *words]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
            code: Any = 0
        except SystemExit as end:
            code = end.code or 0
    return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def _made() -> Iterator[list[models.World]]:
    """Worlds of the command. No rules are run beside them, and no study of much work."""
    worlds: list[models.World] = []
    make, run, rules = models.make, running.run, baselines.names

    def noted(*arguments: Any, **named: Any) -> models.World:
        worlds.append(make(*arguments, **named))
        return worlds[-1]

    def short(study: Any, *arguments: Any, **named: Any) -> Any:
        cases = len(study.scenarios) * len(study.learners) * (1 + len(study.changes)) * len(study.seeds)
        ticks = study.ticks + (study.warm_start.ticks if study.warm_start else 0)
        if cases * ticks > MOST_WORK or study.search is not None:
            raise SystemExit(0)
        return run(study, *arguments, **named)

    models.make, running.run, baselines.names = noted, short, lambda domain: []
    try:
        yield worlds
    finally:
        models.make, running.run, baselines.names = make, run, rules


def _check_run(worlds: list[models.World], out: str, command: list[str], told: str) -> None:
    """What a run says and holds are numbers."""
    if command[0] != "run" or not worlds:
        return
    if "--json" in command:
        json.loads(out)
    frame = worlds[0].record.frame()
    assert not np.isinf(frame.to_numpy()).any(), f"infinite: {list(frame.columns[np.isinf(frame).any()])}: {told}"
    assert frame["reward"].notna().all(), f"reward is no number: {told}"
    turn = worlds[0].turn
    for name in ("rewards", "gains", "returns"):
        assert np.isfinite(getattr(turn, name)).all(), f"{name} are no numbers: {told}"


def _all_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _text(folder: Path) -> str:
    """The files of a case that went wrong."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".npz"]
    return "\n".join(f"{path.name}:\n{path.read_bytes()[:3000].decode('utf-8', 'replace')}" for path in found[:6])
