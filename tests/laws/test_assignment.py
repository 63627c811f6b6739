"""Traffic assignment against hand calculations, Beckmann's condition and the bound on the price of anarchy."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.networks import assignment
from models.networks.assignment import Demand, Roads

ONE_PAIR = (0, 3, 4000.0)


def roads(*links):
    """Links (tail, head, free, slope, power)."""
    tail, head, *numbers = (np.array(column) for column in zip(*links, strict=True))
    return Roads(tail, head, *(column.astype(float) for column in numbers))


def demand(*pairs):
    origin, destination, volume = (np.array(column) for column in zip(*pairs, strict=True))
    return Demand(origin, destination, volume.astype(float))


def braess(shortcut):
    """Braess 1968 with the figures of a textbook: x/100 min, 45 min, and a way across that takes no time."""
    links = [(0, 1, 0, 0.01, 1), (0, 2, 45, 0, 1), (1, 3, 45, 0, 1), (2, 3, 0, 0.01, 1)]
    return roads(*links, *([(1, 2, 0, 0, 1)] if shortcut else []))


@st.composite
def random_networks(draw, power=1.0):
    """A strongly connected random network with up to five pairs."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    nodes = draw(st.integers(3, 8))
    ends = [(i, (i + 1) % nodes) for i in range(nodes)] + [tuple(rng.integers(nodes, size=2)) for _ in range(2 * nodes)]
    links = [(i, j, rng.random() * 5, rng.random() * (rng.random() < 0.7), power) for i, j in ends if i != j]
    pairs = [(*rng.choice(nodes, 2, replace=False), 10 * rng.random() + 0.1) for _ in range(draw(st.integers(1, 5)))]
    return roads(*links), demand(*pairs)


def test_a_road_that_is_opened_makes_every_trip_longer():
    """By hand: 2000 + 2000 drivers take 20 + 45 min; with the shortcut all take it, 40 + 40 min."""
    trips = demand(ONE_PAIR)
    for shortcut, minutes in ((False, 65.0), (True, 80.0)):
        found = assignment.equilibrium(braess(shortcut), trips)
        assert found.total / 4000 == pytest.approx(minutes, abs=1e-4)


def test_the_optimum_of_braess_sends_one_driver_in_eight_over_the_shortcut():
    """By hand: with z on the shortcut and (4000 - z)/2 on each side the mean is least at z = 500: 64.6875 min."""
    found = assignment.optimum(braess(True), demand(ONE_PAIR))
    assert found.total / 4000 == pytest.approx(64.6875, abs=1e-4)
    assert found.flow == pytest.approx([2250, 1750, 1750, 2250, 500], rel=1e-2)


def test_pigous_price_of_anarchy_is_four_thirds():
    """Pigou 1920: a road that always takes 1 beside one that takes its share of drivers; the optimum halves them."""
    two, trips = roads((0, 1, 1, 0, 1), (0, 1, 0, 1, 1)), demand((0, 1, 1.0))
    assert assignment.equilibrium(two, trips).total == pytest.approx(1.0, abs=1e-6)
    assert assignment.optimum(two, trips).total == pytest.approx(0.75, abs=1e-6)
    assert assignment.price_of_anarchy(two, trips) == pytest.approx(4 / 3, abs=1e-5)


def test_a_toll_of_the_marginal_cost_makes_selfish_drivers_optimal():
    """Beckmann, McGuire and Winsten 1956: the toll x t' at the optimum, here 22.5 min on either variable link."""
    best = assignment.optimum(braess(True), demand(ONE_PAIR))
    toll = braess(True).marginal(best.flow) - braess(True).cost(best.flow)
    tolled = assignment.equilibrium(braess(True), demand(ONE_PAIR), toll=toll)
    assert toll[[0, 3]] == pytest.approx([22.5, 22.5], rel=1e-2)
    assert tolled.total == pytest.approx(best.total, rel=1e-4)


@settings(max_examples=25)
@given(random_networks())
def test_with_affine_costs_anarchy_costs_at_most_a_third(case):
    assert 1.0 - 1e-5 <= assignment.price_of_anarchy(*case) <= 4 / 3 + 1e-5


@settings(max_examples=15)
@given(random_networks(power=4.0))
def test_every_used_route_is_a_shortest_one(case):
    """Wardrop's condition, asked of networkx: at the gap of the answer, flow on longer paths wastes next to nothing."""
    network, trips = case
    found = assignment.equilibrium(network, trips, gap=1e-4)
    assert found.gap <= 1e-4
    graph = nx.MultiDiGraph()
    graph.add_weighted_edges_from(zip(network.tail, network.head, found.cost, strict=True))
    least = sum(nx.dijkstra_path_length(graph, o, d) * v for o, d, v in zip(*trips, strict=True))
    assert found.total >= least * (1 - 1e-9) and found.total - least <= 1.1e-4 * found.total


@settings(max_examples=15)
@given(random_networks(power=2.0))
def test_flow_is_conserved_at_every_node(case):
    network, trips = case
    found = assignment.equilibrium(network, trips, gap=1e-3)
    balance = np.zeros(8)
    np.add.at(balance, network.head, found.flow)
    np.subtract.at(balance, network.tail, found.flow)
    np.add.at(balance, trips.origin, trips.volume)
    np.subtract.at(balance, trips.destination, trips.volume)
    assert balance == pytest.approx(np.zeros(8), abs=1e-9)


def test_a_polynomial_of_the_bureau_of_public_roads_adds_fifteen_percent_at_capacity():
    slope, power = assignment.bpr(np.array([10.0]), np.array([1800.0]))
    assert Roads(*np.zeros((2, 1), int), np.array([10.0]), slope, power).cost(np.array([1800.0])) == pytest.approx(11.5)


def test_a_place_that_cannot_be_reached_is_named():
    with pytest.raises(ValueError, match="no way leads from node 3 to node 0"):
        assignment.equilibrium(braess(True), demand((3, 0, 1.0)))
