"""When a car decides, and what it sees: its own wait, the box, and the cars that come from its left and right.

A car is due when it reaches its line and every `decide_every_s` from then on, as long as no wreck blocks the box. The
box is free for it if the cars of the other road will have left it within this tick. Of each approach on the other road
it sees the first car: nobody, coming, close, or at its line, and then which of the two was there first. It also sees
whether more cars wait on its own road or on the other.
"""

import numpy as np

from engine.generic import kernel
from engine.loop import due, observe
from models.crossing.state import TICK_S, CrossingState

FREE, OWN_ROAD, OTHER_ROAD = 0, 1, 2  # who is in the box
NOBODY, COMING, CLOSE, CAME_AFTER, CAME_BEFORE = 0, 1, 2, 3, 4  # the first car of an approach
CLOSE_S = 3.0
WAIT_EDGES_S = (1.0, 5.0, 15.0)
MORE_VEH = 3  # cars by which one queue must be longer to be called so
STATES = 3 * 5 * 5 * 4 * 3
FEATURES = 9
LONGEST_SEEN_S, MOST_SEEN_VEH = 30.0, 10.0  # features are cut off here


@kernel
def at_line(world, side, now_s):
    """The first car of a lane if it is at its line before this tick ends, else -1."""
    if world.on_lane[side] == 0:
        return -1
    car = world.ring[side, world.head[side]]
    return car if world.line_s[car] < now_s + TICK_S else -1


@kernel
def is_free(world, road, now_s):
    """Whether the other road's cars will have left the box within this tick."""
    return world.road_free_s[1 - road] < now_s + TICK_S


@kernel
def entry_s(world, car, now_s):
    """When a car that goes now enters the box: at its line, not before it planned to, and as a box gets free.

    The last two count where they fall into this tick.
    """
    moment = max(now_s, world.line_s[car])
    if world.start_s[car] < now_s + TICK_S:
        moment = max(moment, world.start_s[car])
    road = world.side[car] & 1
    return max(moment, world.road_free_s[1 - road]) if is_free(world, road, now_s) else moment


@due.body_for(CrossingState)
def due_crossing(world, turn):
    now_s = turn.tick[0] * TICK_S
    for i in range(turn.deciding.size):
        turn.deciding[i] = False
    if world.blocked_until_s[0] > now_s:
        return
    for side in range(4):
        car = at_line(world, side, now_s)
        if car >= 0 and turn.tick[0] >= world.next_due[car]:
            turn.deciding[car] = True


@kernel
def first_of(world, side, car, now_s):
    """What a car sees of the first car of another approach."""
    if world.on_lane[side] == 0:
        return NOBODY
    other = world.ring[side, world.head[side]]
    if world.line_s[other] < now_s + TICK_S:
        return CAME_BEFORE if world.line_s[other] < world.line_s[car] else CAME_AFTER
    return CLOSE if world.line_s[other] < now_s + CLOSE_S else COMING


@kernel
def in_box(world, road, now_s):
    """Who is in the box, as a car of a road sees it."""
    if not is_free(world, road, now_s):
        return OTHER_ROAD
    return OWN_ROAD if world.road_free_s[road] > now_s else FREE


@kernel
def first_at_line_s(world, road, now_s):
    """When the car of a road that has been at its line for longest reached it; infinite where none is there."""
    soonest = np.inf
    for side in range(road, 4, 2):
        car = at_line(world, side, now_s)
        if car >= 0:
            soonest = min(soonest, world.line_s[car])
    return soonest


@kernel
def has_turn(world, road, now_s):
    """Whether the box is free for a road, and its cars were at the line before those of the other road."""
    if not is_free(world, road, now_s):
        return False
    return first_at_line_s(world, road, now_s) <= first_at_line_s(world, 1 - road, now_s)


@kernel
def more_wait(world, road):
    """0 where clearly more cars wait on the other road, 2 where on the own one, else 1."""
    more = world.waiting[road] + world.waiting[road + 2] - world.waiting[1 - road] - world.waiting[3 - road]
    return 0 if more <= -MORE_VEH else (2 if more >= MORE_VEH else 1)


@kernel
def wait_bin(wait_s):
    """Class of a wait."""
    number = 0
    for k in range(len(WAIT_EDGES_S)):
        number += wait_s >= WAIT_EDGES_S[k]
    return number


@observe.body_for(CrossingState)
def observe_crossing(world, turn):
    now_s = turn.tick[0] * TICK_S
    for side in range(4):
        car = at_line(world, side, now_s)
        if car < 0 or not turn.deciding[car]:
            continue
        road, left, right = side & 1, (side + 1) & 3, (side + 3) & 3
        box, wait_s = in_box(world, road, now_s), max(0.0, now_s - world.free_s[car])
        from_left, from_right = first_of(world, left, car, now_s), first_of(world, right, car, now_s)
        state = ((box * 5 + from_left) * 5 + from_right) * 4 + wait_bin(wait_s)
        turn.states[car] = state * 3 + more_wait(world, road)
        if turn.features.shape[1] > 0:
            features = turn.features[car]
            features[0] = min(wait_s / LONGEST_SEEN_S, 1.0)
            features[1], features[2] = box == OWN_ROAD, box == OTHER_ROAD
            features[3], features[4] = from_left == CAME_BEFORE, from_right == CAME_BEFORE
            features[5], features[6] = time_to_line(world, left, now_s), time_to_line(world, right, now_s)
            features[7] = min((world.waiting[road] + world.waiting[road + 2]) / MOST_SEEN_VEH, 1.0)
            features[8] = min((world.waiting[1 - road] + world.waiting[3 - road]) / MOST_SEEN_VEH, 1.0)


@kernel
def time_to_line(world, side, now_s):
    """Time until the first car of an approach reaches its line, as a share of 10 s; 1 where there is none."""
    if world.on_lane[side] == 0:
        return 1.0
    return min(max(world.line_s[world.ring[side, world.head[side]]] - now_s, 0.0) / 10.0, 1.0)
