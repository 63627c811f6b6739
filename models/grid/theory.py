"""What theory says of an hour: it is a game in which every company picks one of K choices, and it can be tabulated.

Weather is calm and every unit works; storage rests and the regulator leaves the highest cap. Best replies go in the
order of the companies, from truth; a company that cannot do better keeps what it does. Games of more than
`LARGEST_GAME` profiles an hour are not tabulated: equilibria are then found by replies, cartels by climbing.
What needs no game is in `closed_forms.py`, the truthful optimum of quadratic costs in `optimum.py`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from models.grid import game

ROUNDS = 50  # of replies; a path that has not come to rest by then circles
LARGEST_GAME = 4_096
LARGEST_ROUND, LARGEST_WORK = 3_000, 3e8  # hours that a round of replies clears; these by (offers + lines) squared
TIE = 1e-9  # of the larger profit: differences below it are rounding


class Table(NamedTuple):
    """Outcomes of P imagined hours; C companies."""

    profit: np.ndarray  # (P, C) $/h
    cost: np.ndarray  # (P,) $/h, system cost
    payment: np.ndarray  # (P,) $/h, of consumers
    served: np.ndarray  # (P,) MW

    @property
    def price(self) -> np.ndarray:
        """(P,) $/MWh, what consumers pay per MWh served; 0 where nothing is."""
        return np.divide(self.payment, self.served, out=np.zeros_like(self.payment), where=self.served > 0)


VALUE: dict[str, Callable[[Table], np.ndarray]] = {
    "price_per_mwh": lambda table: table.price,
    "system_cost_per_h": lambda table: table.cost,
    "profit_per_h": lambda table: table.profit.sum(axis=1),
}


def clear(state: Any, block: int, hours: np.ndarray, profiles: np.ndarray) -> Table:
    """Clear an hour of the day (P,) for every profile of choices (P, C)."""
    count, companies = profiles.shape
    calm = state._replace(weather=np.zeros_like(state.weather), working=np.ones_like(state.working))
    table = Table(np.zeros((count, companies)), *np.zeros((3, count)))
    game.tabulate(calm, block, hours.astype(np.int64), profiles.astype(np.int64), *table)
    return table


def hours_of(state: Any) -> int:
    """Hours of the case, T: those of a day, or of whole days more."""
    return int(state.derived.load.shape[1])


def truthful(state: Any, block: int) -> np.ndarray:
    """Choices (C,) of companies that offer at cost."""
    actions = np.zeros(state.asked.size, np.int64)
    game.take_quietly(state, block, actions)
    return actions[: state.first_offer.size - 1]


# The whole game of an hour -------------------------------------------------------------------------------------------


def all_profiles(choices: int, companies: int) -> np.ndarray:
    """Every profile (choices ** companies, companies), the last company's choice running fastest."""
    return np.stack(np.unravel_index(np.arange(choices**companies), (choices,) * companies), axis=1)


def pure_equilibria(state: Any, block: int, hour: int) -> np.ndarray:
    """All profiles (E, C) of an hour that no company gains by leaving alone.

    Raises
    ------
    ValueError
        If the game has more than `LARGEST_GAME` profiles.
    """
    choices, companies = state.choice.size, state.first_offer.size - 1
    if choices**companies > LARGEST_GAME:
        raise ValueError(
            f"{choices} choices of {companies} companies are {choices**companies:,} profiles, at most "
            f"{LARGEST_GAME:,} are tabulated; start `best_replies` from several profiles instead"
        )
    profiles = all_profiles(choices, companies)
    profit = clear(state, block, np.full(len(profiles), hour), profiles).profit
    stays = np.ones(len(profiles), bool)
    for i in range(companies):
        own = profit[:, i].reshape((choices,) * companies)
        best = np.broadcast_to(own.max(axis=i, keepdims=True), own.shape).reshape(-1)
        stays &= best <= profit[:, i] + TIE * np.maximum(np.abs(profit[:, i]), 1.0)
    return profiles[stays]


def regret(state: Any, block: int, hours: np.ndarray, profiles: np.ndarray) -> np.ndarray:
    """What a best reply would add to the profit of each company, (P, C) $/h, in hours (P,) with profiles (P, C)."""
    found = np.zeros(profiles.shape)
    own = clear(state, block, hours, profiles).profit
    for i in range(profiles.shape[1]):
        found[:, i] = _replies(state, block, hours, profiles, i).profit[:, i].reshape(hours.size, -1).max(axis=1)
    return np.maximum(found - own, 0.0)


def _replies(state: Any, block: int, hours: np.ndarray, profiles: np.ndarray, company: int) -> Table:
    """Every choice of one company against each profile: (P * K) outcomes, its choice running fastest."""
    choices = state.choice.size
    asked = np.repeat(profiles, choices, axis=0)
    asked[:, company] = np.tile(np.arange(choices), len(profiles))
    return clear(state, block, np.repeat(hours, choices), asked)


