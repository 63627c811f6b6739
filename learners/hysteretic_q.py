"""Hysteretic Q-learning: good news is learned fast, bad news slowly, because others' exploration looks like bad luck.

delta = r + gamma max_a' Q_i(s',a') - Q_i(s,a);  Q_i(s,a) <- Q_i(s,a) + (alpha if delta >= 0 else beta) delta

Source: Matignon, Laurent and Le Fort-Piat 2007, IROS. It is optimistic: where rewards themselves are noisy it
overrates risky actions (partially stochastic climbing game).
"""

import numpy as np
from pydantic import Field

from learners.base import Space
from learners.q import Q, QMind


class HystereticQ(Q):
    """Hysteretic Q-learning: Q-learning with a smaller rate for bad news."""

    bad_news: float = Field(0.1, ge=0, le=1, description="Learning rate for bad news beta, as a share of alpha.")

    def begin(self, space: Space, rng: np.random.Generator) -> QMind:
        """Tables of initial values."""
        return super().begin(space, rng)._replace(bad_news=self.bad_news)
