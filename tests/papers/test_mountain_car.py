"""The founding example, on Gymnasium's own MountainCar-v0; `everlearn papers mountain-car` shows all of it."""

import sys

import pytest

from studies.papers import mountain_car

pytest.importorskip("gymnasium")


@pytest.mark.parametrize("seed", mountain_car.SEEDS)
def test_sarsa_lambda_on_tiles_solves_the_mountain_car_in_60_000_steps(seed):
    assert mountain_car.score(mountain_car.tile_coder(seed)) >= mountain_car.SOLVED


def test_ppo_learns_nothing_in_10_000_steps():
    """The example says -200.00 ± 0.00: no episode of training or of the examination reaches the top."""
    pytest.importorskip("stable_baselines3")
    score, trained = mountain_car.ppo(0)
    assert score == -200.0 and trained == [-200.0] * len(trained) and len(trained) >= 50


def test_a_missing_package_leaves_a_row_that_says_what_to_install(monkeypatch):
    for package in ("stable_baselines3", "gymnasium"):
        monkeypatch.setitem(sys.modules, package, None)
    for row, extra in zip(mountain_car.rows(), ("ppo", "gym"), strict=True):
        assert row["measured"] is row["passed"] is None
        assert row["result"].endswith(f"install it with: pip install -e '.[{extra}]')")
