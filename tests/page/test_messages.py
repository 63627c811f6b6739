"""What a stranger's tab may say, and what it can do to a run that others watch: nothing but what is asked properly."""

import re
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from app import serve
from app.runs import making
from app.runs.manager import RUNS
from app.viewers import messages
from app.worlds.address import parse
from scenarios import ScenarioError
from tests.page.visitor import Visitor, caught_up, goes_on, wait_for

GAME = "?scenario=games/prisoners_dilemma&seed=3"
ODD = [
    {"k": "speed", "ticks_per_s": 0}, {"k": "speed", "ticks_per_s": float("nan")}, {"k": "speed"},
    {"k": "speed", "ticks_per_s": -1e308}, {"k": "speed", "ticks_per_s": float("inf")},
    {"k": "speed", "ticks_per_s": "fast"},
    {"k": "speed", "ticks_per_s": 1, "more": 1}, {"k": "watch", "agent": -1}, {"k": "watch", "agent": 1.5},
    {"k": "watch", "agent": "first"}, {"k": "look", "tick": 1.5}, {"k": "look", "tick": "then"}, {"k": "play"},
    {"k": "play", "playing": "yes"}, {"k": "join", "keep": None}, {"k": "file", "kind": "../../etc/passwd"},
    {"k": "change", "text": "", "name": "", "parameters": []}, {"k": "ack", "i": "1"}, {"k": "dance"}, {"k": ["play"]},
    {"k": "change", "text": "", "name": "", "parameters": {"self": 1, "text": 2}}, {"k": "upload", "name": "w.npz"},
    {"k": "reset", "learner": None, "lifelong": None, "seed": -1, "changes": {}}, {"k": "motion", "pictures_per_s": 0},
    {"k": "reset", "learner": None, "lifelong": None, "seed": 1, "changes": {"seed": 2, "scenario": "x", "self": 3}},
    {"k": "open", "search": None}, {}, None, "play", ["k", "play"], 7,
]  # fmt: skip


@pytest.fixture
def visitors():
    """A victim with a run of its own, and a stranger who joined it; both leave after the test."""
    victim = Visitor(GAME)
    stranger = Visitor(f"?run={victim.run.ident}")
    yield victim, stranger
    for one in (victim, stranger):
        one.viewer.close()
        one.viewer._thread.join(10)


@pytest.mark.parametrize("message", ODD, ids=repr)
def test_an_odd_message_is_refused_to_its_sender_and_the_run_goes_on(visitors, message, caplog):
    victim, stranger = visitors
    stranger.say(message)
    caught_up(victim.run)
    wait_for(lambda: stranger.told("said") or stranger.told("status").get("refusal"))
    assert victim.run.thread.is_alive() and not victim.run.problem
    goes_on(victim.run)
    assert not [record for record in caplog.records if record.exc_info]


NUMBERS = st.integers(-3, 40) | st.sampled_from([10**30, -(10**30)]) | st.floats()
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["cooperation", "nodes", "graph", "payoff", "hours", "self", "seed", "text"])


@st.composite
def of_a_kind(draw):
    """A message with the fields of its kind, whatever they say; `open` would only send the stranger away."""
    kind = draw(st.sampled_from(sorted(set(messages.MESSAGES) - {"open"})))
    values = JSON | st.dictionaries(NAMES, JSON, max_size=3)
    return {"k": kind} | {name: draw(values) for name in messages.MESSAGES[kind].model_fields}


SAID = of_a_kind() | st.dictionaries(st.just("k") | st.text(max_size=5), JSON, max_size=4) | JSON


def test_whatever_is_said_a_run_stays_alive_and_right(visitors):
    victim, stranger = visitors

    @given(st.lists(SAID, max_size=6))
    def say_all(said):
        if stranger.run is None:
            stranger.enter()
        for message in said:
            stranger.say(message)
        caught_up(victim.run)
        assert victim.run.thread.is_alive() and not victim.run.problem

    say_all()
    again = {"k": "reset", "learner": None, "lifelong": None, "seed": 3, "changes": {}}
    for message in (again, {"k": "speed", "ticks_per_s": None}, {"k": "play", "playing": True}):
        victim.say(message)
    caught_up(victim.run)
    wait_for(lambda: victim.run.world.tick > 1_000)
    victim.say({"k": "play", "playing": False})
    caught_up(victim.run)
    world = models.make("games/prisoners_dilemma", seed=3)
    world.run(victim.run.world.tick)
    assert victim.run.world.record.frame().equals(world.record.frame())


def test_a_fault_in_a_run_is_told_to_all_its_viewers_and_reset_starts_it_again(visitors):
    victim, stranger = visitors

    def fails(ticks):
        raise ZeroDivisionError("of ours")

    vars(victim.run.world)["run"] = fails
    for one in visitors:
        wait_for(lambda: "fault in the program" in one.told("status").get("refusal", ""))  # noqa: B023
        assert one.told("status")["playing"] is False
        assert "ZeroDivisionError" not in one.told("status")["refusal"]
    stranger.say({"k": "play", "playing": True})
    caught_up(victim.run)
    assert victim.run.status.playing is False
    victim.say({"k": "reset", "learner": None, "lifelong": None, "seed": 3, "changes": {}})
    victim.say({"k": "play", "playing": True})
    wait_for(lambda: victim.told("status").get("refusal") == "")
    goes_on(victim.run)


