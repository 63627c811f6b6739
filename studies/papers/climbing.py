"""The climbing game: who reaches the best joint action.

Claims: independent Q-learners miss it in most runs (Claus and Boutilier 1998, AAAI: "rarely"); hysteretic ones reach
it in nearly all (Matignon, Laurent and Le Fort-Piat 2007, IROS), as do lenient ones whose leniency outlasts exploration
(Panait, Sullivan and Luke 2006, AAMAS). Knowing what the other does is no remedy: joint-action learners miss it too.
The papers' own tables could not be consulted here; the thresholds are the claims in numbers.
"""

from collections.abc import Callable

import numpy as np

import models
from studies.papers import Row

TRIALS = 400
TICKS = 20_000
DECAY = {"gamma": 0.0, "epsilon": 1.0, "exploration": "exponential", "epsilon_end": 0.01, "half_life": 1_500.0}
LEARNERS = {
    "q": {"kind": "q", "alpha": 0.1, **DECAY},
    "joint_q": {"kind": "joint_q", "alpha": 0.1, **DECAY},
    "hysteretic_q": {"kind": "hysteretic_q", "alpha": 0.1, "bad_news": 0.1, **DECAY},
    # leniency outlasts exploration, which ends
    "lenient_q": {"kind": "lenient_q", "alpha": 0.02, "leniency": 5.0, "cooling": 0.9995, **DECAY, "epsilon_end": 0.0},
}


def optimal_share(learner: dict, trials: int = TRIALS, ticks: int = TICKS) -> float:
    """Share of runs whose greedy joint action is the best one."""
    reached = 0
    for seed in range(trials):
        world = models.make("games/climbing", learner=learner, seed=seed)
        world.run(ticks)
        reached += all(int(world.values(agent).argmax()) == 0 for agent in (0, 1))
    return reached / trials


def rows() -> list[Row]:
    """Shares for plain, joint-action, hysteretic and lenient Q-learners, with standard errors."""
    claus, matignon = "Claus and Boutilier 1998, claim", "Matignon et al. 2007, claim"
    return [
        _row("independent Q", "q", "rarely (<= 0.20)", claus, lambda share: share <= 0.2),
        _row("joint-action learner", "joint_q", "rarely (<= 0.20)", claus, lambda share: share <= 0.2),
        _row("hysteretic Q", "hysteretic_q", ">= 0.99", matignon, lambda share: share >= 0.99),
        _row("lenient Q", "lenient_q", "usually (>= 0.90)", "Panait et al. 2006, claim", lambda share: share >= 0.9),
    ]


def _row(who: str, learner: str, published: str, source: str, passes: Callable[[float], bool]) -> Row:
    share = optimal_share(LEARNERS[learner])
    return Row(
        result=f"climbing, {who}: best joint action",
        measured=share,
        standard_error=float(np.sqrt(share * (1 - share) / TRIALS)),
        published=published,
        source=source,
        passed=passes(share),
    )
