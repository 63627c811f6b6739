"""Cars that negotiate a crossing: how fast the world is, whether its safety layer holds, and what learning is worth.

    python -m benchmarks.crossing [speed safety gaps rules cooperation fleets overtaking chicken ...] [--json]

Delays are time lost per trip in the stretch that is measured, collisions are per million trips of it; learners go on
learning in it. Where several seeds are run, figures are their mean and standard error.
"""

import argparse
import json
from collections.abc import Callable
from typing import Any

import numpy as np

import models
from benchmarks.loop_speed import cpu_seconds, per_second
from models.crossing import theory

SEEDS = (1, 2, 3)
TRAINING, MEASURED = 4_000_000, 1_000_000
DEMANDS = (150.0, 300.0, 450.0)  # veh/h on each approach: low, middle, high
RULES = ("first_come", "all_way_stop", "gap_acceptance", "fixed_time")
Q = {"kind": "q", "shared": True, "alpha": 0.02, "gamma": 1.0, "exploration": "none"}
LEARNERS = {kind: {**Q, "kind": kind} for kind in ("q", "expected_sarsa", "hysteretic_q", "wolf_phc")}
Row = dict[str, Any]


def measured(world: models.World, ticks: int = MEASURED) -> tuple[float, float]:
    """Delay in s and collisions per million trips over a stretch."""
    collisions, crossed = int(world.state.collisions[0]), int(world.state.crossed.sum())
    frame = world.run(ticks)
    trips = int(world.state.crossed.sum()) - crossed
    lost = float(frame["queue_veh"].sum()) * world.record.window_ticks * world.seconds_per_tick
    return lost / max(trips, 1), 1e6 * (int(world.state.collisions[0]) - collisions) / max(trips, 1)


def lives(learner: Any, training: int, **changes: Any) -> Row:
    """Delay and collisions of a learner in `crossing/no_signals`, over the seeds."""
    found = []
    for seed in SEEDS:
        world = models.make("crossing/no_signals", learner=learner, seed=seed, **changes)
        world.run(training)
        found.append(measured(world))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / len(SEEDS) ** 0.5
    return {
        "delay_s": mean[0], "delay_error_s": error[0], "collisions_per_million": mean[1], "collisions_error": error[1]
    }  # fmt: skip


def learned_signal(demand: float) -> Row:
    """A signal that learns, at the same demand without turns: `traffic/single_crossing`, frozen after training."""
    straight = {f"{turn}_share_{axis}": 0.0 for turn in ("left", "right") for axis in ("ns", "ew")}
    delays = []
    for seed in SEEDS:
        world = models.make("traffic/single_crossing", seed=seed, demand_veh_per_s=demand / 3_600, **straight)
        world.run(600_000)
        fresh = world.restart(seed=seed + 100)
        fresh.freeze()
        frame = fresh.run(200_000)
        lost = frame["queue_veh"] * fresh.record.window_ticks
        delays.append(float(lost.sum() / (lost / frame["mean_delay_s"]).sum()))
    error = np.std(delays, ddof=1) / len(SEEDS) ** 0.5
    return {"delay_s": np.mean(delays), "delay_error_s": error, "collisions_per_million": 0.0, "collisions_error": 0.0}


def speed() -> list[Row]:
    """Ticks and decisions per CPU-second."""
    world = models.make("crossing/no_signals", seed=1)
    world.run(2_000_000)
    before = int(world.visits(0).sum())
    ticks = 2_000_000
    spent = cpu_seconds(lambda: world.run(ticks))
    busy = models.make("crossing/four_drivers", learner={**Q, "epsilon": 0.05}, seed=1, decide_every_s=0.1)
    busy.run(100_000)
    known = int(busy.visits(0).sum())
    rushed = cpu_seconds(lambda: busy.run(ticks))
    return [
        {"what": "no_signals, 120 cars, q: ticks per CPU-second", "value": ticks / spent},
        {"what": "  decisions per CPU-second", "value": (int(world.visits(0).sum()) - before) / spent},
        {"what": "four_drivers, a decision every tick: decisions per CPU-second",
         "value": (int(busy.visits(0).sum()) - known) / rushed},
        {"what": "no_signals, first_come: ticks per CPU-second",
         "value": per_second(models.make("crossing/no_signals", learner="first_come", seed=1), 500_000)},
    ]  # fmt: skip


def safety(decisions: int = 10_000_000) -> list[Row]:
    """Collisions in so many random decisions with the safety layer, and in a tenth of them without."""
    rows = []
    for layer, share in ((True, 1.0), (False, 0.1)):
        made, collisions = 0, 0
        seed = 0
        while made < share * decisions:
            seed += 1
            world = models.make(
                "crossing/no_signals", learner={**Q, "exploration": "constant", "epsilon": 1.0}, seed=seed,
                safety_layer=layer, demand_veh_per_h=(100.0, 300.0, 600.0, 1_800.0)[seed % 4], decide_every_s=0.1,
            )  # fmt: skip
            world.run(500_000)
            made += int(world.visits(0).sum())
            collisions += int(world.state.collisions[0])
        rows.append({"safety layer": layer, "random decisions": made, "collisions": collisions})
    return rows


