"""What the metrics of the oligopoly mean."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of the record."""

    profit_gain = Metric(
        "Profit gain Δ", "Mean profit as a share of the way from the static Nash equilibrium to the joint optimum."
    )
    mean_price = Metric("Mean price", "What buyers pay on average.", "money")
    consumer_surplus = Metric("Buyers' surplus", "Value of what is bought, less its price.", "money", "high")
    best_response_gap = Metric(
        "Best-response gap",
        "What a firm would gain in this period by the best reply to the others' choices; mean over firms.",
        "money",
    )
