"""Multi-agent Q-learning (MAQL), taken literally, in cyclic climbing games.

Four states follow each other whatever is done, each with a climbing game of its own numbering. The rule

Q_i(s, a_i, a_-i) += alpha [r + gamma max_a Q_i(s', a, a_-i') - Q_i(s, a_i, a_-i)]

knows what every pair of actions is worth, but to act it must expect something of the other: how often it met each
action in this state, or its last action. The first plays safe, as joint-action learners do in the climbing game (Claus
and Boutilier 1998, AAAI): it settles at a lesser pair that still pays. The second answers a move made in another state,
and chance would meet at the top in one state of nine; with gamma > 0 it does somewhat better, because what it does now
moves what the other does next, and the rule learns that. Hysteretic Q-learning climbs (Matignon, Laurent and Le
Fort-Piat 2007, IROS). No paper has these games; the claims are those of the climbing game, which say nothing of the
second: it is in the figure and has no row, for who learns nothing would pass.
"""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

import models
from studies.figures.learning import BLUE, GREY, INK
from studies.papers import Row, by_seed, row
from studies.papers.games import CLAIM, CLIMBING, as_payoff, bars, between, earned, renumbered

TRIALS, TICKS, STATES, WATCHED = 200, 200_000, 4, 40
DECAY = {"alpha": 0.1, "epsilon": 1.0, "exploration": "exponential", "half_life": 20_000.0}
LEARNERS = {
    "MAQL, frequencies": {"kind": "joint_q", "gamma": 0.9, **DECAY},
    "MAQL, last action": {"kind": "joint_q", "others": "last", "gamma": 0.9, **DECAY},
    "MAQL, last action, γ = 0": {"kind": "joint_q", "others": "last", "gamma": 0.0, **DECAY},
    "hysteretic Q": {"kind": "hysteretic_q", "bad_news": 0.1, "gamma": 0.9, **DECAY},
}


def met(learner: str, seed: int) -> np.ndarray:
    """What a pair earns in each round (WATCHED,) when it has stopped to learn and explore."""
    numbering = np.random.default_rng(seed)
    payoff = np.concatenate([renumbered(numbering, CLIMBING)[0] for _ in range(STATES)])
    world = models.make(
        "games/cyclic_climbing", learner=LEARNERS[learner], seed=seed,
        payoff=as_payoff(payoff), payoff_column=as_payoff(payoff), record_every_ticks=TICKS,
    )  # fmt: skip
    world.run(TICKS)
    world.freeze()
    world.run(WATCHED)
    return np.array(earned(world, WATCHED))


@cache
def outcomes(learner: str, trials: int) -> np.ndarray:
    """The same trial by trial, (trials, WATCHED)."""
    return np.array(by_seed(lambda seed: met(learner, seed), trials))


def at_the_top(learner: str, trials: int) -> np.ndarray:
    """Share of rounds, so of states, in which a pair meets at the top, trial by trial."""
    shares: np.ndarray = (outcomes(learner, trials) == CLIMBING.max()).mean(axis=1)
    return shares


def rows(trials: int = TRIALS) -> list[Row]:
    """Shares of states in which the best joint action is reached, or a lesser one that still pays."""
    claus, matignon = (CLAIM.format(paper) for paper in ("Claus and Boutilier 1998", "Matignon et al. 2007"))
    safe = outcomes("MAQL, frequencies", trials)
    lesser = ((safe > 0.0) & (safe < CLIMBING.max())).mean(axis=1)
    return [
        row("cyclic climbing, MAQL, frequencies: a lesser pair", lesser, "misled (>= 0.90)", claus, between(0.9, 1.0)),
        row(
            "cyclic climbing, hysteretic Q: the best pair", at_the_top("hysteretic Q", trials), "always (>= 0.99)",
            matignon, between(0.99, 1.0),
        ),
    ]  # fmt: skip


def figure(trials: int = TRIALS) -> Figure:
    """The same shares, with bars of one standard error."""
    drawn = Figure(figsize=(7, 2.4), layout="constrained")
    axes = drawn.add_subplot()
    colors = [BLUE if learner.startswith("hysteretic") else GREY for learner in LEARNERS]
    bars(axes, {learner: at_the_top(learner, trials) for learner in LEARNERS}, colors)
    axes.axvline(1 / 9, color=INK, linestyle=(0, (4, 3)), linewidth=1)
    axes.annotate("chance", (1 / 9, 0), (5, 0), textcoords="offset points", va="center", color=INK, fontsize=9)
    axes.set_title("States of cyclic climbing games in which a pair meets at the top", loc="left", fontsize=11)
    return drawn
