"""How vehicles move: Newell's links with discrete vehicles, signals with yellow loss, and gaps.

Links are spatial queues after Newell 1993 and the link transmission model (Yperman 2007): a vehicle reaches the queue
after the free-flow time, the space of one that leaves is free upstream after the time of the backward wave, and a full
link lets nobody in (spillback). Vehicles do not overtake on their lane, which they choose as they enter the link: of
those that lead to their turn the one with fewest vehicles, and the one nearest to the kerb of several. One tick is 1 s;
a lane discharges one vehicle per saturation headway while its turn has green (`junctions.py` says who may go). A turn
that has green in two phases that follow each other keeps it in between. Who has stopped, and who sets out, may lose
some seconds on the link after it in picking up speed. A gate lets one vehicle in per second.
Arrivals are Poisson. How drivers find their way is in `drivers.py`. What a vehicle draws comes from its own stream,
drawn at birth, so the world draws one number per gate and tick, whatever happens.

Rings, wheels and counts are kept up to date event by event: the work of a tick grows with vehicles that do something,
not with vehicles or lanes that exist.
"""

from engine.generic import kernel
from engine.loop import advance
from models.traffic.drivers import MODULUS, end_trip, set_out, turn_on
from models.traffic.junctions import CROSSING_S, has_green, must_yield
from models.traffic.network import PERMITTED, RED
from models.traffic.state import BUFFER, DELAY_BINS, EXIT, Sum, TrafficState

TIMING = ("min_green_s", "decide_every_s", "max_red_s", "critical_gap_s", "stop_loss_s")
MIN_GREEN, EVERY, MAX_RED, GAP, LOSS = range(5)
LOOK_AHEAD_S = 5
REWARD_PER_VEHICLE = -0.1


@kernel
def switch(world, i, phase, tick, block):
    """Signal i starts changing to a phase."""
    world.next_phase[i] = phase
    world.green_at[i] = tick + world.derived.lost_s[block, world.layout.first_phase[i] + world.phase[i]]
    world.sums[Sum.SWITCHES] += 1


@kernel
def choose_lane(world, turn):
    """Lane of a turn with fewest vehicles."""
    lane = world.layout.first_lane[turn]
    for other in range(lane + 1, world.layout.first_lane[turn] + world.layout.turn_lanes[turn]):
        if world.on_lane[other] < world.on_lane[lane]:
            lane = other
    return lane


@kernel
def enter_link(world, vehicle, link, block, tick, lost_s):
    """Put a vehicle on a link, on a lane of the turn it will take; it loses some seconds in picking up speed."""
    turn = turn_on(world.drivers, world, vehicle, link, block)
    lane = choose_lane(world, turn)
    world.turn[vehicle], world.lane[vehicle] = turn, lane
    world.free_flow_s[vehicle] += world.layout.lag_s[link]
    ready = tick + world.layout.lag_s[link]
    if lost_s > 0 or ready < world.slowed_until[lane]:
        world.sums[Sum.SLOWED] -= ready
        ready = max(ready + lost_s, world.slowed_until[lane])  # nobody overtakes
        world.sums[Sum.SLOWED] += ready
        world.slowed_until[lane] = ready
    world.ready[vehicle] = ready
    world.ring[lane, (world.head[lane] + world.on_lane[lane]) & (world.ring.shape[1] - 1)] = vehicle
    world.on_lane[lane] += 1
    world.on_link[link] += 1
    world.occupied_veh[link] += 1
    for phase in world.layout.phases[turn]:
        if phase < 0:
            break
        world.phase_on_link[phase] += 1
    slot = ready & (world.ready_number.size - 1)
    world.ready_vehicle[slot, world.ready_number[slot]] = vehicle
    world.ready_number[slot] += 1
    if ready - tick <= LOOK_AHEAD_S + 1:
        count_coming(world, vehicle)


@kernel
def count_coming(world, vehicle):
    """A vehicle will reach its queue within the look-ahead."""
    turn = world.turn[vehicle]
    world.coming[world.lane[vehicle]] += 1
    for phase in world.layout.phases[turn]:
        if phase < 0:
            break
        world.phase_coming[phase] += 1


@kernel
def reach_queue(world, vehicle):
    """A vehicle reaches the stop line, or those who stand there."""
    turn, lane = world.turn[vehicle], world.lane[vehicle]
    link = world.layout.lane_link[lane]
    world.coming[lane] -= 1
    world.standing[lane] += 1
    for phase in world.layout.phases[turn]:
        if phase < 0:
            break
        world.phase_coming[phase] -= 1
        world.phase_standing[phase] += 1
    world.link_standing[link] += 1
    world.queue_veh[world.layout.junction[link]] += 1


