"""Laws of a market with few sellers: who sells what, equilibria nobody wants to leave, and what firms see."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
import scenarios
from models.oligopoly import theory
from models.oligopoly.demand import Market
from scenarios.oligopoly.parameters import Parameters
from studies import collusion

DEMANDS = ("logit", "homogeneous", "cournot")


def market(**parameters):
    """The market of some parameters."""
    return Market.of(Parameters(**parameters))


def duopoly(**parameters):
    """Firms that choose at random."""
    return models.make("oligopoly/duopoly", learner="random", **{"seed": 0, "record_every_ticks": 1, **parameters})


differences = st.lists(st.floats(-0.4, 0.4), min_size=3, max_size=3).map(tuple)
logit_markets = st.builds(
    market,
    firms=st.just(3),
    levels=st.just(2),
    marginal_cost=st.floats(0.5, 2.0),
    cost_differences=differences,
    quality=st.floats(-1.0, 5.0),
    quality_differences=differences,
    outside_quality=st.floats(-2.0, 2.0),
    differentiation=st.floats(0.05, 2.0),
    absent_firms=st.sampled_from([(), (2,), (1, 3)]),
)
cournot_markets = st.builds(
    market,
    firms=st.just(3),
    levels=st.just(2),
    demand=st.just("cournot"),
    marginal_cost=st.floats(0.4, 0.6),
    cost_differences=differences,
    choke_price=st.floats(1.5, 5.0),
    absent_firms=st.sampled_from([(), (3,)]),
)


def test_the_baseline_duopoly_has_the_published_prices_and_profits():
    """Calvano et al. 2020: Nash 1.47293 and .22293, monopoly 1.92498 and .33749."""
    baseline = market()
    nash, optimum = theory.nash(baseline), theory.joint_optimum(baseline)
    assert [f"{price:.5f}" for price in (*nash, *optimum)] == ["1.47293"] * 2 + ["1.92498"] * 2
    profits = [*baseline.profits(nash), *baseline.profits(optimum)]
    assert [f"{profit:.5f}" for profit in profits] == ["0.22293"] * 2 + ["0.33749"] * 2


@given(st.one_of(logit_markets, cournot_markets), st.floats(-0.2, 0.2))
def test_nobody_gains_by_leaving_the_static_equilibrium_alone(firms, step):
    nash = theory.nash(firms)
    for i in np.flatnonzero(firms.present):
        other = nash.copy()
        other[i] = max(0.0, other[i] + step)
        assert firms.profits(other)[i] <= firms.profits(nash)[i] + 1e-12


@given(st.one_of(logit_markets, cournot_markets), st.lists(st.floats(-0.3, 0.3), min_size=3, max_size=3))
def test_no_choices_earn_more_together_than_the_joint_optimum(firms, steps):
    optimum = theory.joint_optimum(firms)
    others = np.maximum(optimum + steps, 0.0)
    assert firms.profits(others).sum() <= firms.profits(optimum).sum() + 1e-12
    assert firms.profits(theory.nash(firms)).sum() <= firms.profits(optimum).sum() + 1e-12


@given(logit_markets, st.lists(st.floats(0.0, 4.0), min_size=3, max_size=3))
def test_logit_shares_and_those_who_buy_nothing_add_to_one(firms, prices):
    _, sold, surplus = firms.outcome(np.array(prices))
    nothing = np.exp(-surplus / firms.taste)  # the log-sum is the surplus over buying nothing
    assert sold.sum() + nothing == pytest.approx(1.0) and (sold[~firms.present] == 0).all()


def test_a_linear_cournot_duopoly_and_its_cartel_are_those_of_the_textbook():
    """Choke price 1, no costs: each sells a third, together two thirds; the cartel sells a half at one half."""
    firms = market(demand="cournot", marginal_cost=0.0)
    assert theory.nash(firms) == pytest.approx([1 / 3] * 2) and firms.profits(theory.nash(firms)) == pytest.approx(
        [1 / 9] * 2
    )
    optimum = theory.joint_optimum(firms)
    assert optimum == pytest.approx([1 / 4] * 2) and firms.mean_price(optimum) == pytest.approx(0.5)
    assert firms.profits(optimum) == pytest.approx([1 / 8] * 2) and firms.outcome(optimum)[2] == pytest.approx(1 / 8)


def test_a_cournot_firm_with_high_costs_stays_out():
    """Rival alone at cost 0 sells a half at one half, so a firm with cost .6 sells nothing."""
    firms = market(demand="cournot", marginal_cost=0.0, cost_differences=(0.0, 0.6))
    assert theory.nash(firms) == pytest.approx([0.5, 0.0])


def test_all_buy_from_the_cheapest_who_share():
    """Klein 2021: at prices .3 and .5 the first sells .7; at .4 both sell .3."""
    firms = market(demand="homogeneous", marginal_cost=0.0)
    assert firms.profits(np.array([0.3, 0.5])) == pytest.approx([0.21, 0.0])
    assert firms.profits(np.array([0.4, 0.4])) == pytest.approx([0.12, 0.12])
    assert theory.nash(firms).tolist() == [0.0, 0.0] and theory.joint_optimum(firms).tolist() == [0.5, 0.5]
    assert firms.mean_price(np.array([0.3, 0.5])) == pytest.approx(0.3)


def test_a_firm_with_lower_cost_wins_at_its_rivals_cost():
    firms = market(demand="homogeneous", marginal_cost=0.1, cost_differences=(0.0, 0.2))
    nash = theory.nash(firms)
    assert nash == pytest.approx([0.3, 0.3]) and firms.profits(nash) == pytest.approx([0.2 * 0.7, 0.0])


@pytest.mark.parametrize("demand", DEMANDS)
def test_profit_gain_is_zero_at_nash_and_one_at_the_joint_optimum(demand):
    firms = market(demand=demand, marginal_cost=0.2)
    at = np.stack([firms.profits(theory.nash(firms)), firms.profits(theory.joint_optimum(firms))])
    assert theory.profit_gain(at, firms) == pytest.approx([0.0, 1.0])


def test_the_grid_reaches_a_tenth_beyond_both_equilibria():
    """With m = 15 and xi = .1: 1.42772 to 1.97018 in steps of 1.2 (1.92498 - 1.47293) / 14."""
    levels = duopoly().levels
    assert levels.shape == (2, 15) and levels[0, [0, -1]] == pytest.approx([1.427721, 1.970186], abs=1e-6)
    assert np.diff(levels[0]) == pytest.approx([1.2 * 0.45205 / 14] * 14, abs=1e-6)


@pytest.mark.parametrize("demand", DEMANDS)
def test_firms_earn_what_their_market_says_and_the_record_counts_it(demand):
    world = duopoly(demand=demand, firms=3, levels=5, marginal_cost=0.3, record_agents=True)
    firms = Market.of(world.scenario.world)
    for _ in range(20):
        world.step()
        chosen = world.levels[range(3), world.turn.actions]
        assert world.turn.rewards == pytest.approx(firms.profits(chosen), abs=1e-15)
        row = world.record.frame().iloc[-1]
        assert row["profit_gain"] == pytest.approx(theory.profit_gain(firms.profits(chosen), firms))
        assert row["mean_price"] == pytest.approx(firms.mean_price(chosen))
        best = [
            max(firms.profits(np.where(np.arange(3) == i, level, chosen))[i] for level in world.levels[i])
            for i in range(3)
        ]
        assert row["best_response_gap"] == pytest.approx(np.mean(best - world.turn.rewards), abs=1e-12)


@pytest.mark.parametrize(("memory", "states"), [(0, 1), (1, 25), (2, 625)])
def test_firms_see_as_many_past_periods_as_they_remember(memory, states):
    world = duopoly(memory=memory, levels=5)
    assert world.decision_space.states == states
    played = []
    for _ in range(8):
        world.step()
        played.append(5 * world.turn.actions[0] + world.turn.actions[1])
    _, seen, _ = world.observe()
    assert seen.tolist() == [sum(25**past * played[-1 - past] for past in range(memory))] * 2


def test_firms_that_move_in_turn_see_their_rivals_standing_choice():
    world = duopoly(moves="sequential", levels=5)
    assert world.decision_space.states == 5
    held = world.turn.actions.copy()
    for period in range(9):
        mover = period % 2
        deciding, states, _ = world.observe()
        assert np.flatnonzero(deciding).tolist() == [mover] and states[mover] == held[1 - mover]
        world.advance([-1, -1])
        assert world.turn.actions[1 - mover] == held[1 - mover]
        held = world.turn.actions.copy()


def test_a_forced_firm_takes_its_best_reply_and_is_free_again():
    world = models.make("oligopoly/duopoly", learner="cartel", seed=0)
    world.run(5)
    world.change(forced="best reply")
    world.step()
    firms, high = Market.of(world.scenario.world), world.levels[1, world.turn.actions[1]]
    earned = [firms.profits(np.array([price, high]))[0] for price in world.levels[0]]
    assert world.turn.actions[0] == np.argmax(earned) < world.turn.actions[1]
    world.change(forced=None)
    world.step()
    assert world.turn.actions[0] == world.turn.actions[1]


def test_an_absent_firm_sells_nothing_and_the_others_face_fewer_rivals():
    world = models.make("oligopoly/three_firms", learner="competitive", seed=0)
    world.run(3)
    world.change(absent_firms=(3,))
    world.run(1)
    assert world.turn.rewards[2] == 0.0 and not world.turn.deciding[2]
    pair = models.make("oligopoly/duopoly", seed=0)
    assert world.theory_lines("mean_price")["Nash"] == pytest.approx(pair.theory_lines("mean_price")["Nash"])


def test_best_replies_settle_next_to_the_static_equilibrium():
    """The grid's own equilibria lie within a step of the exact price (prices are strategic complements)."""
    world = models.make("oligopoly/duopoly", learner="best_reply", seed=0)
    world.run(50)
    step = world.levels[0, 1] - world.levels[0, 0]
    assert abs(world.levels[[0, 1], world.turn.actions] - 1.47293).max() <= step
    world.run(300)
    assert world.record.frame()["best_response_gap"].iloc[-1] == pytest.approx(0.0, abs=1e-12)


