"""Common-interest games: how often two learners end at the best joint action.

Both players earn the same, and see nothing. Climbing: the best pair stands beside the worst slip; partially stochastic
climbing pays 14 or nothing, by a coin, where climbing pays 7. Penalty: two best pairs, and k where they are mixed up.
Coordination: any agreement is as good.

Claims: independent Q-learners and joint-action learners, who count what the other does, agree in the coordination
game, find the best pair of the penalty game less often the larger the penalty is, and hardly ever that of the climbing
game (Claus and Boutilier 1998, AAAI). Optimistic learners, deaf to bad news, find it wherever payoffs are certain
(Lauer and Riedmiller 2000, ICML), and are misled where they are not (Kapetanakis and Kudenko 2002, AAAI). Hysteretic
learners do as well and are misled less (Matignon, Laurent and Le Fort-Piat 2007, IROS, and 2012, Knowledge Engineering
Review 27); lenient ones grow out of it (Panait, Sullivan and Luke 2006, AAMAS).
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

import models
from studies.figures.learning import BLUE
from studies.papers import Row, by_seed, row
from studies.papers.games import CLAIM, CLIMBING, as_payoff, bars, between, renumbered

TRIALS, TICKS = 400, 20_000

GAMES = {
    "coordination": np.diag([10.0, 10.0]),
    "climbing": CLIMBING,
    "partially stochastic climbing": CLIMBING,
    **{f"penalty, k = {k}": np.array([[10.0, 0.0, k], [0.0, 2.0, 0.0], [k, 0.0, 10.0]]) for k in (0, -10, -100)},
}
SPREADS = {"partially stochastic climbing": np.diag([0.0, 7.0, 0.0])}

DECAY = {"gamma": 0.0, "epsilon": 1.0, "exploration": "exponential", "epsilon_end": 0.01, "half_life": 1_000.0}
LEARNERS = {
    "independent Q": {"kind": "q", "alpha": 0.1, **DECAY},
    "joint-action learner": {"kind": "joint_q", "alpha": 0.1, **DECAY},
    "hysteretic Q": {"kind": "hysteretic_q", "alpha": 0.1, "bad_news": 0.1, **DECAY},
    # leniency outlasts exploration, which ends
    "lenient Q": {"kind": "lenient_q", "alpha": 0.02, "leniency": 5.0, "cooling": 0.9995, **DECAY, "epsilon_end": 0.0},
    "optimistic Q": {"kind": "hysteretic_q", "alpha": 0.1, "bad_news": 0.0, **DECAY},
}


class Bounds(NamedTuple):
    """A claim in numbers."""

    words: str
    least: float
    most: float


ALWAYS, USUALLY = Bounds("always (>= 0.99)", 0.99, 1.0), Bounds("usually (>= 0.80)", 0.8, 1.0)
LESS, SOMETIMES = Bounds("less often (< 0.95)", 0.0, 0.95), Bounds("sometimes (>= 0.20)", 0.2, 1.0)
RARELY = Bounds("rarely (<= 0.20)", 0.0, 0.2)
CLAIMS = {  # of the learners in their order
    "coordination": (ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS),
    "climbing": (RARELY, RARELY, ALWAYS, USUALLY, ALWAYS),
    "partially stochastic climbing": (RARELY, RARELY, LESS, USUALLY, RARELY),
    "penalty, k = 0": (ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS),
    "penalty, k = -10": (SOMETIMES, SOMETIMES, ALWAYS, USUALLY, ALWAYS),
    "penalty, k = -100": (RARELY, RARELY, ALWAYS, USUALLY, ALWAYS),
}
PAPERS = {  # where payoffs are certain, and where chance takes part
    "independent Q": ("Claus and Boutilier 1998", "Kapetanakis and Kudenko 2002"),
    "joint-action learner": ("Claus and Boutilier 1998", "Claus and Boutilier 1998"),
    "hysteretic Q": ("Matignon et al. 2007", "Matignon et al. 2012"),
    "lenient Q": ("Panait et al. 2006", "Panait et al. 2006"),
    "optimistic Q": ("Lauer and Riedmiller 2000", "Kapetanakis and Kudenko 2002"),
}


def finds_the_best(game: str, learner: str, seed: int) -> bool:
    """Whether the greedy joint action, when all is learned, is a best one."""
    numbering = np.random.default_rng(seed)
    payoff, spread = renumbered(numbering, GAMES[game], SPREADS.get(game, np.zeros_like(GAMES[game])))
    world = models.make(
        "games/climbing", learner=LEARNERS[learner], seed=seed, actions=tuple("abc"[: len(payoff)]),
        payoff=as_payoff(payoff), payoff_column=as_payoff(payoff), payoff_spread=as_payoff(spread),
    )  # fmt: skip
    world.run(TICKS)
    greedy = tuple(int(values[0].argmax()) for values in world.policies() if values is not None)
    return bool(payoff[greedy] == payoff.max())


@cache
def outcomes(game: str, learner: str, trials: int) -> list[bool]:
    """Trial by trial."""
    return by_seed(lambda seed: finds_the_best(game, learner, seed), trials)


def rows(trials: int = TRIALS) -> list[Row]:
    """The share of trials that end at a best joint action, by game and learner."""
    found = []
    for game, claims in CLAIMS.items():
        for learner, (words, least, most) in zip(LEARNERS, claims, strict=True):
            shares, source = outcomes(game, learner, trials), CLAIM.format(PAPERS[learner][game in SPREADS])
            found.append(row(f"{game}, {learner}", shares, words, source, between(least, most)))
    return found


def figure(trials: int = TRIALS) -> Figure:
    """The same shares, a panel per game, with bars of one standard error."""
    drawn = Figure(figsize=(9, 5), layout="constrained")
    panels = drawn.subplots(2, 3, sharex=True, sharey=True)
    for axes, game in zip(panels.flat, GAMES, strict=True):
        bars(axes, {learner: outcomes(game, learner, trials) for learner in LEARNERS}, BLUE)
        axes.set_title(game[0].upper() + game[1:].replace("= -", "= −"), loc="left", fontsize=11)
    drawn.suptitle(f"Share of {trials} pairs of learners that end at a best joint action", x=0.01, ha="left")
    return drawn
