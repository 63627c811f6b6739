"""What a network is shown of an agent: the world's features, or one input per state; then one input per agent.

Features pass through sign(x) log(1 + |x|) (symlog: Hafner et al. 2023, arXiv 2301.04104). Nobody resets a world, so a
network meets queues ten times as long as usual; hidden units saturated by them can no longer learn a way out.

One network decides for all agents of a group (parameter sharing). An input of its own for each agent lets them differ
all the same: agent indication, Gupta, Egorov and Kochenderfer 2017 (AAMAS workshops) and Terry et al. 2020, arXiv
2005.13625.
"""

from typing import NamedTuple, Self

import numpy as np

from learners.base import Space
from scenarios.schema import ScenarioError

STATES_MOST = 4096  # inputs for the states of a world without features
AGENTS_MOST = 256  # inputs for agents; larger groups are not told apart


class Sight(NamedTuple):
    """Sizes of the parts of what is shown; 0 where a part is missing."""

    features: int
    states: int
    agents: int

    @classmethod
    def of(cls, space: Space, apart: bool) -> Self:
        """What a group with this space is shown.

        Raises
        ------
        ScenarioError
            Where a world without features has more states than a network can be shown one by one.
        """
        if not space.features and space.states > STATES_MOST:
            raise ScenarioError(
                f"this world has no features, so a network gets one input per state, at most {STATES_MOST:,}; here "
                f"are {space.states:,}. Let agents see less, or take a learner with a table, such as q"
            )
        told = space.agents if apart and 1 < space.agents <= AGENTS_MOST else 0
        return cls(space.features, 0 if space.features else space.states, told)

    @property
    def inputs(self) -> int:
        """Length of what is shown."""
        return self.features + self.states + self.agents

    def show(self, places: np.ndarray, states: np.ndarray, features: np.ndarray) -> np.ndarray:
        """What agents see, (n, inputs) float32, from their places in the group (n,), states (n,), features (n, F)."""
        seen = np.zeros((places.size, self.inputs), np.float32)
        rows = np.arange(places.size)
        if self.features:
            seen[:, : self.features] = np.sign(features) * np.log1p(np.abs(features))
        else:
            seen[rows, states] = 1.0
        if self.agents:
            seen[rows, self.inputs - self.agents + places] = 1.0
        return seen
