"""Elements of SUMO's files of routes by themselves: types of vehicles, flows, distributions, numbers and times.

Format: https://sumo.dlr.de/docs/Definition_of_Vehicles.html. Defaults were asked of SUMO 1.28.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from scenarios import ScenarioError, check_regular

HOUR_S = 3600.0
DAY_S = 86_400.0  # that a flow without an end lasts
LENGTHS_M = {
    "bus": 12.0, "coach": 14.0, "delivery": 6.5, "truck": 7.1, "trailer": 16.5, "emergency": 6.5, "motorcycle": 2.2,
    "moped": 2.1, "bicycle": 1.6, "scooter": 1.2,
}  # fmt: skip  # of classes of vehicles that are not as long as passenger cars
GAPS_M = {"bicycle": 0.5, "scooter": 0.5}
ROOTS = ("routes", "additional")


class VehicleType(NamedTuple):
    """What a type of vehicles says, with SUMO's own defaults of passenger cars."""

    length: float = 5.0
    minGap: float = 2.5  # noqa: N815  # names of the format
    tau: float = 1.0
    sigma: float = 0.5

    @classmethod
    def of(cls, element: ET.Element, path: Path) -> "VehicleType":
        """A <vType> (raises ScenarioError)."""
        kind = element.get("vClass", "")
        usual = cls(LENGTHS_M.get(kind, 5.0), GAPS_M.get(kind, 2.5))
        said = {name: element.get(name) for name in cls._fields}
        return usual._replace(**{name: number(text, path, name) for name, text in said.items() if text is not None})

    @classmethod
    def mean(cls, shares: list[tuple[float, "VehicleType"]]) -> "VehicleType":
        """The mean of several, each with its weight."""
        total = sum(weight for weight, _ in shares)
        return cls(*(sum(weight * kind[field] for weight, kind in shares) / total for field in range(len(cls._fields))))


def flow(element: ET.Element, path: Path) -> dict[str, float] | None:
    """Times and rate of a <flow>; None where it does not say how many vehicles there are."""
    where = f"{path}: flow {element.get('id')!r}"
    said = {name: element.get(name) for name in ("number", "period", "vehsPerHour", "probability")}
    start_s = seconds(element.get("begin", "0"), f"{where}: begin")
    end_s = seconds(element.get("end", str(start_s + DAY_S)), f"{where}: end")
    many = number(said["number"], path, "number") if said["number"] else None
    if said["vehsPerHour"]:
        rate = number(said["vehsPerHour"], path, "vehsPerHour")
    elif said["probability"]:
        rate = HOUR_S * number(said["probability"], path, "probability")
    elif said["period"] and said["period"].startswith("exp("):
        rate = HOUR_S * number(said["period"][4:].rstrip(")"), path, "period")  # exp(vehicles per s)
    elif said["period"]:
        gap_s = number(said["period"], path, "period")
        if not gap_s > 0:
            raise ScenarioError(f"{where}: period is {gap_s:g}; write seconds between vehicles, above 0")
        rate = HOUR_S / gap_s
    elif many is not None and end_s > start_s:
        return {"start_s": start_s, "end_s": end_s, "veh_per_h": HOUR_S * many / (end_s - start_s)}
    else:
        return None
    if many is not None and rate > 0:  # the flow ends with the last vehicle
        end_s = start_s + HOUR_S * many / rate
    return {"start_s": start_s, "end_s": end_s, "veh_per_h": rate}


def shares(element: ET.Element, names: str, known: Callable[[str], Any], path: Path) -> list[tuple[float, Any]]:
    """What a distribution names in its attributes, with the weights beside."""
    said = element.get(names, "").split()
    weights = element.get("probabilities", "").split() or ["1"] * len(said)
    return [(number(weight, path, "probabilities"), known(name)) for name, weight in zip(said, weights, strict=False)]


def elements(path: Path, where: str) -> Any:
    try:
        check_regular(path)
        root = ET.parse(path).getroot()  # expat opens no other file, and bounds what entities grow to
    except OSError as error:
        raise ScenarioError(f"{where}: {path} cannot be read ({error.strerror})") from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ScenarioError(f"{where}: {path} is not an XML file: {error}") from None
    if root.tag not in ROOTS:
        raise ScenarioError(f"{where}: {path} has <{root.tag}> where a file of routes has <routes>")
    return root


def number(text: Any, path: Path, name: str) -> float:
    try:
        found = float(text)
        if 0 <= found < float("inf"):
            return found
    except (TypeError, ValueError):
        pass
    raise ScenarioError(f"{path}: {name} is {text!r}; write a number of at least 0")


def seconds(text: str, where: str) -> float:
    """Seconds, hh:mm:ss or dd:hh:mm:ss (raises ScenarioError)."""
    try:
        parts = [float(part) for part in text.split(":")]
        days = parts.pop(0) if len(parts) == 4 else 0.0
        found = days * DAY_S + sum(part * 60.0**power for power, part in enumerate(reversed(parts)))
        if 0 <= found < float("inf") and len(parts) <= 3:
            return found
    except ValueError:
        pass
    raise ScenarioError(f"{where} is {text!r}; write seconds from 0 on, or hh:mm:ss")
