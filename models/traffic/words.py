"""A signal in words: what it sees, what it would do, and its table as a small picture."""

from typing import Any

import numpy as np

from models.inspection import HeatMap, Inspection, leaning
from models.traffic import detectors as d
from models.traffic.agents import phase_name

ROWS = ("0", "1–2", "3–4", "5+")
COLUMNS = ("0–1", "2–4", "5–8", "9+")
OWN = np.array([0, 1, 1, 2, 2, 3, 3, 3])  # row of each bin of the queue at green
OTHER = np.array([0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3])  # column of each bin of the candidate


def inspect(world: Any, agent: int) -> Inspection:
    """What one signal sees and has learned, in sentences and as a table of keep or switch."""
    state = world.state
    phase, candidate = int(state.phase[agent]), int(state.candidate[agent])
    first = int(world.network.first_phase[agent])
    green, red = int(state.phase_standing[first + phase]), int(state.phase_standing[first + candidate])
    now = _now(world, agent, phase, candidate, green, red)
    facts = [
        ("Green", phase_name(world, agent, phase) + (", changing" if state.next_phase[agent] >= 0 else "")),
        ("Waiting", f"{int(state.queue_veh[agent])} vehicles"),
        ("Reward", f"{world.turn.rewards[agent]:.1f} a second"),
    ]
    values, visits = world.values(agent), world.visits(agent)
    if values is None or visits is None:
        return Inspection.of(world, agent, now, facts=facts)
    share = float((visits.sum(axis=1) > 0).mean())
    facts.append(("Experience", f"{int(visits.sum()):,} decisions, {share:.0%} of states met"))
    if state.detectors[0] == d.CLOCK:
        return Inspection.of(world, agent, now, _greens(world, agent, visits), facts=facts)
    lean, seen = _table(values, visits, world)
    heat = HeatMap(
        rows=list(ROWS),
        columns=list(COLUMNS),
        row_title="waiting at green",
        column_title="waiting or coming at red",
        cells=leaning(lean, seen),
        here=_cell(world, agent),
        actions=["keep", "switch"],
    )
    return Inspection.of(world, agent, now, _sentences(lean, seen), heat, facts)


def _now(world: Any, agent: int, phase: int, candidate: int, green: int, red: int) -> str:
    if world.state.next_phase[agent] >= 0:
        return f"Changing to {phase_name(world, agent, int(world.state.next_phase[agent]))}."
    if candidate == phase:
        return f"{green} at green, nobody elsewhere. Keeps green."
    does = "Switches" if world.turn.actions[agent] == 1 else "Keeps green"
    return f"{green} at green, {red} at red for {phase_name(world, agent, candidate)}. {does}."


def _greens(world: Any, agent: int, visits: np.ndarray) -> list[str]:
    """Where a signal sees the clock alone: when it ends each green that it has met."""
    said = []
    shape = (-1, len(d.CLOCK_EDGES_S) + 1)
    ends, seen = (world.preferred(agent) == 1).reshape(shape), visits.any(axis=1).reshape(shape)
    for phase in range(world.network.phases[agent]):
        if seen[phase].any():
            last = np.flatnonzero(ends[phase] & seen[phase])
            edge = 0 if not last.size else (0, *d.CLOCK_EDGES_S)[last[0]]
            when = f"after {edge} s" if edge else "as soon as it may" if last.size else "only when it must"
            said.append(f"Ends {phase_name(world, agent, phase)} {when}.")
    return said or ["Has not learned anything yet."]


def _cell(world: Any, agent: int) -> tuple[int, int]:
    """Row and column of the present situation in the small table."""
    queue, other = _bins(np.array([world.turn.states[agent]]), world)
    return int(OWN[queue[0]]), int(OTHER[other[0]])


def _bins(states: np.ndarray, world: Any) -> tuple[np.ndarray, np.ndarray]:
    """Bins of the queue at green and of the candidate in each state."""
    level = int(world.state.detectors[0])
    if level == d.STOP_LINE:
        rest = states // d.GREEN_BINS
        return rest // d.CANDIDATE_BINS, rest % d.CANDIDATE_BINS
    rest = states // d.MOVING_BINS if level == d.FULL else states
    return rest // (d.CANDIDATE_BINS * d.LANE_BINS * d.COMING_BINS), rest % d.CANDIDATE_BINS


def _table(values: np.ndarray, visits: np.ndarray, world: Any) -> tuple[np.ndarray, np.ndarray]:
    """Advantage of switching (4, 4), averaged over visits and scaled to -1..1, and visits (4, 4)."""
    queue, other = _bins(np.arange(len(values)), world)
    weight = visits.sum(axis=1)
    lean, seen = np.zeros((4, 4)), np.zeros((4, 4))
    np.add.at(lean, (OWN[queue], OTHER[other]), weight * (values[:, 1] - values[:, 0]))
    np.add.at(seen, (OWN[queue], OTHER[other]), weight)
    lean = np.divide(lean, seen, out=np.zeros_like(lean), where=seen > 0)
    largest = np.abs(lean).max()
    return lean / largest if largest > 0 else lean, seen


def _sentences(lean: np.ndarray, seen: np.ndarray) -> list[str]:
    """The policy in words, one sentence per row of the table that has been met."""
    if not seen.any():
        return ["Has not learned anything yet."]
    said = []
    for row, label in enumerate(ROWS):
        switching = [COLUMNS[c] for c in range(4) if seen[row, c] > 0 and lean[row, c] > 0]
        if switching:
            start = switching[0].split("–")[0].rstrip("+")
            said.append(f"With {label} at green, switches when {start} or more wait or come at red.")
    return said or ["Keeps green whenever it may."]
