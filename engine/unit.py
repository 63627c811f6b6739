"""Units of compiled code: functions of one record, compiled once and kept on the disk under the name of their text.

Numba would optimise every kernel by itself, and once more in each of its callers. Here the kernels of a unit stay
drafts, are linked once and optimised once, into an object file. A unit's name is a hash of all that it depends on:
the text of the modules of its bodies and of what they import, the types of its record, the compiler and the processor.
So an edit compiles again what it touches and nothing else, and stale code cannot be found.
"""

import ctypes
import hashlib
import itertools
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils, codegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.errors import NumbaError
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from engine import notice, store, texts
from engine.reference import WORD, Record, Ref

OPTIMISATION = 3
REFUSED = "refused"
CALL = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 3)  # with result, exception, record; without the GIL
RESULTS: dict[str, Any] = {
    "none": ctypes.c_void_p, "bool": ctypes.c_bool, "int64": ctypes.c_int64, "float64": ctypes.c_double,
}  # fmt: skip

_loaded: dict[str, "Unit"] = {}
_unnamed = itertools.count()
_here = threading.local()


class CannotCompile(TypeError):
    """Numba does not understand a body for arguments of these types."""


class NotCompiled(RuntimeError):
    """A unit is not on the disk, and this thread leaves compiling to others."""


@contextmanager
def compiled_elsewhere() -> Iterator[None]:
    """Compile nothing in this thread: what is not on the disk raises NotCompiled."""
    _here.idle = True
    try:
        yield
    finally:
        _here.idle = False


class Unit:
    """Machine code of a function of one record, its name, and its text in LLVM's language."""

    def __init__(self, symbol: str, returns: str, bitcode: bytes, address: int) -> None:
        self.symbol, self.bitcode, self.address = symbol, bitcode, address
        self._call, self._result = CALL(address), RESULTS[returns]

    def __call__(self, record: Record) -> Any:
        """Run it; what it returns, a number or None.

        Raises
        ------
        RuntimeError
            Where a body has raised an exception.
        """
        result, exception = self._result(), ctypes.c_void_p()
        if self._call(ctypes.addressof(result), ctypes.addressof(exception), record.address):
            raise RuntimeError("a compiled body raised an exception; bodies must not")
        return result.value


def unit(function: Callable[[Any], Any], record: Any, modules: Iterable[str], options: dict[str, Any]) -> Unit:
    """The machine code of a function of a record of this type, from the disk or made now.

    Parameters
    ----------
    function
        Of one argument, the record; its name opens the unit's name.
    record
        Numba's type of the NamedTuple that the record holds.
    modules
        Names of the modules whose bodies the function calls.
    options
        Of numba's compiler.
    """
    name = _name(function.__name__, record, sorted(set(modules)))
    if name is None:  # from a notebook or a console: there is no text to name it by
        symbol = f"{function.__name__}_{next(_unnamed)}"
        with global_compiler_lock:
            return _load(symbol, _made(symbol, function, record, options))
    return kept_or_made(name, lambda: _made(name, function, record, options))


def kept_or_made(name: str, make: Callable[[], bytes]) -> Unit:
    """A unit that this process has, or from the disk, or made and kept.

    Raises
    ------
    NotCompiled
        Where it would have to be made in a thread that compiles nothing.
    """
    with global_compiler_lock:
        if name not in _loaded:
            kept = store.read(name)
            if kept is None:
                if getattr(_here, "idle", False):
                    raise NotCompiled(name)
                kept = _made_once(name, make)
            _loaded[name] = _load(name, kept)
        return _loaded[name]


def _made_once(name: str, make: Callable[[], bytes]) -> bytes:
    """A unit made and kept, by this process or by another that has begun before."""
    what = name.rpartition("_")[0].replace("_", " ")
    with notice.telling(f"compiling {what}, once for this machine"), store.making(name):
        kept = store.read(name)
        if kept is None:
            kept = make()
            store.write(name, kept)
        return kept


def is_kept(name: str) -> bool:
    """Whether a unit is on the disk."""
    return store.read(name) is not None


def _name(label: str, record: Any, modules: list[str]) -> str | None:
    """Name of a unit, after all that it depends on; None where a module has no file."""
    closure = texts.closure(modules)
    if closure is None:
        return None
    text = hashlib.sha256(repr((label, str(record), modules, *_toolchain())).encode())
    for module in sorted(closure):
        text.update(f"\0{module}\0".encode() + closure[module])
    return f"{label}_{text.hexdigest()[:32]}"


@cache
def _toolchain() -> tuple[str, ...]:
    features = llvm.get_host_cpu_features().flatten()
    return sys.version, numba.__version__, llvmlite.__version__, llvm.get_host_cpu_name(), features


