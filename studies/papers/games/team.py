"""Common-interest games: how often two learners end at the best joint action.

Both players earn the same, and see nothing. Climbing: the best pair stands beside the worst slip; partially stochastic
climbing pays 14 or nothing, by a coin, where climbing pays 7. Penalty: two best pairs, and k where they are mixed up.
Coordination: any agreement is as good.

Claims: independent Q-learners and joint-action learners, who count what the other does, agree in the coordination
game, find the best pair of the penalty game less often the larger the penalty is, and that of the climbing game hardly
ever: they settle at a lesser pair that still pays (Claus and Boutilier 1998, AAAI). Optimistic learners, deaf to bad
news, find it wherever payoffs are certain (Lauer and Riedmiller 2000, ICML), and are misled where they are not
(Kapetanakis and Kudenko 2002, AAAI). Hysteretic learners do as well and are misled less (Matignon, Laurent and Le
Fort-Piat 2007, IROS, and 2012, Knowledge Engineering Review 27); lenient ones grow out of it (Panait, Sullivan and Luke
2006, AAMAS). Rows say where pairs end, not where they do not: who learns nothing ends at a best pair rarely too.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

import models
from models import stopping
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


class Claim(NamedTuple):
    """A claim in numbers, about the share of pairs that end at a best pair, or else at a lesser one that still pays."""

    words: str
    least: float
    most: float = 1.0
    at_best: bool = True


ALWAYS, USUALLY = Claim("always (>= 0.99)", 0.99), Claim("usually (>= 0.80)", 0.8)
OFTEN = Claim("often, not always (0.50 to 0.95)", 0.5, 0.95)
MISLED = Claim("misled (>= 0.90)", 0.9, at_best=False)
CLAIMS = {  # of the learners in their order; what the first two do with a small penalty depends on how they explore
    "coordination": (ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS),
    "climbing": (MISLED, MISLED, ALWAYS, USUALLY, ALWAYS),
    "partially stochastic climbing": (MISLED, MISLED, OFTEN, USUALLY, MISLED),
    "penalty, k = 0": (ALWAYS, ALWAYS, ALWAYS, ALWAYS, ALWAYS),
    "penalty, k = -10": (None, None, ALWAYS, USUALLY, ALWAYS),
    "penalty, k = -100": (MISLED, MISLED, ALWAYS, USUALLY, ALWAYS),
}
PAPERS = {  # where payoffs are certain, and where chance takes part
    "independent Q": ("Claus and Boutilier 1998", "Kapetanakis and Kudenko 2002"),
    "joint-action learner": ("Claus and Boutilier 1998", "Claus and Boutilier 1998"),
    "hysteretic Q": ("Matignon et al. 2007", "Matignon et al. 2012"),
    "lenient Q": ("Panait et al. 2006", "Panait et al. 2006"),
    "optimistic Q": ("Lauer and Riedmiller 2000", "Kapetanakis and Kudenko 2002"),
}


def end(game: str, learner: str, seed: int) -> float:
    """What the greedy joint action pays when all is learned, as a share of the best."""
    numbering = np.random.default_rng(seed)
    payoff, spread = renumbered(numbering, GAMES[game], SPREADS.get(game, np.zeros_like(GAMES[game])))
    world = models.make(
        "games/climbing", learner=LEARNERS[learner], seed=seed, actions=tuple("abc"[: len(payoff)]),
        payoff=as_payoff(payoff), payoff_column=as_payoff(payoff), payoff_spread=as_payoff(spread),
    )  # fmt: skip
    world.run(TICKS)
    greedy = tuple(int(policy[0]) for policy in stopping.policies(world))
    return float(payoff[greedy] / payoff.max())


@cache
def ends(game: str, learner: str, trials: int) -> np.ndarray:
    """Trial by trial."""
    return np.array(by_seed(lambda seed: end(game, learner, seed), trials))


def rows(trials: int = TRIALS) -> list[Row]:
    """Shares of trials that end at a best joint action or are misled, and what a penalty does, by game and learner."""
    found = []
    for game, claims in CLAIMS.items():
        for learner, claim in zip(LEARNERS, claims, strict=True):
            if claim:
                reached, source = ends(game, learner, trials), CLAIM.format(PAPERS[learner][game in SPREADS])
                hits = reached == 1.0 if claim.at_best else (reached > 0.0) & (reached < 1.0)
                name = f"{game}, {learner}: {'a best pair' if claim.at_best else 'a lesser pair'}"
                found.append(row(name, hits, claim.words, source, between(claim.least, claim.most)))
    for learner in list(LEARNERS)[:2]:
        free, dear = (ends(f"penalty, k = {k}", learner, trials) == 1.0 for k in (0, -100))
        name, source = f"penalty from 0 to -100, {learner}: fall of a best pair", CLAIM.format(PAPERS[learner][0])
        found.append(row(name, free.astype(float) - dear, "falls (>= 0.80)", source, between(0.8, 1.0)))
    return found


def figure(trials: int = TRIALS) -> Figure:
    """The same shares, a panel per game, with bars of one standard error."""
    drawn = Figure(figsize=(9, 5), layout="constrained")
    panels = drawn.subplots(2, 3, sharex=True, sharey=True)
    for axes, game in zip(panels.flat, GAMES, strict=True):
        bars(axes, {learner: ends(game, learner, trials) == 1.0 for learner in LEARNERS}, BLUE)
        axes.set_title(game[0].upper() + game[1:].replace("= -", "= −"), loc="left", fontsize=11)
    drawn.suptitle(f"Share of {trials} pairs of learners that end at a best joint action", x=0.01, ha="left")
    return drawn
