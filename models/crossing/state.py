"""Arrays of the crossing.

A cars, B regime blocks, C places of a lane (a power of two). Sides are 0 north, 1
east, 2 south, 3 west, those a car comes from; road 0 is north-south, road 1 east-west, so side a belongs to road a & 1.
Times that end in `_s` are real seconds since tick 0: things happen within a tick, not at its edges.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.limits import COUNT, FINITE, FIXED, Limits, below, each, or_none
from models.sums import FleetSums

TICK_S = 0.1
IDLE, ON_LANE, IN_BOX, WRECKED = 0, 1, 2, 3
YIELD, GO = 0, 1
DELAY_BINS = 1200  # seconds; longer delays count in the last bin
NEVER = -1_000_000_000  # tick of what has not happened


class Sum(IntEnum):
    """Sums over the open window."""

    LOST_S = 0
    BORN = 1
    FINISHED = 2
    COLLISIONS = 3
    YIELDS = 4
    TURNED_AWAY = 5


class Derived(NamedTuple):
    """What follows from the parameters of each regime block."""

    arrivals_veh: np.ndarray  # (B, 4) float64, mean arrivals in a tick
    no_arrival: np.ndarray  # (B, 4) float64, probability of none
    safety_layer: np.ndarray  # (B,) bool
    cross_s: np.ndarray  # (B,) float64
    follow_up_s: np.ndarray  # (B,) float64
    approach_s: np.ndarray  # (B,) float64
    clear_s: np.ndarray  # (B,) float64
    collision_cost_s: np.ndarray  # (B,) float64
    decide_every: np.ndarray  # (B,) int64, ticks
    green_s: np.ndarray  # (B, 2) float64, greens of a signal by Webster, for the rule `fixed_time`


class CrossingState(NamedTuple):
    """The crossing as it stands."""

    derived: Derived
    # cars
    where: np.ndarray  # (A,) int64: IDLE, ON_LANE, IN_BOX or WRECKED
    side: np.ndarray  # (A,) int64, the side it comes from
    sight_s: np.ndarray  # (A,) float64, when it came within sight
    free_s: np.ndarray  # (A,) float64, when it would reach its line on a free road; from then on it loses time
    line_s: np.ndarray  # (A,) float64, when it reaches its line, known for the first car of a lane
    start_s: np.ndarray  # (A,) float64, moment before which a car does not enter, set by rules that plan; 0 for none
    enter_s: np.ndarray  # (A,) float64, when it entered the box
    leave_s: np.ndarray  # (A,) float64, when it leaves the box
    guilt: np.ndarray  # (A,) float64, a wreck's share in its collision: 0, a half, or 1
    next_due: np.ndarray  # (A,) int64, tick of its next decision, once it is at its line
    idle: np.ndarray  # (A,) int64, cars that are away; the first `idle_number` count
    idle_number: np.ndarray  # (1,) int64
    lane_veh: np.ndarray  # (1,) int64, cars that a lane holds
    # lanes: rings of cars in order of arrival
    ring: np.ndarray  # (4, C) int64
    head: np.ndarray  # (4,) int64
    on_lane: np.ndarray  # (4,) int64, cars on the lane
    waiting: np.ndarray  # (4,) int64, of these, cars that lost time in the last tick
    last_entry_s: np.ndarray  # (4,) float64, when a car last entered the box from here
    crossed: np.ndarray  # (4,) int64, cars that have entered the box since tick 0
    going: np.ndarray  # (4,) int64, the car that goes in this tick, -1 for none
    # the box
    box: np.ndarray  # (A,) int64, cars in it; the first `box_number` count
    box_number: np.ndarray  # (1,) int64
    road_free_s: np.ndarray  # (2,) float64, when the last car of each road will have left the box
    blocked_until_s: np.ndarray  # (1,) float64, when the last wreck is cleared away
    last_collision: np.ndarray  # (1,) int64, tick
    collisions: np.ndarray  # (1,) int64, since tick 0
    # sums over the open window
    sums: np.ndarray  # (len(Sum),) float64
    fleets: FleetSums  # seconds lost, by cars that came
    delays: np.ndarray  # (DELAY_BINS,) int64, finished trips by delay in s

    def limits(self) -> Limits:
        """What a file may put into each array."""
        cars, lanes = below(self.where.size), self.lane_veh[0]
        times = ("sight_s", "free_s", "line_s", "start_s", "enter_s", "leave_s", "last_entry_s")
        return {
            **each(FIXED, "derived", "lane_veh"),
            **each(FINITE, *times, "road_free_s", "blocked_until_s"),
            **each(COUNT, "next_due", "crossed", "collisions", "delays"),
            **each(cars, "idle", "ring", "box"),
            **each((0, self.where.size), "idle_number", "box_number"),
            **each((0, lanes), "on_lane", "waiting"),
            "where": below(4),
            "side": below(4),
            "head": below(self.ring.shape[1]),
            "going": or_none(self.where.size),
            "last_collision": (NEVER, COUNT[1]),
        }
