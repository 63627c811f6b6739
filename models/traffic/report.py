"""What the metrics of the traffic world are: formulas on the sums of a window."""

import numpy as np

from engine.generic import generic_with_default, kernel
from engine.loop import report
from models.networks.delays import quantile_s
from models.traffic.state import (
    ARRIVED,
    BORN,
    CUT_OFF,
    DELAY_BINS,
    DETOURS,
    FINISHED,
    LOST,
    PRESENT,
    SET_OUT,
    STOPS,
    SWITCHED,
    SWITCHES,
    TRIP_S,
    TURNED_AWAY,
    TrafficState,
    Travellers,
)


@generic_with_default
def report_trips(drivers, world, turn, row):
    """Metrics of trips; turners have none."""


@kernel
def price_of_anarchy(drivers, world, turn):
    """What the flows of the window cost per trip in the static model, over the least that is possible there."""
    block, total, trips = turn.block[0], 0.0, 0
    free, slope, power = world.derived.lane_cost[block]
    for lane in range(drivers.entered.size):
        flow = drivers.entered[lane] / turn.window[0]
        total += flow * (free[lane] + slope[lane] * flow ** power[lane])
    for link in world.gate_link:
        for lane in range(3 * link, 3 * link + 3):
            trips += drivers.entered[lane]
    return total * turn.window[0] / (trips * world.derived.optimum_s[block]) if trips > 0 else np.nan


@report_trips.body_for(Travellers)
def report_trips_of_travellers(drivers, world, turn, row):
    sums = drivers.sums
    row[0] = sums[TRIP_S] / sums[ARRIVED] if sums[ARRIVED] > 0 else np.nan
    row[1] = sums[DETOURS] / sums[ARRIVED] if sums[ARRIVED] > 0 else np.nan
    row[2] = sums[SWITCHED] / sums[SET_OUT] if sums[SET_OUT] > 0 else np.nan
    row[3] = price_of_anarchy(drivers, world, turn)
    row[4] = float(sums[CUT_OFF])
    for k in range(sums.size):
        sums[k] = 0
    for lane in range(drivers.entered.size):
        drivers.entered[lane] = 0


@kernel
def gini(delays, finished):
    """Gini coefficient of delay over finished trips: 0 when all lose the same."""
    total, ranked, rank = 0.0, 0.0, 0.0
    for second in range(DELAY_BINS):
        number = delays[second]
        if number > 0:
            total += second * number
            ranked += second * number * (rank + (number + 1) / 2.0)
            rank += number
    return 2.0 * ranked / (finished * total) - (finished + 1.0) / finished if total > 0 else 0.0


@report.body_for(TrafficState)
def report_traffic(world, turn, row):
    ticks, sums = turn.window[0], world.sums
    finished = sums[FINISHED]
    row[0] = sums[LOST] / sums[BORN] if sums[BORN] > 0 else np.nan
    row[1] = quantile_s(world.delays, finished, 0.95) if finished > 0 else np.nan
    row[2] = gini(world.delays, finished) if finished > 0 else np.nan
    row[3] = sums[LOST] / ticks
    row[4] = sums[PRESENT] / ticks
    row[5] = sums[STOPS] / finished if finished > 0 else np.nan
    row[6] = finished * 3600.0 / ticks
    row[7] = sums[SWITCHES] * 3600.0 / (ticks * turn.deciding.size)
    row[8] = float(sums[TURNED_AWAY])
    report_trips(world.drivers, world, turn, row[9:])
    for k in range(sums.size):
        sums[k] = 0
    for second in range(DELAY_BINS):
        world.delays[second] = 0
