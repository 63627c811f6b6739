"""A learner plays a foreign environment: the environment moves in Python, everything else is the one loop.

After every step of the environment all of its agents decide, those too whose episode has just ended: so they learn from
its last transition, and the action they choose is thrown away. Where the episode *terminated*, nothing follows and the
discount is 0; where it was *truncated*, the last observation is worth what it is worth (Pardo, Tavakoli, Levdik and
Kormushev 2018, ICML, "Time limits in reinforcement learning"). The first decision of the next episode judges nothing.
"""

import copy
import os
from collections.abc import Iterable
from typing import Any, NamedTuple, Self

import numpy as np

import learners
from engine import loop, snapshot
from engine.loop import Loop
from engine.turn import NEIGHBOURS, Course, Group, begin_turn
from learners.base import Learner, Space
from learners.foreign.spaces import (
    as_parallel,
    common_space,
    encoding,
    first_action,
    fitted,
    name_of,
    reward_of,
)
from scenarios.schema import ScenarioError

NEVER = 2**62  # ticks until a window closes
ROWS = np.zeros((0, 1))  # of a record that nobody keeps
LONGEST_EPISODE = 100_000  # steps of an examination; a greedy policy may walk in a circle for ever


class Outside(NamedTuple):
    """What the environment has shown; A agents, F features."""

    deciding: np.ndarray  # (A,) bool
    states: np.ndarray  # (A,) int64
    features: np.ndarray  # (A, F) float32
    rewards: np.ndarray  # (A,) float64
    terminated: np.ndarray  # (A,) bool


@loop.due.body_for(Outside)
def due_outside(world, turn):
    for i in range(turn.deciding.size):
        turn.deciding[i] = world.deciding[i]


@loop.observe.body_for(Outside)
def observe_outside(world, turn):
    for i in range(turn.states.size):
        turn.states[i] = world.states[i]
        for f in range(world.features.shape[1]):
            turn.features[i, f] = world.features[i, f]
        if world.terminated[i]:
            turn.weight[i] = 0.0  # nothing follows


@loop.advance.body_for(Outside)
def advance_outside(world, turn, rng):
    for i in range(turn.rewards.size):
        turn.rewards[i] = world.rewards[i]


@loop.report.body_for(Outside)
def report_outside(world, turn, row):
    pass


