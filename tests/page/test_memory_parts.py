"""The page's memory without a browser: schedules, lanes, recovery times, and what a run says of them."""

import threading
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
import scenarios
from app.memory.lane import EXACT, FOLDED, LOST, SEARCHING, Lane, fits, fold
from app.memory.recovery import MOST_BARS, Recovery
from app.memory.remembered import Remembered
from app.runs.making import chosen
from app.runs.manager import Runs
from app.worlds.address import Address
from app.worlds.schedule import Schedule
from learners import memory
from learners.memory import diary
from tests.page.test_parts import wait_for

CONGESTION = scenarios.load("games/congestion")
SHOCK = scenarios.load("oligopoly/cost_shock")  # the first regime comes back, and then holds for ever


def small(*lengths, repeat=True):
    """The congestion game with regimes of these lengths, called a, b, ..."""
    regimes = tuple(one.model_copy(update={"name": "abc"[n], "ticks": lengths[n]})
                    for n, one in enumerate(CONGESTION.regime[: len(lengths)]))  # fmt: skip
    return CONGESTION.model_copy(update={"regime": regimes, "repeat": repeat})


@given(st.integers(0, 3000), st.sampled_from([CONGESTION, SHOCK]))
def test_time_of_each_regime_is_the_sum_of_its_blocks(hundreds, scenario):
    """Counted block by block, and against the world's own clock."""
    schedule, tick = Schedule(scenario), 1000 * hundreds
    counted, number = np.zeros(len(schedule.names), np.int64), 0
    while (block := schedule.block(number)) and block[0] < tick:
        last = not scenario.repeat and number == len(schedule.kinds) - 1
        counted[block[2]] += tick - block[0] if last else min(tick, block[1]) - block[0]
        number += 1
    assert schedule.lived(tick).tolist() == counted.tolist()
    start, kind = schedule.at(tick)
    assert start <= tick and schedule.names[kind] == scenario.regime[world_of(scenario.name).regime_at(tick)].name


@cache
def world_of(name):
    return models.make(name, seed=0)


@pytest.mark.parametrize(
    ("held", "lived", "kinds"),
    [
        ([3970, 30, 0], [4000, 4000, 4000], [0]),  # noticed late: the first ticks of b were played with it too
        ([4000, 4000, 4000], [4000, 4000, 4000], [0, 1, 2]),  # nobody notices anything
        ([0, 900, 1000], [4000, 1000, 1000], [1, 2]),
        ([100, 0, 0], [4000, 4000, 4000], [0]),  # seldom used, but only there
        ([0, 0, 0], [4000, 4000, 4000], []),
        ([], [], []),
    ],
)
def test_a_context_fits_the_regimes_that_it_was_active_in(held, lived, kinds):
    assert fits(np.array(held), np.array(lived)) == kinds


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 3)), min_size=1, max_size=60), st.integers(1, 40))
def test_folding_drops_only_what_is_shorter_than_the_grain(pieces, grain):
    starts = np.cumsum([0, *(length for length, _ in pieces)])
    stretches = [(int(start), context) for start, (_, context) in zip(starts, pieces)]
    folded = fold(stretches, int(starts[-1]), grain)
    assert folded[0] == stretches[0] and set(folded) <= set(stretches)
    assert all(one[1] != other[1] for one, other in pairwise(folded))
    shown = {tick: context for (tick, context), end in zip(folded, [*(s for s, _ in folded[1:]), starts[-1]])
             for tick in range(tick, end)}  # fmt: skip
    assert all(shown[start] == context for (start, context), (length, _) in zip(stretches, pieces) if length >= grain)


def happen(world, *events):
    """Write events (tick, kind, place) into the diary of a world's only memory."""
    book = world.groups[0].mind.memory.diary
    for tick, kind, place in events:
        book.now[0] = tick
        diary.note.py_func(book, kind, place)


