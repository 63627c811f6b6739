"""A life with recurring regimes: learn in one after the other, and after each be examined in all of them.

An examination is a fork of the world with learning and exploration frozen, run under one regime's parameters; a memory
may still notice the change and go back to what it knows, so the cost of finding the right table is part of the mark.
The true-label library is the line to compare with: the same learner, told the regime, with one mind for each.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import models
from engine import snapshot
from engine.limits import ANY
from learners.base import TableLearner
from learners.memory import ALARMS, LifelongMind
from models import World
from scenarios import Scenario, ScenarioError
from studies.references import baselines

WORTH_IT = 0.03  # gap above which a memory paid in every world tried
GAIN_LEAST = 0.01  # of what random play earns; where less is gained, a share of it says nothing


class Block(NamedTuple):
    """A stretch of learning in one regime ("train"), or an examination in one ("test")."""

    kind: str
    regime: str
    performance: np.ndarray  # (W,) mean reward per agent and tick in each window of the record


class Life(NamedTuple):
    """What was lived, in order; regimes with one name are one."""

    blocks: tuple[Block, ...]
    alarms: tuple[int, ...] = ()  # of the memory, one per block of learning; empty without memory
    contexts: int = 0  # that the memory ended with


def regimes(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Each regime's name, and the parameters that put a world into it for good.

    Raises
    ------
    ScenarioError
        Where there are fewer than two.
    """
    changed = {key for regime in scenario.regime for key in regime.change}
    base = scenario.world.model_dump()
    found = {regime.name: {key: regime.change.get(key, base[key]) for key in changed} for regime in scenario.regime}
    if len(found) < 2:
        raise ScenarioError(f"{scenario.where}: a life needs two regimes or more; this scenario has {len(found)}")
    return found


def live(scenario: Scenario, seed: int = 0, passes: int = 5, exam_ticks: int = 0, labels: bool = False) -> Life:
    """Live through the regimes of a scenario several times.

    Parameters
    ----------
    scenario
        With its learners; `models.population.override` gives it others.
    seed
        Of all randomness.
    passes
        Times that the list of regimes is gone through.
    exam_ticks
        Length of an examination; by default that of the shortest regime.
    labels
        Tell the learner the regime: a mind for each, kept while the others are learned (the first starts from the
        mind at hand).
    """
    return go_through(models.make(scenario, seed=seed), passes, exam_ticks, labels)


def go_through(
    world: World, passes: int, exam_ticks: int = 0, labels: bool = False, ended: Callable[[], bool] = lambda: False
) -> Life:
    """`live` for a world at the start of a pass; the world itself lives it, until `ended`, asked before each regime."""
    scenario, pins = world.scenario, regimes(world.scenario)
    exam_ticks = exam_ticks or min(regime.ticks for regime in scenario.regime)
    library: dict[str, dict[str, np.ndarray]] = {}
    blocks = examine(world, pins, exam_ticks, library)
    alarms = []
    for regime in scenario.regime * passes:
        if ended():
            break
        if regime.name in library:
            put_back(world, library[regime.name])
        before = alarms_of(world)
        world.change(**pins[regime.name])
        blocks.append(Block("train", regime.name, rewards(world, regime.ticks)))
        alarms.append(alarms_of(world) - before)
        if labels:
            library[regime.name] = snapshot.arrays(snapshot.copy(minds(world)))
        blocks += examine(world, pins, exam_ticks, library)
    memories = [mind.memory for mind in minds(world) if isinstance(mind, LifelongMind)]
    contexts = max((int(memory.contexts[0]) for memory in memories), default=0)
    return Life(tuple(blocks), tuple(alarms) if memories else (), contexts)


def examine(world: World, pins: dict[str, dict[str, Any]], ticks: int, library: dict[str, Any]) -> list[Block]:
    """One frozen fork per regime; each is given the library's mind where there is one."""
    blocks = []
    for name, parameters in pins.items():
        fork = world.fork()
        if name in library:
            put_back(fork, library[name])
        fork.freeze()
        fork.change(**parameters)
        blocks.append(Block("test", name, rewards(fork, ticks)))
    return blocks


