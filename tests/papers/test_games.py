"""Published results of learners in small games, in short versions."""

import numpy as np
import pytest

from studies import papers
from studies.papers.games import cyclic, dilemma, fictitious, team, zero_sum


def failed(rows):
    """Rows of a short version that miss their claim."""
    return [row for row in rows if not row["passed"]]


def test_who_finds_the_best_joint_action_of_common_interest_games():
    rows = team.rows(trials=60)
    assert len(rows) == 30 and not failed(rows)


@pytest.mark.parametrize(
    ("fault", "ticks"), [({"alpha": 0.0}, 50), ({"epsilon": 0.0, "epsilon_end": 0.0}, 1_000)], ids=["dull", "timid"]
)
def test_who_learns_nothing_or_never_explores_fails_nine_rows_in_ten(fault, ticks, monkeypatch):
    """So that a row says something; neither needs a long life to show it."""
    monkeypatch.setattr(team, "LEARNERS", {name: settings | fault for name, settings in team.LEARNERS.items()})
    monkeypatch.setattr(team, "TICKS", ticks)
    monkeypatch.setattr(team, "ends", team.ends.__wrapped__)  # nothing is kept for others
    rows = team.rows(trials=20)
    assert len(failed(rows)) >= 0.9 * len(rows)


def test_partially_stochastic_climbing_pays_as_climbing_does_on_average():
    """Kapetanakis and Kudenko 2002: 14 or 0 where the climbing game pays 7."""
    mean, spread = (games["partially stochastic climbing"] for games in (team.GAMES, team.SPREADS))
    assert np.array_equal(mean, team.GAMES["climbing"]) and np.argwhere(spread).tolist() == [[1, 1]]
    assert [mean[1, 1] - spread[1, 1], mean[1, 1] + spread[1, 1]] == [0.0, 14.0]


def test_knowing_what_every_pair_is_worth_is_not_enough_on_four_mountains_in_turn():
    assert not failed(cyclic.rows(trials=40))


def test_q_learners_answer_tit_for_tat_optimally_and_longer_exploration_helps_two_of_them_cooperate():
    assert not failed(dilemma.rows(trials=30))


@pytest.mark.parametrize("gamma", [*dilemma.OPTIMAL, 0.24, 0.26, 0.66, 0.67])
def test_what_is_optimal_against_tit_for_tat_is_found_by_value_iteration(gamma):
    payoff = np.array([[3.0, 0.0], [5.0, 1.0]])  # own action in rows; the state is what tit for tat will do
    value = np.zeros(2)
    for _ in range(3000):
        worth = payoff.T + gamma * value[None, :]  # [state, action]: what is done now is what it does next
        value = worth.max(axis=1)
    play, state = [], 0
    for _ in range(20):
        state = int(worth[state].argmax())
        play.append(state)
    kind = {(0, 0): "cooperate", (1, 0): "alternate", (0, 1): "alternate", (1, 1): "defect"}[tuple(play[-2:])]
    assert kind == ("defect" if gamma < 1 / 4 else "alternate" if gamma < 2 / 3 else "cooperate")
    assert dilemma.OPTIMAL.get(gamma, kind) == kind


def test_wolf_phc_comes_to_rest_at_the_mixed_equilibrium_and_phc_circles_it():
    assert not failed(zero_sum.rows(trials=2))


def test_a_result_in_several_parts_has_the_rows_of_all_and_a_figure_of_each_that_has_one(monkeypatch):
    for part in (cyclic, dilemma, fictitious, team, zero_sum):
        monkeypatch.setattr(part, "rows", lambda name=part.__name__: [papers.row(name, [1, 0], "", "", bool)])
        if hasattr(part, "figure"):
            monkeypatch.setattr(part, "figure", lambda name=part.__name__: name)
    rows = papers.reproduce("games")
    assert [row["result"].split(".")[-1] for row in rows] == ["cyclic", "dilemma", "fictitious", "team", "zero_sum"]
    assert all((row["trials"], row["measured"], row["standard_error"]) == (2, 0.5, 0.5) for row in rows)
    assert list(papers.figures("games")) == ["games-cyclic", "games-dilemma", "games-team", "games-zero-sum"]
    assert set(papers.names()) >= {"calvano", "games", "gode-sunder"}


def test_frequencies_of_fictitious_play_converge_where_one_wins_what_the_other_loses_and_not_in_shapleys_game():
    assert not failed(fictitious.rows(trials=1))