def test_tables_start_at_the_worth_of_random_rivals():
    """Calvano et al. 2020, eq. (8): mean profit over the rival's prices, discounted for ever."""
    world = models.make("oligopoly/duopoly", seed=0)
    firms, levels = Market.of(world.scenario.world), world.levels
    expected = [np.mean([firms.profits(np.array([own, other]))[0] for other in levels[1]]) / 0.05 for own in levels[0]]
    assert world.values(0).shape == (225, 15)
    assert np.allclose(world.values(0), expected) and np.allclose(world.values(1), expected)


def test_a_world_that_knows_no_random_play_says_so():
    with pytest.raises(scenarios.ScenarioError, match="does not know what random play earns"):
        models.make("games/climbing", learner={"kind": "q", "start": "random_play"}, seed=0)


def test_a_discount_of_one_has_no_worth_for_ever():
    with pytest.raises(scenarios.ScenarioError, match="needs gamma < 1"):
        models.make("oligopoly/duopoly", learner={"kind": "q", "start": "random_play", "gamma": 1.0}, seed=0)


@given(st.integers(0, 10_000))
def test_the_best_answer_to_fixed_policies_is_at_least_as_good_as_any_other(seed):
    """Value iteration against every stationary answer to random policies in a market of two levels."""
    world, rng = duopoly(levels=2), np.random.default_rng(seed)
    profit, policies = world.state.derived.profit[0], rng.integers(2, size=(2, 4))
    best = theory.best_response_values(profit, policies, 0, 0.9)
    found = np.full(4, -np.inf)
    for answer in product(range(2), repeat=4):
        following = 2 * np.array(answer) + policies[1]
        step = np.eye(4)[following]
        found = np.maximum(found, np.linalg.solve(np.eye(4) - 0.9 * step, profit[following, 0]))
    assert best == pytest.approx(found, abs=1e-9)


