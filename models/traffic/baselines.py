"""Rules that know the road network: what learners must beat.

Bodies read the world's arrays and name the phase they want as the candidate. They learn nothing and draw nothing.
"""

from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import kernel
from engine.limits import FIXED, Limits, each
from engine.loop import act
from learners.base import Learner, Space
from models.rule import Rule
from models.traffic.detectors import after, downstream


class FixedTimeMind(NamedTuple):
    """A plan; zeros where the world's is taken."""

    plan_s: np.ndarray  # (n,) int64 seconds of each phase, what is lost included; for signals with n phases
    offset_s: np.ndarray  # (1,) int64, per column from west to east
    programme: np.ndarray  # (1,) bool, whether the world's plan is the programme of its case, else Webster's

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return each(FIXED, *self._fields)


class FixedTime(Learner):
    """A plan that repeats: cycle, splits and offsets; Webster's plan of each regime by default.

    Signals that have not as many phases as `splits` take the world's plan.
    """

    title: ClassVar[str] = "fixed plan"

    plan: Literal["webster", "case"] = Field(
        "webster", description="The world's plan: Webster's, or the programme that its road case gives."
    )
    cycle_s: int = Field(0, ge=0, le=300, description="Length of the plan; 0 takes the world's for every signal.")
    splits: tuple[float, ...] = Field(
        (0.35, 0.15, 0.35, 0.15),
        strict=False,  # TOML knows lists, not tuples
        min_length=1,
        description="Share of the cycle of each phase: N-S through, N-S left, E-W, E-W left.",
    )
    offset_s: int = Field(0, ge=0, le=300, description="Delay of the plan's start per column eastwards.")

    def begin(self, space: Space, rng: np.random.Generator) -> FixedTimeMind:
        """Whole seconds that add up to the cycle."""
        ends = np.rint(np.cumsum(self.splits) / np.sum(self.splits) * self.cycle_s).astype(np.int64)
        return FixedTimeMind(np.diff(ends, prepend=0), np.array([self.offset_s]), np.array([self.plan == "case"]))


class MaxPressure(Rule):
    """Serve the phase whose standing vehicles most exceed those downstream, with a bias against switching.

    Source: Varaiya 2013; without the bias it is unstable under yellow loss (Hsieh et al. 2017, arXiv:1701.03991).
    """

    title: ClassVar[str] = "max-pressure"

    bias: float = Field(
        1.0, ge=0, le=10, description="A phase must win by this times the square root of the standing vehicles."
    )


class LongestQueue(MaxPressure):
    """Serve the phase with most standing vehicles, with the same bias against switching."""

    title: ClassVar[str] = "longest queue"


class DetectorRule(Rule):
    """The candidate score by hand, with the same detectors as the learners."""


@kernel
def planned_s(mind, world, i, phase, block):
    """Seconds of a phase of signal i, what is lost included."""
    first = world.layout.first_phase[i]
    if mind.plan_s.sum() > 0 and mind.plan_s.size == world.layout.first_phase[i + 1] - first:
        return mind.plan_s[phase]
    if mind.programme[0]:
        return world.derived.programme_s[block, first + phase]
    return world.derived.plan_s[block, first + phase]


@act.body_for(FixedTimeMind)
def act_fixed_time(mind, members, turn, world, rng):
    tick, block = turn.tick[0], turn.block[0]
    for i in members:
        turn.deciding[i] = False
        if world.next_phase[i] >= 0:
            continue
        phases, cycle = world.layout.first_phase[i + 1] - world.layout.first_phase[i], 0
        for p in range(phases):
            cycle += planned_s(mind, world, i, p, block)
        offset_s = mind.offset_s[0] * world.layout.column[i]
        if mind.programme[0]:
            offset_s += world.layout.offset_s[i]
        place, wanted = (tick - offset_s) % cycle, 0
        for p in range(phases - 1):
            length = planned_s(mind, world, i, p, block)
            if place < length:
                break
            place -= length
            wanted = p + 1
        world.candidate[i] = wanted
        turn.deciding[i] = wanted != world.phase[i]
        turn.actions[i] = 1 if turn.deciding[i] else 0


@kernel
def pressure(world, phase, block, weight):
    """Vehicles standing for a phase, less a third of those standing on each link it discharges into."""
    below, _ = downstream(world, phase, block)
    return world.phase_standing[phase] - weight * below / 3.0


@kernel
def serve(members, turn, world, bias, weight):
    """Switch each signal to the phase of most pressure, where that exceeds that of its green by enough."""
    block = turn.block[0]
    for i in members:
        if not turn.deciding[i]:
            continue
        first, last, standing = world.layout.first_phase[i], world.layout.first_phase[i + 1], 0
        for h in range(first, last):
            standing += world.phase_standing[h]
        best = pressure(world, first + world.phase[i], block, weight) + bias * standing**0.5
        turn.actions[i] = 0
        for steps in range(1, last - first):
            p = after(world, i, steps)
            value = pressure(world, first + p, block, weight)
            if value > best and world.phase_standing[first + p] > 0:
                best, world.candidate[i], turn.actions[i] = value, p, 1


@act.body_for(MaxPressure.Mind)
def act_max_pressure(mind, members, turn, world, rng):
    serve(members, turn, world, mind.bias, 1.0)


@act.body_for(LongestQueue.Mind)
def act_longest_queue(mind, members, turn, world, rng):
    serve(members, turn, world, mind.bias, 0.0)


@act.body_for(DetectorRule.Mind)
def act_detector(mind, members, turn, world, rng):
    for i in members:
        if turn.deciding[i]:
            turn.actions[i] = turn.advice[i]
