"""What a world must say about itself; the loop, regimes, saving and the rest come from `World`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Literal, Protocol

import networkx as nx
import numpy as np
from typing_extensions import TypeVar

from learners.base import Learner, Space
from models.inspection import Inspection
from models.mesa_model import MesaModel
from models.metric import Metric
from models.networks import topology
from models.panels import Panel
from scenarios import Scenario
from scenarios.schema import GraphParameters, P

REWARD = Metric("Reward", "Mean reward of an agent in a tick.", good="high")


class EndOfLife(ValueError):
    """A world would go on beyond its longest life; it has not moved."""


class State(Protocol):
    """Arrays of a world, a NamedTuple; worlds add fields of their own."""

    @property
    def derived(self) -> Any:
        """What `derive` gives for every block, stacked, in the world's own type."""


S = TypeVar("S", bound=State, default=State, covariant=True)


class Domain(MesaModel, Generic[P, S]):
    """One kind of system: how its arrays are made, what its metrics mean, and how it is shown."""

    domain: ClassVar[str]
    default_scenario: ClassVar[str]
    smallest: ClassVar[str]  # name of the scenario in which the contract tests run
    own_metrics: ClassVar[Mapping[str, Metric]]
    seconds_per_tick: ClassVar[float | None] = None
    longest_life: ClassVar[int] = 2**53  # ticks; beyond, floats no longer tell two of them apart
    title: ClassVar[str] = ""  # of its row in the gallery; empty: its name
    about: ClassVar[str] = ""  # the same in a sentence
    agent_noun: ClassVar[str] = "agent"
    start_ticks_per_s: ClassVar[float] = 20.0  # with which the page opens it
    compared_with: ClassVar[tuple[str, ...]] = ()  # baselines that matter most, the first one first
    theory_tones: ClassVar[Mapping[str, Literal["plain", "bad"]]] = {}  # of lines of theory that are not good
    parameters_at_reset: P
    state: S
    decision_space: Space
    learners: list[Learner]
    _scenario: Scenario[P]

    @property
    def headline(self) -> tuple[str, ...]:
        """The metrics to show first; the first of all, by which people see whether agents learn, is what they want."""
        return ("reward",)

    def check_life(self, ticks: int) -> None:
        """Refuse what would go on beyond the longest life (raises EndOfLife)."""
        if self.tick + ticks > self.longest_life:
            most = f"a world of {self.domain} lives for {self.longest_life:,} ticks at most"
            remedy = "go on with world.restart(), which keeps what agents know"
            raise EndOfLife(f"{most}, and this one is {self.tick:,} old; {remedy}")

    # A Games is a World whatever its parameters are, so P is covariant, though three methods take it: they are called
    # by the world itself alone, with its own parameters.
    def make_graph(self, parameters: P) -> nx.Graph:  # type: ignore[misc]  # see above
        """The graph that connects the agents; here the one that the parameters describe."""
        if not isinstance(parameters, GraphParameters):
            raise NotImplementedError(f"{type(self).__name__} needs make_graph: its parameters describe no graph")
        return topology.build(parameters, self._scenario.where)

    def name_agents(self) -> list[str]:
        """Names of the agents in order; here the nodes of the graph."""
        return [data["name"] for _, data in self.graph.nodes(data=True)]

    def neighbours(self) -> list[list[int]]:
        """Neighbours of every agent; here in the graph."""
        return [sorted(self.graph[i]) for i in range(len(self.agent_names))]

    def derive(self, parameters: P) -> Any:  # type: ignore[misc]  # see make_graph
        """All that follows from the parameters of one regime block, a NamedTuple of arrays of fixed shapes."""
        raise NotImplementedError

    def make_state(self, blocks: list[P], derived: Any) -> S:
        """Arrays of the world at tick 0; `derived` holds `derive` of every block, stacked (B, ...)."""
        raise NotImplementedError

    def count(self) -> tuple[int, int, int]:
        """Numbers of states S, actions K and features F of an agent."""
        raise NotImplementedError

    def group_of(self, agent: int) -> tuple[int, int]:
        """Group of an agent, and its place among the group's members."""
        raise NotImplementedError

    def random_play(self) -> np.ndarray | None:
        """Mean reward (A, K) of each action when the others act at random; None where it is not known."""
        return None

    def public(self) -> list[str]:
        """Names of what everybody sees of the outside world; `advance` writes to `turn.public` where it has room."""
        return []

    def audit(self) -> str:
        """Which arrays of a file contradict each other, where kernels rely on their agreement; empty if none do.

        The limits that arrays declare (`engine.limits`) are checked before.
        """
        return ""

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """What theory says of a metric: name of the line -> one value per regime block."""
        return {}

    def clock_text(self) -> str:
        """The present time in words."""
        return f"tick {self.tick:,}"

    def name_actions(self) -> list[str]:
        """Names of the actions in order."""
        return [f"action {action}" for action in range(self.decision_space.actions)]

    def scene(self) -> dict[str, Any]:
        """What a picture draws once, JSON-able; `kind` names the painter. Here all that the painter of graphs needs."""
        pairs = {(min(i, j), max(i, j)) for i, near in enumerate(self.neighbours()) for j in near}
        places = topology.places(self.graph, len(self.agent_names))
        return {
            "kind": self.domain,
            "nodes": [{"name": n, "x": x, "y": y} for n, (x, y) in zip(self.agent_names, places, strict=True)],
            "edges": sorted(map(list, pairs)),
            "actions": self.name_actions(),
        }

    def frame(self) -> dict[str, np.ndarray]:
        """What a picture draws again and again, as small contiguous arrays; here actions and rewards (A,)."""
        return {
            "actions": self.turn.actions.astype(np.min_scalar_type(self.decision_space.actions)),
            "rewards": self.turn.rewards.astype(np.float32),
        }

    def panels(self) -> list[Panel]:
        """What the page shows beside the picture."""
        return []

    def notes(self) -> list[str]:
        """What a user should know about this run before trusting its numbers, one sentence each."""
        return []

    def inspect(self, agent: int) -> Inspection:
        """What one agent sees, knows and would do; here what it does."""
        action, reward = self.name_actions()[self.turn.actions[agent]], self.turn.rewards[agent]
        return Inspection.of(self, agent, f"Chose {action} and earned {reward:.3g}.")
