"""Short versions of the published results on pricing algorithms; `everlearn papers` has the long ones."""

import numpy as np

from studies.papers import calvano, klein


def test_two_sellers_learn_to_collude_and_cannot_gain_by_a_cut():
    """Calvano et al. 2020: .85; 24 runs have a standard error of about .022."""
    found = calvano.lives(24, cuts=12)
    assert abs(np.mean(calvano.gains(found)) - 0.85) < 4 * 0.022
    assert 1.2e6 < np.mean([life.periods for life in found]) < 2.6e6
    cuts = [life.cut for life in found if life.cut]
    assert sum(cut.gain < 0 for cut in cuts) >= 9 and all(cut.return_after is not None for cut in cuts)
    assert all((cut.levels[0] != cut.undisturbed[0]).sum() <= 1 for cut in cuts)  # only firm 1 is forced


def test_the_published_benchmarks_are_met_to_five_digits():
    assert all(row["passed"] for row in calvano.benchmarks())


def test_controls_tell_collusion_from_high_profit():
    rows = calvano.control_rows([life.world for life in calvano.lives(10, kept=10)], runs=10)
    assert all(row["passed"] for row in rows), rows


def test_sellers_in_turn_rest_on_a_coarse_grid_and_cycle_on_a_fine_one():
    rows = klein.rows(runs=40)
    assert all(row["passed"] for row in rows), rows
