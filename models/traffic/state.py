"""Arrays of the traffic world.

A signals, L = 4 A approach links (link 4 i + a brings traffic to signal i from side a), G gates where traffic enters,
V vehicle places, B regime blocks, W slots of a timing wheel (a power of two). Sides are 0 north, 1 east, 2 south, 3
west; movements 0 left, 1 through, 2 right; lane 3 l + m is movement m of link l; phases 0 north-south through and
right, 1 north-south left, 2 east-west through and right, 3 east-west left.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.limits import COUNT, FIXED, Limits, below, each, or_none

LEFT, THROUGH, RIGHT = 0, 1, 2
EXIT, NOWHERE = -1, -2  # targets of a movement that are no link
BUFFER = 1024  # vehicles that can wait to enter at one gate; later arrivals are turned away, and counted
DELAY_BINS = 1200  # seconds; longer delays count in the last bin


class Derived(NamedTuple):
    """What follows from the parameters of each regime block; P slots of the demand profile."""

    arrivals_veh: np.ndarray  # (B, P, G) float64, mean arrivals in a tick
    no_arrival: np.ndarray  # (B, P, G) float64, probability of none
    left_below: np.ndarray  # (B, L) float64, a draw below it turns left
    right_above: np.ndarray  # (B, L) float64, a draw above it turns right
    target: np.ndarray  # (B, 3 L) int64, link each lane leads to, EXIT or NOWHERE
    closed: np.ndarray  # (B, L) bool
    timing: np.ndarray  # (B, 5) int64: yellow, headway, minimum green, decision interval, maximum red, in s
    shaping: np.ndarray  # (B,) float64
    plan_s: np.ndarray  # (B, A, 4) int64, Webster's plan: seconds of each phase, its yellow included
    # of travellers; empty for turners
    pair_below: np.ndarray  # (B, P) float64, a draw below it, and not below that of the pair before, goes to this pair
    route_open: np.ndarray  # (B, P R) bool
    next_way: np.ndarray  # (B, G, L) int8, movement on the shortest open way to each gate
    exit_gate: np.ndarray  # (B, 3 L) int64, gate at which a lane leaves the network, -1 for none
    driving: np.ndarray  # (B, 4) float64, indexed by the names below
    lane_cost: np.ndarray  # (B, 3, 3 L) float64, static model: free time, slope and power of the cost of each lane
    optimum_s: np.ndarray  # (B,) float64, static model: mean time of a trip at the system optimum


LEARN, ALPHA, SPREAD_S, INFORMED = 0, 1, 2, 3


class Turners(NamedTuple):
    """Drivers who turn by shares: nothing is known of them."""

    nothing: np.ndarray  # (0,)


class TripSum(IntEnum):
    """Sums over the open window."""

    SET_OUT = 0
    SWITCHED = 1
    ARRIVED = 2
    TRIP_S = 3
    DETOURS = 4
    CUT_OFF = 5


class Travellers(NamedTuple):
    """Drivers with destinations; P pairs of gates, N drivers of each, R routes at most."""

    # fixed for a run
    first_pair: np.ndarray  # (G + 1,) int64, the first pair of each gate
    pair_to: np.ndarray  # (P,) int64, gate of destination
    routes: np.ndarray  # (P,) int64, routes that a pair has
    way: np.ndarray  # (P R, L) int8, movement of a route at each of its links, -1 elsewhere
    free_s: np.ndarray  # (P R,) float64, free-flow time
    per_pair: np.ndarray  # (1,) int64, N
    # what drivers know; driver n of pair p is in row p N + n
    expected_s: np.ndarray  # (P N, R) float64, time that a driver expects of each route
    trips: np.ndarray  # (P N, R) int64, trips learned from
    last_route: np.ndarray  # (P N,) int32, -1 before the first trip
    recent_s: np.ndarray  # (P R,) float64, recent mean time of all who took a route
    thawed: np.ndarray  # (1,) bool
    next_driver: np.ndarray  # (P,) int64, who sets out next
    # vehicles
    driver: np.ndarray  # (V,) int32
    taken: np.ndarray  # (V,) int32, route of its pair, -1 off its route
    # sums over the open window
    sums: np.ndarray  # (len(TripSum),) int64
    entered: np.ndarray  # (3 L,) int64, vehicles that entered a link to take a movement

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {
            **each(FIXED, "first_pair", "pair_to", "routes", "way", "free_s", "per_pair"),
            **each(COUNT, "trips", "sums", "entered"),
            **each(or_none(self.trips.shape[1]), "last_route", "taken"),
            "next_driver": below(self.per_pair[0]),
            "driver": below(self.last_route.size),
        }


class Sum(IntEnum):
    """Sums over the open window."""

    LOST = 0  # s
    BORN = 1
    FINISHED = 2
    STOPS = 3
    SWITCHES = 4
    PRESENT = 5  # vehicles, tick by tick
    TURNED_AWAY = 6


class TrafficState(NamedTuple):
    """The road network as it stands."""

    derived: Derived
    drivers: Turners | Travellers
    # fixed for a run
    lag_s: np.ndarray  # (L,) int64, free-flow time
    wave_s: np.ndarray  # (L,) int64, time until the space of a leaving vehicle reaches the upstream end
    storage_veh: np.ndarray  # (L,) int64
    gate_link: np.ndarray  # (G,) int64
    profile_s: np.ndarray  # (1,) int64, length of a slot of the demand profile
    shared: np.ndarray  # (1,) bool, one lane for all movements
    detectors: np.ndarray  # (1,) int64: STOP_LINE, ADVANCE, FULL or CLOCK
    column: np.ndarray  # (A,) int64, rank from west to east, for offsets of fixed plans
    # lanes: rings of vehicles in order of arrival
    ring: np.ndarray  # (3 L, C) int32, vehicle places; C a power of two
    head: np.ndarray  # (3 L,) int64
    on_lane: np.ndarray  # (3 L,) int64, vehicles on the lane
    standing: np.ndarray  # (3 L,) int64, of these, at the stop line or queued behind it
    coming: np.ndarray  # (3 L,) int64, of the others, those that reach the queue within 5 s
    next_start: np.ndarray  # (3 L,) int64, tick of the next possible departure
    # links
    occupied_veh: np.ndarray  # (L,) int64, space taken, until the backward wave frees it
    on_link: np.ndarray  # (L,) int64
    link_standing: np.ndarray  # (L,) int64
    ready_lane: np.ndarray  # (W, E) int32, lanes whose next vehicle reaches the queue at the slot's tick
    ready_number: np.ndarray  # (W,) int64
    space_link: np.ndarray  # (W, E) int32, links that regain the space of one vehicle
    space_number: np.ndarray  # (W,) int64
    # vehicles
    born: np.ndarray  # (V,) int64, tick of arrival at the gate
    ready: np.ndarray  # (V,) int64, tick at which it reaches the queue of its link
    free_flow_s: np.ndarray  # (V,) int64, time its trip would have taken so far on an empty road
    stops: np.ndarray  # (V,) int64
    movement: np.ndarray  # (V,) int32
    stream: np.ndarray  # (V,) int64, state of its own random stream, drawn at birth
    free_place: np.ndarray  # (V,) int32, stack of unused places
    free_number: np.ndarray  # (1,) int64
    buffer: np.ndarray  # (G, BUFFER) int32, vehicles that wait to enter
    buffer_head: np.ndarray  # (G,) int64
    buffer_number: np.ndarray  # (G,) int64
    # signals
    phase: np.ndarray  # (A,) int64
    next_phase: np.ndarray  # (A,) int64, -1 while green
    green_at: np.ndarray  # (A,) int64, tick at which the next phase turns green
    green_since: np.ndarray  # (A,) int64
    next_due: np.ndarray  # (A,) int64, tick of the next decision, while green
    last_green: np.ndarray  # (A, 4) int64
    candidate: np.ndarray  # (A,) int64, phase that action 1 switches to
    queue_veh: np.ndarray  # (A,) int64, standing vehicles at the signal and waiting to enter there
    phase_standing: np.ndarray  # (A, 4) int64
    phase_coming: np.ndarray  # (A, 4) int64
    phase_on_link: np.ndarray  # (A, 4) int64
    # sums over the open window
    sums: np.ndarray  # (len(Sum),) int64
    delays: np.ndarray  # (DELAY_BINS,) int64, finished trips by delay in s

    def limits(self) -> Limits:
        """What a file may put into each array."""
        vehicles, lanes, room, events = self.born.size, self.head.size, self.ring.shape[1], self.ready_lane.shape[1]
        settings = ("lag_s", "wave_s", "storage_veh", "gate_link", "profile_s", "shared", "detectors", "column")
        times = ("next_start", "born", "ready", "green_at", "green_since", "next_due", "last_green")
        numbers = ("standing", "coming", "occupied_veh", "on_link", "link_standing", "queue_veh", "free_flow_s")
        return {
            **each(FIXED, "derived", *settings),
            **each(COUNT, *times, *numbers, "phase_standing", "phase_coming", "phase_on_link"),
            **each(COUNT, "stops", "sums", "delays"),
            **each(below(vehicles), "ring", "free_place", "buffer"),
            **each((0, events), "ready_number", "space_number"),
            **each(below(4), "phase", "candidate"),
            "head": below(room),
            "on_lane": (0, room),
            "ready_lane": below(lanes),
            "space_link": below(lanes // 3),
            "movement": below(3),
            "stream": (1, 2**31 - 2),
            "free_number": (0, vehicles),
            "buffer_head": below(BUFFER),
            "buffer_number": (0, BUFFER),
            "next_phase": or_none(4),
        }
