"""How the worlds work: one folder each; `make` builds any of them from a scenario."""

import os
import re
from pathlib import Path
from typing import Any

import scenarios
from learners.base import Learner
from models import population
from models.kinds import world_class
from models.metric import Metric
from models.world import World
from scenarios import Scenario

__all__ = ["Metric", "World", "check", "learners", "make", "parallel_env", "sumo_env", "vec_env"]


def make(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    learner: str | Learner | dict[str, Any] | None = None,
    seed: int | None = None,
    minds: str | os.PathLike[str] | None = None,
    **changes: Any,
) -> World:
    """Make a world.

    Parameters
    ----------
    scenario
        A name, the path of a .toml file, or a Scenario.
    learner
        A name, a Learner, or ``{"kind": ..., setting: ...}`` for all agents, in place of the scenario's population. A
        name alone takes settings that suit the scenario (`models.population.suitable`); others are taken as they are.
    seed
        Of all randomness; None takes a fresh one, kept in `World.seed`.
    minds
        A file written by `World.save_minds`.
    changes
        World parameters that differ from the scenario's.

    Raises
    ------
    scenarios.ScenarioError
        For anything unknown or not allowed; the message says what exists.
    """
    found = scenario if isinstance(scenario, Scenario) else scenarios.load(scenario)
    return world_class(found.domain, World)(found, learner=learner, seed=seed, minds=minds, **changes)


def parallel_env(scenario: str | os.PathLike[str] | Scenario, **settings: Any) -> Any:
    """A scenario as a parallel environment of PettingZoo; `gymnasium.make` has the view of one agent (`models.envs`).

    Parameters
    ----------
    scenario
        A name, the path of a .toml file, or a Scenario.
    settings
        ``observation``: "states" (Discrete) or "features" (Box); ``ticks`` of an episode, the scenario suggests a
        number; and world parameters that differ from the scenario's.
    """
    from models.envs.parallel import AllAgents  # PettingZoo is optional

    return AllAgents(scenario, **settings)


def sumo_env(folder: str | os.PathLike[str], **settings: Any) -> Any:
    """SUMO as a parallel environment of PettingZoo, with the agents, spaces and rhythm of `parallel_env`.

    A process has room for one SUMO: `close()` it before another begins.

    Parameters
    ----------
    folder
        A folder that `everlearn import` wrote from SUMO files with their routes.
    settings
        ``observation``: "states" (Discrete) or "features" (Box); ``ticks`` of an episode, at most the period of the
        case; and world parameters that differ from the scenario's.
    """
    from models.traffic.sumo_env import SumoAgents  # PettingZoo and SUMO are optional

    return SumoAgents(folder, **settings)


def vec_env(scenario: str | os.PathLike[str] | Scenario, **settings: Any) -> Any:
    """A scenario as a `VecEnv` of Stable-Baselines3 in which every agent is a slot.

    `models.envs.slots.plug_in` gives what was trained on it back to a world.

    Parameters
    ----------
    scenario
        A name, the path of a .toml file, or a Scenario.
    settings
        ``ticks`` of an episode, the scenario suggests a number; ``apart=False`` hides from the policy which agent it
        decides for; and world parameters that differ from the scenario's.
    """
    from models.envs.slots import Slots  # Stable-Baselines3 is optional

    return Slots(scenario, **settings)


def check(scenario: Scenario) -> None:
    """Check population and learner settings of a scenario (raises ScenarioError: file, place, what is allowed)."""
    for number, group in enumerate(scenario.learner, 1):
        population.load(scenario.domain, group.kind, group.settings, f"{scenario.where}: learner {number}")


def learners(world: str | World) -> list[str]:
    """Kinds of learners valid in a world: the catalogue, then the world's own baselines."""
    return population.names(world if isinstance(world, str) else world.domain)


def folder(world: str) -> Path:
    """Where the files of a world's model lie."""
    return Path(__file__).parent / world


def __getattr__(name: str) -> type[World]:
    """`models.Traffic`, `models.Games`, ...: the class of each world, imported when asked for."""
    domain = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    if domain in scenarios.domains() and world_class(domain, World).__name__ == name:
        return world_class(domain, World)
    raise AttributeError(f"models has no {name}")
