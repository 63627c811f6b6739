"""Time travel: which copies are kept, that their memory is bounded, and that any moment is found again to the byte."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from engine import snapshot
from studies.live.past import NEAR, Past

GAME = "games/prisoners_dilemma"
PIECE = 37  # ticks between two copies; no divisor of a window


def lived(pieces: int, past: Past, changes: dict[int, dict]):
    """A game that was copied before every piece, and changed after some."""
    world = models.make(GAME, seed=3)
    for number in range(pieces):
        past.keep(world)
        world.run(PIECE)
        if number in changes:
            world.change(**changes[number])
    return world


def same(one, other) -> bool:
    """Whether two worlds are the same to the byte: arrays, random states and record."""
    left, right = (snapshot.arrays((w.state, w.turn, w.course, w.groups)) for w in (one, other))
    streams = [[rng.bit_generator.state for rng in (w.rng, *(g.rng for g in w.groups))] for w in (one, other)]
    return (
        all(np.array_equal(left[name], right[name]) for name in left)
        and streams[0] == streams[1]
        and one.record.frame().equals(other.record.frame())
    )


def test_a_thousand_copies_stay_within_the_bound_and_the_first_is_kept():
    size = Past()
    lived(1, size, {})
    most = 20 * size.bytes
    past = Past(most)
    lived(1000, past, {})
    assert past.bytes <= most
    assert past.ticks[0] == 0
    assert past.ticks[-1] == 999 * PIECE
    assert len(past.ticks) >= 10


def test_copies_are_dense_lately_and_thin_like_a_geometric_series():
    """Of n copies the last NEAR are kept, then half of twice as many, a quarter of four times as many, and so on."""
    past = Past(10**12)
    lived(1000, past, {})
    numbers = np.array(past.ticks) // PIECE
    ages = 999 - numbers
    assert set(range(NEAR)) <= set(ages)
    assert len(numbers) <= NEAR + NEAR // 2 * np.ceil(np.log2(1000 / NEAR)) + 2
    for power in range(1, 4):
        band = numbers[(ages >= NEAR * 2 ** (power - 1)) & (ages < NEAR * 2**power)]
        assert (np.diff(band) == 2**power).all()


@settings(max_examples=15, deadline=None)
@given(tick=st.integers(0, 40 * PIECE), changed=st.integers(0, 39))
def test_any_moment_of_the_past_is_found_again_to_the_byte(tick, changed):
    changes = {changed: {"cooperation": 0.5}}
    past = Past(1)  # as few copies as there can be, so that most moments lie between two
    live = lived(40, past, changes)
    found = past.at(live, tick, 10**9)
    again = models.make(GAME, seed=3)
    at = (changed + 1) * PIECE
    if at <= tick:
        again.run(at)
        again.change(cooperation=0.5)
    again.run(tick - again.tick)
    assert found.tick == tick
    assert same(found, again)
    found.run(500)
    again.run(500)
    assert same(found, again)


def test_what_is_far_from_a_copy_is_shown_as_near_as_the_work_allows():
    past = Past(10**12)
    live = lived(10, past, {})
    assert past.at(live, 5 * PIECE + 30, most_ticks=20).tick == 5 * PIECE + 20


def test_a_past_that_is_cut_forgets_what_came_after():
    past = Past(10**12)
    lived(10, past, {})
    cut = past.until(5 * PIECE + 3)
    assert cut.ticks == [n * PIECE for n in range(6)]
    assert len(past.ticks) == 10


@pytest.mark.parametrize("tick", [0, 400])
def test_looking_back_does_not_disturb_the_run(tick):
    past = Past()
    live, other = lived(20, past, {}), lived(20, Past(), {})
    past.at(live, tick, 10**9).run(300)
    live.run(300)
    other.run(300)
    assert same(live, other)
