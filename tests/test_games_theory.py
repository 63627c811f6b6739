"""Equilibria of two-player games: those known by hand, and the laws every game keeps."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import models
import scenarios
from models.games.model import payoffs
from models.games.theory import equilibria, is_equilibrium, pure_equilibria


def game_of(name):
    """Payoffs of a shipped scenario."""
    return payoffs(scenarios.load(name).world)


def found(row, column):
    """Equilibria as a sorted list of rounded texts, easy to compare."""
    return sorted((np.round(x, 9).tolist(), np.round(y, 9).tolist()) for x, y in equilibria(row, column))


def alike(mine, theirs):
    return len(mine) == len(theirs) and np.allclose(np.array(mine), np.array(theirs), atol=1e-8)


# By hand -----------------------------------------------------------------------------------------------------------


def test_in_the_prisoners_dilemma_both_defect():
    assert alike(found(*game_of("games/prisoners_dilemma")), [([0, 1], [0, 1])])


def test_matching_pennies_mixes_half_and_half_and_has_no_pure_equilibrium():
    row, column = game_of("games/matching_pennies")
    assert alike(found(row, column), [([0.5, 0.5], [0.5, 0.5])])
    assert not pure_equilibria(row, column).any()


def test_the_climbing_game_has_its_two_peaks_and_no_equilibrium_in_the_safe_corner():
    row, column = game_of("games/climbing")
    # Claus and Boutilier 1998: (top, top) and (middle, middle). Safe is no reply to safe: middle earns 6 there.
    assert np.argwhere(pure_equilibria(row, column)).tolist() == [[0, 0], [1, 1]]
    assert row[1, 2] > row[2, 2]
    assert any(np.allclose(x, [1, 0, 0]) and np.allclose(y, [1, 0, 0]) for x, y in equilibria(row, column))


def test_the_stag_hunt_has_two_pure_equilibria_and_a_mixture_between_them():
    row = np.array([[4.0, 0.0], [3.0, 2.0]])  # stag pays 4 p, hare 3 p + 2 (1 - p): alike at p = 2 / 3
    assert alike(found(row, row.T), [([0, 1], [0, 1]), ([2 / 3, 1 / 3], [2 / 3, 1 / 3]), ([1, 0], [1, 0])])


def test_in_the_battle_of_the_sexes_the_players_mix_differently():
    row, column = np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
    # The column player is kept indifferent by x = (2/3, 1/3), the row player by y = (1/3, 2/3).
    assert alike(found(row, column), [([0, 1], [0, 1]), ([2 / 3, 1 / 3], [1 / 3, 2 / 3]), ([1, 0], [1, 0])])


def test_rock_paper_scissors_mixes_all_three():
    row = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    assert alike(found(row, -row), [([1 / 3] * 3, [1 / 3] * 3)])


def test_the_lines_of_theory_are_what_players_earn_at_the_equilibria():
    lines = models.make("games/prisoners_dilemma", seed=0).theory_lines("reward")
    assert lines == {"defect": [1.0]}
    (mixed,) = models.make("games/matching_pennies", seed=0).theory_lines("reward").values()
    assert np.allclose(mixed, [0.0])


# Laws --------------------------------------------------------------------------------------------------------------

WHOLE = st.integers(-5, 5).map(float)  # small whole numbers, so that ties are common


@st.composite
def games(draw, smallest=1, largest=3):
    """Payoffs of both players."""
    size = draw(st.integers(smallest, largest))
    return tuple(draw(hnp.arrays(float, (size, size), elements=WHOLE)) for _ in range(2))


@given(games())
def test_no_player_gains_by_leaving_an_equilibrium_alone(game):
    row, column = game
    for x, y in equilibria(row, column):
        assert np.isclose(x.sum(), 1) and np.isclose(y.sum(), 1) and min(x.min(), y.min()) >= -1e-9
        for pure in np.eye(len(row)):
            assert pure @ row @ y <= x @ row @ y + 1e-7
            assert x @ column @ pure <= x @ column @ y + 1e-7
        assert is_equilibrium(row, column, x, y)


@given(games(largest=4))
def test_pure_equilibria_agree_with_trying_every_change(game):
    row, column = game
    size = len(row)
    for i, j in product(range(size), repeat=2):
        gains = any(row[k, j] > row[i, j] or column[i, k] > column[i, j] for k in range(size))
        assert pure_equilibria(row, column)[i, j] != gains


@given(games())
def test_every_pure_equilibrium_is_among_all_equilibria(game):
    row, column = game
    all_of_them = equilibria(row, column)
    for i, j in np.argwhere(pure_equilibria(row, column)):
        assert any(x[i] == y[j] == 1.0 for x, y in all_of_them)


@given(games(smallest=2, largest=2))
def test_a_game_of_two_actions_always_has_an_equilibrium(game):
    assert equilibria(*game)


@given(games(), st.floats(0.1, 10), st.integers(-20, 20))
def test_scaling_and_shifting_payoffs_moves_no_equilibrium(game, scale, shift):
    row, column = game
    assert np.array_equal(pure_equilibria(row, column), pure_equilibria(2 * row + shift, column))
    for x, y in equilibria(row, column):
        assert is_equilibrium(scale * row + shift, column, x, y)


@given(games())
def test_players_who_change_seats_change_nothing(game):
    row, column = game
    swapped = [(y, x) for x, y in equilibria(column.T, row.T)]
    assert len(swapped) == len(equilibria(row, column))
    for x, y in equilibria(row, column):
        assert any(np.allclose(x, u, atol=1e-7) and np.allclose(y, v, atol=1e-7) for u, v in swapped)
