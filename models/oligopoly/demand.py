"""Who buys how much from whom, and what firms earn.

Logit demand (Calvano, Calzolari, Denicolo and Pastorello 2020, American Economic Review 110): firm i sells
exp((a_i - p_i) / mu) / (sum_j exp((a_j - p_j) / mu) + exp(a_0 / mu)) to a mass of one buyer.
Homogeneous products (Klein 2021, RAND Journal of Economics 52): all buy from the cheapest, 1 - p with a choke price of
one; those who are equally cheap share, the ones with the lowest cost among them (which with equal costs is Klein's
rule, and lets a firm with lower cost win at its rival's cost).
Cournot: firms choose quantities, the price is the choke price less their sum, never under zero.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from scenarios.oligopoly.parameters import Parameters


@dataclass(frozen=True)
class Market:
    """Demand and costs of A firms, all in money."""

    kind: str
    cost: np.ndarray  # (A,)
    quality: np.ndarray  # (A,) a
    outside: float  # a_0
    taste: float  # mu
    choke: float
    present: np.ndarray  # (A,) bool

    @classmethod
    def of(cls, parameters: Parameters) -> Self:
        """The market that parameters describe."""
        zeros = (0.0,) * parameters.firms
        return cls(
            kind=parameters.demand,
            cost=parameters.marginal_cost + np.array(parameters.cost_differences or zeros),
            quality=parameters.quality + np.array(parameters.quality_differences or zeros),
            outside=parameters.outside_quality,
            taste=parameters.differentiation,
            choke=parameters.choke_price,
            present=~np.isin(np.arange(parameters.firms) + 1, parameters.absent_firms),
        )

    def outcome(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Prices (..., A), quantities (..., A) and consumer surplus (...) at the firms' levels (..., A)."""
        if self.kind == "cournot":
            quantity = np.where(self.present, levels, 0.0)
            total = quantity.sum(axis=-1)
            price = np.maximum(self.choke - total, 0.0)
            bought = np.minimum(total, self.choke)
            return np.broadcast_to(price[..., None], levels.shape), quantity, bought**2 / 2
        if self.kind == "homogeneous":
            return self._cheapest(levels)
        return self._logit(levels)

    def _logit(self, price: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        worth = np.where(self.present, (self.quality - price - self.outside) / self.taste, -np.inf)
        top = np.maximum(worth.max(axis=-1, keepdims=True), 0.0)  # nothing overflows
        weight = np.exp(worth - top)
        total = weight.sum(axis=-1, keepdims=True) + np.exp(-top)
        surplus = self.taste * (np.log(total) + top)[..., 0]  # over that of buying nothing
        return price, weight / total, surplus

    def _cheapest(self, price: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        asked = np.where(self.present, price, np.inf)
        lowest = asked.min(axis=-1, keepdims=True)
        cost = np.where(asked == lowest, self.cost, np.inf)
        sells = cost == cost.min(axis=-1, keepdims=True)
        bought = np.maximum(self.choke - lowest, 0.0)
        return price, sells * bought / sells.sum(axis=-1, keepdims=True), bought[..., 0] ** 2 / 2

    def profits(self, levels: np.ndarray) -> np.ndarray:
        """Profit of each firm in a period, (..., A)."""
        price, quantity, _ = self.outcome(levels)
        return (price - self.cost) * quantity

    def mean_price(self, levels: np.ndarray) -> np.ndarray:
        """What buyers pay on average, (...); the mean of posted prices where nobody buys."""
        price, quantity, _ = self.outcome(levels)
        asked = np.where(self.present, price, 0.0).sum(axis=-1) / self.present.sum()
        sold = quantity.sum(axis=-1)
        return np.where(sold > 0, (price * quantity).sum(axis=-1) / np.where(sold > 0, sold, 1.0), asked)
