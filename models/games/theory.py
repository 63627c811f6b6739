"""Equilibria of two-player games: exact, by pure best responses and by support enumeration.

Source: Nash 1951, Annals of Mathematics 54; support enumeration as in Porter, Nudelman and Shoham 2008, Games and
Economic Behavior 63. Congestion games: Rosenthal 1973, International Journal of Game Theory 2.
"""

from itertools import combinations

import numpy as np


def pure_equilibria(row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Where neither player gains by changing alone.

    Parameters
    ----------
    row, column
        Payoffs (K, K) of the row and the column player, both indexed [row action, column action].

    Returns
    -------
    ndarray
        (K, K) bool.
    """
    return (row == row.max(axis=0, keepdims=True)) & (column == column.max(axis=1, keepdims=True))


def equilibria(row: np.ndarray, column: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """All Nash equilibria of a non-degenerate game, pure and mixed.

    Returns
    -------
    list of (x, y)
        Mixed strategies (K,) of the row and the column player.
    """
    found = []
    actions = range(row.shape[0])
    for size in range(1, row.shape[0] + 1):
        for mine in combinations(actions, size):
            for theirs in combinations(actions, size):
                y = _indifferent(row[np.ix_(mine, theirs)], theirs, row.shape[0])
                x = _indifferent(column[np.ix_(mine, theirs)].T, mine, row.shape[0])
                if x is not None and y is not None and is_equilibrium(row, column, x, y):
                    found.append((x, y))
    return found


def mean_payoff(row: np.ndarray, column: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """Mean payoff of the two players when they play the mixed strategies (x, y)."""
    return float((x @ row @ y + x @ column @ y) / 2)


def best_payoff(row: np.ndarray, column: np.ndarray) -> float:
    """The mean payoff of the equilibrium in which it is largest; nan where a degenerate game shows none."""
    return max((mean_payoff(row, column, x, y) for x, y in equilibria(row, column)), default=float("nan"))


def congestion_equilibrium(capacity: np.ndarray, players: int) -> np.ndarray:
    """How many players choose each action, (K,), in a pure Nash equilibrium of a congestion game on a complete graph.

    An action is worth 1 - share / capacity, with the share of the others who choose it too. Players who enter one
    after the other, each where it is then best, end in an equilibrium (Rosenthal's potential).

    Parameters
    ----------
    capacity
        (K,), share of the others at which an action is worth nothing.
    players
        Their number, at least 2.
    """
    load = np.zeros(len(capacity), np.int64)
    for _ in range(players):
        load[np.argmax(1.0 - load / (players - 1) / capacity)] += 1
    return load


def congestion_payoff(capacity: np.ndarray, players: int) -> float:
    """Mean payoff of the players in equilibrium, over the hours of a day; capacity (H, K)."""
    loads = np.array([congestion_equilibrium(row, players) for row in capacity])
    worth = 1.0 - (loads - 1) / (players - 1) / capacity
    return float((loads * worth).sum() / players / len(capacity))


def is_equilibrium(row: np.ndarray, column: np.ndarray, x: np.ndarray, y: np.ndarray) -> bool:
    """Whether no pure deviation from the mixed strategies (x, y) pays."""
    scale = 1e-9 * max(1.0, float(np.abs(row).max()), float(np.abs(column).max()))
    return bool((row @ y).max() <= x @ row @ y + scale and (x @ column).max() <= x @ column @ y + scale)


def _indifferent(payoff: np.ndarray, support: tuple[int, ...], actions: int) -> np.ndarray | None:
    """The opponent's mixture over `support` that makes all rows of `payoff` equally good, None if there is none."""
    size = len(support)
    system = np.block([[payoff, -np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
    try:
        solution = np.linalg.solve(system, np.append(np.zeros(size), 1.0))
    except np.linalg.LinAlgError:
        return None
    if (solution[:size] < -1e-12).any():
        return None
    strategy = np.zeros(actions)
    strategy[list(support)] = solution[:size]
    return strategy
