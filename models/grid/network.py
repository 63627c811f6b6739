"""What a MW fed in at a bus does to the lines: power transfer distribution factors (PTDF) of the DC power flow.

Voltages are 1 per unit, angles are small, nothing is lost: flow_l = b_l (angle_from - angle_to - shift_l). Two
conventions for the susceptance b are in use: "matpower" takes 1 / (x tap), "powermodels" x / (r^2 + x^2), there without
taps and shifts, which is what the published DC objectives of PGLib-OPF were computed with.
Sources: Wood, Wollenberg and Sheble 2014, Power Generation, Operation and Control, ch. 7; MATPOWER User's Manual,
sec. 3.6; PowerModels.jl, DCPPowerModel.
"""

from typing import Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models.grid.case import Case
from scenarios import ScenarioError

Susceptance = Literal["matpower", "powermodels"]


def islands(case: Case, in_service: np.ndarray) -> np.ndarray:
    """Island of every bus, (n_b,) int64 from 0, when only the lines `in_service` (n_l,) are there."""
    buses = len(case.bus_names)
    ends = case.line_from[in_service], case.line_to[in_service]
    _, island = connected_components(coo_array((np.ones(ends[0].size), ends), shape=(buses, buses)), directed=False)
    return island.astype(np.int64)


def ptdf(case: Case, in_service: np.ndarray, susceptance: Susceptance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Factors of flows.

    Parameters
    ----------
    case
        The network.
    in_service
        (n_l,) bool.
    susceptance
        "matpower" or "powermodels".

    Returns
    -------
    ptdf
        (n_l, n_b) MW on a line, from -> to, per MW fed in at a bus and taken out at the first bus of its island;
        rows of lines out of service are 0.
    offset_mw
        (n_l,) flow that phase shifters drive when nothing is fed in.
    island
        (n_b,) int64.

    Raises
    ------
    ScenarioError
        If negative reactances cancel others, so that flows are not determined.
    """
    island = islands(case, in_service)
    lines, buses = len(case.line_names), len(case.bus_names)
    b, shift = _susceptance(case, susceptance)
    incidence = np.zeros((lines, buses))
    incidence[np.arange(lines), case.line_from] = 1.0
    incidence[np.arange(lines), case.line_to] -= 1.0
    by_angle = np.where(in_service, b, 0.0)[:, None] * incidence
    others = np.setdiff1d(np.arange(buses), np.unique(island, return_index=True)[1])
    factors = np.zeros((lines, buses))
    try:
        laplacian = (incidence.T @ by_angle)[np.ix_(others, others)]  # symmetric
        factors[:, others] = np.linalg.solve(laplacian, by_angle[:, others].T).T
    except np.linalg.LinAlgError:
        raise ScenarioError(f"{case.name}: negative reactances cancel others; change reactance_pu of one") from None
    driven = -case.base_mva * np.where(in_service, b * shift, 0.0)
    return factors, driven - factors @ (incidence.T @ driven), island


def _susceptance(case: Case, convention: Susceptance) -> tuple[np.ndarray, np.ndarray]:
    """Susceptance (per unit) and phase shift (rad) of every line."""
    if convention == "powermodels":
        return case.reactance_pu / (case.resistance_pu**2 + case.reactance_pu**2), np.zeros(case.shift_deg.size)
    return 1.0 / (case.reactance_pu * case.tap), np.radians(case.shift_deg)
