"""Whether the arrays of a road network belong together, as files of strangers may not.

Everything that kernels keep up to date event by event is counted anew from the rings of vehicles: with one of these
numbers wrong, a vehicle would leave a lane that is empty, or a stack of places would overflow.
"""

from collections import Counter

import numpy as np

from models.traffic.rules import LOOK_AHEAD_S
from models.traffic.state import LEFT, TrafficState

MOST_A_TICK = 4  # vehicles that enter a link: three from other links and one from a gate; a slot has room for four each


def fault(state: TrafficState, tick: int) -> str:
    """The first array that disagrees with the vehicles on the lanes; empty where all agree."""
    lane, vehicle = _in_rings(state.ring, state.head, state.on_lane)
    gate, waiting = _in_rings(state.buffer, state.buffer_head, state.buffer_number)
    places = np.concatenate((vehicle, waiting, state.free_place[: state.free_number[0]]))
    if not np.array_equal(np.sort(places), np.arange(state.born.size)):
        return "free_place: a vehicle is in two places, or in none"
    if (state.born[places[: vehicle.size + waiting.size]] > tick).any():
        return "born: a vehicle comes from the future"
    link, movement = lane // 3, state.movement[vehicle]
    signal, phase = link // 4, 2 * (link % 2) + (movement == LEFT)
    if not state.shared[0] and (movement != lane % 3).any():
        return "movement: a vehicle waits on the lane of another movement"
    ready = state.ready[vehicle]
    if (state.born[vehicle] + state.free_flow_s[vehicle] > ready).any():
        return "free_flow_s: a vehicle is faster than it can be"
    if (ready >= tick + state.lag_s[link]).any() or (np.diff(ready)[lane[1:] == lane[:-1]] < 0).any():
        return "ready: a vehicle is slower than it can be, or has overtaken"
    stands = ready < tick
    comes = (ready <= tick + LOOK_AHEAD_S) & ~stands
    links, signals = state.on_link.size, state.phase.size
    freed = [state.space_link[slot, :number] for slot, number in enumerate(state.space_number)]
    queue = _count(signal[stands], signals) + _count(state.gate_link[gate] // 4, signals)
    counted = {
        "on_link": _count(link, links),
        "link_standing": _count(link[stands], links),
        "standing": _count(lane[stands], 3 * links),
        "coming": _count(lane[comes], 3 * links),
        "queue_veh": queue,
        "occupied_veh": _count(np.concatenate((link, *freed)), links),
        "phase_on_link": _count(4 * signal + phase, 4 * signals),
        "phase_standing": _count((4 * signal + phase)[stands], 4 * signals),
        "phase_coming": _count((4 * signal + phase)[comes], 4 * signals),
    }
    for name, number in counted.items():
        if not np.array_equal(number, getattr(state, name).reshape(-1)):
            return f"{name}: does not agree with the vehicles on the lanes"
    return _wheels_fault(state, tick, (3 * link + movement)[~stands], ready[~stands])


def _wheels_fault(state: TrafficState, tick: int, turn_lane: np.ndarray, ready: np.ndarray) -> str:
    """Events to come: each vehicle under way has one, and each link adds few to a slot, so that none overflows."""
    slots = state.ready_number.size
    kept = [(slot, lane) for slot, n in enumerate(state.ready_number) for lane in state.ready_lane[slot, :n].tolist()]
    if Counter(kept) != Counter(zip((ready % slots).tolist(), turn_lane.tolist(), strict=True)):
        return "ready_lane: does not agree with the vehicles on the lanes"
    entered = Counter((slot, lane // 3) for slot, lane in kept)
    if max(entered.values(), default=0) > MOST_A_TICK:
        return "ready: more vehicles have entered a road in a tick than can"
    ahead = (np.arange(slots) - tick) % slots  # ticks until the slot is met
    for slot, number in enumerate(state.space_number):
        freed = state.space_link[slot, :number]
        if (_count(freed, state.on_link.size) > MOST_A_TICK).any() or (ahead[slot] >= state.wave_s[freed]).any():
            return "space_link: more vehicles have left a road in a tick than can"
    return ""


def _in_rings(ring: np.ndarray, head: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and content of all places in use, row by row, first come first."""
    row = np.repeat(np.arange(number.size), number)
    nth = np.arange(row.size) - np.repeat(np.cumsum(number) - number, number)
    return row, ring[row, (head[row] + nth) % ring.shape[1]]


def _count(numbers: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(numbers, minlength=size)