# Compiling -------------------------------------------------------------------------------------------------------


class Draft(codegen.JITCodeLibrary):
    """A kernel as numba wrote it, neither optimised nor turned into machine code."""

    def _optimize_functions(self, ll_module: Any) -> None:
        """Not here: all parts of a unit are optimised together."""

    def finalize(self) -> None:
        """Nothing more is added."""
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """No address: a draft is never called."""
        return 0


@contextmanager
def _drafting() -> Iterator[None]:
    """Let numba write drafts."""
    generator = _codegen()
    library, set_env = generator._library_class, generator.set_env
    generator._library_class, generator.set_env = Draft, lambda name, env: None
    try:
        yield
    finally:
        generator._library_class, generator.set_env = library, set_env


def _made(symbol: str, function: Callable[[Any], Any], record: Any, options: dict[str, Any]) -> bytes:
    """A unit as it is kept; that it cannot be compiled is kept too, with the reason."""
    try:
        with _drafting():
            dispatcher: Any = numba.njit(**options)(function)
            dispatcher.compile((Ref(record),))
            (made,) = dispatcher.overloads.values()
            module = _linked(made.library)
    except NumbaError as error:
        return packed(REFUSED, _reason(function.__name__, str(error)).encode(), b"")
    returns = str(made.signature.return_type)
    if returns not in RESULTS:
        reason = f"{function.__name__} returns {returns}; Python can be given a number, a truth value or None"
        return packed(REFUSED, reason.encode(), b"")
    module.get_function(made.fndesc.llvm_func_name).name = symbol
    return finished(symbol, returns, module)


def _reason(label: str, told: str) -> str:
    """Numba's pages as a sentence: what it did not understand first, and where that stands."""
    missing = re.search(r"\w+ has no body for [^\n]*", told)  # said by engine.generic
    if missing:
        return missing[0]
    _, _, inner = told.rpartition("nopython mode pipeline")
    lines = [line.strip() for line in inner.splitlines()[1:] if line.strip()]
    reason = next((line for line in lines if not line.startswith(("File", "During", "raised"))), "no reason given")
    place = next((line.rstrip(":") for line in lines if line.startswith("File")), "")
    remedy = "NUMBA_DISABLE_JIT=1 runs the same text as Python"
    return f"{label} cannot be compiled: {reason}{' in ' if place else ''}{place}; {remedy}"


def _linked(library: Any) -> Any:
    """One module of a library and all that it calls."""
    module, seen, left = library._final_module.clone(), {id(library)}, list(library._linking_libraries)
    while left:
        part = left.pop()
        if id(part) not in seen:
            seen.add(id(part))
            module.link_in(part._get_module_for_linking(), preserve=True)
            left += part._linking_libraries
    return module


def finished(symbol: str, returns: str, module: Any) -> bytes:
    """A unit as it is kept: a module, of which others call the function `symbol` only, optimised and compiled."""
    for each in (*module.functions, *module.global_variables):
        if not each.is_declaration:
            each.linkage = "external" if each.name == symbol else "internal"
    machine = _codegen()._tm
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=OPTIMISATION))
    builder.getModulePassManager().run(module, builder)
    return packed(returns, module.as_bitcode(), machine.emit_object(module))


def packed(returns: str, bitcode: bytes, code: bytes) -> bytes:
    """What is kept of a unit: what it returns, LLVM's text, machine code."""
    return returns.encode() + b"\n" + len(bitcode).to_bytes(8, "little") + bitcode + code


def _codegen() -> Any:
    """Numba's compiler for this processor."""
    return cpu_target.target_context.codegen()


def _load(symbol: str, kept: bytes) -> Unit:
    """Put machine code where it can run."""
    returns, _, rest = kept.partition(b"\n")
    size = 8 + int.from_bytes(rest[:8], "little")
    bitcode, code = rest[8:size], rest[size:]
    if returns.decode() == REFUSED:
        raise CannotCompile(bitcode.decode())
    engine = _codegen()._engine._ee
    engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return Unit(symbol, returns.decode(), bitcode, engine.get_function_address(symbol))


@intrinsic
def call_by_address(context: Any, address: Any, record: Any) -> Any:
    """Call a unit by its address and that of its record; 0 where it did not fail."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer, status = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = ir.FunctionType(status, [pointer.as_pointer(), pointer.as_pointer(), pointer]).as_pointer()
        result, exception = cgutils.alloca_once(builder, WORD), cgutils.alloca_once(builder, pointer)
        unit = builder.inttoptr(arguments[0], function)
        record = builder.inttoptr(arguments[1], pointer)
        return builder.call(unit, [builder.bitcast(result, pointer.as_pointer()), exception, record])

    return types.int32(types.int64, types.int64), codegen
