"""What the page shows beside the picture: how close to a cartel, what each company offers, and who paid whom."""

from typing import Any

import numpy as np

from models.grid import theory
from models.grid.state import NODAL, NONE, Derived
from models.panels import Bar, Barred, Dial, Heading, Ledger, Panel, Row, Table, Words

RECENT_WINDOWS = 4
SMALLEST_ROOM = 1e-6  # between best response and cartel, as a share of the cartel's profit
MOST_ROWS = 12  # of the table; in larger markets the companies with the most capacity
WELL_ABOVE = 1 / 3  # of the way from best response to cartel
ENDS = ["best response", "cartel"]
SAID = {
    "markup": ("Markup over cost", "+{:.0f} %"),
    "withhold": ("Withheld", "{:.0f} %"),
    "price": ("Price asked", "${:.0f}"),
}


def panels(world: Any) -> list[Panel]:
    """What to know of this run, where there is such; dial where its ends were worked out, table and ledger."""
    told = [Words("What to know", "", notes) for notes in [world.notes()] if notes]
    dial = [_dial(world)] if _is_tabulated(world) else []
    return [*told, *dial, _table(world), _ledger(world)]


def _is_tabulated(world: Any) -> bool:
    """Whether equilibrium and cartel are known."""
    return not np.isnan(world.state.derived.mark).any()


def _dial(world: Any) -> Dial:
    """Joint profit of the last windows between best response (0) and cartel (1)."""
    rows = world.record.arrays()["metrics"][-RECENT_WINDOWS:, world.record.names.index("collusion")]
    profit = {name: values[world.turn.block[0]] for name, values in world.theory_lines("profit_per_h").items()}
    truth, reply, cartel = profit["truthful"], profit["best response"], profit["cartel"]
    room = cartel - reply
    possible = room > SMALLEST_ROOM * max(abs(cartel), 1.0)
    return Dial(
        title="How close to a cartel?",
        note="0 best response, 1 cartel" if possible else "a cartel would earn no more",
        value=float(rows.mean()) if rows.size and possible else None,
        marks=[(0.0, ENDS[0]), (1.0, ENDS[1]), *([((truth - reply) / room, "truthful")] if possible else [])],
        trend="regret_per_h",
    )


def _table(world: Any) -> Table:
    """Mean choice of each company over the last day, beside equilibrium and cartel where these are known."""
    offers, state, p = world.offers, world.state, world.parameters_at_reset
    companies = offers.first_offer.size - 1
    choices = np.array(p.choices)
    mine = choices[state.choices[:, :companies]].mean(axis=0)
    known = _is_tabulated(world)
    marks = [choices[profiles].mean(axis=0) for profiles in _benchmarks(world)] if known else [mine, mine]
    own = [slice(*offers.first_offer[i : i + 2]) for i in range(companies)]
    capacity = [float(state.derived.capacity[world.turn.block[0], part].sum()) for part in own]
    shown = sorted(np.argsort(-np.array(capacity), kind="stable")[:MOST_ROWS].tolist())
    title, sign = SAID[p.strategy]
    rows = []
    for i in shown:
        reply, cartel = (float(mark[i]) for mark in marks)
        above = mine[i] > reply + max(WELL_ABOVE * (cartel - reply), 0.05 * choices[-1])
        bar = Barred(float(mine[i]), [reply, cartel], bool(above))
        cost = float(state.derived.cost[world.turn.block[0], own[i]].min())
        sold = float(state.now.mw[own[i]].sum())
        said = [bar, sign.format(mine[i])] if known else [sign.format(mine[i])]
        cells = [world.agent_names[i], sold, cost, *said, float(state.regret[i])]
        rows.append(Row(i, cells))
    more = f"the {len(shown)} largest of {companies}; " if len(shown) < companies else ""
    barred = [Heading(title, Bar(float(choices[-1]), ENDS, "well above")), Heading("")] if known else [Heading(title)]
    return Table(
        title="What each company offers",
        note=f"{more}mean of a day",
        columns=[Heading("Company"), Heading("MW"), Heading("Cost"), *barred, Heading("Regret")],
        rows=rows,
        unit="$/MWh, $/h",
    )


def _benchmarks(world: Any) -> tuple[np.ndarray, np.ndarray]:
    """Choices (HOURS, C) at the best-reply equilibrium and of a cartel, found once for equal parameters."""
    known = world.__dict__.setdefault("_profiles", {})
    block = int(world.turn.block[0])  # of the last hour
    key = world.scenario.parameters_by_block(world._pinned)[block]
    if key not in known:
        alone = Derived(*(np.ascontiguousarray(part[[block]]) for part in world.state.derived))
        market = world.make_state([world.parameters_at_reset], alone)
        reached, _ = theory.best_replies(market, 0, np.tile(theory.truthful(market, 0), (theory.hours_of(market), 1)))
        known[key] = reached, theory.cartel(market, 0, reached)
    found: tuple[np.ndarray, np.ndarray] = known[key]
    return found


def _ledger(world: Any) -> Ledger:
    """Who paid whom in the last hour; under nodal prices the sum is an identity."""
    state, offers, block = world.state, world.offers, world.turn.block[0]
    cleared, derived = state.now, state.derived
    price = state.price[offers.bus]
    demand, supply = slice(offers.wind + 2, None), slice(0, offers.wind + 1)
    if derived.pricing[block] != NODAL:
        earned = float(sum(state.profit[: offers.first_offer.size - 1]))
        each = (derived.cost[block] + derived.rise[block] * cleared.mw / 2) * cleared.mw
        cost = float(each[offers.owner != NONE].sum())
        title = f"Settlement, {world.parameters['pricing'].replace('_', ' ')}"
        receive, parts = cost + earned, [("their cost", cost), ("their profit", earned)]
        return Ledger(title, "last hour", ("Companies receive", receive), parts, "$/h")
    receive = float((price * cleared.mw)[supply].sum())
    pay = float((price * (cleared.offered - cleared.mw))[demand].sum())
    rent = -float(cleared.shadow_price @ (cleared.flow - derived.shift_flow[block]))
    storage = [("Storage, net", float(state.profit[offers.storage]))] if offers.storage != NONE else []
    parts = [("Suppliers receive", receive), *storage, ("Congestion rent", rent)]
    return Ledger("Settlement", "last hour", ("Loads pay", pay), parts, "$/h")
