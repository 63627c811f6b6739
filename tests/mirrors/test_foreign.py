"""Learners on foreign environments: first updates by hand, ends of episodes, spaces, and the life of a world again.

Steps and discounts are 0.5 and rewards small whole numbers, so every value is exact in binary.
"""

import re

import numpy as np
import pytest

import learners
import models
from engine import snapshot
from learners.base import Memory, PythonLearner, TableLearner
from learners.foreign import player as foreign_player
from learners.foreign import spaces as foreign_spaces
from scenarios import ScenarioError
from tests.contracts.cases import at_hand, case

gymnasium = pytest.importorskip("gymnasium")
pettingzoo = pytest.importorskip("pettingzoo")
Box, Discrete = gymnasium.spaces.Box, gymnasium.spaces.Discrete

HALF = {"alpha": 0.5, "gamma": 0.5, "epsilon": 0.0}
UNIT = Box(0.0, 1.0, (2,), np.float32)


class Track(gymnasium.Env):
    """Reward 4 from place 0 to 1, 8 from 1 to 2, whatever is done; the end is at `ends`, of either kind."""

    def __init__(self, ends, terminates, first=0, actions=2):
        self.ends, self.terminates, self.first = ends, terminates, first
        self.observation_space, self.action_space = Discrete(3, start=first), Discrete(actions, start=first)
        self.done = []

    def reset(self, *, seed=None, options=None):
        self.place = 0
        return self.first, {}

    def step(self, action):
        assert self.action_space.contains(action)
        self.done.append(action)
        self.place += 1
        over = self.place == self.ends
        return self.first + self.place, 4.0 * self.place, over and self.terminates, over and not self.terminates, {}


def values(player):
    """The table of the first agent."""
    return ordered(player.learner.policy(player.mind, 0))


def ordered(table):
    """Rows with larger values first: which of two equal actions is taken, lots decide."""
    return np.sort(table)[:, ::-1].tolist()


@pytest.mark.parametrize("first", [0, 7])
def test_three_steps_of_q_are_those_calculated_by_hand(first):
    player = learners.play(Track(2, True, first), {"kind": "q", **HALF}, steps=1)
    assert values(player) == [[2.0, 0.0], [0.0, 0.0], [0.0, 0.0]]  # .5 (4 + .5 * 0)
    player.run(1)
    assert values(player) == [[2.0, 0.0], [4.0, 0.0], [0.0, 0.0]]  # .5 * 8, nothing follows
    player.run(1)
    assert values(player) == [[4.0, 0.0], [4.0, 0.0], [0.0, 0.0]]  # 2 + .5 (4 + .5 * 4 - 2)
    assert [one.tolist() for one in player.returns] == [[12.0]] and set(player.env.env.done) <= {first, first + 1}


@pytest.mark.parametrize("kind", ["q", "sarsa", "expected_sarsa", "tile_q"])
@pytest.mark.parametrize(("terminates", "worth"), [(True, 0.0), (False, 10.0)])
def test_what_follows_a_truncation_is_worth_what_it_is_and_a_termination_ends_all(kind, terminates, worth):
    player = learners.play(Track(1, terminates), {"kind": kind, **HALF}, steps=0)
    table = player.mind.weights[0] if kind == "tile_q" else player.mind.q[0]
    table[1] = [10.0, 6.0]
    if kind != "tile_q":
        player.mind.greedy[:] = player.mind.q.argmax(axis=2)
    player.run(1)
    assert values(player) == [[0.5 * (4.0 + 0.5 * worth), 0.0], [10.0, 6.0], [0.0, 0.0]]
    player.run(1)  # the first decision of the next episode has judged nothing
    assert values(player)[1:] == [[10.0, 6.0], [0.0, 0.0]]


