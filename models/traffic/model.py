"""From a scenario to a road network with signals, and what its metrics mean.

Attributes read from a GraphML file are documented in `network.py`; a demand profile is a CSV file with the columns
`entry` (a gate such as "A1.N"), `hour` (0 to 24, start of the slot) and `veh_per_s`.
"""

from typing import Any, ClassVar

import mesa
import numpy as np

from models.traffic import baselines, demand, detectors, network, picture, report, rules, theory, words  # noqa: F401
from models.traffic.agents import Signal
from models.traffic.state import BUFFER, DELAY_BINS, Derived, TrafficState
from models.world import Metric, World
from scenarios import ScenarioError
from scenarios.traffic.parameters import SPACE_M, Parameters

DETECTORS = {"stop_line": detectors.STOP_LINE, "advance": detectors.ADVANCE, "full": detectors.FULL,
             "clock": detectors.CLOCK}  # fmt: skip


class Traffic(World):
    """Signals on a road network."""

    domain: ClassVar[str] = "traffic"
    default_scenario: ClassVar[str] = "traffic/rush_hour"
    seconds_per_tick: ClassVar[float | None] = 1.0
    headline: ClassVar[tuple[str, ...]] = (
        "mean_delay_s", "queue_veh", "throughput_veh_per_h", "p95_delay_s", "gini_delay", "stops_per_veh",
    )  # fmt: skip
    own_metrics: ClassVar[dict[str, Metric]] = {
        "mean_delay_s": Metric(
            "Mean delay", "Time lost in queues, entry included, per vehicle that arrived in the window.", "s", "low"
        ),
        "p95_delay_s": Metric("Worst 5 %", "Delay that 95 % of the trips that ended do not exceed.", "s", "low"),
        "gini_delay": Metric("Unfairness (Gini)", "Gini coefficient of delay over trips that ended.", "", "low"),
        "queue_veh": Metric("Waiting", "Vehicles standing or waiting to enter, mean over the window.", "veh", "low"),
        "vehicles": Metric("Vehicles", "Vehicles present, waiting to enter included, mean over the window.", "veh"),
        "stops_per_veh": Metric("Stops", "Stops of a trip, for trips that ended.", "", "low"),
        "throughput_veh_per_h": Metric("Throughput", "Trips that ended, per hour.", "veh/h", "high"),
        "switches_per_h": Metric("Switches", "Changes of phase per signal and hour."),
        "turned_away_veh": Metric("Turned away", "Arrivals that found no place to wait at their gate.", "veh", "low"),
    }
    parameters_at_reset: Parameters

    def name_agents(self) -> list[str]:
        """Signals are the nodes; the road network is built on the way."""
        parameters = self.parameters_at_reset
        self.network = network.build(self.graph, parameters.link_length_m, self._scenario.where)
        self.profile = demand.read(parameters.demand_csv, self.network, self._scenario.where)
        return self.network.names

    def public(self) -> list[str]:
        """Vehicles that arrive at every gate."""
        return [f"arrivals at {self.network.link_name(int(link))}" for link in self.network.gate_link]

    def make_agent(self, index: int) -> mesa.Agent:
        """A view on one signal."""
        return Signal(self, index)

    def count(self) -> tuple[int, int, int]:
        """States by detectors; keep or switch; counts by phase."""
        return detectors.STATES[DETECTORS[self.parameters_at_reset.detectors]], 2, detectors.FEATURES

    def derive(self, parameters: Parameters) -> Derived:
        """Arrivals, turns, closures, timing and Webster's plan of one regime block."""
        where = self._scenario.where
        closed = network.close(self.network, parameters.closed_links, where)
        shares = self.shares(parameters, closed)
        arrivals = demand.arrivals(parameters, self.network, self.profile)
        plan = self.plan(parameters, closed, shares, arrivals)
        return Derived(
            arrivals_veh=arrivals,
            no_arrival=np.exp(-arrivals),
            left_below=shares[:, 0],
            right_above=1.0 - shares[:, 2],
            target=network.open_targets(self.network, closed, where),
            closed=closed,
            timing=np.array([getattr(parameters, name) for name in rules.TIMING]),
            shaping=np.array(parameters.shaping),
            plan_s=plan,
        )

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

    def plan(self, parameters: Parameters, closed: np.ndarray, shares: np.ndarray, arrivals: np.ndarray) -> np.ndarray:
        """Webster's plan (A, 4) for the mean demand of the block."""
        ratios = theory.flow_ratios(self.flows(shares, arrivals, closed), shares, 1 / parameters.saturation_headway_s)
        return np.array([theory.webster_plan(r, parameters.yellow_s, parameters.min_green_s) for r in ratios])

    def flows(self, shares: np.ndarray, arrivals: np.ndarray, closed: np.ndarray) -> np.ndarray:
        """Steady flows (L,) veh/s for mean arrivals."""
        inflow = np.zeros(self.network.upstream.size)
        inflow[self.network.gate_link] = arrivals.mean(axis=0)
        return theory.link_flows(network.open_targets(self.network, closed, self._scenario.where), shares, inflow)

    def make_state(self, blocks: list[Parameters], derived: Derived) -> TrafficState:
        """An empty road network, every signal green for north-south."""
        p, net = blocks[0], self.network
        signals, links, gates = len(net.names), net.upstream.size, net.gate_link.size
        storage = np.maximum(np.rint(p.lanes * net.length_m / SPACE_M), 1).astype(np.int64)
        lag = np.maximum(np.rint(net.length_m / p.free_speed_m_per_s), 1).astype(np.int64)
        wave = np.maximum(np.rint(net.length_m / p.wave_speed_m_per_s), 1).astype(np.int64)
        wheel = 1 << (int(max(lag.max(), wave.max())) + rules.LOOK_AHEAD_S + 1).bit_length()
        places = int(storage.sum()) + gates * BUFFER
        fields: dict[str, Any] = {name: np.zeros(places, np.int32) for name in ("born", "ready", "free_flow_s")}
        fields |= {name: np.zeros(places, np.int32) for name in ("stops", "movement")}
        fields |= {name: np.zeros(3 * links, np.int64) for name in ("head", "on_lane", "standing", "coming")}
        fields |= {name: np.zeros(links, np.int64) for name in ("occupied_veh", "on_link", "link_standing")}
        fields |= {name: np.zeros(signals, np.int64) for name in ("phase", "green_at", "green_since", "candidate")}
        fields |= {name: np.zeros((signals, 4), np.int64) for name in ("phase_standing", "phase_coming")}
        fields |= {name: np.zeros((wheel, 4 * links), np.int32) for name in ("ready_lane", "space_link")}
        fields |= {name: np.zeros(wheel, np.int64) for name in ("ready_number", "space_number")}
        x = np.array([data["x"] for _, data in self.graph.nodes(data=True)])
        return TrafficState(
            derived=derived,
            lag_s=lag,
            wave_s=wave,
            storage_veh=storage,
            gate_link=net.gate_link.astype(np.int64),
            profile_s=np.array([3600 * 24 // derived.arrivals_veh.shape[1]]),
            shared=np.array([p.shared_lanes]),
            detectors=np.array([DETECTORS[p.detectors]]),
            column=np.unique(x, return_inverse=True)[1].astype(np.int64),
            ring=np.zeros((3 * links, 1 << int(storage.max() - 1).bit_length()), np.int32),
            next_start=np.zeros(3 * links, np.int64),
            route=np.ones(places, np.int64),
            free_place=np.arange(places, dtype=np.int32),
            free_number=np.array([places]),
            buffer=np.zeros((gates, BUFFER), np.int32),
            buffer_head=np.zeros(gates, np.int64),
            buffer_number=np.zeros(gates, np.int64),
            next_phase=np.full(signals, -1),
            last_green=np.zeros((signals, 4), np.int64),
            next_due=np.full(signals, p.min_green_s),
            queue_veh=np.zeros(signals, np.int64),
            phase_on_link=np.zeros((signals, 4), np.int64),
            sums=np.zeros(7, np.int64),
            delays=np.zeros(DELAY_BINS, np.int64),
            **fields,
        )

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """Webster's delay for the mean delay; demand and capacity for the throughput; one value per regime block."""
        lines: dict[str, list[float]] = {}
        for block in self._scenario.parameters_by_block(self._pinned):
            for name, value in self._theory(metric, block):  # type: ignore[arg-type]
                lines.setdefault(name, []).append(float(value))
        return lines

    def _theory(self, metric: str, p: Parameters) -> list[tuple[str, float]]:
        closed = network.close(self.network, p.closed_links, self._scenario.where)
        shares, arrivals = self.shares(p, closed), demand.arrivals(p, self.network, self.profile)
        flow, saturation = self.flows(shares, arrivals, closed), 1 / p.saturation_headway_s
        inflow = float(arrivals.mean(axis=0).sum())
        if metric == "mean_delay_s":
            plan = self.plan(p, closed, shares, arrivals)
            return [("Webster", theory.network_delay_s(flow, shares, plan, p.yellow_s, saturation, inflow))]
        if metric == "throughput_veh_per_h":
            factor = theory.capacity_factor(theory.flow_ratios(flow, shares, saturation), p.yellow_s)
            return [("demand", 3600 * inflow), ("capacity", 3600 * inflow * factor)]
        return []

    def clock_text(self) -> str:
        """Day and time of day."""
        minutes = self.tick // 60
        return f"Day {minutes // 1440 + 1}, {minutes // 60 % 24:02d}:{minutes % 60:02d}"

    def scene(self) -> dict[str, Any]:
        """Roads and signals in metres."""
        return picture.scene(self)

    def frame(self) -> dict[str, np.ndarray]:
        """Vehicles, signals and queues now."""
        return picture.frame(self)

    def inspect(self, agent: int) -> dict[str, Any]:
        """What one signal sees and has learned."""
        return words.inspect(self, agent)
