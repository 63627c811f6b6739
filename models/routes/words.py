"""A driver in words: its routes, what they took on the last day, and what it believes."""

from typing import Any

from models.inspection import HeatMap, Inspection, worth
from models.routes import choices


def inspect(world: Any, agent: int) -> Inspection:
    """What one driver drove, its routes as a table of what it has learned, and what the day was like."""
    state, pair = world.state, int(world.pair[agent])
    routes = world.routes.number[pair]
    names = [choices.name(world.graph, links) for links in world.routes.links[pair, :routes]]
    route = int(state.route[agent])
    took = [f"{t:.1f} min{_toll(c)}" for t, c in zip(state.route_time[pair], state.route_toll[pair], strict=True)]
    facts = list(zip(names, took[:routes], strict=True))
    kappa = float(state.derived.kappa[world.regime, agent])
    if kappa > 0:
        facts.append(("Counts of the time it costs others", f"{kappa:.0%}"))
    now = "Has not driven yet." if route < 0 else f"Drove {names[route]}: {took[route]}."
    values, visits = world.values(agent), world.visits(agent)
    if values is None or visits is None:
        return Inspection.of(world, agent, now, facts=facts)
    choice = int(world.preferred(agent)[0])
    best = int(state.derived.driven[world.regime, pair, choice])
    learned = (
        f"learned from {int(visits[0, choice]):,} times in {world.tick:,} days"  # some update routes not driven, too
    )
    heat = HeatMap(
        rows=["any day"],
        columns=[str(k + 1) for k in range(routes)],
        row_title="",
        column_title="route, in this order",
        cells=worth(values[:, :routes], visits[:, :routes]),
        here=(0, route) if route >= 0 else None,
        actions=names,
    )
    return Inspection.of(world, agent, now, [f"Prefers {names[best]}, {learned}."], heat, facts)


def _toll(toll: float) -> str:
    return f" and a toll of {toll:.1f} min" if toll > 0 else ""
