"""Flow that moves between the routes of a pair until those in use cost the same: the inner loop of `route_sets`."""

from engine.generic import entry, kernel

NEWTON, ROUNDING = 50, 1e-14  # steps at most, and the share of a flow at which they end
OWN, SHARED = 1, 2  # marks of links on the cheapest route; on both


@entry
def level(roads, on_links, paths, pair, flow, cost, mark, sweeps):
    """Move flow from each dearer route of a pair to its cheapest, `sweeps` times over all pairs.

    Parameters
    ----------
    roads
        The network.
    on_links
        (L,) vehicles, changed in place.
    paths
        (R, M) links of routes, padded with -1; routes of a pair stand together.
    pair, flow
        (R,) pair of each route, and vehicles, changed in place.
    cost, mark
        (R,) float64 and (L,) int64, zero: room to work in.
    """
    for _ in range(sweeps):
        first = 0
        while first < pair.size:
            last = first + 1
            while last < pair.size and pair[last] == pair[first]:
                last += 1
            if last - first > 1:
                level_pair(roads, on_links, paths, flow, cost, mark, first, last)
            first = last


@kernel
def level_pair(roads, on_links, paths, flow, cost, mark, first, last):
    """The same for the routes first ... last - 1."""
    best = first
    for r in range(first, last):
        cost[r] = 0.0
        for m in range(paths.shape[1]):
            link = paths[r, m]
            if link >= 0:
                cost[r] += roads.free[link] + roads.slope[link] * on_links[link] ** roads.power[link]
        if cost[r] < cost[best]:
            best = r
    for r in range(first, last):
        if r == best or flow[r] <= 0.0 or cost[r] <= cost[best]:
            continue
        set_marks(paths, mark, r, best, OWN)
        moved = moved_flow(roads, on_links, paths, mark, r, best, flow[r])
        for m in range(paths.shape[1]):
            if paths[r, m] >= 0:
                on_links[paths[r, m]] = max(on_links[paths[r, m]] - moved, 0.0)
        for m in range(paths.shape[1]):
            if paths[best, m] >= 0:
                on_links[paths[best, m]] += moved
        flow[r] -= moved
        flow[best] += moved
        set_marks(paths, mark, r, best, 0)


@kernel
def set_marks(paths, mark, r, best, value):
    """Mark links of the cheapest route, and those that route r shares with it; 0 takes the marks away."""
    for m in range(paths.shape[1]):
        if paths[best, m] >= 0:
            mark[paths[best, m]] = value
    if value > 0:
        for m in range(paths.shape[1]):
            if paths[r, m] >= 0 and mark[paths[r, m]] > 0:
                mark[paths[r, m]] = SHARED


@kernel
def moved_flow(roads, on_links, paths, mark, r, best, most):
    """How much to move from route r to the cheapest, at most `most`, until both cost the same: Newton in bounds."""
    if excess(roads, on_links, paths, mark, r, best, most)[0] >= 0.0:
        return most
    low, high, moved = 0.0, most, 0.0
    for _ in range(NEWTON):
        value, slope = excess(roads, on_links, paths, mark, r, best, moved)
        if value > 0.0:
            low = moved
        else:
            high = moved
        step = value / slope if slope > 0.0 else high - low
        following = moved + step
        if not low < following < high:
            following = 0.5 * (low + high)
        if abs(following - moved) <= ROUNDING * most:
            break
        moved = following
    return moved


@kernel
def excess(roads, on_links, paths, mark, r, best, moved):
    """How much more route r costs than the cheapest if so much has moved, and how fast that falls."""
    value, slope = 0.0, 0.0
    for m in range(paths.shape[1]):
        link = paths[r, m]
        if link >= 0 and mark[link] != SHARED:
            flow = max(on_links[link] - moved, 0.0)
            delay = roads.slope[link] * flow ** roads.power[link]
            value += roads.free[link] + delay
            slope += roads.power[link] * delay / flow if flow > 0.0 else 0.0
        link = paths[best, m]
        if link >= 0 and mark[link] != SHARED:
            flow = on_links[link] + moved
            delay = roads.slope[link] * flow ** roads.power[link]
            value -= roads.free[link] + delay
            slope += roads.power[link] * delay / flow if flow > 0.0 else 0.0
    return value, slope
