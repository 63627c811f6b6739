"""Where route choice ends: a road that makes every trip longer, and what selfishness costs at most.

Pigou 1920, The Economics of Welfare; Braess 1968, Unternehmensforschung 12; the drivers of the textbook: Easley and
Kleinberg 2010, Networks, Crowds, and Markets, section 8.2; the price of anarchy by the degree of a polynomial:
Roughgarden 2003, Journal of Computer and System Sciences 67; delay on a road at capacity: Bureau of Public Roads 1964.
Drivers learn by Q-learning from the days they lived; without the shortcut, or under Pigou's toll, half of them on
either side is the answer, which who learns nothing finds too, so there is no row of that.
"""

import numpy as np

import models
import scenarios
from models.networks import assignment
from models.networks.assignment import Demand, Roads
from studies.papers import Row, by_seed, digits, near

SEEDS, DAYS = 4, 3_000
ANARCHY = {1: "1.333", 2: "1.626", 3: "1.896", 4: "2.151"}  # by the power of a road's cost
LEARNER = {"kind": "q", "gamma": 0.0, "alpha": 0.05, "epsilon": 0.01}
PIGOU, BRAESS, TEXTBOOK, ROUGHGARDEN = "Pigou 1920", "Braess 1968", "Easley and Kleinberg 2010", "Roughgarden 2003"


def roads(*links: tuple[float, ...]) -> Roads:
    """Links of (tail, head, free, slope, power)."""
    tail, head, *numbers = (np.array(column) for column in zip(*links, strict=True))
    return Roads(tail.astype(np.int64), head.astype(np.int64), *(column.astype(float) for column in numbers))


def trips(destination: int, volume: float) -> Demand:
    """All from node 0 to one place."""
    return Demand(np.array([0]), np.array([destination]), np.array([volume]))


def minutes(demand: Demand, *links: tuple[float, ...]) -> float:
    """Mean travel time at the user equilibrium."""
    return assignment.equilibrium(roads(*links), demand).total / float(demand.volume.sum())


def pigou(power: int) -> Roads:
    """A road that always takes 1, beside one that takes its share of drivers to a power."""
    return roads((0, 1, 1, 0, 1), (0, 1, 0, 1, power))


def learned_min(scenario: str) -> list[float]:
    """Mean travel time over the last half of drivers' lives, seed by seed."""
    plain = scenarios.load(scenario).model_copy(update={"regime": (), "repeat": False})

    def live(seed: int) -> float:
        found = models.make(plain, learner=LEARNER, seed=seed).run(DAYS)["mean_cost_min"]
        return float(found.iloc[len(found) // 2 :].mean())

    return by_seed(live, SEEDS)


def rows() -> list[Row]:
    """Equilibria of the papers, the bound of each degree, and where drivers end who learn."""
    six, town = trips(3, 6.0), trips(3, 4_000.0)
    paper = [(0, 1, 0, 10, 1), (0, 2, 50, 1, 1), (1, 3, 50, 1, 1), (2, 3, 0, 10, 1)]
    book = [(0, 1, 0, 0.01, 1), (0, 2, 45, 0, 1), (1, 3, 45, 0, 1), (2, 3, 0, 0.01, 1)]
    one, best = trips(1, 1.0), assignment.optimum(pigou(1), trips(1, 1.0))
    capacity = np.array([1_800.0])
    slope, power = assignment.bpr(np.array([1.0]), capacity)
    full = float(roads((0, 1, 1.0, slope[0], power[0])).cost(capacity)[0])
    return [
        digits("Braess, six drivers, four roads: minutes", minutes(six, *paper), "83.00", BRAESS),
        digits("Braess, a fifth road opens: minutes", minutes(six, *paper, (1, 2, 10, 1, 1)), "92.00", BRAESS),
        digits("4,000 drivers, no shortcut: minutes", minutes(town, *book), "65.00", TEXTBOOK),
        digits("4,000 drivers, with the shortcut: minutes", minutes(town, *book, (1, 2, 0, 0, 1)), "80.00", TEXTBOOK),
        digits("Pigou, equilibrium: time", assignment.equilibrium(pigou(1), one).total, "1.0000", PIGOU),
        digits("Pigou, optimum: time", best.total, "0.7500", PIGOU),
        *(
            digits(
                f"price of anarchy, cost of degree {degree}", assignment.price_of_anarchy(pigou(degree), one),
                bound, ROUGHGARDEN,
            )
            for degree, bound in ANARCHY.items()
        ),
        digits("a road at its capacity: time over free time", full, "1.15", "Bureau of Public Roads 1964"),
        near("drivers who learn, with the shortcut: minutes", learned_min("routes/braess"), 80.0, 0.5, TEXTBOOK),
        near("drivers who learn, Pigou: time", learned_min("routes/pigou"), 1.0, 0.02, PIGOU),
    ]  # fmt: skip
