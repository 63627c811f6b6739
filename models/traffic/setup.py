"""From parameters to arrays: the state of tick 0, and what drivers may know and do in a regime block."""

from itertools import pairwise
from typing import Any

import numpy as np

from models.traffic import detectors, rules, static
from models.traffic import routes as ways
from models.traffic.demand import side_weights
from models.traffic.network import Network
from models.traffic.routes import Routes
from models.traffic.state import BUFFER, DELAY_BINS, EXIT, Derived, Sum, TrafficState, Travellers, TripSum, Turners
from models.traffic.static import Costs
from scenarios.traffic.parameters import SPACE_M, Parameters

DETECTORS = {"stop_line": detectors.STOP_LINE, "advance": detectors.ADVANCE, "full": detectors.FULL,
             "clock": detectors.CLOCK}  # fmt: skip


def lag_s(p: Parameters, net: Network) -> np.ndarray:
    """Free-flow time (L,) of every link, whole seconds."""
    return np.maximum(np.rint(net.length_m / p.free_speed_m_per_s), 1).astype(np.int64)


def find_routes(p: Parameters, net: Network, where: str) -> Routes | None:
    """The routes of travellers; None for turners (raises ScenarioError)."""
    return ways.build(net, lag_s(p, net), p.routes_per_trip, where) if p.drivers == "travel" else None


def pair_shares(routes: Routes, net: Network, p: Parameters) -> np.ndarray:
    """Share (P,) of each pair in the arrivals of its gate: a side draws as many as it sends."""
    pull = side_weights(p)[net.gate_link[routes.to] % 4]
    origin = routes.origins()
    total = np.bincount(origin, pull)[origin]
    return np.where(total > 0, pull / np.where(total > 0, total, 1.0), 1.0 / np.bincount(origin)[origin])


def pair_demand(routes: Routes, net: Network, p: Parameters, arrivals: np.ndarray) -> np.ndarray:
    """Mean trips (P,) of each pair in veh/s."""
    demand: np.ndarray = arrivals.mean(axis=0)[routes.origins()] * pair_shares(routes, net, p)
    return demand


def lane_flows(world: Any, p: Parameters, arrivals: np.ndarray, closed: np.ndarray) -> np.ndarray:
    """Flow of every lane (3 L,) in veh/s when each traveller takes a shortest open route."""
    routes, net = world.routes, world.network
    opened = ways.openings(routes, net, lag_s(p, net), closed, world.scenario.where)
    return ways.load(routes, net, opened, pair_demand(routes, net, p, arrivals))


def static_costs(world: Any, p: Parameters, plan_s: np.ndarray) -> Costs:
    """What lanes cost in the static model under a plan (A, 4)."""
    return static.lane_costs(lag_s(p, world.network), plan_s, p.yellow_s, 1 / p.saturation_headway_s)


def static_trips_s(
    world: Any, p: Parameters, closed: np.ndarray, arrivals: np.ndarray, plan_s: np.ndarray
) -> tuple[float, float]:
    """Mean trip of the static model at its user equilibrium and at its system optimum."""
    routes, net = world.routes, world.network
    demand, costs = pair_demand(routes, net, p, arrivals), static_costs(world, p, plan_s)
    return static.mean_trips_s(net, routes, lag_s(p, net), closed, costs, demand)


NO_DRIVING = {
    "pair_below": np.zeros(0), "route_open": np.zeros(0, bool), "next_way": np.zeros((0, 0), np.int8),
    "exit_gate": np.zeros(0, np.int64), "driving": np.zeros(0), "lane_cost": np.zeros((3, 0)),
    "optimum_s": np.zeros(()),
}  # fmt: skip


