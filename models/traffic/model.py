"""From a scenario to a road network with signals, and what its metrics mean.

Attributes read from a GraphML file are documented in `crossings.py`; a demand profile is a CSV file with the columns
`entry` (a gate such as "A1.N"), `hour` (0 to 24, start of the slot) and `veh_per_s`.
"""

from typing import ClassVar

import networkx as nx
import numpy as np

from models.metric import Metric
from models.networks import topology
from models.traffic import (  # noqa: F401  # baselines, report: bodies that the loop finds by type
    audit,
    baselines,
    crossings,
    demand,
    detectors,
    network,
    picture,
    report,
    road_case,
    rules,
    setup,
    static,
    theory,
    trips,
    words,
)
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
        if self.travels and self.parameters_at_reset.routes_per_trip > 1:
            trips = ("mean_trip_s", "mean_delay_s", "queue_veh", "throughput_veh_per_h")
            return (*trips, "price_of_anarchy", "route_switches")
        return ("mean_delay_s", "queue_veh", "throughput_veh_per_h", "p95_delay_s", "gini_delay", "stops_per_veh")

    def make_graph(self, parameters: Parameters) -> nx.Graph:
        """The signals and the ways between them; the road network of a case or of a graph is built on the way."""
        where = self._scenario.where
        self.case = road_case.read(parameters.case, where) if parameters.case else None
        if self.case is None:
            graph = topology.build(parameters, where, nodes=("gates",), edges=("length_m",))
            self.network = crossings.build(graph, parameters, where)
            return graph
        self.network = road_case.build(self.case, parameters, f"{where}: case = {parameters.case!r}")
        return road_case.graph(self.network)

    def name_agents(self) -> list[str]:
        """Signals; demand is read and routes are found on the way."""
        p, where = self.parameters_at_reset, self._scenario.where
        self.trips = trips.read(self.case, p, self.network, where) if self.case else None
        self.routes = setup.find_routes(p, self.network, self.trips, where)
        self.profile = self.trips.by_gate() if self.trips else demand.read(p.demand_csv, self.network, where)
        return self.network.signals

    def public(self) -> list[str]:
        """Vehicles that arrive at every gate."""
        return [f"arrivals at {self.network.links[int(link)]}" for link in self.network.gate_link]

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
        most = int(self.network.phases.max())
        level = setup.DETECTORS[self.parameters_at_reset.detectors]
        return detectors.states(level, most), 2, detectors.features(most)

    def derive(self, parameters: Parameters) -> Derived:
        """Arrivals, turns or destinations, closures, timing and Webster's plan of one regime block."""
        where = self._scenario.where
        closed = network.close(self.network, parameters.closed_links, where)
        turns = network.open_turns(self.network, closed, where, roads_first=self.travels)
        arrivals = demand.arrivals(parameters, self.network, self.profile)
        flow = self.turn_flows(parameters, closed, arrivals)
        plan = self.plan(parameters, flow)
        return Derived(
            arrivals_veh=arrivals,
            no_arrival=np.exp(-arrivals),
            turn_below=network.cumulated(self.network, self.shares(parameters, closed)),
            target=self.network.target[turns],
            closed=closed,
            timing=np.array([getattr(parameters, name) for name in rules.TIMING]),
            headway_s=setup.headways_s(parameters, self.network),
            lost_s=setup.lost_s(parameters, self.network),
            shaping=np.array(parameters.shaping),
            plan_s=plan,
            programme_s=np.where(self.network.plan_s > 0, self.network.plan_s, plan),
            **setup.driving(self, parameters, closed, turns, arrivals, plan),
        )

    def turn_flows(self, p: Parameters, closed: np.ndarray, arrivals: np.ndarray) -> np.ndarray:
        """Steady flows (U,) of the turns in veh/s for mean arrivals.

        Travellers are taken to know free-flow times only, as they do at first.
        """
        if self.travels:
            return setup.turn_flows(self, p, arrivals, closed)
        shares = self.shares(p, closed)
        flow: np.ndarray = self.flows(shares, arrivals, closed)[self.network.turn_link] * shares
        return flow

    def shares(self, parameters: Parameters, closed: np.ndarray) -> np.ndarray:
        """Shares (U,) of the open turns of each link."""
        where = self._scenario.where
        for axis in ("ns", "ew"):
            total = getattr(parameters, f"left_share_{axis}") + getattr(parameters, f"right_share_{axis}")
            if total > 1:
                raise ScenarioError(f"{where}: left_share_{axis} + right_share_{axis} = {total:g}; at most 1 together")
        return network.turn_shares(self.network, closed, setup.shares(parameters, self.network))

    def plan(self, parameters: Parameters, flow: np.ndarray) -> np.ndarray:
        """Webster's plan (H,) for steady flows (U,) of the turns."""
        lost = setup.lost_s(parameters, self.network)
        ratios = np.split(self.ratios(parameters, flow), self.network.first_phase[1:-1])
        losses = np.split(lost, self.network.first_phase[1:-1])
        plans = [theory.webster_plan(r, lo, parameters.min_green_s) for r, lo in zip(ratios, losses, strict=True)]
        return np.concatenate(plans)

    def ratios(self, parameters: Parameters, flow: np.ndarray) -> np.ndarray:
        """Highest flow over saturation flow (H,) in each phase for steady flows (U,) of the turns."""
        saturation = self.network.turn_lanes / setup.headways_s(parameters, self.network)
        return theory.flow_ratios(flow, saturation, self.network.green, self.network.phases.sum())

    def flows(self, shares: np.ndarray, arrivals: np.ndarray, closed: np.ndarray) -> np.ndarray:
        """Steady flows (L,) veh/s for mean arrivals and shares (U,) of the turns."""
        net = self.network
        inflow = np.zeros(len(net.links))
        inflow[net.gate_link] = arrivals.mean(axis=0)
        turns = network.open_turns(net, closed, self._scenario.where)
        return theory.link_flows(net.turn_link, net.target[turns], shares, inflow)

    def make_state(self, blocks: list[Parameters], derived: Derived) -> TrafficState:
        """An empty road network, every signal green for north-south."""
        return setup.state(self, blocks[0], derived)

    def audit(self) -> str:
        """Counts and events against the vehicles on the lanes."""
        return audit.fault(self.state, self.tick, setup.most_entries(self.network))

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """Webster's delay, the static model's trips, demand and capacity; one value per regime block."""
        lines: dict[str, list[float]] = {}
        for block in self._scenario.parameters_by_block(self._pinned):
            for name, value in self._theory(metric, block):
                lines.setdefault(name, []).append(float(value))
        return lines

    def _theory(self, metric: str, p: Parameters) -> list[tuple[str, float]]:
        net = self.network
        closed = network.close(net, p.closed_links, self._scenario.where)
        arrivals = demand.arrivals(p, net, self.profile)
        flow = self.turn_flows(p, closed, arrivals)
        inflow = float(arrivals.mean(axis=0).sum())
        plan, lost = self.plan(p, flow), setup.lost_s(p, net)
        signal = np.repeat(np.arange(net.phases.size), net.phases)
        if metric == "mean_trip_s":
            selfish, best = setup.static_trips_s(self, p, closed, arrivals, plan)
            return [("static equilibrium", selfish), ("static optimum", best)]
        if metric == "mean_delay_s":
            cycle = np.append(np.bincount(signal, plan), np.zeros(len(net.junctions) - net.phases.size))
            saturation = net.turn_lanes / setup.headways_s(p, net)
            green, cycle = static.green_s(net, plan, lost), cycle[net.junction[net.turn_link]]
            return [("Webster", theory.network_delay_s(flow, green, cycle, saturation, inflow))]
        if metric == "throughput_veh_per_h":
            factor = theory.capacity_factor(self.ratios(p, flow), lost, signal)
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
        minutes = (self.tick + int(self.case.about.start_s if self.case else 0)) // 60
        return f"Day {minutes // 1440 + 1}, {minutes // 60 % 24:02d}:{minutes % 60:02d}"
