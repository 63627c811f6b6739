"""The address bar: which scenario, learner, seed and changed parameters a page shows.

``?scenario=traffic/rush_hour&learner=q&seed=7&demand_veh_per_s=0.4``; every other name is a world parameter, its value
written as JSON (plain words need no quotes). ``?run=ID`` joins a run that is alive instead of starting one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode


@dataclass(frozen=True)
class Address:
    """What a page shows; an empty `scenario` is the gallery."""

    scenario: str = ""
    learner: str | None = None
    seed: int = 1
    changes: Mapping[str, Any] = field(default_factory=dict)
    run: str | None = None

    @property
    def search(self) -> str:
        """The address as the part of a URL from "?" on."""
        if not self.scenario:
            return ""
        pairs = [("scenario", self.scenario), ("learner", self.learner), ("seed", self.seed)]
        pairs += [
            (name, value if isinstance(value, str) else json.dumps(value)) for name, value in self.changes.items()
        ]
        return "?" + urlencode([pair for pair in pairs if pair[1] is not None], safe="/[],", quote_via=quote)


def parse(search: str) -> Address:
    """Read the part of a URL from "?" on.

    Raises
    ------
    ValueError
        When the seed is not a whole number; parameters are checked where the world is made.
    """
    given = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True))
    seed = given.pop("seed", "1")
    if not seed.isdecimal():
        raise ValueError(f"The address says seed={seed}; a seed is a whole number such as 7. Please mend the address.")
    return Address(
        scenario=given.pop("scenario", ""),
        learner=given.pop("learner", None),
        seed=int(seed),
        run=given.pop("run", None),
        changes={name: _value(text) for name, text in given.items()},
    )


def _value(text: str) -> Any:
    try:
        return tuples(json.loads(text))
    except ValueError:
        return text


def tuples(value: Any) -> Any:
    """Lists as the tuples that scenario parameters are made of."""
    return tuple(map(tuples, value)) if isinstance(value, list) else value
