"""Where everything is drawn: buses, lines and agents, and the last hour as a few small arrays."""

from typing import Any

import numpy as np

from models.grid.state import NONE, STORAGE_MWH


def scene(world: Any) -> dict[str, Any]:
    """Buses at their places (0..1, y down), lines, agents with the buses of their units, and the lines to switch."""
    case = world.case
    buses = zip(case.bus_names, case.bus_x.tolist(), case.bus_y.tolist(), strict=True)
    lines = zip(case.line_names, case.line_from.tolist(), case.line_to.tolist(), strict=True)
    return {
        "kind": "grid",
        "buses": [{"name": name, "x": x, "y": y} for name, x, y in buses],
        "lines": [{"name": name, "from": start, "to": end} for name, start, end in lines],
        "agents": [_agent(world, i) for i in range(len(world.agent_names))],
        "load_mw": case.load_mw.mean(axis=0).round(1).tolist(),
        "strategy": world.parameters_at_reset.strategy,
        "switches": {
            "parameter": "outages", "noun": "line", "off": "Take out", "on": "Put back",
            "names": [[name] for name in case.line_names],
        },
    }  # fmt: skip


def _agent(world: Any, i: int) -> dict[str, Any]:
    """Name, kind, and the buses it is drawn at, that of its largest unit first."""
    offers, home = world.offers, int(world.offers.home[i])
    if i == offers.regulator:
        return {"name": world.agent_names[i], "kind": "regulator", "buses": []}
    if i == offers.storage:
        return {"name": world.agent_names[i], "kind": "storage", "buses": [home]}
    own = offers.bus[offers.first_offer[i] : offers.first_offer[i + 1]]
    others = sorted(set(own.tolist()) - {home})
    return {"name": world.agent_names[i], "kind": "company", "buses": [home, *others]}


def frame(world: Any) -> dict[str, np.ndarray]:
    """The last hour: prices ($/MWh) and load served and shed (MW) by bus, flows (MW, from -> to) and limits by line.

    Of every agent its choice (per cent, or $/MWh), output (MW) and profit ($); of storage how full it is (0..1).
    """
    state, offers, block = world.state, world.offers, world.turn.block[0]
    derived, cleared, buses = state.derived, state.now, state.price.size
    demand = slice(offers.wind + 2, None)
    supply = np.flatnonzero(offers.owner != NONE)
    firm = (offers.step == world.parameters_at_reset.elastic_steps)[demand]  # worth the value of lost load
    unserved = cleared.mw[demand]
    choice = np.array(world.parameters_at_reset.choices)[world.turn.actions]
    choice[offers.first_offer.size - 1 :] = np.nan  # what others choose is no markup
    parts = {
        "price": state.price,
        "flow": cleared.flow,
        "limit": derived.limit[block],
        "load": np.bincount(offers.bus[demand], cleared.offered[demand] - unserved, buses),
        "shed": np.bincount(offers.bus[demand], unserved * firm, buses),
        "choice": choice,
        "mw": np.bincount(offers.owner[supply], cleared.mw[supply], len(world.agent_names)),
        "profit": state.profit,
        "stored": state.stored_mwh / np.maximum(derived.number[block, STORAGE_MWH], 1e-9),
        "cap": state.cap_per_mwh,
    }
    small = {name: np.asarray(part, np.float32) for name, part in parts.items()}
    return {**small, "out": (~derived.in_service[block]).astype(np.uint8)}
