"""MountainCar by tile coding: the car of Moore 1990 and Sutton 1996 in many copies, learned by one group of agents.

Rewards are -1 per step, 200 steps an episode; -110 on average over 100 fresh episodes counts as solved. The cars here
are checked against Gymnasium's, which also judges what was learned, where it is installed.
"""

import numpy as np
import pytest

from tests.mirrors.test_tiles import Walk

LOW, HIGH = (-1.2, -0.07), (0.6, 0.07)
SETTINGS = {
    "rule": "sarsa", "trace_decay": 0.9, "alpha": 0.2, "gamma": 1.0, "epsilon": 0.0,
    "tilings": 16, "tiles": 8, "low": LOW, "high": HIGH,
}  # fmt: skip


def drive(place, speed, action):
    """One step of cars: new place and speed, and whether they have arrived."""
    speed = np.clip(speed + (action - 1) * 0.001 - np.cos(3 * place) * 0.0025, LOW[1], HIGH[1])
    place = np.clip(place + speed, LOW[0], HIGH[0])
    return place, np.where((place == LOW[0]) & (speed < 0), 0.0, speed), (place >= 0.5) & (speed >= 0)


def train(seeds, steps):
    """A group of cars, each its own learner, after so many steps."""
    walk = Walk(2, agents=seeds, actions=3, **SETTINGS)
    rng = np.random.default_rng(0)
    place, speed = rng.uniform(-0.6, -0.4, seeds), np.zeros(seeds)
    returns, discount = np.zeros(seeds), np.zeros(seeds)
    for _ in range(steps):
        walk.go(np.stack((place, speed), axis=1), returns, discount)
        place, speed, arrived = drive(place, speed, walk.turn.actions)
        returns[:], discount[:] = -1.0, ~arrived  # nothing follows an arrival; the next decision begins an episode
        place = np.where(arrived, rng.uniform(-0.6, -0.4, seeds), place)
        speed = np.where(arrived, 0.0, speed)
    walk.turn.thawed[:] = False
    return walk


class Cars:
    """As many cars as asked for, each begun anew by `reset`."""

    def __init__(self, number):
        self.rng, self.number = np.random.default_rng(1), number

    def reset(self):
        """Places and speeds (n, 2)."""
        self.place, self.speed = self.rng.uniform(-0.6, -0.4, self.number), np.zeros(self.number)
        return np.stack((self.place, self.speed), axis=1)

    def step(self, actions):
        """Places and speeds (n, 2), and who has arrived (n,)."""
        self.place, self.speed, arrived = drive(self.place, self.speed, actions)
        return np.stack((self.place, self.speed), axis=1), arrived


class TheirCars:
    """The same, of Gymnasium."""

    def __init__(self, number):
        gymnasium = pytest.importorskip("gymnasium", reason="Gymnasium (extra ppo) is the oracle of this test")
        self.cars = [gymnasium.make("MountainCar-v0").unwrapped for _ in range(number)]
        for seed, car in enumerate(self.cars):
            car.reset(seed=seed)

    def reset(self):
        """Places and speeds (n, 2)."""
        return np.array([car.reset()[0] for car in self.cars])

    def step(self, actions):
        """Places and speeds (n, 2), and who has arrived (n,)."""
        moved = [car.step(int(action)) for car, action in zip(self.cars, actions, strict=True)]
        return np.array([seen for seen, *_ in moved]), np.array([arrived for _, _, arrived, *_ in moved])


def score(walk, cars, episodes=100):
    """Mean return (seeds,) of fresh episodes of 200 steps, nobody learning."""
    total = np.zeros(len(walk.members))
    for _ in range(episodes):
        seen, running = cars.reset(), np.ones(len(total), bool)
        for _ in range(200):
            walk.go(seen, 0.0, 0.0)
            seen, arrived = cars.step(walk.turn.actions)
            total -= running
            running &= ~arrived
            if not running.any():
                break
    return total / episodes


@pytest.fixture(scope="module")
def six_lives():
    return train(seeds=6, steps=60_000)


@pytest.mark.parametrize("cars", [Cars, TheirCars])
def test_sarsa_lambda_on_tiles_solves_the_mountain_car_in_60_000_steps(six_lives, cars):
    assert (score(six_lives, cars(6)) >= -110).all()


def test_the_car_moves_as_gymnasiums_does():
    theirs = TheirCars(1)
    rng, (place, speed) = np.random.default_rng(3), theirs.reset()[0].astype(float)
    for _ in range(3000):
        action = int(rng.integers(3))
        theirs.cars[0].state = (place, speed)
        seen, there = theirs.step([action])
        place, speed, arrived = (value.item() for value in drive(place, speed, action))
        assert seen[0] == pytest.approx([place, speed], abs=1e-6) and there[0] == arrived
