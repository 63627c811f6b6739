"""The command line as a user meets it: what is printed, what is written, and how it ends.

Most commands run in this process through `app.cli.main`, for speed; what depends on a process of its own (the module
as a program, Ctrl-C) runs in one.
"""

import errno
import io
import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import models
import scenarios
from app import cli
from engine import files

ROOT = Path(__file__).parents[1]
GAME = "games/coordination_ring"
PATIENCE_S = 120  # a cold cache compiles first
FILES = {"record.parquet", "record.csv", "figure.png", "scenario.toml", "world.npz", "goal.json"}


BAD = {
    ("run", "games/climbin"): 'Did you mean "games/climbing"?',
    ("run",): "give a scenario",
    ("run", "games/climbing", "--resume", "somewhere"): "give a scenario, or --resume",
    ("run", "games/climbing", "--learner", "hysteretic"): 'Did you mean "hysteretic_q"?',
    ("run", "games/climbing", "--set", "nodes"): "write it as key=value",
    ("run", "games/climbing", "--set", "=3"): "write it as key=value",
    ("run", "games/climbing", "--set", "nods=3"): 'Did you mean "nodes"?',
    ("run", "games/climbing", "--set", "nodes=none"): "nodes = 'none'",
    ("run", "games/climbing", "--set", "learner=q"): "learner is not a parameter of a world; use --learner NAME",
    ("run", "games/climbing", "--set", "seed=1"): "seed is not a parameter of a world; use --seed NUMBER",
    ("run", "games/climbing", "--set", "rng=1"): "rng is not a parameter of a world; use --seed NUMBER",
    ("run", "games/climbing", "--set", "scenario=x"): "give the scenario as the first word",
    ("run", "games/climbing", "--set", "minds=x"): "models.make(..., minds=FILE)",
    ("run", "games/climbing", "--set", f"nodes={'[' * 5000}"): "nodes = '[[[",
    ("run", "games/climbing", "--set", f"record_every_ticks={2**64}"): "record_every_ticks holds 1.84467e+19",
    ("run", "games/climbing", "--set", "payoff=[[1e18, 0], [0, 0]]"): "payoff holds 1e+18; numbers go from -1e+12",
    ("run", "x" * 3000): "xxx...",
    ("run", "missing.toml"): "missing.toml: cannot be read",
    ("run", "--resume", "/nowhere"): "/nowhere: there is no interrupted run",
    ("list", "trafic"): 'Did you mean "traffic"?',
    ("list", "missing.toml"): "missing.toml: cannot be read",
    ("papers", "game"): 'Did you mean "games"?',
}


@pytest.mark.parametrize("command", BAD, ids=lambda command: " ".join(command)[:80])
def test_bad_input_ends_with_code_2_and_one_line(command, everlearn):
    code, out, err = everlearn(*command)
    assert code == 2 and out == ""
    assert err.startswith("everlearn: ") and err.count("\n") == 1 and BAD[command] in err
    assert "Traceback" not in err and len(err) < 2500


@pytest.mark.parametrize("command", [("nonsense",), ("run", "games/climbing", "--ticks", "0"), ("run", "--seed", "-1")])
def test_bad_usage_ends_with_code_2_and_no_traceback(command, everlearn):
    code, _, err = everlearn(*command)
    assert code == 2 and "Traceback" not in err and "Error" in err


