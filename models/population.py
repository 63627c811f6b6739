"""Who learns how: from a scenario's groups to members, learners and minds."""

import importlib
from typing import Any, NamedTuple

import numpy as np

import learners
from engine.turn import Group
from learners.base import Learner, PythonMind, Space, TableLearner
from learners.memory import LifelongMind
from scenarios import Scenario, ScenarioError
from scenarios.schema import Population, suggestion


class Assigned(NamedTuple):
    """A learner and the agents it decides for."""

    learner: Learner
    members: np.ndarray  # (n,) int64


def bare(mind: Any) -> Any:
    """The mind that a learner made, without what the loop or a memory wrapped around it."""
    return mind.mind if isinstance(mind, PythonMind | LifelongMind) else mind


def baselines(domain: str) -> dict[str, type[Learner]]:
    """The rules that know a world, by name."""
    try:
        return learners.defined_in(importlib.import_module(f"models.{domain}.baselines"))
    except ModuleNotFoundError as error:
        if error.name == f"models.{domain}.baselines":
            return {}
        raise


def names(domain: str) -> list[str]:
    """Kinds of learners valid in a world: the catalogue, then the world's own baselines."""
    return [*learners.names(), *sorted(baselines(domain))]


def titles(domain: str) -> dict[str, str]:
    """What kinds of learners are called: by their class where a baseline says so, else their name with a capital Q."""
    own = baselines(domain)
    return {kind: (own[kind].title if kind in own else "") or _words(kind) for kind in names(domain)}


def _words(kind: str) -> str:
    """A kind as words, joint Q for joint_q; learners of the catalogue are not imported for their names."""
    return " ".join(word.upper() if len(word) == 1 else word for word in kind.split("_"))


def load(domain: str, kind: str, settings: dict[str, Any], where: str) -> Learner:
    """Make a learner from the catalogue or from the world's baselines."""
    known = names(domain)
    if kind not in known:
        message = f'{where}: there is no learner "{kind}"; {domain} has {", ".join(known)}.'
        raise ScenarioError(message + suggestion(kind, known))
    own = baselines(domain)
    if kind in own:
        return learners.configure(own[kind], settings, where)
    try:
        return learners.load(kind, **settings)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None


def override(scenario: Scenario, learner: str | Learner | dict[str, Any]) -> Scenario:
    """The scenario with one kind of learner for all agents.

    Parameters
    ----------
    scenario
        Whose population is replaced.
    learner
        A kind without settings takes those that suit the scenario (`suitable`); where all learn by it already, the
        population stays as it is. Settings that come with a kind, and a Learner, are taken as they are.
    """
    if isinstance(learner, Learner):
        kind, settings = learner.kind(), learner.model_dump(exclude_defaults=True)
    else:
        kind, settings = learners.kind_and_settings(learner, names(scenario.domain))
        if not settings and all(group.kind == kind for group in scenario.learner):
            return scenario
        settings = settings or suitable(scenario, kind)
    return scenario.model_copy(update={"learner": (Population(kind=kind, settings=settings),)})


def suitable(scenario: Scenario, kind: str) -> dict[str, Any]:
    """Settings that suit a scenario, for a kind of learner that was named without any.

    Each setting is that of the scenario's first group of this kind, else of its first group that has the setting, else
    what the world says of it (`Parameters.learner_settings`: of table learners, or a name that these do not have), else
    the learner's default. A group has a setting if both learners inherit it from the class that declares it: `alpha` of
    two table learners, not that of `day_to_day`.
    """
    own = sorted(scenario.learner, key=lambda group: group.kind != kind)
    givers = [(_class_of(scenario.domain, group.kind), group.settings) for group in own]
    said, takes = dict(scenario.world.learner_settings), _class_of(scenario.domain, kind)
    givers.append((TableLearner, said))
    givers.append((takes, {name: value for name, value in said.items() if name not in TableLearner.model_fields}))
    taken = {}
    for name in takes.model_fields:
        given = next((given for giver, given in givers if giver.declares(name) is takes.declares(name)), {})
        if name in given:
            taken[name] = given[name]
    return taken


