"""How vehicles move: Newell's links with discrete vehicles, and signals with yellow loss.

Links are spatial queues after Newell 1993 and the link transmission model (Yperman 2007): a vehicle reaches the queue
after the free-flow time, the space of one that leaves is free upstream after the time of the backward wave, and a full
link lets nobody in (spillback). Vehicles do not overtake on their lane; each movement has a lane unless lanes are
shared. One tick is 1 s; at green a lane discharges one vehicle per saturation headway. A gate lets one vehicle in per
second. Arrivals are Poisson. How drivers find their way is in `drivers.py`. What a vehicle draws comes from its own
stream, drawn at birth, so the world draws one number per gate and tick, whatever happens.

Rings, wheels and counts are kept up to date event by event: the work of a tick grows with vehicles that do something,
not with vehicles or lanes that exist.
"""

from engine.generic import kernel
from engine.loop import advance
from models.traffic.drivers import MODULUS, end_trip, movement_on, set_out
from models.traffic.state import BUFFER, DELAY_BINS, EXIT, LEFT, RIGHT, THROUGH, Sum, TrafficState

TIMING = ("yellow_s", "saturation_headway_s", "min_green_s", "decide_every_s", "max_red_s")
YELLOW, HEADWAY, MIN_GREEN, EVERY, MAX_RED = range(5)
LOOK_AHEAD_S = 5
REWARD_PER_VEHICLE = -0.1


@kernel
def switch(world, i, phase, tick, yellow_s):
    """Signal i starts changing to a phase."""
    world.next_phase[i] = phase
    world.green_at[i] = tick + yellow_s
    world.sums[Sum.SWITCHES] += 1


@kernel
def lane_of(link, movement, shared):
    """Lane on which a movement queues."""
    return 3 * link + (THROUGH if shared else movement)


@kernel
def phase_of(link, movement):
    """Phase that serves a movement."""
    return 2 * (link & 1) + (movement == LEFT)


@kernel
def enter_link(world, vehicle, link, block, tick):
    """Put a vehicle on a link, on the lane of the movement it will take."""
    movement = movement_on(world.drivers, world, vehicle, link, block)
    lag = world.lag_s[link]
    world.movement[vehicle] = movement
    world.ready[vehicle] = tick + lag
    world.free_flow_s[vehicle] += lag
    lane = lane_of(link, movement, world.shared[0])
    world.ring[lane, (world.head[lane] + world.on_lane[lane]) & (world.ring.shape[1] - 1)] = vehicle
    world.on_lane[lane] += 1
    world.on_link[link] += 1
    world.occupied_veh[link] += 1
    world.phase_on_link[link >> 2, phase_of(link, movement)] += 1
    slot = (tick + lag) & (world.ready_number.size - 1)
    world.ready_lane[slot, world.ready_number[slot]] = 3 * link + movement
    world.ready_number[slot] += 1
    if lag <= LOOK_AHEAD_S + 1:
        count_coming(world, 3 * link + movement)


@kernel
def count_coming(world, turn_lane):
    """A vehicle will reach its queue within the look-ahead."""
    link = turn_lane // 3
    movement = turn_lane - 3 * link
    world.coming[lane_of(link, movement, world.shared[0])] += 1
    world.phase_coming[link >> 2, phase_of(link, movement)] += 1


@kernel
def turn_wheels(world, tick):
    """Space that comes back, vehicles that reach their queue, and vehicles that will within the look-ahead."""
    slot = tick & (world.space_number.size - 1)
    for e in range(world.space_number[slot]):
        world.occupied_veh[world.space_link[slot, e]] -= 1
    world.space_number[slot] = 0
    for e in range(world.ready_number[slot]):
        turn_lane = world.ready_lane[slot, e]
        link = turn_lane // 3
        movement = turn_lane - 3 * link
        lane, phase, i = lane_of(link, movement, world.shared[0]), phase_of(link, movement), link >> 2
        world.coming[lane] -= 1
        world.standing[lane] += 1
        world.phase_coming[i, phase] -= 1
        world.phase_standing[i, phase] += 1
        world.link_standing[link] += 1
        world.queue_veh[i] += 1
    world.ready_number[slot] = 0
    slot = (tick + LOOK_AHEAD_S + 1) & (world.ready_number.size - 1)
    for e in range(world.ready_number[slot]):
        count_coming(world, world.ready_lane[slot, e])