@kernel
def turn_wheels(world, tick):
    """Space that comes back, vehicles that reach their queue, and vehicles that will within the look-ahead."""
    slot = tick & (world.space_number.size - 1)
    for e in range(world.space_number[slot]):
        world.occupied_veh[world.space_link[slot, e]] -= 1
    world.space_number[slot] = 0
    for e in range(world.ready_number[slot]):
        reach_queue(world, world.ready_vehicle[slot, e])
    world.ready_number[slot] = 0
    slot = (tick + LOOK_AHEAD_S + 1) & (world.ready_number.size - 1)
    for e in range(world.ready_number[slot]):
        count_coming(world, world.ready_vehicle[slot, e])


@kernel
def arrive(world, turn, block, tick, rng):
    """Vehicles arrive at the gates and enter where there is room."""
    slots, slot = world.derived.arrivals_veh.shape[1], 0
    if slots > 1:
        slot = (tick // world.profile_s[0]) % slots
    for g in range(world.layout.gate_link.size):
        draw = rng.random()
        chance = world.derived.no_arrival[block, slot, g]
        below, number = chance, 0
        while draw > below and number < 20:
            number += 1
            chance *= world.derived.arrivals_veh[block, slot, g] / number
            below += chance
        if turn.public.size > 0:
            turn.public[g] = number
        link = world.layout.gate_link[g]
        for k in range(number):
            low_bits = draw * 4194304.0 + 0.3819660112501051 * k  # independent of whether the vehicle arrived
            stream = 1 + int((low_bits - int(low_bits)) * (MODULUS - 1))
            be_born(world, g, link, stream, block, slot, tick)
        if world.buffer_number[g] > 0 and world.occupied_veh[link] < world.layout.storage_veh[link]:
            vehicle = world.buffer[g, world.buffer_head[g]]
            world.buffer_head[g] = (world.buffer_head[g] + 1) & (BUFFER - 1)
            world.buffer_number[g] -= 1
            world.queue_veh[world.layout.junction[link]] -= 1
            world.sums[Sum.ENTERED] += 1
            enter_link(world, vehicle, link, block, tick, world.derived.timing[block, LOSS])


@kernel
def be_born(world, gate, link, stream, block, slot, tick):
    """A vehicle starts to wait at a gate, or is turned away where too many wait."""
    if world.buffer_number[gate] == BUFFER:
        world.sums[Sum.TURNED_AWAY] += 1
        return
    world.free_number[0] -= 1
    vehicle = world.free_place[world.free_number[0]]
    world.born[vehicle], world.stream[vehicle] = tick, stream
    world.free_flow_s[vehicle], world.stops[vehicle] = 0, 0
    set_out(world.drivers, world, vehicle, gate, block, slot)
    world.buffer[gate, (world.buffer_head[gate] + world.buffer_number[gate]) & (BUFFER - 1)] = vehicle
    world.buffer_number[gate] += 1
    world.queue_veh[world.layout.junction[link]] += 1
    world.sums[Sum.BORN] += 1


@kernel
def leave(world, vehicle, turn, block, tick):
    """A trip ends; its delay is what it took beyond free flow."""
    end_trip(world.drivers, world, vehicle, turn, block, tick)
    delay = tick - world.born[vehicle] - world.free_flow_s[vehicle]
    world.delays[min(delay, DELAY_BINS - 1)] += 1
    world.sums[Sum.FINISHED] += 1
    world.sums[Sum.STOPS] += world.stops[vehicle]
    world.free_place[world.free_number[0]] = vehicle
    world.free_number[0] += 1


@kernel
def discharge(world, lane, phase, block, tick):
    """The first vehicle of a lane crosses the stop line, if it may go and its target has room.

    `phase` is numbered in the network; it is -1 at a junction without signal.
    """
    vehicle = world.ring[lane, world.head[lane]]
    turn = world.turn[vehicle]
    green = has_green(world, turn, phase)
    target = world.derived.target[block, turn]
    if green == RED or (target >= 0 and world.occupied_veh[target] >= world.layout.storage_veh[target]):
        return
    if green == PERMITTED and must_yield(world, turn, vehicle, phase, block, tick, world.derived.timing[block, GAP]):
        return
    link = world.layout.lane_link[lane]
    world.head[lane] = (world.head[lane] + 1) & (world.ring.shape[1] - 1)
    world.on_lane[lane] -= 1
    world.standing[lane] -= 1
    start = world.next_start[lane] if world.next_start[lane] > tick - 1 else float(tick)  # parts of a second carry over
    world.next_start[lane] = start + world.derived.headway_s[block, turn]
    world.clear_at[turn] = tick + CROSSING_S
    world.on_link[link] -= 1
    world.link_standing[link] -= 1
    for served in world.layout.phases[turn]:
        if served < 0:
            break
        world.phase_on_link[served] -= 1
        world.phase_standing[served] -= 1
    world.queue_veh[world.layout.junction[link]] -= 1
    slot = (tick + world.layout.wave_s[link]) & (world.space_number.size - 1)
    world.space_link[slot, world.space_number[slot]] = link
    world.space_number[slot] += 1
    stopped = tick > world.ready[vehicle]
    world.stops[vehicle] += stopped
    if target == EXIT:
        leave(world, vehicle, turn, block, tick)
    else:
        enter_link(world, vehicle, target, block, tick, world.derived.timing[block, LOSS] if stopped else 0)


@kernel
def decide_signals(world, turn, block, tick):
    """Signals do what was decided for them."""
    for i in range(turn.deciding.size):
        if tick == world.next_due[i]:
            world.next_due[i] = tick + world.derived.timing[block, EVERY]
        if turn.deciding[i] and turn.actions[i] == 1 and world.candidate[i] != world.phase[i]:
            switch(world, i, world.candidate[i], tick, block)


@kernel
def turn_green(world, i, block, tick):
    """Whether signal i is green; it ends its change if it is time."""
    if world.next_phase[i] >= 0:
        if tick < world.green_at[i]:
            return False
        world.phase[i], world.next_phase[i], world.green_since[i] = world.next_phase[i], -1, tick
        world.next_due[i] = tick + world.derived.timing[block, MIN_GREEN]
    world.last_green[world.layout.first_phase[i] + world.phase[i]] = tick
    return True


@kernel
def serve_signal(world, i, block, tick):
    """Lanes of signal i that have green discharge."""
    first = world.layout.first_phase[i]
    if not turn_green(world, i, block, tick):
        if world.layout.lasting[i]:
            serve_lasting(world, first + world.phase[i], first + world.next_phase[i], block, tick)
        return
    phase = first + world.phase[i]
    if world.phase_standing[phase] == 0:
        return
    for lane in world.layout.phase_lanes[phase]:
        if lane < 0:
            break
        if world.standing[lane] > 0 and tick >= world.next_start[lane]:
            discharge(world, lane, phase, block, tick)


@kernel
def serve_lasting(world, phase, next_phase, block, tick):
    """While a signal changes, turns that have green before and after go on."""
    for lane in world.layout.phase_lanes[phase]:
        if lane < 0:
            break
        if world.standing[lane] > 0 and tick >= world.next_start[lane]:
            turn = world.turn[world.ring[lane, world.head[lane]]]
            if has_green(world, turn, next_phase) != RED:
                discharge(world, lane, phase, block, tick)


@kernel
def serve_free(world, j, signals, block, tick):
    """Lanes of a junction without signal discharge."""
    for lane in world.layout.free_lanes[j - signals]:
        if lane < 0:
            break
        if world.standing[lane] > 0 and tick >= world.next_start[lane]:
            discharge(world, lane, -1, block, tick)


@advance.body_for(TrafficState)
def advance_traffic(world, turn, rng):
    tick, block = turn.tick[0], turn.block[0]
    signals = turn.deciding.size
    decide_signals(world, turn, block, tick)
    turn_wheels(world, tick)
    arrive(world, turn, block, tick, rng)
    for i in range(signals):
        serve_signal(world, i, block, tick)
    total = 0
    for j in range(signals, world.queue_veh.size):
        if world.queue_veh[j] > 0:
            serve_free(world, j, signals, block, tick)
            total += world.queue_veh[j]
    for i in range(signals):
        turn.rewards[i] = REWARD_PER_VEHICLE * world.queue_veh[i]
        total += world.queue_veh[i]
    turn.common[:] = REWARD_PER_VEHICLE * total / signals
    world.sums[Sum.LOST] += total
    world.sums[Sum.PRESENT] += world.born.size - world.free_number[0]
