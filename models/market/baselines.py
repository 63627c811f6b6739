"""Rules that know the market, and a learner in hindsight: what learners must beat.

Rules act for traders in a double auction, where they name prices themselves, and for market makers on an exchange,
where they choose among the half-spreads.
"""

from typing import NamedTuple

import numpy as np
from pydantic import Field

from engine.limits import COUNT, FIXED, Limits, below
from engine.loop import act, learn
from learners.base import Learner, Rates, Space, TableLearner, best, choose, step_size
from learners.memory import tables
from models.market.rules import hindsight, offer_at_random, offer_with_margin
from models.rule import Rule


class ZipMind(NamedTuple):
    """Margins of n agents."""

    margin: np.ndarray  # (n,) share of the most that could be asked for
    rate: np.ndarray  # (1,)

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"margin": (0.0, 1.0), "rate": FIXED}


class HindsightMind(NamedTuple):
    """Tables of a group; n agents, S states, K actions."""

    q: np.ndarray  # (tables, S, K)
    visits: np.ndarray  # (tables, S, K) int64
    rows: np.ndarray  # (n,) table of each agent
    rates: Rates
    earned: np.ndarray  # (K,) scratch
    carried: np.ndarray  # (K,) scratch

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"visits": COUNT, "rows": below(len(self.q))}


class Truthful(Rule):
    """The first action: no shading at all, or the narrowest spread."""


class ZeroIntelligence(Rule):
    """Any price that makes no loss (ZI-C), or any price at all (ZI-U); on an exchange any half-spread.

    Source: Gode and Sunder 1993, Journal of Political Economy 101.
    """

    constrained: bool = Field(True, description="Whether prices that make a loss are forbidden (ZI-C).")


class Zip(Learner):
    """A margin that follows the market: asks for more when trades are made there, for less when shouts fall flat.

    After Cliff 1997, HP Labs report HPL-97-91; here a trader hears the last price and whether the market is quiet,
    once in a pass, and margins have no momentum.
    """

    rate: float = Field(
        0.1, ge=0, le=1, description="Share of the distance to its target that a margin moves at a time."
    )

    def begin(self, space: Space, rng: np.random.Generator) -> ZipMind:
        """Margins as in the source, 5 to 35 %."""
        return ZipMind(rng.uniform(0.05, 0.35, space.agents), np.array([self.rate]))


class Counterfactual(TableLearner):
    """Learn what every action would have earned on the flow that was seen, not only the action taken.

    It looks at one decision alone: what follows later does not count.
    """

    def begin(self, space: Space, rng: np.random.Generator) -> HindsightMind:
        """Tables of initial values."""
        q = self.table(space, space.states, space.actions)
        return HindsightMind(
            q=q,
            visits=np.zeros(q.shape, np.int64),
            rows=self.rows(space),
            rates=self.rates(space),
            earned=np.zeros(space.actions),
            carried=np.zeros(space.actions),
        )


@act.body_for(Truthful.Mind)
def act_truthful(mind, members, turn, world, rng):
    for i in members:
        if turn.deciding[i]:
            turn.actions[i] = 0


@act.body_for(ZeroIntelligence.Mind)
def act_zero_intelligence(mind, members, turn, world, rng):
    for i in members:
        offer_at_random(world, turn, i, rng.random(), mind.constrained)


@act.body_for(ZipMind)
def act_zip(mind, members, turn, world, rng):
    for k in range(members.size):
        i = members[k]
        rate = mind.rate[0] if turn.thawed[i] else 0.0
        mind.margin[k] = offer_with_margin(world, turn, i, mind.margin[k], rate)


@tables.body_for(HindsightMind)
def tables_hindsight(mind):
    return mind.q, mind.visits


@learn.body_for(HindsightMind)
def learn_counterfactual(mind, members, turn, world, rng):
    for m in range(members.size):
        i = members[m]
        if not turn.judged[i]:
            continue
        hindsight(world, turn, i, mind.earned, mind.carried)
        table, s = mind.rows[m], turn.past_states[i]
        for a in range(mind.earned.size):
            alpha = step_size(mind.rates, m, mind.visits[table, s, a])
            mind.q[table, s, a] += alpha * (mind.earned[a] - mind.q[table, s, a])
            mind.visits[table, s, a] += 1


@act.body_for(HindsightMind)
def act_counterfactual(mind, members, turn, world, rng):
    for m in range(members.size):
        i = members[m]
        if turn.deciding[i]:
            table, s = mind.rows[m], turn.states[i]
            greedy = best(mind.q[table, s], rng)
            turn.actions[i] = choose(greedy, mind.q.shape[2], m, i, turn, mind.rates, rng)
