"""The record of a long run: memory is bounded, the newest windows are exact, and folding keeps sums and means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from app.runs.curve import Curve
from engine import record, snapshot
from engine.history import STEPS, History
from engine.snapshot import NotASnapshot
from models import World

GAME = "games/prisoners_dilemma"
STEP = 4
EXACT = STEP * (STEPS - 1)


def life(small, windows=300, watch=True):
    """A game that has lived for some windows of five ticks; `small`: its record folds what is older than 28 to 32."""
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr(record, "MOST_NUMBERS", 300)
        world = models.make(GAME, seed=1, record_every_ticks=5, record_agents=True)
    if watch:
        world.watch("noon", lambda world: world.tick % 7)
    world.run(5 * windows + 2)
    return world


def opened(path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "MOST_NUMBERS", 300)
        return World.open(path)


def rows_of(number):
    rows = np.random.default_rng(7).normal(size=(number, 3))
    rows[::5, 1] = np.nan
    return rows


def filled(rows, cuts=()):
    history = History(STEP, 3)
    for part in np.split(rows, sorted(cut % (len(rows) + 1) for cut in cuts)):
        history.add(part.copy())
    return history


@given(st.integers(0, 700), st.lists(st.integers(0, 10**6), max_size=9))
def test_folding_keeps_sums_and_the_newest_rows_however_they_arrive(number, cuts):
    rows, history = rows_of(number), filled(rows_of(number), cuts)
    last, found = history.after()
    assert history.count == number and np.array_equal(last, np.unique(last))
    assert (last[-1] if number else 0) == number
    exact = min(number, EXACT)
    assert np.array_equal(found[len(found) - exact :], rows[number - exact :], equal_nan=True)
    assert len(found) <= STEPS * STEP + STEP  # memory does not grow
    first = 0
    for end, row in zip(last, found, strict=True):
        assert end - first in (1, history.length) or end == history.folded
        known = ~np.isnan(rows[first:end])
        mean = np.where(known, rows[first:end], 0.0).sum(axis=0) / np.where(
            known.any(axis=0), known.sum(axis=0), np.nan
        )
        np.testing.assert_allclose(row, mean, atol=1e-12)
        first = end
    whole = filled(rows)
    assert all(np.array_equal(*pair, equal_nan=True) for pair in zip(whole.after(), history.after(), strict=True))


@given(st.integers(1, 700), st.integers(0, 700))
def test_a_past_that_is_cut_off_knows_what_was_known_and_nothing_later(number, cut):
    rows, cut = rows_of(number), min(number, cut)
    rows[cut:] = 1e9  # what came later
    early, late = filled(rows).until(cut), filled(rows)
    last, found = early.after()
    assert early.count == cut and (last[-1] if cut else 0) == cut and not (found > 1e6).any()
    shared = np.isin(last, late.after()[0])
    whole = late.after()[1][np.isin(late.after()[0], last)]
    assert np.array_equal(found[shared][: len(whole) - 1], whole[:-1], equal_nan=True)
    early.add(np.ones((3, 3)))
    assert early.count == cut + 3 and (early.after(cut)[1] == 1.0).all()


def test_a_long_life_is_the_same_life_and_its_record_says_what_it_holds():
    folded, whole = life(small=True), life(small=False)
    frame, every = folded.record.frame(), whole.record.frame()
    until, share = frame.attrs["folded_until"], frame.attrs["windows_per_row"]
    assert folded.record.exact_since == until == 5 * (300 - 32) and share == 128 and every.attrs == {}
    new = frame[frame.index > until]
    assert new.equals(every[every.index > until]) and len(new) >= folded.record.exact_windows == 28
    assert folded.record.frame(since=until).attrs == {} and folded.record.frame(since=until).equals(new)
    old = frame[frame.index <= until]
    assert old.index.tolist() == [5 * 128, 5 * 256, until]
    weights = np.diff(old.index.to_numpy(), prepend=0)
    before = every[every.index <= until]
    np.testing.assert_allclose(np.average(old, axis=0, weights=weights), before.mean(), rtol=1e-12)
    agents, each = folded.record.agents(), whole.record.agents()
    assert agents[agents.index > until].equals(each[each.index > until]) and len(agents) == len(frame)
    assert [world.tick for world in (folded, whole)] == [1502] * 2 and folded.rng.random() == whole.rng.random()


def test_a_run_cut_anywhere_forked_saved_and_opened_has_the_same_record(tmp_path):
    whole, cut = life(small=True), life(small=True, windows=100)
    for ticks in (1, 399, 0, 37):
        cut.run(ticks)
    cut.save(tmp_path / "world.npz")
    with pytest.warns(UserWarning, match="columns of your own"):
        again = opened(tmp_path / "world.npz")
    again.watch("noon", lambda world: world.tick % 7)
    for world in (cut.fork(), cut, again):
        world.run(1502 - world.tick)
        assert world.record.frame().equals(whole.record.frame()) and world.record.agents().equals(whole.record.agents())
        arrays = world.record.arrays()
        assert all(np.array_equal(arrays[name], array) for name, array in whole.record.arrays().items())


def test_forks_share_what_is_kept():
    world = life(small=True)
    mine, twin = world.record.arrays(), world.fork()
    for name in ("metrics", "agents", "metrics.old", "agents.old"):
        assert np.shares_memory(mine[name], twin.record.arrays()[name])
    before = world.record.frame()
    twin.run(1000)
    assert world.record.frame().equals(before)


@pytest.mark.parametrize(("name", "array", "words"), [
    ("record.metrics.old", None, "nothing"),
    ("record.windows_per_row", np.array([1]), "the file holds 1; 67 to"),
    ("record.tick", np.arange(5, 50, 5), "differs from"),
])  # fmt: skip
def test_a_folded_record_that_was_altered_is_refused(tmp_path, name, array, words):
    path = tmp_path / "world.npz"
    life(small=True, watch=False).save(path)
    packed, about = snapshot.load(path)
    data = {place: np.asarray(part) for place, part in packed.items() if place != name}
    snapshot.save(path, data | ({} if array is None else {name: array}), about)
    with pytest.raises(NotASnapshot, match=f"^{name}: .*{words}"):
        opened(path)


def test_a_curve_drawn_from_a_folded_record_is_that_of_the_whole():
    curves = []
    for small in (True, False):
        world = life(small, windows=900)
        curves.append(Curve(list(world.headline), 5))
        curves[-1].take(world.record.frame())
    assert curves[0].now() == curves[1].now()
    of_folded, of_whole = (curve.table()[-6:] for curve in curves)
    np.testing.assert_array_equal(of_folded, of_whole)
    assert np.nansum(curves[0].table()[:, 1]) > 0


def test_mesa_reads_a_folded_record_step_by_step():
    world = life(small=True)
    frame, held = world.record.frame(), world.record.model_vars["reward"]
    assert len(held) == 1502 and np.isnan(held[3])
    assert held[4] == held[638] == frame["reward"].iloc[0] and held[639] == frame["reward"].iloc[0]
    assert held[644] == frame["reward"].iloc[1] and held[-1] == frame["reward"].iloc[-1]
    (*_, last) = world.record._agent_records.get(1501, [])
    assert last[2] == world.record.agents().iloc[-1, -1]
