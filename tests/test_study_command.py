"""`everlearn study` as a user meets it: files with mistakes, what is printed and written, and a real cluster."""

import json
import os
import subprocess
import sys
import time

import pandas as pd
import pytest

import studies
from benchmarks.small_study import small_study
from scenarios import ScenarioError
from studies import Study

PATIENCE_S = 120
GOOD = small_study(seeds=3, ticks=900)
SEARCH = 'question = "?"\nscenarios = "games/prisoners_dilemma"\nseeds = 2\nticks = 900\n'


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


BAD = {
    "no toml": ("question = ", "not a TOML file"),
    "no question": (changed('question = "Does noise hurt?"', ""), '"question" is missing'),
    "no question mark": (changed("hurt?", "hurts."), "does not end with a question mark"),
    "no ticks": (changed("ticks = 900", ""), '"ticks" is missing'),
    "no scenarios": (changed('["games/coordination_ring"]', "[]"), "give a list of names or paths"),
    "unknown scenario": (changed("coordination_ring", "coordination"), 'Did you mean "games/coordination_ring"?'),
    "missing scenario file": (changed("games/coordination_ring", "mine.toml"), "mine.toml: cannot be read"),
    "unknown key": (changed("seeds", "sedes"), 'unknown key "sedes"; known are question, scenarios'),
    "slip of a key": (changed("seeds", "sedes"), 'Did you mean "seeds"?'),
    "reserved key": ('where = "x"' + GOOD, 'unknown key "where"'),
    "no seeds": (changed("seeds = 3", "seeds = 0"), "0 is neither a number of seeds"),
    "negative seed": (changed("seeds = 3", "seeds = [1, -1]"), "[1, -1] is neither a number of seeds"),
    "equal seeds": (changed("seeds = 3", "seeds = [1, 1]"), "nor a list of different ones"),
    "seeds in words": (changed("seeds = 3", 'seeds = "three"'), "'three' is neither a number of seeds"),
    "seeds without number": (changed("seeds = 3", "seeds = 99_999_999_999"), "1 to 100,000"),
    "a seed too large": (changed("seeds = 3", "seeds = [1, 99_999_999_999_999_999_999]"), "different ones below 2^63"),
    "a word of Python": ("self = 3\n" + GOOD, 'unknown key "self"'),
    "a kind that is no name": (GOOD + "[learners]\nmine = { kind = 5 }\n", 'its "kind" is a name; one of '),
    "over too long": ("over = 601\n" + GOOD, "over = 601 is longer than the 600 ticks after the last change"),
    "nothing before": (
        'recover_to = "before"\n' + changed("at = 300", "at = 0"), 'there is no level before "noise"; let it come'),
    "ticks as text": (changed("ticks = 900", 'ticks = "900"'), "ticks = '900': input should be a valid integer"),
    "change past the end": (changed("at = 300", "at = 900"), 'changes "noise": at = 900 is past the end'),
    "since past the end": (changed("ticks = 900", "ticks = 900\nsince = 900"), "since = 900 is past the end"),
    "too short": (changed("ticks = 900", "ticks = 450"), "150 ticks are compared, but a window of games/"),
    "too long": (changed("ticks = 900", "ticks = 900_000_000"), "9,000,000 windows of games/coordination"),
    "unknown key of a change": (changed("at =", "att ="), 'unknown key "att" in changes noise; known are at, what'),
    "unknown parameter": (changed("payoff_noise", "payof_noise"), 'changes "noise": '),
    "slip of a parameter": (changed("payoff_noise", "payof_noise"), 'Did you mean "payoff_noise"?'),
    "value out of bounds": (changed("1.0", "-1.0"), "payoff_noise = -1.0: input should be greater than"),
    "a bad value in a sweep": (changed("1.0", "[1.0, -1.0]"), 'changes "noise -1": '),
    "parameter of a whole run": (changed("payoff_noise = 1.0", "nodes = 8"), '"nodes" is set when a world is made'),
    "name of the base": (changed("changes.noise", 'changes."no change"'), 'every study has an arm called "no change"'),
    "two arms with one name": (
        changed("1.0", "[0.5, 1.0]") + '[changes."noise 1"]\n', 'two arms are called "noise 1"'),
    "unknown learner": (GOOD + '[learners]\nmine = "qq"\n', 'there is no learner "qq"'),
    "unknown setting of a kind": (GOOD + '[learners]\nmine = { kind = "q", alpa = 1.0 }\n', 'Did you mean "alpha"?'),
    "unknown setting": (GOOD + "[learners]\nmine = { alpa = 1.0 }\n", '"alpa" is no setting of the scenario\'s own'),
    "bad setting": (GOOD + "[learners]\nmine = { alpha = 7.0 }\n", "alpha = 7.0: input should be less than"),
    "no learners": (GOOD + "[learners]\n", "learners: name one, or leave the table out"),
    "learners of no form": ("learners = 3\n" + GOOD, "give a list of kinds, or a table of learners"),
    "unknown metric": ('metric = "rewrd"\n' + GOOD, 'metric = "rewrd"; games/coordination_ring records reward'),
    "slip of a metric": ('metric = "rewrd"\n' + GOOD, 'Did you mean "reward"?'),
    "unknown world": ("world = { noise = 1 }\n" + GOOD, 'world: scenarios/games/coordination_ring.toml: unknown key'),
    "warm start without ticks": (GOOD + "[warm_start]\n", '"ticks" is missing in warm_start'),
    "bad world of the warm start": (
        GOOD + "[warm_start]\nticks = 9\nworld = { payoff_noise = -1.0 }\n", "warm_start: "),
    "scenarios of no form": (changed('["games/coordination_ring"]', "[3]"), "a scenario is a name or a path"),
    "within": ("within = 5\n" + GOOD, "within = 5: input should be less than 1"),
    "recover to": ('recover_to = "normal"\n' + GOOD, "recover_to = 'normal'"),
    "search of nothing": (SEARCH + "[search]\nwhat = {}\n", "a search takes one or two"),
    "search upside down": (SEARCH + "[search]\nwhat = { cooperation = [1, 0] }\n", "give the lowest value, then"),
    "search out of bounds": (SEARCH + "[search]\nwhat = { cooperation = [0, 2] }\n", "search: scenarios/games/pris"),
    "search of no number": (SEARCH + "[search]\nwhat = { cooperate_with = [0, 1] }\n", '"cooperate_with" is no number'),
    "search of the unknown": (SEARCH + "[search]\nwhat = { cooperatoin = [0, 1] }\n", 'Did you mean "cooperation"?'),
    "search without a good": (
        'metric = "same_action"\n' + SEARCH + "[search]\nwhat = { cooperation = [0, 1] }\n", "a metric from reward"),
    "search with two learners": (
        SEARCH + '[learners]\na = {}\nb = "q"\n[search]\nwhat = { cooperation = [0, 1] }\n', "one scenario and one"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BAD)
def test_a_mistake_in_a_study_ends_with_code_2_and_one_line_before_any_work(mistake, everlearn, tmp_path):
    text, said = BAD[mistake]
    (tmp_path / "study.toml").write_text(text)
    code, out, err = everlearn("study", tmp_path / "study.toml", "--out", tmp_path / "out")
    assert code == 2 and out == "" and not (tmp_path / "out").exists()
    assert err.startswith(f"everlearn: {tmp_path / 'study.toml'}: ") or "mine.toml" in err
    assert err.count("\n") == 1 and said in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("study", "closed_brige"), 'Did you mean "closed_bridge"?'),
        (("study", "missing.toml"), "missing.toml: cannot be read"),
        (("study", "closed_bridge", "--workers", 2, "--cluster", "tcp://127.0.0.1:1"), "not both"),
        (("study", "closed_bridge", "--cluster", "127.0.0.1:here"), "no scheduler answers"),
    ],
)
def test_a_mistake_in_the_command_ends_with_code_2_and_one_line(command, said, everlearn):
    code, out, err = everlearn(*command)
    assert code == 2 and out == "" and err.startswith("everlearn: ") and err.count("\n") == 1 and said in err


