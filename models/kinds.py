"""Which class holds which kind of world."""

import importlib
from typing import TypeVar

from models.domain import Domain
from scenarios import ScenarioError

W = TypeVar("W", bound=Domain)


def world_class(domain: str, kind: type[W]) -> type[W]:
    """The class of a world, which is a `kind`: the one in `models/<domain>/model.py` whose `domain` it is.

    Raises
    ------
    ScenarioError
        When there is none, or several.
    """
    name = f"models.{domain}.model"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in (name, f"models.{domain}"):
            raise
        raise ScenarioError(f"models/{domain}/model.py is missing; it must hold the class of this world") from None
    own = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, kind)]
    found = [each for each in own if each.__module__ == name and getattr(each, "domain", None) == domain]
    if len(found) != 1:
        raise ScenarioError(
            f'models/{domain}/model.py: {len(found)} classes are a World with domain = "{domain}"; it takes one'
        )
    return found[0]
