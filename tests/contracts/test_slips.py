"""What a learner in plain Python, or a program outside, may get wrong in every world without harm."""

import threading

import mesa
import numpy as np
import pytest

from learners.base import PythonLearner
from scenarios import ScenarioError
from tests.contracts.cases import SMALLEST, make

every_world = pytest.mark.parametrize("domain", SMALLEST)


class Slips(PythonLearner):
    """Plays its first action, and in one of the steps of its third tick writes one that does not exist."""

    step: str = "act"
    action: int = 99

    def write(self, step, members, turn):
        """Write to `turn.actions`."""
        late = turn.tick[0] == 2
        turn.actions[members] = self.action if step == self.step and late else 0

    def learn(self, mind, members, turn, rng):
        self.write("learn", members, turn)

    def act(self, mind, members, turn, rng):
        self.write("act", members, turn)

    def settle(self, mind, members, turn, rng):
        self.write("settle", members, turn)


@every_world
@pytest.mark.parametrize("step", ["act", "settle"])
@pytest.mark.parametrize("action", [99, -1, 2**62])
def test_an_action_that_does_not_exist_is_refused_before_the_world_meets_it(domain, step, action):
    world = make(domain, Slips(step=step, action=action))
    last = world.decision_space.actions - 1
    words = f'"slips": {step} left action {action} to agent 0; turn.actions holds whole numbers from 0 to {last}'
    with pytest.raises(ScenarioError, match=words):
        world.run(10)
    assert world.tick == 2 and not world.turn.actions.any()  # nothing is left for the next tick to stumble over


class Breaks(PythonLearner):
    """Writes what does not exist, and then goes wrong in another way."""

    def act(self, mind, members, turn, rng):
        turn.actions[:] = 99
        raise KeyError("a slip of its own")


@every_world
def test_a_learner_that_raises_leaves_no_such_action_behind(domain):
    world = make(domain, Breaks())
    with pytest.raises(ScenarioError) as refused:
        world.run(1)
    assert isinstance(refused.value.__context__, KeyError) and not world.turn.actions.any()


@every_world
@pytest.mark.parametrize("wrong", [0.9, 0.0, np.nan, 2**63, None, "0"])
def test_actions_from_outside_are_whole_numbers(domain, wrong):
    world = make(domain, "random")
    with pytest.raises(ValueError, match=r"advance: give \d+ actions, whole numbers from 0 to \d+, or -1"):
        world.advance([wrong] * len(world.agent_names))


def assign(name, value=1):
    """An idiom: an attribute of the world is set."""
    return lambda world: setattr(world, name, value)


IDIOMS = {
    "an agent leaves": (lambda world: world.agents[0].remove(), "models.make"),
    "all agents leave": (lambda world: world.remove_all_agents(), "models.make"),
    "an agent is struck off": (lambda world: world.deregister_agent(world.agents[0]), "models.make"),
    "an agent of one's own joins": (mesa.Agent, "Agent cannot join: .*write a learner"),
    "some agents are dropped": (lambda world: world.agents.select(at_most=1, inplace=True), "agents.select"),
    "agents are removed": (lambda world: world.agents.remove(world.agents[0]), "agents.select"),
    "agents are discarded": (lambda world: world.agents.discard(world.agents[0]), "agents.select"),
    "agents are added": (lambda world: world.agents.add(world.agents[0]), "agents.select"),
    "agents are popped": (lambda world: world.agents.pop(), "agents.select"),
    "agents are cleared": (lambda world: world.agents.clear(), "agents.select"),
    "agents are shuffled for good": (lambda world: world.agents.shuffle(inplace=True), "agents.shuffle"),
    "agents are sorted for good": (lambda world: world.agents.sort("name", inplace=True), "agents.select"),
    "a type of agents leaves": (lambda world: [kind.clear() for kind in world.agents_by_type.values()], "models.make"),
    "agents step": (lambda world: world.agents.do("step"), r"call world.step\(\) or world.run\(ticks\)"),
    "agents step in random order": (lambda world: world.agents.shuffle_do("step"), r"call world.step\(\)"),
    "agents advance": (lambda world: world.agents.do("advance"), r"call world.step\(\)"),
    "agents are given an action": (lambda world: world.agents.set("action", 1), "write a learner"),
    "agents are given a thing": (lambda world: world.agents.set("wealth", 1), "write a learner"),
    "an agent moves": (lambda world: setattr(world.agents[0], "pos", (0, 0)), "write a learner"),
    "an agent is put into a cell": (lambda world: world.agents[0].cell.add_agent(world.agents[0]), "models.make"),
    "an agent is taken from its cell": (
        lambda world: world.agents[0].cell.remove_agent(world.agents[0]),
        "models.make",
    ),
    "a cell leaves": (lambda world: world.space.remove_cell(world.agents[0].cell), "models.make"),
    "the space is replaced": (assign("space"), "models.make"),
    "a parameter is misspelt": (assign("coperation", 0.5), r"call world.change\(cooperation="),
    "a parameter is assigned": (assign("cooperation", 0.5), r"call world.change\(cooperation="),
    "a parameter is written": (lambda world: world.parameters.update(cooperation=0.5), r"world.change\(cooperation="),
    "a parameter is set": (
        lambda world: world.parameters.__setitem__("cooperation", 0.5),
        r"world.change\(cooperation=",
    ),
    "the scenario is replaced": (assign("scenario"), r"call world.change\("),
    "parameters are replaced": (assign("parameters", {}), r"call world.change\("),
    "the seed is assigned": (assign("seed"), r"world.fork\(seed=...\)"),
    "the stream is replaced": (assign("rng"), r"world.fork\(seed=...\)"),
    "the stream is begun again": (lambda world: world.reset_rng(3), r"world.fork\(seed=...\)"),
    "the randomizer is begun again": (lambda world: world.reset_randomizer(3), r"world.fork\(seed=...\)"),
    "names are replaced": (assign("agent_names", []), "models.make"),
    "agents are replaced": (assign("agents", []), "models.make"),
    "the clock is set": (assign("tick"), "world.run"),
    "steps are set": (assign("steps", 500), "world.run"),
    "a step of one's own is assigned": (assign("step", print), "world.watch"),
    "a collector of one's own": (assign("datacollector"), "world.watch"),
    "a title": (assign("title", "Mine"), "take another name"),
}


