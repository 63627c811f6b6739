"""What browsers may say: every message to the server, its fields and their ranges; everything else is refused.

A tab is a stranger's program: what it sends is checked here once, before a viewer or a run hears of it.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.worlds.address import MOST_SEED, tuples
from scenarios import ScenarioError, explain
from scenarios.schema import suggestion

MOST_BYTES = 60_000_000  # of a file that is sent to the server; static/saving.js refuses more before it is sent

Text = Annotated[str, Field(max_length=2_000)]
Values = Annotated[dict[str, Any], AfterValidator(lambda given: {name: tuples(value) for name, value in given.items()})]
Tick = Annotated[int, Field(ge=0)]


class Message(BaseModel):
    """Fields of one kind of message; the field `k` beside them names the kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Ack(Message):
    """A frame has been drawn."""

    i: int = Field(ge=0)


class Open(Message):
    """Show what an address says."""

    search: str = Field(max_length=100_000)


class Motion(Message):
    """How many pictures the tab can use."""

    pictures_per_s: float = Field(ge=0.1, le=240)


class Upload(Message):
    """Go on with a saved world, whose bytes come with the message."""

    name: Text


class Play(Message):
    """Go on, or hold."""

    playing: bool


class Speed(Message):
    """Ticks per second; None for as fast as it can."""

    ticks_per_s: float | None = Field(ge=0.001, le=1e9)


class Change(Message):
    """Change parameters; `text` marks it on the timeline, `name` begins a sentence about it."""

    text: Text
    name: Text
    parameters: Values


class Reset(Message):
    """Start again at tick 0."""

    learner: Text | None
    lifelong: bool | None
    seed: int = Field(ge=0, le=MOST_SEED)
    changes: Values


class Watch(Message):
    """Inspect an agent, or none."""

    agent: int | None = Field(ge=0)


class Look(Message):
    """Look at a tick of the past, or at the run itself."""

    tick: int | None = Field(ge=0)


class Join(Message):
    """End a what-if, with world B or without."""

    keep: bool


class File(Message):
    """Ask for a file, or for the cell."""

    kind: Literal["world", "record", "figure", "cell"]


MESSAGES: dict[str, type[Message]] = {
    "ack": Ack, "open": Open, "motion": Motion, "upload": Upload, "play": Play, "step": Message, "speed": Speed,
    "change": Change, "reset": Reset, "watch": Watch, "look": Look, "go_on": Message, "fork": Message, "join": Join,
    "file": File,
}  # fmt: skip


def read(content: Any, buffers: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """Kind and fields of a message.

    Raises
    ------
    ScenarioError
        What is wrong with it, in one sentence.
    """
    kind = content.get("k") if isinstance(content, dict) else None
    if not isinstance(kind, str) or kind not in MESSAGES:
        hint = suggestion(kind, MESSAGES) if isinstance(kind, str) else ""
        raise ScenarioError(f"The page sent a message of an unknown kind; known kinds are {', '.join(MESSAGES)}.{hint}")
    try:
        fields = dict(MESSAGES[kind].model_validate({name: value for name, value in content.items() if name != "k"}))
    except ValidationError as error:
        raise ScenarioError(explain(error, MESSAGES[kind], f'A message "{kind}" of this page')) from None
    if kind == "upload":
        if len(buffers) != 1 or len(buffers[0]) > MOST_BYTES:
            raise ScenarioError(f"A saved world is one file of at most {MOST_BYTES // 10**6} MB.")
        fields["data"] = bytes(buffers[0])
    return kind, fields
