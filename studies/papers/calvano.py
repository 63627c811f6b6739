"""Pricing algorithms that collude: the baseline of Calvano, Calzolari, Denicolo and Pastorello 2020.

Two firms with logit demand learn by Q-learning until neither has changed its greedy policy for 100,000 periods. Their
profit gain is .85; with three firms .64. A firm that is forced to cut its price for one period loses by it, because its
rival answers; after a few periods both are back. Controls: firms that do not look ahead, that see no prices, or that
meet a rival they did not grow up with.
American Economic Review 110; figures of the paper as given in the project's brief. It takes a few minutes of a core.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import scenarios
from models.oligopoly import theory
from models.oligopoly.demand import Market
from models.oligopoly.model import Oligopoly
from scenarios import Scenario
from scenarios.oligopoly.parameters import Parameters
from studies import collusion
from studies.figures.learning import BLUE, GREEN, GREY, INK
from studies.papers import Row, by_seed, digits, near, row

RUNS, TRIPLES, CUTS, CONTROLS = 1000, 20, 300, 100
DUOPOLY, GAMMA = "oligopoly/duopoly", 0.95
SOURCE, CLAIM, CONTROL = "Calvano et al. 2020", "Calvano et al. 2020, claim", "control"


@dataclass(frozen=True)
class Life:
    """What is kept of a converged run."""

    gain: float
    periods: int
    cut: collusion.Cut | None
    world: Oligopoly | None  # of the first runs, which meet strangers


def lives(runs: int, cuts: int = 0, kept: int = 0, scenario: str | Scenario = DUOPOLY, **changes: Any) -> list[Life]:
    """Converged runs of a scenario, seed by seed."""

    def live(seed: int) -> Life:
        world = collusion.converged(scenario, seed, **changes)
        cut = collusion.forced_cut(world, GAMMA) if seed < cuts else None
        return Life(collusion.cycle_gain(world), world.tick, cut, world if seed < kept else None)

    return by_seed(live, runs)


def rows(runs: int = RUNS, triples: int = TRIPLES, cuts: int = CUTS, controls: int = CONTROLS) -> list[Row]:
    """Equilibria, profit gains, time to convergence, the answer to a cut, and the controls."""
    duopoly = lives(runs, cuts, kept=controls)
    threes = lives(triples, scenario="oligopoly/three_firms")
    return [
        *benchmarks(),
        near("duopoly: profit gain", gains(duopoly), 0.85, 0.02, SOURCE),
        row(
            "duopoly: periods to convergence, millions", [life.periods / 1e6 for life in duopoly],
            "order of one", CLAIM, lambda millions: 0.5 <= millions <= 5.0,
        ),
        near("three firms: profit gain", gains(threes), 0.64, 0.03, SOURCE),
        *deviations([life.cut for life in duopoly if life.cut]),
        *control_rows([life.world for life in duopoly if life.world], controls),
    ]  # fmt: skip


def gains(found: list[Life]) -> list[float]:
    """Profit gain of each run."""
    return [life.gain for life in found]


def duopoly_market() -> Market:
    """Demand and costs of the baseline."""
    parameters = scenarios.load(DUOPOLY).world
    assert isinstance(parameters, Parameters)
    return Market.of(parameters)


def benchmarks() -> list[Row]:
    """Nash equilibrium and joint optimum of the baseline, to five digits."""
    market = duopoly_market()
    nash, optimum = theory.nash(market), theory.joint_optimum(market)
    exact = {
        "Nash price": (nash[0], "1.47293"),
        "monopoly price": (optimum[0], "1.92498"),
        "Nash profit": (market.profits(nash)[0], "0.22293"),
        "monopoly profit": (market.profits(optimum)[0], "0.33749"),
    }
    return [digits(f"duopoly: {name}", value, published, SOURCE) for name, (value, published) in exact.items()]


def deviations(cuts: list[collusion.Cut]) -> list[Row]:
    """Whether a forced cut pays, and how soon play is back where it was."""
    back = [cut.return_after for cut in cuts]
    periods = float(np.median([after for after in back if after is not None]))
    return [
        row("forced cut does not pay", [cut.gain < 0 for cut in cuts], ">= 0.90", CLAIM, lambda share: share >= 0.9),
        row(
            "forced cut: play returns to its cycle", [after is not None for after in back],
            ">= 0.99", CLAIM, lambda share: share >= 0.99,
        ),
        row("forced cut: median periods to return", [periods], "4 to 7", CLAIM, lambda median: 4 <= median <= 7),
    ]  # fmt: skip


def control_rows(worlds: list[Oligopoly], runs: int) -> list[Row]:
    """What a high profit gain alone would not tell apart from collusion."""
    myopic = gains(lives(runs, scenario=collusion.learner_of(DUOPOLY, gamma=0.0)))
    strangers = [
        collusion.rematched_gain(one, other) for one, other in zip(worlds, worlds[1:] + worlds[:1], strict=True)
    ]
    blind = [collusion.converged(DUOPOLY, seed, memory=0) for seed in range(runs)]
    paid = [collusion.forced_cut(world, GAMMA).gain > 0 for world in blind]
    return [
        row("no look-ahead: profit gain", myopic, "<= 0.30", CONTROL, lambda gain: gain <= 0.3),
        row("rematched rivals: profit gain", strangers, "<= 0.30", CONTROL, lambda gain: gain <= 0.3),
        row("no memory: a forced cut pays", paid, ">= 0.90", CONTROL, lambda share: share >= 0.9),
    ]


def figure(runs: int = 60) -> Figure:
    """Profit gains of many runs, and the mean answer to a forced cut between the Nash and the monopoly price."""
    found = lives(runs, cuts=runs)
    market = duopoly_market()
    drawn = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = drawn.subplots(1, 2)
    left.hist(gains(found), bins=np.linspace(0, 1.05, 22).tolist(), color=BLUE)
    left.axvline(0.85, color=INK, linestyle="--", linewidth=1.2)
    left.set_title(f"Profit gain of {runs} pairs; dashed: the paper's mean", loc="left", fontsize=11)
    left.set_xlabel("0 Nash, 1 joint optimum")
    answers = np.mean([life.cut.levels[:16] for life in found if life.cut], axis=0)
    before = np.mean([life.cut.undisturbed[:16] for life in found if life.cut], axis=(0, 1))
    for firm, colour, style in ((0, BLUE, "o-"), (1, GREY, "s--")):
        path = [before[firm], before[firm], *answers[:, firm]]
        right.plot(range(-2, 16), path, style, color=colour, markersize=4, label=f"firm {firm + 1}")
    for price, name in ((theory.nash(market)[0], "Nash"), (theory.joint_optimum(market)[0], "monopoly")):
        right.axhline(price, color=GREEN, linestyle=(0, (7, 3)), linewidth=1.2)
        right.annotate(name, (15, price), (0, 4), textcoords="offset points", ha="right", color=GREEN, fontsize=9)
    right.set_title("Mean price after firm 1 is forced to cut in period 0", loc="left", fontsize=11)
    right.set_xlabel("periods after the cut")
    right.legend(frameon=False, loc="center right")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return drawn
