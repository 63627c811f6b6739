"""A short life of a tiny world of each kind as text: who decides in which state, what it does and earns.

Traces are read by people: a change of rules shows as a diff of a few lines. They hold no more digits than survive
another processor's rounding. The first word of a trace names its scenario; a new world begins with its smallest.
"""

from pathlib import Path

import models
from tests.contracts.cases import SMALLEST

FOLDER = Path(__file__).parent
TICKS, WINDOW, DECISIONS, STATES = 120, 40, 24, 8
HEAD = "Renew with: python -m tests.golden.renew"


def path(domain: str) -> Path:
    """Where the trace of a world is kept."""
    return FOLDER / f"{domain}.txt"


def trace(domain: str) -> str:
    """The trace as it is now."""
    kept = path(domain)
    name = kept.read_text(encoding="utf-8").split()[0] if kept.exists() else SMALLEST[domain]
    world = models.make(name, learner={"kind": "q", "epsilon": 0.5}, seed=11, record_every_ticks=WINDOW)
    lines = [f"{name} with q, seed 11, {TICKS} ticks. {HEAD}", ""]
    lines += [f"The first {DECISIONS} decisions", "", "tick  agent  state  action   since then  reward now"]
    decisions = 0
    for tick in range(TICKS):
        deciding, states, _ = world.observe()
        earned = world.turn.returns.copy()
        world.advance([-1] * len(world.agent_names))
        for i, name in enumerate(world.agent_names):
            decisions += bool(deciding[i])
            if deciding[i] and decisions <= DECISIONS:
                action, reward = world.turn.actions[i], world.turn.rewards[i] + 0.0  # no minus zero
                lines.append(f"{tick:4}  {name:5}  {states[i]:5}  {action:6}  {earned[i]:11.5g}  {reward:10.5g}")
    lines += ["", f"Windows of {WINDOW} ticks ({decisions} decisions in all)", ""]
    frame = world.record.frame()
    width = max(map(len, frame.columns))
    lines += [f"{name:{width}}" + "".join(f"{value:12.5g}" for value in frame[name]) for name in frame.columns]
    lines += ["", f"What was learned: the {STATES} states met most often", "", "agent  state  visits  values"]
    for i, name in enumerate(world.agent_names):
        values, visits = world.values(i), world.visits(i).sum(axis=1)
        for state in sorted(sorted(range(len(visits)), key=lambda s: (-visits[s], s))[:STATES]):
            if visits[state]:
                numbers = "".join(f"{value:11.5g}" for value in values[state])
                lines.append(f"{name:5}  {state:5}  {visits[state]:6}{numbers}")
    return "\n".join(lines) + "\n"