def _class_of(domain: str, kind: str) -> type[Learner]:
    """The class of a kind of learner; that of all learners, which has no settings, where there is no such kind."""
    return baselines(domain).get(kind) or (learners.find(kind) if kind in learners.names() else Learner)


def can_remember(kind: str) -> bool:
    """Whether a kind of learner may be given a memory: those of the catalogue that keep tables."""
    return kind in learners.names() and isinstance(learners.load(kind), TableLearner)


def with_lifelong(scenario: Scenario, lifelong: bool) -> Scenario:
    """The scenario with a memory for all who can have one, or for none.

    Where a scenario does not say how long a block is, it is a window of the record.

    Raises
    ------
    ScenarioError
        When nobody can have the memory.
    """
    groups = []
    for group in scenario.learner:
        settings = {**group.settings, "lifelong": lifelong}
        if lifelong:
            settings.setdefault("block_ticks", scenario.world.record_every_ticks)
        groups.append(group.model_copy(update={"settings": settings}) if can_remember(group.kind) else group)
    if lifelong and not any(can_remember(group.kind) for group in groups):
        kinds = ", ".join(dict.fromkeys(group.kind for group in groups))
        raise ScenarioError(
            f'{scenario.where}: lifelong: {kinds} has no table to remember; take a learner that has one, such as "q"'
        )
    return scenario.model_copy(update={"learner": tuple(groups)})


def assign(scenario: Scenario, agent_names: list[str], given: Learner | None) -> list[Assigned]:
    """Members and learner of every group; each agent belongs to exactly one group.

    `given` is a learner that need not be in the catalogue; it takes all agents.
    """
    if given is not None:
        return [Assigned(given, np.arange(len(agent_names)))]
    left = list(range(len(agent_names)))
    groups = []
    for number, group in enumerate(scenario.learner, 1):
        where = f"{scenario.where}: learner {number}"
        members = _members(group.agents, left, agent_names, where)
        if not members:
            raise ScenarioError(f"{where}: agents = {group.agents!r} leaves no agent for this group")
        taken = set(members)
        left = [i for i in left if i not in taken]
        learner = load(scenario.domain, group.kind, group.settings, where)
        groups.append(Assigned(learner, np.array(sorted(members), np.int64)))
    if left:
        missing = ", ".join(agent_names[i] for i in left[:5])
        message = f"{scenario.where}: {len(left)} agents have no learner ({missing}, ...)"
        raise ScenarioError(f'{message}; let the last group have agents = "all"')
    return groups


def _members(agents: Any, left: list[int], agent_names: list[str], where: str) -> list[int]:
    if agents == "all":
        return left
    if isinstance(agents, float):
        if not 0 < agents <= 1:
            raise ScenarioError(f"{where}: agents = {agents}; a fraction must be above 0 and at most 1")
        return left[: round(agents * len(agent_names))]
    members = []
    for agent in agents:
        index = agent_names.index(agent) if agent in agent_names else agent
        if index not in left or index in members:
            known = ", ".join(agent_names[:8])
            raise ScenarioError(f"{where}: agent {agent!r} does not exist or is taken; agents are {known}, ...")
        members.append(index)
    return members


def begin(groups: list[Assigned], space: Space, seeds: list[np.random.SeedSequence]) -> tuple[Group, ...]:
    """Minds and random streams of all groups."""
    made = []
    for (learner, members), seed in zip(groups, seeds, strict=True):
        rng = np.random.Generator(np.random.PCG64(seed))
        played = None if space.random_play is None else space.random_play[members]
        mind = learner.join(space._replace(agents=len(members), random_play=played), rng)
        made.append(Group(members, mind, rng))
    return tuple(made)
