"""What theory says of a market: static Nash equilibrium, joint optimum, profit gain, and how far play is from best.

Logit: the best reply and the joint optimum have a closed form in Wright's omega function (Anderson, de Palma and
Thisse 1992, Discrete Choice Theory of Product Differentiation); prices are strategic complements, so best replies from
below climb to the lowest equilibrium, which is the only one. Homogeneous: Bertrand. Cournot: linear.
"""

import numpy as np
from scipy.special import wrightomega

from models.oligopoly.demand import Market

TOLERANCE = 1e-14


def nash(market: Market) -> np.ndarray:
    """Levels of the static equilibrium, (A,); those of absent firms mean nothing."""
    if market.kind == "cournot":
        return _cournot(market)
    if market.kind == "homogeneous":
        costs = np.sort(market.cost[market.present])
        alone = (market.choke + costs[0]) / 2
        price = min(costs[1], alone) if costs.size > 1 else alone
        return np.maximum(market.cost, price)
    price = market.cost.copy()
    while True:
        better = np.array([_best_price(market, price, i) for i in range(price.size)])
        if np.abs(better - price).max() <= TOLERANCE * np.abs(better).max():
            return better
        price = better


def joint_optimum(market: Market) -> np.ndarray:
    """Levels at which the sum of profits is highest, (A,)."""
    if market.kind == "logit":  # one markup for all: taste / share of those who buy nothing
        worth = np.where(market.present, (market.quality - market.cost - market.outside) / market.taste, -np.inf)
        return market.cost + market.taste * (1.0 + wrightomega(np.logaddexp.reduce(worth) - 1.0))
    cheapest = market.present & (market.cost == market.cost[market.present].min())
    cost = market.cost[cheapest][0]
    if market.kind == "homogeneous":
        return np.maximum(market.cost, (market.choke + cost) / 2)
    return np.where(cheapest, max(market.choke - cost, 0.0) / 2 / cheapest.sum(), 0.0)


def profit_gain(profit: np.ndarray, market: Market) -> np.ndarray:
    """Mean profit as a share of the way from Nash (0) to the joint optimum (1): Delta of Calvano et al. 2020.

    Parameters
    ----------
    profit
        Profits (..., A) of a period.
    """
    low, high = (_mean(market.profits(levels), market) for levels in (nash(market), joint_optimum(market)))
    return (_mean(profit, market) - low) / (high - low) if high > low else np.zeros(profit.shape[:-1])


def best_response_values(profit: np.ndarray, policies: np.ndarray, firm: int, gamma: float) -> np.ndarray:
    """Value (S,) of answering the rivals' policies in the best way, for firms that see the last period.

    Value iteration, exact to 1e-12: with gamma 0.95 some 600 sweeps of an (S, K) table.

    Parameters
    ----------
    profit
        (J, A); states are joint choices, S = J.
    policies
        Level that each firm chooses in each state, (A, S).
    """
    following = successors(policies, firm, round(profit.shape[0] ** (1 / profit.shape[1])))
    values, change = np.zeros(profit.shape[0]), np.inf
    while change > 1e-12:
        better = (profit[following, firm] + gamma * values[following]).max(axis=1)
        values, change = better, np.abs(better - values).max()
    return values


def successors(policies: np.ndarray, firm: int, levels: int) -> np.ndarray:
    """Joint choice that follows each state when one firm takes each level and the others their policies, (S, K)."""
    firms = len(policies)
    weight = levels ** (firms - 1 - np.arange(firms))
    others = weight @ policies - weight[firm] * policies[firm]
    return others[:, None] + weight[firm] * np.arange(levels)


def limit_cycle(policies: np.ndarray, joint: int) -> list[int]:
    """Joint choices that firms repeat for ever when nobody explores, for firms that see the last period.

    Parameters
    ----------
    policies
        Level that each firm chooses after each joint choice, (A, J).
    joint
        Joint choice to start from.
    """
    weight = round(policies.shape[1] ** (1 / len(policies))) ** np.arange(len(policies))[::-1]
    seen: dict[int, int] = {}
    while joint not in seen:
        seen[joint] = len(seen)
        joint = int(weight @ policies[:, joint])
    return list(seen)[seen[joint] :]


def _best_price(market: Market, price: np.ndarray, firm: int) -> float:
    """The price that earns a logit firm most against the others' prices."""
    worth = np.where(market.present, (market.quality - price - market.outside) / market.taste, -np.inf)
    worth[firm] = 0.0  # its place is taken by the outside good
    own = (market.quality[firm] - market.cost[firm] - market.outside) / market.taste
    markup = 1.0 + wrightomega(own - 1.0 - np.logaddexp.reduce(worth))
    return float(market.cost[firm] + market.taste * markup)


def _cournot(market: Market) -> np.ndarray:
    """Quantities; firms whose cost is above the price leave one by one."""
    active = market.present.copy()
    while True:
        price = (market.choke + market.cost[active].sum()) / (active.sum() + 1)
        quantity = np.where(active, price - market.cost, 0.0)
        if not (quantity < 0).any():
            return quantity
        active[quantity.argmin()] = False


def _mean(profit: np.ndarray, market: Market) -> np.ndarray:
    """Mean over the firms in the market."""
    return profit[..., market.present].mean(axis=-1)
