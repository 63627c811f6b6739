"""Rules that know the market: what learners are compared with."""

from engine.loop import act
from models.rule import Rule


class Competitive(Rule):
    """The choice nearest to the static Nash equilibrium, in every period."""


class Cartel(Rule):
    """The choice nearest to the highest sum of profits: a cartel that holds."""


class BestReply(Rule):
    """The choice that earns most in this period if the others repeat theirs (Cournot's adjustment)."""


@act.body_for(Competitive.Mind)
def act_competitive(mind, members, turn, world, rng):
    for i in members:
        if turn.deciding[i]:
            turn.actions[i] = world.derived.competitive[turn.block[0], i]


@act.body_for(Cartel.Mind)
def act_cartel(mind, members, turn, world, rng):
    for i in members:
        if turn.deciding[i]:
            turn.actions[i] = world.derived.joint_optimum[turn.block[0], i]


@act.body_for(BestReply.Mind)
def act_best_reply(mind, members, turn, world, rng):
    for i in members:
        if turn.deciding[i]:
            turn.actions[i] = world.derived.reply[turn.block[0], world.joint[0], i]
