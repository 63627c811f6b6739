"""Folders for results: whether they can be written, and hold what is coming, is found out before the work starts.

Every file of results is written whole or not at all (`engine.files`).
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from engine import files
from scenarios import ScenarioError


def make_folder(folder: str | os.PathLike[str], needed_bytes: int = 0) -> Path:
    """Make a folder and write into it.

    Raises
    ------
    ScenarioError
        Where it cannot be written, or its disk has no room for `needed_bytes`.
    """
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(bytes(4096))
        free = shutil.disk_usage(path).free
    except OSError as error:
        raise ScenarioError(f"--out {path}: cannot be written ({error.strerror}); choose another folder") from None
    if free < needed_bytes:
        room = f"{free / 1e6:,.0f} MB are free, about {needed_bytes / 1e6:,.0f} MB are needed"
        raise ScenarioError(f"--out {path}: the disk is full ({room}); make room or choose another folder")
    return path


def write_table(frame: pd.DataFrame, path: Path, **csv: Any) -> None:
    """Write a table as .parquet and, beside it, as .csv (raises engine.files.NotWritten)."""
    with files.whole(path.with_suffix(".parquet")) as part:
        frame.to_parquet(part)
    with files.whole(path.with_suffix(".csv")) as part:
        frame.to_csv(part, **csv)


def write_figure(figure: Any, path: Path, dpi: int = 150) -> None:
    """Write a figure as .png (raises engine.files.NotWritten)."""
    with files.whole(path) as part:
        figure.savefig(part, format="png", dpi=dpi)
