"""From a scenario to a road network with signals, and what its metrics mean.

Attributes read from a GraphML file are documented in `network.py`; a demand profile is a CSV file with the columns
`entry` (a gate such as "A1.N"), `hour` (0 to 24, start of the slot) and `veh_per_s`.
"""

from typing import ClassVar

import networkx as nx
import numpy as np

from models.metric import Metric
from models.networks import topology
from models.traffic import audit, baselines, demand, detectors, network, picture, report, rules, setup, theory, words  # noqa: F401
from models.traffic.agents import Driver, Signal
from models.traffic.metrics import Column, TripColumn
from models.traffic.state import Derived, TrafficState, Travellers
from models.view import View
from models.world import World
from scenarios import ScenarioError
from scenarios.traffic.parameters import Parameters


class Traffic(World[Parameters, TrafficState]):
    """Signals on a road network."""

    domain: ClassVar[str] = "traffic"
    default_scenario: ClassVar[str] = "traffic/rush_hour"
    smallest: ClassVar[str] = "traffic/single_crossing"
    title: ClassVar[str] = "Traffic"
    about: ClassVar[str] = "Signals and drivers on a road network."
    agent_noun: ClassVar[str] = "signal"
    start_ticks_per_s: ClassVar[float] = 60.0
    compared_with: ClassVar[tuple[str, ...]] = ("fixed_time", "max_pressure", "detector_rule")
    seconds_per_tick: ClassVar[float | None] = 1.0
    own_metrics: ClassVar[dict[str, Metric]] = Column.metrics()
    scene, frame, inspect = picture.scene, picture.frame, words.inspect

    @property
    def travels(self) -> bool:
        """Whether drivers have destinations."""
        return self.parameters_at_reset.drivers == "travel"

    @property
    def metrics(self) -> dict[str, Metric]:
        """Metrics of signals and roads, then of trips where drivers have destinations."""
        return {**super().metrics, **(TripColumn.metrics() if self.travels else {})}

    @property
    def headline(self) -> tuple[str, ...]:
        """The metrics to show first."""
        if self.travels:
            trips = ("mean_trip_s", "mean_delay_s", "queue_veh", "throughput_veh_per_h")
            return (*trips, "price_of_anarchy", "route_switches")
        return ("mean_delay_s", "queue_veh", "throughput_veh_per_h", "p95_delay_s", "gini_delay", "stops_per_veh")

    def make_graph(self, parameters: Parameters) -> nx.Graph:
        """The road network, as a generator or a file has it."""
        return topology.build(parameters, self._scenario.where, nodes=("gates",), edges=("length_m",))

    def name_agents(self) -> list[str]:
        """Signals are the nodes; the road network is built on the way."""
        parameters = self.parameters_at_reset
        self.network = network.build(self.graph, parameters.link_length_m, self._scenario.where)
        self.routes = setup.find_routes(parameters, self.network, self._scenario.where)
        self.profile = demand.read(parameters.demand_csv, self.network, self._scenario.where)
        return self.network.names

    def public(self) -> list[str]:
        """Vehicles that arrive at every gate."""
        return [f"arrivals at {self.network.link_name(int(link))}" for link in self.network.gate_link]

    def make_agent(self, index: int) -> View:
        """A view on one signal."""
        return Signal(self, index)

    def driver(self, number: int) -> Driver:
        """A view on one driver."""
        if not self.travels:
            raise ValueError(
                f'driver({number}): there are no drivers with a destination; make the world with drivers = "travel"'
            )
        return Driver(self, number)

    def count(self) -> tuple[int, int, int]:
        """States by detectors; keep or switch; counts by phase."""
        return detectors.STATES[setup.DETECTORS[self.parameters_at_reset.detectors]], 2, detectors.FEATURES

    def derive(self, parameters: Parameters) -> Derived:
        """Arrivals, turns or destinations, closures, timing and Webster's plan of one regime block."""
        where = self._scenario.where
        closed = network.close(self.network, parameters.closed_links, where)
        lanes = network.open_lanes(self.network, closed, where, roads_first=self.travels)
        arrivals = demand.arrivals(parameters, self.network, self.profile)
        flow, shares = self.traffic(parameters, closed, arrivals)
        plan = self.plan(parameters, flow, shares)
        return Derived(
            arrivals_veh=arrivals,
            no_arrival=np.exp(-arrivals),
            left_below=shares[:, 0],
            right_above=1.0 - shares[:, 2],
            target=network.open_targets(self.network, lanes),
            closed=closed,
            timing=np.array([getattr(parameters, name) for name in rules.TIMING]),
            shaping=np.array(parameters.shaping),
            plan_s=plan,
            **setup.driving(self, parameters, closed, lanes, arrivals, plan),
        )

    def traffic(self, p: Parameters, closed: np.ndarray, arrivals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Steady flows (L,) veh/s for mean arrivals, and shares (L, 3) of the movements.

        Travellers are taken to know free-flow times only, as they do at first.
        """
        if not self.travels:
            shares = self.shares(p, closed)
            return self.flows(shares, arrivals, closed), shares
        by_lane = setup.lane_flows(self, p, arrivals, closed).reshape(-1, 3)
        flow = by_lane.sum(axis=1)
        return flow, by_lane / np.where(flow > 0, flow, 1.0)[:, None]

    def shares(self, parameters: Parameters, closed: np.ndarray) -> np.ndarray:
        """Turn shares (L, 3) of open movements."""
        for axis in ("ns", "ew"):
            total = getattr(parameters, f"left_share_{axis}") + getattr(parameters, f"right_share_{axis}")
            if total > 1:
                where = self._scenario.where
                raise ScenarioError(f"{where}: left_share_{axis} + right_share_{axis} = {total:g}; at most 1 together")
        side = np.arange(self.network.upstream.size) % 2
        left = np.where(side == 0, parameters.left_share_ns, parameters.left_share_ew)
        right = np.where(side == 0, parameters.right_share_ns, parameters.right_share_ew)
        return network.turn_shares(self.network, closed, left, right)

    def plan(self, parameters: Parameters, flow: np.ndarray, shares: np.ndarray) -> np.ndarray:
        """Webster's plan (A, 4) for steady flows (L,) and shares (L, 3) of the movements."""
        ratios = theory.flow_ratios(flow, shares, 1 / parameters.saturation_headway_s)
        return np.array([theory.webster_plan(r, parameters.yellow_s, parameters.min_green_s) for r in ratios])

    def flows(self, shares: np.ndarray, arrivals: np.ndarray, closed: np.ndarray) -> np.ndarray:
        """Steady flows (L,) veh/s for mean arrivals."""
        inflow = np.zeros(self.network.upstream.size)
        inflow[self.network.gate_link] = arrivals.mean(axis=0)
        lanes = network.open_lanes(self.network, closed, self._scenario.where)
        return theory.link_flows(network.open_targets(self.network, lanes), shares, inflow)

    def make_state(self, blocks: list[Parameters], derived: Derived) -> TrafficState:
        """An empty road network, every signal green for north-south."""
        return setup.state(self, blocks[0], derived)

    def audit(self) -> str:
        """Counts and events against the vehicles on the lanes."""
        return audit.fault(self.state, self.tick)

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """Webster's delay, the static model's trips, demand and capacity; one value per regime block."""
        lines: dict[str, list[float]] = {}
        for block in self._scenario.parameters_by_block(self._pinned):
            for name, value in self._theory(metric, block):
                lines.setdefault(name, []).append(float(value))
        return lines

    def _theory(self, metric: str, p: Parameters) -> list[tuple[str, float]]:
        closed = network.close(self.network, p.closed_links, self._scenario.where)
        arrivals, saturation = demand.arrivals(p, self.network, self.profile), 1 / p.saturation_headway_s
        flow, shares = self.traffic(p, closed, arrivals)
        inflow = float(arrivals.mean(axis=0).sum())
        plan = self.plan(p, flow, shares)
        if metric == "mean_trip_s":
            selfish, best = setup.static_trips_s(self, p, closed, arrivals, plan)
            return [("static equilibrium", selfish), ("static optimum", best)]
        if metric == "mean_delay_s":
            return [("Webster", theory.network_delay_s(flow, shares, plan, p.yellow_s, saturation, inflow))]
        if metric == "throughput_veh_per_h":
            factor = theory.capacity_factor(theory.flow_ratios(flow, shares, saturation), p.yellow_s)
            return [("demand", 3600 * inflow), ("capacity", 3600 * inflow * factor)]
        return []

    def freeze(self) -> None:
        """Stop learning and exploration, of signals and drivers."""
        super().freeze()
        if isinstance(self.state.drivers, Travellers):
            self.state.drivers.thawed[:] = False

    def thaw(self) -> None:
        """Resume learning and exploration, of signals and drivers."""
        super().thaw()
        if isinstance(self.state.drivers, Travellers):
            self.state.drivers.thawed[:] = True

    def clock_text(self) -> str:
        """Day and time of day."""
        minutes = self.tick // 60
        return f"Day {minutes // 1440 + 1}, {minutes // 60 % 24:02d}:{minutes % 60:02d}"
