"""World: a Mesa model over arrays, moved by the one loop.

A world is its parameters, a graph, arrays (`state`, `turn`, `groups`) and random streams: one for the world and one
per group of learners, so that two runs that differ only in a change or in one group's learner meet the same
arrivals, demand and shocks.
"""

import copy
import os
from collections.abc import Callable
from typing import Any, Self

import numpy as np
import pandas as pd

import learners
import scenarios
from engine import snapshot
from engine.limits import ANY
from engine.loop import Loop
from engine.record import Record
from engine.turn import EVERYONE, NEIGHBOURS, PLANNER, Course, begin_turn
from learners.base import Learner, Space
from models import mesa_clock, population, stopping, storage
from models.alone import alone
from models.domain import REWARD, Domain, S
from models.kinds import world_class
from models.mesa_refusals import Shown
from models.metric import Metric
from scenarios import Parameters, Scenario, ScenarioError
from scenarios.schema import LARGEST, P, plain, suggestion

__all__ = ["Metric", "World"]

WHOM = {"neighbours": NEIGHBOURS, "all": EVERYONE, "planner": PLANNER}


class World(Domain[P, S]):
    """A world that learners share; subclasses say how it works.

    Parameters
    ----------
    scenario
        A Scenario, a name or a path.
    learner, seed, minds, changes
        See `models.make`.
    rng
        Mesa's name for the seed; an integer, or a generator to draw one from.
    """

    _observed: bool  # whether a tick was begun with observe()
    _loop: Loop | None = None

    def __init__(
        self,
        scenario: str | Scenario | None = None,
        *,
        learner: str | Learner | dict[str, Any] | None = None,
        seed: int | None = None,
        rng: Any = None,
        minds: str | os.PathLike[str] | None = None,
        **changes: Any,
    ) -> None:
        found = scenario if isinstance(scenario, Scenario) else scenarios.load(scenario or self.default_scenario)
        if found.domain != self.domain:
            raise ScenarioError(f"{found.where}: domain is {found.domain}; {type(self).__name__} needs {self.domain}")
        found = found.change(**changes)
        self._given = learner if isinstance(learner, Learner) else None
        found = found if learner is None else population.override(found, learner)
        self._scenario = found  # type: ignore[assignment]  # with our own parameters, since the domain is ours
        self.seed = _seed(seed if rng is None else rng)
        self._pinned: dict[str, Any] = {}
        self.changes: list[tuple[int, dict[str, Any]]] = []
        self._watched: dict[str, Callable[[World], float]] = {}
        self._build()
        self._made = frozenset((*dir(World), *self.__dict__))
        if minds is not None:
            learners.load_minds(minds, self.learners, self.groups)

    def _build(self) -> None:
        """Arrays, minds and random streams of tick 0."""
        blocks = self._scenario.parameters_by_block({})
        self.parameters_at_reset = blocks[0]
        self.graph = self.make_graph(blocks[0])
        self.agent_names = self.name_agents()
        assigned = population.assign(self._scenario, self.agent_names, self._given)
        self.learners = [group.learner for group in assigned]
        self.group_number = np.empty(len(self.agent_names), np.int64)
        for number, (_, members) in enumerate(assigned):
            self.group_number[members] = number
        seeds = np.random.SeedSequence(self.seed).spawn(1 + len(assigned))
        self._begin_mesa(np.random.Generator(np.random.PCG64(seeds[0])))
        self.state = self.make_state(blocks, self._derive(blocks))
        near = self.neighbours()
        states, actions, features = self.count()
        most = max(map(len, near), default=0)
        self.decision_space = Space(len(near), states, actions, most, features, self.random_play(), len(self.public()))
        wanted = any(learner.wants == "features" for learner in self.learners)
        public = self.decision_space.public if any(learner.reads_public for learner in self.learners) else 0
        self.turn = begin_turn(
            near, self.decision_space.features if wanted else 0, blocks[0].record_every_ticks, public
        )
        self.course = self._make_course(blocks)
        self.groups = population.begin(assigned, self.decision_space, seeds[1:])
        for learner, group in zip(self.learners, self.groups, strict=True):
            self.turn.gamma_decision[group.members], self.turn.gamma_tick[group.members] = learner.discount()
        recorded = self.agent_names if blocks[0].record_agents else []
        self.record = Record(list(self.metrics), recorded, blocks[0].record_every_ticks)

    # Running ---------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One tick."""
        self._drive(1)

    def run(self, ticks: int, until: str | None = None) -> pd.DataFrame:
        """Many ticks in compiled code.

        Parameters
        ----------
        ticks
            How many, at most; fewer where something sets `running` to False on the way.
        until
            Stop as soon as this holds: "settled" (greedy policies the same for ten windows of the record) or
            "converged" (no greedy action changed in the last 100,000 decisions; see `models.stopping`).

        Returns
        -------
        DataFrame
            The rows of the record that this run wrote; the first ones are means where it is long
            (`engine.record.Record.frame`).
        """
        if not 0 <= ticks <= LARGEST:
            raise ValueError(f"run({ticks}): the number of ticks must be from 0 to {LARGEST:,}")
        self.check_life(ticks)
        if not self.running:
            raise RuntimeError("world.running is False, so it is stopped; set world.running = True to go on")
        start, goal, window = self.tick, self.tick + ticks, self.record.window_ticks
        wait = stopping.condition(self, until) if until else None
        while self.tick < goal and self.running:
            chunk = min(goal - self.tick, self.record.stretch_ticks)
            if self._watched:
                chunk = min(chunk, window - self.tick % window)
            if wait:
                chunk = min(chunk, wait())
            if not chunk:
                break
            mesa_clock.advance(self, chunk, self._drive)
        return self.record.frame(since=start)

    def _drive(self, ticks: int) -> None:
        if self._observed:
            raise RuntimeError("this tick was begun with observe(); finish it with advance(actions) before step or run")
        with alone(self):
            self.check_life(ticks)
            tapes = self.record.tapes(self.tick, ticks)
            self.loop.run(ticks, *tapes)
            self._close(*tapes)

    @property
    def loop(self) -> Loop:
        """What runs this world, its groups and its streams as they are now."""
        parts = self.state, self.groups, self.turn, self.course, self.rng
        if self._loop is None or not self._loop.is_of(*parts):
            self._loop = Loop(*parts)
        return self._loop

    def _close(self, tape: np.ndarray, agent_tape: np.ndarray) -> None:
        self.record.add(self.tick, tape, agent_tape)
        if len(tape):
            for name, function in self._watched.items():
                self.record.note(name, float(function(self)))

    def observe(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Begin a tick for learners outside: who decides (A,) bool, their states (A,), features (A, F)."""
        if not self._observed:
            self._want_features()
            with alone(self):
                self.loop.begin()
        self._observed = True
        return self.turn.deciding.copy(), self.turn.states.copy(), self.turn.features.copy()

    def advance(self, actions: Any) -> np.ndarray:
        """Finish the tick with actions (A,) from outside; -1, or not being due, leaves an agent to its learner.

        Returns the rewards (A,) of the tick, mixed by cooperation.
        """
        chosen = np.asarray(actions)
        whole = chosen.shape == self.turn.actions.shape and chosen.dtype.kind in "iub"
        if not whole or chosen.min() < -1 or chosen.max() >= self.decision_space.actions:
            agents, last = self.turn.actions.size, self.decision_space.actions - 1
            raise ValueError(
                f"advance: give {agents} actions, whole numbers from 0 to {last}, or -1 for the agent's own learner"
            )
        self.check_life(1)
        if not self._observed:
            self.observe()
        self._observed = False
        with alone(self):
            tapes = self.record.tapes(self.tick, 1)
            self.loop.decide(chosen)
            self.loop.end(*tapes)
            mesa_clock.count(self, 1)
            self._close(*tapes)
        return self.turn.gains.copy()

    # Changing --------------------------------------------------------------------------------------------------

    @property
    def parameters(self) -> dict[str, Any]:
        """Present values of all parameters."""
        return Shown(self._scenario.parameters_by_block(self._pinned)[self.regime].model_dump())

    @property
    def regime(self) -> int:
        """Index of the regime block of the next tick."""
        return self.regime_at(self.tick)

    def regime_at(self, tick: int) -> int:
        """Index of the regime block of a tick."""
        starts = self.course.starts
        if len(starts) == 2 or (tick >= starts[-1] and not self._scenario.repeat):
            return len(starts) - 2
        return int(np.searchsorted(starts, tick % starts[-1], side="right")) - 1

    def change(self, /, **parameters: Any) -> None:
        """Set live parameters from the next tick on, in all regimes; None returns a parameter to the schedule."""
        parameters = plain(parameters)
        self._scenario.check_live({name: value for name, value in parameters.items() if value is not None})
        unknown = [name for name in parameters if name not in type(self._scenario.world).model_fields]
        if unknown:
            known = list(type(self._scenario.world).model_fields)
            hint = suggestion(unknown[0], known)
            raise ScenarioError(f'change: unknown parameter "{unknown[0]}"; known are {", ".join(known)}.{hint}')
        pinned = {name: value for name, value in {**self._pinned, **parameters}.items() if value is not None}
        blocks = self._scenario.parameters_by_block(pinned)
        derived, course = self._derive(blocks), self._make_course(blocks)
        snapshot.restore(self.state.derived, snapshot.arrays(derived), limit=ANY)
        snapshot.restore(self.course, snapshot.arrays(course), limit=ANY)
        self._pinned = pinned
        self.changes.append((self.tick, parameters))

    def freeze(self) -> None:
        """Stop learning and exploration; a memory still recalls what it knows."""
        self.turn.thawed[:] = False

    def thaw(self) -> None:
        """Resume learning and exploration."""
        self.turn.thawed[:] = True

    def fork(self, seed: int | None = None) -> Self:
        """An independent copy with the same future, or one that a seed draws; graph and past record are shared."""
        twin = copy.copy(self)
        twin._made, twin._everyone, twin._space = frozenset(), None, None
        twin._begin_mesa(snapshot.copy_generator(self.rng))
        twin.random.setstate(self.random.getstate())
        twin._observed = self._observed
        for name in ("state", "turn", "course", "groups"):
            setattr(twin, name, snapshot.copy(getattr(self, name)))
        twin.record, twin.running = self.record.fork(), self.running
        mesa_clock.count(twin, self.tick)
        twin._pinned, twin.changes, twin._watched = dict(self._pinned), list(self.changes), dict(self._watched)
        if seed is not None:
            twin.seed = _seed(seed)
            streams = [twin.rng, *(group.rng for group in twin.groups)]
            for rng, own in zip(streams, np.random.SeedSequence(twin.seed).spawn(len(streams)), strict=True):
                rng.bit_generator.state = np.random.PCG64(own).state
        twin._made = self._made
        return twin

    def restart(self, seed: int | None = None, **changes: Any) -> Self:
        """A fresh world at tick 0 with this one's minds."""
        fresh = type(self)(self._scenario, learner=self._given, seed=self.seed if seed is None else seed, **changes)
        for mine, theirs in zip(self.groups, fresh.groups, strict=True):
            copied = {name: array.copy() for name, array in snapshot.arrays(mine.mind).items()}
            snapshot.restore(theirs.mind, copied, limit=ANY)
        return fresh

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything the world needs to go on: arrays, random states, scenario, versions; never pickle."""
        storage.save(self, path)

    @classmethod
    def open(cls, path: str | os.PathLike[str], learner: Learner | None = None) -> "World":
        """Open a saved world (raises engine.snapshot.NotASnapshot for bad or foreign files).

        `learner` is needed where the world was saved with a learner that is in no catalogue.
        """
        saved = storage.load(path, learner)
        world = world_class(saved.scenario.domain, World)(saved.scenario, learner=learner, seed=saved.about.seed)
        storage.put_back(world, saved, path)
        mesa_clock.count(world, world.tick)
        return world

    def save_minds(self, path: str | os.PathLike[str]) -> None:
        """Write only what the agents know."""
        learners.save_minds(path, self.learners, self.groups)

    def watch(self, name: str, function: Callable[["World"], float]) -> None:
        """Add a metric of your own: `function(world)` is called whenever a window closes."""
        if name in self.metrics:
            raise ValueError(f'watch: the record has a metric "{name}" already; choose another name')
        self._watched[name] = function

    # Looking ---------------------------------------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario[P]:
        """The scenario, with the population and changes it was made with."""
        return self._scenario

    @scenario.setter
    def scenario(self, mesas_own: Any) -> None:
        """Mesa 3.5 sets a scenario class of its own, which we do not use."""

    @property
    def metrics(self) -> dict[str, Metric]:
        """Name -> title, meaning, unit and good direction of every column of the record."""
        return {"reward": REWARD, **self.own_metrics}

    @property
    def datacollector(self) -> Record:
        """The record answers Mesa's questions itself."""
        return self.record

    def group_of(self, agent: int) -> tuple[int, int]:
        """Group of an agent, and its place among the group's members."""
        for number, group in enumerate(self.groups):
            place = int(np.searchsorted(group.members, agent))
            if place < len(group.members) and group.members[place] == agent:
                return number, place
        raise IndexError(f"agent {agent}: there are {len(self.agent_names)}, numbered from 0")

    def mind(self, group: int) -> Any:
        """What a group of agents knows, as its learner made it."""
        return population.bare(self.groups[group].mind)

    def values(self, agent: int) -> np.ndarray | None:
        """Values (S, K) an agent has learned, None where its learner keeps no table."""
        number, place = self.group_of(agent)
        return self.learners[number].policy(self.mind(number), place)

    def visits(self, agent: int) -> np.ndarray | None:
        """How often each of those values was learned from, (S, K)."""
        number, place = self.group_of(agent)
        return self.learners[number].visits(self.mind(number), place)

    def preferred(self, agent: int) -> np.ndarray | None:
        """What an agent does in every state if it does not explore, (S,); None where its learner keeps no table."""
        number, place = self.group_of(agent)
        return self.learners[number].preferred(self.mind(number), place)

    # Making ----------------------------------------------------------------------------------------------------

    def _begin_mesa(self, rng: np.random.Generator) -> None:
        """Let Mesa set up its own part; the model's generator is the world's stream."""
        for name in ("step", "_user_step", "_moved_by"):
            self.__dict__.pop(name, None)
        super().__init__(rng=self.seed)
        self.rng = rng
        self._observed = False

    def _derive(self, blocks: list[P]) -> Any:
        """`derive` of every block, stacked into arrays (B, ...) of one layout, since every layout compiles anew."""
        derived = [self.derive(block) for block in blocks]
        stacked = (np.ascontiguousarray(np.stack(parts)) for parts in zip(*derived, strict=True))
        return type(derived[0])(*stacked)

    def kappa(self, parameters: Parameters) -> np.ndarray:
        """Cooperation of every agent (A,): its group's own, else the world's."""
        own = [group.cooperation for group in self._scenario.learner]
        return np.array([parameters.cooperation if kappa is None else kappa for kappa in own])[self.group_number]

    def _make_course(self, blocks: list[P]) -> Course:
        lengths = [regime.ticks for regime in self._scenario.regime] or [1]
        kappa = np.array([self.kappa(block) for block in blocks])
        whom = np.array([WHOM[block.cooperate_with] for block in blocks])
        starts = np.concatenate(([0], np.cumsum(lengths)))
        return Course(starts, np.array([self._scenario.repeat]), kappa, whom)

    def _want_features(self) -> None:
        """Learners outside may read features: give them room, once."""
        if self.turn.features.shape[1] < self.decision_space.features:
            wider = self.turn._replace(
                features=np.zeros((self.decision_space.agents, self.decision_space.features), np.float32)
            )
            self.__dict__["turn"] = wider


def _seed(given: Any) -> int:
    """A whole number as seed, drawn where none is given."""
    if given is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    if isinstance(given, np.random.Generator):
        return int(given.integers(2**32))
    if isinstance(given, np.random.SeedSequence):
        return int(given.generate_state(1)[0])
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 0:
        raise ScenarioError(f"seed = {given!r}: a seed is a whole number from 0 on")
    return int(given)
