"""Forks share what does not depend on them and nothing else: a cache on a world is keyed by all it is made of."""

import json

import pytest

from tests.contracts.cases import LIVE, SMALLEST, make


def shown(world):
    """All that a world shows, as one text."""
    told = (
        world.scene(), world.frame(), world.panels(), world.notes(), world.clock_text(), world.parameters,
        [world.inspect(agent) for agent in range(len(world.agent_names))],
        {metric: world.theory_lines(metric) for metric in world.metrics},
        world.record.arrays(),
    )  # fmt: skip
    return json.dumps(told, default=lambda part: part.tolist() if hasattr(part, "tolist") else vars(part))


def lived(world, name, value):
    """What a world shows at once when it is changed, and a window later."""
    world.change(**{name: value})
    at_once = shown(world)
    world.run(world.record.window_ticks)
    return [at_once, shown(world)]


def check(domain, name, value):
    """Two forks of a world that was looked at, and each alone in a life without the other (raises AssertionError)."""
    world = make(domain, "q")
    values = [value, world.parameters[name]]
    world.run(world.record.window_ticks + 1)
    shown(world)
    together = [lived(twin, name, value) for twin, value in zip([world.fork(), world.fork()], values, strict=True)]
    for value, seen in zip(values, together, strict=True):
        alone = make(domain, "q")
        alone.run(alone.record.window_ticks + 1)
        assert seen == lived(alone, name, value)
    assert together[0] != together[1]


@pytest.mark.parametrize(("domain", "name", "value"), LIVE)
def test_forks_changed_differently_show_what_each_would_show_alone(domain, name, value):
    check(domain, name, value)


def remember(method, key):
    """A method that answers from a dictionary on the world, by a key that leaves something out."""

    def remembered(world, *asked):
        known = world.__dict__.setdefault(f"_{method.__name__}", {})
        place = (*asked, *key(world))
        if place not in known:
            known[place] = method(world, *asked)
        return known[place]

    return remembered


WRONG = {
    "the metric alone": lambda world: (),
    "the number of changes": lambda world: (world.turn.block[0], len(world.changes)),
    "the tick": lambda world: (world.tick,),
}


@pytest.mark.parametrize("key", WRONG)
@pytest.mark.parametrize("domain", SMALLEST)
def test_a_cache_that_leaves_something_out_is_found(domain, key, monkeypatch):
    """Else the contract above says nothing."""
    kind = type(make(domain, "q"))
    monkeypatch.setattr(kind, "inspect", remember(lambda world, agent: dict(world.parameters), WRONG[key]))
    with pytest.raises(AssertionError):
        check(domain, "cooperation", 0.5)
