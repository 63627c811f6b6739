"""Hysteretic Q-learning: good news is learned fast, bad news slowly, because others' exploration looks like bad luck.

delta = r + gamma max_a' Q_i(s',a') - Q_i(s,a);  Q_i(s,a) <- Q_i(s,a) + (alpha if delta >= 0 else beta) delta

beta being `bad_news` times alpha. Source: Matignon, Laurent and Le Fort-Piat 2007, IROS. With `bad_news` 0 it is the
optimistic rule of Lauer and Riedmiller 2000 (ICML), which finds the best joint action wherever payoffs are certain.
Known to fail: where payoffs are up to chance it believes in luck (partially stochastic climbing game); what was right
once is unlearned slowly when the world changes; and cheating a cooperator is good news to it (prisoner's dilemma).
"""

import numpy as np
from pydantic import Field

from learners.base import Space
from learners.q import Q, QMind


class HystereticQ(Q):
    """Hysteretic Q-learning: Q-learning with a smaller rate for bad news."""

    bad_news: float = Field(0.1, ge=0, le=1, description="Learning rate beta for bad news, as a share of alpha.")

    def begin(self, space: Space, rng: np.random.Generator) -> QMind:
        """Tables of initial values."""
        return QMind(**self.begin_tables(space, rng), bad_news=self.bad_news)
