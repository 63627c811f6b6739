"""What hand-made rules achieve in a scenario: the lines that learners are compared with.

Each rule runs through the schedule of regimes, once to warm up and once to measure; a line has one value per regime
block. Results are kept on disk under a hash of the scenario's text and of the code that made them.
"""

import hashlib
import json
from collections.abc import Sequence

import numpy as np

import models
from engine import files
from engine.store import cache_root
from engine.texts import source_hash
from models import population
from scenarios import Scenario

SEED = 20_000  # far from the seeds that people choose
STATIONARY_TICKS = 20_000  # length of a pass where there are no regimes


def names(domain: str) -> list[str]:
    """Rules to compare with: the world's own, and random."""
    return [*sorted(population.baselines(domain)), "random"]


def lines(scenario: Scenario, metric: str, rules: Sequence[str] = ()) -> dict[str, list[float]]:
    """Mean of a metric under each rule, one value per regime block; NaN for those of fleets, since a rule is one.

    Parameters
    ----------
    scenario
        Whose population is replaced by the rule.
    metric
        Name of a column of the record.
    rules
        Names from `names()`; all of them by default.
    """
    unknown = [float("nan")] * max(len(scenario.regime), 1)
    return {rule: _measured(scenario, rule).get(metric, unknown) for rule in rules or names(scenario.domain)}


def by_block(frame, scenario: Scenario, window_ticks: int) -> dict[str, list[float]]:
    """Mean of every column over the windows of each regime block, the first window of a block left out."""
    blocks = [regime.ticks for regime in scenario.regime] or [STATIONARY_TICKS]
    starts = np.concatenate(([0], np.cumsum(blocks)))
    place = (frame.index.to_numpy() - 1) % starts[-1]
    block = np.searchsorted(starts, place, side="right") - 1
    settled = place - starts[block] >= min(window_ticks, *(length // 2 for length in blocks))
    means = frame[settled].groupby(block[settled]).mean().reindex(range(len(blocks)))
    return {str(name): means[name].tolist() for name in frame.columns}


def _measured(scenario: Scenario, rule: str) -> dict[str, list[float]]:
    text = f"{source_hash()} {rule} {scenario.model_copy(update={'learner': ()}).text()}"
    path = cache_root() / "baselines" / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        found = _run(scenario, rule)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_text(path, json.dumps(found))
    except OSError:  # a full disk or a read-only home only costs the time to measure again
        pass
    return found


def _run(scenario: Scenario, rule: str) -> dict[str, list[float]]:
    world = models.make(scenario, learner=rule, seed=SEED)
    length = sum(regime.ticks for regime in scenario.regime) or STATIONARY_TICKS
    if scenario.repeat or not scenario.regime:
        world.run(length)
    return by_block(world.run(length), scenario, world.record.window_ticks)