class Player:
    """A group of learners in a foreign environment; see `play`.

    Attributes
    ----------
    returns
        Sum of rewards of every agent in every episode that has ended, a list of arrays (A,); A is 1 in Gymnasium.
    learner, mind
        The learner with its range of features fitted, and what the agents know.
    """

    def __init__(self, env: Any, learner: str | Learner | dict[str, Any], seed: int = 0, bins: int = 10) -> None:
        self.env = as_parallel(env)
        seen = common_space(self.env, "observation_space")
        acts = common_space(self.env, "action_space")
        self.first_action = first_action(acts)
        self.learner = fitted(_learner(learner), seen)
        self._where = f"play: {name_of(env)}"
        states, features, self._encode = encoding(seen, self.learner, bins, self._where)
        self._index = {name: i for i, name in enumerate(self.env.possible_agents)}
        agents = len(self._index)
        self.space = Space(agents, states, int(acts.n), agents - 1, features)
        self._seed: int | None = seed
        stream = np.random.SeedSequence(seed).spawn(2)[1]  # the first group's in a world of this seed
        rng = np.random.Generator(np.random.PCG64(stream))
        self.groups = (Group(np.arange(agents), self.learner.join(self.space, rng), rng),)
        self._sit_down()

    def _sit_down(self) -> None:
        """Nothing has been seen or done."""
        agents, features = self.space.agents, self.space.features
        self.turn = begin_turn([[j for j in range(agents) if j != i] for i in range(agents)], features, NEVER)
        self.turn.gamma_decision[:], self.turn.gamma_tick[:] = self.learner.discount()
        self.course = Course(np.array([0, 1]), np.array([False]), np.zeros((1, agents)), np.array([NEIGHBOURS]))
        self.outside = Outside(
            np.zeros(agents, bool), np.zeros(agents, np.int64), np.zeros((agents, features), np.float32),
            np.zeros(agents), np.zeros(agents, bool),
        )  # fmt: skip
        self._loop = Loop(self.outside, self.groups, self.turn, self.course, self.groups[0].rng)
        self.returns: list[np.ndarray] = []
        self._begun = False

    @property
    def mind(self) -> Any:
        """What the agents know."""
        return self.groups[0].mind

    def run(self, steps: int) -> Self:
        """Go on learning for so many steps of the environment."""
        if steps < 0:
            raise ScenarioError(f"play: steps = {steps} must not be negative")
        if steps and not self._begun:
            self._begin_episode()
        for _ in range(steps):
            self._step()
        return self

    def evaluate(self, episodes: int = 100, seed: int | None = None) -> np.ndarray:
        """Returns (episodes, A) of fresh episodes in which nobody learns or explores.

        An episode of training that is under way is given up. `seed` resets the environment for the first episode.

        Raises
        ------
        ScenarioError
            Where an episode does not end within LONGEST_EPISODE steps.
        """
        frozen = copy.copy(self)
        frozen.groups, frozen._seed = snapshot.copy(self.groups), seed
        frozen._sit_down()
        frozen.turn.thawed[:] = False
        self._begun = False
        frozen._begin_episode()
        for episode in range(1, episodes + 1):
            for _ in range(LONGEST_EPISODE):
                frozen._step()
                if len(frozen.returns) == episode:
                    break
            else:
                raise ScenarioError(
                    f"{self._where}: episode {episode} of evaluate has not ended after {LONGEST_EPISODE:,} steps; "
                    "end episodes yourself, with gymnasium.wrappers.TimeLimit(env, max_episode_steps=...)"
                )
        return np.array(frozen.returns)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what the agents know; `play(..., minds=path)` reads it, and so does a world with such learners."""
        learners.save_minds(path, [self.learner], self.groups)

    def _begin_episode(self) -> None:
        observations, infos = self.env.reset(seed=self._seed)
        self._seed = None  # the next episodes go on with the environment's own stream
        self._begun = True
        self._sums = np.zeros(self.space.agents)
        self.turn.started[:] = False
        self.turn.rewards[:] = 0.0  # for a memory across regimes, which counts this as a tick without reward
        self.outside.terminated[:] = False
        self._decide(self.env.agents, observations, infos)

    def _step(self) -> None:
        turn, outside = self.turn, self.outside
        chosen = {agent: int(turn.actions[self._index[agent]]) + self.first_action for agent in self.env.agents}
        observations, rewards, terminated, _, infos = self.env.step(chosen)
        outside.rewards[:] = 0.0
        for agent in chosen:
            i = self._index[agent]
            outside.rewards[i], outside.terminated[i] = reward_of(rewards[agent], self._where), terminated[agent]
        self._sums += outside.rewards
        self._loop.end(ROWS, ROWS)
        newcomers = [agent for agent in self.env.agents if agent not in chosen]
        self._decide([*chosen, *newcomers], observations, infos)
        if not self.env.agents:
            self.returns.append(self._sums)
            self._begin_episode()

    def _decide(self, agents: Iterable[str], observations: dict[str, Any], infos: dict[str, Any]) -> None:
        """These agents learn from what they see and choose, but for those whose info says that they are not due."""
        outside = self.outside
        outside.deciding[:] = False
        for agent in agents:
            i = self._index[agent]
            outside.deciding[i] = infos[agent].get("deciding", True)
            outside.states[i], outside.features[i] = self._encode(observations[agent])
        self._loop.begin()
        self._loop.decide()


def play(
    env: Any,
    learner: str | Learner | dict[str, Any],
    *,
    steps: int,
    seed: int = 0,
    bins: int = 10,
    minds: str | os.PathLike[str] | None = None,
) -> Player:
    """Let a learner play a Gymnasium environment, or a group of them a parallel one of PettingZoo.

    Parameters
    ----------
    env
        Its actions must be Discrete, its observations Discrete (states) or Box: the features of a learner that wants
        them, as tile_q does, in the range of the space unless it has `low` and `high` of its own; for tables, bins.
        Agents of a parallel environment are one group, and each other's neighbours; one whose info says
        ``deciding: False`` holds its action and its gains are summed, as in our worlds.
    learner
        A name, a Learner, or ``{"kind": ..., setting: ...}``.
    steps
        Steps of the environment to learn for.
    seed
        Of the learners, and of the environment's first episode.
    bins
        Equally wide bins of each number of a Box, for learners that keep tables.
    minds
        A file written by `Player.save` to go on from; or by `World.save_minds`, from a world of the same spaces.

    Returns
    -------
    Player
        `returns` per episode, `evaluate(episodes)` with learning frozen, `save(path)`, and `run(steps)` to go on.

    Raises
    ------
    ScenarioError
        For spaces or learners that do not fit; the message says what does.
    """
    player = Player(env, learner, seed, bins)
    if minds is not None:
        learners.load_minds(minds, [player.learner], player.groups)
    return player.run(steps)


def _learner(given: str | Learner | dict[str, Any]) -> Learner:
    """The learner that is meant."""
    if isinstance(given, Learner):
        return given
    kind, settings = learners.kind_and_settings(given, learners.names())
    return learners.load(kind, **settings)