def driving(
    world: Any, p: Parameters, closed: np.ndarray, lanes: np.ndarray, arrivals: np.ndarray, plan_s: np.ndarray
) -> dict[str, np.ndarray]:
    """The fields of `Derived` that only travellers use; `lanes` as `network.open_lanes` gives."""
    routes, net = world.routes, world.network
    if routes is None:
        return NO_DRIVING
    opened = ways.openings(routes, net, lag_s(p, net), closed, world.scenario.where)
    share = pair_shares(routes, net, p)
    leaves = (lanes >= 0) & (net.target[lanes] == EXIT)
    gate_of = np.full(net.upstream.size, -1)
    gate_of[net.gate_link] = np.arange(net.gate_link.size)
    return {
        "pair_below": np.concatenate([np.cumsum(share[a:b]) for a, b in pairwise(routes.first)]),
        "route_open": opened.open,
        "next_way": opened.next_way,
        "exit_gate": np.where(leaves, gate_of[ways.out_link(lanes)], -1),
        "driving": np.array([p.drivers_learn, p.driver_alpha, p.choice_spread_s, p.information_share], float),
        "lane_cost": np.array(static_costs(world, p, plan_s)),
        "optimum_s": np.array(static_trips_s(world, p, closed, arrivals, plan_s)[1]),
    }


def drivers(p: Parameters, routes: Routes | None, places: int) -> Turners | Travellers:
    """Drivers before their first trip: of every route they expect its free-flow time."""
    if routes is None:
        return Turners(np.zeros(0))
    each = p.drivers_per_pair
    free_s = routes.free_s.reshape(len(routes.to), -1)
    return Travellers(
        first_pair=routes.first,
        pair_to=routes.to,
        routes=routes.number,
        way=routes.way,
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
        entered=np.zeros(3 * routes.way.shape[1], np.int64),
    )


def state(world: Any, p: Parameters, derived: Derived) -> TrafficState:
    """An empty road network, every signal green for north-south."""
    net = world.network
    signals, links, gates = len(net.names), net.upstream.size, net.gate_link.size
    storage = np.maximum(np.rint(p.lanes * net.length_m / SPACE_M), 1).astype(np.int64)
    lag = lag_s(p, net)
    wave = np.maximum(np.rint(net.length_m / p.wave_speed_m_per_s), 1).astype(np.int64)
    wheel = 1 << (int(max(lag.max(), wave.max())) + rules.LOOK_AHEAD_S + 1).bit_length()
    places = int(storage.sum()) + gates * BUFFER
    fields: dict[str, Any] = {name: np.zeros(places, np.int64) for name in ("born", "ready")}
    fields |= {name: np.zeros(places, np.int64) for name in ("free_flow_s", "stops")}
    fields["movement"] = np.zeros(places, np.int32)
    fields |= {name: np.zeros(3 * links, np.int64) for name in ("head", "on_lane", "standing", "coming")}
    fields |= {name: np.zeros(links, np.int64) for name in ("occupied_veh", "on_link", "link_standing")}
    fields |= {name: np.zeros(signals, np.int64) for name in ("phase", "green_at", "green_since", "candidate")}
    fields |= {name: np.zeros((signals, 4), np.int64) for name in ("phase_standing", "phase_coming")}
    fields |= {name: np.zeros((wheel, 4 * links), np.int32) for name in ("ready_lane", "space_link")}
    fields |= {name: np.zeros(wheel, np.int64) for name in ("ready_number", "space_number")}
    x = np.array([data["x"] for _, data in world.graph.nodes(data=True)])
    return TrafficState(
        derived=derived,
        drivers=drivers(p, world.routes, places),
        lag_s=lag,
        wave_s=wave,
        storage_veh=storage,
        gate_link=net.gate_link.astype(np.int64),
        profile_s=np.array([3600 * 24 // derived.arrivals_veh.shape[1]]),
        shared=np.array([p.shared_lanes]),
        detectors=np.array([DETECTORS[p.detectors]]),
        column=np.unique(x, return_inverse=True)[1].astype(np.int64),
        ring=np.zeros((3 * links, 1 << int(storage.max() - 1).bit_length()), np.int32),
        next_start=np.zeros(3 * links, np.int64),
        stream=np.ones(places, np.int64),
        free_place=np.arange(places, dtype=np.int32),
        free_number=np.array([places]),
        buffer=np.zeros((gates, BUFFER), np.int32),
        buffer_head=np.zeros(gates, np.int64),
        buffer_number=np.zeros(gates, np.int64),
        next_phase=np.full(signals, -1),
        last_green=np.zeros((signals, 4), np.int64),
        next_due=np.full(signals, p.min_green_s),
        queue_veh=np.zeros(signals, np.int64),
        phase_on_link=np.zeros((signals, 4), np.int64),
        sums=np.zeros(len(Sum), np.int64),
        delays=np.zeros(DELAY_BINS, np.int64),
        **fields,
    )
