"""How near modelled prices come to prices of the past: errors, the day hour by hour, and price duration curves.

Hours are matched by date where both the case and the series have one, else in the order of the series from its
midnight. The last pass of a run is compared, when learners have learned. A price duration curve shows how many hours
had at least a price (Stoft 2002, Power System Economics, ch. 1-4).
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from models.networks import series
from scenarios import ScenarioError
from studies.figures.learning import BLUE, INK

METRIC = "price_per_mwh"


class History(NamedTuple):
    """Modelled and given prices of the same hours."""

    modelled: np.ndarray  # (H,) $/MWh
    given: np.ndarray  # (H,) in the unit of the file
    hour: np.ndarray  # (H,) hour of the day

    def measures(self) -> dict[str, float]:
        """Means, errors and correlation; NaN where one of the series is constant."""
        error = self.modelled - self.given
        moves = self.modelled.std() > 0 and self.given.std() > 0
        return {
            "mean, modelled": float(self.modelled.mean()),
            "mean, given": float(self.given.mean()),
            "mean error": float(error.mean()),
            "mean absolute error": float(np.abs(error).mean()),
            "root mean square error": float(np.sqrt((error**2).mean())),
            "correlation": float(np.corrcoef(self.modelled, self.given)[0, 1]) if moves else float("nan"),
        }

    def by_hour(self) -> pd.DataFrame:
        """Means by hour of the day: hours, modelled, given, mean absolute error."""
        table = pd.DataFrame({"hour": self.hour, "modelled": self.modelled, "given": self.given})
        table["absolute_error"] = (table["modelled"] - table["given"]).abs()
        means = table.groupby("hour").mean()
        means.insert(0, "hours", table.groupby("hour").size())
        return means


def compare(world: Any, path: Path) -> History:
    """Prices of the last pass of a run beside those of a file.

    Parameters
    ----------
    world
        A power market with a window of the record for every hour.
    path
        A file of series (`models.networks.series`) with one column of prices.

    Raises
    ------
    ScenarioError
        File, what is allowed and what to do.
    """
    found = series.read(path)
    if len(found.values) != 1:
        names = ", ".join(found.values) or "none"
        raise ScenarioError(f"{path}: needs one column of prices beside the time; it has {names}")
    given = next(iter(found.values.values()))
    price = world.record.frame()[METRIC].to_numpy()[-max(len(given), len(world.case.load_mw)) :]
    price = price[-min(len(price), len(given)) :]
    hours = np.arange(world.tick - len(price), world.tick)
    place = hours % len(given)
    if found.start is not None and world.case.start is not None:
        apart = round((world.case.start - found.start) / series.HOUR)
        place = apart + hours % len(world.case.load_mw)
        both = (place >= 0) & (place < len(given))
        if not both.any():
            what = f"begins on {found.start:%Y-%m-%d}, the case on {world.case.start:%Y-%m-%d}, and no hour is in both"
            raise ScenarioError(f"{path}: {what}; give prices of the same days")
        price, hours, place = price[both], hours[both], place[both]
    return History(price, given[place], hours % 24)


def figure(history: History, title: str) -> Figure:
    """Price duration curves, and the mean day."""
    drawn = Figure(figsize=(9, 3.8), layout="constrained")
    duration, day = drawn.subplots(1, 2)
    share = 100 * np.arange(len(history.given)) / max(len(history.given) - 1, 1)
    means = history.by_hour()
    for name, values, colour in ("modelled", history.modelled, BLUE), ("given", history.given, INK):
        duration.plot(share, np.sort(values)[::-1], color=colour, linewidth=1.8)
        day.plot(means.index, means[name], color=colour, linewidth=1.8, label=name)
    duration.set(xlabel="share of hours, %", ylabel="at least this price per MWh", title="Price duration")
    day.set(xlabel="hour of the day", title="Mean day", xticks=range(0, 24, 6))
    day.legend(frameon=False)
    drawn.suptitle(title)
    for axes in (duration, day):
        axes.spines[["top", "right"]].set_visible(False)
    return drawn
