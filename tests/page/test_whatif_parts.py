"""What leaves the page, and what comes back: cells, files, saved worlds and addresses."""

import io

import pandas as pd
import pytest

import models
import scenarios
from app.runs import files, making
from app.runs.files import Source
from app.worlds.address import Address, parse
from engine.snapshot import NotASnapshot
from models import population

GAME = "games/congestion"


def made_again(cell: str) -> dict:
    names: dict = {}
    exec(cell, names)  # a cell is Python for people to run
    return names


def test_a_cell_makes_the_same_world_again_to_the_byte():
    address = Address(GAME, "sarsa", 7, {"nodes": 6, "cooperation": 0.25}, lifelong=True)
    plan = making.plan(address)
    world, kept = plan.make(), plan.address
    world.run(333)
    world.change(cooperation=0.75)
    world.run(1_000)
    again = made_again(files.cell(kept, None, world, None, 0))["world"]
    assert again.tick == 1_333
    assert again.parameters == world.parameters
    assert again.record.frame().equals(world.record.frame())


def test_a_cell_of_a_what_if_makes_both_worlds():
    plan = making.plan(Address(GAME, seed=7))
    world, kept = plan.make(), plan.address
    world.run(400)
    world.change(cooperation=0.5)
    world.run(100)
    twin = world.fork()
    for one in (world, twin):
        one.run(50)
    twin.change(cooperation=1.0)
    for one in (world, twin):
        one.run(777)
    again = made_again(files.cell(kept, None, world, twin, 500))
    assert again["world"].record.frame().equals(world.record.frame())
    assert again["twin"].record.frame().equals(twin.record.frame())
    assert not world.record.frame().equals(twin.record.frame())


def test_a_cell_of_an_opened_world_begins_with_its_file(tmp_path, monkeypatch):
    plan = making.plan(Address(GAME, seed=7))
    world, kept = plan.make(), plan.address
    world.run(400)
    world.change(cooperation=0.5)
    world.save(tmp_path / "mine.npz")
    source = Source("mine.npz", world.tick, len(world.changes))
    world.run(100)
    world.change(cooperation=1.0)
    world.run(100)
    monkeypatch.chdir(tmp_path)
    again = made_again(files.cell(kept, source, world, None, 0))["world"]
    assert again.record.frame().equals(world.record.frame())


def test_a_saved_file_opens_as_the_same_world():
    world = making.plan(Address(GAME, seed=7)).make()
    world.run(900)
    name, data = files.write("world", world, None)
    found, _ = making.opened(name, data)
    for one in (world, found):
        one.run(500)
    assert found.record.frame().equals(world.record.frame())


def test_record_and_figure_are_those_of_the_run():
    world = making.plan(Address(GAME, seed=7)).make()
    with pytest.raises(ValueError, match="first window closes at tick 40"):
        files.write("record", world, None)
    world.run(900)
    name, data = files.write("record", world, None)
    assert name.endswith(".csv")
    read = pd.read_csv(io.BytesIO(data), index_col="tick")
    pd.testing.assert_frame_equal(read, world.record.frame())
    twin = world.fork()
    twin.run(40)
    both = pd.read_csv(io.BytesIO(files.write("record", world, twin)[1]))
    assert both["world"].value_counts().to_dict() == {"A": len(read), "B": len(read) + 1}
    assert files.write("figure", world, None)[1].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("notes.txt", b"hello", "notes.txt: not a file saved by Everlearn"),
        ("cut.npz", None, "cut.npz: not a file saved by Everlearn, or damaged"),
        ("../up.npz", b"", "up.npz: not a file"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_what_to_do(name, data, said):
    if data is None:
        world = models.make(GAME, seed=1)
        world.run(100)
        data = files.write("world", world, None)[1][:-200]
    with pytest.raises(NotASnapshot) as refused:
        making.opened(name, data)
    assert str(refused.value).startswith(said)
    assert "Open a file that this page saved" in str(refused.value)


def test_a_file_of_minds_is_refused(tmp_path):
    world = models.make(GAME, seed=1)
    world.save_minds(tmp_path / "minds.npz")
    with pytest.raises(NotASnapshot, match="not a world"):
        making.opened("minds.npz", (tmp_path / "minds.npz").read_bytes())


@pytest.mark.parametrize(
    "address",
    [
        Address(GAME, seed=4),
        Address(GAME, "sarsa", 4),
        Address(GAME, None, 4, {"nodes": 6}, lifelong=True),
        Address("traffic/rush_hour", "hysteretic_q", 4, {"rows": 2, "columns": 3}, lifelong=False),
    ],
)
def test_the_address_of_a_world_makes_its_like(address):
    world = making.plan(address).make()
    found = making.address_of(world)
    again = making.plan(parse(found.search)).make()
    assert again.scenario.learner == world.scenario.learner
    assert again.scenario.world == world.scenario.world
    assert again.seed == world.seed


@pytest.mark.parametrize("name", ["traffic/closed_bridge", GAME])
def test_an_address_comes_back_from_its_text(name):
    own = scenarios.load(name)
    learner = population.names(own.domain)[0]
    address = Address(name, learner, 12, {"cooperation": 0.25, "closed_links": ("B2-B3",), "graph": "ring"}, None, True)
    assert parse(address.search) == address