def test_a_python_mistake_is_told_as_one_in_a_file():
    with pytest.raises(ScenarioError, match=r'^study: unknown key "sedes"; known are .*Did you mean "seeds"'):
        Study("Why?", ["games/climbing"], ticks=900, sedes=3)


@pytest.mark.parametrize("name", studies.names())
def test_the_studies_of_the_house_can_be_run(name):
    studies.load(name).check()


def test_a_study_prints_its_answer_and_writes_its_folder(everlearn, tmp_path):
    (tmp_path / "study.toml").write_text(GOOD)
    code, out, err = everlearn("study", tmp_path / "study.toml", "--out", tmp_path / "out", "--workers", 1)
    assert code == 0 and err == ""
    answer, pairing, where = out.splitlines()
    assert "oise" in answer and "reward" in answer and "pairing divides" in pairing and str(tmp_path / "out") in where
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"cases", "cases.parquet", "cases.csv", "comparison.parquet", "comparison.csv", "windows.parquet",
                     "figures", "report.html", "scenarios", "study.toml"}  # fmt: skip
    cases = pd.read_csv(tmp_path / "out" / "cases.csv")
    assert len(cases) == 6 and cases["seed"].tolist() == [0, 1, 2] * 2
    assert pd.read_parquet(tmp_path / "out" / "cases.parquet").shape == cases.shape
    assert answer in (tmp_path / "out" / "report.html").read_text()


