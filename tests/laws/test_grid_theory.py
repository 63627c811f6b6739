"""Power markets against published figures and what is known in closed form."""

import numpy as np
import pytest

import models
import scenarios
from models.grid import closed_forms, optimum, theory
from tests.laws import grids

AMES_MW = ["110.00", "13.87", "332.53", "0.00", "443.59"]
AMES_PRICE = ["15.17", "35.50", "31.65", "21.05", "16.21"]
AS_PGLIB = {"susceptance": "powermodels", "lost_load_per_mwh": 50_000.0, "wind_mw": 0.0, "demand_noise": 0.0}
PEAK_HOUR = 17  # of the weekday, when load is what the case prints
CAP = 100.0
NAMES = [name for name in scenarios.names() if name.startswith("grid/")]


def truth(state, block=0):
    """Truthful profiles of a day (24, C)."""
    return np.tile(theory.truthful(state, block), (24, 1))


# Published figures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "printed"), [("pjm5", "1.7480e+04"), ("ieee30", "7.4728e+03"), ("ieee118", "9.3101e+04")]
)
def test_the_peak_hour_at_cost_has_the_dc_objective_that_pglib_prints(name, printed):
    world = models.make(f"grid/{name}", learner="truthful", **AS_PGLIB, record_every_ticks=1)
    cost = world.run(PEAK_HOUR + 1)["system_cost_per_h"].iloc[-1]
    assert f"{cost:.4e}" == printed
    assert f"{optimum.truthful_optimum(world, PEAK_HOUR).cost_per_h:.4e}" == printed


def test_pjm_costs_17479_90():
    world = models.make("grid/pjm5", learner="truthful", **AS_PGLIB, record_every_ticks=1)
    assert f"{world.run(PEAK_HOUR + 1)['system_cost_per_h'].iloc[-1]:.2f}" == "17479.90"


def test_hour_0_of_ames_has_its_published_dispatch_and_prices():
    found = optimum.truthful_optimum(models.make("grid/ames5"), hour=0)
    assert [f"{mw:.2f}" for mw in found.mw] == AMES_MW
    assert [f"{price:.2f}" for price in found.price] == AMES_PRICE


def test_fourteen_buses_cost_7642_59_in_the_market_itself():
    world = models.make(
        "grid/ieee14", learner="truthful", line_limit_scale=5.0, demand_noise=0.0, choices=(0.0, 1.0),
        record_every_ticks=1,
    )  # fmt: skip
    assert f"{optimum.truthful_optimum(world, PEAK_HOUR).cost_per_h:.2f}" == "7642.59"
    assert f"{world.run(PEAK_HOUR + 1)['system_cost_per_h'].iloc[-1]:.2f}" == "7642.59"


def test_truthful_companies_clear_hour_0_of_ames_at_the_published_prices():
    world = models.make("grid/ames5", learner="truthful", demand_noise=0.0)
    world.run(1)
    assert [f"{price:.2f}" for price in world.state.price] == AMES_PRICE
    assert [f"{mw:.2f}" for mw in world.unit_mw()] == AMES_MW


def test_the_optimum_of_quadratic_costs_obeys_network_and_marginal_costs_at_every_hour():
    world = models.make("grid/ames5")
    d, case = world.state.derived, world.case
    for hour in range(24):
        mw, price, _ = optimum.truthful_optimum(world, hour)
        flow = d.by_line[0] @ (np.bincount(case.unit_bus, mw, 5) - case.load_mw[hour])
        marginal = case.cost_per_mwh + 2 * case.cost_per_mw2h * mw
        margin = price[case.unit_bus] - marginal
        assert (
            mw.sum() == pytest.approx(case.load_mw[hour].sum(), abs=1e-6) and (np.abs(flow) <= d.limit[0] + 1e-6).all()
        )
        assert (margin[mw < case.max_mw - 1e-3] <= 1e-5).all() and (margin[mw > 1e-3] >= -1e-5).all()


# The tabulated game ----------------------------------------------------------------------------------------------


def test_every_pure_equilibrium_of_two_pivotal_suppliers_is_at_the_cap():
    state = models.make("grid/pivotal_cap").state
    for hour in range(24):
        found = theory.pure_equilibria(state, 0, hour)
        table = theory.clear(state, 0, np.full(len(found), hour), found)
        assert len(found) == 21 and table.price == pytest.approx(np.full(21, CAP), abs=1e-9)


def test_suppliers_that_can_be_done_without_sell_between_the_two_costs():
    """80 MW, costs 10 and 20, steps of 5: where both ask 20 they share, and 15 alone earns the cheaper one as much."""
    world = models.make("grid/pivotal_cap")
    found = theory.pure_equilibria(world.state, 1, 0)
    table = theory.clear(world.state, 1, np.zeros(len(found), int), found)
    assert table.price.tolist() == [15.0, 20.0, 20.0]
    assert table.profit.tolist() == [[400.0, 0.0], [400.0, 0.0], [800.0, 0.0]]