# A day ---------------------------------------------------------------------------------------------------------------


def best_replies(state: Any, block: int, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Replies in turn from `start` (T, C): the profiles reached, and in which hours (T,) they rest."""
    return _climb(state, block, start, lambda table, company: table.profit[:, company])


def cartel(state: Any, block: int, start: np.ndarray) -> np.ndarray:
    """Profiles (T, C) of largest joint profit: of all profiles, or of a climb from `start` (T, C)."""
    choices, companies = state.choice.size, start.shape[1]
    if choices**companies > LARGEST_GAME:
        return _climb(state, block, start, lambda table, company: table.profit.sum(axis=1))[0]
    profiles = all_profiles(choices, companies)
    hours = np.repeat(np.arange(hours_of(state)), len(profiles))
    joint = clear(state, block, hours, np.tile(profiles, (hours_of(state), 1))).profit.sum(axis=1)
    return profiles[joint.reshape(hours_of(state), -1).argmax(axis=1)]


def _climb(
    state: Any, block: int, start: np.ndarray, worth: Callable[[Table, int], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Let the companies in turn pick what is worth most; the profiles reached, and where (T,) they rest."""
    held, hours = start.copy(), np.arange(hours_of(state))
    for _ in range(ROUNDS):
        before = held.copy()
        for i in range(held.shape[1]):
            found = worth(_replies(state, block, hours, held, i), i).reshape(hours.size, -1)
            own = found[hours, held[:, i]]
            better = found.max(axis=1) > own + TIE * np.maximum(np.abs(own), 1.0)
            held[better, i] = found.argmax(axis=1)[better]
        rests = (held == before).all(axis=1)
        if rests.all():
            break
    return held, rests


def marks(state: Any, block: int) -> np.ndarray:
    """Joint profit, system cost, consumers' payment, load served (T, 3, 4) by truth, best replies and a cartel."""
    hours = np.arange(hours_of(state))
    truth = np.tile(truthful(state, block), (hours.size, 1))
    reached, _ = best_replies(state, block, truth)
    found = [clear(state, block, hours, profiles) for profiles in (truth, reached, cartel(state, block, reached))]
    return np.stack([np.stack((t.profit.sum(axis=1), t.cost, t.payment, t.served), axis=1) for t in found], axis=1)


def summary(state: Any, block: int, metric: str = "profit_per_h") -> pd.DataFrame:
    """What theory says of a metric of `lines` in each hour of the case.

    Returns
    -------
    DataFrame
        T rows. Columns "truthful", "best response" (NaN where replies circle), "cartel"; "equilibria", the number of
        pure equilibria, and the "lowest" and "highest" value at one of them (NaN where there is none).
    """
    hours = np.arange(hours_of(state))
    truth = np.tile(truthful(state, block), (hours.size, 1))
    reached, rests = best_replies(state, block, truth)
    found = pd.DataFrame(index=pd.RangeIndex(hours.size, name="hour"))
    for name, profiles in ("truthful", truth), ("best response", reached), ("cartel", cartel(state, block, reached)):
        found[name] = VALUE[metric](clear(state, block, hours, profiles))
    found.loc[~rests, "best response"] = np.nan
    values = []
    for hour in hours.tolist():
        profiles = pure_equilibria(state, block, hour)
        values.append(VALUE[metric](clear(state, block, np.full(len(profiles), hour), profiles)))
    found["equilibria"] = [v.size for v in values]
    found["lowest"] = [v.min() if v.size else np.nan for v in values]
    found["highest"] = [v.max() if v.size else np.nan for v in values]
    return found


def is_quick(state: Any) -> bool:
    """Whether `marks` takes seconds at most; larger markets are tabulated on demand."""
    hours = hours_of(state) * (state.first_offer.size - 1) * state.choice.size
    return hours <= LARGEST_ROUND and hours * (state.bus.size + state.now.flow.size) ** 2 <= LARGEST_WORK


def lines(world: Any, metric: str) -> dict[str, list[float]]:
    """Truthful offers, best replies from there and a cartel: the mean over the hours, by regime block.

    None for other metrics, and where `marks` were not worked out.
    """
    if metric not in VALUE or np.isnan(world.state.derived.mark).any():
        return {}
    mark = world.state.derived.mark.sum(axis=1)  # (B, 3, 4)
    names = ("truthful", "best response", "cartel")
    return {
        name: [_mean(by_block[rule], metric, hours_of(world.state)) for by_block in mark]
        for rule, name in enumerate(names)
    }


def _mean(sums: np.ndarray, metric: str, hours: int) -> float:
    profit, cost, payment, served = sums
    if metric == "price_per_mwh":
        return float(payment / served) if served > 0 else 0.0
    return float((profit if metric == "profit_per_h" else cost) / hours)
