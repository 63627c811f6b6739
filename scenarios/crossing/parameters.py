"""Parameters of a crossing without signals."""

from collections.abc import Mapping
from typing import Any, ClassVar

from scenarios import schema
from scenarios.schema import knob

SIDES = ("north", "east", "south", "west")


class Parameters(schema.Parameters):
    """Demand, times in the box, and what a collision costs."""

    learner_settings: ClassVar[Mapping[str, Any]] = {  # a trip is an episode, and a car that explores is a danger
        "shared": True,
        "alpha": 0.02,
        "gamma": 1.0,
        "exploration": "none",
    }

    cars: int = knob(120, "Cars; each comes back again and again.", low=4, high=10_000, live=False)
    lane_veh: int = knob(
        20, "Cars that fit on an approach; others are turned away and counted.", unit="veh", low=1, high=500, live=False
    )
    demand_veh_per_h: float = knob(
        300.0, "Cars that arrive on each approach.", unit="veh/h", low=0, high=3600, title="Demand of an approach"
    )
    safety_layer: bool = knob(
        False, "Stop a car from going while a car of the other road is in the box or goes at the same moment."
    )
    weight_north: float = knob(1.0, "Demand from the north, relative to the others.", low=0, high=5)
    weight_east: float = knob(1.0, "Demand from the east, relative to the others.", low=0, high=5)
    weight_south: float = knob(1.0, "Demand from the south, relative to the others.", low=0, high=5)
    weight_west: float = knob(1.0, "Demand from the west, relative to the others.", low=0, high=5)
    cross_s: float = knob(3.0, "Time that a car takes to pass through the box.", unit="s", low=0.5, high=20)
    follow_up_s: float = knob(
        2.0, "Shortest time between two cars that enter the box from one approach.", unit="s", low=0, high=20
    )
    decide_every_s: float = knob(0.5, "Time between two decisions of a car at its line.", unit="s", low=0.1, high=10)
    approach_s: float = knob(
        8.0, "Time from coming into sight to reaching the line, on a free road.", unit="s", low=0.2, high=60
    )
    collision_cost_s: float = knob(
        100.0, "What a collision costs each of the two cars, in seconds of waiting.", unit="s", low=0, high=100_000
    )
    clear_s: float = knob(10.0, "Time for which a collision blocks the box.", unit="s", low=0.1, high=3600)
