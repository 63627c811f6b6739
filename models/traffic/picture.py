"""Where everything is drawn: roads and signals in metres, vehicles as a few bytes each."""

from typing import Any

import numpy as np

from engine.generic import entry
from models.traffic.drivers import colour_of
from models.traffic.network import DIRECTIONS
from models.traffic.state import THROUGH
from scenarios.traffic.parameters import SPACE_M

LANE_OFFSETS_M = (3.0, 6.0, 9.0)  # from the middle of the road to the lanes of left, through and right
CROSSING_M = 13.0  # from the middle of a crossing to the stop line
LONG_WAIT_S = 30
SCALE = 65535


def scene(world: Any) -> dict[str, Any]:
    """Size, nodes, directed roads (ends, link, road to close or -1) and the roads people can close; metres, y down.

    `routes` is the number of routes that drivers know between two gates, 0 where they turn by shares.
    """
    spots, size = _layout(world)
    net = world.network
    ends = _ends(world, spots)
    nodes = [
        {"name": name, "x": x, "y": y, "sides": _has_road(world, i)}
        for i, (name, (x, y)) in enumerate(zip(net.names, spots.tolist(), strict=True))
    ]
    used = [link for link in range(net.upstream.size) if net.upstream[link] >= 0 or link in net.gate_link]
    ways = {link: tuple(sorted((int(net.upstream[link]), link // 4))) for link in used if net.upstream[link] >= 0}
    pairs = sorted(set(ways.values()))
    road_of = {link: pairs.index(way) for link, way in ways.items()}
    return {
        "kind": "traffic",
        "width": float(size[0]),
        "height": float(size[1]),
        "nodes": nodes,
        "roads": [
            [*ends[3 * link + THROUGH].round(1).reshape(-1).tolist(), link, road_of.get(link, -1)] for link in used
        ],
        "routes": world.parameters_at_reset.routes_per_trip if world.travels else 0,
        "switches": {
            "parameter": "closed_links", "noun": "road", "off": "Close", "on": "Open",
            "names": [[f"{net.names[i]}-{net.names[j]}", f"{net.names[j]}-{net.names[i]}"] for i, j in pairs],
        },
    }  # fmt: skip


def frame(world: Any) -> dict[str, np.ndarray]:
    """Vehicles on the road, signals, queues by side and closed links, as small arrays.

    The state of a vehicle is 0 moving, 1 waiting or 2 waiting for long, plus 4 times its heading, plus 16 times the
    number of its route from 1, 0 for none.
    """
    state, net = world.state, world.network
    if not hasattr(world, "_drawn_ends"):
        spots, size = _layout(world)
        world._drawn_ends = (_ends(world, spots) / size).astype(np.float64), size
    ends, size = world._drawn_ends
    number = int(state.on_link.sum())
    place, looks, ids = np.zeros((number, 2), np.uint16), np.zeros(number, np.uint8), np.zeros(number, np.uint16)
    length = np.linalg.norm((ends[:, 1] - ends[:, 0]) * size, axis=1)
    _place_vehicles(state, world.tick, ends, np.maximum(length, 1.0), place, looks, ids)
    waiting = state.link_standing.copy()
    waiting[net.gate_link] += state.buffer_number
    return {
        "vehicles": place,
        "state": looks,
        "id": ids,
        "signals": (state.phase + 4 * (state.next_phase >= 0)).astype(np.uint8),
        "queues": np.minimum(waiting, 255).astype(np.uint8).reshape(-1, 4),
        "closed": state.derived.closed[world.regime].astype(np.uint8),
    }


def _layout(world: Any) -> tuple[np.ndarray, np.ndarray]:
    """Places (A, 2) of the signals and the size (2,) of the picture, in metres."""
    spots = np.array([[data["x"], data["y"]] for _, data in world.graph.nodes(data=True)])
    length = world.parameters_at_reset.link_length_m
    near = [np.linalg.norm(spots[i] - spots[j]) for i, j in world.graph.edges]
    spots = (spots - spots.min(axis=0)) * (length / (np.median(near) if near else 1.0)) + 0.7 * length
    return spots, spots.max(axis=0) + 0.7 * length


def _ends(world: Any, spots: np.ndarray) -> np.ndarray:
    """Start and end (3 L, 2, 2) of every lane as drawn, on the right-hand side of its road."""
    net = world.network
    ends = np.zeros((3 * net.upstream.size, 2, 2))
    for link in range(net.upstream.size):
        here, up = spots[link // 4], int(net.upstream[link])
        reach = world.parameters_at_reset.link_length_m * 0.7
        start = spots[up] if up >= 0 else here + DIRECTIONS[link % 4] * reach
        along = (here - start) / np.linalg.norm(here - start)
        right = np.array([-along[1], along[0]])
        for movement, offset in enumerate(LANE_OFFSETS_M):
            gap = CROSSING_M if up >= 0 else 0.0
            ends[3 * link + movement] = start + right * offset + along * gap, here + right * offset - along * CROSSING_M
    return ends


def _has_road(world: Any, i: int) -> list[bool]:
    net = world.network
    return [bool(net.upstream[4 * i + a] >= 0 or 4 * i + a in net.gate_link) for a in range(4)]


@entry
def _place_vehicles(state, tick, ends, length_m, place, looks, ids):
    """Write place (n, 2) in 0..65535, looks (n,) and ids (n,) of all vehicles on links."""
    n = 0
    for lane in range(state.on_lane.size):
        link = lane // 3
        heading = link & 3  # from the north heads south, from the east west, ...
        for k in range(state.on_lane[lane]):
            vehicle = state.ring[lane, (state.head[lane] + k) & (state.ring.shape[1] - 1)]
            behind = k * SPACE_M / length_m[lane]
            along = 1.0 - (state.ready[vehicle] - tick) / state.lag_s[link]
            standing = along >= 1.0 - behind
            along = max(0.0, min(along, 1.0 - behind))
            for axis in range(2):
                spot = ends[lane, 0, axis] + along * (ends[lane, 1, axis] - ends[lane, 0, axis])
                place[n, axis] = int(min(max(spot, 0.0), 1.0) * SCALE)
            wait = tick - state.ready[vehicle]
            looks[n] = (2 if wait > LONG_WAIT_S else (1 if standing else 0)) + 4 * heading
            looks[n] += 16 * colour_of(state.drivers, vehicle)
            ids[n] = vehicle % 65536
            n += 1
