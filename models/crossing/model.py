"""From a scenario to a crossing at which cars negotiate, and what its metrics mean."""

from typing import Any, ClassVar

import networkx as nx
import numpy as np

from models.crossing import baselines, picture, report, rules, sight, theory, words  # noqa: F401
from models.crossing.agents import Car
from models.crossing.metrics import Column
from models.crossing.state import DELAY_BINS, IDLE, IN_BOX, NEVER, ON_LANE, TICK_S, WRECKED, CrossingState, Derived, Sum
from models.metric import Metric
from models.sums import fleet_metrics, fleet_sums
from models.view import View
from models.world import World
from scenarios.crossing.parameters import SIDES, Parameters


class Crossing(World[Parameters, CrossingState]):
    """One crossing without signals, and cars that come back again and again."""

    domain: ClassVar[str] = "crossing"
    default_scenario: ClassVar[str] = "crossing/no_signals"
    smallest: ClassVar[str] = "crossing/four_drivers"
    title: ClassVar[str] = "Crossing"
    about: ClassVar[str] = "Cars that meet without signals."
    agent_noun: ClassVar[str] = "car"
    start_ticks_per_s: ClassVar[float] = 30.0
    compared_with: ClassVar[tuple[str, ...]] = ("fixed_time",)
    seconds_per_tick: ClassVar[float | None] = TICK_S
    longest_life: ClassVar[int] = 10**12  # moments are floats in s, then exact to 20 microseconds
    own_metrics: ClassVar[dict[str, Metric]] = Column.metrics()
    scene, frame, inspect = picture.scene, picture.frame, words.inspect

    @property
    def fleets(self) -> int:
        """Groups of the population."""
        return len(self.learners)

    @property
    def metrics(self) -> dict[str, Metric]:
        """The common metrics; where there are several fleets, the mean delay of each."""
        return {**super().metrics, **fleet_metrics(Column.mean_delay_s, self.fleets)}

    @property
    def headline(self) -> tuple[str, ...]:
        """The metrics to show first."""
        first = ("mean_delay_s", "collisions_per_million", "throughput_veh_per_h", "queue_veh")
        fleets = fleet_metrics(Column.mean_delay_s, self.fleets)
        return (*first, *(fleets or ("p95_delay_s", "yields_per_veh")))[:6]

    def make_graph(self, parameters: Parameters) -> nx.Graph:
        """Cars have no fixed neighbours."""
        graph = nx.empty_graph(parameters.cars)
        for i in graph:
            graph.nodes[i]["name"] = str(i + 1)
        return graph

    def make_agent(self, index: int) -> View:
        """A view on one car."""
        return Car(self, index)

    def count(self) -> tuple[int, int, int]:
        """What a car can see, yield or go, and the same in numbers."""
        return sight.STATES, 2, sight.FEATURES

    def public(self) -> list[str]:
        """Cars that come within sight on every approach."""
        return [f"arrivals from {side}" for side in SIDES]

    def derive(self, parameters: Parameters) -> Derived:
        """Arrivals in a tick, times, and Webster's greens."""
        flows = self.flows(parameters)
        arrivals = flows * TICK_S / theory.HOUR_S
        return Derived(
            arrivals_veh=arrivals,
            no_arrival=np.exp(-arrivals),
            safety_layer=np.array(parameters.safety_layer),
            cross_s=np.array(parameters.cross_s),
            follow_up_s=np.array(parameters.follow_up_s),
            approach_s=np.array(parameters.approach_s),
            clear_s=np.array(parameters.clear_s),
            collision_cost_s=np.array(parameters.collision_cost_s),
            decide_every=np.array(max(1, round(parameters.decide_every_s / TICK_S))),
            green_s=theory.webster_greens_s(flows, parameters.cross_s, parameters.follow_up_s),
        )

    def flows(self, parameters: Parameters) -> np.ndarray:
        """Demand of each approach, (4,) veh/h."""
        return parameters.demand_veh_per_h * np.array([getattr(parameters, f"weight_{side}") for side in SIDES])

    def make_state(self, blocks: list[Parameters], derived: Derived) -> CrossingState:
        """One car comes from each side, a moment after the other; the rest are away."""
        p, cars = blocks[0], blocks[0].cars
        times = ("sight_s", "free_s", "line_s", "start_s", "enter_s", "leave_s")
        fields: dict[str, Any] = {name: np.zeros(cars) for name in (*times, "guilt")}
        fields |= {name: np.zeros(cars, np.int64) for name in ("where", "side", "next_due", "box")}
        fields |= {name: np.zeros(4, np.int64) for name in ("head", "on_lane", "waiting", "crossed")}
        here = np.arange(4)
        fields["where"][here], fields["side"][here] = ON_LANE, here
        fields["free_s"][here] = fields["line_s"][here] = p.approach_s + here * p.follow_up_s / 4
        fields["on_lane"][:] = 1
        ring = np.zeros((4, 1 << (p.lane_veh - 1).bit_length()), np.int64)
        ring[:, 0] = here
        return CrossingState(
            derived=derived,
            idle=(np.arange(cars) + 4) % cars,
            idle_number=np.array([cars - 4]),
            lane_veh=np.array([p.lane_veh]),
            ring=ring,
            last_entry_s=np.full(4, -1e9),
            going=np.full(4, -1),
            box_number=np.zeros(1, np.int64),
            road_free_s=np.zeros(2),
            blocked_until_s=np.zeros(1),
            last_collision=np.full(1, NEVER),
            collisions=np.zeros(1, np.int64),
            sums=np.zeros(len(Sum)),
            fleets=fleet_sums(self.group_number),
            delays=np.zeros(DELAY_BINS, np.int64),
            **fields,
        )

    def audit(self) -> str:
        """Every car is in one place, and knows in which."""
        s = self.state
        places = {IDLE: s.idle[: s.idle_number[0]], IN_BOX: s.box[: s.box_number[0]]}
        order = [(s.head[side] + np.arange(s.on_lane[side])) % s.ring.shape[1] for side in range(4)]
        lanes = [s.ring[side, order[side]] for side in range(4)]
        cars = np.concatenate([*places.values(), *lanes])
        if not np.array_equal(np.sort(cars), np.arange(s.where.size)):
            return "ring: a car is in two places, or in none"
        where = np.select([np.isin(cars, places[IDLE]), np.isin(cars, places[IN_BOX])], [IDLE, IN_BOX], ON_LANE)
        if (np.where(s.where[cars] == WRECKED, IN_BOX, s.where[cars]) != where).any():
            return "where: a car is somewhere else"
        for side, lane in enumerate(lanes):
            if (s.side[lane] != side).any():
                return "side: a car on a lane comes from another side"
            if (s.free_s[lane] <= 0.0).any() or (s.line_s[lane] < s.free_s[lane]).any():
                return "free_s: a car on a lane came before tick 0, or is faster than it can be"
        box = places[IN_BOX]
        if (s.enter_s[box] < s.free_s[box]).any() or (s.leave_s[box] < s.enter_s[box]).any():
            return "enter_s: a car in the box entered before it came, or left before it entered"
        return ""

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """Delay of a signal and of going in order of coming; demand and what turns could serve; block by block."""
        lines: dict[str, list[float]] = {}
        for block in self._scenario.parameters_by_block(self._pinned):
            for name, value in self._theory(metric, block).items():
                lines.setdefault(name, []).append(value)
        return {name: values for name, values in lines.items() if np.isfinite(values).all()}

    def _theory(self, metric: str, p: Parameters) -> dict[str, float]:
        flows = self.flows(p)
        if metric == "mean_delay_s":
            return {
                "Webster": theory.signal_delay_s(flows, p.cross_s, p.follow_up_s),
                "M/G/1": theory.first_come_delay_s(flows, p.cross_s, p.follow_up_s),
            }
        if metric == "throughput_veh_per_h":
            alternating = theory.turns_capacity_veh_per_h(1.0, p.cross_s, p.follow_up_s)
            return {"demand": float(flows.sum()), "capacity in turns of one": alternating}
        return {}

    def clock_text(self) -> str:
        """Day and time of day."""
        seconds = int(self.tick * TICK_S)
        return f"Day {seconds // 86400 + 1}, {seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
