"""The page's parts that need no browser: addresses, folded curves, the asset store, runs."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import assets
from app.runs.curve import MOST_POINTS, Curve
from app.runs.manager import Runs
from app.worlds.address import Address, parse

STATIC = Path(assets.__file__).parent / "static"


def test_an_address_says_the_same_when_it_is_read_again():
    place = Address("traffic/rush_hour", "q", 7, {"cooperation": 0.5, "closed_links": ("A1-A2",), "detectors": "full"})
    assert parse(place.search) == place
    assert parse("") == Address()


def test_a_seed_that_is_no_number_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="whole number"):
        parse("?scenario=traffic/rush_hour&seed=soon")


@given(st.lists(st.integers(0, 700), min_size=1, max_size=8))
def test_a_folded_curve_keeps_the_mean_however_its_rows_arrive(cuts):
    rows = np.random.default_rng(1).random((sum(cuts), 2))
    frame = pd.DataFrame(rows, np.arange(1, len(rows) + 1) * 10, columns=["a", "b"])
    curve = Curve(["a", "b"], window_ticks=10)
    for end, size in zip(np.cumsum(cuts), cuts):
        curve.take(frame.iloc[end - size : end])
    points, group = curve.table()[:, 1:], curve.windows_per_point
    assert len(points) <= MOST_POINTS
    assert len(rows) - group < len(points) * group <= len(rows)
    for number, point in enumerate(points):
        np.testing.assert_allclose(point, rows[number * group : (number + 1) * group].mean(0), rtol=1e-5)


def test_a_window_without_a_value_leaves_a_gap_and_not_an_error():
    curve = Curve(["a"], window_ticks=1)
    curve.take(pd.DataFrame({"a": [np.nan, 1.0]}, index=[1, 2]))
    assert np.isnan(curve.table()[0, 1])
    assert curve.now() == [1.0]


def test_the_asset_store_holds_what_the_installed_solara_asks_for_and_our_chart():
    names = {spec.rpartition("@")[0] for spec in assets.required()}
    assert {"uplot", "requirejs", "font-awesome", "@widgetti/solara-vuetify3-app"} == names
    assert assets.CHARTS in (STATIC / "chart" / "plot.js").read_text("utf8")


def test_without_npm_the_install_says_so_and_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("EVERLEARN_ASSETS", str(tmp_path / "store"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert assets.main() == 0
    assert "npm was not found" in capsys.readouterr().out


def test_the_last_viewer_to_leave_ends_the_run():
    runs = Runs()
    run = runs.start(Address("games/prisoners_dilemma"), None, "first")
    assert runs.join(run.ident, "second") is run
    wait_for(lambda: run.snapshot and run.snapshot.tick > 0)
    runs.leave(run, "first")
    assert run.thread.is_alive()
    runs.leave(run, "second")
    run.thread.join(10)
    assert not run.thread.is_alive()
    assert runs.join(run.ident, "late") is None


def test_a_change_that_is_refused_is_said_and_the_run_goes_on():
    runs = Runs()
    run = runs.start(Address("games/prisoners_dilemma"), 100.0, "viewer")
    wait_for(lambda: run.snapshot and run.snapshot.tick > 0)
    run.change("too much", "too much", {"cooperation": 7.0})
    wait_for(lambda: run.status.refusal)
    assert "cooperation" in run.status.refusal
    tick = run.snapshot.tick
    wait_for(lambda: run.snapshot.tick > tick)
    runs.leave(run, "viewer")
    run.thread.join(10)


def wait_for(condition, seconds=30):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
