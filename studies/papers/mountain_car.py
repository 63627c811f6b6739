"""The founding example: PPO on MountainCar-v0 learns nothing in 10,000 steps; tile-coded SARSA solves it in 60,000.

The car (Moore 1990; Gymnasium's MountainCar-v0) is too weak for the hill and must first back away from it. Every step
costs 1, an episode is cut after 200, and -110 on average counts as solved.

PPO as Stable-Baselines3 ships it updates its network five times in 10,000 steps. No episode among them reaches the
top, so all of them earn -200 and nothing tells a good action from a bad one. Nothing is wrong with the code, nor with
PPO on longer runs; ten thousand steps without a single success teach nobody.

SARSA(lambda) on tiles (Sutton and Barto 2018, section 10.1: alpha 0.5 / tilings, epsilon 0) starts from values of 0,
better than anything that can happen: what was tried looks worse than what was not, so it explores without dice, and
traces carry the first success back along the way. It learns from 60,000 steps in a table of 3,888 numbers.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

import learners
from scenarios import ScenarioError
from scenarios.schema import missing_package
from studies.figures.learning import BLUE, GREEN, GREY
from studies.papers import Row, row, unmeasured

SEEDS, EPISODES = range(6), 100
PPO_STEPS, TILE_STEPS = 10_000, 60_000
SOLVED = -110.0
SMOOTH = 20  # episodes averaged in the figure
LEARNER = {
    "kind": "tile_q", "rule": "sarsa", "trace_decay": 0.9, "alpha": 0.5, "gamma": 1.0, "epsilon": 0.0,
    "tilings": 16, "tiles": 8,
}  # fmt: skip


def car() -> Any:  # Gymnasium is optional, and so are its types
    """Gymnasium's own environment (ScenarioError where Gymnasium is missing)."""
    try:
        import gymnasium
    except ModuleNotFoundError:
        raise missing_package("MountainCar-v0", "gymnasium", "gym") from None
    return gymnasium.make("MountainCar-v0")


def tile_coder(seed: int) -> learners.Player:
    """A tile-coded learner after 60,000 steps."""
    return learners.play(car(), LEARNER, steps=TILE_STEPS, seed=seed)


def score(player: learners.Player) -> float:
    """Mean return of 100 fresh episodes, learning nothing."""
    return float(player.evaluate(EPISODES).mean())


def ppo(seed: int) -> tuple[float, list[float]]:
    """Mean return after 10,000 steps of Stable-Baselines3's PPO, and the returns of its training episodes."""
    try:
        import torch
        from stable_baselines3 import PPO
        from stable_baselines3.common.evaluation import evaluate_policy
        from stable_baselines3.common.monitor import Monitor
        from stable_baselines3.common.vec_env import DummyVecEnv
    except ModuleNotFoundError:
        raise missing_package("PPO", "stable-baselines3", "ppo") from None
    torch.set_num_threads(1)
    monitor = Monitor(car())
    env = DummyVecEnv([lambda: monitor])
    model = PPO("MlpPolicy", env, seed=seed).learn(PPO_STEPS)
    trained = monitor.get_episode_rewards().copy()
    mean, _ = evaluate_policy(model, env)
    return float(np.mean(mean)), trained


def rows() -> list[Row]:
    """PPO and tiles, six seeds each; a row without a number where a package is missing."""
    return [*_ppo_rows(), *_tile_rows()]


def _ppo_rows() -> list[Row]:
    result, published = "MountainCar, PPO for 10,000 steps: mean return", "-200.00 ± 0.00"
    source = "the founding example (Stable-Baselines3)"
    try:
        scores = [ppo(seed)[0] for seed in SEEDS]
    except ScenarioError as missing:
        return [unmeasured(result, published, source, missing)]
    return [row(result, scores, published, source, lambda mean: mean == -200.0)]


def _tile_rows() -> list[Row]:
    result, source = "MountainCar, SARSA(λ) on tiles for 60,000 steps", "Gymnasium's own threshold"
    try:
        scores = [score(tile_coder(seed)) for seed in SEEDS]
    except ScenarioError as missing:
        return [unmeasured(result, ">= -110", source, missing)]
    return [
        row(f"{result}: mean return", scores, ">= -110", source, lambda mean: mean >= SOLVED),
        row(f"{result}: worst of six seeds", [min(scores)], ">= -110", source, lambda worst: worst >= SOLVED),
    ]


def figure() -> Figure:
    """Returns of the episodes of training against steps, six seeds of tiles and one of PPO."""
    drawn = Figure(figsize=(8, 4), layout="constrained")
    axes = drawn.add_subplot()
    for seed in SEEDS:
        returns = np.array(tile_coder(seed).returns)[:, 0]
        ends, smooth = np.cumsum(-returns), np.convolve(returns, np.ones(SMOOTH) / SMOOTH, "valid")
        axes.plot(ends[SMOOTH - 1 :], smooth, color=BLUE, linewidth=1, label="_" * (seed > 0) + "SARSA(λ) on tiles")
    try:
        trained = np.array(ppo(0)[1])
    except ScenarioError:
        pass  # the rows say what is missing
    else:
        axes.plot(np.cumsum(-trained), trained, color=GREY, linewidth=3, label="PPO, 10,000 steps")
    axes.axhline(SOLVED, color=GREEN, linestyle=(0, (7, 3)), linewidth=1.2, label="solved")
    axes.set_title(f"MountainCar: mean return of {SMOOTH} episodes while learning", loc="left", fontsize=11)
    axes.set_xlabel("steps")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="center right")
    return drawn
