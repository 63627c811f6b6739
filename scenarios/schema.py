"""Scenario, Regime, Population: what a scenario file may say, and the messages when it says something else.

Every parameter is a pydantic field made by `knob`, with unit, meaning and bounds, so that the page's controls,
`everlearn list` and the documentation are drawn from the same place that checks it.
"""

import difflib
import os
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, Self

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from typing_extensions import TypeVar  # with a default, which Python's own has from 3.13 on

LARGEST = 10**12  # number that a scenario may hold
SLIP = 0.8  # likeness of a name to a parameter's that is a slip of the pen
LONG_WORD = re.compile(r"\S{300,}")  # longer than any path
GENERATORS = ("grid", "ring", "watts_strogatz", "barabasi_albert", "complete", "star")  # of graphs


class ScenarioError(ValueError):
    """Something a user wrote cannot be run; the message says where, what, and what is allowed, in one line."""

    def __init__(self, message: str) -> None:
        line = " ".join(message.splitlines())  # a name that a user gave may hold line breaks, or be a book
        super().__init__(LONG_WORD.sub(lambda word: shorten(word[0]), line))


def knob(
    default: Any,
    meaning: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    live: bool = True,
    title: str = "",
    shipped: tuple[str, ...] | None = None,
    only: Mapping[str, tuple[Any, ...]] | None = None,
) -> Any:
    """A parameter with unit, meaning and inclusive bounds; `live` ones may change while the world runs.

    One that has an effect in some kinds of world only names them: other parameters, with the values they must have.

    One that may name a file says which names are `shipped`; every other value of it is a path.
    """
    strict = isinstance(default, bool | int | float) or None  # "5" and true are no numbers
    about: dict[str, Any] = {"unit": unit, "live": live, "shipped": shipped, "only": dict(only or {})}
    return Field(
        default, description=meaning, ge=low, le=high, title=title or None, strict=strict, json_schema_extra=about
    )


def plain(value: Any) -> Any:
    """Numbers, arrays and texts of NumPy and pandas, and paths, as Python's own."""
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [*map(plain, value)] if isinstance(value, list) else tuple(map(plain, value))
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return value.tolist() if hasattr(value, "tolist") else value


def _numbers(value: Any) -> Iterator[float]:
    """All numbers of a value, however nested."""
    if isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, int | float):
        yield value


class Written(BaseModel):
    """What a file or a program may write: NumPy, pandas and pathlib are as welcome as TOML."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return plain(data)


class Parameters(Written):
    """Parameters of every world; each domain adds its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, coerce_numbers_to_str=True)
    learner_settings: typing.ClassVar[Mapping[str, Any]] = {}  # of table learners, where a scenario has no word of them

    cooperation: float = knob(
        0.0, "Share of others' reward in what an agent learns from: 0 competes, 1 cooperates.", low=0.0, high=1.0
    )
    cooperate_with: Literal["neighbours", "all", "planner"] = knob(
        "neighbours", "Whose reward counts when agents cooperate: the neighbours', everyone's, or the planner's."
    )
    record_every_ticks: int = knob(300, "Length of a window of the record.", unit="ticks", low=1, live=False)
    record_agents: bool = knob(False, "Record every agent's mean reward in each window.", live=False)

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        """A bound for what has none of its own, lists and tables too: sums of numbers stay exact and finite."""
        for name in type(self).model_fields:
            largest = max(map(abs, _numbers(getattr(self, name))), default=0)
            if largest > LARGEST:
                raise ValueError(f"{name} holds {largest:g}; numbers go from {-LARGEST:g} to {LARGEST:g}")
        return self


P = TypeVar("P", bound=Parameters, default=Parameters, covariant=True)  # parameters of one kind of world


class GraphParameters(Parameters):
    """Parameters of worlds whose agents are the nodes of a graph: a generator with its sizes, or a file."""

    graph: str = knob(
        "grid",
        "Which nodes are connected: grid, ring, watts_strogatz, barabasi_albert, complete, star, or a .graphml file.",
        live=False,
        shipped=GENERATORS,
    )
    rows: int = knob(4, "Rows of a grid.", low=1, high=100, live=False)
    columns: int = knob(4, "Columns of a grid.", low=1, high=100, live=False)
    nodes: int = knob(16, "Nodes of a graph that is not a grid.", low=1, high=10_000, live=False)
    degree: int = knob(4, "Links per node (watts_strogatz) or per new node (barabasi_albert).", low=1, live=False)
    rewire: float = knob(0.1, "Share of links rewired (watts_strogatz).", low=0.0, high=1.0, live=False)
    graph_seed: int = knob(0, "Seed of a random graph.", low=0, live=False)


