"""A world as a Mesa model: its agents and its space as Mesa knows them, and what Mesa may not do to it."""

from collections.abc import Hashable, Sequence
from typing import Any, Self

import mesa
import networkx as nx

from engine.turn import Turn
from models.alone import alone
from models.mesa_refusals import AGENTS, OTHERWISE, PARAMETERS, REMEDIES, STREAMS, Everyone, refuse
from models.mesa_space import Topology
from models.view import View
from scenarios import Scenario
from scenarios.schema import slip

FREE = ("running", "agent_id_counter")  # the second is set by Mesa 3.5, as it numbers agents


class MesaModel(mesa.Model):
    """What Mesa's tools ask of a model; `_made` names what may not be set, from when a world is made."""

    graph: nx.Graph
    turn: Turn
    agent_names: list[str]
    _scenario: Scenario
    _made: frozenset[str] = frozenset()
    _everyone: Everyone | None = None
    _space: Topology | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a class with its own `step` (raises TypeError): compiled runs would never call it."""
        if "step" in cls.__dict__ and any("run" in base.__dict__ for base in cls.__mro__[1:]):
            raise TypeError(
                f"{cls.__name__}.step would never be called by run(). Write what a world does in a tick as a body of "
                "`advance` (docs/add-a-world.md); to measure something while it runs, use world.watch"
            )
        super().__init_subclass__(**options)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute of one's own, or `running`; others change nothing (raises AttributeError)."""
        if self._made and name[0] != "_" and name not in FREE and not self._is_mesas(name, value):
            known = type(self._scenario.world).model_fields
            meant = name if name in known else "" if hasattr(self, name) else slip(name, known)
            if meant:
                raise AttributeError(f"world.{name} = ... changes nothing: {PARAMETERS.format(name=meant)}")
            if name in self._made:
                raise AttributeError(f"world.{name} = ... changes nothing: {REMEDIES.get(name, OTHERWISE)}")
        super().__setattr__(name, value)

    def _wrapped_step(self, *arguments: Any, **keywords: Any) -> None:
        """What Mesa puts in place of `step`; Mesa 3.5 moves its clock first, so another thread is refused here."""
        with alone(self):
            pass
        super()._wrapped_step(*arguments, **keywords)

    def _replace(self, **parts: Any) -> Self:
        """Put parts in place of its own; as in a NamedTuple, whoever gives them knows that they fit."""
        for name, value in parts.items():
            super().__setattr__(name, value)
        return self

    @property
    def tick(self) -> int:
        """Ticks done."""
        return int(self.turn.tick[0])

    @property
    def steps(self) -> int:
        """Ticks done; Mesa counts them too."""
        return self.tick

    @steps.setter
    def steps(self, mesas_own: int) -> None:
        """Mesa's own count is not kept."""

    def _is_mesas(self, name: str, value: Any) -> bool:
        """Whether Mesa's clock is being moved: by Mesa itself, which counts a step before it is taken."""
        return name in ("steps", "time") and abs(value - self.tick) <= 1

    # Agents ----------------------------------------------------------------------------------------------------

    def make_agent(self, index: int) -> View:
        """A named view on the arrays of one agent."""
        return View(self, index)

    @property
    def agents(self) -> Everyone:
        """Views on the arrays as a set of Mesa's, built when asked for."""
        if self._everyone is None:
            views = [self.make_agent(i) for i in range(len(self.agent_names))]
            self._everyone = Everyone.of(views, self.random)
            for view in views:
                view._made = True
        return self._everyone

    @property
    def agents_by_type(self) -> dict[type, Everyone]:
        """The agents of each class of views, in a dictionary of its own."""
        kinds = dict.fromkeys(map(type, self.agents))
        return {kind: Everyone.of((a for a in self.agents if type(a) is kind), self.random) for kind in kinds}

    @property
    def agent_types(self) -> list[type]:
        """The classes of the views."""
        return list(self.agents_by_type)

    @property
    def space(self) -> Topology:
        """The graph with the agents at their nodes, for Mesa's drawing tools; learners get `decision_space`."""
        if self._space is None:
            self._space = Topology(self.graph, list(self.agents), self.homes())
        return self._space

    def homes(self) -> Sequence[Hashable]:
        """The node of the graph where each agent is; here its own (raises NotImplementedError where it has none)."""
        if len(self.graph) != len(self.agent_names):
            raise NotImplementedError(
                f"{type(self).__name__}: {len(self.agent_names)} agents and {len(self.graph)} nodes; its class needs a "
                "method homes() that gives the node where each agent is"
            )
        return list(self.graph)

    def register_agent(self, agent: Any) -> None:
        """Let Mesa know a view; agents of one's own cannot join (raises TypeError)."""
        if not isinstance(agent, View):
            raise TypeError(
                f"{type(agent).__name__} cannot join: the agents of a world are set by its scenario, and world.agents "
                "are views on them; write a learner to decide for them (learners.base.PythonLearner)"
            )
        super().register_agent(agent)

    deregister_agent = remove_all_agents = refuse(AGENTS)
    reset_rng = reset_randomizer = refuse(STREAMS)
