"""Results do not depend on how actions and agents are named: in distribution over many pairs of learners.

Each law holds two shares against each other that must be equal but for chance; a difference of four standard errors is
none. Where the first of equals has the preference, whole shares move.
"""

import networkx as nx
import numpy as np
import pytest

import learners
import models
from tests.contracts.cases import case

NUMBER = 300  # pairs of players, each alone
TICKS = 3_000
TABLES = [kind for kind in learners.names() if kind not in ("random", "ppo")]
ORDERS = ([0, 1, 2], [1, 2, 0], [2, 1, 0])  # each action comes first once
CLIMBING = np.array([[11.0, -30.0, 0.0], [-30.0, 7.0, 6.0], [0.0, 0.0, 5.0]])
PENALTY = np.array([[10.0, 0.0, -10.0], [0.0, 2.0, 0.0], [-10.0, 0.0, 10.0]])
MEETING = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # any equal choice is as good as another
CHICKEN = np.array([[0.0, 7.0], [2.0, 6.0]])  # dare and swerve; the bold one earns 7


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A graph of pairs that meet nobody else."""
    path = tmp_path_factory.mktemp("names") / "pairs.graphml"
    nx.write_graphml(nx.disjoint_union_all([nx.path_graph(2)] * NUMBER), path)
    return str(path)


def choices(graph, kind, payoff, order, seed=0, ticks=TICKS):
    """What both players of every pair chose in the end (NUMBER, 2), by the numbers that actions had before `order`."""
    learner = learners.load(kind, **({"lowest": -30.0, "highest": 11.0} if kind == "exp3" else {}))  # explores little
    table = payoff[np.ix_(order, order)].tolist()
    column = payoff.T[np.ix_(order, order)].tolist()
    world = models.make(
        "games/climbing", learner=learner, seed=seed, graph=graph, payoff=table, payoff_column=column,
        actions=[f"action {a}" for a in order],
    )  # fmt: skip
    world.run(ticks)
    world.freeze()
    world.run(1)
    held = np.array(order)[world.turn.actions]
    number = np.array([int(name.split()[-1]) if " " in name else i for i, name in enumerate(world.agent_names)])
    return held[np.argsort(number)].reshape(-1, 2)


def differ(one, other):
    """By how many standard errors two shares differ."""
    share = (one.mean() + other.mean()) / 2
    error = (share * (1 - share) * (1 / one.size + 1 / other.size)) ** 0.5
    return abs(one.mean() - other.mean()) / error if error > 0 else 0.0


@pytest.mark.parametrize("kind", [case(kind) for kind in TABLES])
@pytest.mark.parametrize("game", ["climbing", "penalty"])
def test_what_is_found_does_not_depend_on_how_actions_are_numbered(kind, game, alone):
    payoff = {"climbing": CLIMBING, "penalty": PENALTY}[game]
    first, *others = (choices(alone, kind, payoff, order) for order in ORDERS)
    for other in others:
        for a, b in ((0, 0), (1, 1), (2, 2), (1, 2)):
            met = [(held == (a, b)).all(axis=1) for held in (first, other)]
            assert differ(*met) < 4, (a, b, met[0].mean(), met[1].mean())


@pytest.mark.parametrize("kind", [case(kind) for kind in TABLES])
def test_of_equal_conventions_each_is_as_likely(kind, alone):
    held = choices(alone, kind, MEETING, [0, 1, 2], ticks=300)
    for a in range(3):
        share = (held == a).mean()
        assert abs(share - 1 / 3) < 4 * (2 / 9 / NUMBER) ** 0.5, (a, share)


@pytest.mark.parametrize("kind", [case(kind) for kind in TABLES])
def test_who_dares_does_not_depend_on_how_players_are_numbered(kind, alone):
    held = choices(alone, kind, CHICKEN, [0, 1])
    first, second = ((held == pair).all(axis=1) for pair in ((0, 1), (1, 0)))
    assert differ(first, second) < 4, (first.mean(), second.mean())
