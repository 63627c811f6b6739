"""Rules that know the crossing: what learners must beat.

Bodies read the world's arrays, look at every tick whether a car at its line goes, and never go into an occupied box.
They learn nothing and draw nothing.
"""

from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import kernel
from engine.loop import act
from learners.base import Learner, Space
from models.crossing.sight import at_line, has_turn, is_free
from models.crossing.state import GO, ON_LANE, TICK_S, YIELD


class StopMind(NamedTuple):
    """Nothing to know."""

    nothing: np.ndarray  # (0,)


class SignalMind(NamedTuple):
    """Nothing to know but the clock; the plan is the world's."""

    offset_s: np.ndarray  # (1,) float64


class GapMind(NamedTuple):
    """What gaps a driver takes."""

    major: np.ndarray  # (1,) int64, the road that has priority
    critical_gap_s: np.ndarray  # (1,) float64
    follow_up_s: np.ndarray  # (1,) float64
    next_entry_s: np.ndarray  # (4,) float64, when the next car of a lane may follow the last


class ReservationMind(NamedTuple):
    """Who may enter the box when; n cars."""

    asked_s: np.ndarray  # (n,) float64, when the trip began for which the reservation is
    start_s: np.ndarray  # (n,) float64, when the car may enter
    lane_start_s: np.ndarray  # (4,) float64, the latest reservation of each approach


class AllWayStop(Learner):
    """The road whose car was first at its line goes, both ways at once; under load roads take turns of one car a side."""

    def begin(self, space: Space, rng: np.random.Generator) -> StopMind:
        """Nothing to keep."""
        return StopMind(np.empty(0))


class FixedTime(Learner):
    """A signal that knows no cars: go at green. Greens are Webster's for the demand of each regime."""

    offset_s: float = Field(0.0, ge=0, le=300, description="When the first green of north-south begins.")

    def begin(self, space: Space, rng: np.random.Generator) -> SignalMind:
        """Keep the offset."""
        return SignalMind(np.array([self.offset_s]))


class GapAcceptance(Learner):
    """One road has priority, cars of the other wait for a gap that is long enough.

    Defaults are those of the issue's table, near the Highway Capacity Manual's for a two-lane major road. A gap counts
    from car to car on the major road, in all that a driver sees (`approach_s` ahead).
    """

    major: Literal["north_south", "east_west"] = Field("north_south", description="The road that has priority.")
    critical_gap_s: float = Field(6.2, gt=0, le=60, description="Shortest gap that a first car takes.")
    follow_up_s: float = Field(3.3, gt=0, le=60, description="Time between two cars that use one gap.")

    def begin(self, space: Space, rng: np.random.Generator) -> GapMind:
        """Keep the settings."""
        major = int(self.major == "east_west")
        return GapMind(
            np.array([major]), np.array([self.critical_gap_s]), np.array([self.follow_up_s]), np.zeros(4)
        )


class FirstCome(Learner):
    """Every car that comes within sight reserves the first time at which the box is free for it.

    Source: first come, first served of Dresner and Stone 2008, Journal of Artificial Intelligence Research 31, with the
    box as one tile.
    """

    def begin(self, space: Space, rng: np.random.Generator) -> ReservationMind:
        """No reservations."""
        return ReservationMind(np.full(space.agents, -1.0), np.zeros(space.agents), np.full(4, -1e9))


@kernel
def decides(world, turn, car, now_s):
    """Whether a car is at its line and may go; rules decide at every tick."""
    turn.deciding[car] = (
        world.where[car] == ON_LANE
        and world.blocked_until_s[0] <= now_s
        and at_line(world, world.side[car], now_s) == car
    )
    return turn.deciding[car]


@act.body_for(StopMind)
def act_all_way_stop(mind, members, turn, world, rng):
    now_s = turn.tick[0] * TICK_S
    for i in members:
        if decides(world, turn, i, now_s):
            turn.actions[i] = GO if has_turn(world, world.side[i] & 1, now_s) else YIELD


