"""Gymnasium: any scenario as the environment of one agent, the others learning beside it or frozen.

Importing this module registers every scenario, so `gymnasium.make("everlearn/traffic-rush_hour")` works after
`import models.envs`, and `gymnasium.make("models.envs:everlearn/traffic-rush_hour")` without. Gymnasium allows one
slash in an id, hence the hyphen between world and scenario.

A step runs the world until the agent is due again; its reward is the sum of the agent's gains on the way (a semi-Markov
decision process: `info["elapsed_ticks"]` says how long it took). `reset(seed=...)` begins everything anew, the others'
minds too, so that seed and actions determine what happens. `reset()` begins the next episode of the same lives: tick 0
of a world with other random numbers, in which the others keep what they know. Worlds do not end: episodes are truncated
at the agent's first decision after `ticks`, never terminated.
"""

import os
from typing import Any, Literal

import numpy as np

import models
import scenarios
from learners.base import Learner
from scenarios import Scenario, ScenarioError
from scenarios.schema import missing_package, suggestion

try:
    import gymnasium
    from gymnasium import spaces
except ModuleNotFoundError:
    raise missing_package("models.envs", "gymnasium", "gym") from None

Observation = Literal["states", "features"]


class UnexpectedKeyword(ScenarioError, TypeError):
    """A keyword that is no parameter of the world; clients of Gymnasium try some, and catch a TypeError."""


def parameters(scenario: str | os.PathLike[str] | Scenario, given: dict[str, Any]) -> dict[str, Any]:
    """The keywords given to an environment, which must be parameters of its world (raises UnexpectedKeyword)."""
    found = scenario if isinstance(scenario, Scenario) else scenarios.load(scenario)
    known = list(type(found.world).model_fields)
    given = {name: value for name, value in given.items() if (name, value) != ("render_mode", None)}
    for name in given:
        if name not in known:
            drawn = "; nothing is drawn here, the page does that" if name == "render_mode" else ""
            raise UnexpectedKeyword(
                f"{found.where}: got an unexpected keyword argument '{name}'{drawn}; "
                f"known are {', '.join(known)}.{suggestion(name, known)}"
            )
    return given


def env_id(scenario: str) -> str:
    """The id of a scenario in Gymnasium's registry: "everlearn/traffic-rush_hour" for "traffic/rush_hour"."""
    return f"everlearn/{scenario.replace('/', '-')}"


def observation_space(world: models.World, observation: Observation) -> Any:
    """The number of a state, or the features where a world has them; features have no bounds."""
    if observation == "states":
        return spaces.Discrete(world.decision_space.states)
    if observation == "features" and world.decision_space.features:
        return spaces.Box(-np.inf, np.inf, (world.decision_space.features,), np.float32)
    known = '"states" or "features"' if world.decision_space.features else f'"states"; {world.domain} has no features'
    raise ScenarioError(f"{world.scenario.where}: observation = {observation!r}; take {known}")


def length(world: models.World, ticks: int | None) -> int:
    """Ticks of an episode: what was asked for, else the length of a run that the scenario suggests."""
    if ticks is not None and ticks < 1:
        raise ScenarioError(f"{world.scenario.where}: ticks = {ticks}; an episode has at least one")
    return ticks or world.scenario.ticks


def find_agent(world: models.World, agent: str | int) -> int:
    """The place of an agent that is given by its name or its place."""
    names = world.agent_names
    if agent in names:
        return names.index(agent)
    if isinstance(agent, int | np.integer) and 0 <= agent < len(names):
        return int(agent)
    known = f"agents are {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}; or give a place, 0 to"
    where = f"{world.scenario.where}: agent = {agent!r}"
    raise ScenarioError(f"{where}; {known} {len(names) - 1}.{suggestion(str(agent), names)}")


class OneAgent(gymnasium.Env):
    """One agent of a world, controlled from outside; its own learner neither learns nor acts.

    Parameters
    ----------
    scenario
        A name, the path of a .toml file, or a Scenario.
    agent
        Its name or place.
    learner, minds
        Of the others, as in `models.make`: the scenario's population unless something else is given.
    frozen
        Whether the others neither learn nor explore.
    observation
        "states" (Discrete) or "features" (Box).
    ticks
        Length of an episode; the scenario suggests one.
    changes
        World parameters that differ from the scenario's; also Gymnasium's ``render_mode=None``.

    Raises
    ------
    UnexpectedKeyword
        For a keyword that is no parameter of the world, or a `render_mode`: nothing is drawn here.
    """

    metadata = {"render_modes": []}  # noqa: RUF012  (Gymnasium's own way)

    def __init__(
        self,
        scenario: str | os.PathLike[str] | Scenario,
        agent: str | int = 0,
        *,
        learner: str | Learner | dict[str, Any] | None = None,
        minds: str | os.PathLike[str] | None = None,
        frozen: bool = False,
        observation: Observation = "states",
        ticks: int | None = None,
        **changes: Any,
    ) -> None:
        changes = parameters(scenario, changes)
        self._given = {"scenario": scenario, "learner": learner, "minds": minds, **changes}
        self.world = models.make(**self._given, seed=0)
        self.agent, self.frozen = find_agent(self.world, agent), frozen
        self.ticks = length(self.world, ticks)
        self._features = observation == "features"
        self.observation_space = observation_space(self.world, observation)
        self.action_space = spaces.Discrete(self.world.decision_space.actions)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode: with a seed everything anew, else with the others' minds as they are."""
        super().reset(seed=seed)
        if seed is None:
            self.world = self.world.restart(seed=int(self.np_random.integers(2**32)))
        else:
            self.world = models.make(**self._given, seed=seed)
        if self.frozen:
            self.world.freeze()
        self.world.turn.thawed[self.agent] = False
        _, waited = self._wait()
        if not self._due:
            name = self.world.agent_names[self.agent]
            raise ScenarioError(
                f"{self.world.scenario.where}: {name} makes no decision in the first {self.ticks:,} ticks; "
                "choose another agent, or more ticks"
            )
        return self._seen, self._info(waited)

    def step(self, action: int) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Act, and run the world until the agent is due again; no longer than an episode."""
        if not self.action_space.contains(action):
            last = self.world.decision_space.actions - 1
            raise ScenarioError(f"step({action!r}): actions are whole numbers from 0 to {last}")
        actions = np.full(len(self.world.agent_names), -1)
        actions[self.agent] = action
        gain = self.world.advance(actions)[self.agent]
        gains, waited = self._wait()
        truncated = self.world.tick >= self.ticks or not self._due
        return self._seen, float(gain + gains), False, truncated, self._info(1 + waited)

    def _wait(self) -> tuple[float, int]:
        """Run until the agent is due: its gains, and the ticks it took."""
        others, gains, waited = np.full(len(self.world.agent_names), -1), 0.0, 0
        deciding, states, features = self.world.observe()
        while not deciding[self.agent] and waited < self.ticks:
            gains += self.world.advance(others)[self.agent]
            waited += 1
            deciding, states, features = self.world.observe()
        self._due = bool(deciding[self.agent])
        self._seen = features[self.agent] if self._features else int(states[self.agent])
        return gains, waited

    def _info(self, elapsed: int) -> dict[str, Any]:
        return {"tick": self.world.tick, "elapsed_ticks": elapsed, "deciding": self._due}


for _name in scenarios.names():
    gymnasium.register(env_id(_name), entry_point="models.envs:OneAgent", kwargs={"scenario": _name})
