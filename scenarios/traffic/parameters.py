"""Parameters of traffic signals on a road network."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from scenarios import schema
from scenarios.schema import knob

CASES = ("market_town",)  # the folders of models/traffic/cases
MOST_LOST_S = 10  # by a stop
GRAPH = {"case": ("",)}  # what a case says itself
SPACE_M = 7.5  # road that a standing vehicle takes, gap included


class Parameters(schema.GraphParameters):
    """Demand, roads, signals and detectors."""

    learner_settings: ClassVar[Mapping[str, Any]] = {  # a green lasts, so it is ticks that are discounted
        "shared": True,
        "alpha": 0.15,
        "alpha_schedule": "exponential",
        "alpha_end": 0.05,
        "gamma_per": "tick",
        "epsilon": 0.02,
        "exploration": "exponential",
        "epsilon_end": 0.01,
        "half_life": 40_000.0,
    }

    case: str = knob(
        "",
        "The road network as a folder of tables, with its demand; empty for the graph.",
        live=False,
        shipped=("", *CASES),
    )
    demand_veh_per_s: float = knob(
        0.12, "Vehicles that arrive at each edge of the network.", unit="veh/s", low=0, high=1, only=GRAPH
    )
    demand_scale: float = knob(1.0, "Scales all demand.", unit="× case", low=0, high=5)
    weight_north: float = knob(1.0, "Demand from the north, relative to the others.", low=0, high=5)
    weight_east: float = knob(1.0, "Demand from the east, relative to the others.", low=0, high=5)
    weight_south: float = knob(1.0, "Demand from the south, relative to the others.", low=0, high=5)
    weight_west: float = knob(1.0, "Demand from the west, relative to the others.", low=0, high=5)
    demand_csv: str = knob(
        "",
        "CSV file of demand by entry and time of day; columns entry, hour, veh_per_s.",
        live=False,
        shipped=("",),
        only=GRAPH,
    )
    drivers: Literal["turn", "travel"] = knob(
        "turn", "How drivers find their way: a share turns at each signal, or they travel to a destination.", live=False
    )
    drivers_learn: bool = knob(
        True, "Whether drivers with destinations learn routes from their trips; if not, each takes the best it knows."
    )
    driver_alpha: float = knob(0.2, "Weight of the newest trip in the time a driver expects.", low=0, high=1)
    choice_spread_s: float = knob(
        5.0, "A route expected to take this much longer is chosen 1/e times as often; 0: always the best.",
        unit="s", low=0, high=120,
    )  # fmt: skip
    information_share: float = knob(
        0.0, "Share of drivers who also learn the recent times of routes they did not take.", low=0, high=1
    )
    routes_per_trip: int = knob(3, "Routes that drivers know between two gates.", low=1, high=6, live=False)
    drivers_per_pair: int = knob(20, "Drivers between two gates, who set out in turn.", low=1, high=1000, live=False)
    left_share_ns: float = knob(0.2, "Share of north-south traffic that turns left at a signal.", low=0, high=1)
    right_share_ns: float = knob(0.2, "Share of north-south traffic that turns right at a signal.", low=0, high=1)
    left_share_ew: float = knob(0.2, "Share of east-west traffic that turns left at a signal.", low=0, high=1)
    right_share_ew: float = knob(0.2, "Share of east-west traffic that turns right at a signal.", low=0, high=1)
    closed_links: tuple[str, ...] = knob((), 'Closed roads, in both directions, such as "B2-B3".')
    yellow_s: int = knob(3, "Time lost at every switch of a signal.", unit="s", low=0, high=10, only=GRAPH)
    saturation_headway_s: int = knob(
        2, "Time between two vehicles that leave one lane at green.", unit="s", low=1, high=10
    )
    min_green_s: int = knob(5, "Shortest green before a signal may switch.", unit="s", low=1, high=60)
    decide_every_s: int = knob(2, "Time between two decisions of a signal at green.", unit="s", low=1, high=60)
    critical_gap_s: int = knob(
        4, "Time until the next vehicle that goes first, for which one that yields waits.", unit="s", low=0, high=20
    )
    stop_loss_s: int = knob(
        0, "Time that a vehicle loses in picking up speed, after a stop and where it enters.",
        unit="s", low=0, high=MOST_LOST_S,
    )  # fmt: skip
    max_red_s: int = knob(
        120,
        "A phase that has waited this long gets green, whatever the signal decides; 0: never.",
        unit="s",
        low=0,
        high=3600,
    )
    shaping: float = knob(2.0, "Shaping reward per vehicle that a queue shrinks between decisions.", low=0, high=10)
    detectors: Literal["stop_line", "advance", "full", "clock"] = knob(
        "advance",
        "What signals see: standing vehicles and time at green (stop_line); also arrivals within 5 s (advance); also "
        "vehicles under way (full); or phase and time at green alone (clock).",
        live=False,
    )
    shared_lanes: bool = knob(
        False,
        "Whether all movements of an approach share one lane: a blocked left turn then blocks all.",
        live=False,
        only=GRAPH,
    )
    link_length_m: float = knob(200.0, "Length of a road.", unit="m", low=30, high=2000, live=False, only=GRAPH)
    lanes: int = knob(
        3, "Lanes of a road, which determine how many vehicles fit on it.", low=1, high=6, live=False, only=GRAPH
    )
    free_speed_m_per_s: float = knob(
        14.3, "Speed on an empty road.", unit="m/s", low=3, high=40, live=False, only=GRAPH
    )
    wave_speed_m_per_s: float = knob(
        5.0, "Speed at which free space travels back up a queue.", unit="m/s", low=1, high=10, live=False
    )
