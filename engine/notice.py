"""How it is said what takes long, such as compiling: a line where somebody looks, gone when it is done."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Teller = Callable[[str], AbstractContextManager[Any]]  # called with the sentence, for as long as it holds

_tellers: list[Teller] = []


def telling(sentence: str) -> AbstractContextManager[Any]:
    """Say what is being done, for as long as the block lasts."""
    return _tellers[-1](sentence) if _tellers else _line(sentence)


@contextmanager
def told_by(teller: Teller) -> Iterator[None]:
    """Let somebody else say it, such as a progress bar that is there already."""
    _tellers.append(teller)
    try:
        yield
    finally:
        _tellers.remove(teller)


@contextmanager
def _line(sentence: str) -> Iterator[None]:
    """A line of its own on stderr, in a terminal or a notebook."""
    console = Console(stderr=True)
    quiet = not (console.is_terminal or console.is_jupyter)
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=quiet, transient=True) as shown:
        shown.add_task(sentence, total=None)
        yield
