"""The compiled kernel and a plain Mesa model of the same rules live the same life."""

import pytest

import models
from benchmarks.plain_mesa import City


@pytest.mark.parametrize("scenario", ["traffic/rush_hour", "traffic/arterial", "traffic/single_crossing"])
def test_a_plain_mesa_model_lives_the_same_life(scenario):
    world = models.make(scenario, learner="detector_rule", seed=3)
    city = City(models.make(scenario, learner="detector_rule", seed=3))
    for tick in range(600):
        world.step()
        city.step()
        assert [len(link) for link in city.links] == world.state.on_link.tolist(), tick
        assert [link.occupied for link in city.links] == world.state.occupied_veh.tolist(), tick
        assert [signal.phase for signal in city.signals] == world.state.phase.tolist(), tick
        assert [len(gate.waiting) for gate in city.gates] == world.state.buffer_number.tolist(), tick
        assert [queue(city, signal) for signal in city.signals] == world.state.queue_veh.tolist(), tick
    assert city.datacollector.model_vars["queue_veh"] == world.record.frame()["queue_veh"].tolist()


def queue(city, signal):
    """Vehicles that stand at a signal or wait to enter there."""
    waiting = sum(len(gate.waiting) for gate in city.gates if gate.link in signal.links)
    return waiting + sum(link.standing(city.tick) for link in signal.links)
