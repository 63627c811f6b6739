"""The roads as the page draws them: places, links and routes once; flows, times and a sample of drivers every day."""

from typing import Any

import numpy as np

from models.routes import network

SAMPLE = 120  # drivers drawn as dots, at most


def scene(world: Any) -> dict[str, Any]:
    """Places (0..1), links as pairs of places, routes of each pair, which links a page offers to close."""
    spots = np.array([[data["x"], data["y"]] for _, data in world.graph.nodes(data=True)])
    span = np.ptp(spots, axis=0)
    spots = (spots - spots.min(axis=0)) / np.where(span > 0, span, 1.0) + np.where(span > 0, 0.0, 0.5)
    names = [data["name"] for _, data in world.graph.nodes(data=True)]
    links = [list(map(int, edge)) for edge in world.graph.edges]
    roads = _switched(world)
    return {
        "kind": "routes",
        "drivers": len(world.agent_names),
        "agent": int(sample(world)[len(sample(world)) // 2]),
        "nodes": [{"name": n, "x": x, "y": y} for n, (x, y) in zip(names, spots.tolist(), strict=True)],
        "links": links,
        "span": span.tolist(),
        "pairs": [[names[i], names[j]] for i, j in world.routes.ends],
        "routes": [
            [[int(link) for link in route if link >= 0] for route in routes[:number]]
            for routes, number in zip(world.routes.links, world.routes.number, strict=True)
        ],
        "names": [
            [network.route_name(world.graph, route) for route in routes[:number]]
            for routes, number in zip(world.routes.links, world.routes.number, strict=True)
        ],
        "sample": sample(world).tolist(),
        "pair_of": world.pair[sample(world)].tolist(),
        "switches": {
            "parameter": "closed_links", "noun": "road", "off": "Close", "on": "Open",
            "names": [[f"{names[i]}-{names[j]}", f"{names[j]}-{names[i]}"] for i, j in roads],
            "edges": [links.index([i, j]) for i, j in roads],
        },
    }  # fmt: skip


def _switched(world: Any) -> list[tuple[int, int]]:
    """Roads that people can close, a road both ways once: those a named network offers, else all."""
    number = {data["name"]: i for i, data in world.graph.nodes(data=True)}
    offered = network.SWITCHED.get(world.parameters_at_reset.network)
    if offered:
        return [(number[i], number[j]) for i, j in offered]
    edges = [(int(i), int(j)) for i, j in world.graph.edges]
    return [(i, j) for i, j in edges if i < j or (j, i) not in edges]


def sample(world: Any) -> np.ndarray:
    """Numbers of the drivers that are drawn, evenly among all."""
    drivers = len(world.agent_names)
    return np.unique(np.linspace(0, drivers - 1, min(SAMPLE, drivers)).astype(np.int64))


def frame(world: Any) -> dict[str, np.ndarray]:
    """Flow, times and closure of links; flow, time and toll of routes, pair by pair; routes of the drawn drivers."""
    state, block = world.state, world.regime
    return {
        "flow": state.link_flow.astype(np.float32),
        "time": state.link_time.astype(np.float32),
        "free": state.derived.free[block].astype(np.float32),
        "closed": (~state.derived.open[block]).astype(np.uint8),
        "route_flow": state.route_flow.astype(np.float32).reshape(-1),
        "route_time": state.route_time.astype(np.float32).reshape(-1),
        "route_toll": state.route_toll.astype(np.float32).reshape(-1),
        "drivers": np.maximum(state.route[sample(world)], 0).astype(np.uint8),
    }
