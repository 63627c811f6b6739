"""What theory says of a double auction: competitive equilibrium, the most a network allows, and known efficiencies.

Efficiency factors into topology (what the best matching on the graph gains, of what everyone meeting would) and
trading (what was gained, of that). Sources: Smith 1962, Journal of Political Economy 70 (alpha); Gode and Sunder 1993,
Journal of Political Economy 101; Chatterjee and Samuelson 1983, Operations Research 31; Myerson and Satterthwaite
1983, Journal of Economic Theory 29; assignment as in Shapley and Shubik 1971, Int. Journal of Game Theory 1.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

PAIR_EFFICIENCY = 27 / 32  # linear equilibrium of the sealed-bid auction, uniform values: the most any mechanism can


def competitive_equilibrium(values: np.ndarray, costs: np.ndarray) -> tuple[float, int, float, float]:
    """Surplus, quantity and interval of prices where demand meets supply; one unit each.

    Where nothing is traded, the interval lies between the highest value and the lowest cost.
    """
    v, c = np.sort(values)[::-1], np.sort(costs)
    n = min(len(v), len(c))
    quantity = int((v[:n] >= c[:n]).sum())
    surplus = float((v[:quantity] - c[:quantity]).sum())
    lows = [*c[quantity - 1 : quantity], *v[quantity : quantity + 1]] if quantity else [v[0]]
    highs = [*v[quantity - 1 : quantity], *c[quantity : quantity + 1]] if quantity else [c[0]]
    return surplus, quantity, float(max(lows)), float(min(highs))


def maximum_surplus(values: np.ndarray, buys: np.ndarray, links: np.ndarray) -> float:
    """The most that trade along links can gain: a matching of largest weight.

    Parameters
    ----------
    values
        Private values (A,).
    buys
        Whether each agent buys, (A,) bool.
    links
        Pairs (L, 2) who may trade.
    """
    buyer, seller = np.cumsum(buys) - 1, np.cumsum(~buys) - 1
    gains = np.zeros((int(buys.sum()), int((~buys).sum())))
    for i, j in links:
        if buys[i] != buys[j]:
            b, s = (i, j) if buys[i] else (j, i)
            gains[buyer[b], seller[s]] = max(0.0, float(values[b] - values[s]))
    rows, columns = linear_sum_assignment(gains, maximize=True)
    return float(gains[rows, columns].sum())


def topology_efficiency(buys: np.ndarray, links: np.ndarray, top_value: int, days: int = 40) -> float:
    """Share of the largest surplus that a network allows, for uniform values; mean over drawn days."""
    rng = np.random.default_rng(0)
    here = everywhere = 0.0
    for _ in range(days):
        values = rng.integers(0, top_value, len(buys), endpoint=True)
        here += maximum_surplus(values, buys, links)
        everywhere += competitive_equilibrium(values[buys], values[~buys])[0]
    return here / everywhere


def smiths_alpha(prices: np.ndarray, equilibrium: float) -> float:
    """Root mean squared distance of prices from the equilibrium price, in percent of it."""
    return float(100.0 * np.sqrt(np.mean((np.asarray(prices) - equilibrium) ** 2)) / equilibrium)


def exhaustion_efficiency(values: np.ndarray, costs: np.ndarray) -> float:
    """Efficiency when everyone has traded, at whatever price: of zero intelligence without constraint, given time."""
    return float((np.sum(values) - np.sum(costs)) / competitive_equilibrium(values, costs)[0])


def ladder(agents: int, top_value: int) -> np.ndarray:
    """Evenly spaced values (A,) of agents who buy and sell in turn: a symmetric market."""
    place = (np.arange(agents) // 2 + 0.5) / ((agents + 1) // 2)
    way = np.rint((0.25 + 0.5 * place) * top_value)
    return np.where(np.arange(agents) % 2 == 0, top_value - way, way).astype(np.int64)
