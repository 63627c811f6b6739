"""Every learner in every world: any way of running gives the same run, and the same run can be had again."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import learners
import models
from engine import fusion
from engine import loop as engine_loop
from tests.contracts.cases import BRISK, COVERING, PAIRS, SMALLEST, TICKS, at_hand, case, halves, make
from tests.contracts.digests import digest, mind_bytes

every_pair = pytest.mark.parametrize(("domain", "kind"), [case(*pair) for pair in PAIRS])


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="torch is large: its tests run on Python 3.11")
def test_every_learner_of_the_catalogue_can_be_had():
    """Else a missing package would let its contracts be skipped unseen."""
    assert at_hand(learners.names()) == learners.names()


@every_pair
def test_any_way_of_cutting_a_run_gives_the_same_run(domain, kind):
    whole, cut, stepped = make(domain, kind), make(domain, kind), make(domain, kind)
    whole.run(TICKS)
    for ticks in (1, 299, 0, 37, 300, 63):
        cut.run(ticks)
    for _ in range(TICKS):
        stepped.step()
    assert digest(whole) == digest(cut) == digest(stepped)
    assert whole.steps == cut.steps == stepped.steps == TICKS


@every_pair
def test_a_seed_is_a_run_and_another_seed_another(domain, kind):
    one, same, other = make(domain, kind), make(domain, kind), make(domain, kind, seed=2)
    for world in (one, same, other):
        world.run(TICKS)
    assert digest(one) == digest(same) != digest(other)


@every_pair
def test_a_fork_left_alone_lives_the_same_life(domain, kind):
    world = make(domain, kind)
    world.run(TICKS // 2)
    before, twin = digest(world), world.fork()
    twin.run(TICKS)
    assert digest(world) == before
    world.run(TICKS)
    assert digest(world) == digest(twin)


@every_pair
def test_a_fork_with_a_seed_has_the_same_present_and_a_future_that_the_seed_draws(domain, kind):
    world = make(domain, kind)
    world.run(TICKS // 2)
    before, forks = digest(world), [world.fork(seed=5), world.fork(seed=5), world.fork(seed=6)]
    assert [mind_bytes(fork) for fork in forks] == [mind_bytes(world)] * 3
    for fork in forks:
        fork.run(TICKS)
    one, same, other = map(digest, forks)
    assert one == same != other and digest(world) == before


@every_pair
def test_a_saved_world_goes_on_as_if_nothing_had_happened(domain, kind, tmp_path):
    world = make(domain, kind)
    world.run(TICKS // 2)
    world.save(tmp_path / "world.npz")
    opened = models.World.open(tmp_path / "world.npz")
    assert digest(opened) == digest(world) and opened.steps == world.steps
    opened.run(TICKS)
    world.run(TICKS)
    assert digest(opened) == digest(world)


@every_pair
def test_minds_saved_alone_serve_in_another_world(domain, kind, tmp_path):
    world = make(domain, kind)
    world.run(TICKS)
    world.save_minds(tmp_path / "minds.npz")
    other = make(domain, kind, seed=5, minds=tmp_path / "minds.npz")
    assert other.tick == 0 and mind_bytes(other) == mind_bytes(world) == mind_bytes(world.restart(seed=9))


@every_pair
def test_frozen_agents_learn_nothing_and_thawed_ones_go_on(domain, kind):
    world = make(domain, kind)
    world.run(TICKS)
    world.freeze()
    world.run(1)  # what was held before the freeze is settled
    before = mind_bytes(world)
    learned = [values.copy() for values in tables(world)]
    world.run(TICKS)
    assert all(np.array_equal(*pair) for pair in zip(learned, tables(world), strict=True))
    if kind not in ("joint_q", "fictitious_play", "tile_q"):  # these keep what was last met, frozen or not
        assert mind_bytes(world) == before
    world.thaw()
    world.run(TICKS)
    assert not learned or mind_bytes(world) != before


@every_pair
def test_actions_are_among_those_that_exist(domain, kind):
    world = make(domain, kind)
    for _ in range(50):
        world.run(7)
        assert world.turn.actions.min() >= 0 and world.turn.actions.max() < world.decision_space.actions
        assert world.turn.states.min() >= 0 and world.turn.states.max() < world.decision_space.states


@every_pair
def test_the_loop_as_python_text_gives_the_same_run(domain, kind, monkeypatch):
    compiled, interpreted = make(domain, kind), make(domain, kind)
    compiled.run(TICKS)
    monkeypatch.setattr(engine_loop, "run_compiled", engine_loop.run_in_python)
    interpreted.run(TICKS)
    assert digest(compiled) == digest(interpreted)


@pytest.mark.parametrize(("domain", "kind"), [case(*pair) for pair in COVERING])
def test_the_calls_of_a_tick_made_one_function_give_the_same_run(domain, kind, monkeypatch):
    called, fused = make(domain, kind), make(domain, kind)
    monkeypatch.setattr(fusion, "PATIENCE_S", np.inf)
    called.run(TICKS)
    monkeypatch.setattr(fusion, "PATIENCE_S", -1.0)
    fused.run(TICKS)
    assert digest(called) == digest(fused)


@pytest.mark.parametrize("domain", SMALLEST)
def test_two_groups_of_one_learner_are_one_function_too(domain, monkeypatch):
    called, fused = halves(domain), halves(domain)
    monkeypatch.setattr(fusion, "PATIENCE_S", np.inf)
    called.run(TICKS)
    monkeypatch.setattr(fusion, "PATIENCE_S", -1.0)
    fused.run(TICKS)
    assert len(fused.groups) == 2 and digest(called) == digest(fused)


PROGRAM = """
import models
from tests.contracts.digests import digest
for domain, kind, scenario, learner in {}:
    world = models.make(scenario, learner=learner, seed=1)
    world.run(330)
    print(domain, kind, digest(world))
"""


@pytest.mark.slow
@pytest.mark.parametrize("disable_jit", ["0", "1"], ids=["compiled", "python"])
def test_another_process_gives_the_same_bytes_compiled_or_not(disable_jit):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "NUMBA_DISABLE_JIT": disable_jit}
    pairs = [(domain, kind) for domain, kind in COVERING if at_hand([kind])]
    program = PROGRAM.format([(domain, kind, SMALLEST[domain], BRISK.get(kind, kind)) for domain, kind in pairs])
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    here = [make(*pair) for pair in pairs]
    for world in here:
        world.run(330)
    assert done.stdout.splitlines() == [f"{d} {kind} {digest(world)}" for (d, kind), world in zip(pairs, here)]


def tables(world):
    """Values of all agents that keep a table."""
    found = [world.values(agent) for agent in range(len(world.agent_names))]
    return [values for values in found if values is not None]
