"""What theory says of an hour: it is a game in which every company picks one of K choices, and it can be tabulated.

Weather is calm and every unit works; storage rests and the regulator leaves the highest cap. Best replies go in the
order of the companies, from truth; a company that cannot do better keeps what it does. Games of more than
`LARGEST_GAME` profiles an hour are not tabulated: equilibria are then found by replies, cartels by climbing.
"""

from typing import Any, NamedTuple

import numpy as np

from models.grid import game
from models.grid.state import HOURS

ROUNDS = 50  # of replies; a path that has not come to rest by then circles
LARGEST_GAME = 4_096
TIE = 1e-9  # of the larger profit: differences below it are rounding


class Table(NamedTuple):
    """Outcomes of P imagined hours; C companies."""

    profit: np.ndarray  # (P, C) $/h
    cost: np.ndarray  # (P,) $/h, system cost
    price: np.ndarray  # (P,) $/MWh, load-weighted nodal price


def clear(state: Any, block: int, hours: np.ndarray, profiles: np.ndarray) -> Table:
    """Clear an hour of the day (P,) for every profile of choices (P, C)."""
    count, companies = profiles.shape
    table = Table(np.zeros((count, companies)), np.zeros(count), np.zeros(count))
    game.tabulate(state, block, hours.astype(np.int64), profiles.astype(np.int64), *table)
    return table


def truthful(state: Any, block: int) -> np.ndarray:
    """Choices (C,) of companies that offer at cost."""
    actions = np.zeros(state.asked.size, np.int64)
    game.take_quietly(state, block, actions)
    return actions[: state.first_offer.size - 1]


def best_replies(state: Any, block: int, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Replies in turn from `start` (HOURS, C): the profiles reached, and in which hours (HOURS,) they rest."""
    held, hours = start.copy(), np.arange(HOURS)
    choices, companies = state.choice.size, held.shape[1]
    for _ in range(ROUNDS):
        before = held.copy()
        for i in range(companies):
            asked = np.repeat(held, choices, axis=0)
            asked[:, i] = np.tile(np.arange(choices), HOURS)
            earned = clear(state, block, np.repeat(hours, choices), asked).profit[:, i].reshape(HOURS, choices)
            own = earned[hours, held[:, i]]
            better = earned.max(axis=1) > own + TIE * np.maximum(np.abs(own), 1.0)
            held[better, i] = earned.argmax(axis=1)[better]
        if (rests := (held == before).all(axis=1)).all():
            break
    return held, rests


def marks(state: Any, block: int) -> np.ndarray:
    """Joint profit (HOURS, 2), $/h: at the equilibrium that best replies reach from truth, and of a cartel."""
    hours = np.arange(HOURS)
    reached, _ = best_replies(state, block, np.tile(truthful(state, block), (HOURS, 1)))
    equilibrium = clear(state, block, hours, reached).profit.sum(axis=1)
    return np.stack((equilibrium, cartel(state, block, reached)), axis=1)


def cartel(state: Any, block: int, start: np.ndarray) -> np.ndarray:
    """Largest joint profit of every hour, (HOURS,) $/h, of all profiles or of a climb from `start` (HOURS, C)."""
    choices, companies = state.choice.size, start.shape[1]
    if choices**companies <= LARGEST_GAME:
        profiles = all_profiles(choices, companies)
        hours = np.repeat(np.arange(HOURS), len(profiles))
        joint = clear(state, block, hours, np.tile(profiles, (HOURS, 1))).profit.sum(axis=1)
        return joint.reshape(HOURS, -1).max(axis=1)
    held, hours = start.copy(), np.arange(HOURS)
    best = clear(state, block, hours, held).profit.sum(axis=1)
    for _ in range(ROUNDS):
        before = best.copy()
        for i in range(companies):
            asked = np.repeat(held, choices, axis=0)
            asked[:, i] = np.tile(np.arange(choices), HOURS)
            joint = clear(state, block, np.repeat(hours, choices), asked).profit.sum(axis=1).reshape(HOURS, choices)
            better = joint.max(axis=1) > best + TIE * np.maximum(np.abs(best), 1.0)
            held[better, i] = joint.argmax(axis=1)[better]
            best = np.maximum(best, joint.max(axis=1))
        if (best <= before + TIE * np.maximum(np.abs(before), 1.0)).all():
            break
    return best


def all_profiles(choices: int, companies: int) -> np.ndarray:
    """Every profile (choices ** companies, companies), the last company's choice running fastest."""
    return np.stack(np.unravel_index(np.arange(choices**companies), (choices,) * companies), axis=1)


def lines(world: Any, metric: str) -> dict[str, list[float]]:
    """Best-reply equilibrium and cartel for the profit, one value per regime block."""
    if metric != "profit_per_h":
        return {}
    mark = world.state.derived.mark.mean(axis=1)
    return {"best response": mark[:, 0].tolist(), "cartel": mark[:, 1].tolist()}
