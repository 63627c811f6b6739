"""One thread at a time moves a world: two would write the same arrays, from compiled code that holds no lock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def alone(world: object) -> Iterator[None]:
    """Move a world (raises RuntimeError while another thread does)."""
    me = threading.get_ident()
    if world.__dict__.setdefault("_moved_by", me) != me:  # one step for the interpreter, so no thread comes between
        raise RuntimeError("another thread is running this world; give each thread its own world with world.fork()")
    try:
        yield
    finally:
        world.__dict__.pop("_moved_by", None)
