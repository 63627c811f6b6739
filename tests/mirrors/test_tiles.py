"""Tiles: where they lie, first updates by hand, traces, and the table that is left where a world has no features."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import learners
from engine import loop
from engine.turn import begin_turn
from learners.base import Space
from tests.mirrors.test_learners import HALF, Decision


class Walk:
    """One agent's tile-coded learner on the features it is given."""

    def __init__(self, features, agents=1, actions=2, **settings):
        self.learner = learners.load("tile_q", **settings)
        self.turn, self.members = begin_turn(((),) * agents, features, 10), np.arange(agents)
        self.turn.deciding[:] = True
        self.rng = np.random.Generator(np.random.PCG64(0))
        self.mind = self.learner.begin(Space(agents, 1, actions, 0, features), self.rng)

    def go(self, features, returns, discount, held=None):
        """One decision after another: returns and discount belong to the one before."""
        turn = self.turn
        turn.judged[:] = turn.started & turn.thawed
        turn.features[:], turn.returns[:], turn.discount[:] = features, returns, discount
        for step in (loop.learn, loop.act):
            step(self.mind, self.members, turn, None, self.rng)
        if held is not None:
            turn.actions[:] = held
        loop.settle(self.mind, self.members, turn, None, self.rng)
        turn.started[:] = True
        turn.past_actions[:] = turn.actions

    def tiles(self, *features):
        """Tiles that hold a state."""
        self.go([features], 0.0, 0.0, 0)
        return self.mind.now.tolist()


def test_tilings_are_displaced_by_odd_multiples():
    walk = Walk(2, tilings=2, tiles=2)  # tilings of 3 x 3 tiles, since a displaced one needs a tile more
    # At (.25, .5) the first tiling has tile (0, 1), number 1. The second, displaced by 1/2 and 3/2 mod 1 = 1/2 tile,
    # has (int(.5 + .5), int(1 + .5)) = (1, 1), number 9 + 4.
    assert walk.tiles(0.25, 0.5) == [1, 13]
    assert walk.tiles(0.0, 0.0) == [0, 9] and walk.tiles(1.0, 1.0) == [8, 17]
    assert walk.tiles(-5.0, 9.0) == walk.tiles(0.0, 1.0)  # beyond the range counts as its edge


def test_many_features_are_tiled_alone():
    walk = Walk(20, tilings=4, tiles=8)
    assert walk.mind.weights.shape == (1, 20 * 4 * 9, 2)
    tiles = np.array(walk.tiles(*np.linspace(0, 1, 20)))
    assert (tiles // 9 == np.arange(80)).all()  # one of each tiling of each feature


@given(st.lists(st.floats(0, 1, width=32), min_size=3, max_size=3), st.integers(1, 8), st.integers(1, 8))
def test_every_tiling_holds_every_state_once(features, tilings, tiles):
    walk = Walk(3, tilings=tilings, tiles=tiles)
    assert (np.array(walk.tiles(*features)) // (tiles + 1) ** 3).tolist() == list(range(tilings))


def test_an_update_is_shared_by_the_tilings_and_generalises_to_neighbours():
    walk = Walk(1, tilings=2, tiles=2, **HALF)
    walk.go([[0.0]], 0.0, 0.0, 1)
    walk.go([[0.3]], 4.0, 0.5, 0)  # error 4: each of two tiles takes .5 / 2 of it; their sum is 2
    weights = walk.mind.weights[0, :, 1]
    assert weights[walk.mind.tiles[0, 0]].tolist() == [1.0, 0.0]  # .3 is in tile 0 of one tiling, 1 of the other
    assert walk.tiles(0.2) == [0, 3] and weights[[0, 3]].sum() == 2.0
    assert walk.tiles(0.3) == [0, 4] and weights[[0, 4]].sum() == 1.0


@pytest.mark.parametrize(("rule", "value"), [("q", 6.0), ("sarsa", 2.0)])
def test_what_follows_is_worth_the_best_action_or_the_one_taken(rule, value):
    walk = Walk(1, tilings=1, tiles=1, rule=rule, **HALF)
    walk.mind.weights[0, 0] = [2.0, 6.0]
    walk.go([[0.0]], 0.0, 0.0, 0)
    walk.go([[0.5]], 1.0, 0.5, 0)  # Q(., 0) = 2 + .5 (1 + .5 value - 2)
    assert walk.mind.weights[0, 0, 0] == 2.0 + 0.5 * (1.0 + 0.5 * value - 2.0)


def test_news_travels_back_along_the_trace_and_a_tile_met_again_begins_anew():
    walk = Walk(1, tilings=1, tiles=4, rule="sarsa", trace_decay=0.5, alpha=0.5, epsilon=0.0)
    for place, held in ((0.1, 0), (0.3, 0), (0.6, 1)):
        walk.go([[place]], 0.0, 1.0, held)
    walk.go([[0.9]], 8.0, 1.0, 0)  # error 8: .5 * 8 for the last, then a half and a quarter of that
    weights = walk.mind.weights[0]
    assert weights[:4].tolist() == [[1.0, 0.0], [2.0, 0.0], [0.0, 4.0], [0.0, 0.0]]
    walk.go([[0.3]], 0.0, 1.0, 0)  # error 0 + 2 - 0 = 2; the tile at .3 begins anew, its old trace ends
    assert weights[:4].tolist() == [[1.125, 0.0], [2.25, 0.0], [0.0, 4.5], [1.0, 0.0]]
    trace = {int(t): e for t, e in zip(walk.mind.tiles[0, :, 0], walk.mind.trace[0, :, 0], strict=True) if e}
    assert trace == {0: 0.0625, 2: 0.25, 3: 0.5, 1: 1.0}


def test_traces_of_q_learning_end_where_the_action_is_not_greedy():
    walk = Walk(1, tilings=1, tiles=4, trace_decay=0.5, alpha=0.5, epsilon=0.0)
    walk.mind.weights[0, :, 1] = 1.0
    walk.go([[0.1]], 0.0, 1.0, 1)
    walk.go([[0.3]], 0.0, 1.0, 1)
    assert (walk.mind.trace > 0).sum() == 2
    walk.go([[0.6]], 0.0, 1.0, 0)
    assert (walk.mind.trace > 0).sum() == 1


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.floats(-9, 9)), min_size=3, max_size=20))
def test_without_features_it_is_the_table_of_its_rule(life):
    for rule in ("q", "sarsa"):
        minds = []
        for kind, settings in (("tile_q", {"rule": rule}), (rule, {})):
            one = Decision(kind, alpha=0.3, epsilon=0.0, **settings)
            for state, action, earned in life:
                one.learn([state], [earned], [0.9], held=[action])
            minds.append(one.mind)
        assert np.allclose(minds[0].weights, minds[1].q, atol=1e-12)
        assert np.array_equal(minds[0].visits, minds[1].visits)


def test_bounds_that_do_not_fit_the_features_are_refused():
    three = {"low": [0.0, 1.0, 2.0]}
    for settings, words in ((three, "low has 3 numbers; give one, or 2"), ({"low": [1.0]}, "must be below")):
        with pytest.raises(ValueError, match=words):
            Walk(2, **settings)
