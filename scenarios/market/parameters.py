"""Parameters of markets on a network: dealers and flow, a double auction by the day, a continuous order book."""

from typing import Literal, Self

from pydantic import model_validator

from scenarios import schema
from scenarios.schema import knob

MADE = {"market": ("dealers", "order_book")}
DEALT = {"market": ("dealers",)}
CALLED = {"market": ("double_auction",)}
LADDER_LIMIT = 65_536  # prices a ladder keeps a queue for


class Parameters(schema.GraphParameters):
    """Who trades with whom, what they know and need, and what trading costs; prices are whole numbers."""

    market: Literal["dealers", "double_auction", "order_book"] = knob(
        "dealers",
        "Kind of market: dealers who post quotes to arriving traders; a double auction of buyers and sellers with "
        "private values; or an order book in which the orders of makers and traders rest.",
        live=False,
    )
    graph: str = knob(
        "complete",
        "Who may trade with whom (for dealers see links): grid, ring, watts_strogatz, barabasi_albert, complete, "
        "star, or a .graphml file.",
        live=False,
        shipped=schema.GENERATORS,
    )
    nodes: int = knob(
        60, "Number of agents: traders, and makers where the market has them.", low=2, high=10_000, live=False
    )
    parts: int = knob(1, "Parts into which the market is split; nobody trades between parts.", low=1, high=64)
    # dealers and order book
    makers: int = knob(5, "Market makers.", low=1, high=50, live=False, only=MADE)
    links: int = knob(0, "Dealers that each trader can see; 0: all of them.", low=0, high=50, only=DEALT)
    makers_present: int = knob(
        50, "How many makers are present, counted from the first; the others have left.", low=0, high=100, only=MADE
    )
    half_spreads: tuple[int, ...] = knob(
        tuple(range(1, 15)), "Half-spreads that a maker can choose, from narrow to wide.",
        live=False,
        only=MADE,
    )  # fmt: skip
    skews: tuple[int, ...] = knob(
        (0,), "How far a maker can move both of its quotes up; negative numbers move them down.", live=False, only=MADE
    )
    may_withdraw: bool = knob(False, "Whether a maker can choose not to quote.", live=False, only=MADE)
    inventory_limit: int = knob(
        0, "Most shares that a maker may hold or owe; it sees its inventory. 0: no limit, and it does not.",
        unit="shares", low=0, high=100, live=False,
        only=MADE,
    )  # fmt: skip
    inventory_cost: float = knob(
        0.0,
        "Cost per tick of holding q shares, divided by q squared.",
        low=0.0,
        high=10.0,
        only=MADE,
    )
    quote_size: int = knob(
        1_000,
        "Shares that a maker offers at each of its two quotes.",
        unit="shares",
        low=1,
        live=False,
        only=MADE,
    )
    arrivals: int = knob(10, "Traders that arrive in a tick.", low=1, high=10_000, live=False, only=MADE)
    order_size: int = knob(
        1,
        "Largest order of a trader; sizes are equally likely.",
        low=1,
        high=1_000,
        live=False,
        only=MADE,
    )
    volatility: float = knob(
        8.0,
        "Standard deviation of the value's move in a tick, before rounding.",
        low=0.0,
        high=64.0,
        only=MADE,
    )
    need: int = knob(
        20,
        "Largest private gain of a trader from buying or selling; gains are whole numbers.",
        low=1,
        high=1_000,
        only=MADE,
    )
    informed_share: float = knob(0.2, "Share of arrivals that know the next value.", low=0.0, high=1.0, only=MADE)
    momentum_share: float = knob(
        0.0,
        "Share of the other arrivals that follow the price trend.",
        low=0.0,
        high=1.0,
        only=MADE,
    )
    zip_share: float = knob(
        0.0,
        "Share of the remaining arrivals that adapt their margin (ZIP).",
        low=0.0,
        high=1.0,
        only=MADE,
    )
    shading: int = knob(
        0, "Largest gain that zero-intelligence traders ask for; they draw it at random.", low=0, high=1_000, only=MADE
    )
    fee: int = knob(0, "Fee per share, paid by the side whose order rested.", low=0, high=100)
    tax: int = knob(0, "Tax per share, paid by the side whose order arrived and traded.", low=0, high=100)
    tick_size: int = knob(1, "Prices of orders are multiples of this.", low=1, high=100)
    breaker: int = knob(
        0, "Trading halts when an order would trade further than this from the last tick's price; 0: never.",
        low=0, high=10_000,
        only=MADE,
    )  # fmt: skip
    halt_ticks: int = knob(10, "Length of a trading halt.", unit="ticks", low=1, high=1_000, only=MADE)
    price_levels: int = knob(
        1_000_000, "Prices lie above 0 and below this; the value starts in the middle.", low=16, high=2_000_000,
        live=False,
    )  # fmt: skip
    credit: bool = knob(True, "Whether agents may owe cash and shares.", live=False)
    cash: int = knob(0, "Cash of every agent at the start, if there is no credit.", low=0, high=10**12, live=False)
    shares: int = knob(0, "Shares of every agent at the start, if there is no credit.", low=0, high=10**9, live=False)
    # double auction
    values: Literal["uniform", "ladder"] = knob(
        "uniform",
        "Private values: drawn anew every day, or an evenly spaced ladder that never changes.",
        live=False,
        only=CALLED,
    )
    top_value: int = knob(200, "Largest private value.", low=10, high=10_000, live=False, only=CALLED)
    phases: int = knob(1, "Decisions of a trader in a day.", low=1, high=10, live=False, only=CALLED)
    passes: int = knob(
        1,
        "How often every trader comes to the market in a phase.",
        low=1,
        high=1_000,
        live=False,
        only=CALLED,
    )
    value_bins: int = knob(
        5,
        "Number of classes of private value that a trader distinguishes.",
        low=1,
        high=50,
        live=False,
        only=CALLED,
    )
    shades: tuple[float, ...] = knob(
        (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65),
        "How much a trader can shade its price: shares of the way from its value to the best possible price.",
        live=False,
        only=CALLED,
    )

    @model_validator(mode="after")
    def _check_choices(self) -> Self:
        """Lists of choices, and prices that a ladder can hold."""
        if not self.half_spreads or sorted(set(self.half_spreads)) != list(self.half_spreads):
            raise ValueError(f"half_spreads = {list(self.half_spreads)}: give whole numbers, each once, in order")
        if min(self.half_spreads) < 1 or max(self.half_spreads) > 1_000:
            raise ValueError(f"half_spreads = {list(self.half_spreads)}: allowed are 1 to 1000, on the price ladder")
        if not self.skews or max(map(abs, self.skews)) > 1_000:
            raise ValueError(f"skews = {list(self.skews)}: give at least one whole number, -1000 to 1000")
        if not self.shades or sorted(self.shades) != list(self.shades) or self.shades[0] < 0 or self.shades[-1] > 1:
            raise ValueError(f"shades = {list(self.shades)}: give at least one share from 0 to 1, in order")
        reach = max(self.half_spreads) + max(map(abs, self.skews)) + max(self.need, self.shading)
        if self.market != "double_auction" and 5 * reach > self.price_levels:
            raise ValueError(
                f"price_levels = {self.price_levels}: quotes would fall off the ladder; half-spread, skew and need "
                f"reach {reach} from the value, so give at least {5 * reach}"
            )
        if self.market == "order_book" and self.graph == "complete" and self.price_levels > LADDER_LIMIT:
            raise ValueError(
                f"price_levels = {self.price_levels}: the book of a complete graph keeps a queue per price, at most "
                f"{LADDER_LIMIT}; give fewer, or another graph"
            )
        return self
