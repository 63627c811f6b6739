"""Markets against theory: exact spreads, hand calculations, known efficiencies, and what learning gains."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
import scenarios
from models.market import exchange_report, setup, spreads, theory
from models.market.state import ExchangeSum
from scenarios import ScenarioError
from scenarios.schema import Regime
from studies.papers import gode_sunder, smith
from tests.contracts.digests import digest
from tests.laws.markets import market

Q = {"kind": "q", "alpha": 0.1, "gamma": 0.0, "epsilon": 0.02}
HINDSIGHT = {"kind": "counterfactual", "alpha": 0.02, "gamma": 0.0, "epsilon": 0.02}
H = np.arange(1, 15)


def fixed(world, action):
    """Rows of a run in which every maker holds one action."""
    for _ in range(world.record.window_ticks * 20):
        world.advance(np.full(len(world.agent_names), action))
    return world.record.frame()


# Dealers -------------------------------------------------------------------------------------------------------------


def test_profit_by_hand():
    """Volatility 0: nobody loses to the informed; of whole gains up to 4, three in four reach a half-spread of 2."""
    assert spreads.profit(np.array([2]), 0.0, 0.5, 4) == pytest.approx([0.5 * 0.75 * 2])
    assert spreads.profit(np.array([2]), 0.0, 0.5, 4, fee=1, tax=1) == pytest.approx([0.5 * 0.5 * 1])


@pytest.mark.parametrize("costs", [{}, {"fee": 1, "tax": 2}])
@pytest.mark.parametrize("action", [1, 8])
def test_a_maker_earns_what_the_finite_sums_say(action, costs):
    world = market("dealers", "random", makers=1, informed_share=0.3, record_every_ticks=250, **costs)
    earned = fixed(world, action)["maker_profit"]
    exact = 10 * spreads.profit(H, 8.0, 0.3, 20, **costs)[action]
    assert abs(earned.mean() - exact) < 4 * earned.std() / np.sqrt(len(earned))


@pytest.mark.parametrize("kind", ["dealers", "order_book"])
def test_makers_traders_speculators_and_fees_share_exactly_the_gains_from_trade(kind):
    """Prices cancel out: what all earn in a tick is the private gains of those who traded."""
    world = market(kind, "random", record_every_ticks=100, fee=1, tax=1, informed_share=0.3)
    for _ in range(20):
        before = world.state.book.treasury[0]
        for _ in range(99):
            world.step()
            sums = world.state.sums.copy()
            paid = world.state.book.treasury[0] - before
            earned = sums[ExchangeSum.MAKERS] + sums[ExchangeSum.TRADERS] + sums[ExchangeSum.SPECULATORS] + paid
            assert earned == sums[ExchangeSum.FILLED]
            assert kind == "order_book" or sums[ExchangeSum.FILLED] <= sums[ExchangeSum.WANTED]
        row = world.run(1).iloc[0]
        assert row["fees"] == (world.state.book.treasury[0] - before) / 100


def test_one_maker_learns_nearly_the_exact_monopoly_profit():
    shares = []
    for seed in range(6):
        world = market("dealers", HINDSIGHT if seed % 2 else Q, seed, makers_present=1)
        world.run(60_000)
        best = world.theory_lines("maker_profit")["monopoly"][0]
        shares.append(world.run(40_000)["maker_profit"].mean() / best)
    assert min(shares) >= 0.9


def test_learning_beats_the_frozen_twin_in_every_storm():
    for seed in range(12):
        world = models.make("market/storm", seed=seed)
        world.run(40_000)
        twin = world.fork()
        twin.freeze()
        learned, frozen = (one.run(40_000).mean() for one in (world, twin))
        assert learned["maker_profit"] > 0 > frozen["maker_profit"]
        assert learned["trader_gain"] < frozen["trader_gain"]  # it is traders who pay for the storm


def test_more_dealers_in_sight_mean_narrower_spreads_and_more_trade():
    world = models.make("market/one_more_link", seed=1)
    rows = [world.run(100_000).tail(100).mean() for _ in range(4)]
    assert [row["half_spread"] for row in rows] == sorted((row["half_spread"] for row in rows), reverse=True)
    assert rows[0]["efficiency"] < 0.8 < 0.98 < rows[1]["efficiency"] < rows[3]["efficiency"]


def test_wide_spreads_of_independent_learners_come_with_a_gap_and_those_in_hindsight_with_none():
    gaps = {}
    for learner in (Q, HINDSIGHT):
        world = market("dealers", learner)
        world.run(60_000)
        gaps[learner["kind"]] = world.run(30_000)["best_response_gap"].mean()
    assert gaps["counterfactual"] < 0.06 and gaps["q"] > 0.5


def test_nobody_gains_by_deviating_from_nash():
    for makers in (1, 2, 5):
        for share in (0.2, 0.5):
            earned = spreads.profit(H, 8.0, share, 20)
            for h in spreads.nash(H, earned, makers):
                pure = np.eye(len(H))[[h - 1] * min(makers, 3)]
                if makers <= 3:
                    assert spreads.best_response_gap(earned, pure).max() < 1e-12


@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=4), st.data())
def test_the_recorded_gap_is_the_one_by_enumeration(counts, data):
    earned = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=4, max_size=4)), float)
    counts = [row if sum(row) else [1, 0, 0, 0] for row in counts]
    world = market("dealers", makers=len(counts), half_spreads=(1, 2, 3, 4))
    world.state.chosen[:] = counts
    strategies = np.array(counts) / np.sum(counts, axis=1, keepdims=True)
    expected = spreads.best_response_gap(earned, strategies).mean()
    assert exchange_report.best_response_gap_of(world.state, earned) == pytest.approx(expected)


def test_inventory_of_one_maker_against_the_optimum_by_dynamic_programming():
    """The optimal policy, played in the world, earns what the programme says; learning comes near."""
    changes = {"makers": 1, "half_spreads": (4, 8, 11, 14), "skews": (-4, 0, 4), "inventory_limit": 6}
    changes |= {"inventory_cost": 0.3}
    world = market("dealers", "random", **changes, arrivals=6)
    half_spread, skew = setup.choices(world.parameters_at_reset)
    gain, policy = spreads.optimal_inventory(
        half_spread, skew, limit=6, cost=0.3, arrivals=6, volatility=8.0, informed_share=0.2, need=20
    )
    assert (skew[policy[:4]] >= 0).all() and (skew[policy[-4:]] <= 0).all()  # long makers lower their quotes
    rewards = []
    for _ in range(10_000):
        _, states, _ = world.observe()
        rewards.append(world.advance(np.where(world.state.is_maker, policy[states], -1))[0])
    assert abs(np.mean(rewards) - gain) < 4 * np.std(rewards) / np.sqrt(len(rewards))
    curious = {**Q, "gamma": 0.9, "alpha": 0.02, "epsilon": 0.3}
    learned = market("dealers", curious, **changes, arrivals=6, record_agents=True)
    learned.run(600_000)
    learned.freeze()
    learned.run(60_000)
    assert learned.record.agents()["M1"].tail(200).mean() > 0.9 * gain


# Double auction ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, {"graph": "watts_strogatz", "degree": 4, "rewire": 0.0}])
def test_efficiency_of_a_day_is_by_hand_and_no_more_than_the_network_allows(changes):
    world = market("double_auction", "zero_intelligence", nodes=20, passes=8, record_every_ticks=8, **changes)
    buys = np.arange(20) % 2 == 0
    for _ in range(50):
        values = world.state.value.copy()
        surplus = theory.competitive_equilibrium(values[buys], values[~buys])[0]
        links = np.array(world.graph.edges)
        paid = np.zeros(20)
        for _ in range(8):
            row = world.run(1)
            paid += world.turn.rewards
        assert row["efficiency"].iloc[0] == pytest.approx(paid.sum() / surplus)
        assert paid.sum() <= theory.maximum_surplus(values, buys, links) + 1e-9 <= surplus + 2e-9


@given(st.lists(st.integers(0, 12), min_size=1, max_size=7), st.lists(st.integers(0, 12), min_size=1, max_size=7))
def test_demand_meets_supply_in_the_equilibrium_interval(values, costs):
    surplus, quantity, low, high = theory.competitive_equilibrium(np.array(values), np.array(costs))
    assert low <= high
    if quantity:
        for price in (low, high):
            assert sum(v > price for v in values) <= quantity <= sum(v >= price for v in values)
            assert sum(c < price for c in costs) <= quantity <= sum(c <= price for c in costs)
    everyone = np.array([(i, len(values) + j) for i in range(len(values)) for j in range(len(costs))])
    buys = np.arange(len(values) + len(costs)) < len(values)
    assert surplus == theory.maximum_surplus(np.array(values + costs), buys, everyone)


@given(st.integers(2, 12), st.integers(0, 999))
def test_the_largest_surplus_on_a_graph_is_a_matching_of_largest_weight(agents, seed):
    rng = np.random.default_rng(seed)
    values, buys = rng.integers(0, 50, agents), np.arange(agents) % 2 == 0
    graph = nx.gnp_random_graph(agents, 0.5, seed=seed)
    weighed = nx.Graph()
    for i, j in graph.edges:
        if buys[i] != buys[j]:
            weighed.add_edge(i, j, weight=int(values[i] - values[j] if buys[i] else values[j] - values[i]))
    matched = nx.max_weight_matching(weighed)
    best = sum(max(0, weighed[i][j]["weight"]) for i, j in matched)
    assert theory.maximum_surplus(values, buys, np.array(graph.edges).reshape(-1, 2)) == best


def test_zero_intelligence_finds_nearly_all_gains_and_none_without_its_constraint():
    """Gode and Sunder 1993: 94 to 99 %; once all have traded, values less costs, exactly, whoever met whom."""
    wise = gode_sunder.efficiencies(True, seeds=4).mean()
    assert 0.94 <= wise <= 0.99
    blind = {"kind": "zero_intelligence", "constrained": False}
    world = market("double_auction", blind, nodes=20, passes=400, record_every_ticks=400)
    for _ in range(20):
        values = world.state.value.copy()
        found = world.run(400)["efficiency"].iloc[0]
        assert found == pytest.approx(theory.exhaustion_efficiency(values[::2], values[1::2]), abs=1e-12)


def test_zip_traders_come_close_to_equilibrium_and_zero_intelligence_does_not():
    """Smith 1962: alpha falls from day to day."""
    alpha, price = smith.alphas("zip", seeds=8)
    control, _ = smith.alphas("zero_intelligence", seeds=8)
    assert alpha[:, -4:].mean() < 0.6 * alpha[:, 0].mean() < 0.6 * control.mean()
    assert abs(price[:, -4:].mean() - 100.0) < 5.0


def test_smiths_alpha_is_the_recorded_one():
    world = market("double_auction", "truthful", values="ladder", nodes=20, passes=3, record_every_ticks=3)
    prices = []
    for _ in range(3):
        before = world.state.book.cash.copy()
        row = world.run(1)
        gained = world.state.book.cash - before
        prices += gained[gained > 0].tolist()
    assert row["smiths_alpha"].iloc[0] == pytest.approx(theory.smiths_alpha(np.array(prices), 100.0))


def test_a_learning_pair_realises_what_theory_says():
    """Chatterjee and Samuelson 1983: 27/32 in the linear equilibrium."""
    found = []
    for seed in range(4):
        world = models.make("market/one_pair", seed=seed)
        found.append(world.run(2_000_000)["efficiency"].tail(100).mean())
    assert abs(np.mean(found) - theory.PAIR_EFFICIENCY) <= 0.02


def test_splitting_a_market_loses_gains_that_joining_brings_back():
    world = models.make("market/split_market", seed=1)
    whole, split, again = (world.run(ticks).tail(50)["efficiency"].mean() for ticks in (480_000, 240_000, 240_000))
    assert whole > 0.96 and split < 0.82 and again > 0.96
    theory_line = world.theory_lines("efficiency")["best on this network"]
    assert theory_line[0] == 1.0 and split < theory_line[1] < 0.9


# Order book ----------------------------------------------------------------------------------------------------------


def test_fat_tails_come_with_a_change_of_volatility_and_not_within_calm():
    """Moves of the mid between makers' quotes; a mixture of two normals has a kurtosis above 3 (Clark 1973)."""

    def kurtosis(x):
        return float(((x - x.mean()) ** 4).mean() / x.var() ** 2)

    def moves(world):
        mids = []
        for _ in range(30):
            world.run(200)
            path = np.roll(world.state.path, -(world.tick % 240), axis=1)[:, -200:]
            mids.append(np.diff((path[2] + path[3]) / 2))
        return np.concatenate(mids)

    world = market("order_book", "truthful", volatility=4.0)
    calm = moves(world)
    world.change(volatility=16.0)
    both = np.concatenate([calm, moves(world)])
    assert abs(kurtosis(calm) - 3.0) < 0.3 and kurtosis(both) > 4.5


