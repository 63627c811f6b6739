"""Nobody waits for the compiler: the server leaves it to processes beside it, and says how long that takes."""

import json
import os
from contextlib import nullcontext

import pytest

from app.processes.seconds import PER_BYTE, Seconds
from engine import notice, store, unit

LIVE = """
import sys, time
from engine import unit

def main():
    from app.worlds.address import Address
    from app.processes.compiling import COMPILERS
    from app.runs.manager import Runs

    made, told = [], set()
    make = unit._made_once
    unit._made_once = lambda name, rest: made.append(name) or make(name, rest)
    run = Runs().start(Address("games/chicken"), None, "viewer")
    end = time.monotonic() + 120
    while not (run.snapshot and run.snapshot.tick > 0 and run.lines.rules and run.lines.theory):
        told.add(run.expected_s)
        assert time.monotonic() < end and not run.problem, (run.problem, run.status)
        time.sleep(0.01)
    print(made, sorted(told - {None}))
    COMPILERS.close()

if __name__ == "__main__":
    main()
"""


def test_the_process_of_a_run_compiles_nothing_and_says_how_long_it_waits(program, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # an empty cache
    (tmp_path / "live.py").write_text(LIVE)
    said, complaints = program(tmp_path / "live.py").communicate(timeout=180)
    made, _, told = said.strip().partition("] ")
    assert (made, complaints) == ("[", "")
    assert len(json.loads(told)) == 1 and json.loads(told)[0] > 0
    assert os.listdir(tmp_path / "everlearn" / "units")


@pytest.fixture
def nothing_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_a_thread_that_compiles_nothing_says_what_is_missing(nothing_kept):
    with unit.compiled_elsewhere(), pytest.raises(unit.NotCompiled, match="nowhere"):
        unit.kept_or_made("nowhere_0", lambda: b"")
    assert store.read("nowhere_0") is None


def test_whoever_compiles_says_so_once(nothing_kept):
    told = []
    refused = unit.packed(unit.REFUSED, b"for the sake of a test", b"")

    def teller(sentence):
        told.append(sentence)
        return nullcontext()

    with notice.told_by(teller):
        for _ in range(2):
            with pytest.raises(unit.CannotCompile):
                unit.kept_or_made("end_tick_1", lambda: refused)
    assert told == ["compiling end tick, once for this machine"]


def test_what_took_so_long_here_will_again(nothing_kept):
    seconds = Seconds()
    first = {domain: seconds.expected(domain) for domain in ("games", "grid")}
    assert 0 < first["games"] < first["grid"]
    seconds.took("games", 3 * first["games"])
    again = Seconds()  # of another process
    assert again.expected("games") == pytest.approx(3 * first["games"], abs=0.1)
    assert again.expected("grid") == pytest.approx(3 * first["grid"], rel=0.05)  # a slow machine is slow at all
    again.took("games", 0.2)  # most was on the disk
    assert Seconds().expected("games") == again.expected("games") > 1


@pytest.mark.parametrize("content", ["", "[]", '{"grid": "soon"}', "\0"])
def test_a_damaged_file_of_seconds_is_no_more_than_a_guess_lost(nothing_kept, content):
    (store.cache_root() / "compiling.json").write_text(content)
    assert Seconds().expected("grid") == Seconds().expected("grid") > PER_BYTE


def test_the_page_counts_down_while_a_world_is_compiled(tab):
    shown = tab().open("?scenario=games/chicken")
    wait = shown.page.get_by_role("status").filter(has_text="Compiling this world")
    shown.get("view.receive({k: 'waiting', seconds: 1.2}, [])")
    assert wait.inner_text() == "Compiling this world, once for this machine: about 2 s"
    for rest in ("about 1 s", "a moment more"):
        wait.filter(has_text=rest).wait_for()
    shown.get("view.receive({k: 'waiting', seconds: null}, [])")
    wait.wait_for(state="hidden")
