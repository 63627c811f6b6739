"""The iterated prisoner's dilemma: Q-learners that remember the last round.

Claims of Sandholm and Crites 1996, Biosystems 37: all their Q-learners learned to play optimally against tit for tat,
which repeats what it has met; another learner is a harder opponent, and longer exploration serves best there.

What is optimal against tit for tat follows from the payoffs 5, 3, 1, 0 and gamma: to defect earns
5 + gamma / (1 - gamma), to alternate 5 / (1 - gamma^2), to cooperate 3 / (1 - gamma); so defect up to gamma = 1/4,
alternate up to 2/3, and cooperate from there on. Tit for tat is a table like any other, frozen.
"""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

import models
from studies.figures.learning import BLUE, GREEN
from studies.papers import Row, by_seed, row
from studies.papers.games import CLAIM, between, earned

TRIALS, TICKS, WATCHED = 100, 20_000, 100
GAMMA, HALF_LIVES, SPAN = 0.95, (300, 1_000, 3_000, 10_000), 15
OPTIMAL = {0.1: "defect", 0.2: "defect", 0.3: "alternate", 0.6: "alternate", 0.7: "cooperate", 0.95: "cooperate"}
PAYS = {"defect": 1.0, "alternate": 2.5, "cooperate": 3.0}  # per round against tit for tat, in the long run
SOURCE = CLAIM.format("Sandholm and Crites 1996")


def meet(gamma: float, half_life: float, seed: int) -> models.World:
    """Two Q-learners that explore less and less."""
    learner = {
        "kind": "q", "alpha": 0.1, "gamma": gamma,
        "epsilon": 1.0, "exploration": "exponential", "half_life": half_life,
    }  # fmt: skip
    return models.make("games/prisoners_dilemma", learner=learner, seed=seed, record_every_ticks=WATCHED)


def earned_from_tit_for_tat(gamma: float, seed: int) -> float:
    """Payoff per round of a Q-learner that has learned against tit for tat."""
    world = meet(gamma, 2_000.0, seed)
    mind, others_last = world.groups[0].mind, np.array([0, 0, 1, 1])  # by state: own action + 2 * the other's
    mind.q[1], mind.greedy[1] = np.eye(2)[others_last], others_last
    world.turn.thawed[1] = False
    world.run(TICKS)
    world.freeze()
    world.run(WATCHED)
    return float(np.mean(earned(world, WATCHED)))


@cache
def against_tit_for_tat(gamma: float, trials: int) -> list[float]:
    """Payoffs, trial by trial."""
    return by_seed(lambda seed: earned_from_tit_for_tat(gamma, seed), trials)


@cache
def cooperating(half_life: int, trials: int) -> list[bool]:
    """Which pairs of learners cooperate all the time, when they have stopped to learn and explore."""

    def live(seed: int) -> bool:
        world = meet(GAMMA, half_life, seed)
        world.run(SPAN * half_life)
        world.freeze()
        return bool(world.run(2 * WATCHED)["share_cooperate"].iloc[-1] == 1.0)

    return by_seed(live, trials)


def rows(trials: int = TRIALS) -> list[Row]:
    """How many find the optimal play against tit for tat, and how many pairs find lasting cooperation."""
    found = []
    for gamma, best in OPTIMAL.items():
        right = [payoff == PAYS[best] for payoff in against_tit_for_tat(gamma, trials)]
        name = f"dilemma, tit for tat, γ = {gamma}: {best}"
        found.append(row(name, right, "all optimal (>= 0.99)", SOURCE, lambda share: share >= 0.99))
    short, long = cooperating(HALF_LIVES[1], trials), cooperating(HALF_LIVES[-1], trials)
    gain = [float(late) - float(soon) for soon, late in zip(short, long, strict=True)]
    return [
        *found,
        row(
            "dilemma, two learners: cooperate for good", long, "harder, not hopeless (0.40 to 0.95)", SOURCE,
            between(0.4, 0.95),
        ),
        row("dilemma, ten times longer exploration", gain, "a gain (>= 0.20)", SOURCE, lambda share: share >= 0.2),
    ]  # fmt: skip


def figure(trials: int = TRIALS) -> Figure:
    """What is earned from tit for tat by gamma, beside what is optimal; and pairs that cooperate."""
    drawn = Figure(figsize=(9, 3.2), layout="constrained")
    left, right = drawn.subplots(1, 2)
    left.stairs(list(PAYS.values()), [0.0, 1 / 4, 2 / 3, 1.0], baseline=None, color=GREEN, label="optimal")
    for gamma in OPTIMAL:
        left.plot(gamma, np.mean(against_tit_for_tat(gamma, trials)), "o", color=BLUE)
    for (name, pays), place in zip(PAYS.items(), (0.125, 0.46, 0.83), strict=True):
        left.annotate(name, (place, pays), (0, -14), textcoords="offset points", ha="center", color=GREEN)
    left.set(xlabel="γ, the weight of later payoffs", xlim=(0, 1), ylim=(0.5, 3.4))
    left.set_title("Earned per round from tit for tat; line: optimal", loc="left", fontsize=11)
    pairs = [row("", cooperating(half_life, trials), "", "", bool) for half_life in HALF_LIVES]
    shares, errors = [each["measured"] for each in pairs], [each["standard_error"] for each in pairs]
    right.errorbar(HALF_LIVES, shares, errors, fmt="o-", color=BLUE)
    right.set(xscale="log", xlabel="half-life of exploration, rounds", ylim=(-0.03, 1.03))
    right.set_xticks(HALF_LIVES, [f"{half_life:,}" for half_life in HALF_LIVES])
    right.minorticks_off()
    right.yaxis.set_major_formatter("{x:.0%}")
    right.set_title("Pairs of learners that cooperate for good", loc="left", fontsize=11)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return drawn
