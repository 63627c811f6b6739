"""From a scenario to a power market, and what its metrics mean.

The network comes from a case (`case.py`), not from a generated graph; `world.graph` is the network of buses and lines.
"""

from typing import ClassVar, Literal

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from engine import notice
from models.grid import baselines, case, lines, network, panels, picture, report, rules, theory, words  # noqa: F401
from models.grid.agents import Participant
from models.grid.clearing import room, workspace
from models.grid.metrics import Column
from models.grid.offers import Offers, layout
from models.grid.state import HOURS, NONE, NUMBERS, Derived, GridState, Sum
from models.metric import Metric
from models.view import View
from models.world import World
from scenarios.grid.parameters import Parameters

SEES = ("nothing", "hour", "load", "market")
PRICING = ("nodal", "uniform", "pay_as_bid")
STRATEGIES = ("markup", "withhold", "price")
STATES = {"nothing": 1, "hour": HOURS, "load": rules.LOAD_BINS, "market": rules.LOAD_BINS * rules.PRICE_BINS}
FEATURES = 6


class Grid(World[Parameters, GridState]):
    """Companies that sell power on a network, hour by hour."""

    domain: ClassVar[str] = "grid"
    default_scenario: ClassVar[str] = "grid/ames5"
    smallest: ClassVar[str] = "grid/pivotal_cap"
    title: ClassVar[str] = "Power grid"
    about: ClassVar[str] = "Companies that sell power on a network, hour by hour."
    agent_noun: ClassVar[str] = "company"
    compared_with: ClassVar[tuple[str, ...]] = ("best_response",)
    theory_tones: ClassVar[dict[str, Literal["plain", "bad"]]] = {"best response": "plain", "cartel": "bad"}
    seconds_per_tick: ClassVar[float | None] = 3600.0
    headline: ClassVar[tuple[str, ...]] = (
        "profit_per_h", "price_per_mwh", "system_cost_per_h", "regret_per_h", "shed_mw", "congestion_rent_per_h",
    )  # fmt: skip
    own_metrics: ClassVar[dict[str, Metric]] = Column.metrics()
    scene, frame, panels, inspect = picture.scene, picture.frame, panels.panels, words.inspect
    case: case.Case
    offers: Offers

    def make_graph(self, parameters: Parameters) -> nx.Graph:
        """Buses and lines of the case."""
        self.case = case.read(parameters.case, self._scenario.where)
        self._marks: dict[Parameters, np.ndarray] = {}
        graph = nx.Graph()
        for bus, name in enumerate(self.case.bus_names):
            graph.add_node(bus, name=name, x=float(self.case.bus_x[bus]), y=float(self.case.bus_y[bus]))
        graph.add_edges_from(zip(self.case.line_from.tolist(), self.case.line_to.tolist(), strict=True))
        return graph

    def name_agents(self) -> list[str]:
        """Companies, then the storage unit and the regulator where there are such."""
        self.offers = layout(self.case, self.parameters_at_reset, self._scenario.where)
        return self.offers.agents

    def homes(self) -> list[int]:
        """The bus of each agent's largest unit."""
        homes: list[int] = self.offers.home.tolist()
        return homes

    def neighbours(self) -> list[list[int]]:
        """The nearest other companies, counted in lines between their largest units."""
        homes, companies = self.offers.home, self.offers.first_offer.size - 1
        steps = dijkstra(nx.to_scipy_sparse_array(self.graph), unweighted=True, indices=homes)[:, homes]
        near = []
        for i in range(len(self.agent_names)):
            others = sorted((j for j in range(companies) if j != i), key=lambda j: (steps[i, j], j))
            near.append(sorted(others[: self.parameters_at_reset.rivals]))
        return near

    def public(self) -> list[str]:
        """Load of every bus, whether each line is in service, and what each company can run."""
        companies = self.agent_names[: self.offers.first_offer.size - 1]
        loads, lines_ = [f"load at {bus}, MW" for bus in self.case.bus_names], self.case.line_names
        return loads + [f"{line} in service" for line in lines_] + [f"{name} can run, MW" for name in companies]

    def make_agent(self, index: int) -> View:
        """A view on a company, the storage unit or the regulator."""
        return Participant(self, index)

    def count(self) -> tuple[int, int, int]:
        """States by what is seen (and how full storage is); choices; features."""
        parameters = self.parameters_at_reset
        bins = rules.STORAGE_BINS if parameters.storage_bus else 1
        return STATES[parameters.sees] * bins, len(parameters.choices), FEATURES

    def derive(self, parameters: Parameters) -> Derived:
        """Network, costs, loads and marks of one regime block."""
        where, case_, offers = self._scenario.where, self.case, self.offers
        in_service = lines.in_service(case_, parameters, where)
        ptdf, shift_flow, island = network.ptdf(case_, in_service, parameters.susceptance)
        load = case_.load_mw * parameters.demand_scale
        taken = offers.taken(parameters)
        taken_load = np.bincount(offers.bus, taken, island.size)
        derived = Derived(
            number=np.array([getattr(parameters, name) for name in NUMBERS], float),
            pricing=np.array(PRICING.index(parameters.pricing)),
            in_service=in_service,
            limit=lines.limits(case_, parameters, where),
            by_bus=ptdf.T,
            by_line=ptdf,
            line_island=island[case_.line_from],
            bus_island=island,
            islands=np.array(island.max() + 1),
            cost=offers.costs(parameters, where),
            rise=offers.rises(parameters),
            capacity=offers.capacities(parameters, where),
            taken=taken,
            taken_load=taken_load,
            taken_island=np.bincount(island, taken_load, island.size),
            taken_flow=-taken_load @ ptdf.T,
            available=case_.available_mw,
            load=load,
            island_load=np.stack([load[:, island == k].sum(axis=1) for k in range(island.size)], axis=1),
            total_load=load.sum(axis=1),
            load_flow=-load @ ptdf.T,
            shift_flow=shift_flow,
            mark=np.zeros((len(load), 3, 4)),
        )
        return derived._replace(mark=self._mark(parameters, derived))

    def _mark(self, parameters: Parameters, derived: Derived) -> np.ndarray:
        """What `theory.marks` says, (T, 3, 4), NaN where it would take long and nobody asked for it.

        It is known again when the same parameters come back.
        """
        if parameters not in self._marks:
            alone = Derived(*(np.ascontiguousarray(part[None]) for part in derived))
            state = self.make_state([self.parameters_at_reset], alone)
            if not (self.parameters_at_reset.tabulate or theory.is_quick(state)):
                return np.full_like(derived.mark, np.nan)
            with notice.telling("tabulating what companies could earn in each hour"):
                self._marks[parameters] = theory.marks(state, 0)
        return self._marks[parameters]

    def audit(self) -> str:
        """The merit order holds every offer once."""
        order = self.state.workspace.order
        return "" if np.array_equal(np.sort(order), np.arange(order.size)) else "workspace.order: an offer is missing"

    def make_state(self, blocks: list[Parameters], derived: Derived) -> GridState:
        """A market that has not cleared yet, calm weather, storage half full."""
        p, offers = blocks[0], self.offers
        agents, buses = len(offers.agents), len(self.case.bus_names)
        size = (offers.bus.size, len(self.case.line_names), buses)
        return GridState(
            derived=derived,
            now=room(*size),
            trial=room(*size),
            workspace=workspace(*size[:2]),
            choice=np.array(p.choices) / (1.0 if p.strategy == "price" else 100.0),
            strategy=np.array([STRATEGIES.index(p.strategy)]),
            sees=np.array([SEES.index(p.sees)]),
            unit=offers.unit,
            owner=offers.owner,
            bus=offers.bus,
            low=offers.low,
            must_run=offers.must_run,
            keeps=np.array([offers.must_run.any()]),
            bid=np.zeros(offers.bus.size),
            first_offer=offers.first_offer,
            wind_offer=np.array([offers.wind]),
            home=offers.home,
            storage=np.array([offers.storage]),
            regulator=np.array([offers.regulator]),
            working=np.ones(len(self.case.unit_names), bool),
            weather=np.zeros(3),
            stored_mwh=np.array([p.storage_mwh / 2 if offers.storage != NONE else 0.0]),
            cap_per_mwh=np.array([p.price_cap_per_mwh]),
            choices=np.zeros((HOURS, agents), np.int64),
            price=np.zeros(buses),
            profit=np.zeros(agents),
            asked=np.zeros(agents, np.int64),
            reply=np.zeros(len(p.choices)),
            regret=np.zeros(agents),
            sums=np.zeros(len(Sum)),
        )

    def unit_mw(self) -> np.ndarray:
        """MW that each unit of the case gave in the last hour (U,); below 0 where it took power."""
        state = self.state
        return self.offers.output(state.now.mw, state.derived.taken[self.turn.block[0]])

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """Truthful offers, best-reply equilibrium and cartel, for prices, costs and profits."""
        return theory.lines(self, metric)

    def clock_text(self) -> str:
        """Day and hour; the date where the hours of the case have one."""
        if self.case.start is not None:
            return f"{self.case.start + pd.Timedelta(hours=self.tick % len(self.case.load_mw)):%a %d %b %Y, %H:%M}"
        return f"Day {self.tick // HOURS + 1:,}, {self.tick % HOURS:02d}:00"

    def notes(self) -> list[str]:
        """What became of series and of least output of the case, and whether theory was worked out."""
        least, notes = self.case.min_mw[self.case.min_mw > 0], list(self.case.notes)
        if least.size:
            notes.append(words.least_output(least, self.parameters_at_reset.commitment))
        if np.isnan(self.state.derived.mark).any():
            notes.append(words.NOT_TABULATED)
        return notes
