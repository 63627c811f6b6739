"""The memory, driven by hand: what raises an alarm, what is recalled, what stays as it was.

Blocks are one tick, and one decision is one block; rewards are given, so every stage of a trial can be counted.
"""

import numpy as np
import pytest

import learners
import models
import scenarios
from engine import loop, snapshot
from engine.turn import begin_turn
from learners import memory
from learners.base import Space, TableLearner
from learners.memory import diary
from models import population
from tests.contracts.cases import at_hand
from tests.contracts.digests import digest

TABLE_LEARNERS = [name for name in at_hand(learners.names()) if isinstance(learners.load(name), TableLearner)]
CALM = [0.9, 1.1]  # the reward of alternate blocks: records need a spread


class Life:
    """Two agents, one state, two actions; rewards come from the test, and so does what is public, if anything is."""

    def __init__(self, public=0):
        learner = learners.load("q", alpha=0.5, gamma=0.0, epsilon=0.0, lifelong=True)
        self.turn, self.rng = begin_turn(((), ()), 0, 10, public), np.random.Generator(np.random.PCG64(0))
        self.mind = memory.remember(learner.begin(Space(2, 1, 2, 0, 0), self.rng), 1, public)
        self.turn.deciding[:] = True
        self.ticks = 0

    @property
    def memory(self):
        return self.mind.memory

    def block(self, reward):
        turn = self.turn
        turn.tick[0] += 1
        turn.rewards[:], turn.returns[:], turn.public[:] = reward, reward, reward
        turn.judged[:] = turn.thawed
        loop.learn(self.mind, np.arange(2), turn, None, self.rng)

    def calm(self, level=0.0, blocks=20):
        for number in range(blocks):
            self.block(level + CALM[number % 2])

    def until(self, stage, reward, most=50):
        """Blocks of a reward until a trial is at a stage."""
        for number in range(most):
            if self.memory.trial.stage[0] == stage:
                return number
            self.block(reward[number % 2])
        raise AssertionError("it never came")


def test_a_calm_life_raises_no_alarm():
    life = Life()
    life.calm(blocks=1000)
    assert life.memory.alarms.tolist() == [1000, 0, 0, 0] and life.memory.contexts[0] == 1


def test_a_record_is_the_mean_and_variance_of_its_blocks():
    life = Life()
    life.block(5.0)  # grace: not part of it
    given = [1.0, 3.0, 2.0, 6.0]
    for reward in given:
        life.block(reward)
    assert life.memory.records.blocks[0] == 4
    assert life.memory.records.mean[0] == pytest.approx([3.0, 3.0])
    # Running: v2 = .5 (3-1)^2 = 2; v3 = 2 + (0 - 2) / 3 = 4/3; v4 = 4/3 + ((6-2)^2 - 4/3) / 4 = 5
    assert life.memory.records.variance[0] == pytest.approx([5.0, 5.0])


def test_in_calm_a_table_is_kept_clean_to_its_last_number():
    life = Life()
    life.mind.mind.q[1, 0, 1] = 7.0  # of an action that is never held
    life.calm(blocks=60)
    kept = life.mind.mind.q.reshape(memory.SLOTS, 2, 1, 2)
    assert kept[memory.contexts.CLEAN, 1, 0, 1] == 7.0 and kept[memory.contexts.CLEAN, :, 0, 0].all()


def test_three_very_strange_blocks_are_an_alarm():
    """Each adds at most 4 - 1 to the CUSUM, and its threshold is 8."""
    life = Life()
    life.calm()
    assert life.until(memory.TRYING, [-5.0, -5.0]) == 3


def test_one_strange_block_is_no_alarm_and_moves_the_record_little():
    life = Life()
    life.calm(blocks=41)
    before = life.memory.records.mean[0].copy()
    life.block(-100.0)
    life.calm(blocks=41)
    assert life.memory.alarms[memory.ALARMS] == 0
    assert np.abs(life.memory.records.mean[0] - before).max() < 0.1


def test_nothing_is_learned_while_tables_are_tried():
    life = Life()
    life.calm()
    life.until(memory.TRYING, [-5.0, -5.0])
    before = life.mind.mind.q.copy()
    life.block(-5.0)
    assert np.array_equal(life.mind.mind.q, before) and not life.turn.judged.any()


def test_an_alarm_without_a_cause_keeps_the_table_and_raises_the_threshold():
    life = Life()
    life.calm()
    life.until(memory.TRYING, [-5.0, -5.0])
    here = life.mind.mind.q[0:2].copy()
    life.calm(blocks=2)
    assert life.memory.trial.stage[0] == memory.TRYING and np.array_equal(life.mind.mind.q[0:2], here)
    life.calm(blocks=1)
    assert life.memory.trial.stage[0] == memory.NONE and life.mind.mind.rows.tolist() == [0, 1]
    assert life.memory.alarms[memory.FALSE_ALARMS] == 1 and life.memory.contexts[0] == 1
    assert life.memory.threshold[0] == memory.THRESHOLD * memory.THRESHOLD_GROWTH