@kernel
def arrive(world, turn, block, tick, rng):
    """Vehicles arrive at the gates and enter where there is room."""
    slots, slot = world.derived.arrivals_veh.shape[1], 0
    if slots > 1:
        slot = (tick // world.profile_s[0]) % slots
    for g in range(world.gate_link.size):
        draw = rng.random()
        chance = world.derived.no_arrival[block, slot, g]
        below, number = chance, 0
        while draw > below and number < 20:
            number += 1
            chance *= world.derived.arrivals_veh[block, slot, g] / number
            below += chance
        if turn.public.size > 0:
            turn.public[g] = number
        link = world.gate_link[g]
        for k in range(number):
            low_bits = draw * 4194304.0 + 0.3819660112501051 * k  # independent of whether the vehicle arrived
            stream = 1 + int((low_bits - int(low_bits)) * (MODULUS - 1))
            be_born(world, g, link, stream, block, tick)
        if world.buffer_number[g] > 0 and world.occupied_veh[link] < world.storage_veh[link]:
            vehicle = world.buffer[g, world.buffer_head[g]]
            world.buffer_head[g] = (world.buffer_head[g] + 1) & (BUFFER - 1)
            world.buffer_number[g] -= 1
            world.queue_veh[link >> 2] -= 1
            enter_link(world, vehicle, link, block, tick)


@kernel
def be_born(world, gate, link, stream, block, tick):
    """A vehicle starts to wait at a gate, or is turned away where too many wait."""
    if world.buffer_number[gate] == BUFFER:
        world.sums[Sum.TURNED_AWAY] += 1
        return
    world.free_number[0] -= 1
    vehicle = world.free_place[world.free_number[0]]
    world.born[vehicle], world.stream[vehicle] = tick, stream
    world.free_flow_s[vehicle], world.stops[vehicle] = 0, 0
    set_out(world.drivers, world, vehicle, gate, block)
    world.buffer[gate, (world.buffer_head[gate] + world.buffer_number[gate]) & (BUFFER - 1)] = vehicle
    world.buffer_number[gate] += 1
    world.queue_veh[link >> 2] += 1
    world.sums[Sum.BORN] += 1


@kernel
def leave(world, vehicle, turn_lane, block, tick):
    """A trip ends; its delay is what it took beyond free flow."""
    end_trip(world.drivers, world, vehicle, turn_lane, block, tick)
    delay = tick - world.born[vehicle] - world.free_flow_s[vehicle]
    world.delays[min(delay, DELAY_BINS - 1)] += 1
    world.sums[Sum.FINISHED] += 1
    world.sums[Sum.STOPS] += world.stops[vehicle]
    world.free_place[world.free_number[0]] = vehicle
    world.free_number[0] += 1


@kernel
def discharge(world, lane, link, phase, block, tick, headway_s):
    """The first vehicle of a lane crosses the stop line, if its movement is green and its target has room."""
    vehicle = world.ring[lane, world.head[lane]]
    movement = world.movement[vehicle]
    if (movement == LEFT) != (phase & 1):
        return
    target = world.derived.target[block, 3 * link + movement]
    if target >= 0 and world.occupied_veh[target] >= world.storage_veh[target]:
        return
    i = link >> 2
    world.head[lane] = (world.head[lane] + 1) & (world.ring.shape[1] - 1)
    world.on_lane[lane] -= 1
    world.standing[lane] -= 1
    world.next_start[lane] = tick + headway_s
    world.on_link[link] -= 1
    world.link_standing[link] -= 1
    world.phase_on_link[i, phase] -= 1
    world.phase_standing[i, phase] -= 1
    world.queue_veh[i] -= 1
    slot = (tick + world.wave_s[link]) & (world.space_number.size - 1)
    world.space_link[slot, world.space_number[slot]] = link
    world.space_number[slot] += 1
    if tick > world.ready[vehicle]:
        world.stops[vehicle] += 1
    if target == EXIT:
        leave(world, vehicle, 3 * link + movement, block, tick)
    else:
        enter_link(world, vehicle, target, block, tick)


@advance.body_for(TrafficState)
def advance_traffic(world, turn, rng):
    tick, block = turn.tick[0], turn.block[0]
    yellow_s, headway_s = world.derived.timing[block, YELLOW], world.derived.timing[block, HEADWAY]
    for i in range(turn.deciding.size):
        if tick == world.next_due[i]:
            world.next_due[i] = tick + world.derived.timing[block, EVERY]
        if turn.deciding[i] and turn.actions[i] == 1 and world.candidate[i] != world.phase[i]:
            switch(world, i, world.candidate[i], tick, yellow_s)
    turn_wheels(world, tick)
    arrive(world, turn, block, tick, rng)
    for i in range(turn.deciding.size):
        if world.next_phase[i] >= 0:
            if tick < world.green_at[i]:
                continue
            world.phase[i], world.next_phase[i], world.green_since[i] = world.next_phase[i], -1, tick
            world.next_due[i] = tick + world.derived.timing[block, MIN_GREEN]
        phase = world.phase[i]
        world.last_green[i, phase] = tick
        if world.phase_standing[i, phase] == 0:
            continue
        first, last = (LEFT, LEFT) if phase & 1 else (THROUGH, RIGHT)
        if world.shared[0]:
            first, last = THROUGH, THROUGH
        for side in range(phase >> 1, 4, 2):
            link = 4 * i + side
            for lane in range(3 * link + first, 3 * link + last + 1):
                if world.standing[lane] > 0 and tick >= world.next_start[lane]:
                    discharge(world, lane, link, phase, block, tick, headway_s)
    total = 0
    for i in range(turn.rewards.size):
        turn.rewards[i] = REWARD_PER_VEHICLE * world.queue_veh[i]
        total += world.queue_veh[i]
    turn.common[:] = REWARD_PER_VEHICLE * total / turn.rewards.size
    world.sums[Sum.LOST] += total
    world.sums[Sum.PRESENT] += world.born.size - world.free_number[0]
