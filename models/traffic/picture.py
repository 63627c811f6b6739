"""Where everything is drawn: roads and signals in metres, vehicles as a few bytes each."""

from typing import Any

import numpy as np

from engine.generic import entry
from models.traffic.drivers import colour_of
from models.traffic.network import RED, Network, road_names, starts
from scenarios.traffic.parameters import SPACE_M

LONG_WAIT_S = 30
SCALE = 65535


def scene(world: Any) -> dict[str, Any]:
    """Size, signals, directed roads (ends, link, road to close or -1) and the roads people can close; metres, y down.

    `shapes` has the points of roads that are not all straight; `routes` is the number of routes that drivers know
    between two gates, 0 where they turn by shares or know one.
    """
    net, known = world.network, world.parameters_at_reset.routes_per_trip
    sides = np.zeros((len(net.junctions), 4), bool)
    sides[net.junction, net.side] = True
    nodes = [
        {"name": name, "x": x, "y": y, "sides": has}
        for name, (x, y), has in zip(net.signals, net.spots.tolist(), sides.tolist(), strict=False)
    ]
    bent = any(len(line) > 2 for line in net.lines)
    return {
        "kind": "traffic",
        "width": float(net.size[0]),
        "height": float(net.size[1]),
        "nodes": nodes,
        "roads": [
            [*line[[0, -1]].round(1).reshape(-1).tolist(), link, int(net.road[link])]
            for link, line in enumerate(net.lines)
        ],
        "shapes": [line.round(1).reshape(-1).tolist() for line in net.lines] if bent else [],
        "routes": known if world.travels and known > 1 else 0,
        "switches": {
            "parameter": "closed_links", "noun": "road", "off": "Close", "on": "Open", "names": road_names(net),
        },
    }  # fmt: skip


def frame(world: Any) -> dict[str, np.ndarray]:
    """Vehicles on the road, signals, queues by side and closed links, as small arrays.

    The state of a vehicle is 0 moving, 1 waiting or 2 waiting for long, plus 4 times its heading, plus 16 times the
    number of its route from 1, 0 for none.
    """
    state, net = world.state, world.network
    if not hasattr(world, "_drawn"):
        world._drawn = _lanes(net)
    number = int(state.on_link.sum())
    place, looks, ids = np.zeros((number, 2), np.uint16), np.zeros(number, np.uint8), np.zeros(number, np.uint16)
    _place_vehicles(state, world.tick, *world._drawn, net.side, place, looks, ids)
    waiting = state.link_standing.copy()
    np.add.at(waiting, net.gate_link, state.buffer_number)
    queues = np.zeros((len(net.junctions), 4), np.int64)
    np.add.at(queues, (net.junction, net.side), waiting)
    return {
        "vehicles": place,
        "state": looks,
        "id": ids,
        "signals": (state.phase + 4 * (state.next_phase >= 0)).astype(np.uint8),
        "greens": _greens(world),
        "queues": np.minimum(queues[: len(net.signals)], 255).astype(np.uint8),
        "closed": state.derived.closed[world.regime].astype(np.uint8),
    }


def _greens(world: Any) -> np.ndarray:
    """What each link (L,) sees at its end: 0 red, 1 green for some turn, 2 a change, 3 no signal."""
    state, net = world.state, world.network
    signals = len(net.signals)
    at = net.junction
    looks = np.full(at.size, 3, np.uint8)
    looks[at < signals] = 0
    now = net.first_phase[:-1] + state.phase
    rows = net.green[np.isin(net.green[:, 0], now) & (net.green[:, 2] != RED)]
    served = net.turn_link[rows[:, 1]]
    looks[served] = np.where(state.next_phase[at[served]] >= 0, 2, 1)
    return looks


def _lanes(net: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each lane's points begin (K + 1,), points (n, 2) as shares of the picture, and metres (n,) up to each."""
    lines = [_shift(net.lines[link], aside) for link, aside in zip(net.lane_link, net.aside_m, strict=True)]
    up_to = [np.append(0.0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))) for line in lines]
    first = starts(np.array([len(line) for line in lines]))
    return first, np.concatenate(lines) / net.size, np.concatenate(up_to)


def _shift(line: np.ndarray, aside_m: float) -> np.ndarray:
    """A line (n, 2) so far to the right of one."""
    along = np.diff(line, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    along = np.concatenate((along[:1], (along[:-1] + along[1:]) / 2, along[-1:]))
    shifted: np.ndarray = line + aside_m * np.stack((-along[:, 1], along[:, 0]), axis=1)
    return shifted


@entry
def _place_vehicles(state, tick, first, points, up_to, side, place, looks, ids):
    """Write place (n, 2) in 0..65535, looks (n,) and ids (n,) of all vehicles on links."""
    n = 0
    for lane in range(state.on_lane.size):
        link = state.layout.lane_link[lane]
        heading = side[link]  # from the north heads south, from the east west, ...
        length_m = max(up_to[first[lane + 1] - 1], 1.0)
        for k in range(state.on_lane[lane]):
            vehicle = state.ring[lane, (state.head[lane] + k) & (state.ring.shape[1] - 1)]
            behind = k * SPACE_M / length_m
            along = 1.0 - (state.ready[vehicle] - tick) / state.layout.lag_s[link]
            standing = along >= 1.0 - behind
            along = max(0.0, min(along, 1.0 - behind))
            p = first[lane]
            while p < first[lane + 1] - 2 and up_to[p + 1] < along * length_m:
                p += 1
            step_m = up_to[p + 1] - up_to[p]
            part = min((along * length_m - up_to[p]) / step_m, 1.0) if step_m > 0.0 else 0.0
            for axis in range(2):
                spot = points[p, axis] + part * (points[p + 1, axis] - points[p, axis])
                place[n, axis] = int(min(max(spot, 0.0), 1.0) * SCALE)
            wait = tick - state.ready[vehicle]
            looks[n] = (2 if wait > LONG_WAIT_S else (1 if standing else 0)) + 4 * heading
            looks[n] += 16 * colour_of(state.drivers, vehicle)
            ids[n] = vehicle % 65536
            n += 1
