"""A life as logs in the format of the lifelong-learning metrics (l2logger 1.8), so that their package can read it.

<folder>/logger_info.json, scenario_info.json, and worker-default/<block>-<kind>/data-log.tsv, one row per window.
"""

import csv
import io
import json
from pathlib import Path

from engine import files
from studies.lifelong.life import Life

STARTED = "20000101T000000.000000"  # logs are reproducible, so they bear no date
COLUMNS = (
    "block_num", "exp_num", "worker_id", "block_type", "block_subtype", "task_name", "task_params", "exp_status",
    "timestamp", "reward",
)  # fmt: skip


def write(life: Life, folder: Path) -> None:
    """Write a life; examinations in a row are one block with several tasks, as the format wants it."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"metrics_columns": ["reward"], "log_format_version": "1.1"}
    scenario = {"author": "everlearn", "complexity": "1-low", "difficulty": "1-easy", "scenario_type": "custom"}
    files.write_text(folder / "logger_info.json", json.dumps(about, indent=2))
    files.write_text(folder / "scenario_info.json", json.dumps(scenario, indent=2))
    logs: dict[str, io.StringIO] = {}
    number, experience, kind = -1, 0, ""
    for block in life.blocks:
        fresh = block.kind == "train" or block.kind != kind
        number, kind = number + fresh, block.kind
        log = logs.setdefault(f"{number}-{kind}", io.StringIO())
        rows = csv.writer(log, delimiter="\t", lineterminator="\n")
        if fresh:
            rows.writerow(COLUMNS)
        for value in block.performance:
            row = (number, experience, "worker-default", kind, "wake", task(block.regime), "{}", "complete")
            rows.writerow((*row, STARTED, repr(float(value))))
            experience += 1
    for name, log in logs.items():
        inside = folder / "worker-default" / name
        inside.mkdir(parents=True, exist_ok=True)
        files.write_text(inside / "data-log.tsv", log.getvalue())


def task(regime: str) -> str:
    """Name of a regime as a task: lower case, and no underscore, after which the package expects a variant."""
    return regime.lower().replace(" ", "-").replace("_", "-")