class Population(Written):
    """A group of agents with one kind of learner."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agents: Literal["all"] | tuple[int | str, ...] | float = Field(
        "all", description='"all" that are left, a list of names or numbers, or a fraction of all.'
    )
    kind: str = Field(description="Name of the learner.")
    cooperation: float | None = Field(
        None, ge=0, le=1, strict=True, description="Cooperation of this group alone; without it, that of the world."
    )
    settings: dict[str, Any] = Field(default_factory=dict, description="The learner's settings.")

    @field_validator("agents", mode="before")
    @classmethod
    def _check_agents(cls, agents: Any) -> Any:
        parts = agents if isinstance(agents, list | tuple) else [agents]
        if agents != "all" and (isinstance(agents, str) or any(isinstance(part, bool) for part in parts)):
            raise ValueError(f'{shorten(repr(agents))} must be "all", a list of names or numbers, or a fraction')
        return agents


class Regime(Written):
    """A stretch of ticks during which parameters hold these values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="Name; blocks with one name are the same regime.")
    ticks: int = Field(ge=1, le=LARGEST, description="Length.")
    change: dict[str, Any] = Field(default_factory=dict, description="Parameters that differ from [world].")


class Scenario(BaseModel, Generic[P]):
    """A world with its parameters, its population of learners and its schedule of regimes."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = Field(exclude=True)
    where: str = Field(exclude=True, description="Opens every message about this scenario.")
    title: str
    question: str = Field(description="One sentence that ends with a question mark.")
    summary: str
    domain: str
    version: int = Field(ge=1, description="Raised whenever the numbers of a run change.")
    source: str
    ticks: int = Field(100_000, ge=1, le=LARGEST, description="Suggested length of a run.")
    repeat: bool = Field(False, description="Whether the regimes start again when all have passed.")
    world: SerializeAsAny[P]
    learner: tuple[Population, ...] = (Population(kind="random"),)
    regime: tuple[Regime, ...] = ()

    @model_validator(mode="after")
    def _check_regimes(self) -> Self:
        for number, regime in enumerate(self.regime, 1):
            self._changed(regime.change, f"{self.where}: regime {number} ({regime.name})", "a regime cannot change it")
        return self

    def _changed(self, change: Mapping[str, Any], where: str, refusal: str = "") -> P:
        """Parameters with some changed; `refusal` is said of those that hold for a whole run."""
        kind = type(self.world)
        for key in change:
            if refusal and key in kind.model_fields and not about(kind.model_fields[key])["live"]:
                live = [name for name, field in kind.model_fields.items() if about(field)["live"]]
                raise ScenarioError(f'{where}: "{key}" is set when a world is made; {refusal}. Live: {", ".join(live)}')
        try:
            return kind(**{**self.world.model_dump(), **change})
        except ValidationError as error:
            raise ScenarioError(explain(error, kind, where)) from None

    def change(self, **parameters: Any) -> Self:
        """A copy with some world parameters changed (regimes still apply on top).

        Raises
        ------
        ScenarioError
            For an unknown parameter or a value that is not allowed.
        """
        return self.model_copy(update={"world": self._changed(parameters, self.where)})

    def check_live(self, change: Mapping[str, Any]) -> None:
        """Refuse changes that a running world cannot take (raises ScenarioError)."""
        self._changed(change, f"{self.where}: change", "make a new world with it, or use restart()")

    def parameters_by_block(self, pinned: Mapping[str, Any]) -> list[P]:
        """Parameters of every regime block in order, one block where there are no regimes; pins hold over all."""
        blocks = self.regime or (Regime(name=self.title, ticks=1),)
        return [self._changed({**block.change, **pinned}, self.where) for block in blocks]

    def text(self) -> str:
        """The scenario as TOML, ready to be loaded again."""
        return tomli_w.dumps(self.model_dump(mode="json", exclude_defaults=True) | {"version": self.version})


@dataclass(frozen=True)
class Knob:
    """One parameter as a control needs it."""

    name: str
    title: str
    value: Any
    kind: Literal["float", "int", "bool", "choice", "text", "list"]
    unit: str
    meaning: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    live: bool
    serves: bool  # whether it has an effect beside the other values
    shipped: tuple[str, ...] | None  # values that name no file of the user's; None where no value names a file


def about(field: FieldInfo) -> dict[str, Any]:
    """What `knob` has said of a field beside its meaning and bounds."""
    said = typing.cast(dict[str, Any], field.json_schema_extra or {})
    return {"unit": "", "live": False, "shipped": None, "only": {}, **said}


def knobs(settings: BaseModel) -> list[Knob]:
    """All parameters of a world, or settings of a learner, with their values."""
    return [_knob(name, field, settings) for name, field in type(settings).model_fields.items()]


def _knob(name: str, field: FieldInfo, settings: BaseModel) -> Knob:
    kinds: dict[Any, Any] = {float: "float", int: "int", bool: "bool", str: "text"}
    is_choice = typing.get_origin(field.annotation) is Literal
    bounds = {type(bound).__name__: bound for bound in field.metadata}
    return Knob(
        name=name,
        title=field.title or name.replace("_", " ").capitalize(),
        value=getattr(settings, name),
        kind="choice" if is_choice else kinds.get(field.annotation, "list"),
        unit=about(field)["unit"],
        meaning=field.description or "",
        low=getattr(bounds.get("Ge"), "ge", None),
        high=getattr(bounds.get("Le"), "le", None),
        choices=typing.get_args(field.annotation) if is_choice else (),
        live=about(field)["live"],
        serves=all(getattr(settings, other) in values for other, values in about(field)["only"].items()),
        shipped=about(field)["shipped"],
    )


def missing_package(where: str, package: str, extra: str) -> ScenarioError:
    """What to say of an optional package that is not installed."""
    return ScenarioError(f"{where}: needs the package {package}; install it with: pip install -e '.[{extra}]'")


def shorten(text: str) -> str:
    """A text that a user gave, as long as a message can hold."""
    return text if len(text) <= 60 else f"{text[:57]}..."


def slip(name: str, known: Iterable[str]) -> str:
    """The known name of which another is a slip of the pen; nothing where it is like none."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=SLIP)), "")


