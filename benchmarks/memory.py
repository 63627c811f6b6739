"""What a memory keeps: final score over all regimes, beside plain learners and a library that is told the regime.

python -m benchmarks.memory [--json]

The same constants in every world. Lives of five passes, twenty seeds, examinations frozen; the cost of finding the
right table is part of the score. "Gap closed" is that of the mean scores, plain to told. False alarms are counted in a
life without changes. Takes about ten CPU-minutes.
"""

import numpy as np

import models
import scenarios
from benchmarks.loop_speed import figure, show
from learners.memory import ALARMS, BLOCKS
from models import population
from scenarios import Scenario
from studies.lifelong import life, measures

SEEDS = range(20)
CALM_BLOCKS = 100_000


def known_by(scenario: Scenario, memory: str) -> Scenario:
    """The scenario with memories that know regimes by rewards or by signature."""
    groups = [
        group.model_copy(update={"settings": {**group.settings, "lifelong": True, "memory": memory}})
        for group in scenario.learner
    ]
    return scenario.model_copy(update={"learner": tuple(groups)})


def lives(scenario: Scenario, labels: bool = False) -> dict[str, np.ndarray]:
    """Measures of a life for every seed."""
    found = [measures.measure(life.live(scenario, seed, labels=labels)) for seed in SEEDS]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def compare(name: str, bounds: dict[str, float | None]) -> list[dict]:
    """Rows of one scenario; `bounds` says which share of the gap each kind of memory must close."""
    scenario = scenarios.load(name)
    plain = population.with_lifelong(scenario, False)
    forgets, told = lives(plain), lives(plain, labels=True)
    rows = [
        figure(f"{name}: final score, plain", forgets["final_score"].mean()),
        figure("  told the regime", told["final_score"].mean()),
    ]
    for memory, bound in bounds.items():
        kept = lives(known_by(scenario, memory))
        gap = told["final_score"].mean() - forgets["final_score"].mean()
        closed = (kept["final_score"].mean() - forgets["final_score"].mean()) / gap
        better = (kept["final_score"] > forgets["final_score"]).mean()
        faster = forgets["recovery_time"].mean() / kept["recovery_time"].mean()
        rows += [
            figure(f"  memory by {memory}", kept["final_score"].mean()),
            figure("    share of the gap closed", closed, f"at least {bound}" if bound else "", bound),
            figure("    share of seeds in which it is better than plain", better),
            figure("    recovery, times faster than plain", faster),
            figure("    false alarms of a life", kept["false_alarms"].mean()),
        ]
    return rows


def calm() -> float:
    """Alarms in a thousand blocks of a life without changes."""
    scenario = scenarios.load("games/congestion").model_copy(update={"regime": (), "repeat": False})
    world = models.make(scenario, seed=5, payoff_noise=0.3)
    world.run(CALM_BLOCKS * world.learners[0].block_ticks)
    alarms = world.groups[0].mind.memory.alarms
    return 1000 * alarms[ALARMS] / alarms[BLOCKS]


def figures() -> list[dict]:
    """What was measured, with its target."""
    return [
        *compare("games/congestion", {"rewards": 0.95, "signature": 0.95}),
        *compare("grid/maintenance", {"rewards": 0.75, "signature": 0.75}),
        *compare("traffic/blind_commute", {"rewards": 0.75, "signature": 0.75}),
        figure("games/congestion without regimes: false alarms in 1,000 blocks", calm(), "at most 1", -1),
    ]


if __name__ == "__main__":
    show(figures, str(__doc__))
