"""Rows that are calculated, or measured in seconds: what `everlearn papers` says of them is true."""

import importlib

import pytest


@pytest.mark.parametrize("name", ["dispatch", "junctions", "routing", "signals"])
def test_a_world_has_the_published_figures(name, monkeypatch):
    module = importlib.import_module(f"studies.papers.{name}")
    monkeypatch.setattr(module, "SEEDS", 1, raising=False)
    rows = module.rows()
    assert rows and not [row for row in rows if not row["passed"]]