@pytest.mark.parametrize("terminates", [True, False])
def test_traces_end_with_the_episode(terminates):
    """With them, the second episode's first news would move place 1 too."""
    settings = {"rule": "sarsa", "trace_decay": 0.5, "alpha": 0.5, "gamma": 1.0, "epsilon": 0.0}
    player = learners.play(Track(2, terminates), {"kind": "tile_q", **settings}, steps=2)
    # 0: .5 * 4 = 2; then error 8 at 1: .5 * 8 = 4, and half of that along the trace: 2 + .5 * .5 * 8 = 4
    assert values(player)[:2] == [[4.0, 0.0], [4.0, 0.0]]
    player.run(1)  # error 4 + 4 - 4 at 0, nothing at 1
    assert values(player)[:2] == [[6.0, 0.0], [4.0, 0.0]]


AHEAD = [kind for kind in at_hand(learners.names()) if isinstance(learners.load(kind), TableLearner)]


@pytest.mark.parametrize("kind", AHEAD)
def test_every_table_learner_that_looks_ahead_crosses_the_frozen_lake(kind):
    """Six steps to the goal without slips; initial values above what can be earned send the learner everywhere."""
    settings = {"alpha": 0.5, "gamma": 0.9, "epsilon": 0.1, "initial": 1.0}
    if kind == "wolf_phc":
        settings |= {"win_step": 0.05}
    if kind == "lenient_q":
        settings |= {"cooling": 0.9}
    lake = gymnasium.make("FrozenLake-v1", is_slippery=False)
    player = learners.play(lake, {"kind": kind, **settings}, steps=6000)
    assert player.evaluate(20).tolist() == [[1.0]] * 20
    start = player.learner.policy(player.mind, 0)[0]
    if kind in ("q", "lenient_q", "hysteretic_q", "tile_q", "joint_q"):  # off-policy: the optimum itself
        assert start.max() == pytest.approx(0.9**5, abs=0.02)


class Pair(pettingzoo.ParallelEnv):
    """Two agents that see their place; the first leaves after a step, the second after two."""

    metadata = {"name": "pair"}  # noqa: RUF012
    possible_agents = ["short", "long"]  # noqa: RUF012

    def __init__(self, due=(True, True), spaces=None):
        self.due, self.spaces, self.agents = due, spaces or {}, []

    def observation_space(self, agent):
        return self.spaces.get(agent, Discrete(3))

    def action_space(self, agent):
        return Discrete(2)

    def reset(self, seed=None, options=None):
        self.agents, self.place = list(self.possible_agents), 0
        return self.told(0), {agent: {} for agent in self.agents}

    def told(self, value):
        return dict.fromkeys(self.agents, value)

    def step(self, actions):
        assert set(actions) == set(self.agents)
        self.place += 1
        infos = {agent: {"deciding": due} for agent, due in zip(self.agents, self.due[-len(self.agents) :])}
        out = self.agents[0]
        answer = (
            self.told(self.place), self.told(4.0 * self.place),
            {agent: agent == out == "short" for agent in self.agents},
            {agent: agent == out == "long" for agent in self.agents}, infos,
        )  # fmt: skip
        self.agents = self.agents[1:]
        return answer


def test_agents_of_a_parallel_environment_end_each_in_its_own_way():
    player = learners.play(Pair(), {"kind": "q", **HALF}, steps=0)
    player.mind.q[:, 1:] = 10.0
    player.run(1)  # the first terminated: .5 * 4; the second goes on: .5 (4 + .5 * 10)
    assert ordered(player.mind.q[:, 0]) == [[2.0, 0.0], [4.5, 0.0]] and player.returns == []
    player.run(1)  # the second was truncated in 2: 10 + .5 (8 + .5 * 10 - 10); the first is gone
    assert ordered(player.mind.q[:, 1]) == [[10.0, 10.0], [11.5, 10.0]]
    assert ordered(player.mind.q[:, 0]) == [[2.0, 0.0], [4.5, 0.0]]
    assert [one.tolist() for one in player.returns] == [[4.0, 12.0]]


def test_an_agent_that_is_not_due_gathers_rewards_and_one_that_is_cut_off_meanwhile_learns_nothing():
    player = learners.play(Pair(due=(True, False)), {"kind": "q", **HALF}, steps=2)
    assert player.mind.q[:, 0].tolist() == [[2.0, 0.0], [0.0, 0.0]]
    player = learners.play(models.parallel_env("traffic/single_crossing", ticks=10**6), "q", steps=2000)
    assert 0 < player.mind.visits.sum() < 1000  # a green lasts 5 s at least


