"""A short form of `make fuzz`: a few cases of each kind, those that compile least."""

import os
import signal

import pytest

from tests.fuzz import commands, messages, saves, signals
from tests.fuzz.workers import try_all

GAME = "games/prisoners_dilemma"
SHORT = {
    "saves": (saves.attempts, ([(GAME, "q")],), range(60)),
    "commands": (commands.attempts, ([GAME],), range(40)),
    "messages": (messages.attempts, ([GAME],), range(20)),
    "signals": (signals.attempts, (), (2, 4)),  # a save that is killed, and a run that is ended
}


@pytest.mark.parametrize("kind", SHORT)
def test_nothing_goes_wrong(kind, tmp_path):
    begin, given, cases = SHORT[kind]
    assert not try_all(begin(1, tmp_path, *given), cases, tmp_path / "errors").faults


def crashes(case):
    """One case ends the process, one raises, one never ends."""
    if case == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if case == 2:
        raise ValueError("of the program")
    while case == 3:
        pass
    return "right"


def test_what_goes_wrong_is_noticed_and_the_others_are_tried(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tests.fuzz.workers.PATIENCE_S", 0.5)
    told = try_all(crashes, range(5), tmp_path / "errors")
    assert told.outcomes == {"right": 2, "crash": 1, "fault": 1, "hang": 1}
    assert sorted(case for cases in told.faults.values() for case in cases) == [1, 2, 3]
    assert "of the program" in capsys.readouterr().out
