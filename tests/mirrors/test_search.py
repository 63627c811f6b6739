"""Sweeps and searches: a search goes on where it was, and its best is judged afresh."""

import numpy as np
import pandas as pd
import pytest

from studies import Study
from studies.cases.case import Case
from studies.comparison import paired

SEARCH = {
    "question": "How much cooperation is best?",
    "scenarios": ["games/prisoners_dilemma"],
    "seeds": 3,
    "ticks": 3_000,
    "metric": "reward",
    "search": {"what": {"cooperation": [0.0, 1.0]}, "trials": 6},
}


def test_a_search_resumed_after_any_trial_gives_the_same_result(tmp_path, monkeypatch):
    whole = Study(**SEARCH).run(out=tmp_path / "whole")
    run, runs = Case.run, []

    def stops(case, stopped):
        runs.append(case)
        if len(runs) == 11:
            raise KeyboardInterrupt
        return run(case, stopped)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(Case, "run", stops)
        with pytest.raises(KeyboardInterrupt):
            Study(**SEARCH).run(out=tmp_path / "cut", workers=1)
    assert 9 <= len(list((tmp_path / "cut" / "cases").iterdir())) <= 10
    pd.testing.assert_frame_equal(Study(**SEARCH).run(out=tmp_path / "cut"), whole, check_exact=True)
    cut, uncut = (sorted(path.name for path in (tmp_path / name / "cases").iterdir()) for name in ("cut", "whole"))
    assert cut == uncut


def test_a_search_finds_that_cooperation_pays_and_judges_it_with_fresh_seeds():
    study = Study(**{**SEARCH, "seeds": 6})
    table = study.run()
    trials = table[table["change"].str.startswith("trial ")]
    means = trials.groupby("set_cooperation")["reward"].mean()
    best = table[table["change"].str.startswith("best of 6 (cooperation = ")]
    assert means.size == 6 and means[best["set_cooperation"].iloc[0]] == means.max()
    assert set(best["seed"]) == {6, 7, 8, 9, 10, 11} and set(trials["seed"]) == {0, 1, 2, 3, 4, 5}
    found = paired.compare(study, table).set_index(["change", "metric"])
    row = found.loc[(best["change"].iloc[0], "reward")]
    assert row["pairs"] == 6 and row["low"] > 0  # in a prisoner's dilemma, who counts the other's reward earns more


def test_the_base_of_a_swept_study_is_without_change_and_np_floats_are_values():
    changes = {"noise": {"what": {"payoff_noise": list(np.array([0.5, 1.0]))}}}
    study = Study("Which?", ["games/coordination_ring"], changes=changes, ticks=900)
    assert [arm.name for arm in study.arms] == ["no change", "noise 0.5", "noise 1"]