LIVES = {  # learners that, outside, are told all that they are told inside: no shaping, no end of the day
    "games/climbing": "joint_q",
    "games/congestion": {"kind": "q", "lifelong": True},
    "grid/pivotal_cap": "sarsa",
    "market/one_pair": {"kind": "q", "gamma": 0.0},
    "oligopoly/sequential": "q",
    "traffic/single_crossing": {"kind": "tile_q", "low": [0.0], "high": [1.0], "gamma_per": "tick"},
}


@pytest.mark.parametrize("scenario", LIVES)
def test_in_our_own_environments_learners_live_the_life_they_live_in_the_world(scenario):
    kind, changes = LIVES[scenario], {"shaping": 0.0} if scenario.startswith("traffic") else {}
    observation = "features" if "tile_q" in str(kind) else "states"
    world = models.make(scenario, learner=kind, seed=5, **changes)
    world.run(601)  # what the 600th tick has earned is learned at the beginning of the next
    env = models.parallel_env(scenario, observation=observation, ticks=10_000, **changes)
    (group,) = world.scenario.learner  # with settings that suit the scenario, where only a name was given
    player = learners.play(env, {"kind": group.kind, **group.settings}, steps=600, seed=5)
    inside, outside = (snapshot.arrays(one.groups[0].mind) for one in (world, player))
    assert all(np.array_equal(inside[name], outside[name]) for name in inside)


class Square(gymnasium.Env):
    """A point at random on a square, rewarded by where it is, five times over."""

    observation_space, action_space = UNIT, Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.left = 5
        return self.look(), {}

    def look(self):
        self.point = self.np_random.random(2).astype(np.float32)
        return self.point.copy()

    def step(self, action):
        reward, self.left = float(self.point[0] * action), self.left - 1
        return self.look(), reward, False, self.left == 0, {}


def mind_arrays(player):
    return snapshot.arrays(player.groups, "groups")


def same(one, other):
    mine, theirs = mind_arrays(one), mind_arrays(other)
    return all(np.array_equal(mine[name], theirs[name]) for name in mine | theirs)


every_learner = pytest.mark.parametrize("kind", [case(kind) for kind in learners.names()])


@every_learner
@pytest.mark.parametrize("make", [Square, Pair, lambda: gymnasium.make("FrozenLake-v1")], ids=["box", "pair", "lake"])
def test_every_learner_plays_and_any_way_of_cutting_gives_the_same_life(kind, make):
    whole, other = (learners.play(make(), kind, steps=100, seed=seed) for seed in (1, 2))
    cut = learners.play(make(), kind, steps=33, seed=1).run(0).run(67)
    assert same(whole, cut) and np.array_equal(whole.returns, cut.returns)
    assert len(whole.returns) > 3 and whole.returns[0].shape == (whole.space.agents,)
    if make is Square:
        assert not np.array_equal(whole.returns, other.returns)


@every_learner
def test_examinations_teach_nothing_and_can_be_repeated(kind):
    player = learners.play(Square(), kind, steps=200)
    before = {name: array.copy() for name, array in mind_arrays(player).items()}
    marks = player.evaluate(3, seed=5)
    assert marks.shape == (3, 1) and np.array_equal(marks, player.evaluate(3, seed=5))
    assert all(np.array_equal(array, before[name]) for name, array in mind_arrays(player).items())
    assert len(player.returns) == 40 and len(player.run(7).returns) == 41  # a new episode was begun


@every_learner
def test_a_mind_is_saved_and_goes_on(kind, tmp_path):
    player = learners.play(Square(), kind, steps=100, seed=1)
    player.save(tmp_path / "minds.npz")
    opened = learners.play(Square(), kind, steps=0, seed=2, minds=tmp_path / "minds.npz")
    assert same(player, opened)
    assert not same(player, opened.run(100)) or kind == "random"