@pytest.mark.parametrize("key", ["where", "name"])
def test_a_scenario_does_not_say_itself_where_it_is(key, everlearn, tmp_path):
    text = (ROOT / "scenarios" / "games" / "climbing.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(f'{key} = "x"\n{text}', encoding="utf-8")
    code, _, err = everlearn("run", tmp_path / "mine.toml")
    assert code == 2 and err.count("\n") == 1 and f'unknown key "{key}"; known are title, question' in err


def test_a_file_is_not_read_before_its_size_is_known(everlearn, tmp_path):
    for name in ("huge.toml", "huge.graphml"):
        (tmp_path / name).touch()
        os.truncate(tmp_path / name, 2**40)
    for command in (["run", tmp_path / "huge.toml"], ["run", GAME, "--set", f"graph={tmp_path / 'huge.graphml'}"]):
        code, _, err = everlearn(*command)
        assert code == 2 and err.count("\n") == 1 and "cannot be read (larger than 67,108,864 bytes)" in err


def test_a_world_that_needs_more_memory_than_there_is_says_so(everlearn, monkeypatch):
    def too_much(*_, **__):
        raise MemoryError

    monkeypatch.setattr(models, "make", too_much)
    code, _, err = everlearn("run", GAME)
    assert code == 2 and err.count("\n") == 1 and "more memory than there is; make the world smaller" in err


def test_what_a_killed_process_left_behind_goes_when_the_file_is_written_again(tmp_path):
    old, young = tmp_path / ".record.csv.0123abcd", tmp_path / ".record.csv.89abcdef"
    for part in (old, young):
        part.touch()
    long_ago = time.time() - 2 * files.ABANDONED_S
    os.utime(old, (long_ago, long_ago))
    files.write_text(tmp_path / "record.csv", "tick")
    assert sorted(tmp_path.iterdir()) == [
        young,
        tmp_path / "record.csv",
    ]  # another process may be writing the young one


def test_a_run_that_is_killed_loses_a_minute(everlearn, monkeypatch, tmp_path):
    def killed(world, goal):
        for tick in range(100, 400, 100):
            world.run(100)
            yield tick
        raise SystemExit(9)

    monkeypatch.setattr("app.commands.run.KEEP_EVERY_S", 0)
    monkeypatch.setattr("app.commands.run.stretches", killed)
    assert everlearn("run", GAME, "--ticks", 1000, "--out", tmp_path)[0] == 9
    monkeypatch.undo()
    assert models.World.open(tmp_path / "world.npz").tick == 300
    assert json.loads((tmp_path / "goal.json").read_text())["tick"] == 1000


def test_a_world_file_that_is_none_is_refused(everlearn, tmp_path):
    (tmp_path / "world.npz").write_bytes(b"nothing of ours")
    code, _, err = everlearn("run", "--resume", tmp_path)
    assert code == 2 and err.count("\n") == 1 and "not a file saved by Everlearn" in err


def test_a_folder_below_a_file_cannot_be_written_and_that_is_said_before_the_run(everlearn, tmp_path):
    (tmp_path / "file").touch()
    code, _, err = everlearn("run", GAME, "--ticks", 2_000_000_000, "--out", tmp_path / "file" / "below")
    assert code == 2 and err.count("\n") == 1 and "cannot be written" in err


def test_a_result_is_not_measured_before_its_folder_can_be_written(everlearn, tmp_path):
    (tmp_path / "file").touch()
    code, out, err = everlearn("papers", "--out", tmp_path / "file" / "below")
    assert code == 2 and out == "" and err.count("\n") == 1 and "cannot be written" in err


def test_a_result_without_its_packages_says_what_to_install_and_keeps_what_there_is(everlearn, monkeypatch, tmp_path):
    for package in ("gymnasium", "stable_baselines3"):
        monkeypatch.setitem(sys.modules, package, None)
    code, out, err = everlearn("papers", "mountain-car", "--json")
    told = json.loads(out)
    assert code == 0 and err == "" and [row["measured"] for row in told] == [None, None]
    assert "pip install -e '.[ppo]'" in told[0]["result"] and "pip install -e '.[gym]'" in told[1]["result"]
    code, out, err = everlearn("papers", "mountain-car", "--out", tmp_path)
    assert code == 2 and "not measured" in out and err.count("\n") == 1 and "needs the package gymnasium" in err


def test_help_says_what_everlearn_is(everlearn):
    code, out, _ = everlearn("--help")
    assert code == 0 and "A laboratory for lifelong-learning agents that share a world." in out


def test_the_list_names_every_scenario_and_learner_whole_in_one_line_of_a_pipe(everlearn):
    code, out, _ = everlearn("list")
    lines = [set(line.replace(",", " ").split()) for line in out.splitlines()]
    assert code == 0
    for name in [*scenarios.names(), *models.learners("traffic")]:
        assert any(name in line for line in lines), name


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize(
    "command", [("run", "games/climbing", "--ticks", "200"), ("list", "oligopoly/duopoly"), ("list",)], ids=" ".join
)
def test_a_terminal_without_our_letters_still_gets_everything_else(command, encoding, everlearn, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    code, _, err = everlearn(*command)
    sys.stdout.flush()
    assert code == 0 and err == "" and len(sys.stdout.buffer.getvalue().splitlines()) > 3


def test_ctrl_c_while_programs_are_imported_ends_quietly(program):
    interrupt = """
import os, signal, sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == "models":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupted())
from app.start import main
main()
"""
    process = program("-c", interrupt)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, err) == (130, "", "")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("traffic", list(scenarios.parameters("traffic").model_fields)),
        ("games/climbing", ["payoff_noise", "cooperation"]),
        ("q", ["alpha", "epsilon", "half_life"]),
        ("max_pressure", []),
    ],
)
def test_one_thing_is_listed_with_all_its_parameters(name, fields, everlearn, monkeypatch):
    monkeypatch.setattr(cli.out, "width", 200)
    code, out, _ = everlearn("list", name)
    assert code == 0 and f"Parameters of {name}" in out and all(field in out for field in fields)