def test_policies_that_copy_each_other_repeat_a_cycle():
    """Two levels; each takes what the other had: (0, 1) and (1, 0) for ever, (0, 0) rests."""
    swap = np.array([[0, 1, 0, 1], [0, 0, 1, 1]])
    assert theory.limit_cycle(swap, 1) == [1, 2] and theory.limit_cycle(swap, 0) == [0]


def test_two_rules_at_nash_have_no_regret_and_a_cartel_has():
    world = models.make("oligopoly/duopoly", seed=0, memory=0)
    level = world.state.derived.competitive[0, 0]
    reply = world.state.derived.reply[0].reshape(15, 15, 2)
    while reply[level, level, 0] != level:  # the grid's own equilibrium
        level = reply[level, level, 0]
    for chosen, at_rest in ((level, True), (world.state.derived.joint_optimum[0, 0], False)):
        world.groups[0].mind.q[:, 0, chosen], world.groups[0].mind.greedy[:] = 1e9, chosen
        assert (collusion.regret(world, 0.95) < 1e-9) == at_rest
        world.groups[0].mind.q[:] = 0.0


def test_full_cooperation_learns_the_joint_optimum():
    world = models.make("oligopoly/duopoly", seed=1, cooperation=1.0, cooperate_with="all", memory=0, levels=7)
    world.run(3_000_000, until="converged")
    assert collusion.cycle_gain(world) > 0.97


