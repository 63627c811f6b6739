"""From a scenario to firms in one market: their choices, the table of profits, and what the metrics mean."""

import math
from functools import cached_property
from typing import ClassVar

import networkx as nx
import numpy as np

from models.metric import Metric
from models.oligopoly import rules, theory, words  # noqa: F401 (rules registers the bodies)
from models.oligopoly.demand import Market
from models.oligopoly.metrics import Column
from models.oligopoly.state import BEST_REPLY, FREE, Derived, OligopolyState
from models.panels import Dial, Panel
from models.world import World
from scenarios import ScenarioError
from scenarios.oligopoly.parameters import Parameters

TABLE_LIMIT = 5_000_000  # values of one firm
RECENT_WINDOWS = 4  # of the record, that the dial averages


class Oligopoly(World[Parameters, OligopolyState]):
    """A few firms that post prices in one market."""

    domain: ClassVar[str] = "oligopoly"
    default_scenario: ClassVar[str] = "oligopoly/duopoly"
    smallest: ClassVar[str] = "oligopoly/cost_shock"
    title: ClassVar[str] = "Oligopoly"
    about: ClassVar[str] = "Firms that post prices and watch each other."
    agent_noun: ClassVar[str] = "firm"
    start_ticks_per_s: ClassVar[float] = 20_000.0
    own_metrics: ClassVar[dict[str, Metric]] = Column.metrics()
    headline: ClassVar[tuple[str, ...]] = (*Column.metrics(), "reward")
    scene, inspect = words.scene, words.inspect

    def make_graph(self, parameters: Parameters) -> nx.Graph:
        """Every firm is a rival of every other."""
        graph = nx.complete_graph(parameters.firms)
        for i in graph:
            angle = 2 * math.pi * i / parameters.firms - math.pi / 2
            graph.nodes[i].update(name=str(i + 1), x=math.cos(angle), y=math.sin(angle))
        return graph

    @cached_property
    def levels(self) -> np.ndarray:
        """Prices (or quantities) to choose from, (A, K); set at reset, whatever changes later."""
        parameters = self.parameters_at_reset
        if parameters.level_range:
            low, high = parameters.level_range
            return np.tile(np.linspace(low, high, parameters.levels), (parameters.firms, 1))
        market = Market.of(parameters.model_copy(update={"absent_firms": ()}))
        ends = np.sort([theory.nash(market), theory.joint_optimum(market)], axis=0)
        beyond = parameters.margin * (ends[1] - ends[0])
        return np.linspace(np.maximum(ends[0] - beyond, 0.0), ends[1] + beyond, parameters.levels, axis=1)

    def derive(self, parameters: Parameters) -> Derived:
        """Profits, best replies and measures of every joint choice."""
        market, levels = Market.of(parameters), self.levels
        firms, size = levels.shape
        digits = np.indices((size,) * firms).reshape(firms, -1)  # (A, J)
        chosen = levels[np.arange(firms)[:, None], digits].T  # (J, A)
        profit = market.profits(chosen)
        reply, gap = _replies(profit, firms, size)
        measures = {
            "profit_gain": theory.profit_gain(profit, market),
            "mean_price": market.mean_price(chosen),
            "consumer_surplus": market.outcome(chosen)[2],
            "best_response_gap": gap[:, market.present].mean(axis=1),
        }
        lines = np.stack([theory.nash(market), theory.joint_optimum(market)])
        competitive, optimum = (_nearest(levels, line) for line in lines)
        forced = {"no": FREE, "best reply": BEST_REPLY, "competitive": competitive[0], "joint optimum": optimum[0]}
        return Derived(
            profit=profit,
            reply=reply,
            measures=np.stack([measures[column.name] for column in Column], axis=1),
            present=market.present,
            lines=lines,
            competitive=competitive,
            joint_optimum=optimum,
            forced=np.array(forced[parameters.forced]),
        )

    def make_state(self, blocks: list[Parameters], derived: Derived) -> OligopolyState:
        """All firms hold their lowest level."""
        first = blocks[0]
        return OligopolyState(
            derived=derived,
            joint=np.zeros(max(first.memory, 1), np.int64),
            levels=np.array([first.levels]),
            memory=np.array([first.memory]),
            in_turn=np.array([first.moves == "sequential"]),
            sums=np.zeros(len(Column)),
        )

    def count(self) -> tuple[int, int, int]:
        """States seen, levels, and no features."""
        p = self.parameters_at_reset
        others = p.firms - (p.moves == "sequential")
        states = p.levels ** (others * p.memory)
        if states * p.levels > TABLE_LIMIT:
            raise ScenarioError(
                f"{self._scenario.where}: memory = {p.memory} with {p.firms} firms and levels = {p.levels} gives "
                f"{states:,} states; take memory = 1, fewer levels or fewer firms"
            )
        return states, p.levels, 0

    def random_play(self) -> np.ndarray:
        """Mean profit (A, K) of each level when the rivals choose at random."""
        firms, size = self.levels.shape
        profit = self.state.derived.profit[0].reshape((size,) * firms + (firms,))
        rivals = [tuple(j for j in range(firms) if j != i) for i in range(firms)]
        return np.stack([profit[..., i].mean(axis=rivals[i]) for i in range(firms)])

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """The metric at the static Nash equilibrium and at the joint optimum, block by block."""
        values = {
            "reward": lambda market, at: market.profits(at).mean(),
            "profit_gain": lambda market, at: theory.profit_gain(market.profits(at), market),
            "mean_price": lambda market, at: market.mean_price(at),
            "consumer_surplus": lambda market, at: market.outcome(at)[2],
        }
        if metric not in values:
            return {}
        blocks = self._scenario.parameters_by_block(self._pinned)
        markets = [Market.of(block) for block in blocks]
        return {
            name: [float(values[metric](*pair)) for pair in zip(markets, lines, strict=True)]
            for name, lines in zip(("Nash", "joint optimum"), self.state.derived.lines.swapaxes(0, 1), strict=True)
        }

    def clock_text(self) -> str:
        """Periods passed."""
        return f"period {self.tick:,}"

    def frame(self) -> dict[str, np.ndarray]:
        """What everyone holds, the lines of theory now, and how the others would answer a cut by firm 1."""
        return {
            "actions": self.turn.actions.astype(np.uint8),
            "lines": self.state.derived.lines[self.regime].astype(np.float32).reshape(-1),
            "cut": words.answer_to_a_cut(self).reshape(-1),
        }

    def panels(self) -> list[Panel]:
        """How far profits have left competition."""
        rows = self.record.arrays()["metrics"][-RECENT_WINDOWS:, self.record.names.index("profit_gain")]
        dial = Dial(
            title="How close to a cartel?",
            note="profit gain Δ",
            value=float(rows.mean()) if rows.size else None,
            marks=[(0.0, "Nash"), (1.0, "joint optimum")],
            trend=Column.best_response_gap.name,
        )
        return [dial]


def _nearest(levels: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Index of the level nearest to what each firm wants, (A,)."""
    nearest: np.ndarray = np.abs(levels - wanted[:, None]).argmin(axis=1)
    return nearest


def _replies(profit: np.ndarray, firms: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Best level of each firm against the others' levels, and what it would earn more than now, both (J, A)."""
    by_level = profit.reshape((size,) * firms + (firms,))
    reply = np.empty(by_level.shape, np.int64)
    best = np.empty(by_level.shape)
    for i in range(firms):
        reply[..., i] = by_level[..., i].argmax(axis=i, keepdims=True)
        best[..., i] = by_level[..., i].max(axis=i, keepdims=True)
    return reply.reshape(profit.shape), best.reshape(profit.shape) - profit
