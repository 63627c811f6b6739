"""Parameters of drivers who choose a route every day on a road network."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from scenarios import schema
from scenarios.schema import knob

NETWORKS = ("braess", "pigou", "grid")
GRAPH = {"case": ("",)}  # what a case says itself


class Parameters(schema.Parameters):
    """Roads, demand, tolls and what drivers are told; defaults are the network of Braess with his shortcut."""

    learner_settings: ClassVar[Mapping[str, Any]] = {  # there is one state, and a wrong turn costs all who meet it
        "gamma": 0.0,
        "alpha": 0.05,
        "epsilon": 0.1,
        "exploration": "exponential",
        "half_life": 200.0,
        "narrowing": 0.03,  # the first days, when all drive at random, jam roads as no day does later
    }

    network: str = knob(
        "braess",
        "The roads: braess (a diamond with a shortcut), pigou (a long road, and one that gets congested), grid, or "
        "a .graphml file.",
        live=False,
        shipped=NETWORKS,
        only=GRAPH,
    )
    case: str = knob(
        "",
        "A city with its trips, a folder of tables such as `everlearn import` writes; it takes the place of network, "
        "pairs and demand_veh.",
        live=False,
        shipped=("",),
    )
    rows: int = knob(3, "Rows of a grid.", low=2, high=30, live=False, only=GRAPH)
    columns: int = knob(3, "Columns of a grid.", low=2, high=30, live=False, only=GRAPH)
    graph_seed: int = knob(0, "Seed of the free times of a grid's streets.", low=0, live=False, only=GRAPH)
    pairs: tuple[str, ...] = knob(
        (),
        'Origins and destinations, such as "A1-C3"; empty: from the first place of the network to the last.',
        live=False,
        only=GRAPH,
    )
    routes: int = knob(3, "Routes each driver chooses from, at most.", low=2, high=30, live=False)
    route_set: Literal["shortest when empty", "in use at equilibrium"] = knob(
        "shortest when empty",
        "Which routes these are: the shortest on empty roads, or those that drivers use once roads have filled.",
        live=False,
    )
    drivers: int = knob(400, "Drivers, shared evenly among the pairs.", low=1, high=100_000, live=False)
    demand_veh: float = knob(
        4000.0, "Vehicles on the road every day; each driver stands for the same number.", unit="veh",
        low=1.0, high=10_000_000.0, only=GRAPH,
    )  # fmt: skip
    demand_scale: float = knob(1.0, "Scales all demand.", unit="×", low=0.01, high=3.0)
    toll: Literal["none", "fixed", "marginal"] = knob(
        "none", "What drivers pay: nothing, a fixed toll, or the time that their trip costs all others."
    )
    toll_share: float = knob(
        1.0, "Marginal toll: share of the time cost to others that drivers pay.", low=0.0, high=1.0
    )
    toll_min: float = knob(10.0, "Toll of a road.", unit="min", low=0.0, high=60.0, title="Fixed toll")
    tolled_links: tuple[str, ...] = knob(
        (), 'Roads with the fixed toll, in both directions, such as "A1-A2"; empty: all roads.'
    )
    closed_links: tuple[str, ...] = knob(
        (),
        "Closed roads, in both directions; drivers of a closed route take the open one shortest on empty roads.",
    )
    information_share: float = knob(
        0.0,
        "Share of drivers with the rule day_to_day who learn the day's times of all their routes.",
        low=0.0,
        high=1.0,
    )
    free_min: float = knob(
        4.0, "Mean time on an empty street of a grid, and on a road whose file gives no time.", unit="min",
        low=0.1, high=60.0, only=GRAPH,
    )  # fmt: skip
    capacity_veh: float = knob(
        1000.0, "Vehicles a day at which a street takes (1 + congestion) times as long as empty.", unit="veh",
        low=1.0, high=1_000_000.0, only=GRAPH,
    )  # fmt: skip
    congestion: float = knob(
        0.15,
        "Delay at capacity as a share of the empty time (b of the Bureau of Public Roads).",
        low=0.0,
        high=5.0,
        only=GRAPH,
    )
    congestion_power: float = knob(4.0, "How sharply delay grows with flow (its power).", low=1.0, high=8.0, only=GRAPH)

    @model_validator(mode="after")
    def _check_drivers(self) -> Self:
        if self.drivers < len(self.pairs):
            raise ValueError(f"drivers = {self.drivers} for {len(self.pairs)} pairs; give every pair a driver")
        return self