def test_pure_equilibria_are_the_profiles_without_regret():
    state = models.make("grid/pjm5", choices=(0.0, 25.0, 100.0)).state
    profiles = theory.all_profiles(3, 4)
    for hour in 0, 17:
        regret = theory.regret(state, 0, np.full(len(profiles), hour), profiles)
        profit = theory.clear(state, 0, np.full(len(profiles), hour), profiles).profit
        stays = (regret <= 1e-9 * np.maximum(np.abs(profit), 1.0)).all(axis=1)
        assert np.array_equal(profiles[stays], theory.pure_equilibria(state, 0, hour)) and stays.any()


@pytest.mark.parametrize("name", ["ames5", "pjm5", "ieee14"])
def test_replies_that_rest_are_an_equilibrium_and_no_profile_earns_more_than_the_cartel(name):
    state = models.make(f"grid/{name}").state
    reached, rests = theory.best_replies(state, 0, truth(state))
    assert rests.sum() >= 20 and theory.regret(state, 0, np.arange(24), reached)[rests].max() <= 1e-6
    found = theory.summary(state, 0)
    assert np.array_equal(found["best response"].isna(), ~rests)
    found = found[rests]
    assert (found["lowest"] <= found["best response"] * (1 + 1e-9) + 1e-6).all()
    assert (found["best response"] <= found["highest"] * (1 + 1e-9) + 1e-6).all()
    assert (found["highest"] <= found["cartel"] * (1 + 1e-9) + 1e-6).all() and (found["equilibria"] > 0).all()


def test_a_game_too_large_to_tabulate_says_so():
    with pytest.raises(ValueError, match=r"19,073,486,328,125 profiles, at most 4,096.*best_replies"):
        theory.pure_equilibria(models.make("grid/ieee118", choices=tuple(range(5))).state, 0, 0)


@pytest.mark.parametrize(
    ("rule", "pricing"),
    [("truthful", "nodal"), ("truthful", "uniform"), ("truthful", "pay_as_bid"), ("best_response", "nodal"),
     ("best_response", "uniform")],
)  # fmt: skip
def test_rules_that_know_the_market_live_on_the_lines_of_theory(rule, pricing):
    world = models.make("grid/ames5", learner=rule, pricing=pricing, solar_mw=200.0, weather_noise=0.0)
    days = world.run(24 * 60).iloc[-10:]
    for metric in theory.VALUE:
        expected = world.theory_lines(metric)[rule.replace("_", " ")][0]
        assert days[metric].mean() == pytest.approx(expected, rel=1e-9), metric


# Market power ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_companies_that_offer_at_cost_show_no_market_power(name):
    world = models.make(name, learner="truthful", seed=3)
    passes = max(2_400, sum(regime.ticks for regime in world.scenario.regime) + 24)
    assert not world.run(passes)["lerner"].any()  # 0 to the digit, in every window of every regime


@pytest.mark.parametrize(
    ("strategy", "choices", "actions", "expected"),
    [
        ("markup", (0.0, 50.0), (0, 0), 0.0),
        ("markup", (0.0, 40.0), (1, 0), 0.0),  # sells all it has, so that its price binds nobody
        ("markup", (0.0, 50.0), (0, 1), 15 / 45),
        ("price", (20.0, 60.0), (0, 1), 30 / 60),
        ("withhold", (0.0, 50.0), (1, 0), 50 * (10 / 30) / (50 + 100)),  # sells 50 of 100 MW at the other's cost
        ("withhold", (0.0, 50.0), (1, 1), (50 * (80 / 100) + 100 * (70 / 100)) / 150),  # lost load
    ],
)
def test_the_lerner_index_is_the_margin_of_who_sets_the_price(tmp_path, strategy, choices, actions, expected):
    case = grids.write(tmp_path, {"1": 150.0 if actions != (1, 1) else 160.0}, [("1", 100, 20), ("1", 200, 30)])
    world = grids.world(case, strategy=strategy, choices=choices, lost_load_per_mwh=100.0, record_every_ticks=1)
    world.observe()
    world.advance(list(actions))
    assert world.record.frame()["lerner"].iloc[-1] == pytest.approx(expected, rel=1e-12)


# Closed forms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [10, 25, 50, 100])
def test_withheld_capacity_on_one_bus_comes_to_cournot_as_steps_of_demand_become_finer(tmp_path, steps):
    choke, load, costs = 100.0, 1000.0, np.array([20.0, 30.0, 70.0])
    price, mw = closed_forms.cournot(costs, choke, choke / load)
    assert (price, mw.tolist()) == (50.0, [300.0, 200.0, 0.0])  # the third stays out
    case = grids.write(tmp_path, {"1": load}, [("1", 500, 20), ("1", 500, 30), ("1", 500, 70)])
    shares = tuple(float(share) for share in range(101))
    world = grids.world(
        case, strategy="withhold", choices=shares, elastic_share=1.0, elastic_steps=steps, choke_price_per_mwh=choke,
    )  # fmt: skip
    state = world.state
    start = np.tile(np.array([40, 60, 0]), (24, 1))  # what Cournot withholds: 40 %, 60 %
    reached, _ = theory.best_replies(state, 0, start)
    found = theory.clear(state, 0, np.arange(24), reached)
    assert found.price == pytest.approx(np.full(24, price), abs=2.01 * choke / steps)  # a step for each
    assert found.served == pytest.approx(np.full(24, mw.sum()), abs=2.01 * load / steps)


