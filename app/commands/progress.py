"""The progress bar of long work: what is being done, a bar, the rate, and the time that is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from engine import notice


class Rate(ProgressColumn):
    """How much is done per second, or per minute where that is less than one."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit

    def render(self, task: Any) -> str:
        """The present speed in words."""
        if task.total is None:
            return ""
        speed = task.speed or 0.0
        return f"{60 * speed:,.1f} {self.unit}/min" if 0.0 < speed < 1.0 else f"{speed:,.0f} {self.unit}/s"


@contextmanager
def bar(unit: str, quiet: bool = False, *columns: ProgressColumn) -> Iterator[Progress]:
    """A bar on stderr that goes away when the work is done; none where nobody looks.

    What is compiled meanwhile has a bar of its own below.
    """
    shown = (TextColumn("{task.description}", markup=False), BarColumn(), *columns, Rate(unit), TimeRemainingColumn())
    console = Console(stderr=True)
    unseen = quiet or not console.is_terminal
    with Progress(*shown, console=console, disable=unseen, transient=True) as progress:

        @contextmanager
        def below(sentence: str) -> Iterator[None]:
            task = progress.add_task(sentence, total=None)
            try:
                yield
            finally:
                progress.remove_task(task)

        with notice.told_by(below):
            yield progress
