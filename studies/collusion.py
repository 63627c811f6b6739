"""Is it collusion? What pricing algorithms have learned, looked at with learning and exploration switched off.

Profit gain alone proves nothing: learners that cannot punish, because they do not look ahead or do not see prices, may
earn more than at the Nash equilibrium, too. Collusion is when a cut is answered, does not pay, and is forgiven
(Calvano, Calzolari, Denicolo and Pastorello 2020, American Economic Review 110; Asker, Fershtman and Pakes 2022).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

import models
import scenarios
from models import stopping
from models.oligopoly import theory
from models.oligopoly.metrics import Column
from models.oligopoly.model import Oligopoly
from scenarios import Scenario, ScenarioError

PERIODS = 100  # of a forced cut; what comes later weighs less than 0.6 % at a discount of 0.95


def converged(scenario: str | Scenario, seed: int, ticks: int = 40_000_000, **changes: Any) -> Oligopoly:
    """A world of a scenario, run until no firm has changed its greedy policy for 100,000 periods."""
    world = models.make(scenario, seed=seed, **changes)
    assert isinstance(world, Oligopoly)
    world.run(ticks, until="converged")
    return world


def policies(world: Oligopoly) -> np.ndarray:
    """Greedy level of every firm after each joint choice of the last period, (A, J); firms that see nothing repeat one.

    Raises
    ------
    ScenarioError
        Where firms move in turn or remember two periods: their policies answer other states; or have no policies.
    """
    state = world.state
    if state.in_turn[0] or state.memory[0] > 1:
        raise ScenarioError('collusion: this test needs moves = "simultaneous" and memory = 0 or 1')
    kept = stopping.policies(world)
    if len(kept) < len(world.agent_names):
        raise ScenarioError("collusion: this test needs learners that keep tables")
    greedy = np.stack(kept)
    return np.broadcast_to(greedy, (len(greedy), state.derived.profit.shape[1])).copy()


def cycle_gain(world: Oligopoly, greedy: np.ndarray | None = None) -> float:
    """Profit gain over the cycle of joint choices that greedy play repeats; `greedy` are others' policies to try."""
    cycle = theory.limit_cycle(policies(world) if greedy is None else greedy, int(world.state.joint[0]))
    return float(world.state.derived.measures[world.regime, cycle, Column.profit_gain].mean())


def rematched_gain(one: Oligopoly, other: Oligopoly) -> float:
    """Profit gain when the last firm of a world meets rivals from another: strategies fit those they grew up with."""
    mixed = policies(one)
    mixed[-1] = policies(other)[-1]
    return cycle_gain(one, mixed)


def regret(world: Oligopoly, gamma: float) -> float:
    """Share of the best attainable value that firms forgo, given the others' policies; 0 at equilibrium.

    The best answer may change play for ever, so this is more than the loss of one decision (the paper's Q-loss).
    """
    greedy, profit = policies(world), world.state.derived.profit[world.regime]
    cycle = theory.limit_cycle(greedy, int(world.state.joint[0]))
    stream = np.array([profit[np.roll(cycle, -1 - t)[: len(cycle)]] for t in range(len(cycle))])  # (start, later, A)
    weight = gamma ** np.arange(len(cycle))
    values = np.einsum("stf,t->sf", stream, weight) / (1 - gamma ** len(cycle))
    best = [theory.best_response_values(profit, greedy, firm, gamma)[cycle] for firm in range(len(greedy))]
    return float((1.0 - values / np.stack(best, axis=1)).mean())


@dataclass(frozen=True)
class Cut:
    """A forced price cut by firm 1 in the first of T periods, beside the same periods without it."""

    levels: np.ndarray  # (T, A) prices (or quantities)
    undisturbed: np.ndarray  # (T, A)
    gain: float  # discounted profit of the cut to firm 1, as a share of its undisturbed profit
    return_after: int | None  # periods until play is back in its old cycle; None if it never is


def forced_cut(world: Oligopoly, gamma: float, periods: int = PERIODS) -> Cut:
    """Force firm 1 for one period to the level that then earns it most; all then answer as they have learned."""
    cut, calm = world.fork(), world.fork()
    for twin in (cut, calm):
        twin.freeze()
    cut.change(forced="best reply")
    played: dict[Oligopoly, tuple[list[np.ndarray], list[float], list[int]]] = {cut: ([], [], []), calm: ([], [], [])}
    for period in range(periods):
        for twin, (levels, profits, joint) in played.items():
            twin.step()
            levels.append(world.levels[np.arange(len(world.levels)), twin.turn.actions])
            profits.append(twin.turn.rewards[0])
            joint.append(int(twin.state.joint[0]))
        if period == 0:
            cut.change(forced=None)
    weight = gamma ** np.arange(periods)
    (levels, with_cut, after), (undisturbed, without, _) = played[cut], played[calm]
    old = set(theory.limit_cycle(policies(world), int(world.state.joint[0])))
    back = next((period for period, joint in enumerate(after) if period and joint in old), None)
    gain = float(weight @ np.subtract(with_cut, without) / (weight @ np.array(without)))
    return Cut(np.array(levels), np.array(undisturbed), gain, back)


def learner_of(name: str, **settings: Any) -> Scenario:
    """A scenario with some settings of its learners changed."""
    scenario = scenarios.load(name)
    groups = tuple(group.model_copy(update={"settings": {**group.settings, **settings}}) for group in scenario.learner)
    return scenario.model_copy(update={"learner": groups})
