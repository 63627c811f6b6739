"""The one loop: due, observe, learn, act, settle, advance, measure, report.

Worlds and learners meet here and nowhere else. What travels between them is one `Turn`, a NamedTuple of arrays.
Every agent decides when it is *due*; between two of its decisions its gains are summed into `returns`, discounted per
tick where its learner says so (a semi-Markov decision process: Sutton, Precup and Singh 1999, Artificial
Intelligence 112). A world may name a potential; the loop then adds the shaping reward gamma^n Phi(s') - Phi(s), which
leaves optimal policies as they are (Ng, Harada and Russell 1999, ICML).

A tick is a list of calls: the world begins it, every group learns, acts and settles, the world ends it. Worlds and
minds are compiled apart, and compiled calls are repeated by compiled code; where a learner is plain Python, or there is
no compiler, the same list is walked in Python.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.fusion import Fusion
from engine.generic import HAS_COMPILER, Call, entry, generic, generic_with_default, kernel
from engine.reference import Record
from engine.turn import EVERYONE, NEIGHBOURS, Course, Group, Turn
from engine.unit import CannotCompile, call_by_address


@generic_with_default
def due(world, turn):
    """Say in `turn.deciding` who decides now: everyone, unless the world says otherwise."""
    turn.deciding[:] = True


@generic
def observe(world, turn):
    """Write states (and features, advice and potential where the world has them) of those who decide."""


@generic_with_default
def learn(mind, members, turn, world, rng):
    """Learn before acting, from past state, past action, returns and the new state."""


@generic
def act(mind, members, turn, world, rng):
    """Write the next actions of those members who decide; the others hold theirs."""


@generic_with_default
def settle(mind, members, turn, world, rng):
    """Learn after everyone has acted, for rules that need the next actions too."""


@generic
def advance(world, turn, rng):
    """Move the world by one tick; write `turn.rewards` (and `turn.common`)."""


@generic_with_default
def measure(world, turn):
    """Add this tick to the world's window sums."""


@generic
def report(world, turn, row):
    """Turn the window sums into a row of metrics (M,) and empty them."""


@kernel
def enter_regime(turn, course):
    """Set the regime block of this tick."""
    if turn.tick[0] < turn.block_end[0]:
        return
    blocks, length = course.starts.size - 1, course.starts[-1]
    if blocks == 1 or (turn.tick[0] >= length and not course.repeat[0]):
        turn.block[0], turn.block_end[0] = blocks - 1, np.iinfo(np.int64).max
        return
    place = turn.tick[0] % length
    block = np.searchsorted(course.starts, place, side="right") - 1
    turn.block[0] = block
    turn.block_end[0] = turn.tick[0] - place + course.starts[block + 1]


@kernel
def judge(turn):
    """Close the returns of those who decide: discount, and the shaping reward of the world's potential."""
    for i in range(turn.deciding.size):
        turn.judged[i] = False
        if turn.deciding[i] and turn.started[i]:
            turn.discount[i] = turn.gamma_decision[i] * turn.weight[i]
            turn.returns[i] += turn.discount[i] * turn.potential[i] - turn.past_potential[i]
            turn.judged[i] = turn.thawed[i]


@kernel
def hold(turn):
    """Those who have decided start gathering anew."""
    for i in range(turn.deciding.size):
        if turn.deciding[i]:
            turn.started[i] = True
            turn.past_states[i], turn.past_actions[i] = turn.states[i], turn.actions[i]
            turn.past_potential[i] = turn.potential[i]
            turn.returns[i], turn.weight[i], turn.elapsed[i] = 0.0, 1.0, 0


@kernel
def others_reward(turn, whom, agent, everyone):
    """Mean reward of those whom a cooperating agent cares for; its own where it has no neighbours."""
    if whom == EVERYONE:
        return everyone
    if whom != NEIGHBOURS:
        return turn.common[agent]
    others, number = 0.0, 0
    for n in range(turn.neighbours.shape[1]):
        j = turn.neighbours[agent, n]
        if j >= 0:
            others += turn.rewards[j]
            number += 1
    return others / number if number > 0 else turn.rewards[agent]


@kernel
def gather(turn, course):
    """Mix own and others' rewards by cooperation kappa into gains, and add them to the returns of every agent."""
    block, everyone = turn.block[0], 0.0
    whom = course.cooperate_with[block]
    if whom == EVERYONE:
        for i in range(turn.rewards.size):
            everyone += turn.rewards[i]
        everyone /= turn.rewards.size
    for i in range(turn.gains.size):
        gain, kappa = turn.rewards[i], course.cooperation[block, i]
        turn.reward_sums[i] += gain
        if kappa > 0.0:
            gain = (1.0 - kappa) * gain + kappa * others_reward(turn, whom, i, everyone)
        turn.gains[i] = gain
        turn.returns[i] += turn.weight[i] * gain
        turn.weight[i] *= turn.gamma_tick[i]
        turn.elapsed[i] += 1


@kernel
def close_window(world, turn, row, agent_row):
    """Write one row of the record: mean reward per agent and tick, then the world's own metrics."""
    row[0] = 0.0
    for i in range(turn.reward_sums.size):
        mean = turn.reward_sums[i] / turn.window[0]
        if agent_row.size > 0:
            agent_row[i] = mean
        row[0] += mean / turn.reward_sums.size
        turn.reward_sums[i] = 0.0
    report(world, turn, row[1:])


class Tape(NamedTuple):
    """Rows of the record that a run writes; `row` counts them."""

    row: np.ndarray  # (1,) int64
    metrics: np.ndarray  # (rows, M)
    agents: np.ndarray  # (rows, agents recorded)


