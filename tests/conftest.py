"""Commands in this process, and programs in their own.

Hypothesis has no deadline, for a first example may compile a kernel; in CI it takes the same examples every time.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

# Matrices of tests are small and every core has a worker: threads of BLAS would only wait for each other, five times as
# long as the work takes. Before anything imports NumPy; processes that tests start inherit it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from app import cli

settings.register_profile("everlearn", deadline=None, max_examples=50, derandomize="CI" in os.environ)
settings.load_profile("everlearn")

FIRST = Path(__file__).parent / "page"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the page come first: a worker whose own are done steals from another's last, so one worker has them,
    with one server and one browser, as long as there is anything else to do.
    """
    items.sort(key=lambda item: FIRST not in item.path.parents)


@pytest.fixture
def everlearn(monkeypatch, capsys):
    """Run one command in this process; returns exit code, stdout and stderr."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["everlearn", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capsys.readouterr()
        return end.value.code or 0, printed.out, printed.err

    return call


@pytest.fixture
def program():
    """Start Python in a process that hears Ctrl-C; it ends with the test, and so does all that it has started."""
    started = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # if ignored here, children would ignore it too

    def start(*arguments, **options):
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        started.append(subprocess.Popen(
            [sys.executable, *map(str, arguments)], env=environment, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
        ))  # fmt: skip
        return started[-1]

    yield start
    signal.signal(signal.SIGINT, before)
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
