"""Series of any length in a power market: dates, days, gaps, and what units can give hour by hour."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from app.cli import cli
from models.grid import case as cases
from models.networks import series
from scenarios import ScenarioError
from studies import history
from tests.laws import grids

HOURLY = pd.date_range("2023-01-01", periods=48, freq="h")


def file_of(tmp_path, times, *columns, mark=",", comma=".", text_of=str, name="hours.csv"):
    """A file of series; columns are a name and numbers."""
    rows = [mark.join(["time", *(column for column, _ in columns)])]
    for when, *numbers in zip(times, *(values for _, values in columns), strict=True):
        rows.append(mark.join([text_of(when), *(f"{number}".replace(".", comma) for number in numbers)]))
    path = tmp_path / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("mark", "comma"), [(",", "."), (";", ","), ("\t", ","), (";", ".")])
def test_a_series_is_the_same_however_it_is_written(mark, comma, tmp_path):
    values = np.round(np.random.default_rng(1).uniform(-5, 5, 48), 3)
    path = file_of(tmp_path, HOURLY, ("A", values), mark=mark, comma=comma)
    plain = series.read(path)
    assert plain.start == HOURLY[0] and plain.values["A"].tolist() == values.tolist() and not plain.notes
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text(encoding="utf-8").replace("\n", "\r\n").encode())
    assert series.read(path).values["A"].tolist() == values.tolist()


def test_finer_steps_are_averaged_and_coarser_ones_held(tmp_path):
    quarters = pd.date_range("2023-01-01", periods=4 * 24 + 6, freq="15min")
    fine = series.read(file_of(tmp_path, quarters, ("A", np.arange(102.0))))
    assert fine.values["A"].tolist() == (1.5 + 4 * np.arange(24)).tolist()
    assert fine.notes == (
        "hours.csv: 4 rows of an hour are averaged.",
        "hours.csv: 6 rows of the last, unfinished day are left out.",
    )
    thirds = pd.date_range("2023-01-01", periods=24, freq="3h")
    coarse = series.read(file_of(tmp_path, thirds, ("A", np.arange(24.0))))
    assert coarse.values["A"].tolist() == np.repeat(np.arange(24.0), 3).tolist()


def slips():
    """Times, values and what is said of them."""
    berlin = pd.date_range("2023-03-26", periods=24, freq="h", tz="Europe/Berlin")  # its clock springs forward
    naive = [t for t in HOURLY if t != HOURLY[2]]
    yield HOURLY.delete(5), range(47), ", row 7: 1 rows are missing after 2023-01-01 04:00:00; fill them in"
    yield HOURLY.insert(5, HOURLY[4]), range(49), ", row 7: 2023-01-01 04:00:00 stands twice; keep one row (does the"
    yield HOURLY[::-1], range(48), ", row 3: 2023-01-02 22:00:00 follows 2023-01-02 23:00:00; sort rows by time"
    yield berlin, range(24), ", row 4: its time zone differs (UTC+01:00 and UTC+02:00); write all times in one, UTC say"
    yield naive, range(47), ", row 4: 1 rows are missing after 2023-01-01 01:00:00; fill them in (does the clock"
    yield HOURLY + pd.Timedelta(hours=5), range(48), ", row 2: begins at 05:00; begin at midnight"
    yield HOURLY[:9], range(9), ": has 9 rows; a dated series has a day at least"
    yield [*HOURLY[:30], "noon", *HOURLY[31:]], range(48), ", row 32: time is 'noon'; write hours from 0 to 23, or "
    yield HOURLY, [*range(20), "", *range(27)], ", row 22: A is empty; write a number, with a point"
    yield HOURLY, [*range(20), "n/a", *range(27)], ", row 22: A is 'n/a'; write a number, with a point"
    yield HOURLY, [*range(20), "nan", *range(27)], ", row 22: A is nan; write a finite number"
    yield pd.date_range("2023-01-01", periods=48, freq="40min"), range(48), ": its step is 0 days 00:40:00; write one "


@pytest.mark.parametrize(("times", "values", "message"), list(slips()))
def test_a_bad_series_is_answered_with_file_row_and_remedy(times, values, message, tmp_path):
    path = file_of(tmp_path, times, ("A", values))
    with pytest.raises(ScenarioError) as refused:
        series.read(path)
    assert str(refused.value).startswith(f"{path}{message}")


def year(tmp_path, sun_mw):
    """A bus with load and sun of a year, a unit that pays to run, and one that costs 40."""
    times, hour = pd.date_range("2023-01-01", periods=8760, freq="h"), np.arange(8760) % 24
    season = 1 + 0.3 * np.cos(2 * np.pi * np.arange(8760) / 8760)
    sun = sun_mw * np.maximum(0.0, np.sin(np.pi * (hour - 6) / 12))
    grids.write(tmp_path, {"A": 0.0}, [("A", 1, 1)])
    units = "unit,bus,company,max_mw,cost_per_mwh\nSun,A,Sun,400,-10\nCoal,A,Coal,400,40\n"
    (tmp_path / "units.csv").write_text(units, encoding="utf-8")
    load = np.round(100 * season * (1 + 0.2 * np.sin(np.pi * (hour - 8) / 12)), 3)
    file_of(tmp_path, times, ("A", load), ("Sun", np.round(sun, 3)))
    return load, sun


def test_a_year_of_load_and_sun_has_negative_prices_where_sun_exceeds_load(tmp_path):
    load, sun = year(tmp_path, 300.0)
    world = grids.world(str(tmp_path), record_every_ticks=1)
    assert world.clock_text() == "Sun 01 Jan 2023, 00:00"
    price = world.run(8760)["price_per_mwh"].to_numpy()
    assert world.clock_text() == "Sun 01 Jan 2023, 00:00"  # and the year begins again
    assert ((price < 0) == (np.round(sun, 3) > load)).all() and (price < 0).sum() > 1000
    assert set(np.round(np.unique(price), 9)) == {-10.0, 40.0}
    later = world.run(30)["price_per_mwh"].to_numpy()[-30:]
    assert later.tolist() == price[:30].tolist()


def test_what_a_unit_can_give_follows_its_series_whatever_it_offers(tmp_path):
    load, sun = year(tmp_path, 120.0)
    world = grids.world(str(tmp_path), learner="random")
    for hour in range(72):
        world.run(1)
        assert world.unit_mw()[0] <= np.round(sun[hour], 3) + 1e-9
        assert world.unit_mw().sum() == pytest.approx(load[hour])


def test_a_series_above_what_a_unit_has_is_refused(tmp_path):
    year(tmp_path, 500.0)
    with pytest.raises(ScenarioError, match=r"Sun is .* in hour .*; at most 400; correct it, or its max_mw"):
        cases.read(str(tmp_path), "here")


def test_theory_of_a_year_is_left_out_unless_asked_for_and_said(tmp_path):
    year(tmp_path, 300.0)
    world = grids.world(str(tmp_path))
    assert world.theory_lines("price_per_mwh") == {}
    assert any("tabulate = true" in note for note in world.notes())
    assert np.isnan(world.run(24)["collusion"].to_numpy()).all()
    world.panels()


# Against history


def run(*words):
    """A command line; what it printed."""
    done = CliRunner().invoke(cli, [str(word) for word in words])
    return done.exit_code, f"{done.stdout}{done.stderr}{done.exception}"


def test_prices_that_the_market_itself_made_are_matched_without_error(tmp_path):
    year(tmp_path, 300.0)
    world = grids.world(str(tmp_path), record_every_ticks=1)
    price = world.run(8760)["price_per_mwh"].to_numpy()
    path = file_of(tmp_path, pd.date_range("2023-01-01", periods=8760, freq="h"), ("price", price), name="prices.csv")
    found = history.compare(world, path)
    measures = found.measures()
    assert len(found.given) == 8760 and measures["root mean square error"] < 1e-9
    assert measures["correlation"] == pytest.approx(1.0)
    world.run(100)  # into the second pass: still the same hours by date
    assert history.compare(world, path).measures()["root mean square error"] < 1e-9


def test_errors_are_those_of_a_hand_calculation(tmp_path):
    found = history.History(np.array([10.0, 20.0, 30.0]), np.array([12.0, 16.0, 30.0]), np.array([0, 1, 0]))
    measures = found.measures()
    assert measures["mean error"] == pytest.approx(2 / 3)
    assert measures["mean absolute error"] == pytest.approx(2)
    assert measures["root mean square error"] == pytest.approx((20 / 3) ** 0.5)
    assert found.by_hour()["hours"].to_dict() == {0: 2, 1: 1}
    assert found.by_hour()["absolute_error"].to_dict() == {0: 1.0, 1: 4.0}


def test_the_command_compares_and_writes_or_says_what_is_wrong(tmp_path):
    prices = file_of(tmp_path, range(24), ("price", np.arange(24.0)), name="prices.csv")
    given = ("run", "grid/ames5", "--ticks", 48, "--against")
    code, said = run(*given, prices, "--out", tmp_path / "out")
    assert code == 0 and "24 hours beside prices.csv" in said and "correlation" in said
    assert {"against.json", "against_by_hour.csv", "against.png"} <= {p.name for p in (tmp_path / "out").iterdir()}
    two = file_of(tmp_path, range(24), ("a", np.arange(24.0)), ("b", np.arange(24.0)), name="two.csv")
    for path, message in (two, "needs one column of prices"), (tmp_path / "none.csv", "cannot be read"):
        code, said = run(*given, path)
        assert code != 0 and message in said
    code, said = run("run", "games/chicken", "--ticks", 10, "--against", prices)
    assert code != 0 and "needs a power market" in said
