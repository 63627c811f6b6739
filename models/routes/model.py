"""From a scenario to drivers on a road network, and what its metrics mean."""

from functools import cached_property
from typing import ClassVar

import networkx as nx
import numpy as np

from models.metric import Metric
from models.networks.assignment import Demand, Roads
from models.networks.cities import graph as cities
from models.routes import choices, network, picture, rules, theory, words  # noqa: F401 (rules registers the bodies)
from models.routes.metrics import Column
from models.routes.state import WAYS, Derived, RoutesState, Sum
from models.sums import fleet_metrics, fleet_sums
from models.world import World
from scenarios.routes.parameters import Parameters

GOLDEN = (5**0.5 - 1) / 2  # its multiples spread evenly over [0, 1), however many of them are taken


class Routes(World[Parameters, RoutesState]):
    """Drivers who choose a route every day."""

    domain: ClassVar[str] = "routes"
    default_scenario: ClassVar[str] = "routes/braess"
    smallest: ClassVar[str] = "routes/forty_drivers"
    title: ClassVar[str] = "Routes"
    about: ClassVar[str] = "Drivers who choose a route every day."
    agent_noun: ClassVar[str] = "driver"
    start_ticks_per_s: ClassVar[float] = 40.0
    own_metrics: ClassVar[dict[str, Metric]] = Column.metrics()
    seconds_per_tick: ClassVar[float | None] = 86_400.0
    scene, frame, inspect = picture.scene, picture.frame, words.inspect

    @property
    def headline(self) -> tuple[str, ...]:
        """The metrics to show first."""
        first = ("mean_cost_min", "price_of_anarchy", "relative_gap", "switches")
        return (*first, *fleet_metrics(Column.mean_cost_min, len(self.learners)), "toll_paid_min", "reward")[:6]

    @property
    def metrics(self) -> dict[str, Metric]:
        """The common metrics, then the share of each route of a single pair, and the time of each fleet."""
        shares = {
            f"share_route_{k + 1}": Metric(f"Via {self._via(k)}", "Share of vehicles on this route.")
            for k in range(self._ways)
        }
        return {**super().metrics, **shares, **fleet_metrics(Column.mean_cost_min, len(self.learners))}

    @property
    def _ways(self) -> int:
        """Routes that have a metric of their own."""
        number = self.routes.links.shape[1]
        return number if len(self.routes.ends) == 1 and number <= WAYS else 0

    def _via(self, k: int) -> str:
        """The places that a route of the single pair passes."""
        between = choices.name(self.graph, self.routes.links[0, k]).split("–")[1:-1]
        return "–".join(between) or "the direct road"

    @cached_property
    def trips(self) -> network.Trips:
        """Who goes where."""
        return network.trips(self.graph, self.case, self.parameters_at_reset, self._scenario.where)

    @cached_property
    def routes(self) -> choices.Routes:
        """Pairs and their routes; set at reset, whatever changes later."""
        p, toll = self.parameters_at_reset, network.own_tolls(self.graph)
        return choices.find(self.graph, self.trips.ends, self.roads(p), self.demand(p), toll, p, self._scenario.where)

    @cached_property
    def pair(self) -> np.ndarray:
        """Pair of every driver, (A,): in turn, so that each fleet has drivers in all."""
        drivers, pairs = self.parameters_at_reset.drivers, len(self.trips.ends)
        if self.trips.volume is None:
            return np.arange(drivers) % pairs
        number = 1 + _shared(self.trips.volume, drivers - pairs)
        pair = np.repeat(np.arange(pairs), number)
        place = (np.arange(drivers) - np.repeat(np.cumsum(number) - number, number) + 0.5) / number[pair]
        in_turn: np.ndarray = pair[np.argsort(place, kind="stable")]
        return in_turn

    def make_graph(self, parameters: Parameters) -> nx.DiGraph:
        """The road network."""
        where = self._scenario.where
        self.case = cities.read(parameters.case, where) if parameters.case else None
        return network.build(self.case, parameters, where)

    def name_agents(self) -> list[str]:
        """Drivers have numbers."""
        return [str(i + 1) for i in range(self.parameters_at_reset.drivers)]

    def homes(self) -> list[int]:
        """Where each driver sets out."""
        return [self.trips.ends[pair][0] for pair in self.pair]

    def neighbours(self) -> list[list[int]]:
        """Nobody: drivers meet everyone on the roads."""
        return [[] for _ in self.agent_names]

    def count(self) -> tuple[int, int, int]:
        """One state, K routes, no features."""
        return 1, self.routes.links.shape[1], 0

    def public(self) -> list[str]:
        """Which roads are open, fixed tolls, the share of the marginal cost charged, and vehicles of a driver."""
        names = network.link_names(self.graph)
        return [*(f"{name} open" for name in names), *(f"{name} toll" for name in names), "toll share", "vehicles"]

    def roads(self, parameters: Parameters) -> Roads:
        """Cost functions of all links."""
        return network.roads(self.graph, parameters, self._scenario.where)

    def demand(self, parameters: Parameters) -> Demand:
        """Vehicles of each pair."""
        origin = np.array([start for start, _ in self.trips.ends], np.int64)
        destination = np.array([network.arrival(self.graph, end) for _, end in self.trips.ends], np.int64)
        return Demand(origin, destination, self._size * self._vehicles(parameters))

    @cached_property
    def _size(self) -> np.ndarray:
        """Drivers of each pair, (P,)."""
        return np.bincount(self.pair, minlength=len(self.trips.ends))

    def _vehicles(self, parameters: Parameters) -> np.ndarray:
        """Vehicles that each driver of a pair stands for, (P,)."""
        if self.trips.volume is None:
            demand_veh = parameters.demand_veh * parameters.demand_scale
            return np.full(self._size.size, demand_veh / parameters.drivers)
        each: np.ndarray = self.trips.volume * parameters.demand_scale / self._size
        return each

    def is_open(self, parameters: Parameters) -> np.ndarray:
        """Which links are open, (L,)."""
        return ~network.named(self.graph, parameters.closed_links, "closed_links", self._scenario.where)

    def tolls(self, parameters: Parameters) -> tuple[np.ndarray, float]:
        """Fixed toll of each link (L,) in min, and the share of the marginal cost that is charged."""
        tolled = network.named(self.graph, parameters.tolled_links, "tolled_links", self._scenario.where)
        if not parameters.tolled_links:
            tolled[:] = True
        fixed = tolled * (parameters.toll_min if parameters.toll == "fixed" else 0.0) + network.own_tolls(self.graph)
        return fixed, parameters.toll_share if parameters.toll == "marginal" else 0.0

    def derive(self, parameters: Parameters) -> Derived:
        """Costs, open links, tolls and the system optimum."""
        roads, is_open = self.roads(parameters), self.is_open(parameters)
        toll_min, toll_share = self.tolls(parameters)
        place = np.arange(parameters.drivers) * GOLDEN % 1.0
        return Derived(
            free=roads.free,
            slope=roads.slope,
            power=roads.power,
            open=is_open,
            driven=choices.driven(self.graph, self.routes, ~is_open, roads.free, self._scenario.where),
            toll_min=toll_min,
            toll_share=np.array(toll_share),
            vehicles=self._vehicles(parameters),
            demand=np.array(self._demand_veh(parameters)),
            optimum_min=np.array(theory.optimum_min(roads, self.demand(parameters), is_open)),
            kappa=self._counted(parameters),
            informed=place < parameters.information_share,
        )

    def _demand_veh(self, parameters: Parameters) -> float:
        """Vehicles of all drivers."""
        vehicles = self._vehicles(parameters)
        if self.trips.volume is None:
            return float(parameters.drivers * vehicles[0])
        return float(self._size @ vehicles)

    def _counted(self, parameters: Parameters) -> np.ndarray:
        """Share of x t' that each driver counts of its own accord, (A,): cooperation with the planner."""
        return self.kappa(parameters) * (parameters.cooperate_with == "planner")

    def make_state(self, blocks: list[Parameters], derived: Derived) -> RoutesState:
        """Empty roads."""
        links, (pairs, routes, _) = self.routes.links, self.routes.links.shape
        free = np.append(derived.free[0], 0.0)
        by_route = {f"route_{name}": np.zeros((pairs, routes)) for name in ("flow", "external", "toll")}
        by_link = {f"link_{name}": np.zeros(free.size - 1) for name in ("flow", "external", "toll")}
        return RoutesState(
            derived=derived,
            pair=self.pair,
            links=links,
            size=self._size,
            route=np.full(self.pair.size, -1),
            route_time=free[links].sum(axis=2),
            link_time=free[:-1].copy(),
            changed=np.zeros(1, np.int64),
            sums=np.zeros(len(Sum)),
            share_sums=np.zeros(self._ways),
            fleets=fleet_sums(self.group_number),
            fleet_size=np.bincount(self.group_number).astype(float),
            **by_route,
            **by_link,
        )

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """The user equilibrium and the system optimum, block by block."""
        if metric not in ("mean_cost_min", "price_of_anarchy"):
            return {"user equilibrium": [0.0] * len(self.state.derived.optimum_min)} if metric == "relative_gap" else {}
        blocks = self._scenario.parameters_by_block(self._pinned)
        reached = np.array([self._equilibrium(block) for block in blocks])
        best = self.state.derived.optimum_min
        if metric == "price_of_anarchy":
            reached, best = reached / best, np.ones(len(best))
        return {"user equilibrium": reached.tolist(), "system optimum": best.tolist()}

    def _equilibrium(self, parameters: Parameters) -> float:
        """Mean travel time at the equilibrium of what drivers perceive; selfish drivers' where fleets differ."""
        kappa = np.unique(self._counted(parameters))
        toll_min, toll_share = self.tolls(parameters)
        perceived = theory.Perceived(float(kappa[0]) if len(kappa) == 1 else 0.0, toll_share, toll_min)
        return theory.equilibrium_min(
            self.roads(parameters), self.demand(parameters), self.is_open(parameters), perceived
        )

    def notes(self) -> list[str]:
        """What the import of a case left out."""
        return list(self.case.about.notes) if self.case else []

    def clock_text(self) -> str:
        """Days passed."""
        return f"day {self.tick:,}"


def _shared(volume: np.ndarray, drivers: int) -> np.ndarray:
    """Drivers shared among pairs in proportion to their volumes (P,), by largest remainders (Hamilton)."""
    exact = drivers * volume / volume.sum()
    share = np.floor(exact).astype(np.int64)
    largest = np.argsort(share - exact, kind="stable")[: drivers - share.sum()]
    share[largest] += 1
    return np.asarray(share)
