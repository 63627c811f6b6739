"""From a scenario to a market, and what its metrics mean.

One world, two kinds of state: an exchange (market makers with their customers, or an order book) and a double auction
by the day. Both trade by the same clearing rule; `places.py` says who may trade with whom.
"""

from functools import cached_property
from typing import Any, ClassVar

import networkx as nx
import numpy as np

from models.market import (  # noqa: F401
    baselines,
    clearing,
    exchange_report,
    picture,
    places,
    rules,
    setup,
    spreads,
    theory,
    words,
)
from models.market.agents import Account
from models.market.metrics import AuctionColumn, Column, ExchangeColumn
from models.market.state import AuctionState, ExchangeState
from models.metric import Metric
from models.view import View
from models.world import World
from scenarios.market.parameters import Parameters


class Market(World[Parameters, AuctionState | ExchangeState]):
    """Dealers, an order book, or a double auction on a network."""

    domain: ClassVar[str] = "market"
    default_scenario: ClassVar[str] = "market/entry_and_exit"
    smallest: ClassVar[str] = "market/one_pair"
    title: ClassVar[str] = "Market"
    about: ClassVar[str] = "Dealers and traders on a network."
    agent_noun: ClassVar[str] = "trader"
    longest_life: ClassVar[int] = 10**12  # accounts are whole numbers of 64 bits: room for nine million a tick
    own_metrics: ClassVar[dict[str, Metric]] = Column.metrics()
    scene, frame, inspect = picture.scene, picture.frame, words.inspect

    @property
    def is_auction(self) -> bool:
        """Whether this is a double auction."""
        return self.parameters_at_reset.market == "double_auction"

    @property
    def metrics(self) -> dict[str, Metric]:
        """The common metrics, then those of the kind of market."""
        return {**super().metrics, **(AuctionColumn if self.is_auction else ExchangeColumn).metrics()}

    @property
    def headline(self) -> tuple[str, ...]:
        """The metrics to show first."""
        if self.is_auction:
            return ("efficiency", "smiths_alpha", "shading", "price", "volume", "buyers_share")
        last = "best_response_gap" if self.parameters_at_reset.market == "dealers" else "volatility"
        return ("maker_profit", "half_spread", "trader_gain", "efficiency", "volume", last)

    def make_graph(self, parameters: Parameters) -> nx.Graph:
        """Who may ever trade with whom."""
        return places.build(parameters, self._scenario.where)

    @cached_property
    def partners(self) -> list[list[int]]:
        """Whom each agent could ever trade with."""
        return places.trading_partners(self.graph, self.parameters_at_reset)

    def neighbours(self) -> list[list[int]]:
        """Trading partners; dealers watch each other instead, and their customers nobody."""
        p = self.parameters_at_reset
        if p.market != "dealers":
            return self.partners
        makers = range(p.makers)
        return [[m for m in makers if m != i] if i < p.makers else [] for i in range(len(self.agent_names))]

    def make_agent(self, index: int) -> View:
        """A view on one account."""
        return Account(self, index)

    def count(self) -> tuple[int, int, int]:
        """Values and phases, or inventories; shades, or half-spreads and skews; no features."""
        p = self.parameters_at_reset
        if self.is_auction:
            return p.phases * p.value_bins, len(p.shades), 0
        return 2 * p.inventory_limit + 1, len(setup.choices(p)[0]), 0

    def derive(self, parameters: Parameters) -> Any:
        """Open links, costs, arrivals and exact profits of one regime block."""
        return setup.derive_auction(self, parameters) if self.is_auction else setup.derive_exchange(self, parameters)

    def make_state(self, blocks: list[Parameters], derived: Any) -> AuctionState | ExchangeState:
        """An empty market on its first day."""
        return setup.auction(self, derived) if self.is_auction else setup.exchange(self, derived)

    def audit(self) -> str:
        """Queues by price against the quotes, and sides of those who came."""
        state = self.state
        if isinstance(state, ExchangeState) and (state.came_side[state.came >= 0] < 0).any():
            return "came_side: who came with an order came on no side"
        return clearing.book_fault(state.book)

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """What theory says of a metric: one value per regime block."""
        lines: dict[str, list[float]] = {}
        blocks = self._scenario.parameters_by_block(self._pinned)
        for number, block in enumerate(blocks):
            found = self._auction_theory(metric, block) if self.is_auction else self._dealer_theory(metric, block)
            for name, value in found.items():
                lines.setdefault(name, [float("nan")] * len(blocks))[number] = float(value)
        return lines

    def _dealer_theory(self, metric: str, p: Parameters) -> dict[str, float]:
        """Monopoly, static Nash and zero profit, where they are exact."""
        earned, makers = setup.exact_profit(p), min(p.makers, p.makers_present)
        if np.isnan(earned).any() or not makers:
            return {}
        spread = np.array(p.half_spreads)
        alone, rivals = spreads.monopoly(spread, earned), spreads.nash(spread, earned, makers)
        none_lost = spreads.zero_profit(spread, earned)
        lines = {"monopoly": alone, "Nash": min(rivals, default=None), "zero profit": none_lost}
        if metric in ("half_spread", "posted_half_spread"):
            return {name: h for name, h in lines.items() if h is not None}
        if metric == "maker_profit":
            size = p.arrivals * (1 + p.order_size) / 2
            gains = {name: size * earned[p.half_spreads.index(h)] for name, h in lines.items() if h is not None}
            return {name: gain for name, gain in gains.items() if name != "zero profit"}
        return {"equilibrium": 0.0} if metric == "best_response_gap" else {}

    def _auction_theory(self, metric: str, p: Parameters) -> dict[str, float]:
        """The best matching on the network, and the price in the middle."""
        if metric == "price":
            return {"equilibrium": p.top_value / 2}
        if metric != "efficiency" or p.values != "uniform":
            return {}
        if len(self.agent_names) == 2:
            return {"Chatterjee and Samuelson": theory.PAIR_EFFICIENCY}
        key = places.open_links(p, self.partners)[1]
        if key not in self._network_efficiency:
            self._network_efficiency[key] = setup.network_efficiency(self, p)
        return {"best on this network": self._network_efficiency[key]}

    @cached_property
    def _network_efficiency(self) -> dict[int, float]:
        return {}

    def clock_text(self) -> str:
        """Day and pass, or rounds."""
        if not self.is_auction:
            return f"round {self.tick:,}"
        p = self.parameters_at_reset
        day = p.phases * p.passes
        return f"day {self.tick // day + 1:,}" + (f", pass {self.tick % day + 1} of {day}" if day > 1 else "")
