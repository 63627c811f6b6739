"""Write files whole or not at all: a disk that fills up, or a process that is killed, leaves the old file as it was."""

import glob
import json
import math
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ABANDONED_S = 3_600  # age of a part whose process must have been killed


class NotWritten(OSError):
    """A file could not be written; the message says which, and why."""


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path beside `path` to write to; what is there takes its place when the block ends without an error.

    Raises
    ------
    NotWritten
        When the system refuses: disk full, no permission.
    """
    target = Path(path)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        _sweep(target)
        yield part
        os.replace(part, target)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise NotWritten(f"{target}: cannot be written ({reason})") from None
    finally:
        part.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    """Take away what killed processes left when they wrote the same file."""
    for part in target.parent.glob(f".{glob.escape(target.name)}.{'[0-9a-f]' * 8}"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > ABANDONED_S:
                part.unlink()


@contextmanager
def remedy(words: str) -> Iterator[None]:
    """Say of a disk that fills up in the block, ours or a library's file, what is safe and what to do."""
    try:
        yield
    except OSError as error:
        raise NotWritten(f"{error}; {words}") from None


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text in UTF-8 (raises NotWritten)."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON as every reader takes it: numbers that are none (NaN, infinite) are null."""
    return json.dumps(_numbers(value), indent=indent, allow_nan=False)


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _numbers(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