def test_a_mind_of_a_world_plays_its_environment_and_the_other_way_round(tmp_path):
    world = models.make("games/climbing", learner="q", seed=1)
    world.run(500)
    world.save_minds(tmp_path / "inside.npz")
    env = models.parallel_env("games/climbing", ticks=50)
    player = learners.play(env, "q", steps=500, minds=tmp_path / "inside.npz")
    assert player.mind.visits.sum() == 2 * (499 + 500)  # the last tick inside is not judged; outside every step is
    player.save(tmp_path / "outside.npz")
    again = models.make("games/climbing", learner="q", minds=tmp_path / "outside.npz")
    assert np.array_equal(again.groups[0].mind.q, player.mind.q)


def test_a_box_falls_into_bins_that_are_counted_like_digits():
    box = Box(np.array([-1.0, 0.0]), np.array([1.0, 8.0]), dtype=np.float64)
    states, features, encode = foreign_spaces.encoding(box, learners.load("q"), 4, "play: x")
    assert (states, features) == (16, 0)
    for seen, state in (((-1, 0), 0), ((-0.5, 0), 1), ((0.99, 1.9), 3), ((0, 2), 2 + 4), ((1, 8), 15), ((-9, 99), 12)):
        assert encode(np.array(seen))[0] == state
    with pytest.raises(ScenarioError, match=r"play: x shows array\(\[nan, 0.\]\), which is not in the Box"):
        encode(np.array([np.nan, 0.0]))
    flat = Box(np.array([0.0, 0.0]), np.array([0.0, 1.0]), dtype=np.float64)  # the first never changes
    assert foreign_spaces.encoding(flat, learners.load("q"), 4, "play")[2](np.array([0.0, 1.0]))[0] == 12


def test_tiles_lie_between_the_ends_of_the_box_unless_the_learner_has_its_own():
    car = gymnasium.make("MountainCar-v0")
    fitted = learners.play(car, "tile_q", steps=0).mind
    assert fitted.low == pytest.approx([-1.2, -0.07]) and fitted.high == pytest.approx([0.6, 0.07])
    pole, own = gymnasium.make("CartPole-v1"), {"low": [-2, -2, -1, -2], "high": [2.0]}
    wide = learners.play(pole, {"kind": "tile_q", **own}, steps=5)
    assert wide.mind.low.tolist() == [-2, -2, -1, -2] and wide.outside.features.any()


class Repeats(PythonLearner):
    """Does as before; remembers how much it earned."""

    def begin(self, space, rng):
        return Memory(earned=np.zeros(space.agents))

    def learn(self, mind, members, turn, rng):
        mind.earned += turn.judged[members] * turn.returns[members]

    def act(self, mind, members, turn, rng):
        pass


def test_a_learner_in_plain_python_plays_too():
    player = learners.play(Track(2, True), Repeats(), steps=4)
    assert player.mind.arrays()["earned"].tolist() == [24.0]


class Shows(gymnasium.Env):
    """Shows and pays what it was told to, whatever its spaces say."""

    action_space = Discrete(3)

    def __init__(self, space, shown, reward=1.0):
        self.observation_space, self.shown, self.reward = space, shown, reward

    def reset(self, *, seed=None, options=None):
        return self.observation_space.sample(), {}

    def step(self, action):
        assert self.action_space.contains(action)
        return self.shown, self.reward, False, False, {}


