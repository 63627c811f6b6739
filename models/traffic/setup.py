"""From parameters to arrays: the state of tick 0, and what drivers may know and do in a regime block."""

from itertools import pairwise
from typing import Any

import numpy as np

from models.traffic import detectors, rules, static
from models.traffic import routes as ways
from models.traffic.demand import side_weights
from models.traffic.network import RED, Network, table
from models.traffic.routes import Routes
from models.traffic.state import BUFFER, DELAY_BINS, Derived, Layout, Sum, TrafficState, Travellers, TripSum, Turners
from models.traffic.static import Costs
from models.traffic.trips import Trips
from scenarios.traffic.parameters import MOST_LOST_S, Parameters

DETECTORS = {"stop_line": detectors.STOP_LINE, "advance": detectors.ADVANCE, "full": detectors.FULL,
             "clock": detectors.CLOCK}  # fmt: skip


def find_routes(p: Parameters, net: Network, trips: Trips | None, where: str) -> Routes | None:
    """The routes of travellers; None for turners (raises ScenarioError)."""
    if p.drivers == "turn":
        return None
    if trips is not None:
        return ways.build(net, trips.pairs, trips.given, p.routes_per_trip, where)
    pairs = ways.across(net)
    return ways.build(net, pairs, [[]] * pairs.to.size, p.routes_per_trip, where)


def pair_shares(world: Any, p: Parameters) -> np.ndarray:
    """Share (S, P) of each pair in the arrivals of its gate: as a case says, else a side draws as many as it sends."""
    routes, net = world.routes, world.network
    origin = routes.origins()
    if world.trips is not None:
        pull = world.trips.rates
    else:
        pull = side_weights(p)[net.side[net.gate_link[routes.to]]][None, :]
    total = np.stack([np.bincount(origin, row)[origin] for row in pull])
    return np.where(total > 0, pull / np.where(total > 0, total, 1.0), 1.0 / np.bincount(origin)[origin])


def pair_demand(world: Any, p: Parameters, arrivals: np.ndarray) -> np.ndarray:
    """Mean trips (P,) of each pair in veh/s."""
    demand: np.ndarray = (arrivals[:, world.routes.origins()] * pair_shares(world, p)).mean(axis=0)
    return demand


def headways_s(p: Parameters, net: Network) -> np.ndarray:
    """Saturation headway (U,) of one lane, by turn."""
    return np.where(np.isnan(net.headway_s), float(p.saturation_headway_s), net.headway_s)


def shares(p: Parameters, net: Network) -> np.ndarray:
    """Share (U,) of each turn in the vehicles of its link that have no destination, as the parameters say it."""
    sides = (p.left_share_ns, p.left_share_ew), (p.right_share_ns, p.right_share_ew)
    axis = net.side[net.turn_link] % 2
    left, right = (np.array(side)[axis] for side in sides)
    by_direction = np.stack((left, 1.0 - left - right, right, np.zeros(left.size)))
    return np.where(np.isnan(net.share), by_direction[net.direction, np.arange(left.size)], net.share)


def lost_s(p: Parameters, net: Network) -> np.ndarray:
    """Seconds (H,) that are lost after each phase."""
    return np.where(net.lost_s < 0, p.yellow_s, net.lost_s)


def turn_flows(world: Any, p: Parameters, arrivals: np.ndarray, closed: np.ndarray) -> np.ndarray:
    """Flow of every turn (U,) in veh/s when each traveller takes a shortest open route."""
    routes, net = world.routes, world.network
    opened = ways.openings(routes, net, closed, world.scenario.where)
    return ways.load(routes, net, opened, pair_demand(world, p, arrivals))


def static_costs(net: Network, p: Parameters, plan_s: np.ndarray) -> Costs:
    """What turns cost in the static model under a plan (H,)."""
    return static.turn_costs(net, plan_s, lost_s(p, net), headways_s(p, net))


def static_trips_s(
    world: Any, p: Parameters, closed: np.ndarray, arrivals: np.ndarray, plan_s: np.ndarray
) -> tuple[float, float]:
    """Mean trip of the static model at its user equilibrium and at its system optimum."""
    routes, net = world.routes, world.network
    demand = pair_demand(world, p, arrivals)
    return static.mean_trips_s(net, routes, closed, static_costs(net, p, plan_s), demand)


