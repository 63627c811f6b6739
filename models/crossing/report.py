"""What the metrics of the crossing are: formulas on the sums of a window."""

import numpy as np

from engine.loop import report
from models.crossing.state import (
    BORN,
    COLLISIONS,
    DELAY_BINS,
    FINISHED,
    LOST_S,
    TICK_S,
    TURNED_AWAY,
    YIELDS,
    CrossingState,
)
from models.networks.delays import quantile_s


@report.body_for(CrossingState)
def report_crossing(world, turn, row):
    sums, window_s = world.sums, turn.window[0] * TICK_S
    finished = sums[FINISHED]
    row[0] = sums[LOST_S] / sums[BORN] if sums[BORN] > 0 else np.nan
    row[1] = quantile_s(world.delays, finished, 0.95) if finished > 0 else np.nan
    row[2] = sums[LOST_S] / window_s
    row[3] = finished * 3600.0 / window_s
    row[4] = 1e6 * sums[COLLISIONS] / finished if finished > 0 else np.nan
    row[5] = sums[YIELDS] / finished if finished > 0 else np.nan
    row[6] = sums[TURNED_AWAY]
    if world.fleet_sums.shape[0] > 1:
        for g in range(world.fleet_sums.shape[0]):
            came = world.fleet_sums[g, 1]
            row[7 + g] = world.fleet_sums[g, 0] / came if came > 0 else np.nan
    for k in range(sums.size):
        sums[k] = 0.0
    for g in range(world.fleet_sums.shape[0]):
        world.fleet_sums[g, 0], world.fleet_sums[g, 1] = 0.0, 0.0
    for second in range(DELAY_BINS):
        world.delays[second] = 0