@pytest.mark.parametrize(("space", "shown"), [
    *((Discrete(2), shown) for shown in (2, -1, 10**6, 2**70, 0.7, np.float32(1), None, "1", np.array([0, 1]), [[]])),
    (Discrete(2, start=5), 4),
    *((UNIT, shown) for shown in (0.5, [0.5], [0.1, 0.2, 0.3], [[0.1, 0.2]], [np.nan, 0.5], ["a", "b"], None)),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["q", "tile_q", "exp3"])
def test_what_lies_outside_the_declared_space_is_refused_by_the_name_of_the_environment(space, shown, kind):
    with pytest.raises(ScenarioError, match=re.escape("play: Shows shows ")) as refused:
        learners.play(Shows(space, shown), kind, steps=3)
    assert str(refused.value).endswith(f"which is not in the {space} that it declares")


@pytest.mark.parametrize("shown", [1, np.int8(1), np.array(1), np.array([1]), [1], True])
def test_a_whole_number_in_any_guise_is_a_state(shown):
    assert learners.play(Shows(Discrete(2), shown), "q", steps=3).outside.states[0] == 1


@pytest.mark.parametrize("reward", [None, np.nan, np.inf, "1", [1.0, 2.0]])
def test_a_reward_that_is_no_finite_number_is_refused(reward):
    with pytest.raises(ScenarioError, match=r"play: Shows gives the reward .*; a reward is one finite number"):
        learners.play(Shows(Discrete(2), 1, reward), "q", steps=3)


def test_an_examination_whose_episode_does_not_end_says_how_to_end_it(monkeypatch):
    """The greedy policy of a learner may walk in a circle for ever, as SARSA's does on the cliff."""
    monkeypatch.setattr(foreign_player, "LONGEST_EPISODE", 50)
    endless = learners.play(Shows(Discrete(2), 1), "q", steps=3)
    with pytest.raises(ScenarioError, match=r"Shows: episode 1 of evaluate has not ended after 50 steps.*TimeLimit"):
        endless.evaluate(episodes=2)
    limited = gymnasium.wrappers.TimeLimit(Shows(Discrete(2), 1), max_episode_steps=50)
    assert learners.play(limited, "q", steps=3).evaluate(2).tolist() == [[50.0], [50.0]]


class Slips(PythonLearner):
    """Chooses an action that does not exist."""

    def act(self, mind, members, turn, rng):
        turn.actions[members] = 3


def test_an_action_that_does_not_exist_never_reaches_the_environment():
    with pytest.raises(ScenarioError, match=r'learner "slips": act left action 3 to agent 0; .* from 0 to 2'):
        learners.play(Square(), Slips(), steps=3)


def box_of(size, high=np.inf):
    return type("Wide", (Square,), {"observation_space": Box(0.0, high, (size,), np.float32)})()


class Odd(Square):
    """Neither numbered actions nor a plain observation."""

    observation_space = gymnasium.spaces.Tuple([Discrete(2), Discrete(2)])


class Push(Square):
    """A force instead of choices."""

    action_space = UNIT


@pytest.mark.parametrize(("env", "learner", "words"), [
    (box_of(2), "q", r"number 1 of the observation has no high end, and q needs one; take tile_q with low and high"),
    (box_of(2), "tile_q", r"number 1 of the observation has no high end, and tile_q needs one; give it high"),
    (box_of(9, 1.0), "q", r"10 bins of 9 numbers are too many states; take fewer, or tile_q"),
    (Odd(), "q", r"observations must be a Discrete or Box space, not Tuple"),
    (Push(), "q", r"numbered actions \(Discrete\), not Box"),
    (Pair(spaces={"long": Discrete(4)}), "q", r"same observation space; short has .*3\), long has .*4\)"),
    ("MountainCar-v0", "q", r"takes a Gymnasium environment or a parallel one of PettingZoo, not str"),
    (Square(), "qq", r'there is no learner "qq"'),
    (Square(), {"alpha": 0.1}, r'give it a "kind"; one of .*sarsa'),
    (Square(), {"kind": "q", "alpha": 2.0}, r'learner "q": alpha = 2.0'),
])  # fmt: skip
def test_what_does_not_fit_is_refused_with_a_remedy(env, learner, words):
    with pytest.raises(ScenarioError, match=words):
        learners.play(env, learner, steps=10)


@pytest.mark.parametrize("numbers", [{"steps": -1}, {"steps": 1, "bins": 0}])
def test_there_are_no_fewer_than_no_steps_and_one_bin(numbers):
    with pytest.raises(ScenarioError, match=r"steps = -1|bins = 0"):
        learners.play(Square(), "q", **numbers)
