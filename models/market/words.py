"""One agent of a market in words, and what it has learned as a small table."""

from dataclasses import replace
from typing import Any

import numpy as np

from models.inspection import HeatMap, Inspection, worth

SHOWN = 9  # rows of a table


def inspect(world: Any, agent: int) -> Inspection:
    """What one agent holds, knows and would do."""
    book, turn = world.state.book, world.turn
    facts = [
        ("Shares", f"{book.shares[agent]:+,}"),
        ("Cash", f"{book.cash[agent]:+,}"),
        ("Gain in the last tick", f"{turn.rewards[agent]:+.4g}"),
        ("May trade with", str(int(book.open[book.start[agent] : book.start[agent + 1]].sum()))),
    ]
    about = Inspection.of(world, agent, now(world, agent), facts=facts, role=role(world, agent))
    values, visits = world.values(agent), world.visits(agent)
    if values is None or visits is None or not (world.is_auction or world.state.is_maker[agent]):
        return about
    state = int(turn.past_states[agent])
    best = int(world.preferred(agent)[state])
    said = f"Prefers {choice(world, best)}: worth {values[state, best]:.3g} from here on."
    return replace(about, policy=[said], heat=_heat(world, agent, values, visits, state))


def role(world: Any, agent: int) -> str:
    """What an agent is."""
    if world.is_auction:
        return "Seller" if world.state.side[agent] else "Buyer"
    return "Market maker" if world.state.is_maker[agent] else "Trader"


def now(world: Any, agent: int) -> str:
    """What an agent does, in a sentence."""
    state = world.state
    if world.is_auction:
        value = int(state.value[agent])
        if not state.active[agent]:
            return f"Has traded today; the unit was worth {value}."
        return f"Values the unit at {value} and last named {int(state.limit[agent])}."
    if not state.is_maker[agent]:
        return "Comes now and then, and trades where it pays; it has nothing to learn."
    view = world.make_agent(agent)
    if view.bid is None and view.ask is None:
        return "Quotes nothing."
    bid, ask = (f"{price:,}" if price is not None else "nothing" for price in (view.bid, view.ask))
    return f"Bids {bid} and asks {ask}; the value is {int(state.value[0]):,}."


def choice(world: Any, action: int) -> str:
    """An action in words."""
    state = world.state
    if world.is_auction:
        return f"{state.shade[action]:.0%} off"
    half, skew = int(state.half_spread[action]), int(state.skew[action])
    if half < 0:
        return "out"
    return f"±{half}" + (f" {skew:+d}" if np.any(state.skew) else "")


def _seen(world: Any, state: int) -> str:
    p = world.parameters_at_reset
    if not world.is_auction:
        return f"holds {state - p.inventory_limit:+d}" if p.inventory_limit else "any"
    low, high = (100 * (state % p.value_bins + more) // p.value_bins for more in (0, 1))
    strength = f"value {low}–{high} %"
    return strength if p.phases == 1 else f"{strength}, phase {state // p.value_bins + 1}"


def _heat(world: Any, agent: int, values: np.ndarray, visits: np.ndarray, state: int) -> HeatMap:
    """The table of values around the present state."""
    first = min(max(0, state - SHOWN // 2), max(0, len(values) - SHOWN))
    rows = range(first, min(first + SHOWN, len(values)))
    names = [choice(world, action) for action in range(values.shape[1])]
    return HeatMap(
        rows=[_seen(world, s) for s in rows],
        columns=names,
        row_title="value and phase" if world.is_auction else "shares held",
        column_title="worth of each price" if world.is_auction else "worth of each half-spread",
        cells=worth(values[rows.start : rows.stop], visits[rows.start : rows.stop]),
        here=(state - first, int(world.turn.actions[agent])),
        actions=names,
    )