def test_while_the_circuit_breaker_halts_trading_nothing_moves_but_the_value():
    wild = {"volatility": 16.0, "record_every_ticks": 500}
    plain, braked = (market("order_book", "truthful", breaker=width, **wild) for width in (0, 9))
    plain.run(1_000)
    for _ in range(1_000):
        halted, held = braked.tick < braked.state.halted_until[0], braked.state.book.shares.copy()
        braked.step()
        if halted:
            assert np.array_equal(held, braked.state.book.shares) and not braked.turn.rewards[braked.state.trader].any()
            assert braked.state.book.last_price[0] == braked.state.value[0]
    frame = braked.record.frame()
    assert frame["halted"].min() > 0.05 and plain.record.frame()["halted"].max() == 0.0
    assert frame["volume"].mean() < plain.record.frame()["volume"].mean()


@pytest.mark.parametrize("kind", ["dealers", "order_book"])
@pytest.mark.parametrize("learner", ["q", "counterfactual", "zip", "zero_intelligence", "truthful"])
def test_the_larger_markets_keep_the_contract_of_a_world_too(kind, learner, tmp_path):
    storm = Regime(name="storm", ticks=100, change={"volatility": 20.0, "makers_present": 1, "parts": 2, "breaker": 30})
    regime = [Regime(name="calm", ticks=150), storm]
    whole, cut = (market(kind, learner, regime=regime, record_every_ticks=50) for _ in range(2))
    whole.run(300)
    for ticks in (1, 149, 0, 60):
        cut.run(ticks)
    for _ in range(90):
        cut.step()
    twin = whole.fork()
    whole.save(tmp_path / "market.npz")
    opened = models.World.open(tmp_path / "market.npz")
    assert digest(whole) == digest(cut) == digest(twin) == digest(opened)
    for world in (whole, twin, opened):
        world.run(50)
    assert digest(whole) == digest(twin) == digest(opened)


