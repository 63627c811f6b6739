"""Types of messages (app/static/messages.d.ts) are what server and page say: the same kinds, with the same fields."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

import learners
import models
from app.memory.lane import Lane
from app.runs import frames
from app.runs.pair import Pair
from app.viewers import messages, stills, viewer
from app.worlds import catalogue
from models import panels
from studies.live.past import Past

ROOT = Path(__file__).parents[2]
TYPES = (ROOT / "app" / "static" / "messages.d.ts").read_text("utf8")


def members(name):
    """Names and types of an interface's members; the types of those on one line."""
    (body,) = re.findall(rf"^(?:export )?interface {name}(?: extends \w+)? {{\n(.*?)^}}", TYPES, re.M | re.S)
    return dict(re.findall(r"^  (\w+)\??: (.*);$", body, re.M))


def inside(kind):
    """Names in an object type `{ a: ...; b: ... }`, or of the interface that is named."""
    return set(re.findall(r"(\w+)\??:", kind)) if kind.startswith("{") else set(members(kind))


def said():
    """Kinds that the server says, with the names of their fields as viewer.py writes them; None for those not named."""
    found = {}
    for node in ast.walk(ast.parse(Path(viewer.__file__).read_text("utf8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_say":
            kind = node.args[0].value
            names = {each.arg for each in node.keywords}
            found[kind] = names if None in names else names - {"version", "buffers"}
        elif isinstance(node, ast.Dict) and node.keys and getattr(node.keys[0], "value", "") == "k":
            names = [getattr(key, "value", None) for key in node.keys[1:]]
            if isinstance(node.values[0], ast.Constant):
                found[node.values[0].value] = set(names) - {"data"}
    return found


def test_every_kind_that_a_page_says_has_a_type_with_its_fields():
    types = {kind: inside(type_) for kind, type_ in members("Asked").items()}
    assert types == {kind: set(one.model_fields) for kind, one in messages.MESSAGES.items()}


def test_every_kind_that_the_server_says_has_a_type():
    assert set(members("Said")) == set(said())


@pytest.mark.parametrize("kind", [kind for kind, names in said().items() if None not in names and kind != "frame"])
def test_the_fields_of_a_message_are_those_of_its_type(kind):
    assert inside(members("Said")[kind]) == said()[kind]


@pytest.fixture(scope="module")
def world():
    return models.make("games/prisoners_dilemma", seed=1)


def test_worlds_cards_and_knobs_have_the_fields_of_their_types(world):
    told = catalogue.world(world, world.scenario)
    assert set(members("World")) == {"run", *told}
    assert set(members("Knob")) == set(told["knobs"][0])
    assert set(members("Metric")) == set(told["metrics"][world.headline[0]])
    card = catalogue.cards()[0]
    assert set(members("Card")) == set(card)
    assert set(members("Regime")) == set(card["regimes"][0])


def test_a_still_has_the_fields_of_its_type():
    told = next(iter(stills.kept().values()))
    assert inside(members("Said")["still"]) == {"name", *told}


def test_what_a_memory_tells_has_the_fields_of_its_type():
    world = models.make("games/cyclic_climbing", learner=learners.load("q", lifelong=True), seed=1)
    assert set(members("Lane")) == set(Lane(world).told(0))


def test_what_an_agent_says_of_itself_has_the_fields_of_its_type(world):
    (told,) = frames.inspected(world, [0], []).values()
    assert set(members("Inspection")) == set(told)
    assert set(members("Heat")) == set(told["heat"])
    assert inside(members("Heat")["cells"].removesuffix("[][]")) == set(told["heat"]["cells"][0][0])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Dial", panels.Dial), ("Table", panels.Table), ("Sentences", panels.Words), ("Ledger", panels.Ledger)],
)
def test_a_panel_has_the_fields_of_its_type(name, kind):
    assert set(members(name)) | set(members("Titled")) == {field.name for field in fields(kind)}


def test_a_what_if_has_the_fields_of_its_type(world):
    assert set(members("Pair")) == {"base", *Pair(world, Past(), lambda: None).told()}
