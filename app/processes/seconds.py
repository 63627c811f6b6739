"""How long compiling a world takes on this machine: as long as it last did, or else in proportion to its text."""

import json
from contextlib import suppress

from engine import files, texts
from engine.store import cache_root

PER_BYTE = 4e-5  # of the text that a world's rules depend on, until something was measured here
WORTH_KEEPING_S = 1.0  # what took less was on the disk in part


class Seconds:
    """Measured seconds, kept on the disk by world."""

    def __init__(self) -> None:
        self._file = cache_root() / "compiling.json"
        self._known: dict[str, float] = {}
        with suppress(OSError, ValueError, AttributeError, TypeError):
            self._known = {name: float(value) for name, value in json.loads(self._file.read_text()).items()}

    def expected(self, domain: str) -> float:
        """Seconds that a world of this kind will take."""
        if domain in self._known:
            return self._known[domain]
        measured = {name: self._known[name] for name in self._known if _size(name)}
        rate = sum(measured.values()) / sum(map(_size, measured)) if measured else PER_BYTE
        return rate * _size(domain)

    def took(self, domain: str, seconds: float) -> None:
        """Learn from a world that was compiled."""
        if seconds < WORTH_KEEPING_S:
            return
        self._known[domain] = round(seconds, 1)
        with suppress(OSError):  # the next process will have to guess again
            self._file.parent.mkdir(parents=True, exist_ok=True)
            files.write_text(self._file, json.dumps(self._known))


def _size(domain: str) -> int:
    """Bytes of text that a world's rules depend on."""
    closure = texts.closure([f"models.{domain}.rules"]) or {}
    return sum(map(len, closure.values()))