NO_DRIVING = {
    "pair_below": np.zeros((0, 0)), "route_open": np.zeros(0, bool), "next_way": np.zeros((0, 0), np.int32),
    "destination": np.zeros(0, np.int64), "driving": np.zeros(0), "turn_cost": np.zeros((3, 0)),
    "optimum_s": np.zeros(()),
}  # fmt: skip


def driving(
    world: Any, p: Parameters, closed: np.ndarray, turns: np.ndarray, arrivals: np.ndarray, plan_s: np.ndarray
) -> dict[str, np.ndarray]:
    """The fields of `Derived` that only travellers use; `turns` as `network.open_turns` gives."""
    routes, net = world.routes, world.network
    if routes is None:
        return NO_DRIVING
    opened = ways.openings(routes, net, closed, world.scenario.where)
    share = np.broadcast_to(pair_shares(world, p), (len(arrivals), routes.to.size))
    return {
        "pair_below": np.concatenate([np.cumsum(share[:, a:b], axis=1) for a, b in pairwise(routes.first)], axis=1),
        "route_open": opened.open,
        "next_way": opened.next_way,
        "destination": net.destination[turns],
        "driving": np.array([p.drivers_learn, p.driver_alpha, p.choice_spread_s, p.information_share], float),
        "turn_cost": np.array(static_costs(net, p, plan_s)),
        "optimum_s": np.array(static_trips_s(world, p, closed, arrivals, plan_s)[1]),
    }


def drivers(p: Parameters, net: Network, routes: Routes | None, places: int) -> Turners | Travellers:
    """Drivers before their first trip: of every route they expect its free-flow time."""
    if routes is None:
        return Turners(np.zeros(0))
    each = p.drivers_per_pair
    free_s = routes.free_s.reshape(len(routes.to), -1)
    return Travellers(
        first_pair=routes.first,
        pair_to=routes.to,
        routes=routes.number,
        first_leg=routes.first_leg,
        legs=routes.legs,
        free_s=routes.free_s,
        per_pair=np.array([each]),
        expected_s=np.repeat(free_s, each, axis=0),
        trips=np.zeros((len(routes.to) * each, free_s.shape[1]), np.int64),
        last_route=np.full(len(routes.to) * each, -1, np.int32),
        recent_s=routes.free_s.copy(),
        thawed=np.ones(1, bool),
        next_driver=np.zeros(len(routes.to), np.int64),
        driver=np.zeros(places, np.int32),
        taken=np.full(places, -1, np.int32),
        sums=np.zeros(len(TripSum), np.int64),
        leg=np.zeros(places, np.int32),
        entered=np.zeros(net.target.size, np.int64),
    )


def layout(net: Network, column: np.ndarray) -> Layout:
    """The tables of a network as kernels read them; `column` (A,) ranks signals from west to east."""
    signals, turns, phases = net.phases.size, net.target.size, int(net.phases.sum())
    phase, turn, right = net.green.T
    served = table(turn, phase, turns)
    at_junction = net.junction[net.turn_link]
    place = np.zeros(turns, np.int64)
    for members in np.split(np.argsort(at_junction, kind="stable"), np.cumsum(np.bincount(at_junction))[:-1]):
        place[members] = np.arange(members.size)
    green = np.full((phases, int(place.max()) + 1), RED, np.int8)
    green[phase, place[turn]] = right
    free = np.flatnonzero(net.junction[net.lane_link] >= signals)
    lasting = np.zeros(signals, bool)
    lasting[at_junction[np.bincount(turn, minlength=turns) > 1]] = True
    return Layout(
        lag_s=net.lag_s,
        wave_s=net.wave_s,
        storage_veh=net.storage_veh,
        junction=net.junction,
        lane_link=net.lane_link,
        turn_link=net.turn_link,
        first_turn=net.first_turn,
        first_lane=net.first_lane,
        turn_lanes=net.turn_lanes,
        first_phase=net.first_phase,
        phases=served,
        phase_lanes=_phase_lanes(net),
        phase_turns=table(phase, turn, phases),
        place=place,
        green=green,
        lasting=lasting,
        yields_to=table(*net.yields.T, turns),
        control=net.control,
        free_lanes=table(net.junction[net.lane_link[free]] - signals, free, len(net.junctions) - signals),
        gate_link=net.gate_link,
        offset_s=net.offset_s,
        column=column,
    )


