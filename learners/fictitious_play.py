"""Fictitious play: the best reply to how often the others have done what they did.

a_i = argmax_a sum_{a_-i} seen_i(s, a_-i) R_i(s, a, a_-i) / n_i(s),  R_i being the mean payoff met for a joint action

Source: Brown 1951, in Activity Analysis of Production and Allocation. In two-player zero-sum games the frequencies
with which actions are played converge to the equilibrium (Robinson 1951, Annals of Mathematics 54). There payoffs are
known; here they are learned, so it explores at first. Several neighbours are met as one player: their joint actions
are counted. The tables are those of `joint_q` with gamma 0 and rates of 1 / visits.
Known to fail: play itself need not converge, frequencies cycle ever more slowly in Shapley's game (1964), it does not
look ahead, and since all of the past weighs the same, it follows a changed world in proportion to its age.
"""

import numpy as np
from pydantic import Field

from learners.base import Learner, Space
from learners.joint_q import JointMind, JointQ


class FictitiousPlay(Learner):
    """Fictitious play with learned payoffs."""

    initial: float = Field(0.0, description="Expected payoff of a joint action that has not been met.")
    epsilon: float = Field(0.2, ge=0, le=1, description="Share of random actions at the start.")
    half_life: float = Field(
        500.0, gt=0, description="Number of decisions in which the share of random actions halves."
    )

    def begin(self, space: Space, rng: np.random.Generator) -> JointMind:
        """Tables of initial payoffs."""
        return self.rule().begin(space, rng)

    def rule(self) -> JointQ:
        """Joint-action learning that takes the mean of payoffs and does not look ahead."""
        return JointQ(
            alpha_schedule="visits", gamma=0.0, initial=self.initial,
            epsilon=self.epsilon, exploration="exponential", half_life=self.half_life,
        )  # fmt: skip

    def discount(self) -> tuple[float, float]:
        """The future does not count."""
        return 0.0, 1.0

    def policy(self, mind: JointMind, member: int) -> np.ndarray:
        """Payoffs (S, K) expected against the frequencies met."""
        return self.rule().policy(mind, member)

    def visits(self, mind: JointMind, member: int) -> np.ndarray:
        """How often each own action was learned from, (S, K)."""
        return self.rule().visits(mind, member)
