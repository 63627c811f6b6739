"""A market for the page: lines of theory, what a firm has learned in words, and how the others answer a price cut."""

from typing import Any

import numpy as np

from models.inspection import HeatMap, Inspection, leaning

AFTER_CUT = 16  # periods shown after a cut
CELLS = 8  # rows and columns of the small table, at most


def scene(world: Any) -> dict[str, Any]:
    """Names and levels of the firms, and whether these are prices."""
    return {
        "kind": "oligopoly",
        "firms": list(world.agent_names),
        "levels": world.levels.tolist(),
        "what": _what(world),
    }


def answer_to_a_cut(world: Any) -> np.ndarray:
    """Levels (AFTER_CUT + 2, A) if nobody explored and firm 1 took its best reply once, two periods after the first.

    Empty where firms keep no table, or remember more or less than one period.
    """
    policies = [world.preferred(firm) for firm in range(len(world.agent_names))]
    state = world.state
    if state.memory[0] != 1 or state.in_turn[0] or any(policy is None for policy in policies):
        return np.empty((0, len(policies)), np.uint8)
    greedy = np.stack(policies)
    weight = world.decision_space.actions ** (len(greedy) - 1 - np.arange(len(greedy)))
    joint = int(state.joint[0])
    for _ in range(AFTER_CUT):  # where greedy play leads
        joint = int(weight @ greedy[:, joint])
    path = []
    for period in range(AFTER_CUT + 2):
        levels = greedy[:, joint].copy()
        if period == 2:
            levels[0] = state.derived.reply[world.regime, joint, 0]
        path.append(levels)
        joint = int(weight @ levels)
    return np.array(path, np.uint8)


def inspect(world: Any, agent: int) -> Inspection:
    """What one firm does now, and where it keeps a table, its choice by own and rival's last level."""
    held, levels = int(world.turn.actions[agent]), world.levels[agent]
    block, joint = world.regime, int(world.state.joint[0])
    profit = float(world.turn.rewards[agent])
    reply = int(world.state.derived.reply[block, joint, agent])
    absent = not world.state.derived.present[block, agent]
    what = _what(world)
    now = "Is out of the market." if absent else f"Chose {what} {levels[held]:.2f} and earned {profit:.3f}."
    facts = [(f"Best {what} for one period", f"{levels[reply]:.2f}")]
    values, visits = world.values(agent), world.visits(agent)
    if values is None or visits is None:
        return Inspection.of(world, agent, now, facts=facts)
    state = int(world.turn.past_states[agent])
    choice = int(world.preferred(agent)[state])
    said = f"Prefers {what} {levels[choice]:.2f} here: worth {values[state, choice]:.2f} from now on."
    facts.append(("Experience", f"{int(visits.sum()):,} decisions"))
    mapped = len(world.agent_names) == 2 and world.decision_space.states == world.decision_space.actions**2
    return Inspection.of(world, agent, now, [said], _heat(world, agent, visits) if mapped else None, facts)


def _heat(world: Any, agent: int, visits: np.ndarray) -> HeatMap:
    """Choice after each pair of last levels, a few levels to a cell; what it leans to is up or down from the middle."""
    size = world.decision_space.actions
    groups = np.array_split(np.arange(size), min(CELLS, size))
    choice, seen = world.preferred(agent).reshape(size, size), visits.sum(axis=1).reshape(size, size)
    if agent == 1:  # own level in columns, the rival's in rows
        choice, seen = choice.T, seen.T
    last = divmod(int(world.state.joint[0]), size)[:: 1 if agent == 0 else -1]
    blocks = [[np.ix_(own, theirs) for own in groups] for theirs in reversed(groups)]
    visited = np.array([[seen[block].sum() for block in row] for row in blocks])
    chosen = np.array([[(choice[block] * seen[block]).sum() for block in row] for row in blocks])
    mean = np.divide(chosen, visited, out=np.full(visited.shape, size / 2), where=visited > 0)
    names = [f"{world.levels[agent][group[len(group) // 2]]:.2f}" for group in groups]
    place = [next(n for n, group in enumerate(groups) if level in group) for level in last]
    return HeatMap(
        rows=names[::-1],
        columns=names,
        row_title="rival's last",
        column_title="own last",
        cells=leaning(2.0 * mean / (size - 1) - 1.0, visited),
        here=(len(groups) - 1 - place[1], place[0]),
        actions=["low", "high"],
    )


def _what(world: Any) -> str:
    return "quantity" if world.parameters_at_reset.demand == "cournot" else "price"