def test_a_new_regime_gets_a_context_and_the_old_one_goes_back_to_before_the_alarm():
    life = Life()
    life.calm()
    clean = life.mind.mind.q[2 * memory.CLEAN : 2 * memory.CLEAN + 2].copy()
    life.until(memory.TRYING, [-5.0, -5.0])
    spoilt = life.mind.mind.q[0:2].copy()
    life.until(memory.NONE, [-5.0, -5.0])
    assert life.memory.contexts[0] == 2 and life.mind.mind.rows.tolist() == [2, 3]
    assert np.array_equal(life.mind.mind.q[0:2], clean) and not np.array_equal(spoilt, clean)


def test_a_regime_that_comes_back_is_recalled_as_it_was():
    life = Life()
    life.calm()
    life.until(memory.TRYING, [-5.0, -5.0])
    life.until(memory.NONE, [-5.0, -5.0])
    old = life.mind.mind.q[0:2].copy()
    life.calm(level=-6.0)
    life.until(memory.TRYING, CALM)
    tried = life.until(memory.NONE, CALM)
    assert tried == 2 * (memory.WASH_BLOCKS + memory.LOOK_BLOCKS)  # the active context, then the right one
    assert life.mind.mind.rows.tolist() == [0, 1] and life.memory.contexts[0] == 2
    learned = 1  # the block in which it is recalled is learned from, in action 0
    assert np.array_equal(life.mind.mind.q[0:2, :, learned:], old[:, :, learned:])


def test_the_context_not_used_for_longest_makes_room():
    life = Life()
    for level in range(0, -8 * 10, -8):  # ten regimes, more than there are contexts
        life.calm(level=level, blocks=31)
        if level > -72:
            life.until(memory.TRYING, [level - 8.0, level - 8.0])
            life.until(memory.NONE, [level - 8.0, level - 8.0])
    assert life.memory.contexts[0] == memory.CONTEXTS
    means = sorted(life.memory.records.mean[: memory.CONTEXTS, 0])
    assert means[-1] < -8.0 and means[0] < -64.0  # the first regimes are forgotten, the last is known


def test_a_frozen_memory_recalls_what_it_knows_and_changes_none_of_it():
    life = Life()
    life.calm()
    life.until(memory.TRYING, [-5.0, -5.0])
    life.until(memory.NONE, [-5.0, -5.0])
    life.calm(level=-6.0)
    life.turn.thawed[:] = False
    before = {name: array.copy() for name, array in snapshot.arrays(life.mind).items()}
    life.calm(blocks=40)
    assert life.mind.mind.rows.tolist() == [0, 1]
    assert np.array_equal(life.mind.mind.q[: 2 * memory.CONTEXTS], before[".mind.q"][: 2 * memory.CONTEXTS])
    assert life.memory.contexts[0] == 2 and np.array_equal(
        life.memory.records.blocks[:2], before[".memory.records.blocks"][:2]
    )


def test_what_everybody_sees_recalls_a_context_without_trying_any_table():
    life = Life(public=3)
    life.calm()
    life.until(memory.READING, [-5.0, -5.0])
    life.until(memory.NONE, [-5.0, -5.0])
    assert life.memory.contexts[0] == 2 and life.mind.mind.rows.tolist() == [2, 3]
    life.calm(level=-6.0)
    life.until(memory.READING, CALM)
    before = life.mind.mind.q.copy()
    for _ in range(memory.WASH_BLOCKS + memory.LOOK_BLOCKS - 1):
        life.block(1.0)
        assert life.memory.trial.stage[0] == memory.READING and life.mind.mind.rows.tolist() == [2, 3]
    assert np.array_equal(life.mind.mind.q, before)
    life.block(1.0)
    assert life.memory.trial.stage[0] == memory.NONE and life.mind.mind.rows.tolist() == [0, 1]
    assert life.memory.contexts[0] == 2


def test_rewards_mean_nothing_to_a_memory_that_reads_what_everybody_sees():
    life = Life(public=1)
    for number in range(200):
        life.block(CALM[number % 2])
        life.turn.rewards[:] = -1000.0 * (number > 100)
    assert life.memory.alarms[memory.ALARMS] == 0
    assert life.memory.records.mean.shape == (memory.SLOTS, 1)


