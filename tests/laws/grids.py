"""Small power markets for the laws, written as the tables a user would write."""

import models

HEADERS = {
    "buses": "bus,load_mw",
    "lines": "from_bus,to_bus,reactance_pu,limit_mw",
    "units": "unit,bus,company,max_mw,cost_per_mwh,cost_per_mw2h",
    "hours": "hour,{}",
}


def write(folder, load, units, lines=()):
    """A case with the same load in every hour.

    Parameters
    ----------
    load
        MW by bus.
    units
        Bus, MW, cost per MWh and, if it rises, per MW²h; each is a company of its own.
    lines
        Bus, bus, limit in MW.
    """
    rows = {
        "buses": [f"{bus},0" for bus in load],
        "hours": [",".join(map(str, (hour, *load.values()))) for hour in range(24)],
        "lines": [f"{a},{b},0.1,{limit}" for a, b, limit in lines],
        "units": [f"G{i + 1},{u[0]},G{i + 1},{u[1]},{u[2]},{u[3] if u[3:] else 0}" for i, u in enumerate(units)],
    }
    for table, header in HEADERS.items():
        text = "\n".join([header.format(",".join(load)), *rows[table]])
        (folder / f"{table}.csv").write_text(text + "\n", encoding="utf-8")
    (folder / "about.toml").write_text('source = "hand calculation"\nbase_mva = 100\n', encoding="utf-8")
    return str(folder)


def world(case, learner="truthful", seed=0, **changes):
    """The market of a case, without noise."""
    return models.make("grid/ames5", learner=learner, seed=seed, case=case, demand_noise=0.0, **changes)