def test_paths_of_scenarios_start_from_the_file_of_the_study(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    game = studies.load("old_roadworks").scenarios["games/congestion"].text()
    (tmp_path / "deep" / "mine.toml").write_text(game)
    (tmp_path / "deep" / "study.toml").write_text(GOOD.replace("games/coordination_ring", "mine.toml"))
    monkeypatch.chdir(tmp_path)
    assert list(studies.load("deep/study.toml").scenarios) == ["mine.toml"]


def test_cases_that_fail_are_named_and_the_code_is_not_zero(everlearn, tmp_path, monkeypatch):
    run = studies.cases.case.Case.run

    def fails(case, stopped):
        if case.seed == 1 and case.what:
            raise MemoryError("too large")
        return run(case, stopped)

    monkeypatch.setattr(studies.cases.case.Case, "run", fails)
    (tmp_path / "study.toml").write_text(GOOD)
    code, out, err = everlearn("study", tmp_path / "study.toml", "--out", tmp_path / "out")
    assert code == 1 and "reward" in out and "1 cases failed" in err
    assert "noise, seed 1: MemoryError: too large" in err and "Traceback" not in err
    assert len(pd.read_csv(tmp_path / "out" / "cases.csv")) == 5
    monkeypatch.setattr(studies.cases.case.Case, "run", run)
    code, _, err = everlearn("study", tmp_path / "study.toml", "--out", tmp_path / "out")
    assert code == 0 and err == "" and len(pd.read_csv(tmp_path / "out" / "cases.csv")) == 6
    assert not (tmp_path / "out" / "failed.csv").exists()


@pytest.fixture
def cluster(tmp_path):
    """The address of a Dask scheduler with two worker processes, on the loopback."""
    told = tmp_path / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[1:])}
    at_home = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(told)]
    commands = [["scheduler", "--port", "0"]] + 2 * [["worker", "--no-nanny", "--nthreads", "1",
                                                      "--local-directory", str(tmp_path)]]  # fmt: skip
    processes = []
    try:
        for command, *options in commands:
            program = [sys.executable, "-m", f"distributed.cli.dask_{command}", *options, *at_home]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            processes.append(subprocess.Popen(program, env=environment, cwd=tmp_path, **quiet))
            limit = time.monotonic() + PATIENCE_S
            while not (told.exists() and told.read_text()) and time.monotonic() < limit:
                time.sleep(0.05)
        address = json.loads(told.read_text())["address"]
        with pytest.importorskip("distributed").Client(address) as client:
            client.wait_for_workers(2, timeout=PATIENCE_S)
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(timeout=PATIENCE_S)


def test_a_cluster_gives_the_same_table_to_the_byte(cluster, everlearn, tmp_path):
    (tmp_path / "study.toml").write_text(GOOD + "[warm_start]\nticks = 600\n")
    code, answer, err = everlearn("study", tmp_path / "study.toml", "--out", tmp_path / "far", "--cluster", cluster)
    assert code == 0 and err == ""
    code, out, _ = everlearn("study", tmp_path / "study.toml", "--out", tmp_path / "here", "--workers", 2)
    assert code == 0 and out.replace("here", "far") == answer
    for name in ("windows.parquet", "comparison.csv", "cases.csv"):
        assert (tmp_path / "far" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
