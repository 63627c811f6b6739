"""Numbers at their edges: a world billions of ticks old behaves as it did when it was young, or says it is too old.

Its age is set through a file: the tick, and every moment that the world remembers.
"""

import math

import numpy as np
import pytest

import models
from engine import snapshot
from engine.limits import FIXED
from engine.snapshot import NotASnapshot
from models import World
from models.market.state import ARRIVALS
from tests.contracts.cases import BRISK, PAIRS, SMALLEST, TICKS, case, make

LIVES = [
    *((name, "q") for name in SMALLEST.values()),
    ("crossing/four_drivers", "fixed_time"), ("traffic/single_crossing", "fixed_time"), ("traffic/both_learn", "q"),
    ("market/order_book", "q"), ("games/congestion", {"kind": "q", "lifelong": True, "block_ticks": 20}),
]  # fmt: skip
# What is a moment: ticks, and seconds of the crossing.
MOMENTS = {
    "traffic": (
        "next_start",
        "slowed_until",
        "born",
        "ready",
        "green_at",
        "green_since",
        "next_due",
        "last_green",
        "clear_at",
    ),
    "crossing": ("next_due",),
    "market": ("halted_until",),
}
MOMENTS_S = {
    "crossing": ("sight_s", "free_s", "line_s", "enter_s", "leave_s", "last_entry_s", "road_free_s", "blocked_until_s")
}
EVER = 2**63 - 1  # the end of a regime that never ends
EDGES = {"past 2^31": lambda world: 2**31, "near its end": lambda world: world.longest_life - 4 * period(world)}


def period(world):
    """Ticks after which clocks, rings, schedules and windows of a world are where they were."""
    window, schedule = world.record.window_ticks, int(world.course.starts[-1])
    plan_s = 1
    if world.domain == "traffic":  # of the first signal
        plan_s = int(world.state.derived.plan_s[0, : world.network.phases[0]].sum())
    return math.lcm(2**12, 24, 240, 21, window**2, schedule, len(world.agent_names), plan_s)


def altered(world, path, alter):
    """The world from a file that was altered: `alter` changes a dictionary of arrays."""
    world.save(path)
    packed, about = snapshot.load(path)
    data = {name: np.array(array) for name, array in packed.items()}
    alter(data)
    snapshot.save(path, data, about)
    return World.open(path)


def aged(world, ticks, path):
    """The same world when it has lived for so many ticks more, a multiple of its period."""

    def alter(data):
        for name in ("tick", *(f"0.{name}" for name in MOMENTS.get(world.domain, ()))):
            place = "world.1.tick" if name == "tick" else f"world.{name}"
            if place in data:
                data[place] += ticks
        for name in MOMENTS_S.get(world.domain, ()):
            data[f"world.0.{name}"] += ticks * world.seconds_per_tick
        data["world.1.block_end"] += ticks * (data["world.1.block_end"] < EVER)
        data["record.tick"] += ticks
        data["record.windows_per_row"] = np.array([2**50])
        for name in ("metrics", "agents"):
            shape = world.record.stretch_ticks // world.record.window_ticks, 2, data[f"record.{name}"].shape[1]
            data[f"record.{name}.old"] = np.zeros(shape)

    return altered(world, path, alter)


def same(one, other):
    return np.array_equal(one, other, equal_nan=True)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(("scenario", "learner"), LIVES)
def test_an_old_world_behaves_as_it_did_when_it_was_young(scenario, learner, edge, tmp_path):
    young = models.make(scenario, learner=learner, seed=1)
    young.run(TICKS)
    more = -(-EDGES[edge](young) // period(young)) * period(young)
    old = aged(young, more, tmp_path / "old.npz")
    then, now = young.run(TICKS), old.run(TICKS)
    assert now.index.tolist() == (then.index + more).tolist() and old.tick == young.tick + more
    if young.domain == "crossing":  # moments are floats
        np.testing.assert_allclose(now, then, rtol=1e-3)
        return
    assert same(now, then)
    known = [snapshot.arrays((world.groups, world.turn.actions, world.turn.states)) for world in (young, old)]
    assert all(same(array, known[1][name]) for name, array in known[0].items() if "diary" not in name)
    shown = old.frame()
    assert all(same(part, shown[name]) for name, part in young.frame().items()) and old.clock_text()


@pytest.mark.parametrize("scenario", ["market/order_book", "market/one_pair"])
def test_quotes_keep_their_order_when_numbers_of_arrival_run_out_of_room(scenario, tmp_path):
    young = models.make(scenario, learner="q", seed=1)
    young.run(TICKS)
    arrived = young.state.book.arrived[0]
    more = ARRIVALS - 20 - arrived

    def alter(data):
        data["world.0.book.arrived"] += more
        data["world.0.book.rank"] += more * (data["world.0.book.size"] > 0)

    old = altered(young, tmp_path / "old.npz", alter)
    window = young.record.window_ticks
    assert same(old.run(window), young.run(window))
    assert young.state.book.arrived[0] > arrived + 20 and 0 < old.state.book.arrived[0] < young.state.book.arrived[0]
    for side in range(2):
        assert same(np.argsort(old.state.book.rank[side]), np.argsort(young.state.book.rank[side])) and not old.audit()


@pytest.mark.parametrize("domain", SMALLEST)
def test_a_world_at_the_end_of_its_life_says_so_and_does_not_move(domain, tmp_path):
    world = make(domain, "random")
    end = world.longest_life - world.tick
    world.turn.tick[0] += end
    moves = [world.step, lambda: world.run(1), lambda: world.advance([-1] * len(world.agent_names))]
    for move in moves:
        with pytest.raises(ValueError, match=r"lives for [\d,]+ ticks at most, and .*; go on with world.restart\(\)"):
            move()
    assert world.tick == world.longest_life
    with pytest.raises(NotASnapshot, match=f"^world.1.tick: the file holds {world.tick + 1}; 0 to {world.tick} can be"):
        altered(make(domain, "random"), tmp_path / "old.npz", lambda data: data["world.1.tick"].fill(world.tick + 1))


def declared(tree, path="", limit=None):
    """Path, array and limit of all arrays of whole numbers, as files are checked."""
    if isinstance(tree, np.ndarray):
        return [(path, tree, limit)] if tree.dtype.kind in "iu" else []
    if not isinstance(tree, tuple):
        return []
    limits = tree.limits() if limit is None and hasattr(tree, "limits") else limit
    parts = zip(getattr(tree, "_fields", range(len(tree))), tree, strict=True)
    of = limits.get if isinstance(limits, dict) else lambda name: limits
    return [found for name, part in parts for found in declared(part, f"{path}.{name}", of(name))]


@pytest.mark.parametrize(("domain", "kind"), [case(*pair) for pair in PAIRS])
def test_what_counts_has_64_bits(domain, kind):
    """Whatever an array may hold by its limits, its type can hold, and one more where it counts."""
    world = models.make({"traffic": "traffic/both_learn"}.get(domain, SMALLEST[domain]), learner=BRISK.get(kind, kind))
    for path, array, limit in declared((world.state, world.groups)):
        if limit != FIXED:
            assert limit[1] < np.iinfo(array.dtype).max, f"{path} holds up to {limit[1]} in {array.dtype}"