def test_the_run_stops_exactly_when_policies_have_held_for_a_hundred_thousand_decisions():
    world = models.make("oligopoly/duopoly", seed=2, memory=0, levels=3)
    world.run(10_000_000, until="converged")
    assert world.groups[0].mind.unchanged.min() == 100_000 and world.tick < 10_000_000
    twin = models.make("oligopoly/duopoly", seed=2, memory=0, levels=3)
    twin.run(world.tick - 100_000)
    assert twin.groups[0].mind.unchanged.min() == 0  # the last change of a greedy action
    assert world.run(500, until="converged").empty and world.tick == twin.tick + 100_000


def test_convergence_is_refused_where_nobody_can_tell():
    for kind, message in (("joint_q", 'use until="settled"'), ("random", "nobody in this world keeps a table")):
        world = models.make("oligopoly/duopoly", learner=kind, seed=0)
        with pytest.raises(scenarios.ScenarioError, match=message):
            world.run(10, until="converged")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cost_differences": (0.1,)}, "cost_differences has 1 numbers; give one for each of the 2 firms"),
        ({"level_range": (2.0, 1.0)}, "give the lowest choice, then a higher one"),
        ({"absent_firms": (3,)}, "firms are numbered 1 to 2"),
        ({"absent_firms": (1, 2)}, "at least one firm must stay"),
        ({"firms": 6}, "take at most 6 levels or fewer firms"),
        ({"moves": "sequential", "memory": 2}, "take memory = 1 or 0"),
        ({"memory": 2, "levels": 101}, "take memory = 1, fewer levels or fewer firms"),
        ({"differentiation": 0.0}, "greater than or equal to 0.05"),
    ],
)
def test_a_market_that_cannot_be_is_refused_in_a_sentence(wrong, message):
    with pytest.raises(scenarios.ScenarioError, match=message) as refused:
        models.make("oligopoly/duopoly", seed=0, **wrong)
    assert "\n" not in str(refused.value) and "duopoly.toml" in str(refused.value)
