"""Equilibria of two-player games, exact, by pure best responses and by support enumeration; and what more players do.

In a population every player holds one action against all its neighbours, and earns the mean. A mixture that is the best
reply to itself is then an equilibrium on any graph. An equilibrium in which two players differ is one of a population
only where its graph falls into two sides that meet each other alone.

Source: Nash 1951, Annals of Mathematics 54; support enumeration as in Porter, Nudelman and Shoham 2008, Games and
Economic Behavior 63. Congestion games: Rosenthal 1973, International Journal of Game Theory 2.
"""

from itertools import combinations
from math import comb

import networkx as nx
import numpy as np

MOST_COUNTS = 100_000  # ways in which a population may divide among its actions


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


def population_equilibria(payoff: np.ndarray, graph: nx.Graph) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Equilibria of a symmetric game on a graph that follow from those of two players.

    Parameters
    ----------
    payoff
        (K, K), own action by the other's.
    graph
        Who plays whom.

    Returns
    -------
    list of (x, y, payoff)
        Mixed strategies (K,) of the two sides of the graph, the same where it has none; mean payoff of all players.
    """
    players = [node for node, degree in graph.degree if degree]
    side = nx.bipartite.color(graph) if nx.is_bipartite(graph) else {}
    first = sum(side.get(node, 0) for node in players)
    found = []
    for x, y in equilibria(payoff, payoff.T):
        if side or np.array_equal(x, y):
            total = first * (x @ payoff @ y) + (len(players) - first) * (y @ payoff @ x)
            found.append((x, y, float(total / len(graph))))
    return found


def best_population(payoff: np.ndarray, players: int) -> float:
    """Largest mean payoff of players who all meet each other in a symmetric game; nan where too many would be tried.

    Who chooses what does not matter, only how many choose each action.
    """
    actions = len(payoff)
    if comb(players + actions - 1, actions - 1) > MOST_COUNTS:
        return float("nan")
    bars = np.array(list(combinations(range(players + actions - 1), actions - 1)))
    ends = np.full((len(bars), 1), players + actions - 1)
    counts = np.diff(np.hstack((np.full_like(ends, -1), bars, ends))) - 1
    met = counts[:, None, :] - np.eye(actions)  # whom a player of each action meets
    earned = (counts[:, :, None] * met * payoff).sum(axis=(1, 2))
    return float(earned.max() / players / (players - 1))


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
