"""What is known of power markets without clearing one: Cournot, pivotal suppliers, two buses, economic dispatch.

Sources: Cournot oligopoly as in Tirole 1988, The Theory of Industrial Organization, ch. 5; Borenstein, Bushnell and
Stoft 2000, RAND Journal of Economics 31(2) (the line that disciplines two monopolists); residual supply index:
Sheffrin 2002, California ISO; Zhang and Chow 2012, IEEE Transactions on Power Systems 27(1) (consensus).
"""

from typing import NamedTuple

import numpy as np


class TwoBuses(NamedTuple):
    """A market of two buses and one line."""

    mw: np.ndarray  # (2,)
    price: np.ndarray  # (2,) $/MWh
    rent_per_h: float  # $/h, earned by the line


def cournot(cost: np.ndarray, intercept: float, slope: float) -> tuple[float, np.ndarray]:
    """Cournot equilibrium with inverse demand `intercept - slope * output`; who cannot earn anything stays out.

    Parameters
    ----------
    cost
        (C,) $/MWh.
    intercept, slope
        $/MWh, and $/MWh per MW.

    Returns
    -------
    price, mw
        $/MWh, and outputs (C,).
    """
    price = intercept
    for rank, next_cost in enumerate(np.sort(cost)):  # enters as long as the price without it is above its cost
        if next_cost >= price:
            break
        price = (intercept + np.sort(cost)[: rank + 1].sum()) / (rank + 2)
    return float(price), np.maximum(price - cost, 0.0) / slope


def residual_supply(capacity_mw: np.ndarray, load_mw: float) -> np.ndarray:
    """Capacity of all others over load, (C,); a company below 1 is pivotal: load cannot be served without it."""
    return (capacity_mw.sum() - capacity_mw) / load_mw


def two_buses(cost: np.ndarray, load_mw: np.ndarray, line_mw: float) -> TwoBuses:
    """Cheapest dispatch of a unit without limit at each of two buses, cost (2,), $/MWh, load (2,), MW."""
    cheap = int(cost[1] < cost[0])
    sent = min(line_mw, load_mw[1 - cheap])
    mw = load_mw.astype(float)
    mw[cheap] += sent
    mw[1 - cheap] -= sent
    price = cost.astype(float) if sent < load_mw[1 - cheap] else np.full(2, cost[cheap], float)
    return TwoBuses(mw, price, float(sent * abs(price[1] - price[0])))


def disciplining_line_mw(cost: float, intercept: float, slope: float) -> float:
    """Line that turns two equal monopolists into Cournot duopolists, MW; hardly anything flows over it.

    At each of two buses inverse demand is `intercept - slope * mw`. With less than this a company rather lets the line
    fill against it, and is the monopolist of what is left: (a - c - b k)^2 / 4 b > 2 (a - c)^2 / 9 b.
    """
    return (intercept - cost) * (1 - 2 * np.sqrt(2) / 3) / slope


def economic_dispatch(
    cost_per_mwh: np.ndarray, cost_per_mw2h: np.ndarray, max_mw: np.ndarray, load_mw: float
) -> tuple[float, np.ndarray]:
    """Common marginal cost, $/MWh, and outputs (U,) of least cost c1 p + c2 p^2, c2 > 0, on one bus."""
    corners = np.sort(np.concatenate((cost_per_mwh, cost_per_mwh + 2 * cost_per_mw2h * max_mw)))
    supply = [_offered(corner, cost_per_mwh, cost_per_mw2h, max_mw).sum() for corner in corners]
    price = float(np.interp(load_mw, supply, corners))  # supply is linear between corners
    return price, _offered(price, cost_per_mwh, cost_per_mw2h, max_mw)


def consensus_dispatch(
    cost_per_mwh: np.ndarray,
    cost_per_mw2h: np.ndarray,
    max_mw: np.ndarray,
    load_mw: float,
    neighbours: list[list[int]],
    gain: float = 2e-4,
    rounds: int = 200_000,
) -> tuple[np.ndarray, np.ndarray]:
    """Economic dispatch without a centre: units agree on marginal cost by talking to neighbours in a regular graph.

    Each holds its own idea of the price and of the load not yet met, averages both with its neighbours, and moves its
    price by what it thinks is missing.

    Returns
    -------
    price, mw
        What each unit believes the price to be, (U,), $/MWh, and outputs (U,).
    """
    units = cost_per_mwh.size
    mean = np.eye(units)
    for i, near in enumerate(neighbours):
        mean[i, near] = 1.0
    mean /= mean.sum(axis=1, keepdims=True)
    price = cost_per_mwh.astype(float)
    mw = _offered(price, cost_per_mwh, cost_per_mw2h, max_mw)
    missing = np.full(units, load_mw / units) - mw
    for _ in range(rounds):
        price = mean @ price + gain * missing
        before, mw = mw, _offered(price, cost_per_mwh, cost_per_mw2h, max_mw)
        missing = mean @ missing - (mw - before)
        if np.ptp(price) < 1e-9 and abs(missing.sum()) < 1e-9 * load_mw:
            break
    return price, mw


def _offered(price: float | np.ndarray, cost: np.ndarray, steepness: np.ndarray, max_mw: np.ndarray) -> np.ndarray:
    """What price takers give."""
    return np.clip((price - cost) / (2 * steepness), 0.0, max_mw)
