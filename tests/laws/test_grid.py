"""Laws of the power market: power is balanced, lines hold, and money adds up, whatever the weather and the outages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
import scenarios
from models.grid import theory
from models.grid.clearing import SOLVED
from models.grid.market import SMALLEST_LOAD, SUN
from tests.laws import grids

NAMES = [name for name in scenarios.names() if name.startswith("grid/")]
markets = st.fixed_dictionaries(
    {
        "scenario": st.sampled_from(["grid/ames5", "grid/pjm5", "grid/ieee14", "grid/ieee30"]),
        "learner": st.sampled_from(["random", "q", "truthful", "best_response"]),
        "seed": st.integers(0, 10_000),
        "strategy": st.sampled_from(["markup", "withhold", "price"]),
        "choices": st.just((0.0, 20.0, 40.0, 100.0)),
        "demand_noise": st.sampled_from([0.0, 0.1, 0.3]),
        "elastic_steps": st.sampled_from([0, 4]),
        "elastic_share": st.sampled_from([0.0, 0.3]),
        "storage_bus": st.sampled_from(["", "2", "4"]),
        "wind_mw": st.sampled_from([0.0, 80.0]),
        "wind_bus": st.sampled_from(["", "3"]),
        "regulator": st.booleans(),
    }
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "outages": st.sets(st.integers(0, 5), max_size=3),  # by number
        "line_limit_scale": st.sampled_from([0.1, 0.5, 3.0]),
        "demand_scale": st.sampled_from([0.0, 0.5, 1.4, 3.0]),
        "forced_outage_rate": st.sampled_from([0.1, 0.5]),
        "solar_mw": st.sampled_from([100.0, 5000.0]),
        "price_cap_per_mwh": st.sampled_from([15.0, 45.0, 5000.0]),
        "lost_load_per_mwh": st.sampled_from([30.0, 500.0]),
        "fuel_cost_scale": st.sampled_from([0.0, 2.0]),
        "storage_mwh": st.sampled_from([0.0, 60.0]),
    },
)


def coming_load(world):
    """Load (n,) of the coming hour, MW: the profile with its noise, less what the sun gives."""
    p, block, hour = world.parameters, world.regime, world.tick % 24
    load, weather = world.state.derived.load[block, hour], world.state.weather
    factor = 1.0 + p["demand_noise"] * np.clip(weather[0], -3, 3)
    if load.sum() > 0:
        clouds = np.clip(p["weather_noise"] * weather[1], 0.0, 1.0)
        factor -= p["solar_mw"] * SUN[hour] * (1.0 - clouds) / load.sum()
    return max(factor, SMALLEST_LOAD) * load


def live_an_hour(world):
    """One tick; load (n,) and what storage meant to take in at each bus (n,), MW."""
    s, load, before = world.state, coming_load(world), world.state.stored_mwh[0]
    world.step()
    change = s.stored_mwh[0] - before
    fed = -change if change < 0.0 else -change / world.parameters["storage_efficiency"]
    given = s.now.mw[world.offers.wind + 1]  # what it discharged, or meant to take in and did not
    taken = np.zeros(load.size)
    taken[s.bus[world.offers.wind + 1]] = given - fed
    assert given - fed >= -1e-6
    assert -1e-9 <= s.stored_mwh[0] <= max(before, world.parameters["storage_mwh"]) + 1e-6
    return load, taken


def check_hour(world, load, taken):
    """What is fed in flows over lines that hold and is used, or paid for twice by nobody."""
    s, c, block = world.state, world.state.now, world.turn.block[0]
    small = 1e-6 * max(load.sum(), 1.0)
    fed = np.bincount(s.bus, c.mw, load.size) - load - taken
    assert c.status[0] == SOLVED
    assert np.abs(np.bincount(s.derived.bus_island[block], fed)).max() <= small
    assert np.abs(c.flow - s.derived.shift_flow[block] - s.derived.by_line[block] @ fed).max() <= small
    assert (np.abs(c.flow) <= s.derived.limit[block] + small).all()
    assert not c.flow[~s.derived.in_service[block]].any()
    assert c.mw.min() >= -small and (c.mw <= c.offered + small).all()
    unserved = np.bincount(s.bus[world.offers.wind + 2 :], c.mw[world.offers.wind + 2 :], load.size)
    assert (unserved <= load + taken + small).all()
    earned, rent = s.price[s.bus] @ c.mw, -c.shadow_price @ (c.flow - s.derived.shift_flow[block])
    turnover = np.abs(s.price) @ (load + taken) + 1.0
    assert s.price @ (load + taken) - earned - rent == pytest.approx(0.0, abs=1e-8 * turnover)
    assert rent >= -1e-8 * turnover


@given(markets, changes)
@settings(max_examples=25)
def test_power_is_balanced_lines_hold_and_payment_is_revenue_and_rent_in_every_hour(market, changed):
    scenario, learner = market["scenario"], market["learner"]
    rest = {name: value for name, value in market.items() if name not in ("scenario", "learner")}
    world = models.make(scenario, learner=learner, **rest)
    for _ in range(24):
        check_hour(world, *live_an_hour(world))
    if "outages" in changed:
        changed = {**changed, "outages": tuple(world.case.line_names[l] for l in changed["outages"])}
    world.change(**changed)
    for _ in range(24):
        check_hour(world, *live_an_hour(world))
    row = world.record.frame().iloc[-1]
    assert row["settlement_gap"] < 1e-9 and np.isfinite(row).all()


@pytest.mark.parametrize("name", NAMES)
def test_no_hour_of_a_shipped_scenario_misses_a_dollar(name):
    world = models.make(name, seed=5)
    assert world.run(75_000)["settlement_gap"].max() < 1e-9  # longer than any cycle of regimes


# Rules of the market ---------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["uniform", "pay_as_bid"]), st.integers(0, 10_000), st.sampled_from(["ames5", "ieee14", "ieee30"])
)
@settings(max_examples=15)
def test_one_price_pays_every_accepted_offer_what_it_asked_and_pay_as_bid_pays_just_that(pricing, seed, name):
    world = models.make(f"grid/{name}", learner="random", seed=seed, pricing=pricing, wind_mw=0.0, storage_bus="")
    s = world.state
    own, owner = slice(0, world.offers.wind), s.owner[: world.offers.wind]
    for _ in range(24):
        world.step()
        mw = s.now.mw[own]
        cost = s.derived.cost[0, own] + s.derived.rise[0, own] * mw / 2
        last = s.now.price[own] + s.now.rise[own] * mw
        paid = last[mw > 1e-6].max() if pricing == "uniform" else (s.now.price[own] + last) / 2
        assert s.profit == pytest.approx(np.bincount(owner, (paid - cost) * mw, s.profit.size), rel=1e-9, abs=1e-6)


@given(st.floats(12, 200), st.integers(0, 1000))
@settings(max_examples=15)
def test_no_offer_is_above_the_cap_and_no_unit_has_to_sell_below_its_cost(cap, seed):
    world = models.make("grid/ames5", learner="random", seed=seed, price_cap_per_mwh=cap, lost_load_per_mwh=300.0)
    s, own = world.state, slice(0, world.offers.wind)
    for _ in range(24):
        world.step()
        last = s.now.price[own] + s.now.rise[own] * s.now.offered[own]
        assert (last[s.now.mw[own] > 0] <= cap * (1 + 1e-12)).all() and s.profit.min() >= -1e-6
        assert not s.now.mw[own][s.derived.cost[0, own] > cap].any()
        dearest = s.derived.cost[0, own] + s.derived.rise[0, own] * s.now.mw[own]
        assert (dearest[s.now.mw[own] > 0] <= cap * (1 + 1e-12)).all()


def test_a_regulators_cap_binds():
    caps = set()
    world = models.make("grid/pivotal_cap", learner="random", seed=3, regulator=True, lowest_cap_per_mwh=40.0)
    for _ in range(400):
        world.run(24)
        caps.add(float(world.state.cap_per_mwh[0]))
        assert world.state.price[0] <= world.state.cap_per_mwh[0]
    assert sorted(caps) == pytest.approx([40.0 + 60.0 * k / 18 for k in range(19)])


def test_load_that_is_not_served_and_load_that_is_are_all_the_load():
    world = models.make("grid/ames5", learner="random", demand_scale=1.5, demand_noise=0.0, record_every_ticks=1)
    s, frame = world.state, world.run(24)
    unserved = frame["shed_mw"].to_numpy()
    most = world.case.max_mw.sum()
    assert (unserved >= s.derived.total_load[0] - most - 1e-6).all() and unserved.max() > 0
    assert unserved[23] == pytest.approx(s.derived.total_load[0, 23] - s.now.mw[: world.offers.wind].sum())


def test_two_halves_of_a_market_that_an_outage_parts_are_two_markets(tmp_path):
    units = [("A", 500, 20, 0.01), ("A", 90, 12), ("B", 150, 50), ("B", 500, 90)]
    load = {"A": 100.0, "B": 200.0}
    (tmp_path / "both").mkdir()
    both = grids.world(grids.write(tmp_path / "both", load, units, [("A", "B", 120)]), outages=("A-B",), seed=1)
    both.run(24)
    assert both.state.now.flow.tolist() == [0.0] and both.state.derived.islands[0] == 2
    for number, bus in enumerate(load):
        (tmp_path / bus).mkdir()
        own = [unit for unit in units if unit[0] == bus]
        alone = grids.world(grids.write(tmp_path / bus, {bus: load[bus]}, own), seed=1)
        alone.run(24)
        assert alone.state.price[0] == both.state.price[number]
        assert alone.state.now.mw[:2].tolist() == both.state.now.mw[2 * number : 2 * number + 2].tolist()
    both.change(outages=())
    both.step()
    assert both.state.now.flow.tolist() == [120.0]


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
def test_units_are_broken_for_the_share_of_hours_that_the_parameter_says(rate):
    world = models.make("grid/ieee14", learner="truthful", forced_outage_rate=rate, seed=2)
    broken = np.zeros(1_500)
    for sample in range(broken.size):
        world.run(72)  # hours in which almost all that is broken is repaired
        broken[sample] = 1 - world.state.working.mean()
    assert broken[10:].mean() == pytest.approx(rate, abs=5 * (rate * (1 - rate) / 5 / broken.size) ** 0.5)


def test_of_what_storage_takes_it_gives_back_the_share_that_its_efficiency_says():
    unit = {"storage_bus": "2", "storage_mw": 20.0, "storage_mwh": 100.0, "storage_efficiency": 0.5}
    world = models.make("grid/ames5", learner="random", seed=1, **unit)
    last = world.state.choice.size - 1
    for choice, stored_mwh in ((0, 60.0), (0, 70.0), (last // 2, 70.0), (last, 50.0)):  # it begins half full
        world.observe()
        actions = np.zeros(world.turn.actions.size, np.int64)
        actions[world.state.storage[0]] = choice
        world.advance(actions)
        assert world.state.stored_mwh[0] == pytest.approx(stored_mwh)


def test_weather_keeps_its_spread_and_nine_tenths_of_itself_from_hour_to_hour():
    world = models.make("grid/ames5", learner="truthful", seed=1)
    hours = np.array([world.step() or world.state.weather[1:].copy() for _ in range(6_000)])
    assert hours.std(axis=0) == pytest.approx([1.0, 1.0], abs=0.12)  # some 300 independent hours: four standard errors
    assert [np.corrcoef(w[1:], w[:-1])[0, 1] for w in hours.T] == pytest.approx([0.9, 0.9], abs=0.03)


def test_sampled_regret_is_that_of_the_tabulated_game():
    world = models.make("grid/ames5", learner="random", seed=2, demand_noise=0.0, record_every_ticks=24)
    world.run(1)  # the first hour of the first window is sampled
    expected = theory.regret(world.state, 0, np.array([0]), world.state.choices[:1])[0]
    assert world.state.regret == pytest.approx(expected) and expected.max() > 0.0


# Learners --------------------------------------------------------------------------------------------------------


def last_days(cooperation, whom, seed):
    """Means of the last hundred days of five learners."""
    world = models.make("grid/ames5", seed=seed, cooperation=cooperation, cooperate_with=whom)
    return world.run(120_000).iloc[-100:].mean()


def test_a_cartel_raises_profit_and_a_planner_lowers_cost():
    compete, cartel, planner = (
        [last_days(kappa, whom, seed) for seed in range(5)]
        for kappa, whom in ((0.0, "all"), (1.0, "all"), (1.0, "planner"))
    )
    gain = [c["profit_per_h"] - n["profit_per_h"] for c, n in zip(cartel, compete, strict=True)]
    saved = [n["system_cost_per_h"] - p["system_cost_per_h"] for p, n in zip(planner, compete, strict=True)]
    assert min(gain) > 0 and min(saved) > 0


def test_five_q_learners_come_to_the_profit_of_the_best_reply_equilibrium():
    days, regret = [], []
    for seed in range(20):
        world = models.make("grid/ames5", seed=seed)
        days.append(24 * world.run(240_000)["profit_per_h"].iloc[-100:].median())
        world.freeze()
        world.run(24)
        regret.append(theory.regret(world.state, 0, np.arange(24), world.state.choices).mean(axis=0))
    expected = 24 * world.theory_lines("profit_per_h")["best response"][0]
    assert np.median(days) == pytest.approx(expected, rel=0.02)
    assert np.mean(regret, axis=0).sum() < 0.02 * expected / 24  # all companies'; beside their joint profit