def test_a_run_prints_its_result_as_json_and_nothing_else(everlearn):
    code, out, err = everlearn("run", "games/climbing", "--ticks", 2000, "--json")
    told = json.loads(out)
    assert code == 0 and err == "" and told["ticks"] == 2000
    assert [row["who"] for row in told["result"]] == ["hysteretic_q", "random"]
    world = models.make("games/climbing", seed=0)
    world.run(2000)
    assert told["result"][0]["reward"] == pytest.approx(world.record.frame()["reward"].iloc[-5:].mean())


def strict(text):
    """JSON as the standard has it."""
    return json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_what_a_short_run_has_not_measured_is_null_in_json(everlearn):
    code, out, _ = everlearn("run", "games/climbing", "--ticks", 50, "--json")
    assert code == 0 and strict(out)["result"][0]["reward"] is None


def test_a_run_leaves_record_figure_scenario_and_world(everlearn, tmp_path):
    folder = tmp_path / "deep" / "er"
    code, out, _ = everlearn("run", GAME, "--ticks", 1000, "--seed", 3, "--set", "cooperation=0.5",
                             "--learner", "q", "--out", folder)  # fmt: skip
    assert code == 0 and "q" in out and {path.name for path in folder.iterdir()} == FILES
    assert (folder / "figure.png").read_bytes().startswith(b"\x89PNG")
    pd.testing.assert_frame_equal(
        pd.read_parquet(folder / "record.parquet"), pd.read_csv(folder / "record.csv", index_col="tick")
    )
    told = scenarios.load(folder / "scenario.toml")
    assert told.world.cooperation == 0.5 and [group.kind for group in told.learner] == ["q"]
    again = models.make(folder / "scenario.toml", seed=3)
    again.run(1000)
    pd.testing.assert_frame_equal(again.record.frame(), pd.read_parquet(folder / "record.parquet"))


