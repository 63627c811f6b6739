"""Arrays of the traffic world.

A signals, J junctions (the signals first), L links, K lanes, U turns, H phases of all signals together, G gates where
traffic enters, D destinations, V vehicle places, B regime blocks, W slots of a timing wheel (a power of two). What
links, lanes, turns and phases are is said in `network.py`. The phases of signal i are numbered from 0 at the signal,
and from first_phase[i] among all.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.limits import COUNT, FIXED, UNBOUNDED, Limits, below, each, or_none

LEFT, THROUGH, RIGHT, BACK = 0, 1, 2, 3
EXIT = -1  # target of a turn that leads out of the network
BUFFER = 1024  # vehicles that can wait to enter at one gate; later arrivals are turned away, and counted
DELAY_BINS = 1200  # seconds; longer delays count in the last bin


class Layout(NamedTuple):
    """How links, lanes, turns and phases hang together; fixed for a run.

    Rows of many lengths end with -1.
    """

    lag_s: np.ndarray  # (L,) int64, free-flow time
    wave_s: np.ndarray  # (L,) int64, time until the space of a leaving vehicle reaches the upstream end
    storage_veh: np.ndarray  # (L,) int64
    junction: np.ndarray  # (L,) int64, at the end of a link
    lane_link: np.ndarray  # (K,) int64
    turn_link: np.ndarray  # (U,) int64
    first_turn: np.ndarray  # (L + 1,) int64
    first_lane: np.ndarray  # (U,) int64, of the lanes that a turn may be taken from
    turn_lanes: np.ndarray  # (U,) int64, their number
    first_phase: np.ndarray  # (A + 1,) int64
    phases: np.ndarray  # (U, ...) int32, phases that serve each turn
    phase_lanes: np.ndarray  # (H, ...) int32, lanes of each phase
    phase_turns: np.ndarray  # (H, ...) int32, turns of each phase
    place: np.ndarray  # (U,) int64, number of a turn among those of its junction
    green: np.ndarray  # (H, X) int8 by place: RED, PERMITTED or PROTECTED
    lasting: np.ndarray  # (A,) bool, whether some turn keeps green from one phase to another
    yields_to: np.ndarray  # (U, ...) int32, turns that go before each turn
    control: np.ndarray  # (J,) int64, GAPS or FIRST_COME
    free_lanes: np.ndarray  # (J - A, ...) int32, lanes that end at each junction without signal
    gate_link: np.ndarray  # (G,) int64
    offset_s: np.ndarray  # (A,) int64, of the programme of the case
    column: np.ndarray  # (A,) int64, rank from west to east, for offsets of fixed plans


class Derived(NamedTuple):
    """What follows from the parameters of each regime block; S slots of the demand profile."""

    arrivals_veh: np.ndarray  # (B, S, G) float64, mean arrivals in a tick
    no_arrival: np.ndarray  # (B, S, G) float64, probability of none
    turn_below: np.ndarray  # (B, U) float64, a draw below it, and not below that of the turn before, takes the turn
    target: np.ndarray  # (B, U) int64, link that each turn leads to, or EXIT
    closed: np.ndarray  # (B, L) bool
    timing: (
        np.ndarray
    )  # (B, 5) int64: minimum green, decision interval, maximum red, critical gap, loss of a stop, in s
    headway_s: np.ndarray  # (B, U) float64, time between two vehicles that take a turn from one lane
    lost_s: np.ndarray  # (B, H) int64, yellow and all-red after a phase
    shaping: np.ndarray  # (B,) float64
    plan_s: np.ndarray  # (B, H) int64, Webster's plan: seconds of each phase, what is lost included
    programme_s: np.ndarray  # (B, H) int64, programme of the case, else Webster's plan
    # of travellers; empty for turners
    pair_below: (
        np.ndarray
    )  # (B, S, P) float64, a draw below it, and not below that of the pair before, goes to this pair
    route_open: np.ndarray  # (B, P R) bool
    next_way: np.ndarray  # (B, D, L) int32, turn on the shortest open way to each destination
    destination: np.ndarray  # (B, U) int64, number of the destination where a turn leaves the network, -1 for none
    driving: np.ndarray  # (B, 4) float64, indexed by the names below
    turn_cost: np.ndarray  # (B, 3, U) float64, static model: free time, slope and power of the cost of each turn
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
    pair_to: np.ndarray  # (P,) int64, destination
    routes: np.ndarray  # (P,) int64, routes that a pair has
    first_leg: np.ndarray  # (P R,) int64
    legs: np.ndarray  # int32, turns of each route in order, and -1 after the last
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
    leg: np.ndarray  # (V,) int32, where the turn that it takes next is among the legs
    # sums over the open window
    sums: np.ndarray  # (len(TripSum),) int64
    entered: np.ndarray  # (U,) int64, vehicles that entered a link to take a turn

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {
            **each(FIXED, "first_pair", "pair_to", "routes", "first_leg", "legs", "free_s", "per_pair"),
            **each(COUNT, "trips", "sums", "entered"),
            **each(or_none(self.trips.shape[1]), "last_route", "taken"),
            "next_driver": below(self.per_pair[0]),
            "driver": below(self.last_route.size),
            "leg": below(self.legs.size),
            **each(UNBOUNDED, "expected_s", "recent_s"),
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
    ENTERED = 7  # by a gate
    SLOWED = 8  # s lost in picking up speed


class TrafficState(NamedTuple):
    """The road network as it stands."""

    derived: Derived
    drivers: Turners | Travellers
    layout: Layout
    # fixed for a run
    profile_s: np.ndarray  # (1,) int64, length of a slot of the demand profile
    detectors: np.ndarray  # (1,) int64: STOP_LINE, ADVANCE, FULL or CLOCK
    # lanes: rings of vehicles in order of arrival
    ring: np.ndarray  # (K, C) int32, vehicle places; C a power of two
    head: np.ndarray  # (K,) int64
    on_lane: np.ndarray  # (K,) int64, vehicles on the lane
    standing: np.ndarray  # (K,) int64, of these, at the stop line or queued behind it
    coming: np.ndarray  # (K,) int64, of the others, those that reach the queue within 5 s
    slowed_until: np.ndarray  # (K,) int64, tick at which the last vehicle that was slowed reaches the queue
    next_start: np.ndarray  # (K,) float64, time of the next possible departure
    # links
    occupied_veh: np.ndarray  # (L,) int64, space taken, until the backward wave frees it
    on_link: np.ndarray  # (L,) int64
    link_standing: np.ndarray  # (L,) int64
    ready_vehicle: np.ndarray  # (W, E) int32, vehicles that reach the queue of their lane at the slot's tick
    ready_number: np.ndarray  # (W,) int64
    space_link: np.ndarray  # (W, K) int32, links that regain the space of one vehicle
    space_number: np.ndarray  # (W,) int64
    # vehicles
    born: np.ndarray  # (V,) int64, tick of arrival at the gate
    ready: np.ndarray  # (V,) int64, tick at which it reaches the queue of its link
    free_flow_s: np.ndarray  # (V,) int64, time its trip would have taken so far on an empty road
    stops: np.ndarray  # (V,) int64
    turn: np.ndarray  # (V,) int32, at the end of its link
    lane: np.ndarray  # (V,) int32
    stream: np.ndarray  # (V,) int64, state of its own random stream, drawn at birth
    free_place: np.ndarray  # (V,) int32, stack of unused places
    free_number: np.ndarray  # (1,) int64
    buffer: np.ndarray  # (G, BUFFER) int32, vehicles that wait to enter
    buffer_head: np.ndarray  # (G,) int64
    buffer_number: np.ndarray  # (G,) int64
    # signals
    phase: np.ndarray  # (A,) int64, number at its signal
    next_phase: np.ndarray  # (A,) int64, -1 while green
    green_at: np.ndarray  # (A,) int64, tick at which the next phase turns green
    green_since: np.ndarray  # (A,) int64
    next_due: np.ndarray  # (A,) int64, tick of the next decision, while green
    last_green: np.ndarray  # (H,) int64
    candidate: np.ndarray  # (A,) int64, phase that action 1 switches to
    queue_veh: np.ndarray  # (J,) int64, standing vehicles at the junction and waiting to enter there
    phase_standing: np.ndarray  # (H,) int64
    phase_coming: np.ndarray  # (H,) int64
    phase_on_link: np.ndarray  # (H,) int64
    clear_at: np.ndarray  # (U,) int64, tick at which the last vehicle that took a turn is out of the way
    # sums over the open window
    sums: np.ndarray  # (len(Sum),) int64
    delays: np.ndarray  # (DELAY_BINS,) int64, finished trips by delay in s

    def limits(self) -> Limits:
        """What a file may put into each array."""
        vehicles, room, events = self.born.size, self.ring.shape[1], self.ready_vehicle.shape[1]
        times = ("born", "ready", "slowed_until", "green_at", "green_since", "next_due", "last_green", "clear_at")
        numbers = ("standing", "coming", "occupied_veh", "on_link", "link_standing", "queue_veh", "free_flow_s")
        phases = np.diff(self.layout.first_phase).max()
        return {
            **each(FIXED, "derived", "layout", "profile_s", "detectors"),
            **each(COUNT, *times, *numbers, "phase_standing", "phase_coming", "phase_on_link"),
            **each(COUNT, "stops", "sums", "delays"),
            **each(below(vehicles), "ring", "ready_vehicle", "free_place", "buffer"),
            "ready_number": (0, events),
            "space_number": (0, self.head.size),
            **each(below(phases), "phase", "candidate"),
            "head": below(room),
            "on_lane": (0, room),
            "next_start": (0, 2**54),
            "space_link": below(self.on_link.size),
            "turn": below(self.layout.turn_link.size),
            "lane": below(self.head.size),
            "stream": (1, 2**31 - 2),
            "free_number": (0, vehicles),
            "buffer_head": below(BUFFER),
            "buffer_number": (0, BUFFER),
            "next_phase": or_none(phases),
        }
