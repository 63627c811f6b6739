"""From a scenario to a matrix game on a graph, and what its metrics mean.

Node attributes read from a GraphML file: `name`, `x`, `y` (all optional). Edge attributes: none.
"""

from dataclasses import replace
from typing import Any, ClassVar

import networkx as nx
import numpy as np

from models.games import rules, theory
from models.games.metrics import Column
from models.games.payoffs import payoffs, spreads
from models.games.state import Derived, GamesState
from models.inspection import HeatMap, Inspection, worth
from models.metric import Metric
from models.world import World
from scenarios import ScenarioError
from scenarios.games.parameters import Parameters

SEES = {"nothing": rules.NOTHING, "count": rules.COUNT, "profile": rules.PROFILE}
STATE_LIMIT = 100_000
SHOWN = 8  # states on the map of an agent, at most


class Games(World[Parameters, GamesState]):
    """A matrix game that neighbours play."""

    domain: ClassVar[str] = "games"
    default_scenario: ClassVar[str] = "games/prisoners_dilemma"
    smallest: ClassVar[str] = "games/climbing"
    title: ClassVar[str] = "Games"
    about: ClassVar[str] = "Players who meet their neighbours, round after round."
    agent_noun: ClassVar[str] = "player"
    own_metrics: ClassVar[dict[str, Metric]] = Column.metrics()

    @property
    def headline(self) -> tuple[str, ...]:
        """The metrics to show first."""
        return tuple(self.metrics)[:6]

    @property
    def metrics(self) -> dict[str, Metric]:
        """The common metrics, then the share of each action."""
        shares = {
            f"share_{name}": Metric(f"Choose {name}", f"Share of choices that were {name}.")
            for name in self.parameters_at_reset.actions
        }
        return {**super().metrics, **shares}

    def derive(self, parameters: Parameters) -> Derived:
        """Payoffs by role, how far chance moves them, noise, and pure equilibria of the mean payoffs."""
        hours = [payoffs(parameters, hour) for hour in range(parameters.hours)]
        swings = [spreads(parameters, hour) for hour in range(parameters.hours)]
        return Derived(
            np.array([(row, column.T) for row, column in hours]),
            np.array([(row, column.T) for row, column in swings]),
            np.array(parameters.payoff_noise),
            np.array([theory.pure_equilibria(row, column) for row, column in hours]),
        )

    def make_state(self, blocks: list[Parameters], derived: Derived) -> GamesState:
        """Roles, links and empty sums."""
        near = self.neighbours()
        pairs = sorted((min(e), max(e)) for e in self.graph.edges)
        if not pairs:
            raise ScenarioError(f"{self._scenario.where}: the graph has no links, so nobody plays; give it nodes >= 2")
        number = {pair: e for e, pair in enumerate(pairs)}
        role = np.zeros((len(near), max(map(len, near))), np.int64)
        link = np.zeros_like(role)
        for i, others in enumerate(near):
            role[i, : len(others)] = [i > j for j in others]
            link[i, : len(others)] = [number[min(i, j), max(i, j)] for j in others]
        sees = np.array([SEES[blocks[0].sees]])
        coins = np.zeros(len(pairs) if blocks[0].payoff_spread else 0)
        return GamesState(
            derived, role, link, sees, np.array(pairs), coins, np.zeros(len(blocks[0].actions)), np.zeros(len(Column))
        )

    def count(self) -> tuple[int, int, int]:
        """States seen, actions, and the last actions of self and neighbours as features."""
        parameters = self.parameters_at_reset
        actions = len(parameters.actions)
        degree = max((d for _, d in self.graph.degree), default=0)
        seen = {"nothing": 1, "count": degree + 1, "profile": actions ** (degree + 1)}[parameters.sees]
        states = seen * parameters.hours
        where = self._scenario.where
        if parameters.sees == "count" and actions != 2:
            raise ScenarioError(f'{where}: sees = "count" is for games of two actions; take "profile" or "nothing"')
        if states > STATE_LIMIT:
            raise ScenarioError(f'{where}: sees = "profile" gives {states} states; take "count" or a sparser graph')
        return states, actions, 0

    def public(self) -> list[str]:
        """The game that is played: what each role earns for every pair of actions."""
        names = self.parameters_at_reset.actions
        return [f"{role}: {own} against {other}" for role in ("row", "column") for own in names for other in names]

    def theory_lines(self, metric: str) -> dict[str, list[float]]:
        """Mean payoff of these players at each equilibrium that is known, where the metric is the reward."""
        lines: dict[str, list[float]] = {}
        blocks = self._scenario.parameters_by_block(self._pinned) if metric == "reward" else []
        for number, block in enumerate(blocks):
            for name, payoff in self._equilibria(block).items():
                lines.setdefault(name, [float("nan")] * len(blocks))[number] = payoff
        return lines

    def _equilibria(self, parameters: Parameters) -> dict[str, float]:
        """Mean payoff at each equilibrium; where a day has several hours, at the best one of each."""
        if parameters.capacity:
            return {"equilibrium": theory.congestion_payoff(np.array(parameters.capacity), len(self.graph))}
        if len(self.graph) > 2:
            return {} if parameters.hours > 1 or parameters.payoff_column else self._of_population(parameters)
        if parameters.hours > 1:
            best = [theory.best_payoff(*payoffs(parameters, hour)) for hour in range(parameters.hours)]
            return {"best equilibrium": float(np.mean(best))}
        row, column = payoffs(parameters)
        return {self._pair(x, y): theory.mean_payoff(row, column, x, y) for x, y in theory.equilibria(row, column)}

    def _of_population(self, parameters: Parameters) -> dict[str, float]:
        """Mean payoff of more than two players of a symmetric game, and the most that any of their choices gives."""
        row, _ = payoffs(parameters)
        found = {self._pair(x, y): payoff for x, y, payoff in theory.population_equilibria(row, self.graph)}
        if nx.density(self.graph) == 1.0:
            found["best possible"] = theory.best_population(row, len(self.graph))
        return found

    def _pair(self, x: np.ndarray, y: np.ndarray) -> str:
        return self._name(x) if np.array_equal(x, y) else f"{self._name(x)} / {self._name(y)}"

    def _name(self, strategy: np.ndarray) -> str:
        names = self.parameters_at_reset.actions
        if strategy.max() == 1.0:
            return names[int(strategy.argmax())]
        return " ".join(f"{share:.0%} {name}" for share, name in zip(strategy, names, strict=True) if share > 0)

    def clock_text(self) -> str:
        """Rounds played."""
        return f"round {self.tick:,}"

    def name_actions(self) -> list[str]:
        """As the scenario names them."""
        return list(self.parameters_at_reset.actions)

    def scene(self) -> dict[str, Any]:
        """The graph, and hours of a day."""
        return {**super().scene(), "hours": self.parameters_at_reset.hours}

    def frame(self) -> dict[str, np.ndarray]:
        """What everyone held and earned in the last round, and its payoffs (2, K, K); none in a congestion game."""
        by_hour = self.state.derived.payoff[self.turn.block[0]]
        payoff = np.zeros(0) if self.parameters_at_reset.capacity else by_hour[max(0, self.tick - 1) % len(by_hour)]
        return {**super().frame(), "payoff": np.ascontiguousarray(payoff, np.float32)}

    def inspect(self, agent: int) -> Inspection:
        """Values of one player in words and as a table."""
        about, names = super().inspect(agent), self.name_actions()
        values, visits = self.values(agent), self.visits(agent)
        state, facts = int(self.turn.past_states[agent]), [("Neighbours", str(self.graph.degree[agent]))]
        if values is None or visits is None:
            return replace(about, facts=facts)
        shown = min(len(values), SHOWN)
        heat = HeatMap(
            rows=[self._seen(s) for s in range(shown)],
            columns=names,
            row_title="seen last round",
            column_title="worth of each action",
            cells=worth(values[:shown], visits[:shown]),
            here=(state, int(self.turn.actions[agent])) if state < shown else None,
            actions=names,
        )
        preferred = self.preferred(agent)
        assert preferred is not None
        best = int(preferred[state])
        said = f"Prefers {names[best]}: worth {values[state, best]:.3g} from here on."
        facts += [(f"Worth of {n}", f"{v:.3g}") for n, v in zip(names, values[state], strict=True)]
        return replace(about, policy=[said], heat=heat, facts=facts)

    def _seen(self, state: int) -> str:
        parameters = self.parameters_at_reset
        state, hour = divmod(state, parameters.hours)
        return self._seen_of_others(state) + (f", hour {hour}" if parameters.hours > 1 else "")

    def _seen_of_others(self, state: int) -> str:
        parameters = self.parameters_at_reset
        if parameters.sees == "nothing":
            return "any"
        if parameters.sees == "count":
            return f"{state} × {parameters.actions[1]}"
        own, rest = state % len(parameters.actions), state // len(parameters.actions)
        return f"own {parameters.actions[own]}, others {rest}"
