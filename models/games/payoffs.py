"""What a choice pays, from the parameters: the matrices of an hour, (K, K), indexed [row action, column action]."""

import numpy as np

from scenarios.games.parameters import Matrix, Parameters


def payoffs(parameters: Parameters, hour: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Mean payoffs of the row and the column player at an hour, both (K, K)."""
    if parameters.capacity:
        row = 1.0 - np.diag(1.0 / np.array(parameters.capacity[hour]))
        return row, row.T
    row = at_hour(parameters.payoff, hour)
    return row, at_hour(parameters.payoff_column, hour) if parameters.payoff_column else row.T


def spreads(parameters: Parameters, hour: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """How far a coin moves each of these payoffs, up or down."""
    if not parameters.payoff_spread:
        nothing = np.zeros((len(parameters.actions), len(parameters.actions)))
        return nothing, nothing
    row = at_hour(parameters.payoff_spread, hour)
    return row, row if parameters.payoff_column else row.T


def at_hour(matrix: Matrix, hour: int) -> np.ndarray:
    """The rows (K, K) of an hour, of a matrix for all hours or with one hour below the other."""
    first = hour * len(matrix[0]) % len(matrix)
    return np.array(matrix[first : first + len(matrix[0])])
