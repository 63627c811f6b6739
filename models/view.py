"""Agents as Mesa sees them: named views on the arrays of a world."""

from typing import Any, Protocol

import mesa
import numpy as np

from engine.turn import Turn


class Held(Protocol):
    """What views ask of a world."""

    agent_names: list[str]
    turn: Turn

    @property
    def tick(self) -> int:
        """Ticks done."""

    @property
    def state(self) -> Any:
        """Its arrays, in the type of its world."""

    def values(self, agent: int) -> np.ndarray | None:
        """Values (S, K) an agent has learned."""


class View(mesa.Agent):
    """One agent of a world: a named view on its arrays."""

    model: Held

    def __init__(self, model: mesa.Model, index: int) -> None:
        super().__init__(model)
        self.index, self.name = index, self.model.agent_names[index]

    def step(self) -> None:
        """Agents do not move by themselves (raises NotImplementedError)."""
        raise NotImplementedError(
            f"{self.name}: all agents of a world move at once, in compiled code; call world.step() or world.run(ticks)"
        )

    advance = step

    def remove(self) -> None:
        """Agents do not leave (raises NotImplementedError)."""
        raise NotImplementedError(
            f"{self.name}: the agents of a world are set when it is made; make it with fewer (models.make)"
        )

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
        """Its greedy action in every state, (S,)."""
        values = self.values
        return None if values is None else values.argmax(axis=1)
