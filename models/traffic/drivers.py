"""How drivers find their way: by turn shares, or to a destination by a route they choose and learn.

**Turners** have no destination: at every signal a share turns left and a share right, so a closed road may shorten a
trip as well as delay it. **Travellers** go from their gate to another one. The drivers of a pair of gates set out in
turn; each keeps the time that it expects of every route of its pair, at first the free-flow time, and takes route r
with probability proportional to exp(-expected[r] / spread) (logit choice: Ben-Akiva and Lerman 1985, Discrete Choice
Analysis). When the trip ends, expected[r] += alpha (time - expected[r]), from arrival at the gate to the end
(exponential averaging: Horowitz 1984, Transportation Research B 18); those who are informed also move what they expect
of their other routes towards the recent mean time of all who took them. Drivers who do not learn take the route they
expect to be the fastest, at first one of the shortest; ties are split evenly among the drivers of a pair.

A driver whose route is cut by a closed road takes the shortest open way from where it is, and learns nothing from the
trip; the few whom a closed road leaves no way at all leave at the nearest gate.

Simplifications: a driver is a habit and not a person: it may set out again before it has arrived; departure times and
destinations are given; routes are chosen at the gate and kept.

What a vehicle draws comes from a stream of its own, made at birth, so the world draws one number per gate and tick,
whatever happens.
"""

from math import exp

from engine.generic import generic, generic_with_default, kernel
from models.traffic.state import ALPHA, INFORMED, LEARN, SPREAD_S, Travellers, TripSum, Turners

# Minimal standard generator (Park and Miller 1988), which needs no more than 64-bit integers
MODULUS, MULTIPLIER = 2147483647, 48271
RECENT = 0.1  # weight of the newest trip in the recent mean time of a route


@generic_with_default
def set_out(drivers, world, vehicle, gate, block, slot):
    """A vehicle is born at a gate: who drives it, and where to."""


@generic
def turn_on(drivers, world, vehicle, link, block):
    """Turn that a vehicle takes at the end of the link it enters."""


@generic_with_default
def end_trip(drivers, world, vehicle, turn, block, tick):
    """A vehicle leaves the network by a turn."""


@generic
def colour_of(drivers, vehicle):
    """Number of the route that a vehicle takes, from 1; 0 for none."""


@kernel
def draw(world, vehicle):
    """The next number of a vehicle's own stream, between 0 and 1."""
    state = world.stream[vehicle] * MULTIPLIER % MODULUS
    world.stream[vehicle] = state
    return state / MODULUS


@turn_on.body_for(Turners)
def turn_by_shares(drivers, world, vehicle, link, block):
    where, turn = draw(world, vehicle), world.layout.first_turn[link]
    while where >= world.derived.turn_below[block, turn]:
        turn += 1
    return turn


@colour_of.body_for(Turners)
def colour_of_none(drivers, vehicle):
    return 0


@set_out.body_for(Travellers)
def set_out_to_destination(drivers, world, vehicle, gate, block, slot):
    where, taste = draw(world, vehicle), draw(world, vehicle)
    pair, last = drivers.first_pair[gate], drivers.first_pair[gate + 1] - 1
    while pair < last and where >= world.derived.pair_below[block, slot, pair]:
        pair += 1
    number = drivers.next_driver[pair]
    drivers.next_driver[pair] = (number + 1) % drivers.per_pair[0]
    driver = pair * drivers.per_pair[0] + number
    route = choose(drivers, world, driver, pair, number, taste, block)
    drivers.driver[vehicle], drivers.taken[vehicle] = driver, route
    if route >= 0:
        drivers.leg[vehicle] = drivers.first_leg[pair * drivers.expected_s.shape[1] + route]
    drivers.sums[TripSum.SET_OUT] += 1
    if route >= 0:
        drivers.sums[TripSum.SWITCHED] += drivers.last_route[driver] >= 0 and drivers.last_route[driver] != route
        drivers.last_route[driver] = route


