"""What a scenario file may not say, and the one sentence that answers it: file, place, what is allowed."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import models
import scenarios
import studies
from models.grid import case
from scenarios import ScenarioError

HEAD = """\
title = "A game"
question = "Who wins?"
summary = "Two players."
domain = "games"
version = 1
source = "Own design."
"""
REGIME = '[[regime]]\nname = "late"\nticks = 5\n'
EVERYONE = '[[learner]]\nkind = "q"\n'
KNOWN = (
    "known are cooperation, cooperate_with, record_every_ticks, record_agents, "
    "graph, rows, columns, nodes, degree, rewire, graph_seed, actions, payoff, payoff_column, payoff_spread, "
    "hours, capacity, payoff_noise, sees."
)
LIVE = "Live: cooperation, cooperate_with, payoff, payoff_column, capacity, payoff_noise"

MESSAGES = {  # body of the file -> what follows "<file>: "
    "[world]\nnoodes = 3": f'[world]: unknown key "noodes"; {KNOWN} Did you mean "nodes"?',
    '[[regime]]\nname = "late"\ntick = 5': 'unknown key "tick" in regime 1; known are name, ticks, change. '
    'Did you mean "ticks"? (and 1 more)',
    '[[learner]]\nkid = "q"': 'unknown key "kid" in learner 1; known are agents, kind, cooperation, settings. '
    'Did you mean "kind"? (and 1 more)',
    '[world]\nsees = "all"': "[world]: sees = 'all': input should be 'nothing', 'count' or 'profile'",
    '[world]\ngraph = "rin"': 'graph = "rin"; allowed are grid, ring, watts_strogatz, barabasi_albert, complete, star, '
    'or a path to a .graphml file. Did you mean "ring"?',
    '[world]\nnodes = "two"': "[world]: nodes = 'two': input should be a valid integer",
    "[world]\nnodes = true": "[world]: nodes = True: input should be a valid integer",
    "[world]\nnodes = 1": "[world]: nodes = 1: input should be greater than or equal to 2",
    "[world]\ncooperation = 1.5": "[world]: cooperation = 1.5: input should be less than or equal to 1",
    "[world]\npayoff = [[nan, 0.0], [5.0, 1.0]]": "[world]: payoff 1 1 = nan: input should be a finite number",
    "[world]\npayoff = [[3.0, 0.0]]": "[world]: payoff must be 2 rows of 2 numbers, one per action (cooperate, "
    "defect); rows given: 2. A game whose players have different numbers of actions repeats one to be square",
    "world = 3": "[world] must be a table of parameters",
    "this is no": "not a TOML file: Expected '=' after a key in a key/value pair (at line 7, column 6)",
    f"{REGIME}change = {{ nodes = 5 }}": f'regime 1 (late): "nodes" is set when a world is made; a regime cannot '
    f"change it. {LIVE}",
    f"{REGIME}change = {{ payof = 5 }}": f'regime 1 (late): unknown key "payof"; {KNOWN} Did you mean "payoff"?',
    f"{REGIME}change = {{ cooperation = 2 }}": "regime 1 (late): cooperation = 2: input should be less than or equal "
    "to 1",
    REGIME.replace("5", "0"): "regime 1 ticks = 0: input should be greater than or equal to 1",
    '[[learner]]\nkind = "qq"': 'learner 1: there is no learner "qq"; games has {catalogue}. Did you mean "q"?',
    f"{EVERYONE}settings = {{ alfa = 0.1 }}": 'learner 1: learner "q": unknown key "alfa"; known are {settings}. '
    'Did you mean "alpha"?',
    f"{EVERYONE}settings = {{ alpha = 2.0 }}": 'learner 1: learner "q": alpha = 2.0: input should be less than or '
    "equal to 1",
    f"{EVERYONE}settings = {{ alpha = true }}": 'learner 1: learner "q": alpha = True: input should be a valid number',
    f"{EVERYONE}agents = 1.5": "learner 1: agents = 1.5; a fraction must be above 0 and at most 1",
    f"{EVERYONE}agents = 0.5": '1 agents have no learner (2, ...); let the last group have agents = "all"',
    f'{EVERYONE}agents = "some"': "learner 1 agents: 'some' must be \"all\", a list of names or numbers, or a fraction",
    f"{EVERYONE}agents = [true]": 'learner 1 agents: [True] must be "all", a list of names or numbers, or a fraction',
    f'{EVERYONE}agents = ["Z"]': "learner 1: agent 'Z' does not exist or is taken; agents are 1, 2, ...",
    f'{EVERYONE}agents = ["1", 0]': "learner 1: agent 0 does not exist or is taken; agents are 1, 2, ...",
    f'{EVERYONE}agents = ["1"]\n{EVERYONE}agents = ["1", "2"]': "learner 2: agent '1' does not exist or is taken; "
    "agents are 1, 2, ...",
    EVERYONE + EVERYONE: "learner 2: agents = 'all' leaves no agent for this group",
    '[world]\ngraph = "watts_strogatz"\nnodes = 3\ndegree = 8': "graph = 'watts_strogatz' with nodes = 3, degree = 8: "
    "k>n, choose smaller k or larger n",
    '[world]\ngraph = "grid"\nrows = 1\ncolumns = 1': "the graph has no links, so nobody plays; give it nodes >= 2",
    '[world]\nnodes = 30\nsees = "profile"': 'sees = "profile" gives 1073741824 states; take "count" or a sparser '
    "graph",
}


def file_of(tmp_path, body, head=HEAD):
    path = tmp_path / "mine.toml"
    path.write_text(f"{head}{body}\n", encoding="utf-8")
    return path


def answer(function):
    """The message of a refusal: one line."""
    with pytest.raises(ScenarioError) as refused:
        function()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_file_that_the_slips_are_written_into_is_right_itself(tmp_path):
    world = models.make(file_of(tmp_path, REGIME + EVERYONE), seed=0)
    world.run(10)
    assert world.scenario.name == "mine"


@pytest.mark.parametrize(("body", "message"), MESSAGES.items(), ids=lambda text: text.split(":")[-1].strip()[-40:])
def test_a_slip_in_a_file_is_answered_in_one_sentence(body, message, tmp_path):
    path = file_of(tmp_path, body)
    catalogue = ", ".join(models.learners("games"))
    settings = ", ".join(type(models.population.load("games", "q", {}, "")).model_fields)
    expected = message.format(catalogue=catalogue, settings=settings) if "{" in message else message
    assert answer(lambda: models.make(path)) == f"{path}: {expected}"


@pytest.mark.parametrize("place", ["title", "question", "summary", "version", "source"])
def test_what_a_file_must_say_is_named_when_it_is_missing(place, tmp_path):
    head = "".join(line for line in HEAD.splitlines(keepends=True) if not line.startswith(place))
    path = file_of(tmp_path, "", head)
    assert answer(lambda: scenarios.load(path)) == f'{path}: "{place}" is missing'


def test_an_unknown_domain_is_answered_with_those_that_exist(tmp_path):
    path = file_of(tmp_path, "", HEAD.replace("games", "gmaes"))
    known = ", ".join(scenarios.domains())
    assert answer(lambda: scenarios.load(path)) == (
        f"{path}: domain is 'gmaes'; allowed are {known}. Did you mean \"games\"?"
    )


def test_files_that_cannot_be_read_are_named(tmp_path):
    missing, binary, folder = (tmp_path / f"{name}.toml" for name in ("missing", "binary", "folder"))
    binary.write_bytes(bytes(range(256)))
    folder.mkdir()
    assert answer(lambda: scenarios.load(missing)) == f"{missing}: cannot be read (No such file or directory)"
    assert answer(lambda: scenarios.load(binary)) == f"{binary}: cannot be read (not a text file in UTF-8)"
    assert answer(lambda: scenarios.load(folder)) == f"{folder}: cannot be read (Is a directory)"


def test_an_unknown_name_is_answered_with_the_nearest():
    known = ", ".join(scenarios.names())
    assert answer(lambda: scenarios.load("traffic/rush_hours")) == (
        f'there is no scenario "traffic/rush_hours"; there are {known}, or a path to a .toml. '
        f'Did you mean "traffic/rush_hour"?'
    )


def test_what_is_said_in_python_is_checked_as_in_a_file():
    here = "scenarios/games/climbing.toml"
    world = models.make("games/climbing", seed=0)
    assert answer(lambda: models.make("games/climbing", nodez=3)) == (
        f'{here}: unknown key "nodez"; {KNOWN} Did you mean "nodes"?'
    )
    assert answer(lambda: world.change(nodes=3)) == (
        f'{here}: change: "nodes" is set when a world is made; make a new world with it, or use restart(). {LIVE}'
    )
    assert answer(lambda: world.change(cooperation=-1)) == (
        f"{here}: change: cooperation = -1: input should be greater than or equal to 0"
    )
    assert answer(lambda: models.make("games/climbing", seed=-1)) == "seed = -1: a seed is a whole number from 0 on"
    catalogue = ", ".join(models.learners("games"))
    assert answer(lambda: models.make("games/climbing", learner={"alpha": 0.1})) == (
        f"learner = {{'alpha': 0.1}}: give it a \"kind\"; one of {catalogue}"
    )
    assert world.changes == [] and world.tick == 0


def test_a_refused_change_leaves_the_world_as_it_was():
    world = models.make("traffic/rush_hour", seed=0)
    targets = world.state.derived.target.copy()
    with pytest.raises(ScenarioError, match='no road "B2-B9"'):
        world.change(closed_links=("B2-B9",))
    assert (world.state.derived.target == targets).all() and world.parameters["closed_links"] == ()


def test_a_file_with_a_byte_order_mark_or_an_ending_in_capitals_is_read(tmp_path):
    path = tmp_path / "MINE.TOML"
    path.write_text(HEAD + EVERYONE, encoding="utf-8-sig")
    assert models.make(path, seed=0).scenario.title == "A game"
    study = tmp_path / "study.toml"
    study.write_text('question = "Why?"\nscenarios = "MINE.TOML"\nseeds = 2\nticks = 10\n', encoding="utf-8-sig")
    assert studies.load(study).question == "Why?"


@pytest.mark.parametrize("read", [scenarios.load, studies.load, lambda path: case.read(str(path.parent), "here")])
def test_brackets_without_end_are_refused_by_every_reader_of_toml(read, tmp_path):
    path = tmp_path / "about.toml"
    path.write_text("deep = " + "[" * 5000, encoding="utf-8")
    assert answer(lambda: read(path)).endswith("brackets are nested too deep")


def test_a_pipe_in_place_of_a_file_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "mine.toml")
    assert "a pipe or device, not a file" in answer(lambda: scenarios.load(tmp_path / "mine.toml"))


def test_a_message_does_not_repeat_a_book(tmp_path):
    for body in (f"domain = {[1] * 2000}", f"[world]\n{'x' * 3000} = 1", f'[[learner]]\nkind = "{"x" * 3000}"'):
        path = file_of(tmp_path, body, HEAD.replace('domain = "games"\n', "") if "domain" in body else HEAD)
        assert len(answer(lambda path=path: models.make(path))) < 1000


@pytest.mark.parametrize("domain", scenarios.domains())
def test_every_number_of_a_world_has_a_bound(domain):
    kind = scenarios.parameters(domain)
    for knob in scenarios.knobs(kind()):
        for number in (2**64, -(2**64)) if knob.kind in ("int", "float") else ():
            with pytest.raises(ValueError, match=knob.name):
                kind(**{knob.name: number})


@pytest.mark.parametrize("number", [np.int64, np.uint8, np.array, lambda n: pd.Series([n]).iloc[0]])
def test_numbers_of_numpy_and_pandas_are_as_good_as_pythons(number, tmp_path):
    said = {"nodes": number(8), "record_agents": np.bool_(True), "sees": np.str_("nothing")}
    world = models.make("games/coordination_ring", learner={"kind": "q", "alpha": np.float64(0.5)}, seed=0, **said)
    world.change(payoff_noise=number(1), payoff=np.array([[1, 0], [0, 2]]))
    world.save(tmp_path / "world.npz")
    again = models.World.open(tmp_path / "world.npz")
    assert (again.parameters["nodes"], again.parameters["payoff"]) == (8, ((1.0, 0.0), (0.0, 2.0)))
    assert "nodes = 8" in world.scenario.text()


def test_a_path_names_a_file_wherever_a_text_does():
    folder = Path(case.__file__).parent / "cases" / "ames5"
    assert models.make("grid/ames5", case=folder, seed=0).case.name == "ames5"


@pytest.mark.parametrize("ticks", [-1, 10**15, 2**63])
def test_a_run_of_impossible_length_is_refused_in_a_sentence(ticks):
    with pytest.raises(ValueError, match=r"run\(.*\): the number of ticks must be from 0 to 1,000,000"):
        models.make("games/climbing", seed=0).run(ticks)
