"""What the page draws of a market: the price path with local spreads, the depth of the book, and who trades."""

from typing import Any

import numpy as np

from models.market.state import ASK, BID, PATH

BUCKETS = 40  # of prices on either side of the depth


def scene(world: Any) -> dict[str, Any]:
    """Agents at their places (0..1), links that may ever be open, and the words of the panels."""
    spots = np.array([[data["x"], data["y"]] for _, data in world.graph.nodes(data=True)])
    span = np.ptp(spots, axis=0)
    spots = (spots - spots.min(axis=0)) / np.where(span > 0, span, 1.0) + np.where(span > 0, 0.0, 0.5)
    kinds = ["buyer" if i % 2 == 0 else "seller" for i in range(len(spots))]
    if not world.is_auction:
        kinds = ["maker" if maker else "trader" for maker in world.state.is_maker]
    nodes = [
        {"name": name, "x": x, "y": y, "kind": kind}
        for name, (x, y), kind in zip(world.agent_names, spots.tolist(), kinds, strict=True)
    ]
    return {
        "kind": "market",
        "market": world.parameters_at_reset.market,
        "agent": 0 if world.is_auction else int(world.state.maker[0]),
        "nodes": nodes,
        "edges": [[i, j] for i, near in enumerate(world.partners) for j in near if i < j],
        "reference": "equilibrium" if world.is_auction else "value",
        "path_ticks": PATH,
    }


def frame(world: Any) -> dict[str, np.ndarray]:
    """Path (4, PATH) oldest first, depth (2, BUCKETS) with its first price and step, roles, gains and open links."""
    state, book = world.state, world.state.book
    links = book.open[[i < j for i, near in enumerate(world.partners) for j in near]]
    looks = state.active.astype(np.uint8) if world.is_auction else _looks(world)
    depth, low, step = _depth(book)
    return {
        "path": np.roll(state.path, -(world.tick % PATH), axis=1).astype(np.float32),
        "depth": depth,
        "scale": np.array([low, step], np.float32),
        "looks": looks,
        "half_spread": _half_spreads(world),
        "gains": np.clip(world.turn.rewards, -3e4, 3e4).astype(np.int16),
        "open": np.packbits(links),
    }


def _looks(world: Any) -> np.ndarray:
    """1 where a maker quotes or a trader came in the last tick, else 0."""
    state = world.state
    looks = (state.book.size.sum(axis=0) > 0).astype(np.uint8)
    looks[state.came[state.came >= 0]] = 1
    return looks


def _half_spreads(world: Any) -> np.ndarray:
    """What each maker posts, or how far each trader's price is from its value; NaN where it offers nothing."""
    state = world.state
    if world.is_auction:
        return np.where(state.active, np.abs(state.limit - state.value), np.nan).astype(np.float32)
    book = state.book
    both = (book.size[BID] > 0) & (book.size[ASK] > 0)
    return np.where(both, (book.price[ASK] - book.price[BID]) / 2, np.nan).astype(np.float32)


def _depth(book: Any) -> tuple[np.ndarray, float, float]:
    """Shares that rest by price, bids and asks."""
    depth = np.zeros((2, BUCKETS), np.float32)
    quoted = book.price[book.size > 0]
    if not len(quoted):
        return depth, float(book.last_price[0]) - BUCKETS / 2, 1.0
    low, high = quoted.min(), quoted.max()
    step = max(1.0, np.ceil((high - low + 1) / BUCKETS))
    for side in (BID, ASK):
        here = book.size[side] > 0
        np.add.at(depth[side], ((book.price[side][here] - low) // step).astype(int), book.size[side][here])
    return depth, float(low), float(step)
