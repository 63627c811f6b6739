"""Rules that know the road network: what learners must beat.

Bodies read the world's arrays and name the phase they want as the candidate. They learn nothing and draw nothing.
"""

from typing import ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import kernel
from engine.limits import FIXED, Limits, each
from engine.loop import act
from learners.base import Learner, Space
from models.rule import Rule
from models.traffic.detectors import downstream


class FixedTimeMind(NamedTuple):
    """A plan; empty for Webster's plan of the regime."""

    plan_s: np.ndarray  # (4,) int64 seconds of each phase, yellow included; zeros for Webster's
    offset_s: np.ndarray  # (1,) int64, per column from west to east

    def limits(self) -> Limits:
        """What a file may put into each array."""
        return each(FIXED, *self._fields)


class FixedTime(Learner):
    """A plan that repeats: cycle, splits and offsets; Webster's plan of each regime by default."""

    title: ClassVar[str] = "fixed plan"

    cycle_s: int = Field(0, ge=0, le=300, description="Length of the plan; 0 takes Webster's for every signal.")
    splits: tuple[float, float, float, float] = Field(
        (0.35, 0.15, 0.35, 0.15),
        strict=False,  # TOML knows lists, not tuples
        description="Share of the cycle of each phase: N-S through, N-S left, E-W, E-W left.",
    )
    offset_s: int = Field(0, ge=0, le=300, description="Delay of the plan's start per column eastwards.")

    def begin(self, space: Space, rng: np.random.Generator) -> FixedTimeMind:
        """Whole seconds that add up to the cycle."""
        ends = np.rint(np.cumsum(self.splits) / np.sum(self.splits) * self.cycle_s).astype(np.int64)
        return FixedTimeMind(np.diff(ends, prepend=0), np.array([self.offset_s]))


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


@act.body_for(FixedTimeMind)
def act_fixed_time(mind, members, turn, world, rng):
    tick, block = turn.tick[0], turn.block[0]
    own = mind.plan_s[0] + mind.plan_s[1] + mind.plan_s[2] + mind.plan_s[3] > 0
    for i in members:
        turn.deciding[i] = False
        if world.next_phase[i] >= 0:
            continue
        cycle = 0
        for p in range(4):
            cycle += mind.plan_s[p] if own else world.derived.plan_s[block, i, p]
        place, wanted = (tick - mind.offset_s[0] * world.column[i]) % cycle, 0
        for p in range(3):
            length = mind.plan_s[p] if own else world.derived.plan_s[block, i, p]
            if place < length:
                break
            place -= length
            wanted = p + 1
        world.candidate[i] = wanted
        turn.deciding[i] = wanted != world.phase[i]
        turn.actions[i] = 1 if turn.deciding[i] else 0


@kernel
def pressure(world, i, phase, block, weight):
    """Vehicles standing for a phase, less a third of those standing on each link it discharges into."""
    below, _ = downstream(world, i, phase, block)
    return world.phase_standing[i, phase] - weight * below / 3.0


@kernel
def serve(members, turn, world, bias, weight):
    """Switch each signal to the phase of most pressure, where that exceeds that of its green by enough."""
    block = turn.block[0]
    for i in members:
        if not turn.deciding[i]:
            continue
        phase, standing = world.phase[i], 0
        for p in range(4):
            standing += world.phase_standing[i, p]
        best = pressure(world, i, phase, block, weight) + bias * standing**0.5
        turn.actions[i] = 0
        for turns in range(1, 4):
            p = (phase + turns) & 3
            value = pressure(world, i, p, block, weight)
            if value > best and world.phase_standing[i, p] > 0:
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
