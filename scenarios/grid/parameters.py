"""Parameters of a power market: network, demand, sun and wind, what companies may do, and the rules."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from scenarios import schema
from scenarios.schema import knob

CASES = ("ames5", "pjm5", "ieee14", "ieee30", "ieee118", "pivotal")  # the folders of models/grid/cases


class Parameters(schema.Parameters):
    """A day-ahead market cleared hour by hour; one tick is one hour."""

    learner_settings: ClassVar[Mapping[str, Any]] = {"gamma": 0.0}  # offers of an hour leave the next one as it is

    record_every_ticks: int = knob(24, "Length of a window of the record.", unit="ticks", low=1, live=False)
    case: str = knob(
        "ames5",
        "The network: ames5, pjm5, ieee14, ieee30, ieee118, pivotal, a folder of tables, or a MATPOWER .m file.",
        live=False,
        shipped=CASES,
    )
    susceptance: Literal["matpower", "powermodels"] = knob(
        "matpower",
        "How lines share power: by 1/x, as MATPOWER does, or by x/(r² + x²), as PowerModels does.",
        live=False,
    )
    strategy: Literal["markup", "withhold", "price"] = knob(
        "markup", "What companies choose: a markup over cost, a share of capacity to withhold, or a price.", live=False
    )
    choices: tuple[float, ...] = knob(
        (0.0, 10.0, 25.0, 50.0, 100.0),
        "Choices in rising order: markups or shares withheld in %, or prices.",
        unit="%, or $/MWh",
        live=False,
    )
    commitment: Literal["free", "as given"] = knob(
        "free",
        "Whether units may stop, or are in service as the case has them and give at least their min_mw.",
        live=False,
    )
    tabulate: bool = knob(
        False,
        "Work out the theory lines and the ends of collusion in a large market too, which may take minutes.",
        live=False,
    )
    rivals: int = knob(4, "How many other companies each company watches, nearest first.", low=0, high=100, live=False)
    sees: Literal["nothing", "hour", "load", "market"] = knob(
        "hour",
        "What companies know: nothing, the hour of the day, the load, or the load and their last price.",
        live=False,
    )
    pricing: Literal["nodal", "uniform", "pay_as_bid"] = knob(
        "nodal",
        "Price that companies are paid: at their bus, of the highest accepted offer anywhere, or of their own offer.",
    )
    price_cap_per_mwh: float = knob(1000.0, "Highest price that an offer may ask.", unit="$/MWh", low=0, high=5000)
    lost_load_per_mwh: float = knob(
        5000.0, "Value of demand; above this price it is not served.",
        unit="$/MWh", low=1, high=50_000,
    )  # fmt: skip
    demand_scale: float = knob(1.0, "Scales every load.", unit="× case", low=0, high=3)
    demand_noise: float = knob(
        0.02, "Standard deviation of total load from hour to hour.", unit="× load", low=0, high=0.3
    )
    elastic_share: float = knob(
        0.0, "Share of demand with values evenly from 0 to the choke price; the rest has the value of lost load.",
        low=0, high=1,
    )  # fmt: skip
    choke_price_per_mwh: float = knob(100.0, "Price at which elastic demand is zero.", unit="$/MWh", low=1, high=5000)
    elastic_steps: int = knob(0, "Steps of elastic demand at every bus; 0 for none.", low=0, high=100, live=False)
    fuel_cost_scale: float = knob(1.0, "Scales the cost of units that burn `fuel`.", unit="× case", low=0, high=10)
    fuel: str = knob("", "Fuel whose cost is scaled, as the case names it; empty for all.")
    solar_mw: float = knob(
        0.0, "Rooftop solar power at a clear noon, spread over buses like the load.", unit="MW", low=0, high=100_000
    )
    wind_mw: float = knob(0.0, "Capacity of a wind park.", unit="MW", low=0, high=100_000)
    wind_bus: str = knob("", "Bus of the wind park; empty for the first.", live=False)
    weather_noise: float = knob(0.3, "How much clouds and wind vary around their profile.", low=0, high=1)
    outages: tuple[str, ...] = knob((), 'Lines out of service: "2-3".')
    unit_outages: tuple[str, ...] = knob((), "Units out of service.")
    forced_outage_rate: float = knob(
        0.0, "Share of hours in which a unit is broken; a repair takes a day on average.", low=0, high=0.5
    )
    line_limit_scale: float = knob(1.0, "Scales the limit of every line.", unit="× case", low=0.05, high=5)
    limited_line: str = knob("", 'A line with its own limit, such as "1-2".')
    limited_line_mw: float = knob(100.0, "Limit of the line that limited_line names.", unit="MW", low=0, high=100_000)
    storage_bus: str = knob("", "Bus of a storage unit, which is an agent; empty: no storage.", live=False)
    storage_mw: float = knob(
        50.0, "Most that the storage unit can charge or discharge.", unit="MW", low=0, high=100_000
    )
    storage_mwh: float = knob(200.0, "Most energy that the storage unit can hold.", unit="MWh", low=0, high=1_000_000)
    storage_efficiency: float = knob(0.85, "Share of the charged energy that can be discharged.", low=0.1, high=1)
    regulator: bool = knob(
        False, "Add an agent that sets the price cap once a day in the interest of consumers.", live=False
    )
    lowest_cap_per_mwh: float = knob(
        20.0, "The lowest price cap the regulator may set.", unit="$/MWh", low=0, high=5000
    )
