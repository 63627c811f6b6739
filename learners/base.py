"""The Learner protocol, the frozen settings of table learners, and what their kernels share.

A learner is a frozen record of settings. `begin` makes a *mind*, which the world owns. Compiled learners register
bodies for the type of their mind (`@learn.body_for(Mind)`); learners in plain Python write `learn`, `act` and
`settle` as methods and keep their arrays in a `Memory`.
"""

import re
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from engine.generic import kernel, subroutine
from engine.turn import Turn
from learners.memory import SLOTS, remember
from scenarios.schema import ScenarioError


class Space(NamedTuple):
    """What a group of agents must decide about."""

    agents: int  # members of the group
    states: int  # S
    actions: int  # K
    neighbours: int  # N, the most any agent of the world has
    features: int  # F
    random_play: np.ndarray | None = None  # (n, K) mean reward of each action against random others, where known
    public: int = 0  # E, quantities that everybody sees


class Learner(BaseModel):
    """An algorithm with its settings; the name in menus is the class name in snake case."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    compiled: ClassVar[bool] = True
    wants: ClassVar[Literal["states", "features"]] = "states"
    title: ClassVar[str] = ""  # of a baseline; empty: its name in words

    @property
    def reads_public(self) -> bool:
        """Whether it needs what everybody sees of the outside world."""
        return False

    def begin(self, space: Space, rng: np.random.Generator) -> Any:
        """Make the mind of a group of agents."""
        raise NotImplementedError(f"{type(self).__name__} needs a method begin(space, rng) that returns a mind")

    def join(self, space: Space, rng: np.random.Generator) -> Any:
        """A new mind as the loop meets it."""
        return self.begin(space, rng)

    def discount(self) -> tuple[float, float]:
        """Discount per decision and per tick; one of them is 1."""
        return 1.0, 1.0

    def policy(self, mind: Any, member: int) -> np.ndarray | None:
        """Values (S, K) of the agent at place `member` of its group; None where the learner keeps no table."""
        return None

    def preferred(self, mind: Any, member: int) -> np.ndarray | None:
        """What the agent does in every state if it does not explore, (S,); None where it keeps no table.

        Where it draws among actions: the likeliest, the first of those that are equally likely.
        """
        values = self.policy(mind, member)
        return None if values is None else values.argmax(axis=1)

    def visits(self, mind: Any, member: int) -> np.ndarray | None:
        """How often each value of `policy` has been learned from, (S, K)."""
        return None

    def unchanged(self, mind: Any) -> np.ndarray | None:
        """Decisions each member has learned from since its greedy policy changed, (n,); None if it does not tell."""
        return None

    @classmethod
    def declares(cls, setting: str) -> type | None:
        """The class in which a setting first appears; learners that have it from one class mean the same by it."""
        return next((each for each in reversed(cls.__mro__) if setting in getattr(each, "model_fields", ())), None)

    @classmethod
    def kind(cls) -> str:
        """Name in menus and scenario files."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class PythonLearner(Learner):
    """A learner in plain Python: override `act`, and `learn` or `settle` where it learns.

    `members` (n,) are agents' numbers; `turn` is `engine.turn.Turn`, indexed by agent. Decide only for agents with
    `turn.deciding`, learn only for those with `turn.judged`, do not explore for those without `turn.thawed`.
    """

    compiled: ClassVar[bool] = False

    def begin(self, space: Space, rng: np.random.Generator) -> "Kept":
        """No memory, unless overridden."""
        return Memory()

    def join(self, space: Space, rng: np.random.Generator) -> "PythonMind":
        """A new mind that answers the loop with this learner's methods."""
        return PythonMind(self, self.begin(space, rng), space.actions)

    def learn(self, mind: Any, members: np.ndarray, turn: Turn, rng: np.random.Generator) -> None:
        """Learn before acting."""

    def act(self, mind: Any, members: np.ndarray, turn: Turn, rng: np.random.Generator) -> None:
        """Write `turn.actions` of the members who decide."""
        raise NotImplementedError(f"{type(self).__name__} needs a method act(mind, members, turn, rng)")

    def settle(self, mind: Any, members: np.ndarray, turn: Turn, rng: np.random.Generator) -> None:
        """Learn after everyone has acted."""


class Kept(Protocol):
    """The mind of a learner in plain Python: a `Memory`, or what can do the same."""

    def copy(self) -> Self:
        """An independent copy."""

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays by name."""

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over saved arrays."""


class Memory:
    """Named arrays of a learner in plain Python; they fork and save like all others."""

    def __init__(self, **arrays: np.ndarray) -> None:
        self.__dict__.update({name: np.asarray(array) for name, array in arrays.items()})

    def copy(self) -> Self:
        """An independent copy."""
        return type(self)(**{name: array.copy() for name, array in self.arrays().items()})

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays by name."""
        return dict(self.__dict__)

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over saved arrays."""
        self.__dict__.update({name: np.asarray(array) for name, array in arrays.items()})