@act.body_for(SignalMind)
def act_fixed_time(mind, members, turn, world, rng):
    block, now_s = turn.block[0], turn.tick[0] * TICK_S
    first, second = world.derived.green_s[block, 0], world.derived.green_s[block, 1]
    cross_s = world.derived.cross_s[block]
    place = (now_s - mind.offset_s[0]) % (first + second + 2.0 * cross_s)
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


@act.body_for(GapMind)
def act_gap_acceptance(mind, members, turn, world, rng):
    block, now_s, major = turn.block[0], turn.tick[0] * TICK_S, mind.major[0]
    cross_s = world.derived.cross_s[block]
    # A gap begins as a car of the major road enters, and can be used once that has crossed
    enough_s = max(mind.critical_gap_s[0] - cross_s, cross_s)
    for i in members:
        if not decides(world, turn, i, now_s):
            continue
        side = world.side[i]
        turn.actions[i] = YIELD
        if side & 1 == major:
            turn.actions[i] = GO if is_free(world, major, now_s) else YIELD
            continue
        start_s = max(max(now_s, world.line_s[i]), max(world.road_free_s[major], mind.next_entry_s[side]))
        if start_s < now_s + TICK_S and next_major_s(world, major) - start_s >= enough_s:
            turn.actions[i] = GO
            mind.next_entry_s[side] = start_s + mind.follow_up_s[0]


@kernel
def reserve(mind, k, members, world, earliest_s, cross_s, now_s):
    """First time from `earliest_s` on at which no reservation of the other road overlaps."""
    start_s, moved, road = earliest_s, True, world.side[members[k]] & 1
    while moved:
        moved = False
        for other in range(members.size):
            j, theirs = members[other], mind.start_s[other]
            if mind.asked_s[other] != world.sight_s[j] or (world.side[j] & 1) == road or theirs + cross_s <= now_s:
                continue
            if start_s < theirs + cross_s and theirs < start_s + cross_s:
                start_s, moved = theirs + cross_s, True
    return start_s


@kernel
def is_first(mind, k, members, world):
    """Whether no car of the other road that is still to enter has an earlier reservation: some are late."""
    road = world.side[members[k]] & 1
    for other in range(members.size):
        j = members[other]
        if world.where[j] == ON_LANE and (world.side[j] & 1) != road and mind.start_s[other] < mind.start_s[k]:
            return False
    return True


@kernel
def next_to_ask(mind, members, world):
    """Place of the member that came within sight first of those who have no reservation, -1 where all have one."""
    first = -1
    for k in range(members.size):
        i = members[k]
        if world.where[i] == ON_LANE and mind.asked_s[k] != world.sight_s[i]:
            first = k if first < 0 or world.sight_s[i] < world.sight_s[members[first]] else first
    return first


@act.body_for(ReservationMind)
def act_first_come(mind, members, turn, world, rng):
    block, now_s = turn.block[0], turn.tick[0] * TICK_S
    cross_s, follow_up_s = world.derived.cross_s[block], world.derived.follow_up_s[block]
    k = next_to_ask(mind, members, world)
    while k >= 0:
        i = members[k]
        side = world.side[i]
        earliest_s = max(world.free_s[i], mind.lane_start_s[side] + follow_up_s)
        mind.start_s[k] = reserve(mind, k, members, world, earliest_s, cross_s, now_s)
        mind.asked_s[k], mind.lane_start_s[side] = world.sight_s[i], mind.start_s[k]
        k = next_to_ask(mind, members, world)
    for k in range(members.size):
        i = members[k]
        if world.where[i] == ON_LANE and decides(world, turn, i, now_s):
            may = mind.start_s[k] < now_s + TICK_S and is_free(world, world.side[i] & 1, now_s)
            turn.actions[i] = GO if may and is_first(mind, k, members, world) else YIELD
