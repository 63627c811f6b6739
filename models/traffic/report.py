"""What the metrics of the traffic world are: formulas on the sums of a window."""

import numpy as np

from engine.generic import generic_with_default, kernel
from engine.loop import report
from models.networks.delays import quantile_s
from models.sums import ratio
from models.traffic.metrics import Column, TripColumn
from models.traffic.state import DELAY_BINS, Sum, TrafficState, Travellers, TripSum

TRIPS = len(Column)  # where the metrics of trips begin in a row


@generic_with_default
def report_trips(drivers, world, turn, row):
    """Metrics of trips; turners have none."""


@kernel
def price_of_anarchy(drivers, world, turn):
    """What the flows of the window cost per trip in the static model, over the least that is possible there."""
    block, total, trips = turn.block[0], 0.0, world.sums[Sum.ENTERED]
    free, slope, power = world.derived.turn_cost[block]
    for u in range(drivers.entered.size):
        flow = drivers.entered[u] / turn.window[0]
        total += flow * (free[u] + slope[u] * flow ** power[u])
    return total * turn.window[0] / (trips * world.derived.optimum_s[block]) if trips > 0 else np.nan


@report_trips.body_for(Travellers)
def report_trips_of_travellers(drivers, world, turn, row):
    sums = drivers.sums
    row[TripColumn.mean_trip_s] = ratio(sums[TripSum.TRIP_S], sums[TripSum.ARRIVED])
    row[TripColumn.detour_share] = ratio(sums[TripSum.DETOURS], sums[TripSum.ARRIVED])
    row[TripColumn.route_switches] = ratio(sums[TripSum.SWITCHED], sums[TripSum.SET_OUT])
    row[TripColumn.price_of_anarchy] = price_of_anarchy(drivers, world, turn)
    row[TripColumn.cut_off_veh] = float(sums[TripSum.CUT_OFF])
    sums[:] = 0
    drivers.entered[:] = 0


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
    finished = sums[Sum.FINISHED]
    row[Column.mean_delay_s] = ratio(sums[Sum.LOST] + sums[Sum.SLOWED], sums[Sum.BORN])
    row[Column.p95_delay_s] = quantile_s(world.delays, finished, 0.95) if finished > 0 else np.nan
    row[Column.gini_delay] = gini(world.delays, finished) if finished > 0 else np.nan
    row[Column.queue_veh] = sums[Sum.LOST] / ticks
    row[Column.vehicles] = sums[Sum.PRESENT] / ticks
    row[Column.stops_per_veh] = ratio(sums[Sum.STOPS], finished)
    row[Column.throughput_veh_per_h] = finished * 3600.0 / ticks
    row[Column.switches_per_h] = sums[Sum.SWITCHES] * 3600.0 / (ticks * turn.deciding.size)
    row[Column.turned_away_veh] = float(sums[Sum.TURNED_AWAY])
    report_trips(world.drivers, world, turn, row[TRIPS:])
    sums[:] = 0
    world.delays[:] = 0
