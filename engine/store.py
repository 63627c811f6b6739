"""Where the project keeps what it can make again, each kind in a folder of stated size, and units of compiled code.

A unit is one file, written whole or not at all, with a checksum before its content: a file that was cut off or damaged
is made again. Processes that need the same unit at the same time wait for the first of them to make it.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import accumulate
from pathlib import Path

from engine import files

try:
    import fcntl
except ImportError:  # Windows: there two processes may make the same unit, the later one wins
    fcntl = None  # type: ignore[assignment]  # a module

# Of the files of a folder; those used last stay, the newest in any case. Units have some 50 kB, baselines 2 kB.
MOST_BYTES = {"units": 2**28, "baselines": 2**24, "trained": 2**31}


def cache_root() -> Path:
    """The first folder of XDG_CACHE_HOME, the home's cache and the temporary folder in which one can write."""
    return _first_writable(os.environ.get("XDG_CACHE_HOME"))


@cache
def _first_writable(named: str | None) -> Path:
    places = [Path(named)] if named else []
    with suppress(RuntimeError):  # a user without a home
        places.append(Path.home() / ".cache")
    owner = os.getuid() if hasattr(os, "getuid") else "user"
    for root in [*(place / "everlearn" for place in places), Path(tempfile.gettempdir()) / f"everlearn-{owner}"]:
        with suppress(OSError):
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=root):
                pass
            if not hasattr(os, "getuid") or root.stat().st_uid == os.getuid():  # nobody else has put code there
                return root
    return Path(tempfile.mkdtemp(prefix="everlearn-"))  # raises where nothing at all can be written


def place(folder: str, name: str) -> Path:
    """Path of a file in a folder of the cache; where there is one, it is used now."""
    path = cache_root() / folder / name
    with suppress(OSError):
        os.utime(path)
    return path


def prune(folder: str) -> None:
    """Delete files that were used longest ago, where a folder holds more than it may."""
    with suppress(OSError):  # another process may prune, too
        found = [(entry.stat(), Path(entry.path)) for entry in os.scandir(cache_root() / folder)]
        found.sort(key=lambda pair: pair[0].st_mtime_ns, reverse=True)
        total = accumulate(stat.st_size for stat, _ in found)
        for size, (_, path) in list(zip(total, found, strict=True))[1:]:
            if size > MOST_BYTES[folder]:
                path.unlink(missing_ok=True)


def read(name: str) -> bytes | None:
    """A unit's content; None where there is none, or it is damaged."""
    try:
        content = place("units", name).read_bytes()
    except OSError:
        return None
    digest, rest = content[:32], content[32:]
    return rest if hashlib.sha256(rest).digest() == digest else None


def write(name: str, content: bytes) -> None:
    """Keep a unit; where the disk is full or read-only it is not kept, and made again by the next process."""
    path = place("units", name)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.whole(path) as part:
            part.write_bytes(hashlib.sha256(content).digest() + content)
    prune("units")


@contextmanager
def making(name: str) -> Iterator[None]:
    """Hold other processes that want to make the same unit."""
    path = place("units", f".{name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError:
        yield
        return
    with lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    path.unlink(missing_ok=True)