def test_the_diary_tells_when_a_change_was_noticed_and_how_the_trial_ended():
    """A block is a tick: 21 calm ones, then the third strange one, tick 24, is the alarm."""
    life = Life()
    life.calm(blocks=21)
    life.until(memory.TRYING, [-5.0, -5.0])
    life.calm(blocks=3)  # a false alarm: it washes one block and looks at two
    assert memory.events_since(life.memory.diary, 0).tolist() == [[24, memory.NOTICED, 0], [27, memory.KEPT, 0]]
    life.memory.threshold[0] = memory.THRESHOLD
    life.calm(blocks=3)
    life.until(memory.TRYING, [-5.0, -5.0])
    trial = life.until(memory.NONE, [-5.0, -5.0])
    assert trial == memory.WASH_BLOCKS + memory.LOOK_BLOCKS  # one table to try, so nothing to look at again
    assert memory.events_since(life.memory.diary, 2).tolist() == [[33, memory.NOTICED, 0], [36, memory.BEGUN, 1]]
    life.calm(level=-6.0, blocks=20)
    life.until(memory.TRYING, CALM)
    life.until(memory.NONE, CALM)
    assert memory.events_since(life.memory.diary, 5)[:, 1:].tolist() == [[memory.RECALLED, 0]]


def test_a_full_diary_keeps_the_last_events_in_order():
    kept = diary.begin_diary()
    for tick in range(memory.EVENTS + 3):
        kept.now[0] = tick
        diary.note.py_func(kept, memory.KEPT, tick % 5)
    rows = memory.events_since(kept, 0)
    assert rows[:, 0].tolist() == list(range(3, memory.EVENTS + 3)) and rows[-1].tolist() == [258, memory.KEPT, 3]
    assert memory.events_since(kept, memory.EVENTS + 1)[:, 0].tolist() == [257, 258]


def congestion(kind, seed=3, players=5, **settings):
    """A small congestion game whose plans take turns every 1,000 ticks."""
    scenario = scenarios.load("games/congestion").change(nodes=players)
    short = tuple(regime.model_copy(update={"ticks": 1000}) for regime in scenario.regime)
    learner = {"kind": kind, "gamma": 0.0, "alpha": 0.3, "initial": 1.0, "lifelong": True, "block_ticks": 8, **settings}
    return models.make(population.override(scenario.model_copy(update={"regime": short}), learner), seed=seed)


@pytest.mark.parametrize(("kind", "knows_by"), [*((kind, "rewards") for kind in TABLE_LEARNERS), ("q", "signature")])
def test_every_table_learner_can_have_a_memory_that_is_cut_forked_and_saved_as_all_else(kind, knows_by, tmp_path):
    whole, cut = congestion(kind, memory=knows_by), congestion(kind, memory=knows_by)
    for world in (whole, cut):
        world.groups[0].mind.memory.threshold[:] = 0.5  # nervous, so that there is a trial to be cut
    while cut.groups[0].mind.memory.trial.stage[0] == memory.NONE and cut.tick < 3000:
        cut.run(7)
    fork = cut.fork()
    cut.save(tmp_path / "half.npz")
    opened = models.World.open(tmp_path / "half.npz")
    whole.run(cut.tick + 500)
    for world in (cut, fork, opened):
        world.run(500)
    assert digest(whole) == digest(cut) == digest(fork) == digest(opened)
    assert whole.groups[0].mind.memory.alarms[memory.ALARMS] > 0
    assert whole.values(0).shape == (8, 4)


@pytest.mark.parametrize("kind", TABLE_LEARNERS)
def test_freezing_a_world_freezes_what_memories_know(kind):
    world = congestion(kind)
    world.run(400)
    world.freeze()
    mind = world.groups[0].mind
    records = [array[: memory.CONTEXTS] for array in mind.memory.records]
    places = [table[: memory.CONTEXTS * len(table) // memory.SLOTS] for table in memory.tables_of(mind.mind)]
    known = [*records, *places, mind.memory.contexts]
    before = [array.tobytes() for array in known]
    world.run(400)
    assert [array.tobytes() for array in known] == before


def test_a_mind_without_places_for_contexts_is_refused():
    plain = learners.load("q").begin(Space(2, 1, 2, 0, 0), np.random.default_rng(0))
    with pytest.raises(ValueError, match="a table of QMind has 2 rows; make it with"):
        memory.remember(plain, 10)


def test_random_play_fills_every_place():
    played = np.array([[1.0, 2.0], [3.0, 4.0]])
    learner = learners.load("q", gamma=0.5, start="random_play", lifelong=True)
    mind = learner.begin(Space(2, 3, 2, 0, 0, played), None)
    assert mind.q.shape == (2 * memory.SLOTS, 3, 2)
    assert np.array_equal(mind.q[2 * memory.CLEAN + 1, 2], [6.0, 8.0])