def rewards(world: World, ticks: int) -> np.ndarray:
    """Run, and give the mean reward of each window."""
    means: np.ndarray = world.run(ticks)["reward"].to_numpy()
    return means


def minds(world: World) -> tuple[Any, ...]:
    """Minds of all groups."""
    return tuple(group.mind for group in world.groups)


def put_back(world: World, saved: dict[str, np.ndarray]) -> None:
    """Give the groups the minds of a library."""
    snapshot.restore(minds(world), saved, limit=ANY)


def alarms_of(world: World) -> int:
    """Alarms so far of all memories in a world."""
    return sum(int(mind.memory.alarms[ALARMS]) for mind in minds(world) if isinstance(mind, LifelongMind))


def without_memory(world: World) -> World:
    """A fork whose learners go on with the tables at hand, and without a memory."""
    fork = world.fork()
    groups = tuple(
        group._replace(mind=group.mind.mind) if isinstance(group.mind, LifelongMind) else group for group in fork.groups
    )
    return fork._replace(groups=groups)


def can_forget(world: World) -> bool:
    """Whether somebody learns a table, in a world of two regimes or more."""
    learn = any(isinstance(learner, TableLearner) for learner in world.learners)
    return learn and len({regime.name for regime in world.scenario.regime}) > 1


def forgetting(life: Life) -> tuple[list[str], np.ndarray]:
    """Regimes, and the mark in each (column) after learning in each (row), mean over the later half of the blocks."""
    names = list(dict.fromkeys(block.regime for block in life.blocks))
    marks: dict[tuple[str, str], list[float]] = {}
    learned = ""
    for block in life.blocks[len(life.blocks) // 2 :]:
        if block.kind == "train":
            learned = block.regime
        elif learned:
            marks.setdefault((learned, block.regime), []).append(float(block.performance.mean()))
    table = [[float(np.mean(marks.get((row, column), [np.nan]))) for column in names] for row in names]
    return names, np.array(table)


def keeping(world: World, ended: Callable[[], bool] = lambda: False) -> tuple[list[str], np.ndarray]:
    """Regimes, and the share of its gain that a frozen learner keeps in each (column) after learning one (row).

    Gain: what having just learned a regime earns there above random play. 1 keeps it all, 0 is no better than random;
    NaN in the columns of regimes in which nothing is gained. Takes two passes of a fork, given up when `ended`.
    """
    names, marks = forgetting(go_through(world.fork(), passes=2, ended=ended))
    line = baselines.lines(world.scenario, "reward", ["random"])["random"]
    blocks = [regime.name for regime in world.scenario.regime]
    random = np.array([np.mean([value for value, block in zip(line, blocks) if block == name]) for name in names])
    gain = np.diag(marks) - random
    gain[gain <= GAIN_LEAST * np.abs(random)] = np.nan
    return names, (marks - random) / gain


def lacking(kept: np.ndarray) -> float:
    """Mean share of its gain that a learner lacks in regimes other than the one just learned; NaN where none gains."""
    others = kept[~np.eye(len(kept), dtype=bool)]
    others = others[~np.isnan(others)]
    return 1.0 - float(others.mean()) if others.size else float("nan")


def gap(world: World) -> float:
    """What a learner without memory loses of a regime by learning another: `lacking` of what it keeps.

    Above WORTH_IT a memory pays; below, the state tells the regimes apart already, and contexts would only split the
    data.
    """
    return lacking(keeping(without_memory(world))[1])


def advice(lost: float) -> str:
    """Whether a memory is worth it, in a sentence made of the `gap`."""
    if np.isnan(lost):
        return "A memory has nothing to keep: frozen, the learners earn no more than random play in any regime."
    verdict = "A memory pays here" if lost > WORTH_IT else "A memory would only split what is learned"
    if lost > 1.0:
        told = "does worse in the others than random play"
    else:
        share = f"{100 * lost:.0f}\u00a0% of its gain" if lost >= 0.005 else "nothing"
        told = f"loses {share} in the others"
    return f"{verdict}: frozen after one regime, a learner without one {told}."