@kernel
def learning(drivers, world, block):
    """Whether drivers learn and explore now."""
    return drivers.thawed[0] and world.derived.driving[block, LEARN] > 0.0


@kernel
def choose(drivers, world, driver, pair, number, taste, block):
    """An open route of a driver's pair, -1 where none is open."""
    routes, most = drivers.routes[pair], drivers.expected_s.shape[1]
    best, shortest, equals = -1, 0.0, 0
    for route in range(routes):
        expected = drivers.expected_s[driver, route]
        if not world.derived.route_open[block, pair * most + route]:
            continue
        if equals == 0 or expected < shortest:
            best, shortest, equals = route, expected, 0
        equals += expected == shortest
    place = number % max(equals, 1)  # of this driver among the routes that are equal to it
    for route in range(routes):
        if world.derived.route_open[block, pair * most + route] and drivers.expected_s[driver, route] == shortest:
            best = route if place == 0 else best
            place -= 1
    spread_s = world.derived.driving[block, SPREAD_S]
    if best < 0 or spread_s == 0.0 or not learning(drivers, world, block):
        return best
    total = 0.0
    for route in range(routes):
        if world.derived.route_open[block, pair * most + route]:
            total += exp((shortest - drivers.expected_s[driver, route]) / spread_s)
    left = taste * total
    for route in range(routes):
        if world.derived.route_open[block, pair * most + route]:
            best = route
            left -= exp((shortest - drivers.expected_s[driver, route]) / spread_s)
            if left < 0.0:
                break
    return best


@turn_on.body_for(Travellers)
def turn_by_route(drivers, world, vehicle, link, block):
    pair = drivers.driver[vehicle] // drivers.per_pair[0]
    turn = -1
    if drivers.taken[vehicle] >= 0:
        route = pair * drivers.expected_s.shape[1] + drivers.taken[vehicle]
        if world.derived.route_open[block, route]:
            turn = int(drivers.legs[drivers.leg[vehicle]])
        if turn < 0 or world.layout.turn_link[turn] != link:
            turn = drivers.taken[vehicle] = -1
        else:
            drivers.leg[vehicle] += 1
    if turn < 0:
        turn = int(world.derived.next_way[block, drivers.pair_to[pair], link])
    drivers.entered[turn] += 1
    return turn


@end_trip.body_for(Travellers)
def learn_from_trip(drivers, world, vehicle, turn, block, tick):
    driver, taken = drivers.driver[vehicle], drivers.taken[vehicle]
    pair, most = driver // drivers.per_pair[0], drivers.expected_s.shape[1]
    if world.derived.destination[block, turn] != drivers.pair_to[pair]:
        drivers.sums[TripSum.CUT_OFF] += 1
        return
    took = tick - world.born[vehicle]
    drivers.sums[TripSum.ARRIVED] += 1
    drivers.sums[TripSum.TRIP_S] += took
    shortest = drivers.free_s[pair * most]
    drivers.sums[TripSum.DETOURS] += world.free_flow_s[vehicle] > shortest
    if taken < 0 or not learning(drivers, world, block):
        return
    drivers.recent_s[pair * most + taken] += RECENT * (took - drivers.recent_s[pair * most + taken])
    alpha = world.derived.driving[block, ALPHA]
    drivers.expected_s[driver, taken] += alpha * (took - drivers.expected_s[driver, taken])
    drivers.trips[driver, taken] += 1
    if driver - pair * drivers.per_pair[0] < world.derived.driving[block, INFORMED] * drivers.per_pair[0]:
        for route in range(drivers.routes[pair]):
            if route != taken:
                error = drivers.recent_s[pair * most + route] - drivers.expected_s[driver, route]
                drivers.expected_s[driver, route] += alpha * error


@colour_of.body_for(Travellers)
def colour_of_route(drivers, vehicle):
    return int(drivers.taken[vehicle]) + 1
