"""What a group has decided and earned since it last learned, and how much better each action was than expected.

Agents decide when they are due, so each has its own chain of decisions, with its own discount from one to the next (a
semi-Markov decision process). Rows are kept in the order in which transitions close; a row says whose it is.
"""

from typing import NamedTuple

import numpy as np

from engine.limits import COUNT, Limits


class Decisions(NamedTuple):
    """Decisions, one per row."""

    seen: np.ndarray  # (rows, inputs) float32
    action: np.ndarray  # (rows,) int64
    log_prob: np.ndarray  # (rows,) of the action when it was chosen
    entropy: np.ndarray  # (rows,) of the policy then
    value: np.ndarray  # (rows,) expected return then
    first: np.ndarray  # (rows,) bool, whether no transition of this agent leads here

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"action": COUNT}


class Outcomes(NamedTuple):
    """What became of decisions, one per row."""

    agent: np.ndarray  # (rows,) int64, place in the group
    reward: np.ndarray  # (rows,) gains until the next decision
    discount: np.ndarray  # (rows,) weight of what follows
    next_value: np.ndarray  # (rows,) expected return of the next decision

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"agent": COUNT}


class Rollout(NamedTuple):
    """Decisions that wait for their outcome, one row per agent, and those that have it."""

    waiting: Decisions
    waits: np.ndarray  # (n,) bool, whether the agent has such a decision
    decided: Decisions
    outcomes: Outcomes
    gathered: np.ndarray  # (1,) int64, rows in use

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return {"gathered": (0, self.outcomes.agent.size - self.waits.size)}


def begin(agents: int, inputs: int, size: int) -> Rollout:
    """An empty rollout for `size` transitions; those that close together with the last of them fit in too."""
    rows = size - 1 + agents
    outcomes = Outcomes(np.zeros(rows, np.int64), *(np.zeros(rows) for _ in Outcomes._fields[1:]))
    waits, gathered = np.zeros(agents, bool), np.zeros(1, np.int64)
    return Rollout(_decisions(agents, inputs), waits, _decisions(rows, inputs), outcomes, gathered)


def _decisions(rows: int, inputs: int) -> Decisions:
    seen, action, first = np.zeros((rows, inputs), np.float32), np.zeros(rows, np.int64), np.zeros(rows, bool)
    return Decisions(seen, action, np.zeros(rows), np.zeros(rows), np.zeros(rows), first)


def close(rollout: Rollout, agents: np.ndarray, reward: np.ndarray, discount: np.ndarray, value: np.ndarray) -> None:
    """Decisions of these agents have their outcome: reward, discount, and the value of the next (each (n,))."""
    start = rollout.gathered[0]
    end = start + agents.size
    for kept, waiting in zip(rollout.decided, rollout.waiting, strict=True):
        kept[start:end] = waiting[agents]
    for kept, new in zip(rollout.outcomes, (agents, reward, discount, value), strict=True):
        kept[start:end] = new
    rollout.gathered[0] = end


def gathered(rollout: Rollout) -> tuple[Decisions, Outcomes]:
    """The rows in use."""
    rows = rollout.gathered[0]
    return Decisions(*(part[:rows] for part in rollout.decided)), Outcomes(*(part[:rows] for part in rollout.outcomes))


def advantages(decided: Decisions, outcomes: Outcomes, trace: float) -> np.ndarray:
    """Generalised advantage estimates (rows,), each agent along its own chain.

    A_t = delta_t + d_t lambda A_t+1 with delta_t = r_t + d_t V(s_t+1) - V(s_t), where t+1 is the agent's next
    transition and d_t the discount between the two decisions: Schulman et al. 2016 (ICLR) with a discount per
    transition. A chain ends with the last transition gathered, and where the next decision is the first of a new one.
    """
    error = outcomes.reward + outcomes.discount * outcomes.next_value - decided.value
    carried: dict[int, float] = {}  # agent -> lambda times the advantage of its next transition
    found = np.empty(error.size)
    for row in range(error.size - 1, -1, -1):
        agent = outcomes.agent[row]
        found[row] = error[row] + outcomes.discount[row] * carried.get(agent, 0.0)
        carried[agent] = 0.0 if decided.first[row] else trace * found[row]
    return found
