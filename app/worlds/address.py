"""The address bar: which scenario, learner, seed and changed parameters a page shows.

``?scenario=traffic/rush_hour&learner=q&lifelong=true&seed=7&demand_veh_per_s=0.4``; every other name is a world
parameter, its value written as JSON (plain words need no quotes), or something that others have added (``utm_source``).
``?run=ID`` joins a run that is alive instead of starting one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

MOST_SEED = 2**53 - 1  # the largest whole number that JavaScript keeps
MOST_NESTED = 8  # a parameter is at most a list of lists


@dataclass(frozen=True)
class Address:
    """What a page shows; an empty `scenario` is the gallery, None is what the scenario says."""

    scenario: str = ""
    learner: str | None = None
    seed: int = 1
    changes: Mapping[str, Any] = field(default_factory=dict)
    run: str | None = None
    lifelong: bool | None = None

    @property
    def search(self) -> str:
        """The address as the part of a URL from "?" on."""
        if not self.scenario:
            return ""
        named = {"scenario": self.scenario, "learner": self.learner, "lifelong": self.lifelong, "seed": self.seed}
        pairs = [(name, value) for name, value in named.items() if value is not None] + list(self.changes.items())
        told = [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in pairs]
        return "?" + urlencode(told, safe="/[],", quote_via=quote)


def parse(search: str) -> Address:
    """Read the part of a URL from "?" on.

    Raises
    ------
    ValueError
        When the seed is not a whole number in its range, or `lifelong` neither true nor false; parameters are checked
        where the world is made.
    """
    given = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True))
    seed = given.pop("seed", "1")
    if not seed.isdecimal() or len(seed) > len(str(MOST_SEED)) or int(seed) > MOST_SEED:
        told = f"The address has seed={seed[:40]}; a seed is a whole number from 0 to {MOST_SEED}."
        raise ValueError(f"{told} Please correct the address.")
    lifelong = given.pop("lifelong", None)
    if lifelong not in (None, "true", "false"):
        raise ValueError(f"The address has lifelong={lifelong}; it must be true or false. Please correct the address.")
    return Address(
        scenario=given.pop("scenario", ""),
        learner=given.pop("learner", None),
        lifelong=None if lifelong is None else lifelong == "true",
        seed=int(seed),
        run=given.pop("run", None),
        changes={name: _value(text) for name, text in given.items()},
    )


def _value(text: str) -> Any:
    try:
        return tuples(json.loads(text))
    except (ValueError, RecursionError):  # no JSON, or nested too deeply
        return text


def tuples(value: Any, levels: int = MOST_NESTED) -> Any:
    """Lists as the tuples that scenario parameters are made of (raises ValueError where they are nested deeper)."""
    if not isinstance(value, list):
        return value
    if not levels:
        raise ValueError(f"lists are nested more than {MOST_NESTED} deep")
    return tuple(tuples(item, levels - 1) for item in value)