@every_world
@pytest.mark.parametrize("idiom", IDIOMS)
def test_what_does_something_in_other_mesa_models_and_nothing_here_says_so(domain, idiom):
    do, words = IDIOMS[idiom]
    world = make(domain, "random")
    world.run(10)
    number, before = len(world.agents), dict(world.parameters)
    with pytest.raises((NotImplementedError, TypeError, AttributeError), match=words):
        do(world)
    assert len(world.agents) == number == len(world.agent_names) and world.parameters == before
    assert world.fork().run(10).equals(world.run(10)) and world.steps == world.tick == 20


@every_world
def test_things_of_ones_own_may_hang_on_a_world_and_are_in_its_forks(domain):
    class Mine(type(make(domain, "random"))):
        patience = 3

    world = Mine(SMALLEST[domain], learner="random", seed=1)
    world.mine, world.patience = 1, 4
    world.mine += 1
    assert (world.fork().mine, world.fork().patience) == (2, 4)


@every_world
def test_every_agent_has_a_node_in_the_space_that_mesa_draws(domain):
    world = make(domain, "random")
    placed = {agent.index: agent.cell.coordinate for agent in world.space.agents}
    assert sorted(placed) == list(range(len(world.agents))) and set(placed.values()) <= set(world.graph)


@every_world
def test_a_step_of_ones_own_is_refused_since_runs_would_pass_it_by(domain):
    with pytest.raises(TypeError, match=r"Mine.step would never be called by run\(\).*world.watch"):
        type("Mine", (type(make(domain, "random")),), {"step": lambda self: None})


@every_world
def test_columns_of_ones_own_are_kept_in_a_file_and_go_on_when_they_are_watched_again(domain, tmp_path):
    world = make(domain, "random")
    window = world.record.window_ticks
    world.run(window)  # no value in this one
    world.watch("hour", lambda world: world.tick / 3600)
    world.run(2 * window)
    world.save(tmp_path / "mine.npz")
    told = f"columns of your own, hour, which end at tick {world.tick:,}; call world.watch"
    with pytest.warns(UserWarning, match=told):
        opened = type(world).open(tmp_path / "mine.npz")
    assert opened.record.frame().equals(world.record.frame())
    opened.watch("hour", lambda world: world.tick / 3600)
    assert opened.run(window).equals(world.run(window))
    assert opened.record.frame().equals(world.record.frame()) and opened.record.frame()["hour"].notna().sum() == 3


class Waits(PythonLearner):
    """Lets the test do something in the middle of a tick."""

    def act(self, mind, members, turn, rng):
        MEANWHILE[0]()


MEANWHILE = [lambda: None]


@every_world
@pytest.mark.parametrize("move", ["step", "observe", "advance"])
def test_a_second_thread_may_not_move_a_world_and_may_move_a_fork_of_it(domain, move):
    world, errors = make(domain, Waits()), []

    def second():
        for one in (world, world.fork()):
            try:
                getattr(one, move)(*([[0] * len(world.agent_names)] if move == "advance" else []))
            except RuntimeError as error:
                errors.append(str(error))

    def meanwhile():
        MEANWHILE[0] = lambda: None
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    MEANWHILE[0] = meanwhile
    world.run(3)
    assert errors == ["another thread is running this world; give each thread its own world with world.fork()"]
    assert world.tick == 3


@every_world
def test_no_other_thread_comes_between_a_run_and_its_record(domain):
    """Else rows would be too few for what is written, or labelled with the tick of the other."""
    world, errors = make(domain, "random"), []

    def second():
        try:
            world.step()
        except RuntimeError as error:
            errors.append(str(error))

    def meanwhile(*_):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        return 0.0

    def tapes(*asked):
        del world.record.tapes  # once
        meanwhile()
        return world.record.tapes(*asked)

    window, world.record.tapes = world.record.window_ticks, tapes
    world.watch("meanwhile", meanwhile)
    world.run(window)
    assert errors == ["another thread is running this world; give each thread its own world with world.fork()"] * 2
    assert world.tick == window and world.record.frame().index.tolist() == [window]
