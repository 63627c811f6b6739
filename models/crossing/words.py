"""A car in words: where it is, what it sees, what it does, and its table as a small picture."""

from typing import Any

import numpy as np

from models.crossing import sight
from models.crossing.state import GO
from models.inspection import HeatMap, Inspection, leaning

SEEN = ("nobody", "one coming", "one close", "one at its line, later", "one at its line, before")
WAITS = ("under 1 s", "1–5 s", "5–15 s", "over 15 s")
SHAPE = (3, 5, 5, 4, 3)  # of a state: box, left, right, wait, where more wait


def inspect(world: Any, agent: int) -> Inspection:
    """What one car sees and has learned, in sentences and as a table of yield or go at a free box."""
    car = world.make_agent(agent)
    number, _ = world.group_of(agent)
    kappa = float(world.course.cooperation[world.regime, agent])
    facts = [("Fleet", str(number + 1))] if world.fleets > 1 else []
    facts.append(("Cooperation", f"{kappa:.2g}"))
    if car.place == "waiting":
        facts.append(("Lost on this trip", f"{car.wait_s:.1f} s"))
    now, values, visits = _now(world, agent, car), world.values(agent), world.visits(agent)
    if values is None or visits is None or values.shape != (sight.STATES, 2):
        return Inspection.of(world, agent, now, facts=facts)
    lean, seen = _table(values, visits)
    facts.append(("Experience", f"{int(visits.sum()):,} decisions"))
    heat = HeatMap(
        rows=list(SEEN),
        columns=list(WAITS),
        row_title="on the other road, box free",
        column_title="own wait",
        cells=leaning(lean, seen),
        here=_cell(world, agent, car),
        actions=["yield", "go"],
    )
    return Inspection.of(world, agent, now, _sentences(lean, seen), heat, facts)


def _now(world: Any, agent: int, car: Any) -> str:
    if car.place == "away":
        return "Is away and will come back."
    if car.place == "coming":
        return f"Comes from the {car.side}."
    if car.place == "crossing":
        return f"Crosses, from the {car.side}."
    if car.place == "wrecked":
        return "Has had a collision and waits for the box to be cleared."
    box, left, right, *_ = np.unravel_index(int(world.turn.states[agent]), SHAPE)
    if not world.turn.started[agent] or world.state.next_due[agent] == 0:
        return f"Waits in line, from the {car.side}."
    taken = ("The box is free", "Its own road is in the box", "The other road is in the box")[box]
    does = "It goes." if world.turn.actions[agent] == GO else "It yields."
    return f"At its line, from the {car.side}. {taken}; on the left {SEEN[left]}, on the right {SEEN[right]}. {does}"


def _cell(world: Any, agent: int, car: Any) -> tuple[int, int] | None:
    """Row and column of the situation in which it last decided, while it waits."""
    if car.place != "waiting" or world.state.next_due[agent] == 0:
        return None
    _, left, right, wait, _ = np.unravel_index(int(world.turn.states[agent]), SHAPE)
    return int(max(left, right)), int(wait)


def _table(values: np.ndarray, visits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Advantage of going (5, 4) by the more urgent of left and right and by own wait, scaled to -1..1, and visits.

    Only where the box is not taken by the other road; averaged over visits.
    """
    box, left, right, wait, _ = np.unravel_index(np.arange(len(values)), SHAPE)
    weight = visits.sum(axis=1) * (box != sight.OTHER_ROAD)
    cell = (np.maximum(left, right), wait)
    lean, seen = np.zeros((5, 4)), np.zeros((5, 4))
    np.add.at(lean, cell, weight * (values[:, 1] - values[:, 0]))
    np.add.at(seen, cell, weight)
    lean = np.divide(lean, seen, out=np.zeros_like(lean), where=seen > 0)
    largest = np.abs(lean).max()
    return lean / largest if largest > 0 else lean, seen


def _sentences(lean: np.ndarray, seen: np.ndarray) -> list[str]:
    """The policy in words, one sentence per row of the table that has been met."""
    said = []
    for row, other in enumerate(SEEN):
        met = seen[row] > 0
        goes = met & (lean[row] > 0)
        if not met.any():
            continue
        if goes[met].all():
            said.append(f"With {other}: goes.")
        elif not goes.any():
            said.append(f"With {other}: yields.")
        else:
            said.append(f"With {other}: goes only at a wait of {' or '.join(WAITS[w] for w in np.flatnonzero(goes))}.")
    return said or ["Has not learned anything yet."]
