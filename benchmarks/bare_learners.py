"""Every learner by its bare name in every shipped scenario, beside random and the best rule.

Each learns for TICKS, or for a twentieth of what the scenario suggests if that is more, and is frozen; the world then
goes on for SPAN ticks in futures that held-out seeds draw. `ppo` is left out: it takes hours.
`python -m benchmarks.bare_learners` takes some minutes on two cores and writes `studies/references/bare.json` and
`docs/bare-learners.md`.
"""

import json
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np

import learners
import models
import scenarios
from studies.references import bare, baselines

TICKS = 30_000
SPAN = 4_000
SEED = 1
HELD_OUT = (10_001, 10_002, 10_003)
PAGE = Path(__file__).parents[1] / "docs" / "bare-learners.md"
LEFT_OUT = ("ppo",)
HEAD = f"""# Learners by their bare names

What every learner of the catalogue does in every shipped scenario when it is named without settings, so that it takes
those that suit the scenario. It learns for {TICKS:,} ticks, or for a twentieth of what the scenario suggests if that is
more, and is frozen; the world then goes on for {SPAN:,} ticks (two windows of the record, if they are longer) in
{len(HELD_OUT)} futures that held-out seeds draw. `random` and the world's rules are given the same. Where a scenario
suggests more ticks, learners may be far from what they can do.

**Bold**: agents earned less than under `random` in every held-out seed. Agents learn for rewards; the metric shown may
be what others want: power companies that learn well raise the price. In a dilemma or a price war, agents that compete
well leave less for everyone than random play does. The best rule is the one under which agents earn most. `nan`: there
was nothing to measure, for example because no car got through. `ppo` is left out because it takes hours. Made by
`python -m benchmarks.bare_learners`.
"""


def measure(name: str) -> tuple[str, dict[str, Any]]:
    """What each kind achieves in a scenario, by held-out seed: the first metric that has a good end, and rewards."""
    scenario = scenarios.load(name)
    values, rewards = {}, {}
    for kind in models.learners(scenario.domain):
        if kind not in LEFT_OUT:
            world = models.make(scenario, learner=kind, seed=SEED, record_agents=True)
            world.run(how(name)["ticks"])
            values[kind], rewards[kind] = zip(*(_frozen(world, seed) for seed in HELD_OUT))
    metric = metric_of(world)
    arrow = "↑" if world.metrics[metric].good == "high" else "↓"
    about = {"metric": metric, "arrow": arrow, "how": how(name)}
    return name, {**about, "values": values, "rewards": rewards}


def how(name: str) -> dict[str, int]:
    """How long a scenario is learned and looked at, and the version of it."""
    scenario = scenarios.load(name)
    span = max(SPAN, 2 * scenario.world.record_every_ticks)
    ticks = min(scenario.ticks, max(TICKS, scenario.ticks // 20))
    return {"ticks": ticks, "span": span, "version": scenario.version}


def metric_of(world: Any) -> str:
    """The first headline metric that has a good end."""
    return next(metric for metric in world.headline if world.metrics[metric].good)


def _frozen(world: Any, seed: int) -> tuple[float | None, float | None]:
    """Means of the metric and of rewards in another future, in which nobody learns; None where there is nothing."""
    fork = world.fork(seed=seed)
    fork.freeze()
    mean = fork.run(how(world.scenario.name)["span"])[metric_of(fork)].mean()
    earned = fork.record.agents()
    reward = earned[earned.index > world.tick].to_numpy().mean()
    return tuple(float(f"{round(one, 9):.6g}") if np.isfinite(one) else None for one in (mean, reward))


def page(measured: dict[str, dict[str, Any]]) -> str:
    """The table as Markdown: a row per scenario, means over held-out seeds."""
    kinds = [kind for kind in learners.names() if kind not in (*LEFT_OUT, "random")]
    lines = [HEAD, f"| scenario | metric | best rule | random | {' | '.join(kinds)} |", f"|{'---|' * (len(kinds) + 4)}"]
    for name, found in measured.items():
        means = {kind: bare.mean(values) for kind, values in found["values"].items()}
        rules = [rule for rule in baselines.names(scenarios.load(name).domain) if rule != "random"]
        best = max(rules, key=lambda rule: bare.mean(found["rewards"][rule]), default="")
        ruled = f"{means[best]:.3g} ({best})" if best else "–"
        worse = bare.worse(found)
        cells = [f"**{means[kind]:.3g}**" if kind in worse else f"{means[kind]:.3g}" for kind in kinds]
        lines.append(
            f"| `{name}` | {found['metric']} {found['arrow']} | {ruled} | {means['random']:.3g} | {' | '.join(cells)} |"
        )
    return "\n".join(lines) + "\n"


def _slowness(name: str) -> tuple[bool, bool]:
    """Power markets clear a network at every tick; signals are what people meet first."""
    return name.startswith("grid/"), not name.startswith("traffic/")


def main() -> None:
    """Measure scenarios that were not measured like this before, quick worlds first, and write after each."""
    found = {name: one for name, one in bare.measured().items() if one["how"] == how(name)}
    missing = sorted((name for name in scenarios.names() if name not in found), key=_slowness)
    with ProcessPoolExecutor(2) as pool:
        for done in as_completed([pool.submit(measure, name) for name in missing]):
            found.update([done.result()])
            written = {name: found[name] for name in scenarios.names() if name in found}
            bare.FILE.write_text(json.dumps(written, indent=1) + "\n")
            PAGE.write_text(page(written))


if __name__ == "__main__":
    main()
