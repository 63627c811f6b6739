"""Learners in plain Python, learners outside, mixed populations, and what users hang on to a world."""

import numpy as np
import pytest

import models
import scenarios
from learners.base import Memory, PythonLearner
from scenarios.schema import Population
from tests.contracts.cases import SMALLEST, at_hand, make
from tests.contracts.digests import digest, mind_bytes

every_world = pytest.mark.parametrize("domain", sorted(SMALLEST))


class WinStay(PythonLearner):
    """Keep an action that paid at least as much as usual; else try another."""

    def begin(self, space, rng):
        return Memory(usual=np.zeros(space.agents), actions=np.array([space.actions]))

    def learn(self, mind, members, turn, rng):
        mind.usual += 0.1 * turn.judged[members] * (turn.returns[members] - mind.usual)

    def act(self, mind, members, turn, rng):
        unhappy = turn.deciding[members] & (turn.returns[members] < mind.usual)
        turn.actions[members[unhappy]] = rng.integers(mind.actions[0], size=unhappy.sum())


class Counting(WinStay):
    """The same, and counts what it learned from: that grows whatever a world pays."""

    def begin(self, space, rng):
        mind = super().begin(space, rng)
        mind.judged = np.zeros(space.agents, np.int64)
        return mind

    def learn(self, mind, members, turn, rng):
        super().learn(mind, members, turn, rng)
        mind.judged += turn.judged[members]


@every_world
def test_ten_lines_of_plain_python_are_a_learner_in_every_world(domain, tmp_path):
    world = make(domain, Counting())
    world.run(200)
    world.save(tmp_path / "world.npz")
    world.save_minds(tmp_path / "minds.npz")
    opened, twin, stepped = models.World.open(tmp_path / "world.npz", Counting()), world.fork(), world.fork()
    assert digest(opened) == digest(twin) == digest(world)
    for other in (opened, twin):
        other.run(150)
    for _ in range(150):
        stepped.step()
    assert world.groups[0].mind.mind.judged.any()
    assert digest(opened) == digest(twin) == digest(stepped) != digest(world)
    again = make(domain, Counting(), seed=4, minds=tmp_path / "minds.npz")
    assert mind_bytes(again) == mind_bytes(world) == mind_bytes(world.restart(seed=4)) != mind_bytes(twin)


@every_world
def test_a_learner_outside_meets_the_same_world_as_one_inside(domain):
    class Rotate(PythonLearner):
        """Actions in turn."""

        def act(self, mind, members, turn, rng):
            turn.actions[turn.deciding] = (turn.tick[0] + members[turn.deciding]) % 2

    inside, outside = make(domain, Rotate()), make(domain, "random")
    earned = []
    for tick in range(120):
        inside.step()
        deciding, states, _ = outside.observe()
        assert states.shape == deciding.shape
        earned.append(outside.advance((tick + np.arange(deciding.size)) % 2))
        assert np.array_equal(earned[-1], inside.turn.gains)
    assert np.array_equal(inside.turn.states, outside.turn.states) and outside.steps == 120


@every_world
def test_actions_from_outside_are_checked(domain):
    world = make(domain, "random")
    with pytest.raises(ValueError, match="advance: give"):
        world.advance(np.full(len(world.agent_names), 99))
    world.observe()
    with pytest.raises(RuntimeError, match="finish it with advance"):
        world.run(3)


@pytest.mark.parametrize(
    ("name", "kinds", "changes"),
    [
        ("games/coordination_ring", ("q", "joint_q", "random"), {"nodes": 6}),
        ("traffic/arterial", ("q", "max_pressure"), {"columns": 4}),
    ],
)
def test_a_mixed_population_runs_forks_and_saves_like_any_other(name, kinds, changes, tmp_path):
    share = 1 / len(kinds)
    groups = tuple(Population(agents=share, kind=kind) for kind in kinds)
    whole, cut = (
        models.make(scenarios.load(name).model_copy(update={"learner": groups}), seed=1, **changes) for _ in range(2)
    )
    whole.run(500)
    for ticks in (1, 330, 169):
        cut.run(ticks)
    whole.save(tmp_path / "world.npz")
    opened, twin = models.World.open(tmp_path / "world.npz"), whole.fork()
    for world in (opened, twin, cut):
        world.run(100)
    assert digest(opened) == digest(twin) == digest(cut) != digest(whole)


