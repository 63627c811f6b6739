"""Q-learning against OpenSpiel's `tabular_qlearner` on the same repeated game, in one run.

Two players of the prisoner's dilemma who see the last round (four states), rate .1, gamma .95, 5 % random actions.
OpenSpiel (pip install open_spiel) is in no extra: only this file wants it.

python -m benchmarks.openspiel [--json]
"""

import argparse
import json
import statistics
from typing import Any

import models
from benchmarks.loop_speed import cpu_seconds

ROUNDS, REPEATS = 100, 5
THEIR_EPISODES, OUR_TICKS = 40, 2_000_000
AIM = 500.0  # times as many updates


def their_updates_per_cpu_second() -> tuple[float, list[list[float]]]:
    """Updates of OpenSpiel's learners, and the payoffs of the row player in its game."""
    import pyspiel
    from open_spiel.python import rl_environment
    from open_spiel.python.algorithms import tabular_qlearner

    stage = pyspiel.load_matrix_game("matrix_pd")
    payoff = [[stage.row_utility(mine, theirs) for theirs in (0, 1)] for mine in (0, 1)]
    game = pyspiel.load_game(f"repeated_game(stage_game=matrix_pd(),num_repetitions={ROUNDS},recall=1)")
    environment = rl_environment.Environment(game)
    agents = [
        tabular_qlearner.QLearner(
            player, 2, step_size=0.1, discount_factor=0.95, epsilon_schedule=_constant(0.05)
        )
        for player in (0, 1)
    ]  # fmt: skip

    def play() -> None:
        for _ in range(THEIR_EPISODES):
            step = environment.reset()
            while not step.last():
                step = environment.step([agent.step(step).action for agent in agents])
            for agent in agents:
                agent.step(step)

    play()
    seconds = statistics.median(cpu_seconds(play) for _ in range(REPEATS))
    return THEIR_EPISODES * ROUNDS * len(agents) / seconds, payoff


def _constant(value: float) -> Any:
    from open_spiel.python import rl_tools

    return rl_tools.ConstantSchedule(value)


def our_updates_per_cpu_second(payoff: list[list[float]]) -> float:
    """Updates of ours in the same game."""
    learner = {"kind": "q", "alpha": 0.1, "gamma": 0.95, "epsilon": 0.05}
    game = tuple(map(tuple, payoff))
    world = models.make("games/prisoners_dilemma", learner=learner, payoff=game, sees="profile", seed=0)
    world.run(1000)
    seconds = statistics.median(cpu_seconds(lambda: world.run(OUR_TICKS)) for _ in range(REPEATS))
    return OUR_TICKS * len(world.agent_names) / seconds


def main() -> None:
    """Print both, and how many times as many updates ours make."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        theirs, payoff = their_updates_per_cpu_second()
    except ModuleNotFoundError as error:
        print(f"left out: {error.name} is not installed; pip install open_spiel")  # the other benchmarks go on
        return
    ours = our_updates_per_cpu_second(payoff)
    found = {"openspiel": theirs, "everlearn": ours, "ratio": ours / theirs, "reached": ours / theirs >= AIM}
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    print(f"updates per CPU-second: OpenSpiel {theirs:,.0f}, Everlearn {ours:,.0f}: {ours / theirs:,.0f} times as many")


if __name__ == "__main__":
    main()
