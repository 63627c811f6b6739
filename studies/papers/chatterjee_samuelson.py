"""Two strangers who bluff: the sealed-bid auction of one buyer and one seller with private values.

With values uniform on [0, 1] the linear equilibrium realises 27/32 of the gains from trade (Chatterjee and Samuelson
1983, Operations Research 31), and no mechanism that makes no loss can do better (Myerson and Satterthwaite 1983,
Journal of Economic Theory 29). Q-learners who see their value in twenty bins, in the world `market/one_pair`.
"""

import models
from models.market import theory
from studies.papers import Row, by_seed, digits, near

SEEDS, TICKS, LAST = 4, 2_000_000, 100
SOURCE = "Chatterjee and Samuelson 1983"


def efficiency(seed: int) -> float:
    """Share of the gains that a pair realises once it has learned."""
    found = models.make("market/one_pair", seed=seed).run(TICKS)["efficiency"]
    return float(found.tail(LAST).mean())


def rows() -> list[Row]:
    """The bound of the paper, and what learners realise."""
    return [
        digits("one pair: efficiency of the linear equilibrium", theory.PAIR_EFFICIENCY, "0.84375", SOURCE),
        near("one pair that learns: efficiency", by_seed(efficiency, SEEDS), 0.84375, 0.02, SOURCE),
    ]
