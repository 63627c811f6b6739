"""How cars arrive, wait, go, and collide.

The crossing is two one-lane roads; cars drive straight on (no turns), and the whole box is one place that two roads
cannot use at once, while cars of one road, also from opposite sides, do not hinder each other. Cars come within sight
as Poisson arrivals, drive freely to their line, wait there in order (they stack up, and take no room), cross in
`cross_s` whether they stood or not, and are away until they are drawn to come back. They choose when to go, not how
fast. A tick is 0.1 s and cars decide at its beginning, but times are real numbers: a car that goes enters at the moment
it reaches its line, or at which the last car of the other road has left. Gaps therefore are what they are in continuous
time.

A car that goes while one of the other road is in the box collides with the one that would leave last. The two stand
there for `clear_s`, nobody enters meanwhile, and both pay. Where two would enter at the same moment, lots say who is
first; where the last car that is away is wanted on two approaches in one tick, the lower-numbered one has it. The
safety layer refuses such a go, and of cars that go in one tick lets one road go: a car gives way to one on its right
that goes too; where all four go, who was first at its line goes.

A trip is an episode: nothing that follows it counts in its returns. What it costs is in `costs.py`.

Sources: a box in which conflicting movements exclude each other is the coarsest grid of Dresner and Stone 2008, Journal
of Artificial Intelligence Research 31; right before left is article 18 of the Vienna Convention on Road Traffic 1968.
"""

import numpy as np

from engine.generic import kernel
from engine.loop import advance
from models.crossing.costs import charge_collision, lose_time
from models.crossing.sight import at_line, entry_s, is_free
from models.crossing.state import DELAY_BINS, GO, IDLE, IN_BOX, ON_LANE, TICK_S, WRECKED, CrossingState, Sum
from models.sums import add_to_fleet

MOST_AT_ONCE = 20  # arrivals of a tick
LOTS = 2.0**40  # makes a lot of a draw's last figures


@kernel
def finish(world, turn, place, delay_s):
    """The car at a place of the box leaves it; its trip, an episode, has ended."""
    car = world.box[place]
    world.box_number[0] -= 1
    world.box[place] = world.box[world.box_number[0]]
    world.where[car] = IDLE
    world.idle[world.idle_number[0]] = car
    world.idle_number[0] += 1
    turn.weight[car] = 0.0
    world.sums[Sum.FINISHED] += 1.0
    world.delays[min(int(delay_s), DELAY_BINS - 1)] += 1


@kernel
def leave(world, turn, now_s):
    """Cars whose time in the box is over leave it, and wrecks that have been cleared away."""
    place = 0
    while place < world.box_number[0]:
        car = world.box[place]
        if world.leave_s[car] > now_s:
            place += 1
            continue
        delay_s = world.enter_s[car] - world.free_s[car]
        if world.where[car] == WRECKED:
            delay_s = world.leave_s[car] - world.free_s[car]
        finish(world, turn, place, delay_s)


@kernel
def arrive(world, turn, block, now_s, rng):
    """Cars that are away come within sight: per approach one draw says how many and when, one who.

    Returns the lot of this tick, 0 to 7, from figures of the draws that nothing else uses.
    """
    lot = 0
    for side in range(4):
        when, who = rng.random(), rng.random()
        chance = world.derived.no_arrival[block, side]
        below, number = 0.0, 0
        while when >= below + chance and number < MOST_AT_ONCE:
            below += chance
            number += 1
            chance *= world.derived.arrivals_veh[block, side] / number
        if turn.public.size > 0:
            turn.public[side] = number
        part = min(max((when - below) / chance, 0.0), 1.0) if number > 0 else 0.0  # even, given the number
        for k in range(number):
            come(world, side, now_s + TICK_S * (k + part) / number, who, world.derived.approach_s[block], block)
        lot ^= int(who * LOTS) & 7
    return lot


@kernel
def come(world, side, sight_s, who, approach_s, block):
    """One car comes within sight, if one is away and its lane has room."""
    if world.idle_number[0] == 0 or world.on_lane[side] == world.lane_veh[0]:
        world.sums[Sum.TURNED_AWAY] += 1.0
        return
    place = int(who * world.idle_number[0])
    car = world.idle[place]
    world.idle_number[0] -= 1
    world.idle[place] = world.idle[world.idle_number[0]]
    world.where[car], world.side[car] = ON_LANE, side
    world.next_due[car], world.start_s[car] = 0, 0.0
    world.sight_s[car], world.free_s[car] = sight_s, sight_s + approach_s
    world.line_s[car] = max(world.free_s[car], world.last_entry_s[side] + world.derived.follow_up_s[block])
    world.ring[side, (world.head[side] + world.on_lane[side]) & (world.ring.shape[1] - 1)] = car
    world.on_lane[side] += 1
    world.sums[Sum.BORN] += 1.0
    add_to_fleet(world.fleets, car, 0.0, 1.0)


