"""Optimal power flow of the published test cases, with direct current, all units offering at cost.

Objectives as PGLib-OPF v23.07 prints them (its table of DC results), and MATPOWER's for 5 and 14 buses; nodal prices
of PJM's five buses (Li and Bo 2010, IEEE PES General Meeting); dispatch and nodal prices of hour 0 of the AMES test bed
(Sun and Tesfatsion 2007, Computational Economics 30). Each by the solver of the world, and by the clearing that
companies meet.
"""

from typing import Any

import models
from models.grid import optimum
from models.grid.model import Grid
from studies.papers import Row, digits

PEAK_HOUR = 17  # of the weekday, when load is what the case prints
AS_PGLIB: dict[str, Any] = {
    "susceptance": "powermodels", "lost_load_per_mwh": 50_000.0, "wind_mw": 0.0, "demand_noise": 0.0
}  # fmt: skip
OBJECTIVES = {  # $/h
    "pjm5": ("17479.90", "MATPOWER, case5"),
    "ieee30": ("7472.8", "PGLib-OPF v23.07"),
    "ieee118": ("93101", "PGLib-OPF v23.07"),
}
PJM = {"A": "16.98", "B": "26.38", "C": "30.00", "D": "39.94", "E": "10.00"}  # $/MWh
AMES_MW = ("110.00", "13.87", "332.53", "0.00", "443.59")
AMES_PRICE = ("15.17", "35.50", "31.65", "21.05", "16.21")  # $/MWh
LI, AMES = "Li and Bo 2010", "Sun and Tesfatsion 2007"


def rows() -> list[Row]:
    """Objectives, prices and dispatch."""
    found = []
    for case, (objective, source) in OBJECTIVES.items():
        world = models.make(f"grid/{case}", learner="truthful", **AS_PGLIB, record_every_ticks=1)
        exact = optimum.truthful_optimum(world, PEAK_HOUR)
        cleared = float(world.run(PEAK_HOUR + 1)["system_cost_per_h"].iloc[-1])
        found.append(digits(f"{case}: least cost, $/h", exact.cost_per_h, objective, source))
        found.append(digits(f"{case}: cost of truthful offers as cleared, $/h", cleared, objective, source))
        if case == "pjm5":
            assert isinstance(world, Grid)
            for (name, price), ours in zip(PJM.items(), world.state.price, strict=True):
                found.append(digits(f"pjm5: price at bus {name} as cleared, $/MWh", float(ours), price, LI))
    fourteen = optimum.truthful_optimum(models.make("grid/ieee14", line_limit_scale=5.0), PEAK_HOUR)
    found.append(digits("ieee14: least cost, $/h", fourteen.cost_per_h, "7642.59", "MATPOWER, case14"))
    ames = optimum.truthful_optimum(models.make("grid/ames5"), hour=0)
    for unit, (mw, ours) in enumerate(zip(AMES_MW, ames.mw, strict=True)):
        found.append(digits(f"ames5, hour 0: unit {unit + 1}, MW", float(ours), mw, AMES))
    for bus, (price, ours) in enumerate(zip(AMES_PRICE, ames.price, strict=True)):
        found.append(digits(f"ames5, hour 0: price at bus {bus + 1}, $/MWh", float(ours), price, AMES))
    return found
