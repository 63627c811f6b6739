"""Tile-coded Q and SARSA(lambda): values are sums of weights over tiles that lie on the features.

Q_i(s,a) = sum of w(tile, a) over the tiles that hold s, one of each tiling
w(tile, a) <- w(tile, a) + alpha / T e(tile, a) [ r + gamma v(s') - Q_i(s,a) ],  T tiles hold a state
v(s') = max_b Q_i(s',b), or Q_i(s',a') for SARSA
e <- gamma lambda e, then 1 for the tiles and the action of the next decision (replacing traces); in Q-learning an
action that is not greedy ends all traces (Watkins 1989).

Source: Sutton 1996, NIPS 8; Singh and Sutton 1996, Machine Learning 22; tilings displaced by odd multiples as in
Sutton and Barto 2018, section 9.5.4. Few features are tiled together; where that takes more than `TILE_LIMIT` tiles,
each feature is tiled alone, so a value is a sum over features and knows nothing of two together. Where a world has no
features, its states are the tiles: a table. Traces under 1 percent are cut off.
Known to fail: Q-learning with function approximation may diverge (Baird 1995) where SARSA only chatters; features
outside [low, high] count as at its edge; features tiled alone cannot say "this queue is long *and* that light is
green".
"""

from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from engine.generic import index, kernel
from engine.limits import COUNT, FIXED, Limits, below, each
from engine.loop import act, settle
from learners.base import Rates, Space, TableLearner, best, choose, largest, step_size
from learners.memory import tables
from scenarios.schema import ScenarioError

TILE_LIMIT = 65_536  # tiles of one agent
SHORTEST_TRACE = 0.01


class TileMind(NamedTuple):
    """Weights of a group; n agents, W tiles, K actions, T tiles that hold a state, L decisions that leave a trace."""

    weights: np.ndarray  # (tables, W, K)
    visits: np.ndarray  # (tables, W, K) int64
    rows: np.ndarray  # (n,)
    rates: Rates
    tiles: np.ndarray  # (n, L, T) int64, of the last decisions
    held: np.ndarray  # (n, L) int64, actions of those decisions
    trace: np.ndarray  # (n, L, T), how far a tile still learns
    newest: np.ndarray  # (n,) int64, place of the last decision among L
    now: np.ndarray  # (T,) int64, scratch: tiles of the present state
    values: np.ndarray  # (K,) scratch
    low: np.ndarray  # (F,)
    high: np.ndarray  # (F,)
    together: int  # features in one tiling
    tilings: int
    across: int  # tiles across the range of a feature
    decay: float  # lambda
    sarsa: bool

    def limits(self) -> Limits:
        """What a file may put into each array."""
        tables, tiles, actions = self.weights.shape
        return {
            **each(FIXED, "low", "high"),
            "visits": COUNT,
            **each(below(tiles), "tiles", "now"),
            "rows": below(tables),
            "held": below(actions),
            "newest": below(self.held.shape[1]),
        }


class TileQ(TableLearner):
    """Tile-coded Q-learning or SARSA, with eligibility traces."""

    wants = "features"
    rule: Literal["q", "sarsa"] = Field(
        "q", description="Value of the next state: that of the best action, or of the one taken."
    )
    trace_decay: float = Field(
        0.0, ge=0, le=0.95, description="Lambda of the eligibility trace: how far news travels back."
    )
    tilings: int = Field(8, ge=1, le=64, description="Number of tilings, shifted against each other.")
    tiles: int = Field(8, ge=1, le=64, description="Number of tiles across the range of a feature.")
    low: tuple[float, ...] = Field((0.0,), strict=False, description="Low end of each feature, or one for all.")
    high: tuple[float, ...] = Field((1.0,), strict=False, description="High end of each feature, or one for all.")

    def begin(self, space: Space, rng: np.random.Generator) -> TileMind:
        """Weights that sum to initial values."""
        low, high = (self._bounds(name, space.features) for name in ("low", "high"))
        if (low >= high).any():
            raise ScenarioError(f"tile_q: low = {list(self.low)} must be below high = {list(self.high)}")
        fits = self.tilings * (self.tiles + 1) ** space.features <= TILE_LIMIT
        together = space.features if fits else 1
        active = self.tilings * space.features // together if space.features else 1
        tiles = active * (self.tiles + 1) ** together if space.features else space.states
        weights = self.table(space, tiles, space.actions) / active
        length = 1 if self.trace_decay == 0 else int(np.log(SHORTEST_TRACE) / np.log(self.trace_decay)) + 1
        return TileMind(
            weights=weights,
            visits=np.zeros(weights.shape, np.int64),
            rows=self.rows(space),
            rates=self.rates(space),
            tiles=np.zeros((space.agents, length, active), np.int64),
            held=np.zeros((space.agents, length), np.int64),
            trace=np.zeros((space.agents, length, active)),
            newest=np.zeros(space.agents, np.int64),
            now=np.zeros(active, np.int64),
            values=np.zeros(space.actions),
            low=low,
            high=high,
            together=together,
            tilings=self.tilings,
            across=self.tiles,
            decay=self.trace_decay,
            sarsa=self.rule == "sarsa",
        )

    def _bounds(self, name: str, features: int) -> np.ndarray:
        given = getattr(self, name)
        if len(given) not in (1, features):
            raise ScenarioError(f"tile_q: {name} has {len(given)} numbers; give one, or {features}, one per feature")
        return np.array(given * features if len(given) == 1 else given, np.float64)

    def policy(self, mind: TileMind, member: int) -> np.ndarray | None:
        """Values (S, K) where states are the tiles; features have no table."""
        return None if mind.low.size else mind.weights[mind.rows[member]]

    def visits(self, mind: TileMind, member: int) -> np.ndarray | None:
        """Updates of those values."""
        return None if mind.low.size else mind.visits[mind.rows[member]]


