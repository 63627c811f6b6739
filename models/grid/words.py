"""An agent of the market in words: what it offers when, what it earned, and its values as a small picture."""

from typing import Any, NamedTuple

import numpy as np

from models.grid import state as at
from models.grid.rules import LOAD_BINS, PRICE_BINS, STORAGE_BINS
from models.inspection import HeatMap, Inspection, cells

MOST_FACTS = 4
SAID = {"markup": "+{:g} %", "withhold": "−{:g} %", "price": "${:g}"}
AT = {"hour of the day": "in hours {}", "load, % of capacity": "at loads of {} % of capacity"}
DID = {"markup": "Asked for cost {}", "withhold": "Held back {} of its capacity", "price": "Asked for {}"}


class Table(NamedTuple):
    """Values of an agent by hour (or load) and choice."""

    worth: np.ndarray  # (columns, K) mean over what else the agent sees, by visits
    seen: np.ndarray  # (columns, K) visits
    best: np.ndarray  # (columns,) the choice worth most of those tried, -1 where none was
    columns: list[str]
    title: str


def inspect(world: Any, agent: int) -> Inspection:
    """What one agent did in the last hour, its policy in sentences, and its values by hour (or load) and choice."""
    now, facts = _now(world, agent), _facts(world, agent)
    values, visits = world.values(agent), world.visits(agent)
    if values is None or visits is None:
        return Inspection.of(world, agent, now, facts=facts, role="")
    table = _table(world, agent, values, visits)
    names = [choice_text(world, agent, action) for action in range(world.decision_space.actions)]
    facts.append(("Experience", f"{int(visits.sum()):,} decisions"))
    heat = _heat(table, names, *_here(world, agent))
    return Inspection.of(world, agent, now, _sentences(table, names), heat, facts, role="")