# Bad input -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("order_book", {"cash": -5}, "cash = -5: .*greater than or equal to 0"),
        ("order_book", {"tick_size": 0}, "tick_size = 0: .*greater than or equal to 1"),
        ("order_book", {"price_levels": 60}, "fall off the ladder.*at least"),
        ("order_book", {"graph": "complete", "price_levels": 100_000}, "at most 65536; give fewer, or another graph"),
        ("order_book", {"makers": 40, "nodes": 30, "degree": 4}, "makers = 40 of 30 nodes; give fewer"),
        ("dealers", {"half_spreads": (3, 2)}, "half_spreads = .*in order"),
        ("dealers", {"half_spreads": (0, 2)}, "allowed are 1 to 1000"),
        ("double_auction", {"shades": (0.0, 1.5)}, "share from 0 to 1"),
        (
            "double_auction",
            {"graph": "barabasi_albert", "degree": 1, "nodes": 30},
            "has nobody to trade with.*give it a link",
        ),
    ],
)
def test_bad_input_is_told_which_key_and_what_is_allowed(kind, changes, message):
    with pytest.raises(ScenarioError, match=message):
        market(kind, **changes)


def test_a_graph_file_with_an_isolated_trader_is_told_who_it_is(tmp_path):
    graph = nx.path_graph(3)
    graph.add_node(3, name="Robinson")
    nx.write_graphml(graph, tmp_path / "island.graphml")
    with pytest.raises(ScenarioError, match="Robinson has nobody to trade with"):
        market("double_auction", graph=str(tmp_path / "island.graphml"))


def test_every_scenario_of_a_market_has_a_picture_of_few_bytes():
    for name in scenarios.names():
        if name.startswith("market/"):
            world = models.make(name, seed=0)
            world.run(50)
            frame, scene = world.frame(), world.scene()
            assert sum(part.nbytes for part in frame.values()) < 10_000
            assert len(scene["nodes"]) == len(frame["looks"]) and len(frame["open"]) >= len(scene["edges"]) / 8