@kernel
def find_tiles(mind, state, features):
    """Write the tiles that hold a state into `now`."""
    mind.now[0] = state
    if mind.low.size == 0:
        return
    for tile in range(mind.now.size):
        first, tiling, place = tile // mind.tilings * mind.together, tile % mind.tilings, tile
        for f in range(mind.together):
            low, high = mind.low[first + f], mind.high[first + f]
            within = min(max((features[first + f] - low) / (high - low), 0.0), 1.0)
            displaced = (2 * f + 1) * tiling % mind.tilings / mind.tilings
            place = place * (mind.across + 1) + int(within * mind.across + displaced)
        mind.now[tile] = place


@kernel
def evaluate(mind, table, state, features):
    """Find the tiles of a state and write the value of every action into the mind's scratch."""
    find_tiles(mind, state, features)
    mind.values[:] = 0.0
    for t in range(mind.now.size):
        tile = index(mind.now[t])
        for a in range(mind.values.size):
            mind.values[a] += mind.weights[table, tile, a]


@kernel
def correct(mind, table, k, error):
    """Move the weights of all tiles that still have a trace."""
    for d in range(mind.held.shape[1]):
        for t in range(mind.now.size):
            if mind.trace[k, d, t] > 0.0:
                tile, a = mind.tiles[k, d, t], mind.held[k, d]
                alpha = step_size(mind.rates, k, mind.visits[table, tile, a]) / mind.now.size
                mind.weights[table, tile, a] += alpha * mind.trace[k, d, t] * error


@kernel
def remember(mind, k, action, keep):
    """Let all traces fade to `keep`, and the present tiles and action begin theirs anew."""
    new = (mind.newest[k] + 1) % mind.held.shape[1]
    for d in range(mind.held.shape[1]):
        for t in range(mind.now.size):
            again = mind.tiles[k, d, t] == mind.now[t] and mind.held[k, d] == action
            mind.trace[k, d, t] = 0.0 if again else keep * mind.trace[k, d, t]
    for t in range(mind.now.size):
        mind.tiles[k, new, t], mind.trace[k, new, t] = mind.now[t], 1.0
    mind.held[k, new], mind.newest[k] = action, new


@tables.body_for(TileMind)
def tables_tile(mind):
    return mind.weights, mind.visits


@act.body_for(TileMind)
def act_tile_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if turn.deciding[i]:
            evaluate(mind, index(mind.rows[k]), turn.states[i], turn.features[i])
            turn.actions[i] = choose(best(mind.values, rng), mind.values.size, k, i, turn, mind.rates, rng)


@settle.body_for(TileMind)
def settle_tile_q(mind, members, turn, world, rng):
    for k in range(members.size):
        i = index(members[k])
        if not turn.deciding[i]:
            continue
        table, a, keep = index(mind.rows[k]), turn.actions[i], 0.0
        evaluate(mind, table, turn.states[i], turn.features[i])
        if turn.judged[i]:
            top = largest(mind.values)
            error = turn.returns[i] + turn.discount[i] * (mind.values[a] if mind.sarsa else top)
            last = mind.newest[k]
            for t in range(mind.now.size):
                error -= mind.weights[table, mind.tiles[k, last, t], mind.held[k, last]]
            correct(mind, table, k, error)
            for t in range(mind.now.size):
                mind.visits[table, mind.tiles[k, last, t], mind.held[k, last]] += 1
            keep = turn.discount[i] * mind.decay if mind.sarsa or mind.values[a] == top else 0.0
        remember(mind, k, a, keep)
