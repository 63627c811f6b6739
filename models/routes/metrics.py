"""What the metrics of route choice mean; shares of routes and times of fleets follow them."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of every network."""

    mean_cost_min = Metric("Mean travel time", "Time of a trip, tolls not counted.", "min", "low")
    price_of_anarchy = Metric(
        "Price of anarchy", "Mean travel time as a multiple of the least that these roads allow.", "", "low"
    )
    relative_gap = Metric(
        "Relative gap",
        "Share of what drivers spend, tolls included, that the day's cheapest routes would have saved; 0 at a "
        "user equilibrium.",
        "",
        "low",
    )
    switches = Metric("Changed route", "Share of drivers who took a different route from the day before.")
    toll_paid_min = Metric("Toll", "Toll of a trip, in minutes.", "min")
