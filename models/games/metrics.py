"""What the metrics of a matrix game mean; the share of each action follows them."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of every game."""

    same_action = Metric("Same action", "Share of links whose two ends chose the same action.")
    at_equilibrium = Metric("At equilibrium", "Share of links at a pure Nash equilibrium of the two-player game.")
