"""What hand-made rules achieve in a scenario: the lines that learners are compared with.

A rule is given the time that learners have: the same ticks of the same schedule before its last pass of the regimes is
measured. Nothing is left to settle after LONGEST ticks and a pass; it stops there, at the same place of the schedule.
Results are kept on disk under a hash of the scenario's text and of the code that made them.
"""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

import models
from engine import files, store
from engine.texts import source_hash
from models import World, population
from scenarios import Scenario

SEED = 20_000  # far from the seeds that people choose
LONGEST = 20_000  # ticks after which rules, and worlds under them, have settled


def names(domain: str) -> list[str]:
    """Rules to compare with: the world's own, and random."""
    return [*sorted(population.baselines(domain)), "random"]


def lines(scenario: Scenario, metric: str, rules: Sequence[str] = ()) -> dict[str, list[float]]:
    """Mean of a metric under each rule in the last pass of a run as long as the scenario suggests, by regime block.

    Parameters
    ----------
    scenario
        Whose population is replaced by the rule; metrics of fleets are NaN, since a rule is one.
    metric
        Name of a column of the record.
    rules
        Names from `names()`; all of them by default.
    """
    unknown = [float("nan")] * max(len(scenario.regime), 1)
    return {rule: _lines(scenario, rule).get(metric, unknown) for rule in rules or names(scenario.domain)}


def last_pass(world: World) -> dict[str, float]:
    """Mean of every column over the last pass of the regimes, over the last quarter of the run where there are none.

    Of a run that is too long for its record, over what the record holds window by window.
    """
    since = world.tick - (_pass(world.scenario) or max(world.tick // 4, 1))
    means = world.record.frame(since=max(since, world.record.exact_since)).mean()
    return {str(name): float(mean) for name, mean in means.items()}


def beside(world: World, rule: str) -> dict[str, float]:
    """`last_pass` of the same world under a rule: the same seed and changes, as many ticks or until it is settled."""
    scenario = population.override(world.scenario, rule)
    ticks = _settled(scenario, world.tick)
    skipped = world.tick - ticks
    about = f"{world.seed} {ticks} {skipped} {world.changes}"
    return _kept(scenario, about, lambda: last_pass(_run(scenario, world.seed, ticks, world.changes, skipped)))


def by_block(frame: pd.DataFrame, scenario: Scenario, window_ticks: int) -> dict[str, list[float]]:
    """Mean of every column over the windows of each regime block, the first window of a block left out."""
    blocks = [regime.ticks for regime in scenario.regime] or [int(frame.index[-1])]
    starts = np.concatenate(([0], np.cumsum(blocks)))
    place = (frame.index.to_numpy() - 1) % starts[-1]
    block = np.searchsorted(starts, place, side="right") - 1
    settled = place - starts[block] >= min(window_ticks, *(length // 2 for length in blocks))
    means = frame[settled].groupby(block[settled]).mean().reindex(range(len(blocks)))
    return {str(name): means[name].tolist() for name in frame.columns}


def _lines(scenario: Scenario, rule: str) -> dict[str, list[float]]:
    """Mean of every column under a rule, by regime block of the last whole pass, or over the last quarter."""
    found, length = population.override(scenario, rule), _pass(scenario)
    passes = max(scenario.ticks // length, 2 if scenario.repeat else 1) if length else 0
    ticks = _settled(found, passes * length or scenario.ticks)

    def measure() -> dict[str, list[float]]:
        world = _run(found, SEED, ticks)
        frame = world.record.frame()
        last = frame[frame.index > ticks - (length or max(ticks // 4, 1))]
        return by_block(last, found, world.record.window_ticks)

    return _kept(found, f"{SEED} {ticks} lines", measure)


def _pass(scenario: Scenario) -> int:
    """Ticks of a pass of the regimes, 0 where there are none."""
    return sum(regime.ticks for regime in scenario.regime)


def _settled(scenario: Scenario, ticks: int) -> int:
    """Ticks of a run that ends at the same place of the schedule as one of `ticks`, when all has settled."""
    length = _pass(scenario)
    if not length:
        return min(ticks, LONGEST)
    if not scenario.repeat:
        return ticks
    most = max(LONGEST, 2 * length)
    return ticks - math.ceil(max(ticks - most, 0) / length) * length


def _run(
    scenario: Scenario, seed: int, ticks: int, changes: Sequence[tuple[int, dict[str, Any]]] = (), skipped: int = 0
) -> Any:
    """A world after `ticks`; changes come earlier by the ticks that are skipped, at the earliest at once."""
    world = models.make(scenario, seed=seed)
    for at, parameters in changes:
        world.run(max(at - skipped - world.tick, 0))
        world.change(**parameters)
    world.run(ticks - world.tick)
    return world


def _kept(scenario: Scenario, about: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was measured before of a scenario, or now."""
    text = f"{source_hash()} {about} {scenario.text()}"
    path = store.place("baselines", f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.json")
    try:
        kept: dict[str, Any] = json.loads(path.read_text())
        return kept
    except (OSError, ValueError):
        found = measure()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_text(path, json.dumps(found))
        store.prune("baselines")
    except OSError:  # a full disk or a read-only home only costs the time to measure again
        pass
    return found
