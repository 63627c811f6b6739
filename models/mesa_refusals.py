"""What does something in other Mesa models and nothing in a world: each is refused in a sentence that says what does.

Who is in a world, and with what, is set when it is made: arrays and compiled code have that size and these values. So
whatever Mesa lets people add, take away or assign afterwards would be done to a shadow of the world.
"""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from mesa.agent import AgentSet

AGENTS = "the agents of a world are set when it is made; make another one, with fewer or more (models.make)"
STEPS = "all agents of a world move at once, in compiled code; call world.step() or world.run(ticks)"
PLACES = "agents of a world keep their places in its graph; make another one on another graph (models.make)"
STREAMS = (
    "a world and its groups of learners draw from streams of its seed; world.fork(seed=...) goes on as another seed "
    "has it, models.make(..., seed=...) begins so"
)
PARAMETERS = "call world.change({name}=...), or models.make with {name}=... where it is set when a world is made"
MOVES = "call world.step() or world.run(ticks) to go on; go back to a world.fork() kept from then"
COLUMNS = "columns of your own are added by world.watch(name, function)"
OTHERWISE = "it is set when a world is made (models.make); for things of your own take another name"
REMEDIES = {
    **dict.fromkeys(("agents", "agent_names", "agents_by_type", "agent_types"), AGENTS),
    **dict.fromkeys(("seed", "rng", "random"), STREAMS),
    **dict.fromkeys(("scenario", "parameters"), "call world.change(name=...), or make another one (models.make)"),
    **dict.fromkeys(("tick", "steps", "time"), MOVES),
    **dict.fromkeys(("space", "graph"), PLACES),
    **dict.fromkeys(("record", "datacollector", "metrics", "headline"), COLUMNS),
    **dict.fromkeys(
        ("step", "run", "advance"), "write a learner, or a world (docs/add-a-world.md); look by world.watch"
    ),
}


def refuse(remedy: str) -> Callable[..., NoReturn]:
    """A method that does nothing but say what to do instead (raises NotImplementedError)."""

    def refused(self: Any, *given: Any, **named: Any) -> NoReturn:
        raise NotImplementedError(f"{getattr(self, 'name', None) or type(self).__name__}: {remedy}")

    return refused


class Everyone(AgentSet):
    """All agents of a world in their order; what is selected or copied from them is a set of Mesa's like any other."""

    _whole = False

    @classmethod
    def of(cls, agents: Iterable[Any], random: Any) -> "Everyone":
        """The set that nobody joins or leaves."""
        everyone = cls(agents, random)
        everyone._whole = True
        return everyone

    def __getitem__(self, place: Any) -> Any:
        """Agents by place, which Mesa 3.5 lets only the set of all agents give."""
        return list(self)[place]

    def shuffle(self, inplace: bool = False) -> AgentSet:
        """Agents in another order, in a set of their own."""
        return self._update(super().shuffle()) if inplace else super().shuffle()


def _unless_whole(name: str) -> Callable[..., Any]:
    mesas = getattr(AgentSet, name)

    def changed(self: Everyone, *given: Any, **named: Any) -> Any:
        if self._whole:
            raise NotImplementedError(f"world.agents: {AGENTS}; agents.select() and agents.shuffle() give other sets")
        return mesas(self, *given, **named)

    return changed


for _name in ("add", "discard", "remove", "_update"):
    setattr(Everyone, _name, _unless_whole(_name))


class Shown(dict[str, Any]):
    """Parameters as they are; to set one here would change nothing (raises TypeError)."""

    def _refused(self, *given: Any, **named: Any) -> NoReturn:
        name = given[0] if given and given[0] in self else next(iter(named), "name")
        raise TypeError(f"world.parameters only shows them: {PARAMETERS.format(name=name)}")

    __setitem__ = __delitem__ = __ior__ = update = pop = setdefault = clear = popitem = _refused
