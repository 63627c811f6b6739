"""The traffic rules as a plain Mesa model: agents, lists and deques, one method call per agent and second.

This is how the world would be written without the loop. It takes network and random stream from a world of ours and
lives the same life, second by second (`tests/laws/test_plain_mesa.py`). Vehicles and signals are Mesa agents, signals
follow the detector rule, and a DataCollector records queues once in a window, as our record does. Recorded every
second by a count over all vehicles, as Mesa's tutorials do, the plain model takes half as much time again.

    python -m benchmarks.plain_mesa
"""

import time
from collections import deque

import mesa
import numpy as np

import models

LEFT, THROUGH, RIGHT = range(3)
LOOK_AHEAD_S = 5


class Vehicle(mesa.Agent):
    """One driver; draws a turn on every link from a stream of its own."""

    def __init__(self, model, route):
        super().__init__(model)
        self.route, self.ready, self.movement, self.lost_s = route, model.tick, THROUGH, 0

    def enter(self, link, tick):
        """Choose a movement on the link; reach its queue after the free-flow time."""
        self.route = self.route * 48271 % 2147483647
        draw = self.route / 2147483647
        self.movement = LEFT if draw < link.left_below else THROUGH if draw < link.through_below else RIGHT
        self.ready = tick + link.lag_s
        link.lanes[self.movement].append(self)
        link.occupied += 1

    def step(self):
        """Count a second lost in a queue, or at the gate."""
        if self.ready <= self.model.tick:
            self.lost_s += 1
            self.model.window_lost_s += 1


class Link:
    """A road towards a signal: a queue per movement, limited space, and a wave that gives space back."""

    def __init__(self, lag_s, wave_s, storage, left_below, through_below):
        self.lag_s, self.wave_s, self.storage = lag_s, wave_s, storage
        self.left_below, self.through_below = left_below, through_below
        self.lanes, self.next_start = [deque(), deque(), deque()], [0, 0, 0]
        self.targets = [None, None, None]
        self.occupied, self.returning = 0, deque()

    def take_back_space(self, tick):
        """Space of vehicles that left one wave time ago."""
        while self.returning and self.returning[0] <= tick:
            self.returning.popleft()
            self.occupied -= 1

    def standing(self, tick):
        """Vehicles that have reached their queue before this second."""
        return sum(vehicle.ready < tick for lane in self.lanes for vehicle in lane)

    def __len__(self):
        return sum(map(len, self.lanes))


class Gate:
    """Where traffic arrives, waits and enters."""

    def __init__(self, model, link, mean):
        self.model, self.link, self.mean, self.none, self.waiting = model, link, mean, np.exp(-mean), deque()

    def step(self, tick, draw):
        """Poisson arrivals from one uniform number; one vehicle a second enters."""
        below, chance, number = self.none, self.none, 0
        while draw > below and number < 20:
            number += 1
            chance *= self.mean / number
            below += chance
        for k in range(number):
            low_bits = draw * 4194304.0 + 0.3819660112501051 * k
            self.waiting.append(Vehicle(self.model, 1 + int((low_bits - int(low_bits)) * 2147483646)))
        if self.waiting and self.link.occupied < self.link.storage:
            self.waiting.popleft().enter(self.link, tick)


