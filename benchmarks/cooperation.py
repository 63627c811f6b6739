"""Where caring for others helps: every shipped scenario, with each weight on each circle of others.

Agents learn from the first tick; what is compared is the second half of the run, with the same seeds at every kappa.
`python -m benchmarks.cooperation` takes some minutes on one core and writes `docs/cooperation.md`.
"""

from pathlib import Path

import numpy as np

import models
import scenarios
from benchmarks.bare_learners import metric_of
from models.world import WHOM

TICKS = 20_000
SEEDS = (1, 2, 3)
KAPPAS = (0.25, 0.5, 1.0)
SLOW = ("grid/ieee14", "grid/ieee30", "grid/ieee118")  # to clear them takes long
PAGE = Path(__file__).parents[1] / "docs" / "cooperation.md"
HEAD = f"""# Where caring for others helps

An agent with `cooperation` κ learns from (1 − κ) × its own reward + κ × that of those it cares for (`cooperate_with`):
its neighbours, all agents, or the planner of the world. Every shipped scenario with its own learners runs for
{TICKS:,} ticks, or a twentieth of what it suggests if that is more; the table has the mean of the second half over
seeds {", ".join(map(str, SEEDS))}. **Bold**: better than κ = 0 with every seed; *italic*: worse with every seed.
Three seeds show large effects only. Left out are scenarios that give every group a κ of its own, and
{", ".join(SLOW)}, which take long. Circles of others that gave the same record to the byte share
a row: in games, markets and oligopolies the planner's reward is the mean of all. Who has no neighbours cares for
itself.

To care for others helps if what they earn tells an agent what *it* did (credit assignment; Wolpert and Tumer 2002,
Advances in Complex Systems 4). The planner's reward does where it counts the harm that each one caused, as on roads
and among the cars of `crossing/no_signals`; four drivers lose more time with it.
A mean over many, which hardly changes with what one does, adds noise and leaves less of the agent's
own signal. The metric may be what others want: companies that share profits are a cartel, and prices are high. Made
by `python -m benchmarks.cooperation`.

| scenario | metric | others | κ = 0 | {" | ".join(f"κ = {kappa:g}" for kappa in KAPPAS)} |
|{"---|" * (4 + len(KAPPAS))}
"""


def ends(name: str, kappa: float, whom: str) -> tuple[str, list[float], bytes]:
    """Metric with its arrow, its mean over the second half with each seed, and the bytes of all records."""
    scenario = scenarios.load(name)
    ticks = min(scenario.ticks, max(TICKS, scenario.ticks // 20))
    found, records = [], []
    for seed in SEEDS:
        world = models.make(scenario, seed=seed, cooperation=kappa, cooperate_with=whom)
        frame = world.run(ticks)
        metric = metric_of(world)
        found.append(float(frame[metric][frame.index > ticks // 2].mean()))
        records.append(frame.to_numpy().tobytes())
    return f"{metric} {'↑' if world.metrics[metric].good == 'high' else '↓'}", found, b"".join(records)


def cell(values: list[float], selfish: list[float], metric: str) -> str:
    """The mean; bold where it is better with every seed, italic where it is worse with every seed."""
    gain = (np.array(values) - selfish) * (1 if metric.endswith("↑") else -1)
    mark = "**" if (gain > 0).all() else "*" if (gain < 0).all() else ""
    return f"{mark}{np.mean(values):.4g}{mark}"


def rows(name: str) -> str:
    """Rows of one scenario."""
    metric, selfish, _ = ends(name, 0.0, "all")
    circles: dict[tuple[bytes, ...], list[str]] = {}
    shown = {}
    for whom in WHOM:
        measured = [ends(name, kappa, whom) for kappa in KAPPAS]
        circles.setdefault(tuple(record for *_, record in measured), []).append(whom)
        shown[whom] = " | ".join(cell(values, selfish, metric) for _, values, _ in measured)
    return "".join(
        f"| `{name}` | {metric} | {', '.join(same)} | {np.mean(selfish):.4g} | {shown[same[0]]} |\n"
        for same in circles.values()
    )


def main() -> None:
    """Measure, quick worlds first, and write the page whole after each scenario."""
    made = {}
    measured = [
        name
        for name in scenarios.names()
        if name not in SLOW and any(g.cooperation is None for g in scenarios.load(name).learner)
    ]
    for name in sorted(measured, key=lambda name: name.startswith("grid/")):
        made[name] = rows(name)
        PAGE.write_text(HEAD + "".join(made[each] for each in measured if each in made), encoding="utf-8")
        print(made[name], end="", flush=True)


if __name__ == "__main__":
    main()
