"""A study gives one table, wherever and however often it runs; and its arms are paired."""

import errno
import hashlib
import random
import shutil
import signal
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import pytest

import models
import scenarios
import studies
from benchmarks.small_study import small_study
from scenarios import ScenarioError
from studies import CasesFailed, Study
from studies.cases.case import Case
from studies.comparison import paired
from tests.contracts.cases import SMALLEST
from tests.contracts.frail import Frail

ROOT = Path(__file__).parents[2]
GAME = "games/coordination_ring"
PATIENCE_S = 120
TABLES = ("windows.parquet", "cases.parquet", "cases.csv", "comparison.parquet", "comparison.csv",
          "figures/in_time.svg")  # fmt: skip
SMALL = {
    "question": "Does noise hurt?",
    "scenarios": [GAME],
    "seeds": 4,
    "ticks": 1_500,
    "warm_start": {"ticks": 600},
    "world": {"record_every_ticks": 300},
    "learners": {"own": {}, "at random": "random"},
    "changes": {"noise": {"at": 600, "what": {"payoff_noise": [0.5, 1.0]}}, "no learning": {"at": 300, "freeze": True}},
}


def written(folder):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in TABLES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The small study, run once from end to end: its table and its folder."""
    folder = tmp_path_factory.mktemp("whole")
    return Study(**SMALL).run(out=folder, workers=2), folder


class Backwards(Executor):
    """Runs the last case first, and all of them when the first result is wanted."""

    def __init__(self):
        self.waiting = []

    def submit(self, work, /, *arguments):
        future = Future()
        self.waiting.append((future, work, arguments))
        if len(self.waiting) == self.number:
            for late, task, given in reversed(self.waiting):
                late.set_result(task(*given))
            self.waiting = []
        return future


def test_the_table_has_a_row_for_every_case_and_window(whole):
    table, _ = whole
    cases = ["scenario", "learner", "change", "seed"]
    assert len(table) == 2 * 4 * 4 * 5 and not table.duplicated([*cases, "tick"]).any()
    assert list(table["change"].unique()) == ["no change", "noise 0.5", "noise 1", "no learning"]
    assert table.loc[table["change"] == "noise 0.5", "set_payoff_noise"].eq(0.5).all()
    assert sorted(table["tick"].unique()) == [300, 600, 900, 1200, 1500]


def test_the_table_is_the_same_whichever_executor_order_or_number_of_workers(whole, tmp_path):
    table, folder = whole
    study = Study(**SMALL)
    pd.testing.assert_frame_equal(study.run(workers=1), table, check_exact=True)
    backwards = Backwards()
    backwards.number = len(study.asked(study.arms))
    pd.testing.assert_frame_equal(study.run(backwards), table, check_exact=True)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        study.run(processes, out=tmp_path)
    assert written(tmp_path) == written(folder)


def test_what_the_folder_holds_repeats_the_study(whole, tmp_path):
    table, folder = whole
    again = studies.load(folder / "study.toml")
    pd.testing.assert_frame_equal(again.run(out=tmp_path), table, check_exact=True)
    assert written(tmp_path) == written(folder)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "windows.parquet"), table, check_exact=True)
    page = (folder / "report.html").read_text()
    assert "Does noise hurt?" in page and "everlearn study study.toml" in page and "payoff_noise" in page
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page and "<script" not in page


def test_cases_that_are_there_are_not_run_again_and_damaged_ones_are(whole, tmp_path, monkeypatch):
    table, folder = whole
    shutil.copytree(folder, tmp_path / "copy")
    files = sorted((tmp_path / "copy" / "cases").iterdir())
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:100])
    runs, run = [], Case.run
    monkeypatch.setattr(Case, "run", lambda case, stopped: runs.append(case.key) or run(case, stopped))
    told = []
    again = Study(**SMALL).run(out=tmp_path / "copy", watch=lambda done, total: told.append((done, total)))
    assert sorted(runs) == sorted(file.stem for file in files[:2])
    assert told == [(30, 32), (31, 32), (32, 32)]
    pd.testing.assert_frame_equal(again, table, check_exact=True)
    assert written(tmp_path / "copy") == written(folder)


@pytest.fixture
def begin(program):
    """`everlearn study` in a process of its own."""
    return lambda file, folder: program("-m", "app.cli", "study", file, "--out", folder, "--workers", 2)


def landed(folder):
    return len(list((folder / "cases").glob("*.npz"))) if (folder / "cases").exists() else 0


def wait_for(process, folder, cases):
    limit = time.monotonic() + PATIENCE_S
    while landed(folder) < cases and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.002)


def test_a_study_that_is_killed_at_any_moment_resumes_and_gives_the_identical_table(begin, tmp_path):
    """Twenty moments: `python -m benchmarks.study --kills 20`."""
    (tmp_path / "study.toml").write_text(small_study(seeds=30, ticks=20_000))
    studies.load(tmp_path / "study.toml").run(out=tmp_path / "whole")
    chance, killed = random.Random(0), 0
    for cases in (1, 25):
        process = begin(tmp_path / "study.toml", tmp_path / "killed")
        wait_for(process, tmp_path / "killed", cases)
        time.sleep(chance.uniform(0.0, 0.05))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE_S)
    assert killed and 1 <= landed(tmp_path / "killed") < 60
    studies.load(tmp_path / "study.toml").run(out=tmp_path / "killed")
    assert written(tmp_path / "killed") == written(tmp_path / "whole")


def test_ctrl_c_stops_a_study_cleanly_and_says_how_to_go_on(begin, tmp_path):
    (tmp_path / "study.toml").write_text(small_study(seeds=30, ticks=500_000))
    process = begin(tmp_path / "study.toml", tmp_path / "out put")
    wait_for(process, tmp_path / "out put", 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130 and out == "" and "Traceback" not in err
    kept = landed(tmp_path / "out put")
    assert 3 <= kept < 60 and f"{kept} cases are kept" in err
    assert f"everlearn study {tmp_path / 'study.toml'} --out '{tmp_path / 'out put'}'" in err


IN_PROCESSES = """
from studies import Study
from tests.contracts.frail import Frail

