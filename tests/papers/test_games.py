"""Published results of learners in small games, in short versions."""

import numpy as np
import pytest

import models
from studies.papers.climbing import LEARNERS, optimal_share

ROCK_PAPER_SCISSORS = {
    "actions": ("rock", "paper", "scissors"),
    "payoff": ((0.0, -1.0, 1.0), (1.0, 0.0, -1.0), (-1.0, 1.0, 0.0)),
    "payoff_column": ((0.0, 1.0, -1.0), (-1.0, 0.0, 1.0), (1.0, -1.0, 0.0)),
}
SHAPLEY = {  # Shapley 1964, Advances in Game Theory: the row player wants to match, the column player to be one ahead
    "actions": ("a", "b", "c"),
    "payoff": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "payoff_column": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)),
}
CLIMBER = {  # Bowling and Veloso 2002: steps of 1 / (20000 + t), values that are learned ever more slowly
    "kind": "wolf_phc", "gamma": 0.0, "win_step": 1 / 20_000, "slows_after": 20_000.0,
    "alpha_schedule": "exponential", "alpha_end": 0.005, "half_life": 200_000.0,
}  # fmt: skip


@pytest.mark.parametrize(("learner", "least", "most"), [
    ("q", 0.0, 0.2), ("joint_q", 0.0, 0.2), ("hysteretic_q", 0.99, 1.0), ("lenient_q", 0.99, 1.0)
])  # fmt: skip
def test_who_climbs(learner, least, most):
    """A hundred trials of `everlearn papers climbing`, which makes 400."""
    assert least <= optimal_share(LEARNERS[learner], trials=100) <= most


def distance(game, lose_over_win, win_step, ticks=2_000_000):
    """Mean L1 distance of strategies to the even mixture in the last tenth of a life that begins far from it."""
    learner = {**CLIMBER, "lose_over_win": lose_over_win, "win_step": win_step}
    world = models.make("games/matching_pennies", seed=0, learner=learner, **game)
    strategy = world.groups[0].mind.strategy[:, 0]
    actions = strategy.shape[1]
    strategy[:] = 0.1 / (actions - 1)
    strategy[0, 0] = strategy[1, 1] = 0.9
    world.run(ticks * 9 // 10)
    distances = []
    for _ in range(200):
        world.run(ticks // 2000)
        distances.append(np.abs(strategy - 1 / actions).sum(axis=1).mean())
    return np.mean(distances)


@pytest.mark.parametrize("game", [{}, ROCK_PAPER_SCISSORS])
def test_wolf_phc_comes_to_rest_at_the_mixed_equilibrium_and_phc_circles_it(game):
    assert distance(game, lose_over_win=4.0, win_step=1 / 20_000) <= 0.05
    assert distance(game, lose_over_win=1.0, win_step=4 / 20_000) >= 0.3


def frequencies(world):
    """How often each player's actions were met by the other, (2, K)."""
    seen = world.groups[0].mind.seen[:, 0]
    return seen / seen.sum(axis=1, keepdims=True)


def test_frequencies_of_fictitious_play_converge_in_matching_pennies():
    """Robinson 1951, for zero-sum games."""
    world = models.make("games/matching_pennies", learner="fictitious_play", seed=0)
    world.run(200_000)
    assert np.abs(frequencies(world) - 0.5).max() <= 0.005


def test_frequencies_of_fictitious_play_go_round_for_ever_in_shapleys_game():
    learner = {"kind": "fictitious_play", "epsilon": 1.0, "half_life": 30.0}
    world = models.make("games/matching_pennies", learner=learner, seed=0, **SHAPLEY)
    world.run(1000)
    met = []
    for _ in range(10):
        world.run(world.tick)  # each stretch as long as all before
        met.append(frequencies(world))
    assert all(np.abs(now - 1 / 3).max() > 0.08 for now in met)
    assert max(np.abs(now - then).max() for now, then in zip(met[5:], met[4:])) > 0.1