def suggestion(word: str, known: Iterable[str]) -> str:
    """` Did you mean "...“?` for a word that is nearly one of `known`, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else ""


def explain(error: ValidationError, kind: type[BaseModel], where: str) -> str:
    """The first complaint of pydantic as one sentence: where, what, what is allowed; a slip of the pen comes first."""
    first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    place = [str(part + 1) if isinstance(part, int) else part for part in first["loc"] if part != "function-after"]
    name = place[0] if place else ""
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        known = [key for key, field in _model_at(kind, place[:-1]).model_fields.items() if not field.exclude]
        inside = f" in {' '.join(place[:-1])}" if place[:-1] else ""
        hint = suggestion(place[-1], known)
        return f'{where}: unknown key "{place[-1]}"{inside}; known are {", ".join(known)}.{hint}{more}'
    if first["type"] == "missing":
        inside = f" in {' '.join(place[:-1])}" if place[:-1] else ""
        return f'{where}: "{place[-1]}" is missing{inside}{more}'
    if first["type"] == "value_error":
        if isinstance(first["ctx"]["error"], ScenarioError):  # which says where itself
            return str(first["ctx"]["error"])
        return f"{where}: {' '.join(place)}{': ' if place else ''}{first['ctx']['error']}{more}"
    unit = about(kind.model_fields[name])["unit"] if name in kind.model_fields else ""
    message = first["msg"][0].lower() + first["msg"][1:]
    return f"{where}: {' '.join(place)} = {shorten(repr(first['input']))}: {message}{' ' + unit if unit else ''}{more}"


def _model_at(kind: type[BaseModel], place: list[str]) -> type[BaseModel]:
    """The model that describes a nested place such as ["regime", "0"]."""
    for part in place:
        field = kind.model_fields.get(part)
        inner = [arg for arg in typing.get_args(field.annotation) if isinstance(arg, type)] if field else []
        kind = next((arg for arg in inner if issubclass(arg, BaseModel)), kind)
    return kind
