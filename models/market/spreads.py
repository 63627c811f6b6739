"""What theory says of dealers: exact profits by finite sums, and the spreads that follow from them.

The value's move in a tick is one of 4096 equally likely whole numbers, private gains are uniform on whole numbers, so
every expectation is a finite sum. Against one arrival a maker who alone quotes half-spread h earns

    profit(h) = (1 - mu) P(u >= h + tax) (h - fee)  -  mu E[(|D| - h + fee) ; |D| > h + tax],

the gain from those who need to trade less the loss to those who know (Glosten and Milgrom 1985, Journal of Financial
Economics 14; Copeland and Galai 1983, Journal of Finance 38). Several makers share arrivals at the narrowest spread.
"""

from itertools import product

import numpy as np
from scipy.special import gammaln
from scipy.stats import norm

MOVES = 4096


def moves(volatility: float) -> np.ndarray:
    """Equally likely moves (MOVES,) of the value: the quantiles of a normal distribution, rounded."""
    table: np.ndarray = np.rint(norm.ppf((np.arange(MOVES) + 0.5) / MOVES) * volatility).astype(np.int64)
    return table


def chance_needy(distance: np.ndarray, need: int) -> np.ndarray:
    """Chance that a trader with a private gain comes on one side and trades at this distance from the mid."""
    return np.clip(need - np.maximum(distance, 1) + 1, 0, need) / (2.0 * need)


def profit(
    half_spreads: np.ndarray, volatility: float, informed_share: float, need: int, fee: int = 0, tax: int = 0
) -> np.ndarray:
    """Expected profit per arrival of a maker who is alone at each half-spread (K,)."""
    h = np.asarray(half_spreads)
    move = np.abs(moves(volatility))
    needy = 2.0 * chance_needy(h + tax, need) * (h - fee)
    known = [np.where(move > one + tax, one - move - fee, 0).mean() for one in h]
    return (1.0 - informed_share) * needy + informed_share * np.array(known)


def monopoly(half_spreads: np.ndarray, earned: np.ndarray) -> int:
    """The half-spread that earns most."""
    return int(half_spreads[int(np.argmax(earned))])


def zero_profit(half_spreads: np.ndarray, earned: np.ndarray) -> int | None:
    """The narrowest half-spread that loses nothing; None where even the widest loses."""
    for h, gain in zip(half_spreads, earned, strict=True):
        if gain >= 0.0:
            return int(h)
    return None


def nash(half_spreads: np.ndarray, earned: np.ndarray, makers: int) -> list[int]:
    """Half-spreads at which equal makers are in equilibrium: sharing beats undercutting, and is no loss."""
    if makers == 1:
        return [monopoly(half_spreads, earned)]
    found = []
    for k, h in enumerate(half_spreads):
        undercut = max([0.0, *earned[:k]])
        if earned[k] / makers >= undercut - 1e-12:
            found.append(int(h))
    return found


def best_response_gap(earned: np.ndarray, strategies: np.ndarray) -> np.ndarray:
    """What each maker forgoes per arrival by not answering best to the others.

    Parameters
    ----------
    earned
        Profit per arrival (K,) of a maker alone at each half-spread, narrow to wide.
    strategies
        Mixed strategy (M, K) of each maker.

    Returns
    -------
    ndarray
        (M,); zeros in equilibrium.
    """
    makers, actions = strategies.shape
    gaps = np.zeros(makers)
    for m in range(makers):
        others = [o for o in range(makers) if o != m]
        value = np.zeros(actions)
        for profile in product(range(actions), repeat=len(others)):
            weight = np.prod([strategies[o, a] for o, a in zip(others, profile, strict=True)])
            narrowest, ties = min(profile, default=actions), 0
            ties = profile.count(narrowest)
            value[:narrowest] += weight * earned[:narrowest]
            if narrowest < actions:
                value[narrowest] += weight * earned[narrowest] / (ties + 1)
        gaps[m] = value.max() - value @ strategies[m]
    return gaps


def optimal_inventory(
    half_spread: np.ndarray,
    skew: np.ndarray,
    *,
    limit: int,
    cost: float,
    arrivals: int,
    volatility: float,
    informed_share: float,
    need: int,
    fee: int = 0,
    tax: int = 0,
) -> tuple[float, np.ndarray]:
    """The best a single maker can do about its inventory: dynamic programming over whole-number inventories.

    Orders are of one share, and the quotes are large enough for all arrivals that the limit allows.

    Parameters
    ----------
    half_spread, skew
        Of every action, (K,).
    limit
        Most shares held or owed.
    cost
        Of holding q shares for a tick, times q squared.

    Returns
    -------
    tuple of (float, ndarray)
        Mean reward per tick of the optimal policy, and its action at inventories -limit..limit.
    """
    size, (counts, drifts) = 2 * limit + 1, _trades(half_spread, skew, arrivals, volatility, informed_share, need, tax)
    bought, sold = np.meshgrid(np.arange(arrivals + 1), np.arange(arrivals + 1), indexing="ij")
    reward, step = np.zeros((size, len(half_spread))), np.zeros((size, len(half_spread), size))
    for q in range(-limit, limit + 1):
        buys, sells = np.minimum(bought, limit - q), np.minimum(sold, limit + q)
        after = q + buys - sells
        for k, (h, s) in enumerate(zip(half_spread, skew, strict=True)):
            margin = buys * (h - s - fee) + sells * (h + s - fee) - cost * after**2
            reward[q + limit, k] = (counts[k] * margin + drifts[k] * (buys - sells)).sum()
            np.add.at(step[q + limit, k], after + limit, counts[k])
    value, gain = np.zeros(size), 0.0
    for _ in range(100_000):
        q_values = reward + step @ value
        fresh = q_values.max(axis=1)
        change = fresh - value
        value, gain = fresh - fresh[limit], float(change.mean())
        if np.ptp(change) < 1e-10:
            break
    return gain, q_values.argmax(axis=1)


def _trades(
    half_spread: np.ndarray, skew: np.ndarray, arrivals: int, volatility: float, informed_share: float, need: int,
    tax: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Joint chances (K, bought, sold) in a tick, and the same weighted by the value's move."""
    size, known = moves(volatility), np.unique(moves(volatility))
    weight = np.array([(size == move).mean() for move in known])
    counts = np.zeros((len(half_spread), arrivals + 1, arrivals + 1))
    drifts = counts.copy()
    for k, (h, s) in enumerate(zip(half_spread, skew, strict=True)):
        lift, hit = h + s + tax, h - s + tax
        for move, chance in zip(known, weight, strict=True):
            sells = informed_share * (move > lift) + (1 - informed_share) * float(chance_needy(lift, need))
            buys = informed_share * (move <= lift and -move > hit)
            buys += (1 - informed_share) * float(chance_needy(hit, need))
            joint = chance * _multinomial(arrivals, buys, sells)
            counts[k] += joint
            drifts[k] += joint * move
    return counts, drifts


def _multinomial(number: int, first: float, second: float) -> np.ndarray:
    """Chances (number + 1, number + 1) of how often two exclusive things happen in so many trials."""
    a, b = np.meshgrid(np.arange(number + 1), np.arange(number + 1), indexing="ij")
    rest = number - a - b
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = gammaln(number + 1) - gammaln(a + 1) - gammaln(b + 1) - gammaln(np.maximum(rest, 0) + 1)
        for times, chance in ((a, first), (b, second), (np.maximum(rest, 0), max(1.0 - first - second, 0.0))):
            logs = logs + np.where(times > 0, times * np.log(chance), 0.0)
    return np.where(rest >= 0, np.exp(logs), 0.0)