def test_cournot_quantities_are_best_replies_to_each_other():
    costs, intercept, slope = np.array([10.0, 14.0, 15.0, 30.0, 40.0]), 100.0, 0.1
    price, mw = closed_forms.cournot(costs, intercept, slope)
    others = mw.sum() - mw
    assert mw == pytest.approx(np.maximum((intercept - costs - slope * others) / (2 * slope), 0))
    assert price == pytest.approx(intercept - slope * mw.sum()) and mw[-1] == 0
    lerner = (mw / mw.sum() * (price - costs) / price).sum()
    hhi, elasticity = (mw / mw.sum()) @ (mw / mw.sum()), price / (slope * mw.sum())
    assert lerner == pytest.approx(hhi / elasticity)  # Cowling and Waterson 1976


def test_a_full_line_parts_two_buses_into_two_prices(tmp_path):
    cost, load = np.array([20.0, 50.0]), np.array([100.0, 200.0])
    expected = closed_forms.two_buses(cost, load, 120.0)
    assert (expected.mw.tolist(), expected.price.tolist(), expected.rent_per_h) == ([220, 80], [20, 50], 3600)
    for line_mw in 50.0, 120.0, 199.0, 300.0:
        case = grids.write(tmp_path, {"A": 100, "B": 200}, [("A", 500, 20), ("B", 500, 50)], [("A", "B", line_mw)])
        world = grids.world(case)
        row, expected = world.run(24).iloc[0], closed_forms.two_buses(cost, load, line_mw)
        assert world.state.now.mw[:2] == pytest.approx(expected.mw, rel=1e-12)
        assert world.state.price == pytest.approx(expected.price, rel=1e-12)
        assert row["congestion_rent_per_h"] == pytest.approx(expected.rent_per_h, rel=1e-12)


@pytest.mark.parametrize(("share", "stays"), [(0.5, False), (1.2, True)])
def test_a_line_disciplines_two_monopolists_from_the_threshold_of_borenstein_bushnell_and_stoft(tmp_path, share, stays):
    choke, load, steps = 90.0, 900.0, 90
    threshold = closed_forms.disciplining_line_mw(0.0, choke, choke / load)
    assert threshold == pytest.approx(load * (1 - 2 * 2**0.5 / 3))
    units = [("A", load, 0), ("B", load, 0)]
    case = grids.write(tmp_path, {"A": load, "B": load}, units, [("A", "B", share * threshold)])
    withheld = [100 * k / steps for k in range(25, 56)]  # 300 to 650 MW are sold, among them what a monopolist sells
    world = grids.world(
        case, strategy="withhold", choices=withheld, elastic_share=1.0, elastic_steps=steps, choke_price_per_mwh=choke,
    )  # fmt: skip
    duopoly = np.full((1, 2), 30 - 25)  # each sells 600 MW, two thirds of its load
    regret = theory.regret(world.state, 0, np.zeros(1, int), duopoly)[0]
    assert bool((regret <= 600 * choke / steps).all()) is stays  # all that is sold, a step of price dearer


def test_the_record_holds_the_residual_supply_of_the_largest_company():
    world = models.make("grid/pivotal_cap", learner="truthful")
    index = closed_forms.residual_supply(np.array([100.0, 100.0]), 150.0)
    assert (index < 1).all() and world.run(24)["residual_supply"].iloc[0] == pytest.approx(index.min())
    assert closed_forms.residual_supply(np.array([100.0, 100.0]), 80.0).min() == 1.25


def test_units_that_only_talk_to_neighbours_agree_on_the_marginal_cost_of_the_cheapest_dispatch():
    world = models.make("grid/ames5", line_limit_scale=5.0)
    case, load = world.case, world.case.load_mw[5]
    numbers = case.cost_per_mwh, case.cost_per_mw2h, case.max_mw, float(load.sum())
    price, mw = closed_forms.economic_dispatch(*numbers)
    ring = [[(i - 1) % 5, (i + 1) % 5] for i in range(5)]
    agreed, dispatch = closed_forms.consensus_dispatch(*numbers, ring)
    assert agreed == pytest.approx(np.full(5, price), abs=1e-6) and dispatch == pytest.approx(mw, abs=1e-4)
    found = optimum.truthful_optimum(world, 5)
    assert found.price == pytest.approx(np.full(5, price), abs=1e-5) and found.mw == pytest.approx(mw, abs=1e-3)