def test_a_world_at_its_end_says_so_and_all_of_its_life_can_still_be_seen(visitors, monkeypatch, caplog):
    victim, stranger = visitors
    world, end = victim.run.world, victim.run.world.tick + 3_000
    monkeypatch.setattr(type(world), "longest_life", end)
    victim.say({"k": "speed", "ticks_per_s": None})
    for one in visitors:
        wait_for(lambda: "reached its end" in one.told("status").get("refusal", ""))  # noqa: B023
    assert world.tick == victim.run.snapshot.tick == end and not victim.run.problem
    for message in ({"k": "step"}, {"k": "play", "playing": True}):
        victim.say(message)
        caught_up(victim.run)
        wait_for(lambda: not victim.run.status.playing)
        assert world.tick == end
    stranger.say({"k": "look", "tick": end - 1})
    wait_for(lambda: stranger.viewer in victim.run.looks)
    assert victim.run.looks[stranger.viewer].snapshot.tick == end - 1
    victim.say({"k": "fork"})
    victim.say({"k": "change", "text": "", "name": "more", "parameters": {"cooperation": 1.0}})
    wait_for(lambda: "outlive" in victim.told("answer").get("answer", {}).get("fault", ""))
    monkeypatch.undo()
    again = {"k": "reset", "learner": None, "lifelong": None, "seed": 3, "changes": {}}
    for message in (again, {"k": "play", "playing": True}):
        victim.say(message)
    caught_up(victim.run)
    goes_on(victim.run)
    assert victim.run.status.refusal == "" and not [record for record in caplog.records if record.exc_info]


def test_a_smaller_world_after_a_reset_has_fewer_agents_to_watch(visitors):
    victim, _ = visitors
    sizes = [{"k": "reset", "learner": None, "lifelong": None, "seed": 3, "changes": {"nodes": n}} for n in (8, 2)]
    for message in (sizes[0], {"k": "watch", "agent": 7}, sizes[1], {"k": "play", "playing": True}):
        victim.say(message)
    caught_up(victim.run)
    assert not victim.run.problem
    goes_on(victim.run)


def test_only_so_many_worlds_are_alive_and_a_world_that_ends_makes_room(visitors, monkeypatch):
    victim, stranger = visitors
    monkeypatch.setattr(RUNS, "most", 1)
    stranger.say({"k": "open", "search": GAME})
    wait_for(lambda: "1 worlds are alive here" in stranger.told("problem").get("text", ""))
    goes_on(victim.run)
    victim.say({"k": "open", "search": ""})
    wait_for(lambda: victim.run is None)
    stranger.say({"k": "open", "search": GAME})
    wait_for(lambda: stranger.run and stranger.run.status.life)
    goes_on(stranger.run)


def test_a_tab_has_few_files_that_wait(visitors, monkeypatch):
    _, stranger = visitors
    begun, released = threading.Event(), threading.Event()

    def slow(name, data):
        begun.set()
        released.wait(60)
        raise ScenarioError("no world")

    monkeypatch.setattr(making, "opened", slow)
    for _ in range(4):
        stranger.say({"k": "upload", "name": "w.npz"}, [memoryview(b"abc")])
        assert begun.wait(60)
    waiting = stranger.viewer._to_open.qsize()
    released.set()
    texts = ["w.npz is not opened, since others", "no world"]
    wait_for(lambda: all(any(text in one.get("text", "") for one in list(stranger.widget.sent)) for text in texts))
    assert waiting == 2


def test_pages_and_server_know_the_same_messages():
    said = set()
    for file in (Path(serve.__file__).parent / "static").rglob("*.js"):
        said |= set(re.findall(r'\bsend\(\s*"(\w+)"', file.read_text("utf8")))
    assert said == set(messages.MESSAGES)


def test_a_file_that_is_too_large_is_refused_on_both_sides_and_one_that_is_not_fits_through():
    saving = (Path(serve.__file__).parent / "static" / "saving.js").read_text("utf8")
    assert f"MOST_BYTES = {messages.MOST_BYTES:_};" in saving
    with pytest.raises(ScenarioError, match="at most 60 MB"):
        messages.read({"k": "upload", "name": "w.npz"}, [memoryview(bytes(messages.MOST_BYTES + 1))])
    assert messages.read({"k": "upload", "name": "w.npz"}, [memoryview(b"abc")])[1]["data"] == b"abc"


def test_brackets_without_end_are_no_value_of_an_address():
    for deep in ("[" * 100_000, "[" * 300 + "]" * 300):
        assert parse(f"?scenario=games/chicken&payoff={deep}").changes["payoff"] == deep
    nested = {"k": "change", "text": "", "name": "", "parameters": {"payoff": [[[[[[[[[[]]]]]]]]]]}}
    with pytest.raises(ScenarioError, match="nested"):
        messages.read(nested, ())
