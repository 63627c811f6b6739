"""What columns of the record mean, and their numbers.

This module imports nothing of ours: kernels write rows by these numbers, so whatever it imported would be part of what
every world is compiled from.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Self


@dataclass(frozen=True)
class Metric:
    """What a column of the record means."""

    title: str
    meaning: str
    unit: str = ""
    good: Literal["low", "high"] | None = None


class Columns(IntEnum):
    """Columns of a world's own metrics: each member is its number in a row, by which kernels write, and has its Metric.

    Members are named as in the record: ``queue_veh = Metric("Waiting", ...)``.
    """

    metric: Metric

    def __new__(cls, metric: Metric) -> Self:
        """Columns are numbered as they are declared."""
        member = int.__new__(cls, len(cls.__members__))
        member._value_, member.metric = int(member), metric
        return member

    @classmethod
    def metrics(cls) -> dict[str, Metric]:
        """Name -> title, meaning, unit and good direction."""
        return {column.name: column.metric for column in cls}
