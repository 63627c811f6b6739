"""What a signal sees, when it is due, and which phase it would switch to.

After the minimum green a signal is due at every decision interval, if another phase has vehicles: it keeps its phase,
or switches to the *candidate*, the other phase with the highest score

    q + imm - 0.3 mov - 0.3 (down - 0.3 dmov) + 0.01 age

(q standing, imm reaching the queue within 5 s, mov all that are under way, down and dmov the same standing and moving
on the receiving links over 3, age seconds since last green). Ties go to the phase that comes next in order.
A phase that has waited for the maximum red is served by the world itself, before the signal is asked.
Own design; the score stands in the tradition of max-pressure control (Varaiya 2013, Transportation Research C 36).
"""

import numpy as np

from engine.generic import kernel
from engine.loop import due, observe
from models.traffic.rules import MAX_RED, switch
from models.traffic.state import TrafficState

STOP_LINE, ADVANCE, FULL, CLOCK = 0, 1, 2, 3
QUEUE_BINS, COMING_BINS, LANE_BINS, CANDIDATE_BINS, MOVING_BINS, GREEN_BINS = 8, 4, 5, 12, 5, 5
CANDIDATE_EDGES = np.array([10, 20, 30, 40, 50, 65, 85, 110, 140, 180, 240])  # tenths of a vehicle
CANDIDATE_BIN = np.searchsorted(CANDIDATE_EDGES, np.arange(CANDIDATE_EDGES[-1] + 1), side="right")
MOVING_EDGES = (1, 3, 6, 10)
GREEN_EDGES_S = (10, 15, 20, 30)
CLOCK_EDGES_S = (8, 11, 15, 20, 26, 33, 41)  # 8 bins of green time, where a signal sees nothing but phase and clock
CLOCK_RED_S = 30  # after which the hand rule then serves the next phase


def states(level: int, phases: int) -> int:
    """Number of states at a level of detectors, where signals have so many phases at most."""
    seen = QUEUE_BINS * COMING_BINS * LANE_BINS * CANDIDATE_BINS
    counts = {STOP_LINE: QUEUE_BINS * CANDIDATE_BINS * GREEN_BINS, ADVANCE: seen, FULL: seen * MOVING_BINS}
    return counts.get(level, phases * (len(CLOCK_EDGES_S) + 1))


def features(phases: int) -> int:
    """Number of features where signals have so many phases at most."""
    return 5 * phases + 1


@kernel
def after(world, i, steps):
    """Phase of signal i that comes so many steps, less than one turn, after the present one; numbered at the signal."""
    phase, phases = world.phase[i] + steps, world.layout.first_phase[i + 1] - world.layout.first_phase[i]
    return phase - phases if phase >= phases else phase


@due.body_for(TrafficState)
def due_traffic(world, turn):
    tick, block = turn.tick[0], turn.block[0]
    timing = world.derived.timing
    for i in range(turn.deciding.size):
        turn.deciding[i] = False
        if world.next_phase[i] >= 0 or tick != world.next_due[i]:
            continue
        longest, forced = timing[block, MAX_RED], -1
        first = world.layout.first_phase[i]
        for steps in range(1, world.layout.first_phase[i + 1] - first):
            p = after(world, i, steps)
            h = first + p
            if world.phase_standing[h] + world.phase_coming[h] > 0:
                turn.deciding[i] = True
            red = tick - world.last_green[h]
            if longest > 0 and world.phase_standing[h] > 0 and red >= longest:
                forced, longest = p, red + 1
        if forced >= 0:
            turn.deciding[i] = False
            switch(world, i, forced, tick, block)


@kernel
def downstream(world, phase, block):
    """Vehicles standing and moving on the links that a phase discharges into."""
    standing, moving = 0, 0
    for turn in world.layout.phase_turns[phase]:
        if turn < 0:
            break
        target = world.derived.target[block, turn]
        if target >= 0:
            standing += world.link_standing[target]
            moving += world.on_link[target] - world.link_standing[target]
    return standing, moving


@kernel
def score(world, phase, block, tick):
    """How much a phase, as numbered in the network, deserves to be the next."""
    age = 0.01 * (tick - world.last_green[phase])
    if world.detectors[0] == CLOCK:
        return age
    standing = world.phase_standing[phase]
    if world.detectors[0] == STOP_LINE:
        return standing + age
    down, down_moving = downstream(world, phase, block)
    moving = world.phase_on_link[phase] - standing
    return standing + world.phase_coming[phase] - 0.3 * moving - 0.1 * (down - 0.3 * down_moving) + age


