"""What the metrics of dealers and order books are: formulas on the sums of a window."""

import numpy as np

from engine.generic import entry, kernel
from engine.loop import report
from models.market.metrics import SHARED, Column, ExchangeColumn
from models.market.state import ASK, BID, ExchangeState, ExchangeSum
from models.sums import ratio


@kernel
def expected_profit(world, profit, m, k):
    """Profit per arrival of maker m at action k against what the others did in the window: ties share equally."""
    half = world.half_spread[k]
    if half < 0:
        return 0.0
    chance, ties = world.chance, 0
    chance[0] = 1.0  # chance[t]: no rival quotes closer, t quote the same
    for o in range(world.maker.size):
        total = 0.0
        for a in range(world.half_spread.size):
            total += world.chosen[o, a]
        if o == m or total == 0.0:
            continue
        same, wider = 0.0, 0.0
        for a in range(world.half_spread.size):
            if world.half_spread[a] == half:
                same += world.chosen[o, a] / total
            elif world.half_spread[a] > half or world.half_spread[a] < 0:
                wider += world.chosen[o, a] / total
        ties += 1
        chance[ties] = 0.0
        for t in range(ties, -1, -1):
            chance[t] = chance[t] * wider + (chance[t - 1] * same if t > 0 else 0.0)
    share = 0.0
    for t in range(ties + 1):
        share += chance[t] / (t + 1)
    return profit[k] * share


@kernel
def best_response_gap(world, profit):
    """What a maker forgoes per arrival by not answering best to what the others did in the window; mean over makers."""
    gap, makers = 0.0, 0
    for m in range(world.maker.size):
        best, earned, total = -np.inf, 0.0, 0.0
        for k in range(world.half_spread.size):
            value = expected_profit(world, profit, m, k)
            best = max(best, value)
            earned += value * world.chosen[m, k]
            total += world.chosen[m, k]
        if total > 0.0:
            gap += best - earned / total
            makers += 1
    return gap / makers if makers > 0 else np.nan


@entry
def best_response_gap_of(world, profit):
    """`best_response_gap`, called from Python."""
    return best_response_gap(world, profit)


@report.body_for(ExchangeState)
def report_exchange(world, turn, row):
    sums, ticks, more = world.sums, turn.window[0], row[SHARED:]
    depth = 0
    for i in range(world.gain.size):
        depth += world.book.size[BID, i] + world.book.size[ASK, i]
    row[Column.half_spread] = ratio(sums[ExchangeSum.SEEN], sums[ExchangeSum.SEEN_NUMBER])
    row[Column.efficiency] = ratio(sums[ExchangeSum.FILLED], sums[ExchangeSum.WANTED])
    row[Column.maker_profit] = sums[ExchangeSum.MAKERS] / ticks
    row[Column.trader_gain] = sums[ExchangeSum.TRADERS] / ticks
    row[Column.volume] = sums[ExchangeSum.VOLUME] / ticks
    row[Column.volatility] = (sums[ExchangeSum.MOVED] / ticks) ** 0.5
    more[ExchangeColumn.posted_half_spread] = ratio(sums[ExchangeSum.POSTED], sums[ExchangeSum.POSTED_NUMBER])
    more[ExchangeColumn.speculator_gain] = sums[ExchangeSum.SPECULATORS] / ticks
    more[ExchangeColumn.fees] = float(world.book.treasury[0] - world.treasury_then[0]) / ticks
    more[ExchangeColumn.depth] = float(depth)
    more[ExchangeColumn.halted] = sums[ExchangeSum.HALTED] / ticks
    more[ExchangeColumn.best_response_gap] = best_response_gap(world, world.derived.profit[turn.block[0]])
    world.treasury_then[0] = world.book.treasury[0]
    sums[:] = 0.0
    for m in range(world.maker.size):
        for k in range(world.half_spread.size):
            world.chosen[m, k] = 0