def test_groups_with_different_learners_share_a_world():
    scenario = scenarios.load("games/coordination_ring")
    kinds = ("q", "joint_q", "hysteretic_q", "random")
    groups = tuple(Population(agents=0.25, kind=kind) for kind in kinds)
    world = models.make(scenario.model_copy(update={"learner": groups}), seed=1)
    world.run(300)
    assert [len(group.members) for group in world.groups] == [16] * 4
    assert [world.learners[world.group_of(agent)[0]].kind() for agent in (0, 16, 32, 63)] == list(kinds)


@every_world
def test_worlds_that_differ_in_a_learner_meet_the_same_random_numbers(domain):
    one, other = make(domain, "q"), make(domain, {"kind": "joint_q", "epsilon": 0.5})
    one.run(400)
    other.run(400)
    assert one.rng.bit_generator.state == other.rng.bit_generator.state


@every_world
def test_a_metric_of_ones_own_is_recorded_at_every_window(domain):
    world = make(domain, "random", record_every_ticks=50)
    world.watch("double", lambda w: 2.0 * w.tick)
    rows = world.run(210)
    assert rows["double"].tolist() == [100.0, 200.0, 300.0, 400.0]
    with pytest.raises(ValueError, match="choose another name"):
        world.watch("reward", lambda w: 0.0)


@every_world
def test_rewards_of_agents_average_to_the_reward(domain):
    world = make(domain, "random", record_every_ticks=40, record_agents=True)
    world.run(200)
    agents = world.record.agents()
    assert list(agents.columns) == world.agent_names and agents.shape[0] == 5
    np.testing.assert_allclose(agents.mean(axis=1), world.record.frame()["reward"], rtol=1e-12)


def test_a_run_stops_once_policies_have_settled():
    world = models.make("games/climbing", learner={"kind": "q", "epsilon": 0.0}, seed=1)
    world.run(100_000, until="settled")
    assert world.tick == 1_100  # a window to compare with, and ten that agree
    with pytest.raises(ValueError, match="known conditions"):
        world.run(10, until="bored")


@every_world
def test_an_inspected_agent_speaks_in_sentences(domain):
    for kind in at_hand(models.learners(domain)):
        world = make(domain, kind)
        world.run(400)
        about = world.inspect(0)
        assert about.now.endswith(".") and about.learner == kind
        assert all(len(fact) == 2 for fact in about.facts)
        frame = world.frame()
        assert all(isinstance(array, np.ndarray) for array in frame.values())
        assert sum(array.nbytes for array in frame.values()) < 10_000


@pytest.mark.parametrize("domain", ["games", "oligopoly"])
def test_a_group_may_cooperate_more_than_the_rest_and_keeps_to_it(domain):
    """Two fleets share a world: a change of the world's cooperation reaches those who have none of their own."""
    mixed = scenarios.load(SMALLEST[domain]).model_copy(
        update={
            "regime": (),
            "learner": (Population(agents=(0,), kind="random", cooperation=0.75), Population(kind="random")),
        }
    )
    world = models.make(mixed, seed=1)
    rest = len(world.agent_names) - 1
    world.change(cooperation=0.25)
    assert world.course.cooperation.tolist() == [[0.75] + [0.25] * rest]
    assert world.fork().course.cooperation.tolist() == world.course.cooperation.tolist()
    assert scenarios.parse(mixed.text(), "mixed", "mixed").learner[0].cooperation == 0.75
