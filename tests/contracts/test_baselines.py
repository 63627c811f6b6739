"""Rules that learners are compared with are given what learners have: seed, ticks, schedule and changes."""

import os

import pytest

import models
import scenarios
from app.commands import run
from engine import store
from studies.references import baselines


@pytest.mark.parametrize(("name", "rule", "ticks"), [
    ("traffic/closed_bridge", "max_pressure", 30_000),
    ("traffic/closed_bridge", "random", 5_000),
    ("crossing/priority_road", "gap_acceptance", 20_000),
    ("market/storm", "zip", 100_000),
    ("oligopoly/duopoly", "random", 3_000),
    ("routes/pigou", "day_to_day", 500),
])  # fmt: skip
def test_a_rule_beside_itself_has_the_same_numbers(name, rule, ticks):
    world = models.make(name, learner=rule, seed=5)
    world.run(ticks)
    assert baselines.beside(world, rule) == pytest.approx(baselines.last_pass(world), rel=0, abs=0, nan_ok=True)


def test_a_rule_beside_itself_meets_the_changes_of_its_world():
    world = models.make("traffic/closed_bridge", learner="max_pressure", seed=5)
    world.run(4_000)
    world.change(demand_veh_per_s=0.2)
    world.run(6_000)
    assert baselines.beside(world, "max_pressure") == baselines.last_pass(world)


def test_a_table_of_a_run_sets_what_was_learned_above_rules_with_its_seed_and_ticks():
    world = models.make("traffic/closed_bridge", seed=6)
    world.run(9_000)
    rows = {row["who"]: row for row in run._rows(world)}
    same = models.make("traffic/closed_bridge", learner="fixed_time", seed=6)
    same.run(9_000)
    assert list(rows) == ["q", *baselines.names("traffic")]
    assert {name: rows["fixed_time"][name] for name in world.headline} == {
        name: baselines.last_pass(same)[name] for name in world.headline
    }


@pytest.mark.parametrize("name", scenarios.names())
def test_a_rule_that_stops_when_settled_stops_at_the_same_place_of_the_schedule(name):
    scenario, length = scenarios.load(name), sum(regime.ticks for regime in scenarios.load(name).regime)
    for ticks in (1, 4_321, scenario.ticks, 10 * scenario.ticks + 17):
        settled = baselines._settled(scenario, ticks)
        assert settled == ticks if ticks <= baselines.LONGEST else settled <= ticks
        if length:
            assert settled >= min(ticks, length) and (ticks - settled) % length == 0


def test_lines_are_the_last_pass_of_a_run_of_the_rule():
    scenario = scenarios.load("games/congestion")
    world = models.make(scenario, learner="random", seed=baselines.SEED)
    world.run(24_000)  # two passes
    last = world.record.frame().loc[12_001:]
    expected = baselines.by_block(last, scenario, world.record.window_ticks)["reward"]
    assert baselines.lines(scenario, "reward", ["random"]) == {"random": expected}


def test_lines_that_were_used_longest_ago_are_forgotten_when_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "cache_root", lambda: tmp_path)
    scenario, kept = scenarios.load("games/climbing").model_copy(update={"ticks": 500}), tmp_path / "baselines"
    baselines.lines(scenario, "reward", ["random"])
    (first,) = kept.iterdir()
    monkeypatch.setitem(store.MOST_BYTES, "baselines", first.stat().st_size + 1)
    os.utime(first, (1, 1))
    again = baselines.lines(scenario, "reward", ["random"])
    assert first.stat().st_mtime > 1  # read, and not made anew
    os.utime(first, (1, 1))
    other = scenario.model_copy(update={"ticks": 600})
    baselines.lines(other, "reward", ["random"])
    (second,) = kept.iterdir()
    assert second != first and baselines.lines(scenario, "reward", ["random"]) == again
