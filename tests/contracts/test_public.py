"""What everybody sees of the outside world: the same whatever the agents do, and only where somebody wants it."""

import numpy as np
import pytest

import models
import scenarios
from models.traffic.state import Sum
from tests.contracts.cases import SMALLEST, make

READS = {"kind": "q", "lifelong": True, "memory": "signature"}
SHOWS = {domain: bool(make(domain, "random").public()) for domain in sorted(SMALLEST)}


@pytest.mark.parametrize("domain", [domain for domain, shows in SHOWS.items() if shows])
def test_what_everybody_sees_has_names_and_does_not_depend_on_what_agents_do(domain):
    keen, idle = make(domain, READS), make(domain, {**READS, "epsilon": 1.0})
    assert keen.turn.public.size == len(set(keen.public())) and make(domain, "q").turn.public.size == 0
    for _ in range(60):
        keen.step()
        idle.step()
        assert np.isfinite(keen.turn.public).all() and np.array_equal(keen.turn.public, idle.turn.public)


@pytest.mark.parametrize("domain", [domain for domain, shows in SHOWS.items() if not shows])
def test_a_memory_that_would_read_what_nobody_shows_is_refused(domain):
    with pytest.raises(scenarios.ScenarioError, match=r'memory = "signature" needs a world that shows .* "rewards"'):
        make(domain, READS)


def test_signals_are_shown_every_vehicle_that_arrives():
    world = models.make("traffic/rush_hour", learner=READS, seed=0, record_every_ticks=1000)
    shown = [world.step() or world.turn.public.sum() for _ in range(200)]
    assert sum(shown) == world.state.sums[Sum.BORN] > 0
    assert world.public()[0].startswith("arrivals at ") and len(world.public()) == world.network.gate_link.size


def test_bidders_are_shown_load_lines_and_what_rivals_can_run():
    world = models.make("grid/maintenance", learner=READS, seed=0, demand_noise=0.0)
    world.change(demand_scale=0.5, outages=["1-2"], unit_outages=["G2"])
    world.run(18)  # the last hour was the peak, hour 17
    shown = dict(zip(world.public(), world.turn.public.tolist(), strict=True))
    assert shown["load at 2, MW"] == pytest.approx(448.62 / 2)
    assert (shown["1-2 in service"], shown["1-4 in service"]) == (0.0, 1.0)
    assert (shown["G1 can run, MW"], shown["G2 can run, MW"]) == (110.0, 0.0)


def test_players_are_shown_the_game_of_the_hour():
    world = models.make("games/congestion", learner=READS, seed=0)
    world.run(9)  # the last round was hour 0
    shown = dict(zip(world.public(), world.turn.public.tolist(), strict=True))
    assert shown["row: bridge against bridge"] == pytest.approx(1 - 1 / 1.25)
    assert shown["row: bridge against ford"] == 1.0
