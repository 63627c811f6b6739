"""Generic functions: one name, one body per type of state; the only module that imports numba.

A world's state and a learner's mind are NamedTuples of arrays. `@generic` turns a stub into a function whose body
is chosen by the type of its first argument, from Python at run time and from compiled code at compile time, so the
loop is written once and every pair (world, minds) gets a specialised machine-code copy of it.

Numba recompiles a function when its own file changes, not when a file it calls does. The folder of compiled code is
therefore named after the text of every kernel file, and set before numba is imported.
"""

import functools
import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KERNEL_FOLDERS = ("engine", "learners", "models")
FOLDERS_KEPT = 8  # several checkouts, interpreters and edits share one machine


def source_hash() -> str:
    """Hash of the text of all kernel files and of the interpreter's version."""
    text = hashlib.sha256(sys.version.encode())
    for folder in KERNEL_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text.update(path.read_bytes())
    return text.hexdigest()[:16]


def cache_root() -> Path:
    """Where the project keeps what it can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "everlearn"


def _cache_folder() -> Path:
    """Folder for compiled code, named after the text of all kernel files; the oldest folders are pruned."""
    base = cache_root() / "numba"
    folder = base / source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        for old in sorted(base.iterdir(), key=lambda path: path.stat().st_mtime)[:-FOLDERS_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:  # a read-only home: numba then looks for a place of its own
        pass
    return folder


os.environ["NUMBA_CACHE_DIR"] = str(_cache_folder())

import numba  # noqa: E402  (the cache folder must be set first)
from numba import types  # noqa: E402
from numba.extending import overload  # noqa: E402

numba.core.config.reload_config()  # in case the user's program had imported numba already

# Kernels count no references (`_nrt=False`): a NamedTuple that travels by value would cost one count per array and
# call, more than the work of most bodies. The caller holds every array meanwhile; the price is that a kernel cannot
# allocate arrays or assign one slice to another. The "numpy" error model divides by zero without raising, which keeps
# the bodies short enough to inline.
# Kernels are called by kernels; what Python calls is an `entry`, which owns what it is given. Wrappers that unpack
# fifty arrays take longer to compile than the kernels, so kernels have none.
_OPTIONS: Any = {
    "nogil": True, "error_model": "numpy", "forceinline": True, "_nrt": False,
    "no_cpython_wrapper": True, "no_cfunc_wrapper": True,
}  # fmt: skip
kernel = numba.njit(cache=True, **_OPTIONS)
# A large kernel with several callers is compiled once, apart from them; it should take few arrays, since all travel.
subroutine = numba.njit(cache=True, **{**_OPTIONS, "forceinline": False})
_ENTRY_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
entry = numba.njit(cache=True, **_ENTRY_OPTIONS)
unrolled = numba.literal_unroll
index = numba.uint64  # of a place that cannot be negative: spares the question whether to count from the end


def generic(stub: Callable[..., None]) -> Any:
    """Turn `stub` into a function whose body depends on the type of its first argument.

    Bodies are registered with ``@name.body_for(Kind)``. A type without a body gets the stub itself where the stub
    was declared with a default (``@generic_with_default``); an object that is no NamedTuple answers with its method
    of the same name, which is how learners in plain Python take part.

    Raises
    ------
    TypeError
        From the call, when no body is known for the type; the message names those that exist.
    """
    return _generic(stub, has_default=False)


def generic_with_default(stub: Callable[..., None]) -> Any:
    """Like `generic`; the stub's own body serves every type that registers none."""
    return _generic(stub, has_default=True)


def _generic(stub: Callable[..., None], has_default: bool) -> Any:
    name = stub.__name__
    sources: dict[type, Callable[..., None]] = {}
    bodies: dict[type, Callable[..., None]] = {}
    default = entry(stub) if has_default else None

    @functools.wraps(stub)
    def call(first, *rest):
        body = bodies.get(type(first), default if isinstance(first, tuple) else None)
        if body is not None:
            return body(first, *rest)
        method = getattr(first, name, None)
        if method is not None:
            return method(*rest)
        known = ", ".join(sorted(kind.__name__ for kind in bodies)) or "none yet"
        raise TypeError(
            f"{name} has no body for {type(first).__name__} (bodies exist for: {known}); "
            f"write one under @{name}.body_for({type(first).__name__}), or give the class a method `{name}`"
        )

    def body_for(kind: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
        def register(body: Callable[..., None]) -> Callable[..., None]:
            sources[kind], bodies[kind] = body, entry(body)
            return body

        return register

    @overload(call, strict=False, jit_options=_OPTIONS)
    def choose(first, *rest):
        if isinstance(first, types.BaseNamedTuple):
            kind = first.instance_class  # type: ignore[attr-defined]
            return sources.get(kind, stub if has_default else None)
        return None

    call.body_for = body_for  # type: ignore[attr-defined]
    return call
