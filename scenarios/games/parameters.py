"""Parameters of matrix games on a graph."""

from typing import Literal, Self

from pydantic import model_validator

from scenarios import schema
from scenarios.schema import knob

Matrix = tuple[tuple[float, ...], ...]


class Parameters(schema.GraphParameters):
    """A matrix game that every agent plays with each of its neighbours, each tick."""

    graph: str = knob(
        "complete",
        "Who plays whom: grid, ring, watts_strogatz, barabasi_albert, complete, star, or a .graphml file.",
        live=False,
        shipped=schema.GENERATORS,
    )
    nodes: int = knob(2, "Players.", low=2, high=10_000, live=False)
    actions: tuple[str, ...] = knob(("cooperate", "defect"), "Names of the actions.", live=False)
    payoff: Matrix = knob(
        ((3.0, 0.0), (5.0, 1.0)),
        "Payoff to the row player: one row per own action, one column per the other's; where payoffs differ by the "
        "hour, the rows of all hours, one hour below the other.",
    )
    payoff_column: Matrix = knob(
        (), "Payoff to the column player, with the same rows and columns; empty: the game is symmetric."
    )
    payoff_spread: Matrix = knob(
        (),
        "Random payoffs: a coin is tossed for every link in every tick, and both its ends earn this much more or less "
        "than `payoff` says; same rows and columns; empty: payoffs are not random.",
        live=False,
    )
    hours: int = knob(1, "Hours of a day, one per tick; players see which hour it is.", low=1, high=8784, live=False)
    capacity: Matrix = knob(
        (),
        "A congestion game in place of `payoff`: an action is worth 1 to a player who is alone on it, and 0 when this "
        "share of the neighbours chooses it too. One column per action, one row per hour.",
    )
    payoff_noise: float = knob(0.0, "Standard deviation of noise on each payoff.", low=0.0, high=100.0)
    sees: Literal["nothing", "count", "profile"] = knob(
        "nothing",
        "What a player sees of the last round: nothing, how many neighbours chose the second action (games of two "
        "actions), or its own and every neighbour's action.",
        live=False,
    )
    record_every_ticks: int = knob(100, "Length of a window of the record.", unit="ticks", low=1, live=False)

    @model_validator(mode="after")
    def _check_payoffs(self) -> Self:
        size = len(self.actions)
        if self.capacity:
            right = len(self.capacity) == self.hours and all(len(row) == size for row in self.capacity)
            if not right or min(min(row) for row in self.capacity) <= 0:
                raise ValueError(f"capacity must be {self.hours} rows (hours) of {size} numbers > 0, one per action")
            if self.payoff_column:
                raise ValueError(
                    "capacity and payoff_column: a congestion game has no row and column players; give one of the two"
                )
        given = {name: getattr(self, name) for name in ("payoff_column", "payoff_spread") if getattr(self, name)}
        for name, matrix in given.items() if self.capacity else {"payoff": self.payoff, **given}.items():
            if len(matrix) not in (size, size * self.hours) or any(len(row) != size for row in matrix):
                shape = " + ".join(str(len(row)) for row in matrix) or "0"
                by_hour = f" (or {size * self.hours} rows, {self.hours} hours one below the other)"
                raise ValueError(
                    f"{name} must be {size} rows{by_hour if self.hours > 1 else ''} of {size} numbers, one per action "
                    f"({', '.join(self.actions)}); rows given: {shape}. A game whose players have different numbers of "
                    f"actions repeats one to be square"
                )
        if any(spread < 0 for row in self.payoff_spread for spread in row):
            raise ValueError("payoff_spread: give numbers >= 0; each payoff goes up or down by its number")
        return self
