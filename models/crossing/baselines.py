"""Rules that know the crossing: what learners must beat.

Bodies read the world's arrays, look at every tick whether a car at its line goes, and never go into an occupied box.
They learn nothing and draw nothing.
"""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from engine.generic import kernel
from engine.loop import act
from models.crossing.sight import at_line, has_turn, is_free
from models.crossing.state import GO, ON_LANE, TICK_S, YIELD
from models.rule import Rule


class AllWayStop(Rule):
    """The road whose car was first at its line goes, both ways at once.

    Under load roads take turns of one car on each side.
    """


class FixedTime(Rule):
    """A signal that knows no cars: go at green. Greens are Webster's for the demand of each regime."""

    title: ClassVar[str] = "fixed plan"

    offset_s: float = Field(0.0, ge=0, le=300, description="When the first green of north-south begins.")


class GapAcceptance(Rule):
    """One road has priority, cars of the other wait for a gap that is long enough.

    The defaults are near those of the Highway Capacity Manual for a two-lane major road. A gap is the time from one car
    to the next on the major road, as far as a driver sees (`approach_s` ahead).
    """

    major: Literal["north_south", "east_west"] = Field("north_south", description="The road that has priority.")
    critical_gap_s: float = Field(6.2, gt=0, le=60, description="Shortest gap that a first car takes.")
    follow_up_s: float = Field(3.3, gt=0, le=60, description="Time between two cars that use the same gap.")


class FirstCome(Rule):
    """Every car that comes within sight reserves the first time at which the box is free for it.

    Source: first come, first served of Dresner and Stone 2008, Journal of Artificial Intelligence Research 31, with the
    box as one tile.
    """


@kernel
def decides(world, turn, car, now_s):
    """Whether a car is at its line and may go; rules decide at every tick."""
    turn.deciding[car] = (
        world.where[car] == ON_LANE
        and world.blocked_until_s[0] <= now_s
        and at_line(world, world.side[car], now_s) == car
    )
    return turn.deciding[car]


@act.body_for(AllWayStop.Mind)
def act_all_way_stop(mind, members, turn, world, rng):
    now_s = turn.tick[0] * TICK_S
    for i in members:
        if decides(world, turn, i, now_s):
            turn.actions[i] = GO if has_turn(world, world.side[i] & 1, now_s) else YIELD


@act.body_for(FixedTime.Mind)
def act_fixed_time(mind, members, turn, world, rng):
    block, now_s = turn.block[0], turn.tick[0] * TICK_S
    first, second = world.derived.green_s[block, 0], world.derived.green_s[block, 1]
    cross_s = world.derived.cross_s[block]
    place = (now_s - mind.offset_s) % (first + second + 2.0 * cross_s)
    green = 0 if place < first else (1 if first + cross_s <= place < first + cross_s + second else -1)
    for i in members:
        if decides(world, turn, i, now_s):
            road = world.side[i] & 1
            turn.actions[i] = GO if road == green and is_free(world, road, now_s) else YIELD


@kernel
def next_major_s(world, road):
    """When the next car of a road reaches its line, as far as can be seen."""
    soonest = np.inf
    for side in range(road, 4, 2):
        if world.on_lane[side] > 0:
            soonest = min(soonest, world.line_s[world.ring[side, world.head[side]]])
    return soonest


@act.body_for(GapAcceptance.Mind)
def act_gap_acceptance(mind, members, turn, world, rng):
    block, now_s, major = turn.block[0], turn.tick[0] * TICK_S, mind.major
    cross_s = world.derived.cross_s[block]
    # A gap begins as a car of the major road enters, and can be used once that has crossed
    enough_s = max(mind.critical_gap_s - cross_s, cross_s)
    for i in members:
        if not decides(world, turn, i, now_s):
            continue
        side = world.side[i]
        turn.actions[i] = YIELD
        if side & 1 == major:
            turn.actions[i] = GO if is_free(world, major, now_s) else YIELD
            continue
        follows_s = world.last_entry_s[side] + mind.follow_up_s
        start_s = max(max(now_s, world.line_s[i]), max(world.road_free_s[major], follows_s))
        if start_s < now_s + TICK_S and next_major_s(world, major) - start_s >= enough_s:
            turn.actions[i], world.start_s[i] = GO, start_s


@kernel
def earliest_s(world, car, follow_up_s):
    """When a car could enter the box if only its own lane counted, where those ahead have reserved."""
    side, ahead_s = world.side[car], -1e9
    for k in range(world.on_lane[side]):
        other = world.ring[side, (world.head[side] + k) & (world.ring.shape[1] - 1)]
        if other == car:
            break
        ahead_s = max(ahead_s, world.start_s[other])
    return max(world.free_s[car], max(world.last_entry_s[side], ahead_s) + follow_up_s)


@kernel
def reserve(world, car, block, now_s):
    """Give a car the first time at which its lane is ready and no reservation of the other road overlaps."""
    cross_s, road = world.derived.cross_s[block], world.side[car] & 1
    start_s, moved = earliest_s(world, car, world.derived.follow_up_s[block]), True
    while moved:
        moved = False
        for j in range(world.where.size):
            theirs_s = world.start_s[j]
            if theirs_s + cross_s <= now_s or (world.side[j] & 1) == road:
                continue
            if start_s < theirs_s + cross_s and theirs_s < start_s + cross_s:
                start_s, moved = theirs_s + cross_s, True
    world.start_s[car] = start_s


@kernel
def next_to_reserve(members, world):
    """The member that came within sight first of those who have no reservation, -1 where all have one."""
    first = -1
    for i in members:
        if world.where[i] == ON_LANE and world.start_s[i] == 0.0:
            first = i if first < 0 or world.sight_s[i] < world.sight_s[first] else first
    return first


@kernel
def is_first(world, car):
    """Whether no car of the other road that is still to enter has an earlier reservation: a wreck makes some late."""
    road = world.side[car] & 1
    for j in range(world.where.size):
        if world.where[j] == ON_LANE and (world.side[j] & 1) != road and 0.0 < world.start_s[j] < world.start_s[car]:
            return False
    return True


@act.body_for(FirstCome.Mind)
def act_first_come(mind, members, turn, world, rng):
    now_s = turn.tick[0] * TICK_S
    car = next_to_reserve(members, world)
    while car >= 0:
        reserve(world, car, turn.block[0], now_s)
        car = next_to_reserve(members, world)
    for i in members:
        if world.where[i] == ON_LANE and decides(world, turn, i, now_s):
            may = world.start_s[i] < now_s + TICK_S and is_free(world, world.side[i] & 1, now_s)
            turn.actions[i] = GO if may and is_first(world, i) else YIELD
