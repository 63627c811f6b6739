"""Who may go: green, and gaps.

A turn with protected green goes; one with permitted green, or at a junction without a signal, lets those go first to
which it yields: while the last of them is still crossing, and while the first on a lane is at the stop line or less
than the critical gap away (gap acceptance: Harders 1968; Highway Capacity Manual 2010, chapters 19 and 20). Where the
order of arrival counts (all-way stops, and right before left, which is taken to be the same), it waits for those alone
who came earlier. Nobody waits for a vehicle that has no room to go, and who has waited for `PATIENCE_S` takes the next
gap between vehicles that move.
"""

from engine.generic import kernel
from models.traffic.network import FIRST_COME, PERMITTED, RED

CROSSING_S = 2  # for which a vehicle that has left its stop line is in the way of others
PATIENCE_S = 60


@kernel
def has_green(world, turn, phase):
    """What a phase, as numbered in the network, gives a turn of its junction; PERMITTED at junctions without signal."""
    if phase < 0:
        return PERMITTED
    return world.layout.green[phase, world.layout.place[turn]]


@kernel
def must_yield(world, turn, vehicle, phase, block, tick, gap_s):
    """Whether a vehicle at its stop line lets others go first."""
    layout = world.layout
    in_order = layout.control[layout.junction[layout.turn_link[turn]]] == FIRST_COME
    weary = tick - world.ready[vehicle] > PATIENCE_S and tick - world.next_start[world.lane[vehicle]] > PATIENCE_S
    for other in layout.yields_to[turn]:
        if other < 0:
            break
        if tick + weary < world.clear_at[other]:
            return True
        if weary or has_green(world, other, phase) == RED:
            continue
        target = world.derived.target[block, other]
        if target >= 0 and world.occupied_veh[target] >= layout.storage_veh[target]:
            continue
        for lane in range(layout.first_lane[other], layout.first_lane[other] + layout.turn_lanes[other]):
            if world.on_lane[lane] == 0:
                continue
            rival = world.ring[lane, world.head[lane]]
            if world.turn[rival] != other:
                continue
            if in_order:
                if comes_before(world, rival, vehicle):
                    return True
            elif world.ready[rival] - tick <= gap_s:
                return True
    return False


@kernel
def comes_before(world, rival, vehicle):
    """Whether a rival reached its stop line first; of two at once the one of the smaller stream, which is a draw."""
    if world.ready[rival] == world.ready[vehicle]:
        return world.stream[rival] < world.stream[vehicle]
    return world.ready[rival] < world.ready[vehicle]
