"""Which lines are in service, and how much they carry, under the parameters of a regime block."""

import numpy as np

from models.grid.case import Case
from scenarios import ScenarioError
from scenarios.grid.parameters import Parameters
from scenarios.schema import suggestion


def in_service(case: Case, parameters: Parameters, where: str) -> np.ndarray:
    """Lines that are not out, (L,) bool (raises ScenarioError for names that are no line)."""
    out = [_line(case, name, "outages", where) for name in parameters.outages]
    service = np.ones(len(case.line_names), bool)
    service[out] = False
    return service


def limits(case: Case, parameters: Parameters, where: str) -> np.ndarray:
    """Limits (L,) MW, infinite where there is none."""
    limit = case.limit_mw * parameters.line_limit_scale
    if parameters.limited_line:
        limit[_line(case, parameters.limited_line, "limited_line", where)] = parameters.limited_line_mw
    return limit


def _line(case: Case, name: str, key: str, where: str) -> int:
    if name not in case.line_names:
        known, hint = ", ".join(case.line_names[:12]), suggestion(name, case.line_names)
        more = ", ..." if len(case.line_names) > 12 else "."
        raise ScenarioError(f'{where}: {key}: {case.name} has no line "{name}"; there are {known}{more}{hint}')
    return case.line_names.index(name)