class PythonMind:
    """A mind of a learner in plain Python, as the loop meets it: no action that does not exist gets past it."""

    def __init__(self, learner: PythonLearner, mind: Kept, actions: int) -> None:
        self.learner, self.mind, self.actions = learner, mind, actions

    def learn(self, members: np.ndarray, turn: Turn, world: object, rng: np.random.Generator) -> None:
        """Learn before acting."""
        self._do("learn", members, turn, rng)

    def act(self, members: np.ndarray, turn: Turn, world: object, rng: np.random.Generator) -> None:
        """Write the next actions."""
        self._do("act", members, turn, rng)

    def settle(self, members: np.ndarray, turn: Turn, world: object, rng: np.random.Generator) -> None:
        """Learn after everyone has acted."""
        self._do("settle", members, turn, rng)

    def _do(self, step: str, members: np.ndarray, turn: Turn, rng: np.random.Generator) -> None:
        """One method of the learner; kernels index by what it leaves in `turn.actions`, also after it has raised."""
        try:
            getattr(self.learner, step)(self.mind, members, turn, rng)
        finally:
            strange = turn.actions.view(np.uint64) >= self.actions  # a negative number is a large one
            if strange.any():
                agent = strange.argmax()
                given, turn.actions[strange] = turn.actions[agent], 0
                raise ScenarioError(
                    f'learner "{self.learner.kind()}": {step} left action {given} to agent {agent}; '
                    f"turn.actions holds whole numbers from 0 to {self.actions - 1}"
                )

    def copy(self) -> "PythonMind":
        """An independent copy."""
        return PythonMind(self.learner, self.mind.copy(), self.actions)

    def arrays(self) -> dict[str, np.ndarray]:
        """Arrays of the mind."""
        return self.mind.arrays()

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Take over saved arrays."""
        self.mind.restore(arrays)


class Rates(NamedTuple):
    """Learning and exploration rates of n agents; after each decision a rate goes part of its way to its end."""

    alpha: np.ndarray  # (n,)
    epsilon: np.ndarray  # (n,)
    alpha_end: float
    epsilon_end: float
    alpha_keep: float  # share of the remaining way that is left after one decision
    epsilon_keep: float
    by_visits: bool  # alpha is 1 / visits, never under alpha_end


class TableLearner(Learner):
    """Settings of every learner that keeps a table of values Q(s, a)."""

    alpha: float = Field(0.1, ge=0, le=1, description="Learning rate at the start.")
    alpha_schedule: Literal["constant", "exponential", "visits"] = Field(
        "constant",
        description="How alpha changes: not at all, to alpha_end, or as 1 / visits, never below alpha_end.",
    )
    alpha_end: float = Field(0.0, ge=0, le=1, description="Learning rate at the end of the schedule.")
    gamma: float = Field(0.95, ge=0, le=1, description="Discount factor: weight of later rewards.")
    gamma_per: Literal["decision", "tick"] = Field(
        "decision", description="Whether gamma discounts each decision or each tick."
    )
    epsilon: float = Field(0.05, ge=0, le=1, description="Share of random actions at the start.")
    exploration: Literal["constant", "exponential", "none"] = Field(
        "constant", description="How epsilon changes: not at all, or exponentially to epsilon_end; or no exploration."
    )
    epsilon_end: float = Field(0.0, ge=0, le=1, description="Share of random actions at the end of the schedule.")
    half_life: float = Field(
        50_000.0,
        gt=0,
        description="Number of an agent's decisions in which an exponential schedule covers half of its way.",
    )
    initial: float = Field(
        0.0, description="Initial value of every action; above what can be earned, it makes agents explore."
    )
    start: Literal["initial", "random_play"] = Field(
        "initial",
        description="Values at the start: `initial`, or what an action earns for ever if others act at random.",
    )
    shared: bool = Field(False, description="Whether all agents of the group share one table.")
    lifelong: bool = Field(
        False,
        description="Keep a memory across recurring regimes: notice changes and return to tables that fitted.",
    )
    memory: Literal["rewards", "signature"] = Field(
        "rewards",
        description="How a memory recognises a regime: by rewards, trying tables; or by what all agents see.",
    )
    block_ticks: int = Field(
        24,
        ge=1,
        description="Ticks over which the memory takes means to compare, such as a whole number of the world's days.",
    )

    @property
    def reads_public(self) -> bool:
        """Whether its memory knows regimes by what everybody sees."""
        return self.lifelong and self.memory == "signature"

    def join(self, space: Space, rng: np.random.Generator) -> Any:
        """A new mind, with a memory across regimes if it is to be lifelong."""
        if self.reads_public and not space.public:
            raise ScenarioError(
                f'learner "{self.kind()}": memory = "signature" needs a world that shows all agents something of the '
                'outside world, and this one shows nothing; take memory = "rewards"'
            )
        mind = self.begin(space, rng)
        return remember(mind, self.block_ticks, space.public * self.reads_public) if self.lifelong else mind

    def discount(self) -> tuple[float, float]:
        """Discount per decision and per tick."""
        return (self.gamma, 1.0) if self.gamma_per == "decision" else (1.0, self.gamma)

    def rates(self, space: Space) -> Rates:
        """Rates of every agent at the start of its life."""
        keep = 0.5 ** (1.0 / self.half_life)
        epsilon = 0.0 if self.exploration == "none" else self.epsilon
        return Rates(
            alpha=np.full(space.agents, self.alpha),
            epsilon=np.full(space.agents, epsilon),
            alpha_end=self.alpha if self.alpha_schedule == "constant" else self.alpha_end,
            epsilon_end=self.epsilon_end if self.exploration == "exponential" else epsilon,
            alpha_keep=keep,
            epsilon_keep=keep,
            by_visits=self.alpha_schedule == "visits",
        )

    def rows(self, space: Space) -> np.ndarray:
        """Which table each agent uses, (n,)."""
        return np.zeros(space.agents, np.int64) if self.shared else np.arange(space.agents, dtype=np.int64)

    def table(self, space: Space, *shape: int) -> np.ndarray:
        """A table of initial values, (tables, *shape); a memory has SLOTS places for each."""
        number = 1 if self.shared else space.agents
        values = np.full(((SLOTS if self.lifelong else 1) * number, *shape), self.initial)
        if self.start == "random_play":
            earned = self._random_play(space) / (1.0 - self.gamma)
            earned = earned.mean(axis=0, keepdims=True) if self.shared else earned
            earned = earned.reshape(number, *(1 for _ in shape[1:]), -1)
            values.reshape(-1, number, *shape)[...] = earned
        return values

    def _random_play(self, space: Space) -> np.ndarray:
        """What the world says of random play, (n, K)."""
        if space.random_play is None:
            raise ScenarioError(
                'start = "random_play": this world does not know what random play earns; set `initial` instead'
            )
        if self.gamma == 1.0:
            raise ScenarioError('start = "random_play" sums rewards for ever and needs gamma < 1')
        return space.random_play

    def policy(self, mind: Any, member: int) -> np.ndarray | None:
        """Values (S, K) of one agent."""
        values: np.ndarray = mind.q[mind.rows[member]]
        return values

    def visits(self, mind: Any, member: int) -> np.ndarray | None:
        """Updates of each value, (S, K)."""
        visits: np.ndarray = mind.visits[mind.rows[member]]
        return visits


@kernel
def step_size(rates, member, visits):
    """Learning rate for a value that has been learned from `visits` times before."""
    return max(rates.alpha_end, 1.0 / (1.0 + visits)) if rates.by_visits else rates.alpha[member]


@kernel
def grow_older(rates, member):
    """One decision has passed: the rates of an agent go part of their way to their ends."""
    rates.alpha[member] = rates.alpha_end + (rates.alpha[member] - rates.alpha_end) * rates.alpha_keep
    rates.epsilon[member] = rates.epsilon_end + (rates.epsilon[member] - rates.epsilon_end) * rates.epsilon_keep


def best_of_each(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Index of the largest value along the last axis; equals are equally likely, and only they draw numbers."""
    equal = values == values.max(axis=-1, keepdims=True)
    lots = rng.random(values.shape) if (equal.sum(axis=-1) > 1).any() else 1.0
    chosen: np.ndarray = np.where(equal, lots, -1.0).argmax(axis=-1)
    return chosen


