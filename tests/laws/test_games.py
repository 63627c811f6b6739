"""Laws of matrix games: what everyone earns, and equilibria that nobody wants to leave."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import models
import scenarios
from models.games import theory
from tests.contracts.digests import digest

payoffs = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(-20, 20), min_size=k, max_size=k), min_size=k, max_size=k)
)
GRAPHS = ("ring", "star", "complete", "grid", "watts_strogatz", "barabasi_albert")


def game(**parameters):
    """Random players."""
    return models.make("games/prisoners_dilemma", **{"learner": "random", "seed": 0, "sees": "nothing", **parameters})


def matrices(name):
    """Payoffs of the row and the column player of a shipped game."""
    from models.games.payoffs import payoffs as payoffs_of

    return payoffs_of(models.make(name, seed=0).scenario.world)


@given(st.sampled_from(GRAPHS), payoffs, st.integers(0, 1000))
def test_everyone_earns_the_mean_payoff_over_its_neighbours(graph, payoff, seed):
    names = tuple("abcd"[: len(payoff)])
    world = game(graph=graph, nodes=9, rows=3, columns=3, degree=2, actions=names, payoff=payoff, seed=seed)
    for _ in range(3):
        world.step()
        actions, matrix = world.turn.actions, np.array(payoff, float)
        for i in range(9):
            expected = np.mean([matrix[actions[i], actions[j]] for j in world.graph[i]])
            assert world.turn.rewards[i] == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 1000))
def test_in_a_symmetric_game_two_players_who_swap_actions_swap_payoffs(seed):
    world = game(payoff=((4.0, -1.0), (7.0, 2.0)), seed=seed)
    world.observe()
    one = world.advance([0, 1])
    world.observe()
    assert world.advance([1, 0]).tolist() == one[::-1].tolist() == [7.0, -1.0]


@given(st.integers(0, 1000))
def test_what_one_wins_the_other_loses_in_matching_pennies(seed):
    world = models.make("games/matching_pennies", seed=seed, payoff_noise=0.0)
    for _ in range(20):
        world.step()
        same = world.turn.actions[0] == world.turn.actions[1]
        assert world.turn.rewards.tolist() == ([1.0, -1.0] if same else [-1.0, 1.0])


@given(payoffs, st.data())
def test_nobody_gains_by_leaving_an_equilibrium_alone(row, data):
    row = np.array(row, float)
    flat = st.lists(st.integers(-20, 20), min_size=row.size, max_size=row.size)
    column = np.array(data.draw(flat), float).reshape(row.shape)
    for x, y in theory.equilibria(row, column):
        assert x.sum() == pytest.approx(1) and y.sum() == pytest.approx(1) and min(x.min(), y.min()) >= -1e-9
        assert (row @ y).max() <= x @ row @ y + 1e-6 and (x @ column).max() <= x @ column @ y + 1e-6


@given(payoffs, st.data())
def test_pure_equilibria_are_the_pairs_nobody_leaves(row, data):
    row = np.array(row, float)
    flat = st.lists(st.integers(-20, 20), min_size=row.size, max_size=row.size)
    column = np.array(data.draw(flat), float).reshape(row.shape)
    found = theory.pure_equilibria(row, column)
    for a, b in np.ndindex(*row.shape):
        stays = all(row[c, b] <= row[a, b] for c in range(len(row)))
        stays = stays and all(column[a, c] <= column[a, b] for c in range(len(row)))
        assert found[a, b] == stays
    pure = [(x, y) for x, y in theory.equilibria(row, column) if x.max() == y.max() == 1.0]
    assert {(int(x.argmax()), int(y.argmax())) for x, y in pure} == set(map(tuple, np.argwhere(found).tolist()))


@given(payoffs, st.data())
def test_a_game_without_ties_has_an_odd_number_of_equilibria(row, data):
    """Wilson 1971, SIAM Journal on Applied Mathematics 21: finite and odd in almost every game."""
    row = np.array(row, float)
    values = st.lists(st.integers(-1000, 1000), min_size=2 * row.size, max_size=2 * row.size, unique=True)
    drawn = np.array(data.draw(values), float)
    row, column = drawn[: row.size].reshape(row.shape), drawn[row.size :].reshape(row.shape)
    found = theory.equilibria(row, column)
    assume(not _nearly_degenerate(row, column, found))
    assert len(found) % 2 == 1


def _nearly_degenerate(row, column, found):
    """Whether some equilibrium leaves an unused action just as good, or uses one hardly at all."""
    for x, y in found:
        for strategy, worth in ((x, row @ y), (y, x @ column)):
            unused = worth[strategy <= 1e-9]
            if (len(unused) and unused.max() > worth.max() - 1e-6) or strategy[strategy > 1e-9].min() < 1e-6:
                return True
    return False


def test_the_prisoners_defect():
    (x, y), *others = theory.equilibria(*matrices("games/prisoners_dilemma"))
    assert not others and x.tolist() == y.tolist() == [0.0, 1.0]


def test_matching_pennies_is_half_and_half():
    (x, y), *others = theory.equilibria(*matrices("games/matching_pennies"))
    assert not others and x == pytest.approx([0.5, 0.5]) and y == pytest.approx([0.5, 0.5])


def test_rock_paper_scissors_is_a_third_each():
    row = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    (x, y), *others = theory.equilibria(row, -row)
    assert not others and x == pytest.approx([1 / 3] * 3) and y == pytest.approx([1 / 3] * 3)


def test_chicken_has_two_pure_equilibria_and_one_mixed():
    """Swerving against p swerving earns 6 p + 2 (1 - p), going on 7 p: indifferent at p = 2/3."""
    row = np.array([[6.0, 2.0], [7.0, 0.0]])
    found = [(x.round(6).tolist(), y.round(6).tolist()) for x, y in theory.equilibria(row, row.T)]
    assert found[:2] == [([1.0, 0.0], [0.0, 1.0]), ([0.0, 1.0], [1.0, 0.0])]
    assert found[2:] == [([0.666667, 0.333333], [0.666667, 0.333333])]


def test_the_climbing_game_has_both_upper_pairs_and_not_the_safe_one():
    """The safe pair is no equilibrium: against "safe" the middle action earns 6, not 5 (Claus and Boutilier 1998)."""
    row, column = matrices("games/climbing")
    assert np.array_equal(row, column)  # a common-interest game: both earn the same
    assert np.argwhere(theory.pure_equilibria(row, column)).tolist() == [[0, 0], [1, 1]]


def test_the_record_counts_actions_and_equilibria():
    world = game(record_every_ticks=4)
    for pair in ([0, 0], [0, 1], [1, 1], [1, 1]):
        world.advance(pair)
    row = world.record.frame().loc[4]
    assert row["same_action"] == 0.75 and row["at_equilibrium"] == 0.5
    assert row["share_cooperate"] == 3 / 8 and row["share_defect"] == 5 / 8
    assert row["reward"] == pytest.approx((3 + 2.5 + 1 + 1) / 4)


def test_noise_on_payoffs_has_its_mean_and_deviation():
    world = game(payoff=((2.0, 2.0), (2.0, 2.0)), payoff_noise=3.0, record_every_ticks=1, record_agents=True)
    world.run(40_000)
    noise = world.record.agents().to_numpy() - 2.0
    assert abs(noise.mean()) < 4 * 3.0 / np.sqrt(noise.size) and noise.std() == pytest.approx(3.0, rel=0.02)


SPREAD = {"payoff": ((2.0, 7.0), (5.0, 1.0)), "payoff_spread": ((0.0, 7.0), (0.5, 0.0))}


@given(st.sampled_from(GRAPHS), st.integers(0, 1000))
def test_a_coin_moves_the_payoffs_of_both_ends_of_a_link_up_or_down(graph, seed):
    both = SPREAD | {"payoff_column": SPREAD["payoff"]}
    world = game(graph=graph, nodes=9, rows=3, columns=3, degree=2, seed=seed, **both)
    mean, spread = np.array(SPREAD["payoff"]), np.array(SPREAD["payoff_spread"])
    for _ in range(3):
        world.step()
        actions, earned = world.turn.actions, [[] for _ in range(9)]
        assert set(world.state.coins) <= {-1.0, 1.0} and world.state.coins.size == world.graph.number_of_edges()
        for (i, j), coin in zip(world.state.pairs, world.state.coins):
            for player in (i, j):  # payoffs are common, so the lower number is the row player of both
                earned[player].append(mean[actions[i], actions[j]] + coin * spread[actions[i], actions[j]])
        assert world.turn.rewards == pytest.approx([np.mean(each) for each in earned], abs=1e-12)


def test_in_a_symmetric_game_the_coin_goes_by_ones_own_action():
    world = game(**SPREAD)
    for pair, mean, spread in (([0, 1], [7.0, 5.0], [7.0, 0.5]), ([1, 0], [5.0, 7.0], [0.5, 7.0]), ([0, 0], [2, 2], 0)):
        earned = world.advance(pair)
        assert earned == pytest.approx(np.array(mean) + world.state.coins[0] * np.array(spread))


def test_coins_are_fair_and_fall_by_themselves_for_every_link():
    world = game(graph="ring", nodes=8, **SPREAD)
    tosses = np.array([world.step() or world.state.coins.copy() for _ in range(4000)])
    assert (abs(tosses.mean(axis=0)) < 4 / np.sqrt(4000)).all()
    apart = np.corrcoef(tosses.T)[~np.eye(8, dtype=bool)]
    assert (abs(apart) < 4 / np.sqrt(4000)).all() and abs(np.mean(tosses[1:] * tosses[:-1])) < 4 / np.sqrt(8 * 4000)


def test_players_who_choose_otherwise_meet_the_same_coins_and_the_same_noise():
    worlds = [game(payoff_noise=0.5, learner=kind, **SPREAD) for kind in ("random", {"kind": "q", "epsilon": 0.0})]
    for _ in range(50):
        for world in worlds:
            world.step()
        one, other = worlds
        assert np.array_equal(one.state.coins, other.state.coins)
    assert one.rng.bit_generator.state == other.rng.bit_generator.state
    assert not np.array_equal(one.turn.rewards, other.turn.rewards)


def test_a_game_without_chance_tosses_no_coin():
    world = game()
    before = world.rng.bit_generator.state
    world.run(20)
    assert world.rng.bit_generator.state == before and world.state.coins.size == 0


@given(st.integers(2, 3), st.integers(2, 4), st.data())
def test_payoffs_may_differ_by_the_hour(actions, hours, data):
    rows = st.lists(st.integers(-9, 9), min_size=actions, max_size=actions)
    row, column = (data.draw(st.lists(rows, min_size=actions * hours, max_size=actions * hours)) for _ in range(2))
    names = tuple("abc"[:actions])
    world = game(actions=names, hours=hours, payoff=row, payoff_column=column)
    for tick in range(2 * hours):
        assert world.observe()[1].tolist() == [tick % hours] * 2
        mine, theirs = (data.draw(st.integers(0, actions - 1)) for _ in range(2))
        place = tick % hours * actions + mine
        assert world.advance([mine, theirs]).tolist() == [row[place][theirs], column[place][theirs]]
    equal = game(actions=names, hours=hours, payoff=row[:actions] * hours, payoff_column=column[:actions], seed=3)
    once = game(actions=names, hours=hours, payoff=row[:actions], payoff_column=column[:actions], seed=3)
    assert equal.run(100).equals(once.run(100))  # one matrix serves all hours


def test_a_game_of_chance_by_the_hour_is_one_run_however_it_is_cut_forked_or_saved(tmp_path):
    rows = tuple(tuple(map(float, row)) for row in np.arange(12).reshape(6, 2))
    chance = {"graph": "ring", "nodes": 6, "hours": 3, "payoff": rows, "payoff_spread": rows, "payoff_noise": 0.5}
    whole, cut = (game(learner="q", record_every_ticks=20, **chance) for _ in range(2))
    whole.run(100)
    cut.run(37)
    twin = cut.fork()
    cut.save(tmp_path / "world.npz")
    for _ in range(63):
        twin.step()
    opened = models.World.open(tmp_path / "world.npz")
    for world in (cut, opened):
        world.run(63)
    assert digest(whole) == digest(cut) == digest(twin) == digest(opened)


def test_the_line_of_a_cyclic_game_is_the_best_equilibrium_of_each_hour():
    # hour 0: both meet at 4 or at 2; hour 1: each its own dilemma, where both defect and earn 1
    world = game(hours=2, payoff=((4.0, 0.0), (0.0, 2.0), (3.0, 0.0), (5.0, 1.0)))
    assert world.theory_lines("reward") == {"best equilibrium": [2.5]}


# Lines of more than two players ----------------------------------------------------------------------------------


CHICKEN = {"actions": ("go", "yield"), "payoff": ((-20.0, 0.0), (-2.0, -3.0))}


def test_forty_players_of_chicken_have_no_line_that_only_two_can_reach():
    # One who goes with chance p earns -20 p, one who yields -3 + p: both the same at p = 1/7, where each earns -20/7.
    # Of m who go and 40 - m who yield, m (20 (m - 1)) + (40 - m) (2 m + 3 (39 - m)) is lost: least, 4,308, for m = 4.
    found = {name: line for name, (line,) in models.make("games/chicken").theory_lines("reward").items()}
    assert found == pytest.approx({"14% go 86% yield": -20 / 7, "best possible": -4308 / 40 / 39})
    assert min(m * 20 * (m - 1) + (40 - m) * (2 * m + 3 * (39 - m)) for m in range(41)) == 4308


def test_two_players_of_chicken_may_differ():
    found = {name: line for name, (line,) in game(**CHICKEN).theory_lines("reward").items()}
    assert found == pytest.approx({"go / yield": -1.0, "yield / go": -1.0, "14% go 86% yield": -20 / 7})


def test_two_sides_of_a_graph_may_differ_and_an_odd_ring_has_none():
    star = game(graph="star", nodes=5, **CHICKEN).theory_lines("reward")  # the hub goes, or it alone yields
    assert sorted(line[0] for line in star.values()) == pytest.approx([-20 / 7, -8 / 5, -2 / 5])
    assert len(game(graph="ring", nodes=6, **CHICKEN).theory_lines("reward")) == 3
    assert list(game(graph="ring", nodes=5, **CHICKEN).theory_lines("reward")) == ["14% go 86% yield"]


@given(st.lists(st.integers(-9, 9), min_size=9, max_size=9), st.integers(3, 5))
@settings(max_examples=30)
def test_no_choices_of_a_population_earn_more_than_its_best(numbers, players):
    payoff = np.array(numbers, float).reshape(3, 3)
    earned = [
        np.mean([payoff[a, b] for a, b in itertools.permutations(choices, 2)])
        for choices in itertools.product(range(3), repeat=players)
    ]
    assert theory.best_population(payoff, players) == pytest.approx(max(earned))


def test_nobody_gains_by_leaving_an_equilibrium_of_a_graph():
    payoff, graph = np.array([[-20.0, 0.0], [-2.0, -3.0]]), nx.cycle_graph(6)
    side = nx.bipartite.color(graph)
    for x, y, mean in theory.population_equilibria(payoff, graph):
        plays = [(y, x)[side[i]] for i in graph]
        value = [[payoff[a] @ plays[j] for a in range(2)] for i in graph for j in [next(iter(graph[i]))]]
        assert all(max(each) <= each @ own + 1e-9 for each, own in zip(np.array(value), plays, strict=True))
        assert mean == pytest.approx(np.mean([each @ own for each, own in zip(np.array(value), plays, strict=True)]))


def test_games_whose_players_have_roles_or_hours_have_no_lines_of_more_than_two():
    for change in {"payoff_column": ((3.0, 5.0), (0.0, 2.0))}, {"hours": 2, "payoff": ((4.0, 0.0), (0.0, 2.0)) * 2}:
        assert game(nodes=3, **change).theory_lines("reward") == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hours": 3, "payoff": ((1.0, 2.0),) * 4}, r"payoff must be 2 rows \(or 6 rows, 3 hours one below the other"),
        ({"payoff_spread": ((1.0, 2.0),)}, "payoff_spread must be 2 rows of 2 numbers"),
        ({"payoff_spread": ((1.0, -2.0), (0.0, 0.0))}, "payoff_spread: give numbers >= 0"),
        ({"capacity": ((1.0, 1.0),), "payoff_spread": ((1.0,),)}, "payoff_spread must be 2 rows of 2 numbers"),
    ],
)
def test_payoffs_that_do_not_fit_are_refused(change, message):
    with pytest.raises(scenarios.ScenarioError, match=message):
        game(**change)


def test_whether_chance_takes_part_is_set_when_a_world_is_made():
    """So the number of random draws per tick is the same all through a run, and a what-if meets the same coins."""
    with pytest.raises(scenarios.ScenarioError, match='"payoff_spread" is set when a world is made'):
        game(**SPREAD).change(payoff_spread=())


@pytest.mark.parametrize("hours", [1, 2])
@pytest.mark.parametrize("sees", ["nothing", "count", "profile"])
def test_players_see_the_last_round_and_the_hour_as_the_scenario_says(sees, hours):
    world = game(graph="ring", nodes=5, sees=sees, hours=hours)
    world.run(7)
    held = world.turn.actions.copy()
    _, states, _ = world.observe()
    near = [[held[j] for j in sorted(world.graph[i])] for i in range(5)]
    expected = {
        "nothing": [0] * 5,
        "count": [sum(others) for others in near],
        "profile": [held[i] + 2 * a + 4 * b for i, (a, b) in enumerate(near)],
    }
    assert states.tolist() == [state * hours + 7 % hours for state in expected[sees]]


def test_in_a_congestion_game_an_action_is_worth_less_the_more_of_the_others_choose_it_and_the_hour_is_seen():
    capacity = ((1.0, 2.0), (4.0, 0.5))
    world = game(graph="complete", nodes=5, actions=("left", "right"), hours=2, capacity=capacity)
    for left, right in (([1 - 2 / 4 / 1.0, 1 - 1 / 4 / 2.0]), (1 - 2 / 4 / 4.0, 1 - 1 / 4 / 0.5)):
        assert world.observe()[1].tolist() == [world.tick % 2] * 5
        assert world.advance([0, 0, 0, 1, 1]).tolist() == pytest.approx([left] * 3 + [right] * 2)


@given(st.lists(st.sampled_from([0.2, 0.5, 1.0, 1.5, 2.0]), min_size=2, max_size=4), st.integers(2, 9))
def test_nobody_wants_to_leave_the_equilibrium_of_a_congestion_game(row, players):
    capacity = np.array(row)
    load = np.array(theory.congestion_equilibrium(capacity, players))
    here, there = 1 - (load - 1) / (players - 1) / capacity, 1 - load / (players - 1) / capacity
    assert load.sum() == players
    for a in np.flatnonzero(load):
        assert (np.delete(there, a) <= here[a] + 1e-12).all()


def test_the_line_of_a_congestion_game_is_the_mean_payoff_in_equilibrium():
    # 3 players, capacities 1 and 1/2: the first two take the first (1, then 1 - 1/2 = 1/2), the third the second (1).
    assert theory.congestion_payoff(np.array([[1.0, 0.5]]), 3) == pytest.approx((0.5 + 0.5 + 1.0) / 3)
    line = models.make("games/congestion", seed=0).theory_lines("reward")["equilibrium"]
    assert line == pytest.approx([0.8, 0.8, 0.8])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hours": 3}, r"capacity must be 3 rows \(hours\) of 4 numbers"),
        ({"capacity": ((0.0, 1.0, 1.0, 1.0),) * 8}, "numbers > 0"),
        ({"payoff_column": ((1.0,),)}, "capacity and payoff_column"),
    ],
)
def test_a_capacity_that_does_not_fit_is_refused(change, message):
    with pytest.raises(scenarios.ScenarioError, match=message):
        models.make("games/congestion", **change)
