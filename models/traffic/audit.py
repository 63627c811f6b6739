"""Whether the arrays of a road network belong together, as files of strangers may not.

Everything that kernels keep up to date event by event is counted anew from the rings of vehicles: with one of these
numbers wrong, a vehicle would leave a lane that is empty, or a stack of places would overflow.
"""

from collections import Counter

import numpy as np

from models.traffic.rules import LOOK_AHEAD_S
from models.traffic.state import TrafficState
from scenarios.traffic.parameters import MOST_LOST_S


def fault(state: TrafficState, tick: int, most_entries: np.ndarray) -> str:
    """The first array that disagrees with the vehicles on the lanes; empty where all agree.

    `most_entries` (L,) is how many vehicles can enter each link in a tick.
    """
    layout = state.layout
    lane, vehicle = _in_rings(state.ring, state.head, state.on_lane)
    gate, waiting = _in_rings(state.buffer, state.buffer_head, state.buffer_number)
    places = np.concatenate((vehicle, waiting, state.free_place[: state.free_number[0]]))
    if not np.array_equal(np.sort(places), np.arange(state.born.size)):
        return "free_place: a vehicle is in two places, or in none"
    if (state.born[places[: vehicle.size + waiting.size]] > tick).any():
        return "born: a vehicle comes from the future"
    numbers = np.diff(layout.first_phase)
    for name, phase in (("phase", state.phase), ("candidate", state.candidate), ("next_phase", state.next_phase)):
        if (phase >= numbers).any():
            return f"{name}: a signal has no such phase"
    link, turn = layout.lane_link[lane], state.turn[vehicle]
    nth = lane - layout.first_lane[turn]
    if (layout.turn_link[turn] != link).any() or (nth < 0).any() or (nth >= layout.turn_lanes[turn]).any():
        return "turn: a vehicle waits on a lane from which its turn is not taken"
    last = np.flatnonzero(np.diff(np.append(lane, -1)))  # the vehicle that entered each lane last
    late = state.slowed_until > tick + layout.lag_s[layout.lane_link] + MOST_LOST_S
    if late.any() or (state.slowed_until[lane[last]] > state.ready[vehicle[last]]).any():
        return "slowed_until: nobody on the lane is as late"
    if (state.lane[vehicle] != lane).any():
        return "lane: a vehicle waits on another lane"
    ready = state.ready[vehicle]
    if (state.born[vehicle] + state.free_flow_s[vehicle] > ready).any():
        return "free_flow_s: a vehicle is faster than it can be"
    if (ready >= tick + layout.lag_s[link] + MOST_LOST_S).any() or (np.diff(ready)[lane[1:] == lane[:-1]] < 0).any():
        return "ready: a vehicle is slower than it can be, or has overtaken"
    stands = ready < tick
    comes = (ready <= tick + LOOK_AHEAD_S) & ~stands
    links, junctions, lanes = state.on_link.size, state.queue_veh.size, state.head.size
    freed = [state.space_link[slot, :number] for slot, number in enumerate(state.space_number)]
    at = layout.junction[link]
    queue = _count(at[stands], junctions) + _count(layout.junction[layout.gate_link[gate]], junctions)
    counted = {
        "on_link": _count(link, links),
        "link_standing": _count(link[stands], links),
        "standing": _count(lane[stands], lanes),
        "coming": _count(lane[comes], lanes),
        "queue_veh": queue,
        "occupied_veh": _count(np.concatenate((link, *freed)), links),
        "phase_on_link": _by_phase(state, turn),
        "phase_standing": _by_phase(state, turn[stands]),
        "phase_coming": _by_phase(state, turn[comes]),
    }
    for name, number in counted.items():
        if not np.array_equal(number, getattr(state, name)):
            return f"{name}: does not agree with the vehicles on the lanes"
    return _wheels_fault(state, tick, vehicle[~stands], ready[~stands], most_entries)


def _wheels_fault(
    state: TrafficState, tick: int, vehicle: np.ndarray, ready: np.ndarray, most_entries: np.ndarray
) -> str:
    """Events to come: each vehicle under way has one, and each link adds few to a slot, so that none overflows."""
    slots, layout = state.ready_number.size, state.layout
    kept = [(slot, v) for slot, n in enumerate(state.ready_number) for v in state.ready_vehicle[slot, :n].tolist()]
    if Counter(kept) != Counter(zip((ready % slots).tolist(), vehicle.tolist(), strict=True)):
        return "ready_vehicle: does not agree with the vehicles on the lanes"
    links = layout.lane_link[state.lane]
    entered = Counter((slot, int(links[v])) for slot, v in kept)
    if any(number > most_entries[link] for (_, link), number in entered.items()):
        return "ready: more vehicles have entered a road in a tick than can"
    ahead = (np.arange(slots) - tick) % slots  # ticks until the slot is met
    lanes = _count(layout.lane_link, state.on_link.size)
    for slot, number in enumerate(state.space_number):
        freed = state.space_link[slot, :number]
        if (_count(freed, lanes.size) > lanes).any() or (ahead[slot] >= layout.wave_s[freed]).any():
            return "space_link: more vehicles have left a road in a tick than can"
    return ""


def _by_phase(state: TrafficState, turns: np.ndarray) -> np.ndarray:
    """How often each phase (H,) serves some turns."""
    often = _count(turns, state.layout.turn_link.size)
    turn, place = np.nonzero(state.layout.phases >= 0)
    return np.bincount(state.layout.phases[turn, place], often[turn], state.phase_standing.size).astype(np.int64)


def _in_rings(ring: np.ndarray, head: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and content of all places in use, row by row, first come first."""
    row = np.repeat(np.arange(number.size), number)
    nth = np.arange(row.size) - np.repeat(np.cumsum(number) - number, number)
    return row, ring[row, (head[row] + nth) % ring.shape[1]]


def _count(numbers: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(numbers, minlength=size)