@entry
def begin_tick(world, turn, course):
    """Regime, who decides, what they see, and what they have earned."""
    enter_regime(turn, course)
    due(world, turn)
    observe(world, turn)
    judge(turn)


@entry
def end_tick(world, turn, course, rng, tape):
    """The world moves; a window that closes writes a row of the tape."""
    hold(turn)
    advance(world, turn, rng)
    gather(turn, course)
    measure(world, turn)
    turn.tick[0] += 1
    if turn.tick[0] % turn.window[0] == 0:
        row = tape.row[0]
        close_window(world, turn, tape.metrics[row], tape.agents[row])
        tape.row[0] = row + 1


@entry
def repeat(calls, ticks):
    """Make calls (n, 2), addresses of units and records, `ticks` times; returns the number of one that fails, or -1."""
    for _ in range(ticks):
        for c in range(calls.shape[0]):
            if call_by_address(calls[c, 0], calls[c, 1]) != 0:  # type: ignore[call-arg]  # numba gives the first, its own
                return c
    return -1


def run_compiled(calls: Sequence[Call], ticks: int) -> None:
    """Make calls `ticks` times in compiled code, which is one function for a loop that lasts."""
    ticking: Any = repeat.bind(np.array([call.addresses for call in calls], np.int64), ticks)
    fusion = fusion_of(calls)
    whole, start = fusion.unit(), time.perf_counter()
    failed = ticking.by(whole) if whole else ticking()
    if failed >= 0:
        raise RuntimeError(f"call {failed} of a tick raised an exception; compiled bodies must not")
    if not whole:
        fusion.spent(time.perf_counter() - start)


def fusion_of(calls: Sequence[Call]) -> Fusion:
    """The calls as one function, made or not."""
    return Fusion([(call.unit, call.record) for call in calls])


def _all_compiled(calls: Sequence[Callable[[], Any]]) -> list[Call]:
    """The calls, where all of them are compiled; else none."""
    compiled = [call for call in calls if isinstance(call, Call)]
    return compiled if len(compiled) == len(calls) else []


def run_in_python(calls: Sequence[Callable[[], Any]], ticks: int) -> None:
    """Make calls `ticks` times in Python."""
    for _ in range(ticks):
        for call in calls:
            call()


class Loop:
    """A world and its groups, bound to run together.

    Parameters
    ----------
    world
        State of the world.
    groups, turn, course
        Who learns, and what passes between them and the world.
    rng
        The world's own stream.
    """

    def __init__(
        self, world: object, groups: Sequence[Group], turn: Turn, course: Course, rng: np.random.Generator
    ) -> None:
        self._of = (world, groups, turn, course, rng)
        self._world, self._turn, self._course = Record(world), Record(turn), Record(course)
        self._begin = begin_tick.bind(self._world, self._turn, self._course)
        self._learn, self._act, self._settle = (
            [call for group in groups for call in self._calls(step, group)] for step in (learn, act, settle)
        )

    def is_of(self, *parts: Any) -> bool:
        """Whether it was made of these very parts."""
        return all(mine is theirs for mine, theirs in zip(self._of, parts, strict=True))

    def __reduce__(self) -> Any:
        """A copy is no loop: addresses hold for these arrays and in this process."""
        return (type(None), ())

    def run(self, ticks: int, metrics: np.ndarray, agents: np.ndarray) -> None:
        """Run `ticks` ticks; write a row of `metrics` (rows, M) and `agents` (rows, A or 0) per closed window."""
        calls = self._tick(metrics, agents)
        if compiled := _all_compiled(calls):
            run_compiled(compiled, ticks)
        else:
            run_in_python(calls, ticks)

    def prepare(self, fused: bool = False) -> None:
        """Compile what a run calls, without running; `fused`: also what it calls once it has lasted."""
        rows = np.empty((0, 0))
        if compiled := _all_compiled(self._tick(rows, rows)):
            run_compiled(compiled, ticks=0)
            if fused:
                fusion_of(compiled).made()

    def _tick(self, metrics: np.ndarray, agents: np.ndarray) -> list[Callable[[], Any]]:
        """The calls of a tick."""
        return [self._begin, *self._learn, *self._act, *self._settle, self._end(metrics, agents)]

    def begin(self) -> None:
        """The part of a tick before anybody acts."""
        self._begin()

    def decide(self, actions: np.ndarray | None = None) -> None:
        """Everyone learns, acts and settles; who is due may be told an action from outside (A,), -1 for none."""
        for call in (*self._learn, *self._act):
            call()
        if actions is not None:
            turn = self._of[2]
            chosen = turn.deciding & (actions >= 0)
            turn.actions[chosen] = actions[chosen]
        for call in self._settle:
            call()

    def end(self, metrics: np.ndarray, agents: np.ndarray) -> None:
        """The part of a tick after all have acted; writes a row where a window closes."""
        self._end(metrics, agents)()

    def _end(self, metrics: np.ndarray, agents: np.ndarray) -> Callable[[], Any]:
        tape = Tape(np.zeros(1, np.int64), metrics, agents)
        return end_tick.bind(self._world, self._turn, self._course, self._of[-1], tape)

    def _calls(self, step: Any, group: Group) -> list[Callable[[], Any]]:
        """What a group does in one step of a tick; nothing where its mind has no part in it."""
        world, _, turn, _, _ = self._of
        mind, members, rng = group.mind, group.members, group.rng
        if step.is_idle(type(mind)):
            return []
        if not isinstance(mind, tuple) or not HAS_COMPILER:
            return [step.bind(mind, members, turn, world, rng)]
        try:  # most minds know no world, and are compiled once for all
            return [step.bind(mind, members, self._turn, None, rng)]
        except CannotCompile:
            return [step.bind(mind, members, self._turn, self._world, rng)]
