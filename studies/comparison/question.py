"""What a comparison asks of what was run: a study, or a what-if on the page."""

from collections.abc import Collection
from typing import Protocol

from models import World


class Question(Protocol):
    """Arms that were run, and what their comparison needs to know of them."""

    @property
    def ticks(self) -> int:
        """Length of a run."""

    @property
    def within(self) -> float:
        """How near is recovered, as a share."""

    @property
    def scenarios(self) -> Collection[str]:
        """Names."""

    @property
    def learners(self) -> Collection[str]:
        """Names, the first one first."""

    @property
    def arms(self) -> Collection[object]:
        """The base, and what is compared with it."""

    @property
    def recover_to(self) -> str:
        """Whether recovered is near the `base`, or the level `before`."""

    @property
    def since_tick(self) -> int:
        """Tick from which arms are compared."""

    def world_of(self, scenario: str, /) -> World:
        """A world of a scenario, which says what its metrics mean."""

    def metrics_of(self, scenario: str, /) -> list[str]:
        """Metrics that are compared."""

    def at(self, change: str, /) -> int:
        """Tick of a change, by the name of its arm."""

    def over_ticks(self, at: int) -> int:
        """Ticks averaged before agents are called recovered from a change at a tick."""
