"""Rules made by hand for one world: learners that know its arrays, keep none of their own, and learn nothing."""

from collections import namedtuple
from typing import Any, ClassVar, get_args

import numpy as np

from learners.base import Learner, Space


class Rule(Learner):
    """A rule; all that it has in mind are its settings.

    Every rule has a type `Mind` of its own, a NamedTuple of its settings, for which its body is registered::

        class Restraint(Rule):
            above: float = Field(0.5, description="...")

        @act.body_for(Restraint.Mind)
        def act_restraint(mind, members, turn, world, rng): ...

    Numbers are there as they are, and a choice among texts as its place among them.
    """

    Mind: ClassVar[Any]

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Make the type of its mind; units of compiled code are told apart by its name."""
        super().__pydantic_init_subclass__(**options)
        cls.Mind = namedtuple(f"{cls.__name__}Mind", cls.model_fields, module=cls.__module__)  # type: ignore[misc]
        cls.Mind.__qualname__ = f"{cls.__qualname__}.Mind"

    def begin(self, space: Space, rng: np.random.Generator) -> Any:
        """Settings as numbers."""
        given = ((getattr(self, name), get_args(field.annotation)) for name, field in type(self).model_fields.items())
        return self.Mind(*(choices.index(value) if choices else value for value, choices in given))
