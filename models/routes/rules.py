"""A day on the roads: everyone drives the route it chose, links take longer the more vehicles they carry.

One tick is one day. Flows are static within it: a link's time depends on the day's flow over it alone, and there are
no queues (the world `traffic` has them). Each driver of a pair stands for the same number of vehicles. Reward is minus
travel time and toll; the planner's reward, as each driver answers for it, is minus the marginal cost t + x t' along its
route, so that drivers who cooperate with the planner by kappa perceive t + kappa x t' (Chen and Kempe 2008, SODA). A
route over a closed link is not driven; who chose it drives the open one that is shortest on empty roads. The world
draws no random numbers.
"""

from engine.generic import index, kernel
from engine.loop import advance, measure, observe, report
from models.routes.metrics import Column
from models.routes.state import RoutesState, Sum
from models.sums import add_to_fleet, report_fleets

SHARES = len(Column)  # where the shares of routes begin in a row


@observe.body_for(RoutesState)
def observe_routes(world, turn):
    pass  # every day is like any other: one state


@kernel
def load(world, block, actions):
    """Flows over routes and links, and who changed its route."""
    world.route_flow[:] = 0.0
    world.link_flow[:] = 0.0
    world.changed[0] = 0
    for i in range(actions.size):
        p = index(world.pair[i])
        k = world.derived.driven[block, p, index(actions[i])]
        world.changed[0] += world.route[i] >= 0 and world.route[i] != k
        world.route[i] = k
        world.route_flow[p, index(k)] += world.derived.vehicles[block, p]
    for p in range(world.links.shape[0]):
        for k in range(world.links.shape[1]):
            for m in range(world.links.shape[2]):
                link = world.links[p, k, m]
                if link >= 0:
                    world.link_flow[link] += world.route_flow[p, k]


@kernel
def price(world, block):
    """Times, external costs and tolls of links and routes at the present flows."""
    derived = world.derived
    for e in range(world.link_flow.size):
        delay = derived.slope[block, e] * world.link_flow[e] ** derived.power[block, e]
        world.link_time[e] = derived.free[block, e] + delay
        world.link_external[e] = derived.power[block, e] * delay
        world.link_toll[e] = derived.toll_min[block, e] + derived.toll_share[block] * world.link_external[e]
    for p in range(world.links.shape[0]):
        for k in range(world.links.shape[1]):
            time, external, toll = 0.0, 0.0, 0.0
            for m in range(world.links.shape[2]):
                link = world.links[p, k, m]
                if link >= 0:
                    time += world.link_time[link]
                    external += world.link_external[link]
                    toll += world.link_toll[link]
            world.route_time[p, k], world.route_external[p, k], world.route_toll[p, k] = time, external, toll


@advance.body_for(RoutesState)
def advance_routes(world, turn, rng):
    block = turn.block[0]
    load(world, block, turn.actions)
    price(world, block)
    for i in range(turn.actions.size):
        p, k = index(world.pair[i]), index(world.route[i])
        turn.rewards[i] = -world.route_time[p, k] - world.route_toll[p, k]
        turn.common[i] = -world.route_time[p, k] - world.route_external[p, k]
    show(world, block, turn.public)


@kernel
def show(world, block, public):
    """What everybody sees: which links are open, tolls, and how many vehicles there are."""
    links = world.link_flow.size
    if public.size > 0:
        for e in range(links):
            public[e] = 1.0 if world.derived.open[block, e] else 0.0
            public[links + e] = world.derived.toll_min[block, e]
        public[2 * links] = world.derived.toll_share[block]
        public[2 * links + 1] = world.derived.vehicles[block, 0]


@measure.body_for(RoutesState)
def measure_routes(world, turn):
    block, drivers = turn.block[0], turn.actions.size
    time, toll, cost, least = 0.0, 0.0, 0.0, 0.0
    for p in range(world.links.shape[0]):
        cheapest = 1e300
        for k in range(world.links.shape[1]):
            flow, paid = world.route_flow[p, k], world.route_time[p, k] + world.route_toll[p, k]
            time += flow * world.route_time[p, k]
            toll += flow * world.route_toll[p, k]
            cost += flow * paid
            if world.derived.driven[block, p, k] == k:
                cheapest = min(cheapest, paid)
        least += world.size[p] * world.derived.vehicles[block, p] * cheapest
    vehicles = world.derived.demand[block]
    world.sums[Sum.TIME_MIN] += time / vehicles
    world.sums[Sum.RATIO] += time / vehicles / world.derived.optimum_min[block]
    world.sums[Sum.COST_MIN] += cost
    world.sums[Sum.LEAST_MIN] += least
    world.sums[Sum.CHANGED] += world.changed[0] / drivers
    world.sums[Sum.TOLL_MIN] += toll / vehicles
    for k in range(world.share_sums.size):
        world.share_sums[k] += world.route_flow[0, k] / vehicles
    if world.fleets.amount.size > 0:
        for i in range(drivers):
            took = world.route_time[index(world.pair[i]), index(world.route[i])]
            add_to_fleet(world.fleets, i, took / world.fleet_size[index(world.fleets.number[i])], 0.0)


@report.body_for(RoutesState)
def report_routes(world, turn, row):
    days, sums = turn.window[0], world.sums
    cost = sums[Sum.COST_MIN]
    row[Column.mean_cost_min] = sums[Sum.TIME_MIN] / days
    row[Column.price_of_anarchy] = sums[Sum.RATIO] / days
    row[Column.relative_gap] = (cost - sums[Sum.LEAST_MIN]) / cost if cost > 0.0 else 0.0
    row[Column.switches] = sums[Sum.CHANGED] / days
    row[Column.toll_paid_min] = sums[Sum.TOLL_MIN] / days
    for k in range(world.share_sums.size):
        row[SHARES + k] = world.share_sums[k] / days
    world.fleets.weight[:] = days
    report_fleets(world.fleets, row[SHARES + world.share_sums.size :])
    sums[:] = 0.0
    world.share_sums[:] = 0.0
