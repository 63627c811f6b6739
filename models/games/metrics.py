"""What the metrics of a matrix game mean; the share of each action follows them."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of every game."""

    same_action = Metric("Same action", "Share of links whose two ends chose the same action.")
    at_equilibrium = Metric(
        "Pairs at equilibrium",
        "Share of links whose two ends would be at a pure Nash equilibrium if they were alone; in a larger population "
        "that is at equilibrium it may be small.",
    )