def gaps() -> list[Row]:
    """Capacity of a minor road under gap acceptance (6.2 s, 3.3 s) against the formula, at five flows of the major."""
    rows = []
    for major in (200.0, 400.0, 600.0, 900.0, 1_200.0):
        world = models.make(
            "crossing/priority_road", learner="gap_acceptance", seed=1, demand_veh_per_h=1_800.0, follow_up_s=0.0,
            weight_north=major / 1_800.0, weight_south=0.0, weight_east=1.0, weight_west=0.0,
        )  # fmt: skip
        world.run(20_000)
        before = int(world.state.crossed[1])
        world.run(8_000_000)
        served = (int(world.state.crossed[1]) - before) * 3_600 / 800_000
        formula = theory.gap_capacity_veh_per_h(major, 6.2, 3.3)
        rows.append({"major veh/h": major, "served veh/h": served, "formula": formula, "off": served / formula - 1})
    return rows


def rules() -> list[Row]:
    """Learners against rules and a learned signal, at low, middle and high demand, with and without the layer."""
    rows = []
    for demand in DEMANDS:
        for layer in (False, True):
            for name, learner in LEARNERS.items():
                found = lives(learner, TRAINING, demand_veh_per_h=demand, safety_layer=layer)
                rows.append({"demand": demand, "layer": layer, "who": name, **found})
        for rule in RULES:
            rows.append({"demand": demand, "layer": False, "who": rule, **lives(rule, 20_000, demand_veh_per_h=demand)})
        rows.append({"demand": demand, "layer": False, "who": "learned signal", **learned_signal(demand)})
    return rows


def cooperation() -> list[Row]:
    """What it does to weigh others' lost time like one's own."""
    return [
        {"demand": demand, "layer": layer, "kappa": kappa,
         **lives(Q, TRAINING, demand_veh_per_h=demand, safety_layer=layer, cooperation=kappa)}
        for demand in DEMANDS for layer in (False, True) for kappa in (0.0, 0.5, 1.0)
    ]  # fmt: skip


def fleets() -> list[Row]:
    """Half of the cars selfish (fleet 1), half not (fleet 2): the delay of each, and of crossings of one kind."""
    rows = []
    for layer in (True, False):
        found = []
        for seed in SEEDS:
            world = models.make("crossing/two_fleets", seed=seed, safety_layer=layer)
            world.run(TRAINING)
            frame = world.run(MEASURED)
            found.append([frame[f"mean_delay_s_fleet_{number}"].mean() for number in (1, 2)])
        pair = np.diff(found, axis=1)
        same = [
            lives(Q, TRAINING, safety_layer=layer, cooperation=kappa, demand_veh_per_h=450.0)["delay_s"]
            for kappa in (0.0, 1.0)
        ]
        rows.append({
            "layer": layer, "selfish_s": np.mean(found, axis=0)[0], "polite_s": np.mean(found, axis=0)[1],
            "polite_loses_s": pair.mean(), "error_s": pair.std(ddof=1) / len(SEEDS) ** 0.5,
            "all_selfish_s": same[0], "all_polite_s": same[1],
        })  # fmt: skip
    return rows


def overtaking() -> list[Row]:
    """Delay by demand of going in turns, by reservation, by a signal and by learning; and where a signal overtakes."""
    demands = np.arange(300.0, 651.0, 50.0)
    curves = {}
    for name, learner, training in (
        ("all_way_stop", "all_way_stop", 20_000), ("first_come", "first_come", 20_000),
        ("fixed_time", "fixed_time", 20_000), ("q, layer", Q, 1_000_000),
    ):  # fmt: skip
        curves[name] = [
            lives(learner, training, demand_veh_per_h=demand, safety_layer=True)["delay_s"] for demand in demands
        ]
    rows = [{"demand": demand, **{name: curve[k] for name, curve in curves.items()}}
            for k, demand in enumerate(demands.tolist())]  # fmt: skip
    for name in ("all_way_stop", "first_come", "q, layer"):
        ahead = np.array(curves[name]) - np.array(curves["fixed_time"])
        after = np.flatnonzero(ahead > 0)
        at = float("nan")
        if after.size and after[0] > 0:
            k = after[0]
            at = demands[k - 1] + 50.0 * ahead[k - 1] / (ahead[k - 1] - ahead[k])
        rows.append({"signal overtakes": name, "from veh/h an approach": at})
    rows.append({"signal overtakes": "theory, M/G/1 in order of coming against Webster",
                 "from veh/h an approach": theory.signal_pays_from_veh_per_h(3.0, 2.0)})  # fmt: skip
    return rows


def chicken() -> list[Row]:
    """Share that goes among 141 players of `games/chicken`, by learning rate; the mixed equilibrium is one in seven."""
    rows = []
    for alpha in (0.05, 0.02, 0.005, 0.002):
        world = models.make(
            "games/chicken", nodes=141, seed=1, learner={"kind": "q", "alpha": alpha, "gamma": 0.0, "epsilon": 0.02}
        )
        shares = world.run(100_000)["share_go"].to_numpy()[500:]
        rows.append({
            "alpha": alpha, "share_go": shares.mean(), "away from 1/7": shares.mean() - 1 / 7, "spread": shares.std()
        })  # fmt: skip
    return rows


SECTIONS: dict[str, Callable[[], list[Row]]] = {
    section.__name__: section for section in (speed, safety, gaps, rules, cooperation, fleets, overtaking, chicken)
}


def shown(value: Any) -> str:
    """A figure as text."""
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if type(value) is int else str(value)


def main() -> None:
    """Print the sections that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], default=[])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for name in options.sections or SECTIONS:
        rows = SECTIONS[name]()
        if options.json:
            print(json.dumps({name: rows}, default=float))
            continue
        print(f"\n{name}: {SECTIONS[name].__doc__}")
        for row in rows:
            print("  " + "   ".join(f"{key} {shown(value)}" for key, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
