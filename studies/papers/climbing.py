"""The climbing game: who reaches the best joint action.

Claims: independent Q-learners miss it in most runs (Claus and Boutilier 1998, AAAI: "rarely"); hysteretic ones reach
it in nearly all (Matignon, Laurent and Le Fort-Piat 2007, IROS). The papers' own tables could not be consulted here;
the thresholds are the claims in numbers.
"""

import numpy as np

import models
from studies.papers import Row

TRIALS = 400
TICKS = 20_000
DECAY = {"gamma": 0.0, "epsilon": 1.0, "exploration": "exponential", "epsilon_end": 0.01, "half_life": 1_500.0}


def optimal_share(learner: dict, trials: int = TRIALS, ticks: int = TICKS) -> float:
    """Share of runs whose greedy joint action is the best one."""
    reached = 0
    for seed in range(trials):
        world = models.make("games/climbing", learner=learner, seed=seed)
        world.run(ticks)
        reached += all(int(world.values(agent).argmax()) == 0 for agent in (0, 1))
    return reached / trials


def rows() -> list[Row]:
    """Shares for plain and hysteretic Q-learners, with standard errors."""
    plain = optimal_share({"kind": "q", "alpha": 0.1, **DECAY})
    hysteretic = optimal_share({"kind": "hysteretic_q", "alpha": 0.1, "bad_news": 0.1, **DECAY})
    claus, matignon = "Claus and Boutilier 1998, claim", "Matignon et al. 2007, claim"
    return [
        _row("climbing, independent Q: best joint action", plain, "rarely (<= 0.20)", claus, plain <= 0.2),
        _row("climbing, hysteretic Q: best joint action", hysteretic, ">= 0.99", matignon, hysteretic >= 0.99),
    ]


def _row(result: str, share: float, published: str, source: str, passed: bool) -> Row:
    error = float(np.sqrt(share * (1 - share) / TRIALS))
    return Row(
        result=result, measured=share, standard_error=error, published=published, source=source, passed=bool(passed)
    )