if __name__ == "__main__":
    Study("Who lives?", ["games/matching_pennies"], seeds=50, ticks=10_000_000, learners={"own": Frail(share=0.0)},
          ).run(workers=2)
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_workers_in_processes_end_with_their_study(end, program, tmp_path):
    psutil = pytest.importorskip("psutil")
    (tmp_path / "program.py").write_text(IN_PROCESSES)
    study = program(tmp_path / "program.py")
    limit, children = time.monotonic() + PATIENCE_S, []
    while len(children) < 3 and study.poll() is None and time.monotonic() < limit:  # two, and a resource tracker
        time.sleep(0.05)
        children = psutil.Process(study.pid).children(recursive=True)
    time.sleep(2.0)  # they import before they listen
    study.send_signal(end)
    study.communicate(timeout=PATIENCE_S)
    _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
    assert len(children) == 3 and study.returncode != 0
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_a_case_that_fails_is_told_with_its_seed_and_stops_no_other(tmp_path):
    study = Study(**{**SMALL, "warm_start": None, "seeds": 8, "learners": {"frail": Frail()}})
    with ThreadPoolExecutor(2) as threads, pytest.raises(CasesFailed, match="with seed") as failure:
        study.run(threads, out=tmp_path)
    failed, table = failure.value.failed, failure.value.table
    assert set(failed["error"]) == {"ValueError: no idea what to do"}
    bad, good = set(failed["seed"]), set(table["seed"])
    assert bad and good and bad | good == set(range(8)) and not bad & good
    assert len(failed) == 4 * len(bad)
    assert (paired.compare(study, table)["pairs"] == len(good)).all()
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "failed.csv"), failed)
    assert "no idea what to do" in (tmp_path / "report.html").read_text()
    assert landed(tmp_path) == 4 * len(good) and not (tmp_path / "study.toml").exists()


