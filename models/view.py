"""Agents as Mesa sees them: named views on the arrays of a world."""

from typing import Any

import mesa
import numpy as np


class View(mesa.Agent):
    """One agent of a world: a named view on its arrays."""

    def __init__(self, model: Any, index: int) -> None:
        super().__init__(model)
        self.index, self.name = index, model.agent_names[index]

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