@kernel
def choose_candidate(world, i, block, tick):
    """The other phase with vehicles that scores highest, and its score."""
    best, value, first = world.phase[i], -1e300, world.layout.first_phase[i]
    for steps in range(1, world.layout.first_phase[i + 1] - first):
        p = after(world, i, steps)
        if world.phase_standing[first + p] + world.phase_coming[first + p] > 0:
            worth = score(world, first + p, block, tick)
            if worth > value:
                best, value = p, worth
    return best, value


@kernel
def lanes_in_use(world, phase):
    """Lanes of a phase on which somebody stands or comes."""
    number = 0
    for lane in world.layout.phase_lanes[phase]:
        if lane < 0:
            break
        number += world.standing[lane] + world.coming[lane] > 0
    return number


@kernel
def candidate_bin(standing, coming):
    """Bin of standing + 0.7 coming."""
    return CANDIDATE_BIN[min(10 * standing + 7 * coming, CANDIDATE_BIN.size - 1)]


@kernel
def bin_of(value, edges):
    """Number of edges at or under a value."""
    number = 0
    for edge in edges:
        number += value >= edge
    return number


@kernel
def state_of(world, i, candidate, lanes, tick):
    """Number of the state in which signal i decides."""
    phase = world.phase[i]
    if world.detectors[0] == CLOCK:
        return phase * (len(CLOCK_EDGES_S) + 1) + bin_of(tick - world.green_since[i], CLOCK_EDGES_S)
    green, red = world.layout.first_phase[i] + phase, world.layout.first_phase[i] + candidate
    standing, coming = world.phase_standing[green], world.phase_coming[green]
    other = world.phase_standing[red]
    queue_bin = min(standing, QUEUE_BINS - 1)
    if world.detectors[0] == STOP_LINE:
        green_bin = bin_of(tick - world.green_since[i], GREEN_EDGES_S)
        return (queue_bin * CANDIDATE_BINS + candidate_bin(other, 0)) * GREEN_BINS + green_bin
    state = queue_bin * COMING_BINS + min(coming, COMING_BINS - 1)
    state = state * LANE_BINS + min(lanes, LANE_BINS - 1)
    state = state * CANDIDATE_BINS + candidate_bin(other, world.phase_coming[red])
    if world.detectors[0] == FULL:
        state = state * MOVING_BINS + bin_of(world.phase_on_link[green] - standing, MOVING_EDGES)
    return state


@kernel
def rule_switches(world, i, lanes, value):
    """The candidate score by hand: whether it beats what the present phase is worth.

    The weights were searched on both scenarios of `benchmarks/traffic_learning.py`, on seeds used nowhere else.
    """
    phase = world.layout.first_phase[i] + world.phase[i]
    if world.detectors[0] == CLOCK:
        return value >= 0.01 * CLOCK_RED_S
    standing, coming = world.phase_standing[phase], world.phase_coming[phase]
    if world.detectors[0] == STOP_LINE:
        return value > 1.2 * standing + 1.2
    moving = world.phase_on_link[phase] - standing
    own = 1.3 * standing + 0.9 * coming - 0.3 * moving + 1.2 * min(lanes, 4) + 1.0
    return value > own


@kernel
def write_features(world, i, tick, features):
    """Counts of signal i over 10 vehicles: standing, coming, under way by phase; present and candidate phase; clock."""
    most, first = features.size // 5, world.layout.first_phase[i]
    for h in range(first, world.layout.first_phase[i + 1]):
        p = h - first
        features[p] = 0.1 * world.phase_standing[h]
        features[most + p] = 0.1 * world.phase_coming[h]
        features[2 * most + p] = 0.1 * (world.phase_on_link[h] - world.phase_standing[h])
        features[3 * most + p] = 1.0 if world.phase[i] == p else 0.0
        features[4 * most + p] = 1.0 if world.candidate[i] == p else 0.0
    features[5 * most] = 0.01 * (tick - world.green_since[i])


@observe.body_for(TrafficState)
def observe_traffic(world, turn):
    tick, block = turn.tick[0], turn.block[0]
    for i in range(turn.deciding.size):
        if not turn.deciding[i]:
            continue
        candidate, value = choose_candidate(world, i, block, tick)
        world.candidate[i] = candidate
        lanes = lanes_in_use(world, world.layout.first_phase[i] + world.phase[i])
        turn.states[i] = state_of(world, i, candidate, lanes, tick)
        turn.advice[i] = 1 if rule_switches(world, i, lanes, value) else 0
        turn.potential[i] = -world.derived.shaping[block] * world.queue_veh[i]
        if turn.features.shape[1] > 0:
            write_features(world, i, tick, turn.features[i])