def test_a_lane_tells_what_was_recalled_and_when_it_was_noticed():
    world = models.make(small(100, 100), seed=0)
    lane = Lane(world)
    happen(world, (106, memory.NOTICED, 0), (120, memory.BEGUN, 1), (150, memory.NOTICED, 1), (155, memory.KEPT, 1))
    happen(world, (208, memory.NOTICED, 1), (212, memory.RECALLED, 0))
    lane.take(world)
    told = lane.told(250)
    assert [start for start, _ in told["stretches"]] == [0, 106, 120, 150, 155, 208, 212]
    assert [played for _, played in told["stretches"]] == [0, SEARCHING, 1, SEARCHING, 1, SEARCHING, 0]
    assert told["marks"] == [(106, True), (150, False), (208, True)]
    assert told["fits"] == {0: [0], 1: [1]} and told["known"] == [0, 1]
    assert told["change"] == {"kind": 0, "noticed": 8, "found": 12}


def test_a_context_that_makes_room_for_another_is_no_longer_known():
    world = models.make(small(100, 100), seed=0)
    lane = Lane(world)
    happen(world, (106, memory.NOTICED, 0), (120, memory.BEGUN, 1), (206, memory.NOTICED, 1), (220, memory.BEGUN, 0))
    lane.take(world)
    assert lane.told(250)["known"] == [1, 2] and lane.told(250)["fits"] == {0: [0], 1: [1], 2: [0]}


def test_contexts_are_coloured_by_what_they_fitted_lately():
    """Places 0 and 1 change roles: once they have done so four times, the colours have followed."""
    world = models.make(small(100, 100), seed=0)
    lane = Lane(world)
    happen(world, (104, memory.NOTICED, 0), (106, memory.BEGUN, 1))
    for n in range(2, 40):
        right = n % 2 if n < 20 else 1 - n % 2
        happen(world, (100 * n + 4, memory.NOTICED, 1 - right), (100 * n + 6, memory.RECALLED, right))
        lane.take(world)
        if n == 19:
            assert lane.told(1950)["fits"] == {0: [0], 1: [1]}
    assert lane.told(3950)["fits"] == {0: [1], 1: [0]}


def test_what_the_diary_has_forgotten_is_left_blank():
    world = models.make(small(100, 100), seed=0)
    lane = Lane(world)
    happen(world, *((10 * n, memory.NOTICED if n % 2 else memory.RECALLED, 0) for n in range(1, memory.EVENTS + 3)))
    lane.take(world)
    told = lane.told(10_000)
    assert told["stretches"][:3] == [(0, 0), (1, LOST), (30, SEARCHING)]
    assert told["known"] == [1]  # the place may hold another context by now


def test_a_lane_is_bounded_and_its_last_changes_exact():
    world = models.make(small(100, 100), seed=0)
    lane, changes = Lane(world), []
    for n in range(1, 3 * (EXACT + FOLDED)):
        kind = memory.BEGUN if n == 1 else memory.RECALLED
        changes += [(100 * n + 4, SEARCHING), (100 * n + 6, n % 2)]
        happen(world, (100 * n + 4, memory.NOTICED, 1 - n % 2), (100 * n + 6, kind, n % 2))
        lane.take(world)
    stretches = lane.told(100 * n + 50)["stretches"]
    assert stretches[-EXACT:] == changes[-EXACT:] and stretches[0] == (0, 0)
    assert len(stretches) <= EXACT + FOLDED
    assert [start for start, _ in stretches] == sorted(start for start, _ in stretches)


def test_the_lane_of_a_life_is_the_same_however_seldom_it_is_read():
    often, once = models.make(CONGESTION, seed=3), models.make(CONGESTION, seed=3)
    lanes = Lane(often), Lane(once)
    for _ in range(300):
        often.run(100)
        lanes[0].take(often)
    once.run(30_000)
    lanes[1].take(once)
    told = lanes[1].told(30_000)
    assert lanes[0].told(30_000) == told
    assert told["fits"] == {0: [0], 1: [1], 2: [2]} and [right for _, right in told["marks"]] == [True] * 7


