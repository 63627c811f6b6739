"""Compile every shipped world ahead, in a process beside the server, so that nobody who opens one waits for long.

What is compiled is kept on the disk (`engine.store`), where the server finds it; who opens a world that is being
compiled waits for this process instead of compiling it twice.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import models
from app import catalogue


@contextmanager
def compiling() -> Iterator[None]:
    """Compile ahead for as long as the block lasts."""
    child = subprocess.Popen(
        [sys.executable, "-m", "app.ahead"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def main() -> None:
    """Take one tick in every world, in the order of the gallery; end when the server has ended."""
    server = os.getppid()
    for card in catalogue.cards():
        if os.getppid() != server:
            return
        models.make(card["name"], seed=0).run(1)


if __name__ == "__main__":
    main()