@kernel
def claim(world, turn, block, now_s):
    """Who goes in this tick, by side: those who chose to, less those whom the safety layer holds back."""
    safe = world.derived.safety_layer[block]
    for side in range(4):
        world.going[side] = -1
        car = at_line(world, side, now_s)
        if car < 0 or not turn.deciding[car]:
            continue
        world.next_due[car] = turn.tick[0] + world.derived.decide_every[block]
        if turn.actions[car] == GO and not (safe and not is_free(world, side & 1, now_s)):
            world.going[side] = car
    if safe:
        let_one_road_go(world)


@kernel
def let_one_road_go(world):
    """Where cars of both roads go, hold back those of one."""
    if max(world.going[0], world.going[2]) < 0 or max(world.going[1], world.going[3]) < 0:
        return
    road = unhindered(world.going)
    if road < 0:
        road = first_at_line(world)
    for side in range(1 - road, 4, 2):
        world.going[side] = -1


@kernel
def unhindered(going):
    """Road of the car that has nobody on its right who goes too; -1 where each has somebody, which takes all four."""
    for side in range(4):
        if going[side] >= 0 and going[(side + 3) & 3] < 0:
            return side & 1
    return -1


@kernel
def first_at_line(world):
    """Road of the car that was first at its line, of four that go."""
    first = 0
    for side in range(1, 4):
        if world.line_s[world.going[side]] < world.line_s[world.going[first]]:
            first = side
    return first & 1


@kernel
def next_to_enter(world, lot, now_s):
    """Side of the car that enters first of those that go, and when, -1 for none; lots decide between equals.

    The eight lots are the ways to go round the four sides: where it begins, and which way it turns.
    """
    first, soonest_s = -1, np.inf
    for place in range(4):
        side = (lot + place * (1 if lot & 4 else 3)) & 3
        if world.going[side] >= 0:
            moment_s = entry_s(world, world.going[side], now_s)
            if moment_s < soonest_s:
                first, soonest_s = side, moment_s
    return first, soonest_s


@kernel
def enter(world, car, moment_s, block):
    """The first car of a lane enters the box; the next one moves up."""
    side = world.side[car]
    for other in ((side + 1) & 3, (side + 3) & 3):
        if world.on_lane[other] > 0 and world.line_s[world.ring[other, world.head[other]]] < moment_s:
            world.sums[Sum.YIELDS] += 1.0
    world.where[car] = IN_BOX
    world.enter_s[car], world.leave_s[car] = moment_s, moment_s + world.derived.cross_s[block]
    world.box[world.box_number[0]] = car
    world.box_number[0] += 1
    world.road_free_s[side & 1] = max(world.road_free_s[side & 1], world.leave_s[car])
    world.last_entry_s[side] = moment_s
    world.crossed[side] += 1
    world.head[side] = (world.head[side] + 1) & (world.ring.shape[1] - 1)
    world.on_lane[side] -= 1
    if world.on_lane[side] > 0:
        following = world.ring[side, world.head[side]]
        world.line_s[following] = max(world.free_s[following], moment_s + world.derived.follow_up_s[block])


@kernel
def collide(world, turn, car, moment_s, block):
    """A car that has just entered collides with the car of the other road that would leave the box last."""
    hit = -1
    for place in range(world.box_number[0]):
        other = world.box[place]
        if (world.side[other] ^ world.side[car]) & 1 and (hit < 0 or world.leave_s[other] > world.leave_s[hit]):
            hit = other
    world.blocked_until_s[0] = moment_s + world.derived.clear_s[block]
    charge_collision(world, turn, car, hit, world.derived.collision_cost_s[block])
    for wreck in (car, hit):
        world.where[wreck], world.leave_s[wreck] = WRECKED, world.blocked_until_s[0]
    for road in range(2):
        world.road_free_s[road] = 0.0
    for place in range(world.box_number[0]):
        other = world.box[place]
        road = world.side[other] & 1
        world.road_free_s[road] = max(world.road_free_s[road], world.leave_s[other])
    world.last_collision[0] = turn.tick[0]
    world.collisions[0] += 1
    world.sums[Sum.COLLISIONS] += 1.0


@advance.body_for(CrossingState)
def advance_crossing(world, turn, rng):
    block, now_s = turn.block[0], turn.tick[0] * TICK_S
    for i in range(turn.rewards.size):
        turn.rewards[i], turn.common[i] = 0.0, 0.0
    leave(world, turn, now_s)
    lot = arrive(world, turn, block, now_s, rng)
    claim(world, turn, block, now_s)
    side, moment_s = next_to_enter(world, lot, now_s)
    while side >= 0 and world.blocked_until_s[0] <= now_s:
        car, world.going[side] = world.going[side], -1
        collides = world.road_free_s[1 - (side & 1)] > moment_s
        enter(world, car, moment_s, block)
        if collides:
            collide(world, turn, car, moment_s, block)
        side, moment_s = next_to_enter(world, lot, now_s)
    lose_time(world, turn, block, now_s)
