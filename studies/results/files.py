"""The folder of a study: the file that repeats it, tables, figures and the report; cases lie in a folder below."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib
import pandas as pd
import tomli_w
from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

from engine import files
from studies.comparison import paired, sentences
from studies.comparison.table import CASE, measured
from studies.figures import effects
from studies.questions import population
from studies.results import report
from studies.results.folder import write_figure, write_table

if TYPE_CHECKING:
    from studies.study import Study  # which calls us

DPI = 200
SVG: dict[RcKeyType, str] = {"svg.hashsalt": "everlearn", "svg.fonttype": "path"}  # the same on every machine


def write(study: "Study", table: pd.DataFrame, failed: pd.DataFrame, folder: Path) -> None:
    """Write everything that follows from the table of a study.

    ``windows.parquet`` is the table itself; ``cases`` holds the means of every case over the ticks compared,
    ``comparison`` the contrasts (`studies.comparison.paired.compare`), both as .parquet and .csv; ``figures`` as .png
    and .svg.
    """
    comparison = paired.compare(study, table)
    with files.whole(folder / "windows.parquet") as part:
        table.to_parquet(part)
    for name, frame in {"cases": means(study, table), "comparison": comparison}.items():
        write_table(frame, folder / name, index=False)
    (folder / "failed.csv").unlink(missing_ok=True)
    if len(failed):
        with files.whole(folder / "failed.csv") as part:
            failed.to_csv(part, index=False)
    (folder / "figures").mkdir(exist_ok=True)
    pictures = {}
    for name, figure in effects.figures(study, table).items():
        write_figure(figure, folder / "figures" / f"{name}.png", DPI)
        pictures[name] = svg(figure)
        files.write_text(folder / "figures" / f"{name}.svg", pictures[name])
    told = _write_study(study, folder)
    answer = sentences.answer(study, comparison)
    page = report.html(study, answer, comparison, failed, pictures, told)
    files.write_text(folder / "report.html", page)


def means(study: "Study", table: pd.DataFrame) -> pd.DataFrame:
    """One row per case: the mean of every metric over the ticks that are compared."""
    frames = []
    for scenario in table["scenario"].unique():
        part = table[table["scenario"] == scenario]
        part = measured(part, study.since_tick, study.world_of(scenario).record.window_ticks)
        place = [name for name in part if name in CASE or name.startswith("set_")]
        frames.append(part.groupby(place, sort=False, dropna=False).mean().drop(columns="tick").reset_index())
    return pd.concat(frames, ignore_index=True) if frames else table


def svg(figure: Figure) -> str:
    """A figure as the text of an SVG file."""
    text = io.StringIO()
    with matplotlib.rc_context(SVG):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def _write_study(study: "Study", folder: Path) -> str:
    """Write study.toml and every scenario as run beside it, and give its text.

    A file cannot say a learner that is in no catalogue; then there is none, and the text is empty.
    """
    paths = {name: f"scenarios/{number}.toml" for number, name in enumerate(study.scenarios, 1)}
    (folder / "scenarios").mkdir(exist_ok=True)
    for name, path in paths.items():
        files.write_text(folder / path, study.scenarios[name].text())
    domains = {scenario.domain for scenario in study.scenarios.values()}
    learners = {name: population.written(learner, domains) for name, learner in study.learners.items()}
    if None in learners.values():
        (folder / "study.toml").unlink(missing_ok=True)
        return ""
    left_out = {"scenarios", "question", "learners"}
    told = study.model_dump(mode="json", exclude=left_out, exclude_defaults=True, exclude_none=True)
    first = {"question": study.question, "scenarios": paths, "learners": learners}
    count = len(study.seeds)
    seeds = count if study.seeds == tuple(range(count)) else list(study.seeds)
    text = tomli_w.dumps({**first, **told, "seeds": seeds})
    files.write_text(folder / "study.toml", text)
    return text