def choice_text(world: Any, agent: int, action: int) -> str:
    """A choice as people say it: "+25 %", "−10 %", "$35", "charge 50 %"."""
    p, offers, last = world.parameters_at_reset, world.offers, world.decision_space.actions - 1
    if agent == offers.storage:
        share = 100 * (action - world.decision_space.actions // 2) / (world.decision_space.actions // 2)
        return "rest" if share == 0 else f"{'discharge' if share > 0 else 'charge'} {abs(share):.0f} %"
    if agent == offers.regulator:
        low, high = world.state.derived.number[world.regime][[at.LOWEST_CAP, at.CAP]]
        return f"${low + action / last * (high - low):,.0f}"
    return SAID[p.strategy].format(p.choices[action])


def _now(world: Any, agent: int) -> str:
    if world.tick == 0:
        return "The market has not opened yet."
    state, offers = world.state, world.offers
    did, earned = choice_text(world, agent, int(world.turn.actions[agent])), state.profit[agent]
    if agent == offers.regulator:
        return f"Holds the price cap at {did}. Consumers paid ${-earned:,.0f} in the last hour."
    if agent == offers.storage:
        return f"Chose to {did}, holds {state.stored_mwh[0]:,.0f} MWh. Earned {_dollars(earned)} in the last hour."
    sold = state.now.mw[slice(*offers.first_offer[agent : agent + 2])].sum()
    price, offered = state.price[offers.home[agent]], DID[world.parameters_at_reset.strategy].format(did)
    return f"{offered}, sold {sold:,.0f} MW at ${price:,.2f}, earned {_dollars(earned)} in the last hour."


def _dollars(amount: float) -> str:
    return f"{'−' if amount < -0.5 else ''}${abs(amount):,.0f}"


def _facts(world: Any, agent: int) -> list[tuple[str, str]]:
    case, offers, state = world.case, world.offers, world.state
    if agent == offers.regulator:
        return [("Decides", "once a day")]
    if agent == offers.storage:
        number = state.derived.number[world.regime]
        return [("Storage", f"{number[at.STORAGE_MW]:g} MW, {number[at.STORAGE_MWH]:g} MWh")]
    own = [u for u, company in enumerate(case.unit_company) if company == world.agent_names[agent]]
    facts = []
    for u in own[:MOST_FACTS]:
        fuel = f", {case.unit_fuel[u]}" if case.unit_fuel[u] else ""
        cost = f"{case.max_mw[u]:,.0f} MW from ${case.cost_per_mwh[u]:.2f}/MWh"
        facts.append((f"Unit {case.unit_names[u]}", cost + fuel))
    facts += [("More units", str(len(own) - MOST_FACTS))] if len(own) > MOST_FACTS else []
    return [*facts, ("Regret", f"${state.regret[agent]:,.0f} in the hour sampled last")]


def _table(world: Any, agent: int, values: np.ndarray, visits: np.ndarray) -> Table:
    columns, title = _columns(world, agent)
    bins = _bins(world, agent)
    shape = (len(columns), bins, values.shape[1])
    worth, seen = (part[: len(columns) * bins].reshape(shape) for part in (values, visits))
    total = seen.sum(axis=1)
    mean = np.divide((worth * seen).sum(axis=1), total, out=np.zeros(total.shape), where=total > 0)
    best = np.where(total.any(axis=1), np.where(total > 0, mean, -np.inf).argmax(axis=1), -1)
    return Table(mean, total, best, columns, title)


def _columns(world: Any, agent: int) -> tuple[list[str], str]:
    """What tells states of a kind apart: hours, or steps of load."""
    sees = world.parameters_at_reset.sees
    if sees == "nothing" or agent == world.offers.regulator:
        return ["any"], "hour of the day"
    if sees == "hour":
        return [str(hour) for hour in range(at.HOURS)], "hour of the day"
    return [f"{100 * step / LOAD_BINS:.0f}" for step in range(LOAD_BINS)], "load, % of capacity"


def _bins(world: Any, agent: int) -> int:
    """How many states share a column."""
    if agent == world.offers.storage:
        return STORAGE_BINS
    return PRICE_BINS if world.parameters_at_reset.sees == "market" and agent != world.offers.regulator else 1


def _here(world: Any, agent: int) -> tuple[int, int]:
    """Choice and column of the last decision."""
    return int(world.turn.actions[agent]), int(world.turn.past_states[agent]) // _bins(world, agent)


def _sentences(table: Table, names: list[str]) -> list[str]:
    """The policy: what is preferred most often, and where it is something else."""
    known = table.best[table.best >= 0]
    if not known.size:
        return ["Has not learned anything yet."]
    counts = np.bincount(known)
    usual = int(counts.argmax())
    said = [f"Prefers {names[usual]}" + (" always." if counts[usual] == known.size else " mostly.")]
    for action in np.argsort(-counts, kind="stable")[:3].tolist():
        if action != usual and counts[action]:
            where = _ranges(np.flatnonzero(table.best == action).tolist(), table.columns)
            said.append(f"{names[action]} {AT[table.title].format(where)}.")
    return said


def _ranges(numbers: list[int], labels: list[str]) -> str:
    """Columns as people write them: "7–9, 18"."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return ", ".join(labels[g[0]] if len(g) == 1 else f"{labels[g[0]]}–{labels[g[-1]]}" for g in groups)


def _heat(table: Table, names: list[str], choice: int, column: int) -> HeatMap:
    """Choices upwards, hours or load rightwards; in every column 1 is the best that has been tried, 0 the worst."""
    tried = table.seen > 0
    low = table.worth.min(axis=1, keepdims=True, initial=np.inf, where=tried)
    span = table.worth.max(axis=1, keepdims=True, initial=-np.inf, where=tried) - low
    lean = np.where(tried, np.divide(table.worth - low, span, out=np.ones(tried.shape), where=span > 0), 0.0)
    actions = np.arange(len(names))[::-1, None]
    return HeatMap(
        rows=names[::-1],
        columns=table.columns,
        row_title="choice",
        column_title=table.title,
        cells=cells(lean.T[::-1], table.seen.T[::-1], actions, table.best == actions),
        here=(len(names) - 1 - choice, column),
        actions=names,
        ordered=True,
    )


NOT_TABULATED = (
    "Theory lines and collusion are left out: working them out for so large a market takes minutes. "
    "To have them, set tabulate = true."
)


def least_output(mw: np.ndarray, commitment: str) -> str:
    """What becomes of the least output of units (n,)."""
    units, they, run = ("1 unit", "it", "runs") if mw.size == 1 else (f"{mw.size} units", "they", "run")
    least = f"least output of {units} ({mw.sum():,.0f} MW)"
    if commitment == "as given":
        return f"The {least} {run} at any price, for commitment is as given."
    return (
        f"The {least} is left out of the market: {they} may stop, and costs can be lower than true. "
        'To keep to it, set commitment = "as given".'
    )
