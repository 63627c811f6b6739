"""Worlds live as their readable traces say; a change that is meant renews them in the same commit."""

import difflib

import pytest

import scenarios
from tests.golden.trace import FOLDER, HEAD, path, trace


@pytest.mark.parametrize("domain", scenarios.domains())
def test_a_world_lives_as_its_trace_says(domain):
    if not path(domain).exists():
        pytest.fail(f"{domain} has no trace yet. {HEAD}", pytrace=False)
    kept, now = path(domain).read_text(encoding="utf-8"), trace(domain)
    if kept != now:
        diff = difflib.unified_diff(kept.splitlines(), now.splitlines(), "the trace", "the world now", lineterm="", n=1)
        pytest.fail("\n".join(["If this was meant, say so in the CHANGELOG. " + HEAD, *diff]), pytrace=False)


def test_every_trace_has_its_world():
    assert sorted(file.stem for file in FOLDER.glob("*.txt")) == scenarios.domains()
