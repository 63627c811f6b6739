"""Rules that know the market: what learners are compared with."""

from engine.loop import act
from models.grid import state as at
from models.grid.game import best_reply, quiet
from models.grid.market import hour_of
from models.rule import Rule


class Truthful(Rule):
    """Offer everything at cost (the lowest choice); storage rests, and the regulator leaves the highest cap."""


class BestResponse(Rule):
    """Reply best, in the order of the companies, to what the others did at this hour of the day before.

    Where everyone replies so, the market comes to rest at a pure equilibrium or circles; storage and the regulator
    take the market as it is.
    """


@act.body_for(Truthful.Mind)
def act_truthful(mind, members, turn, world, rng):
    quiet(world, turn.block[0], world.asked)
    for i in members:
        turn.actions[i] = world.asked[i]


@act.body_for(BestResponse.Mind)
def act_best_response(mind, members, turn, world, rng):
    block, hour = turn.block[0], hour_of(world, turn)
    companies = world.first_offer.size - 1
    for i in members:
        if i >= companies:
            quiet(world, turn.block[0], world.asked)
            turn.actions[i] = world.asked[i]
    for j in range(turn.actions.size):
        world.asked[j] = world.choices[hour % at.HOURS, j] if j < companies else turn.actions[j]
    for i in members:
        if i < companies:
            world.asked[i] = best_reply(world, block, hour, i)
            turn.actions[i] = world.asked[i]