def _phase_lanes(net: Network) -> np.ndarray:
    """Lanes from which some turn of each phase is taken, those with protected green first, by number."""
    first = {}
    for phase, turn, right in net.green.tolist():
        for lane in range(net.first_lane[turn], net.first_lane[turn] + net.turn_lanes[turn]):
            first[phase, lane] = max(right, first.get((phase, lane), RED))
    rows = sorted((phase, -right, lane) for (phase, lane), right in first.items())
    phases, _, lanes = np.array(rows, np.int64).reshape(-1, 3).T
    return table(phases, lanes, int(net.phases.sum()))


def most_entries(net: Network) -> np.ndarray:
    """Vehicles (L,) that can enter each link in one tick: one by each lane of the links before it, and by a gate.

    A closed road may send a vehicle on by any turn of its link.
    """
    lanes = np.bincount(net.lane_link, minlength=len(net.links))
    inner = net.target >= 0
    before = np.unique(np.stack((net.turn_link[inner], net.target[inner])), axis=1)
    entries = np.bincount(before[1], lanes[before[0]], len(net.links)).astype(np.int64)
    entries[net.gate_link] += 1
    return entries


def state(world: Any, p: Parameters, derived: Derived) -> TrafficState:
    """An empty road network, every signal green for its first phase."""
    net = world.network
    signals, links, gates, lanes = net.phases.size, len(net.links), net.gate_link.size, net.lane_link.size
    ahead = rules.LOOK_AHEAD_S + 1 + MOST_LOST_S
    wheel = 1 << (int(max(net.lag_s.max(), net.wave_s.max())) + ahead).bit_length()
    places = int(net.storage_veh.sum()) + gates * BUFFER
    fields: dict[str, Any] = {name: np.zeros(places, np.int64) for name in ("born", "ready")}
    fields |= {name: np.zeros(places, np.int64) for name in ("free_flow_s", "stops")}
    fields |= {name: np.zeros(places, np.int32) for name in ("turn", "lane")}
    fields |= {name: np.zeros(lanes, np.int64) for name in ("head", "on_lane", "standing", "coming", "slowed_until")}
    fields |= {name: np.zeros(links, np.int64) for name in ("occupied_veh", "on_link", "link_standing")}
    fields |= {name: np.zeros(signals, np.int64) for name in ("phase", "green_at", "green_since", "candidate")}
    by_phase = ("phase_standing", "phase_coming", "phase_on_link", "last_green")
    fields |= {name: np.zeros(net.phases.sum(), np.int64) for name in by_phase}
    fields["ready_vehicle"] = np.zeros((wheel, most_entries(net).sum()), np.int32)
    fields["space_link"] = np.zeros((wheel, lanes), np.int32)
    fields |= {name: np.zeros(wheel, np.int64) for name in ("ready_number", "space_number")}
    x = np.array([data["x"] for _, data in world.graph.nodes(data=True)])
    return TrafficState(
        derived=derived,
        drivers=drivers(p, net, world.routes, places),
        layout=layout(net, np.unique(x, return_inverse=True)[1].astype(np.int64)),
        profile_s=np.array([world.trips.slot_s if world.trips else 3600 * 24 // derived.arrivals_veh.shape[1]]),
        detectors=np.array([DETECTORS[p.detectors]]),
        ring=np.zeros((lanes, 1 << int(net.storage_veh.max() - 1).bit_length()), np.int32),
        next_start=np.zeros(lanes),
        stream=np.ones(places, np.int64),
        free_place=np.arange(places, dtype=np.int32),
        free_number=np.array([places]),
        buffer=np.zeros((gates, BUFFER), np.int32),
        buffer_head=np.zeros(gates, np.int64),
        buffer_number=np.zeros(gates, np.int64),
        next_phase=np.full(signals, -1),
        next_due=np.full(signals, p.min_green_s),
        queue_veh=np.zeros(len(net.junctions), np.int64),
        clear_at=np.zeros(net.target.size, np.int64),
        sums=np.zeros(len(Sum), np.int64),
        delays=np.zeros(DELAY_BINS, np.int64),
        **fields,
    )
