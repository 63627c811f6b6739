"""What a tick costs: the time every car loses, and what it answers for as the planner sees it.

A car's own reward is minus the time it loses. The planner counts the time of everybody, and every car answers for what
its being there costs: its own lost time, and what others lose on its account. That is: while it is in the box, the time
of all who wait on the other road, shared by the cars of its road in the box; while it is at its line and could go, the
time of those behind it; and for a wreck the time of all who wait. A collision costs both cars; who drove into the other
answers for it, its cost and the time it takes, or both do, half each, where both went in one tick. So a car that
cooperates fully weighs a second of others like a second of its own (an external cost as in Vickrey 1969, American
Economic Review 59), and nobody but the one who loses a second and one other party answers for it.
"""

from engine.generic import kernel
from models.crossing.state import TICK_S, WRECKED, Sum
from models.sums import add_to_fleet

ROUNDING_S = 1e-6  # times are sums of floats: less is no time


@kernel
def charge_collision(world, turn, car, hit, cost_s):
    """Both pay; the car that drove into the other answers for both, unless the other went in the same tick."""
    together = world.enter_s[hit] >= turn.tick[0] * TICK_S
    world.guilt[car], world.guilt[hit] = (0.5, 0.5) if together else (1.0, 0.0)
    for wreck in (car, hit):
        turn.rewards[wreck] -= cost_s
        turn.common[wreck] -= 2.0 * cost_s * world.guilt[wreck]


@kernel
def lose_time(world, turn, block, now_s):
    """Time lost in this tick: own rewards, and what each car answers for."""
    end_s = now_s + TICK_S
    lost = 0.0
    road_lost = (0.0, 0.0)
    for side in range(4):
        lane_lost, waiting, first = 0.0, 0, -1
        for k in range(world.on_lane[side]):
            car = world.ring[side, (world.head[side] + k) & (world.ring.shape[1] - 1)]
            own = min(max(end_s - world.free_s[car], 0.0), TICK_S)
            if own < ROUNDING_S:
                break  # those behind came later
            first = car if k == 0 else first
            waiting += 1
            lane_lost += own
            give_up(world, turn, car, own)
        world.waiting[side] = waiting
        if first >= 0 and world.line_s[first] < end_s and could_go(world, side & 1, now_s):
            turn.common[first] -= lane_lost + turn.rewards[first]  # its own is counted already
        lost += lane_lost
        north_south, east_west = road_lost
        road_lost = (north_south + lane_lost, east_west) if side & 1 == 0 else (north_south, east_west + lane_lost)
    for place in range(world.box_number[0]):
        car = world.box[place]
        if world.where[car] == WRECKED:
            give_up(world, turn, car, TICK_S)
            turn.common[car] -= lost * world.guilt[car]
        else:
            if world.enter_s[car] >= now_s:
                give_up(world, turn, car, max(0.0, world.enter_s[car] - max(now_s, world.free_s[car])))
            road = world.side[car] & 1
            turn.common[car] -= road_lost[1 - road] / on_road(world, road)


@kernel
def could_go(world, road, now_s):
    """Whether neither the other road nor a wreck is in the way."""
    return world.road_free_s[1 - road] <= now_s and world.blocked_until_s[0] <= now_s


@kernel
def on_road(world, road):
    """Cars of a road in the box."""
    number = 0
    for place in range(world.box_number[0]):
        number += world.side[world.box[place]] & 1 == road
    return number


@kernel
def give_up(world, turn, car, seconds):
    """A car loses time."""
    turn.rewards[car] -= seconds
    turn.common[car] -= seconds
    world.sums[Sum.LOST_S] += seconds
    add_to_fleet(world.fleets, car, seconds, 0.0)
