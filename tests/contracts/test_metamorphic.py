"""What must not matter does not: the same bytes come of a world that is described in another way."""

import numpy as np
import pytest
import tomli_w

import learners
import models
import scenarios
from scenarios.schema import Population, Regime
from tests.contracts.cases import SMALLEST, case, halves, make
from tests.contracts.digests import digest, mind_bytes
from tests.contracts.test_changes import life

every_world = pytest.mark.parametrize("domain", sorted(SMALLEST))
TICKS = 300
DOUBLED = [kind for kind in learners.names() if kind not in ("random", "ppo")]
PLAYED = np.array([[3.0, -2.0, 5.0], [0.5, 4.0, 1.0], [2.0, 0.0, 1.5]])


def lived(scenario, learner="q", ticks=TICKS):
    """A world of a scenario that has run."""
    world = models.make(scenario, learner=learner, seed=5)
    world.run(ticks)
    return world


@every_world
def test_the_window_of_the_record_changes_nothing_but_the_record(domain):
    hour = lived(scenarios.load(SMALLEST[domain]).change(record_every_ticks=TICKS))
    half = lived(scenarios.load(SMALLEST[domain]).change(record_every_ticks=TICKS // 2))
    assert mind_bytes(hour) == mind_bytes(half)
    assert np.array_equal(hour.turn.actions, half.turn.actions)
    rewards = [world.record.frame()["reward"].to_numpy() for world in (hour, half)]
    assert rewards[0] == pytest.approx(rewards[1].mean(), rel=1e-9, nan_ok=True)


@every_world
def test_a_regime_in_two_equal_parts_is_that_regime(domain):
    plain = scenarios.load(SMALLEST[domain])

    def divided(*ticks):
        regimes = tuple(Regime(name=str(n), ticks=each, change={}) for n, each in enumerate(ticks))
        return lived(plain.model_copy(update={"regime": regimes, "repeat": True}))

    assert life(divided(120)) == life(divided(70, 50))


@every_world
def test_the_order_of_a_files_tables_changes_nothing(domain, tmp_path):
    given = scenarios.load(SMALLEST[domain]).model_dump(mode="json", exclude_defaults=True)
    turned = {
        name: dict(reversed(table.items())) if isinstance(table, dict) else table
        for name, table in reversed(given.items())
    }
    for name, tables in (("one", given), ("other", turned)):
        (tmp_path / f"{name}.toml").write_text(tomli_w.dumps(tables), encoding="utf-8")
    one, other = (lived(str(tmp_path / f"{name}.toml")) for name in ("one", "other"))
    assert digest(one) == digest(other)


@every_world
def test_whom_nobody_cares_for_does_not_matter(domain):
    selfish = scenarios.load(SMALLEST[domain]).change(cooperation=0.0)
    lives = [lived(selfish.change(cooperate_with=whom)) for whom in ("neighbours", "all", "planner")]
    assert mind_bytes(lives[0]) == mind_bytes(lives[1]) == mind_bytes(lives[2])


@every_world
def test_a_group_in_two_groups_like_it_is_that_group(domain):
    """To the byte where nobody draws: no exploration, and values at the start of which no two are equal."""

    def learned(*shares):
        scenario = halves(domain).scenario
        groups = tuple(Population(agents=share, kind="q", settings={"exploration": "none"}) for share in shares)
        world = models.make(scenario.model_copy(update={"learner": groups}), seed=5)
        start = np.random.default_rng(7)
        for agent in range(len(world.agent_names)):
            number, place = world.group_of(agent)
            mind = world.mind(number)
            mind.q[place] = start.random(mind.q[place].shape)
            mind.greedy[place] = mind.q[place].argmax(axis=1)
        world.run(TICKS)
        return world, [world.values(agent).tobytes() for agent in range(len(world.agent_names))]

    (one, whole), (two, divided) = learned("all"), learned(0.5, "all")
    assert len(two.groups) == 2 and whole == divided
    assert np.array_equal(one.turn.rewards, two.turn.rewards)
    frame = one.record.frame()
    assert frame.equals(two.record.frame()[frame.columns])  # beside them, worlds report each fleet


@pytest.mark.parametrize("name", ["games/chicken", "market/one_pair", "oligopoly/three_firms"])
def test_all_and_the_planner_are_the_same_where_the_planner_earns_the_mean(name):
    caring = scenarios.load(name).change(cooperation=0.5)
    everyone, planner = (lived(caring.change(cooperate_with=whom)) for whom in ("all", "planner"))
    assert digest(everyone) == digest(planner)


@every_world
def test_to_freeze_and_thaw_between_two_ticks_is_to_do_nothing(domain):
    one, other = make(domain, "q"), make(domain, "q")
    for world in (one, other):
        world.run(TICKS)
    one.freeze()
    one.thaw()
    for world in (one, other):
        world.run(TICKS)
    assert digest(one) == digest(other)


@pytest.mark.parametrize("kind", [case(kind) for kind in DOUBLED])
def test_payoffs_in_another_unit_change_no_choice(kind):
    """Twice the payoffs, in floats exactly; what is given in the unit of payoffs is doubled with them."""

    def choices(unit):
        fields = type(learners.load(kind)).model_fields
        scaled = {"exp3": {"lowest": -2.0 * unit, "highest": 5.0 * unit}, "roth_erev": {"initial": float(unit)}}
        settings = scaled.get(kind, {"initial": 0.5 * unit} if "initial" in fields else {})
        world = models.make(
            "games/climbing", learner=learners.load(kind, **settings), seed=3,
            payoff=(unit * PLAYED).tolist(), payoff_column=(unit * PLAYED.T).tolist(),
        )  # fmt: skip
        held = []
        for _ in range(400):
            world.step()
            held.append(world.turn.actions.copy())
        return np.array(held), world.turn.rewards

    (once, earned), (twice, doubled) = choices(1), choices(2)
    assert np.array_equal(once, twice) and np.array_equal(2 * earned, doubled)
