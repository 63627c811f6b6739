"""The roads as the page draws them: places, links and routes once; flows, times and a sample of drivers every day."""

from typing import Any

import numpy as np

from models.routes import choices, network

SAMPLE = 120  # drivers drawn as dots, at most
MOST_PAIRS = 60  # of which all routes are told; of more, those of the drawn drivers


def scene(world: Any) -> dict[str, Any]:
    """Places (0..1), links as pairs of places, routes of each pair, which links a page offers to close."""
    spots = np.array([[data["x"], data["y"]] for _, data in world.graph.nodes(data=True)])
    span = np.ptp(spots, axis=0)
    spots = (spots - spots.min(axis=0)) / np.where(span > 0, span, 1.0) + np.where(span > 0, 0.0, 0.5)
    names = [data["name"] for _, data in world.graph.nodes(data=True)]
    links = [list(map(int, edge)) for edge in world.graph.edges()]
    roads, pairs = _switched(world), shown(world)
    routes = [world.routes.links[pair, : world.routes.number[pair]] for pair in pairs]
    return {
        "kind": "routes",
        "drivers": len(world.agent_names),
        "agent": int(sample(world)[len(sample(world)) // 2]),
        "nodes": [{"name": n, "x": x, "y": y} for n, (x, y) in zip(names, spots.tolist(), strict=True)],
        "links": links,
        "span": span.tolist(),
        "pairs": [[names[end] for end in world.routes.ends[pair]] for pair in pairs],
        "routes": [[[int(link) for link in route if link >= 0] for route in ways] for ways in routes],
        "names": [[choices.name(world.graph, route) for route in ways] for ways in routes],
        "sample": sample(world).tolist(),
        "pair_of": np.searchsorted(pairs, world.pair[sample(world)]).tolist(),
        "switches": {
            "parameter": "closed_links", "noun": "road", "off": "Close", "on": "Open",
            "names": [said for _, said in roads],
            "edges": [link for link, _ in roads],
        },
    }  # fmt: skip


def _switched(world: Any) -> list[tuple[int, list[str]]]:
    """Roads that people can close, a road both ways once: those a named network offers, else all.

    Each is the number of a link and the names that mean it.
    """
    if world.case is not None:
        names = network.link_names(world.graph)
        return [(link, [name]) for link, name in enumerate(names)]
    name = [data["name"] for _, data in world.graph.nodes(data=True)]
    edges = [(int(i), int(j)) for i, j in world.graph.edges()]
    offered = network.SWITCHED.get(world.parameters_at_reset.network)
    if offered:
        roads = [(name.index(i), name.index(j)) for i, j in offered]
    else:
        known = set(edges)
        roads = [(i, j) for i, j in edges if i < j or (j, i) not in known]
    number = {ends: link for link, ends in enumerate(edges)}
    return [(number[i, j], [f"{name[i]}-{name[j]}", f"{name[j]}-{name[i]}"]) for i, j in roads]


def shown(world: Any) -> np.ndarray:
    """Pairs whose routes are told, in order."""
    pairs = len(world.routes.ends)
    return np.arange(pairs) if pairs <= MOST_PAIRS else np.unique(world.pair[sample(world)])


def sample(world: Any) -> np.ndarray:
    """Numbers of the drivers that are drawn, evenly among all."""
    drivers = len(world.agent_names)
    return np.unique(np.linspace(0, drivers - 1, min(SAMPLE, drivers)).astype(np.int64))


def frame(world: Any) -> dict[str, np.ndarray]:
    """Flow, times and closure of links; flow, time and toll of routes, pair by pair; routes of the drawn drivers."""
    state, block, pairs = world.state, world.regime, shown(world)
    most = max(world.routes.number[pair] for pair in pairs)
    return {
        "flow": state.link_flow.astype(np.float32),
        "time": state.link_time.astype(np.float32),
        "free": state.derived.free[block].astype(np.float32),
        "closed": (~state.derived.open[block]).astype(np.uint8),
        "route_flow": state.route_flow[pairs, :most].astype(np.float32).reshape(-1),
        "route_time": state.route_time[pairs, :most].astype(np.float32).reshape(-1),
        "route_toll": state.route_toll[pairs, :most].astype(np.float32).reshape(-1),
        "drivers": np.maximum(state.route[sample(world)], 0).astype(np.uint8),
    }
