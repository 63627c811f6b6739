"""Scenarios that the owner of a page brings, in a folder that holds a case: they open, and no visitor names a file."""

import shutil

import pytest

import models
import scenarios
from app.runs import making
from app.worlds import catalogue, offered
from app.worlds.address import Address
from scenarios import ScenarioError


@pytest.fixture
def folder(tmp_path):
    """A copy of the market town that calls its case "."."""
    folder = tmp_path / "my-town"
    shutil.copytree(models.folder("traffic") / "cases" / "market_town", folder)
    text = scenarios.load("traffic/market_town").text().replace('"market_town"', '"."')
    (folder / scenarios.IN_FOLDER).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_with_a_case_is_a_scenario_wherever_it_lies(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    shipped = models.make("traffic/market_town", seed=2).run(1_200)
    for name in (str(folder), "my-town"):
        assert models.make(name, seed=2).run(1_200).equals(shipped)
    assert scenarios.load(folder).name == "my-town"


def test_a_scenario_of_the_owner_comes_first_and_visitors_name_no_files(folder, monkeypatch):
    monkeypatch.setattr(offered, "OWN", {})
    assert offered.offer(str(folder)) == "my-town"
    assert catalogue.cards()[0]["name"] == "my-town" and len(catalogue.cards()) == len(scenarios.names()) + 1
    world = making.plan(Address("my-town", None, 3)).make()
    assert world.agent_names == models.make("traffic/market_town").agent_names
    assert making.address_of(world) == Address("my-town", None, 3)
    with pytest.raises(ScenarioError, match="the page does not open files on the server"):
        making.plan(Address("my-town", None, 3, {"case": "/etc"}))
    with pytest.raises(ScenarioError, match=r'there is no scenario "their-town"; the page has my-town, crossing'):
        making.plan(Address("their-town"))
