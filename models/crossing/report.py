"""What the metrics of the crossing are: formulas on the sums of a window."""

import numpy as np

from engine.loop import report
from models.crossing.metrics import Column
from models.crossing.state import TICK_S, CrossingState, Sum
from models.networks.delays import quantile_s
from models.sums import ratio, report_fleets

FLEETS = len(Column)  # where the delays of fleets begin in a row


@report.body_for(CrossingState)
def report_crossing(world, turn, row):
    sums, window_s = world.sums, turn.window[0] * TICK_S
    finished = sums[Sum.FINISHED]
    row[Column.mean_delay_s] = ratio(sums[Sum.LOST_S], sums[Sum.BORN])
    row[Column.p95_delay_s] = quantile_s(world.delays, finished, 0.95) if finished > 0 else np.nan
    row[Column.queue_veh] = sums[Sum.LOST_S] / window_s
    row[Column.throughput_veh_per_h] = finished * 3600.0 / window_s
    row[Column.collisions_per_million] = ratio(1e6 * sums[Sum.COLLISIONS], finished)
    row[Column.yields_per_veh] = ratio(sums[Sum.YIELDS], finished)
    row[Column.turned_away_veh] = sums[Sum.TURNED_AWAY]
    report_fleets(world.fleets, row[FLEETS:])
    sums[:] = 0.0
    world.delays[:] = 0
