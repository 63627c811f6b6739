"""Expected SARSA: SARSA without the luck of the draw in what is done next.

Q_i(s,a) <- Q_i(s,a) + alpha [ r + gamma sum_b pi_i(b|s') Q_i(s',b) - Q_i(s,a) ],  pi_i being epsilon-greedy

Source: van Seijen, van Hasselt, Whiteson and Wiering 2009, ADPRL. The same mean target as SARSA with less variance, so
it bears larger learning rates; without exploration it is Q-learning. Epsilon is the one after this decision.
Known to fail: like SARSA it learns the value of exploring, and it averages over its own choice only; what other
learners will do is as noisy as before.
"""

import numpy as np

from learners.base import Space
from learners.sarsa import Sarsa, SarsaMind


class ExpectedSarsa(Sarsa):
    """Expected SARSA: learns from the mean over what it may do next."""

    def begin(self, space: Space, rng: np.random.Generator) -> SarsaMind:
        """Tables of initial values."""
        return super().begin(space, rng)._replace(expected=True)
