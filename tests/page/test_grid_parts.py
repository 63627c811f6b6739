"""What the page draws of a power grid obeys the laws of the network and of the market."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from app.runs import frames


def shown(world, kind):
    """The panel of a kind."""
    return next(panel for panel in frames.panels(world) if panel["kind"] == kind)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([(), ("1-2",), ("2-3", "4-5"), ("1-2", "2-3")]),
    st.floats(0.3, 2.5),
    st.integers(1, 60),
)
def test_what_flows_out_of_a_bus_as_drawn_is_what_is_made_there_less_what_is_used(outages, demand_scale, hours):
    world = models.make("grid/ames5", seed=hours, outages=outages, demand_scale=demand_scale)
    world.run(hours)
    scene, frame = world.scene(), world.frame()
    left = -frame["load"].astype(float)
    for agent, mw in zip(scene["agents"], frame["mw"], strict=True):
        left[agent["buses"][0]] += mw
    for line, flow, out in zip(scene["lines"], frame["flow"], frame["out"], strict=True):
        assert not (out and flow)
        assert bool(out) == (line["name"] in outages)
        left[line["from"]] -= flow
        left[line["to"]] += flow
    assert np.abs(left).max() < 1e-3  # float32 of thousands of MW
    asked = world.state.now.demand.sum()
    assert frame["load"].sum() + frame["shed"].sum() == pytest.approx(asked, rel=1e-5)


@pytest.mark.parametrize("scenario", ["grid/ames5", "grid/pjm5", "grid/ieee30", "grid/ieee118", "grid/pivotal_cap"])
def test_the_parts_of_the_ledger_are_what_loads_pay(scenario):
    """Suppliers are counted offer by offer, rent line by line, loads bus by bus: an identity of nodal prices."""
    world = models.make(scenario, seed=1)
    for _ in range(30):
        world.step()
        ledger = shown(world, "ledger")
        parts = dict(ledger["parts"])
        assert ledger["total"][1] == pytest.approx(sum(parts.values()), rel=1e-9, abs=1e-6)
        assert parts["Congestion rent"] >= -1e-6


@pytest.mark.parametrize("pricing", ["uniform", "pay_as_bid"])
def test_under_other_rules_the_ledger_says_what_companies_receive(pricing):
    world = models.make("grid/ames5", seed=1, pricing=pricing, learner="random")
    world.run(30)
    ledger = shown(world, "ledger")
    mw, derived = world.state.now.mw, world.state.derived
    cost = (derived.cost[0] + derived.rise[0] * mw / 2) * mw
    revenue = world.state.profit.sum() + cost[world.offers.owner >= 0].sum()
    assert ledger["total"] == ("Companies receive", pytest.approx(revenue))


def test_where_everyone_replies_best_the_dial_stands_at_0_and_every_bar_at_its_mark():
    world = models.make("grid/ames5", seed=1, learner="best_response", demand_noise=0.0)
    world.run(24 * 30)
    assert shown(world, "dial")["value"] == pytest.approx(0.0, abs=1e-9)
    for row in shown(world, "table")["rows"]:
        bar = row["cells"][3]
        assert bar["value"] == bar["marks"][0]
        assert not bar["above"]


def test_the_dial_says_what_the_record_says_and_where_truth_lies():
    world = models.make("grid/ames5", seed=1, learner="truthful", demand_noise=0.0)
    assert shown(world, "dial")["value"] is None
    world.run(24 * 6)
    dial = shown(world, "dial")
    assert dial["value"] == pytest.approx(world.record.frame()["collusion"].iloc[-4:].mean())
    assert dial["value"] == pytest.approx(dict((name, at) for at, name in dial["marks"])["truthful"])


def test_forks_with_different_changes_have_marks_of_their_own():
    """The offers of a cartel under another price cap are not shown to the world that keeps its own."""
    world = models.make("grid/ames5", seed=1, learner="truthful")
    world.run(24)
    shown(world, "table")
    twins = [world.fork() for _ in range(2)]
    for twin, cap in zip(twins, (35.0, 500.0), strict=True):
        twin.change(price_cap_per_mwh=cap)
        twin.run(1)
    looked_at_in_turn = [shown(twin, "table") for twin in twins]
    alone = models.make("grid/ames5", seed=1, learner="truthful")
    alone.run(24)
    alone.change(price_cap_per_mwh=500.0)
    alone.run(1)
    assert looked_at_in_turn[1] == shown(alone, "table") != looked_at_in_turn[0]


def test_looking_changes_nothing():
    seen, unseen = (models.make("grid/ames5", seed=1, demand_noise=0.1) for _ in range(2))
    for _ in range(5):
        seen.run(10)
        unseen.run(10)
        seen.panels()
        seen.frame(), [seen.inspect(i) for i in range(5)]
    assert seen.record.frame().equals(unseen.record.frame())
    assert (seen.state.asked == unseen.state.asked).all()


@pytest.mark.parametrize("sees", ["nothing", "hour", "load", "market"])
def test_every_agent_can_be_looked_at_before_and_after_it_has_learned(sees):
    world = models.make("grid/pjm5", seed=1, sees=sees, storage_bus="3", regulator=True)
    for hours in (0, 1, 100):
        world.run(hours)
        for agent in range(len(world.agent_names)):
            heat = world.inspect(agent).heat
            assert len(heat.cells) == len(heat.rows) == world.decision_space.actions
            assert {len(row) for row in heat.cells} == {len(heat.columns)}
            assert heat.here[1] < len(heat.columns)
            json.dumps(asdict(heat), allow_nan=False)
        json.dumps([world.scene(), frames.panels(world)], allow_nan=False)
