"""The hash of a case changes with the case, and only with it."""

import dataclasses
import os

import numpy as np
import pytest

import models
import scenarios
from engine import store
from scenarios import ScenarioError
from studies import Study
from studies.cases import case as running
from studies.cases.case import Case, Training
from studies.questions import population
from tests.contracts.frail import Frail

GAME = "games/coordination_ring"
SCENARIO = scenarios.load("games/congestion").change(capacity=[[1.0, 2.0, 0.5, 0.25]] * 8)
CASE = Case(SCENARIO, None, Training(500, 7, {"cooperation": 0.5}), {}, 3, 900, 300, {"payoff_noise": 1.0}, False)
OTHERS = {
    "seed": {"seed": 4},
    "length": {"ticks": 901},
    "tick of the change": {"at": 301},
    "change": {"what": {"payoff_noise": 1.5}},
    "parameter of the change": {"what": {"cooperation": 1.0}},
    "frozen": {"freeze": True},
    "what holds in every arm": {"world": {"cooperation": 0.1}},
    "no training": {"training": None},
    "length of the training": {"training": Training(501, 7, {"cooperation": 0.5})},
    "seed of the training": {"training": Training(500, 8, {"cooperation": 0.5})},
    "world of the training": {"training": Training(500, 7)},
    "parameter": {"scenario": SCENARIO.change(hours=7, capacity=[[1.0, 2.0, 0.5, 0.25]] * 7)},
    "regime": {"scenario": SCENARIO.model_copy(update={"regime": SCENARIO.regime[:2]})},
    "learner": {"scenario": models.population.override(SCENARIO, "sarsa")},
    "setting": {"scenario": models.population.override(SCENARIO, {"kind": "q", "alpha": 0.2})},
    "cooperation of a group": {
        "scenario": SCENARIO.model_copy(
            update={"learner": (SCENARIO.learner[0].model_copy(update={"cooperation": 0.5}),)}
        )
    },
    "own learner": {"own": Frail()},
}
SAME = {
    "texts": {"scenario": SCENARIO.model_copy(update={"title": "T", "question": "Q?", "summary": "S", "name": "n"})},
    "a whole number": {"what": {"payoff_noise": 1}},
    "a list for a tuple": {"scenario": SCENARIO.change(actions=list(SCENARIO.world.actions))},
}


@pytest.mark.parametrize("change", OTHERS)
def test_the_hash_of_a_case_changes_with_the_case(change):
    assert dataclasses.replace(CASE, **OTHERS[change]).key != CASE.key


@pytest.mark.parametrize("change", SAME)
def test_the_hash_of_a_case_changes_only_with_the_case(change):
    assert dataclasses.replace(CASE, **SAME[change]).key == CASE.key


def test_a_folder_called_like_a_value_decides_nothing_when_it_holds_results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("games", "complete"):  # the domain, and the value of the parameter graph
        (tmp_path / name / "cases").mkdir(parents=True)
        (tmp_path / name / "report.html").write_text("results")
    assert dataclasses.replace(CASE).key == CASE.key


def test_settings_alone_leave_a_group_its_agents_and_its_cooperation():
    kind = SCENARIO.learner[0].model_copy(update={"cooperation": 0.5})
    found, own = population.give(SCENARIO.model_copy(update={"learner": (kind,)}), {"alpha": 0.3}, "here")
    assert own is None and found.learner[0] == kind.model_copy(update={"settings": {**kind.settings, "alpha": 0.3}})


def test_names_and_defaults_written_out_are_no_part_of_a_case():
    def keys(learners, changes):
        study = Study("Same?", [GAME], learners=learners, changes=changes, seeds=2, ticks=900)
        return [one.case.key for one in study.asked(study.arms)]

    short = keys({"a": {"kind": "q", "alpha": 0.1}}, {"b": {"at": 300, "what": {"payoff_noise": 1.0}}})
    long = keys({"c": {"kind": "q", "alpha": 0.1, "epsilon": 0.05}}, {"d": {"at": 300, "what": {"payoff_noise": 1}}})
    assert short == long
    none = keys({"a": {"kind": "q", "alpha": 0.1}}, {"nothing": {"at": 300}})
    assert none[:2] == none[2:] == short[:2]  # no change is none, at any tick


def test_a_file_that_a_scenario_reads_is_part_of_the_case(tmp_path):
    demand = tmp_path / "demand.csv"
    demand.write_text("entry,hour,veh_per_s\nA1.N,0,0.1\n")
    case = Case(scenarios.load("traffic/single_crossing").change(demand_csv=str(demand)), None, None, {}, 0, 600)
    key = case.key
    demand.write_text("entry,hour,veh_per_s\nA1.N,0,0.2\n")
    assert dataclasses.replace(case).key != key


def test_a_worker_with_other_code_refuses_to_run():
    with pytest.raises(ScenarioError, match="this worker runs other code"):
        running.run(CASE, "another hash")


def test_trained_worlds_are_few_on_the_disk_and_in_memory_and_those_used_last(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "cache_root", lambda: tmp_path)
    monkeypatch.setattr(running, "_open", {})
    monkeypatch.setattr(running, "TRAINED_KEPT", 2)
    cases = [dataclasses.replace(CASE, training=Training(100 + number, 0)) for number in range(4)]
    files = [running.trained_file(case) for case in cases]
    rows = [case.run() for case in cases[:2]]
    monkeypatch.setitem(store.MOST_BYTES, "trained", 5 * files[0].stat().st_size // 2)  # two of them
    for at, file in enumerate(files[:2]):
        os.utime(file, (at + 1, at + 1))
    assert all(map(np.array_equal, cases[0].run(), rows[0]))  # used again
    cases[2].run()
    assert [file.exists() for file in files[:3]] == [True, False, True]
    assert list(running._open) == [files[0].name, files[2].name]
    assert all(map(np.array_equal, cases[1].run(), rows[1]))  # trained again
