"""What the metrics of the power market mean."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of the record."""

    price_per_mwh = Metric("Price", "What consumers pay per MWh served.", "$/MWh", "low")
    system_cost_per_h = Metric("System cost", "Cost of all supply, and value of load not served.", "$/h", "low")
    profit_per_h = Metric("Profit", "Profit of all companies before fixed costs.", "$/h")
    regret_per_h = Metric(
        "Largest regret", "Most that a best reply would have added to one company's profit.", "$/h", "low"
    )
    nashconv_per_h = Metric("NashConv", "Regrets of all companies added up; 0 at an equilibrium.", "$/h", "low")
    collusion = Metric("Collusion", "Profit on a scale from the best-reply equilibrium (0) to a cartel (1).", "", "low")
    shed_mw = Metric("Unserved", "Load that is not served; elastic demand that stays away is not counted.", "MW", "low")
    congestion_rent_per_h = Metric("Congestion rent", "Earned by lines that are full.", "$/h")
    lerner = Metric(
        "Lerner index", "(price - cost) / price of the offers that set prices; 0 where all offer at cost.", "", "low"
    )
    hhi = Metric("HHI", "Herfindahl-Hirschman index of output; 10,000 is a monopoly.", "")
    residual_supply = Metric(
        "Residual supply",
        "Capacity without the largest company, divided by load; below 1 that company is pivotal.",
        "",
        "high",
    )
    settlement_gap = Metric(
        "Settlement gap",
        "Largest error in payment = revenue + congestion rent, relative to payment and lost load.",
        "",
        "low",
    )
    price_not_unique = Metric(
        "Price not unique", "Share of hours in which other prices would support the same dispatch.", "", "low"
    )
