"""`everlearn study`: where it runs, progress, interruption, and the answer in words."""

import shlex
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import MofNCompleteColumn

import studies
from app.commands import progress
from scenarios import ScenarioError
from studies import CasesFailed
from studies.comparison import paired, sentences

PATIENCE_S = 10  # for a scheduler to answer
SHOWN = 5  # failed cases that are named


def run_study(file: str, folder: Path | None, workers: int | None, cluster: str | None, out: Console) -> None:
    """Run what is missing, say what was found; on Ctrl-C say how to go on."""
    if workers is not None and cluster is not None:
        raise ScenarioError("study: give --workers or --cluster, not both")
    study = studies.load(file)
    folder = folder or Path("runs") / Path(file).stem
    failed = None
    with _executor(cluster) as executor, progress.bar("cases", False, MofNCompleteColumn()) as shown:
        task = shown.add_task(study.question, total=None)

        def watch(done: int, total: int) -> None:
            if shown.tasks[task].total is None:  # those that were there before say nothing about the speed
                shown.reset(task, total=total, completed=done)
            shown.update(task, completed=done)

        try:
            table = study.run(executor, folder, workers, watch)
        except CasesFailed as error:
            table, failed = error.table, error.failed
        except KeyboardInterrupt:
            done = len(list((folder / "cases").glob("*.npz")))
            again = f"everlearn study {shlex.quote(file)} --out {shlex.quote(str(folder))}"
            shown.console.print(f"Interrupted; {done} cases are kept. Continue with: {again}",
                                markup=False, highlight=False, soft_wrap=True)  # fmt: skip
            raise
    for sentence in sentences.answer(study, paired.compare(study, table)):
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)
    out.print(f"Report, tables and figures are in {folder}/", highlight=False, markup=False, soft_wrap=True)
    if failed is not None:
        _complain(failed)
        raise SystemExit(1)


def _complain(failed: pd.DataFrame) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(f"{len(failed)} cases failed and are left out; the same command tries them again:", markup=False)
    for case in failed.head(SHOWN).itertuples():
        console.print(f"  {case.scenario}, {case.learner}, {case.change}, seed {case.seed}: {case.error}", markup=False)


@contextmanager
def _executor(address: str | None) -> Iterator[Executor | None]:
    """A Dask cluster's executor; None where the study shall choose."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise ScenarioError("--cluster: Dask is not installed; pip install -e '.[cluster]' adds it") from None
    try:
        client = Client(address, timeout=PATIENCE_S)
    except (OSError, ValueError) as error:
        message = f"--cluster {address}: no scheduler answers ({type(error).__name__})"
        raise ScenarioError(f"{message}; start one with `dask scheduler`, workers with `dask worker`") from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise ScenarioError(f"--cluster {address}: the scheduler has no workers; start some with `dask worker`")
        yield client.get_executor(pure=False)
