"""What the metrics of the markets mean."""

from models.metric import Columns, Metric


class Column(Columns):
    """Columns of every market."""

    half_spread = Metric(
        "Half-spread", "Half the gap between the best bid and the best ask that arriving traders can see.", "", "low"
    )
    efficiency = Metric("Efficiency", "Realised gains from trade, as a share of the possible gains.", "", "high")
    maker_profit = Metric("Makers' profit", "Gains of agents whose resting quotes are met, per tick or day.")
    trader_gain = Metric("Traders' gain", "Gains of all with a private value, per tick or day.", "", "high")
    volume = Metric("Volume", "Shares traded per tick or day.", "", "high")
    volatility = Metric("Volatility", "Typical move of the price: between ticks, or within the window of a day.")


SHARED = len(Column)  # where the columns of a kind of market begin in a row


class ExchangeColumn(Columns):
    """Columns that follow for dealers and order books."""

    posted_half_spread = Metric("Posted half-spread", "Mean half-spread that makers chose.", "", "low")
    speculator_gain = Metric("Speculators' gain", "Gains of informed and momentum traders per tick.")
    fees = Metric("Fees and taxes", "Paid to the exchange and the state, per tick or day.")
    depth = Metric("Depth", "Shares that rest in all quotes when the window closes.", "shares", "high")
    halted = Metric("Halted", "Share of ticks in which the circuit breaker stopped trading.", "", "low")
    best_response_gap = Metric(
        "Best-response gap",
        "What a maker loses per arrival by not replying best to what the others did. Wide spreads "
        "with a gap are a failure to learn, not a strategy.",
        "",
        "low",
    )


class AuctionColumn(Columns):
    """Columns that follow for a double auction."""

    price = Metric("Price", "Mean price of trades.")
    smiths_alpha = Metric(
        "Smith's alpha", "Root mean squared distance of prices from the day's equilibrium, in percent.", "%", "low"
    )
    shading = Metric(
        "Shading",
        "How far prices are shaded: share of the way from the value to the best possible price, costs included.",
    )
    buyers_share = Metric("Buyers' share", "Share of the gains from trade that goes to buyers.")
    fees = ExchangeColumn.fees.metric
