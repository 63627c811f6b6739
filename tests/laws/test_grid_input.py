"""What does not exist in a network, and menus that are none, are answered with place, choice and remedy."""

import pytest

import models
from scenarios import ScenarioError

WRONG = {
    "a line that is out": (
        {"outages": ("2-4",)},
        'outages: ames5 has no line "2-4"; there are 1-2, 1-4, 1-5, 2-3, 3-4, 4-5.',
    ),
    "a line with a limit of its own": (
        {"limited_line": "1-22"},
        'limited_line: ames5 has no line "1-22"; there are 1-2, 1-4, 1-5, 2-3, 3-4, 4-5. Did you mean "1-2"?',
    ),
    "a unit that is out": (
        {"unit_outages": ("G1", "G6")},
        'unit_outages: there is no unit "G6"; there are G1, G2, G3, G4, G5',
    ),
    "the bus of the wind park": (
        {"wind_bus": "6"},
        'wind_bus = "6": ames5 has no such bus; there are 1, 2, 3, 4, 5',
    ),
    "the bus of the storage unit": (
        {"storage_bus": "north"},
        'storage_bus = "north": ames5 has no such bus; there are 1, 2, 3, 4, 5',
    ),
    "a fuel": (
        {"case": "ieee30", "fuel": "uranium"},
        'fuel = "uranium": not in the case ieee30; its units burn NG',
    ),
    "a fuel where none is named": (
        {"fuel": "coal"},
        'fuel = "coal": not in the case ames5; it names no fuels; leave it empty for all',
    ),
    "choices that do not rise": (
        {"choices": (0.0, 50.0, 25.0)},
        "choices = [0.0, 50.0, 25.0]: give two or more, rising, between 0 and 5000 for strategy = \"markup\"",
    ),
    "choices that repeat": ({"choices": (0.0, 0.0)}, "choices = [0.0, 0.0]: give two or more, rising"),
    "a single choice": ({"choices": (10.0,)}, "choices = [10.0]: give two or more, rising"),
    "a negative markup": ({"choices": (-10.0, 10.0)}, "choices = [-10.0, 10.0]: give two or more, rising, between 0"),
    "more than all withheld": (
        {"strategy": "withhold", "choices": (0.0, 120.0)},
        'rising, between 0 and 100 for strategy = "withhold"',
    ),
    "storage without a choice to rest": (
        {"storage_bus": "2", "choices": (0.0, 10.0)},
        "storage charges, rests or discharges, so `choices` needs three or more numbers",
    ),
    "a case": ({"case": "ames6"}, 'case = "ames6": there is no such case; allowed are ames5, '),
}  # fmt: skip


@pytest.mark.parametrize("slip", WRONG)
def test_a_slip_is_answered_with_where_it_is_and_what_there_is(slip):
    changes, message = WRONG[slip]
    with pytest.raises(ScenarioError) as caught:
        models.make("grid/ames5", **changes)
    assert message in str(caught.value) and "ames5.toml" in str(caught.value)


@pytest.mark.parametrize("slip", ["a line that is out", "a unit that is out", "a fuel where none is named"])
def test_a_change_that_slips_leaves_the_market_as_it_was(slip):
    changes, message = WRONG[slip]
    world, twin = (models.make("grid/ames5", seed=1) for _ in range(2))
    world.run(48)
    with pytest.raises(ScenarioError) as caught:
        world.change(**changes)
    assert message in str(caught.value)
    world.run(48)
    twin.run(96)
    assert world.record.frame().equals(twin.record.frame()) and world.changes == []
