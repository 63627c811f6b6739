"""Small road networks for the laws, and a recount of all that the kernels keep up to date."""

import numpy as np

import models
from models.traffic.state import Sum


def world(rows=1, columns=2, learner="random", seed=0, **changes):
    """A small grid."""
    return models.make("traffic/single_crossing", learner=learner, seed=seed, rows=rows, columns=columns, **changes)


def vehicles_on(state, lane):
    """Places of the vehicles on a lane, first come first."""
    size = state.ring.shape[1]
    return [int(state.ring[lane, (state.head[lane] + k) & (size - 1)]) for k in range(state.on_lane[lane])]


def waiting_to_enter(state, gate):
    """Places of the vehicles that wait at a gate."""
    head, size = state.buffer_head[gate], state.buffer.shape[1]
    return [int(state.buffer[gate, (head + k) & (size - 1)]) for k in range(state.buffer_number[gate])]


def recount(world):
    """Check every counter of a traffic world against the rings; return the number of vehicles present."""
    state, tick = world.state, world.tick
    everyone = [v for lane in range(state.on_lane.size) for v in vehicles_on(state, lane)]
    queue = np.zeros_like(state.queue_veh)
    by_phase = ("phase_on_link", "phase_standing", "phase_coming")
    phase_count = {name: np.zeros_like(getattr(state, name)) for name in by_phase}
    net = world.network
    for lane in range(state.on_lane.size):
        standing, coming = 0, 0
        for v in vehicles_on(state, lane):
            phases = net.green[net.green[:, 1] == state.turn[v], 0]
            phase_count["phase_on_link"][phases] += 1
            if state.ready[v] < tick:
                standing += 1
                phase_count["phase_standing"][phases] += 1
            elif state.ready[v] <= tick + 5:
                coming += 1
                phase_count["phase_coming"][phases] += 1
            assert net.turn_link[state.turn[v]] == net.lane_link[lane] and state.lane[v] == lane
        assert (standing, coming) == (state.standing[lane], state.coming[lane])
        queue[net.junction[net.lane_link[lane]]] += standing
    for gate, link in enumerate(net.gate_link):
        waiting = waiting_to_enter(state, gate)
        everyone += waiting
        queue[net.junction[link]] += len(waiting)
    assert np.array_equal(queue, state.queue_veh)
    for name, count in phase_count.items():
        assert np.array_equal(count, getattr(state, name)), name
    on_link = np.bincount(net.lane_link, state.on_lane, len(net.links))
    assert np.array_equal(on_link, state.on_link)
    assert np.array_equal(np.bincount(net.lane_link, state.standing, len(net.links)), state.link_standing)
    assert (on_link <= state.occupied_veh).all() and (state.occupied_veh <= net.storage_veh).all()
    assert len(set(everyone)) == len(everyone) == state.born.size - state.free_number[0]
    free = set(state.free_place[: state.free_number[0]].tolist())
    assert not free & set(everyone) and len(free) == state.free_number[0]
    return len(everyone)


def made_and_gone(world):
    """Vehicles born and finished since the last closed window."""
    return int(world.state.sums[Sum.BORN]), int(world.state.sums[Sum.FINISHED])