def rows(values, window):
    return pd.DataFrame({"reward": values}, index=window * np.arange(1, len(values) + 1))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_recovery_takes_until_the_reward_is_what_it_was_when_the_regime_was_left(cuts):
    """Windows of 10 ticks: a is left at 1, b at 2; a is back after 3 windows, b never."""
    frame = rows([*[0] * 9, 1, *[0] * 9, 2, *[0] * 3, *[1] * 7, *[1] * 10, 0], 10)
    recovery = Recovery(small(100, 100), 10)
    for end, size in zip(np.cumsum(cuts), cuts):
        recovery.take(frame.iloc[end - size : end])
    recovery.take(frame.iloc[sum(cuts) :])
    assert recovery.told() == {"bars": [[None, None], [[30.0, False], [100.0, True]]], "passes": 1}


def test_windows_in_which_two_regimes_meet_do_not_count():
    """Regimes of 25 ticks, windows of 10: the third straddles the change."""
    recovery = Recovery(small(25, 25), 10)
    recovery.take(rows([1.0, 1.0, 9.0, 2.0, 2.0, 1.0, 1.0, 9.0, 2.0, 2.0], 10))
    assert recovery.told() == {"bars": [[None, None], [[0.0, False], [0.0, False]]], "passes": 1}


def test_passes_share_a_bar_when_there_are_many():
    recovery = Recovery(small(100, 100), 10)
    recovery.take(rows(np.tile([*[0] * 2, *[1] * 8, *[0] * 4, *[1] * 6], 50), 10))
    told = recovery.told()
    assert told["passes"] == 8 and len(told["bars"]) == 7 and 2 * len(told["bars"]) <= MOST_BARS
    assert all(bar == [[20.0, False], [40.0, False]] for bar in told["bars"])


@pytest.mark.parametrize("name", ["games/climbing", "market/entry_and_exit"])
def test_there_is_nothing_to_recover_where_no_regime_comes_back(name):
    scenario = scenarios.load(name)
    recovery = Recovery(scenario, 1000)
    recovery.take(rows(np.zeros(900), 1000))
    assert recovery.told() is None and not Schedule(scenario).returns
    assert Schedule(CONGESTION).returns and Schedule(SHOCK).returns


def test_an_address_gives_and_takes_a_memory():
    for lifelong in (True, False, None):
        place = Address("traffic/rush_hour", "q", 7, lifelong=lifelong)
        settings = chosen(scenarios.load(place.scenario), place).learner[0].settings
        assert settings.get("lifelong") is lifelong
        assert settings.get("block_ticks") == (300 if lifelong else None)  # a window of the record


def test_a_run_weighs_a_memory_once_it_has_lived_through_its_regimes_twice():
    runs = Runs()
    run = runs.start(Address("games/congestion", seed=3), 500.0, "viewer")
    wait_for(lambda: run.status.life)
    run.change("busy", "busy", {"cooperation": 0.5})
    wait_for(lambda: run.world.tick > 1000)
    assert run.memory["keeping"] is None and run.memory["recovery"] is None
    run.pace(None)
    wait_for(lambda: run.memory["keeping"])
    told = run.memory["keeping"]
    assert told["names"] == ["plan A", "plan B", "plan C"] and told["advice"].startswith("A memory pays here: ")
    kept = {which: np.array(table) for which, table in told["kept"].items()}
    off = ~np.eye(3, dtype=bool)
    assert kept["with"][off].min() > 0.9 and kept["without"][off].max() < 0.5
    assert run.world.parameters["cooperation"] == 0.5
    assert run.memory["lane"]["known"][:3] == [0, 1, 2] and run.memory["recovery"]["bars"]
    runs.leave(run, "viewer")
    run.thread.join(10)


def test_a_memory_that_would_outlive_its_world_is_not_weighed_and_that_is_no_fault(monkeypatch, caplog):
    world = models.make("games/congestion", seed=3)
    world.run(2 * sum(regime.ticks for regime in world.scenario.regime))
    monkeypatch.setattr(type(world), "longest_life", world.tick + 1)
    weighed = threading.Event()
    remembered = Remembered(world, ended=lambda: False, news=weighed.set)
    remembered.told(world, world.record.frame(), ())
    assert weighed.wait(60)
    advice = remembered.told(world, world.record.frame(since=world.tick), ())["keeping"]["advice"]
    assert advice.startswith("Not known: the comparison would outlive this world") and not caplog.records