def test_a_worker_that_dies_takes_only_its_own_case_with_it(tmp_path):
    study = Study("Who lives?", [GAME], seeds=4, ticks=600, learners={"frail": Frail(deadly=True)})
    with pytest.raises(CasesFailed, match="the worker died") as failure:
        study.run(workers=2)
    draws = {seed: models.make(GAME, learner=Frail(), seed=seed).mind(0).draw[0] for seed in range(4)}
    assert set(failure.value.failed["seed"]) == {seed for seed, draw in draws.items() if draw < 0.3}
    assert set(failure.value.table["seed"]) == {seed for seed, draw in draws.items() if draw >= 0.3}


def test_a_full_disk_is_told_before_the_work_and_in_it(whole, tmp_path, monkeypatch):
    _, folder = whole
    usage = shutil.disk_usage(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
        with pytest.raises(ScenarioError, match=r"the disk is full \(1 MB are free, about \d+ MB are needed\)"):
            Study(**SMALL).run(out=tmp_path)
    writes, write = [], studies.cases.case.write

    def fills_up(*arguments):
        writes.append(arguments)
        if len(writes) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(*arguments)

    with monkeypatch.context() as full:
        full.setattr(studies.cases.case, "write", fills_up)
        with pytest.raises(ScenarioError, match=r"No space left on device.*make room and give the same command"):
            Study(**SMALL).run(out=tmp_path)
    assert landed(tmp_path) == 5
    (tmp_path / "figures").touch()  # in the place of a folder: tables and figures cannot be written either
    with pytest.raises(ScenarioError, match=r"tables and report cannot be written.*all cases are kept: make room"):
        Study(**SMALL).run(out=tmp_path)
    (tmp_path / "figures").unlink()
    Study(**SMALL).run(out=tmp_path)
    assert written(tmp_path) == written(folder)


def test_a_folder_that_cannot_be_written_is_told_before_the_work(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(Case, "run", None)
    with pytest.raises(ScenarioError, match="cannot be written"):
        Study(**SMALL).run(out=tmp_path / "file" / "below")


# Pairs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", sorted(SMALLEST))
def test_an_arm_that_changes_nothing_is_the_base_to_the_byte(domain):
    scenario = scenarios.load(SMALLEST[domain]).change(record_every_ticks=50)
    nothing = {"cooperation": scenario.world.cooperation}
    changes = {"nothing": {"at": 130, "what": nothing}, "nothing at once": {"what": nothing}}
    study = Study("Nothing?", [scenario], learners=["q"], changes=changes, seeds=3, ticks=400)
    table = study.run(workers=1)
    arms = [part.drop(columns="change").reset_index(drop=True) for _, part in table.groupby("change", sort=False)]
    base, *others = arms
    assert len(others) == 2
    for other in others:
        pd.testing.assert_frame_equal(other, base, check_exact=True)
    found = paired.compare(study, table)
    assert len(found) and (found[["difference", "low", "high", "worst"]].dropna() == 0.0).all(axis=None)


def test_arms_are_the_same_until_the_change():
    table = Study(
        "Same cars?", ["traffic/single_crossing"], learners=["fixed_time", "random"], seeds=2, ticks=3_000,
        changes={"yellow": {"at": 1_200, "what": {"yellow_s": 6}}},
    ).run(workers=1)  # fmt: skip
    arms = [part.drop(columns="change").reset_index(drop=True) for _, part in table.groupby("change", sort=False)]
    before = [arm[arm["tick"] <= 1_200] for arm in arms]
    pd.testing.assert_frame_equal(*before, check_exact=True)
    assert (arms[0] != arms[1]).any(axis=None)