class Signal(mesa.Agent):
    """A signal that follows the detector rule."""

    def __init__(self, model, links, timing):
        super().__init__(model)
        self.links, self.timing = links, timing
        self.phase, self.next_phase, self.green_at, self.next_due = 0, None, 0, timing["min_green_s"]
        self.last_green = [0, 0, 0, 0]

    def lanes(self, phase):
        """(link, movement) of the lanes that a phase serves."""
        movements = (LEFT,) if phase % 2 else (THROUGH, RIGHT)
        return [(self.links[side], movement) for side in (phase // 2, phase // 2 + 2) for movement in movements]

    def counts(self, phase, tick):
        """Vehicles standing, coming within the look-ahead, and on the lanes of a phase; and lanes in use."""
        standing = coming = total = in_use = 0
        for link, movement in self.lanes(phase):
            at_line = sum(vehicle.ready < tick for vehicle in link.lanes[movement])
            soon = sum(tick <= vehicle.ready <= tick + LOOK_AHEAD_S for vehicle in link.lanes[movement])
            standing, coming, total = standing + at_line, coming + soon, total + len(link.lanes[movement])
            in_use += at_line + soon > 0
        return standing, coming, total, in_use

    def score(self, phase, tick):
        """How much a phase deserves to be the next."""
        standing, coming, total, _ = self.counts(phase, tick)
        down = moving_down = 0
        for link, movement in self.lanes(phase):
            target = link.targets[movement]
            if isinstance(target, Link):
                down += target.standing(tick)
                moving_down += len(target) - target.standing(tick)
        age = 0.01 * (tick - self.last_green[phase])
        return standing + coming - 0.3 * (total - standing) - 0.1 * (down - 0.3 * moving_down) + age

    def decide(self, tick):
        """Serve a phase that waited too long; else keep, or switch to the best candidate."""
        if self.next_phase is not None or tick != self.next_due:
            return
        self.next_due += self.timing["decide_every_s"]
        others = [(self.phase + turns) % 4 for turns in (1, 2, 3)]
        counts = {phase: self.counts(phase, tick) for phase in range(4)}
        waits = {p: tick - self.last_green[p] for p in others if counts[p][0] > 0}
        overdue = [p for p in waits if waits[p] >= self.timing["max_red_s"] > 0]
        wanted = [p for p in others if counts[p][0] + counts[p][1] > 0]
        if overdue:
            self.switch(max(overdue, key=waits.get), tick)
        elif wanted:
            scores = {p: self.score(p, tick) for p in wanted}
            candidate = max(wanted, key=scores.get)
            standing, coming, total, in_use = counts[self.phase]
            own = 1.3 * standing + 0.9 * coming - 0.3 * (total - standing) + 1.2 * min(in_use, 4) + 1.0
            if scores[candidate] > own:
                self.switch(candidate, tick)

    def switch(self, phase, tick):
        """Turn yellow."""
        self.next_phase, self.green_at = phase, tick + self.timing["yellow_s"]

    def discharge(self, tick):
        """Let the first vehicle of every green lane go, once per headway, where there is room."""
        if self.next_phase is not None:
            if tick < self.green_at:
                return
            self.phase, self.next_phase, self.next_due = self.next_phase, None, tick + self.timing["min_green_s"]
        self.last_green[self.phase] = tick
        for link, movement in self.lanes(self.phase):
            lane, target = link.lanes[movement], link.targets[movement]
            if not lane or lane[0].ready > tick or tick < link.next_start[movement]:
                continue
            if isinstance(target, Link) and target.occupied >= target.storage:
                continue
            link.next_start[movement] = tick + self.timing["saturation_headway_s"]
            link.returning.append(tick + link.wave_s)
            vehicle = lane.popleft()
            if isinstance(target, Link):
                vehicle.enter(target, tick)
            else:
                self.model.finished_delays_s.append(vehicle.lost_s)
                vehicle.remove()


class City(mesa.Model):
    """The first regime of a traffic world as Mesa agents, with its network, parameters and stream."""

    def __init__(self, world):
        super().__init__(rng=0)
        state, derived, parameters = world.state, world.state.derived, world.parameters
        self.stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(world.seed).spawn(2)[0]))
        layout, below = state.layout, derived.turn_below[0].reshape(-1, 3)
        roads = zip(layout.lag_s, layout.wave_s, layout.storage_veh, below[:, 0], below[:, 1], strict=True)
        self.links = [Link(*(number.item() for number in road)) for road in roads]
        for link, ways in zip(self.links, derived.target[0].reshape(-1, 3).tolist(), strict=True):
            link.targets = [self.links[way] if way >= 0 else None for way in ways]
        means = derived.arrivals_veh[0, 0].tolist()
        self.gates = [Gate(self, self.links[link], mean) for link, mean in zip(layout.gate_link, means, strict=True)]
        self.signals = [Signal(self, self.links[i : i + 4], parameters) for i in range(0, len(self.links), 4)]
        self.tick, self.finished_delays_s = 0, []
        self.window_s, self.window_lost_s = parameters["record_every_ticks"], 0
        reporters = {"queue_veh": lambda city: city.window_lost_s / city.window_s}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def step(self):
        """One second."""
        for signal in self.signals:
            signal.decide(self.tick)
        for link in self.links:
            link.take_back_space(self.tick)
        for gate in self.gates:
            gate.step(self.tick, self.stream.random())
        for signal in self.signals:
            signal.discharge(self.tick)
        if Vehicle in self.agents_by_type:
            self.agents_by_type[Vehicle].do("step")
        self.tick += 1
        if self.tick % self.window_s == 0:
            self.datacollector.collect(self)
            self.window_lost_s = 0


def ticks_per_cpu_second(run, ticks):
    """Speed of a call that takes this many steps."""
    start = time.process_time()
    run(ticks)
    return ticks / (time.process_time() - start)


def main() -> None:
    """Print both speeds and their ratio."""
    plain = City(models.make("traffic/rush_hour", learner="detector_rule", seed=1))
    for _ in range(600):
        plain.step()
    slow = ticks_per_cpu_second(lambda ticks: [plain.step() for _ in range(ticks)], 2_000)
    present = len(plain.agents) - len(plain.signals)
    print(f"plain Mesa model       {slow:12,.0f} ticks per CPU-second, {present} vehicles present")
    for name, learner in (("ours, the same rule", "detector_rule"), ("ours, learning by q", None)):
        world = models.make("traffic/rush_hour", learner=learner, seed=1)
        world.run(600)
        fast = ticks_per_cpu_second(world.run, 200_000)
        print(f"{name:22} {fast:12,.0f} ticks per CPU-second: {fast / slow:,.0f} times   (target: at least 100)")


if __name__ == "__main__":
    main()
