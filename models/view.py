"""Agents as Mesa sees them: named views on the arrays of a world."""

from typing import Any, Protocol

import mesa
import numpy as np

from engine.turn import Turn
from models.mesa_refusals import AGENTS, STEPS, refuse
from models.mesa_space import Topology


class Held(Protocol):
    """What views ask of a world."""

    agent_names: list[str]
    turn: Turn

    @property
    def space(self) -> Topology:
        """The graph with the agents at their nodes."""

    @property
    def tick(self) -> int:
        """Ticks done."""

    @property
    def state(self) -> Any:
        """Its arrays, in the type of its world."""

    def values(self, agent: int) -> np.ndarray | None:
        """Values (S, K) an agent has learned."""

    def preferred(self, agent: int) -> np.ndarray | None:
        """What an agent does in every state if it does not explore, (S,)."""


class View(mesa.Agent):
    """One agent of a world: a named view on its arrays."""

    _made = False
    model: Held

    def __init__(self, model: mesa.Model, index: int) -> None:
        super().__init__(model)
        self.index, self.name = index, self.model.agent_names[index]

    def __setattr__(self, name: str, value: Any) -> None:
        """Set nothing once it is made (raises AttributeError): a view shows arrays, and forks and files have others."""
        if self._made:
            raise AttributeError(
                f"{self.name}.{name} = ... changes nothing: a view shows what its learner and the world do; call "
                "world.change(...), write a learner, or keep numbers of your own beside the world (world.watch)"
            )
        super().__setattr__(name, value)

    step = advance = refuse(STEPS)
    remove = refuse(AGENTS)

    @property
    def cell(self) -> Any:
        """The node where it is, in the space of its world."""
        return self.model.space.homes[self.index]

    @property
    def action(self) -> int:
        """The action it holds."""
        return int(self.model.turn.actions[self.index])

    @property
    def state(self) -> int:
        """Number of the state in which it last decided."""
        return int(self.model.turn.past_states[self.index])

    @property
    def reward(self) -> float:
        """Its own reward in the last tick."""
        return float(self.model.turn.rewards[self.index])

    @property
    def values(self) -> np.ndarray | None:
        """Values (S, K) it has learned."""
        return self.model.values(self.index)

    @property
    def policy(self) -> np.ndarray | None:
        """What it does in every state if it does not explore, (S,)."""
        return self.model.preferred(self.index)