@kernel
def best(values, rng):
    """Index of the largest value; equals are equally likely, and only they draw numbers."""
    chosen, top, tied = 0, values[0], False
    for a in range(1, values.size):
        if values[a] > top:
            chosen, top, tied = a, values[a], False
        elif values[a] == top:
            tied = True
    return draw_equal(values, top, rng) if tied else chosen


@subroutine
def draw_equal(values, top, rng):
    """One of those that are equal to `top`; apart from `best`, which is fast where nothing is equal."""
    chosen, equals = 0, 0
    for a in range(values.size):
        if values[a] == top:
            equals += 1
            if rng.random() * equals < 1.0:
                chosen = a
    return chosen


@kernel
def largest(values):
    """The largest value."""
    top = values[0]
    for a in range(1, values.size):
        top = max(top, values[a])
    return top


@kernel
def draw(weights, rng):
    """An action drawn with chances in proportion to weights; each is equally likely where no weight is left."""
    total = 0.0
    for a in range(weights.size):
        total += weights[a]
    left = rng.random() * total
    if total <= 0.0:
        return int(rng.random() * weights.size)
    for a in range(weights.size):
        left -= weights[a]
        if left < 0.0:
            return a
    return best(weights, rng)  # rounding has left a crumb


@kernel
def choose(greedy, actions, member, agent, turn, rates, rng):
    """Epsilon-greedy among so many actions where the agent explores; frozen, greedy."""
    if turn.thawed[agent]:
        explores = rates.epsilon[member] > 0.0 and rng.random() < rates.epsilon[member]
        grow_older(rates, member)
        if explores:
            return int(rng.random() * actions)
    return greedy