def full(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def filled(_, path, **__):
    """A disk that is full after the first bytes."""
    Path(path).write_bytes(b"half")
    full()


@pytest.mark.parametrize(
    ("owner", "writer"),
    [(pd.DataFrame, "to_parquet"), (pd.DataFrame, "to_csv"), (Figure, "savefig")],
)
def test_a_run_whose_disk_fills_up_is_safe_and_goes_on_when_there_is_room(
    owner, writer, everlearn, monkeypatch, tmp_path
):
    folder = tmp_path / "out"
    with monkeypatch.context() as disk:
        disk.setattr(owner, writer, filled)
        code, out, err = everlearn("run", GAME, "--ticks", 1000, "--out", folder)
    assert code == 2 and err.count("\n") == 1 and "No space left on device" in err and "random" in out
    assert f"the run is safe in {folder / 'world.npz'}: free some space, then everlearn run --resume {folder}" in err
    assert not [path for path in folder.iterdir() if path.name.startswith(".") or path.read_bytes() == b"half"]
    code, _, _ = everlearn("run", "--resume", folder)
    assert code == 0 and {path.name for path in folder.iterdir()} == FILES
    assert models.World.open(folder / "world.npz").tick == 1000


def test_a_disk_that_is_full_while_rules_are_compared_leaves_the_run_safe(everlearn, monkeypatch, tmp_path):
    monkeypatch.setattr("studies.references.baselines.beside", full)
    code, _, err = everlearn("run", GAME, "--ticks", 1000, "--out", tmp_path)
    assert code == 2 and err.count("\n") == 1 and f"the run is safe in {tmp_path / 'world.npz'}" in err
    assert models.World.open(tmp_path / "world.npz").tick == 1000


def test_a_run_that_cannot_be_kept_at_all_says_so_and_leaves_no_half_files(everlearn, monkeypatch, tmp_path):
    monkeypatch.setattr(np, "savez_compressed", full)
    code, _, err = everlearn("run", GAME, "--ticks", 1000, "--out", tmp_path)
    assert code == 2 and err.count("\n") == 1 and "nothing of this run is kept: free some space and run it again" in err
    assert {path.name for path in tmp_path.iterdir()} == {"goal.json"}


def test_a_figure_of_a_result_that_finds_no_room_is_told_after_the_result(everlearn, monkeypatch, tmp_path):
    rows = [{"result": "r", "measured": 1.0, "standard_error": 0.0, "trials": 1, "published": "1", "source": "s",
             "passed": True}]  # fmt: skip
    monkeypatch.setattr("studies.papers.reproduce", lambda name: rows)
    monkeypatch.setattr("studies.papers.figures", lambda name: {"r": Figure()})
    monkeypatch.setattr(Figure, "savefig", filled)
    code, out, err = everlearn("papers", "games", "--out", tmp_path)
    assert code == 2 and "yes" in out and err.count("\n") == 1 and not list(tmp_path.iterdir())
    assert "No space left on device); free some space, or choose another folder, and give the command again" in err


def test_rules_beside_fleets_have_no_fleets(everlearn):
    """A rule drives for everybody."""
    code, out, _ = everlearn("run", "routes/two_fleets", "--ticks", 40, "--seed", 1, "--json")
    learned, *rules = json.loads(out)["result"]
    assert code == 0 and learned["mean_cost_min_fleet_1"] > 0
    assert {rule["mean_cost_min_fleet_1"] for rule in rules} == {None}
    assert all(rule["mean_cost_min"] > 0 for rule in rules)


def test_an_interrupted_run_keeps_its_json_clean(everlearn, monkeypatch, tmp_path):
    run, calls = models.World.run, []

    def interrupted(world, ticks):
        calls.append(ticks)
        if len(calls) == 3:
            signal.raise_signal(signal.SIGINT)
        return run(world, ticks)

    monkeypatch.setattr(models.World, "run", interrupted)
    code, out, err = everlearn("run", GAME, "--ticks", 2_000_000_000, "--json", "--out", tmp_path)
    assert code == 130
    assert json.loads(out)["ticks"] == sum(calls[:3])  # the others are baselines'
    assert f"--resume {tmp_path}" in err


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_keeps_what_there_is_and_can_go_on(end, everlearn, program, tmp_path):
    folder = tmp_path / "a folder with a name that is longer than a line of a terminal, so that it would be wrapped"
    process = program("-m", "app.cli", "run", GAME, "--ticks", 2_000_000_000, "--out", folder, cwd=tmp_path)
    limit = time.monotonic() + PATIENCE_S
    while not folder.exists() and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.05)
    time.sleep(1.0)  # the run begins after the folder is made
    process.send_signal(end)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130 and "Traceback" not in err
    assert {path.name for path in folder.iterdir()} >= {"record.parquet", "record.csv", "scenario.toml", "world.npz"}
    assert f"everlearn run --resume '{folder}'" in err
    done = models.World.open(folder / "world.npz").tick
    assert 0 < done < 2_000_000_000
    code, out, _ = everlearn("run", "--resume", folder, "--ticks", 100, "--json")
    assert code == 0 and json.loads(out)["ticks"] == done + 100
    assert models.World.open(folder / "world.npz").tick == done + 100
