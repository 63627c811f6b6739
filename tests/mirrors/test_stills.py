"""The gallery's pictures are kept in a file; it holds what the code draws now."""

import json

import numpy as np
import pytest

import scenarios
from app.viewers import stills

KEPT = stills.kept()
# Its factors come from LAPACK, whose last digits differ with the processor and the number of threads; which of equal
# offers runs turns on them, and learners make of it another history.
DIFFERS = {"grid/ieee118"}


def test_every_shipped_scenario_has_its_picture_at_once():
    assert set(KEPT) == set(scenarios.names()) == set(stills.Stills().ready())


@pytest.mark.parametrize("name", scenarios.names())
def test_a_kept_picture_is_the_one_that_would_be_made_now(name):
    """If not: python -m app.viewers.stills makes the file anew."""
    now, kept = stills.make(name), KEPT[name]
    assert json.loads(json.dumps(now["scene"], default=stills._plain)) == kept["scene"]
    assert now["agents"] == kept["agents"] and set(now["parts"]) == set(kept["parts"])
    for part, (kind, data) in now["parts"].items():
        assert kept["parts"][part][0] == kind
        mine, theirs = np.frombuffer(data, kind), np.frombuffer(kept["parts"][part][1], kind)
        if name in DIFFERS:
            assert mine.shape == theirs.shape
            continue
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)  # processors round exp and log differently
