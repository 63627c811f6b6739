"""Generic functions: one name, one body per type of state; and the kernels they are made of.

A world's state and a learner's mind are NamedTuples of arrays. `@generic` turns a stub into a function whose body
is chosen by the type of its first argument, from Python at run time and from compiled code at compile time, so that
worlds and minds are compiled apart and meet in one loop.
"""

import functools
from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterator
from typing import Any

import numba
from numba import types
from numba.core.errors import TypingError
from numba.extending import overload

from engine.reference import Record, Ref, value_of
from engine.unit import Unit, unit

# Kernels count no references (`_nrt=False`): the caller holds every array meanwhile; the price is that a kernel cannot
# allocate arrays or assign one slice to another. The "numpy" error model divides by zero without raising, which keeps
# the bodies short enough to inline.
_OPTIONS: Any = {
    "error_model": "numpy", "forceinline": True, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True,
}  # fmt: skip
kernel = numba.njit(**_OPTIONS)
subroutine = numba.njit(**{**_OPTIONS, "forceinline": False})  # large, with several callers in one unit
unrolled = numba.literal_unroll
index = numba.uint64  # of a place that cannot be negative: spares the question whether to count from the end

HAS_COMPILER = not numba.config.DISABLE_JIT  # type: ignore[attr-defined]  # numba.config makes them
BODIES: defaultdict[type, set[str]] = defaultdict(set)  # type of state -> modules that have bodies for it


class Call:
    """A function with its arguments, ready to be called again and again; compiled code calls it by its address."""

    def __init__(self, unit: Unit, record: Record) -> None:
        self.unit, self.record = unit, record
        self.addresses = unit.address, record.address

    def __call__(self) -> Any:
        """Call it."""
        return self.unit(self.record)

    def by(self, other: Unit) -> Any:
        """Let another unit of the same arguments do it."""
        return other(self.record)


class Entry:
    """A function that Python calls and that runs compiled, once for each type of its arguments.

    Parameters
    ----------
    function
        Of arrays, numbers, random generators and NamedTuples of such; returns a number or nothing.
    callee
        What compiled code calls in its place: a kernel of the same text, or a generic function.
    """

    def __init__(self, function: Callable[..., Any], callee: Any) -> None:
        functools.update_wrapper(self, function)
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        self.py_func, self._arguments = function, namedtuple("Arguments", names)
        scope = {"callee": callee}
        exec(f"def {function.__name__}(record): return callee({', '.join(f'record.{n}' for n in names)})", scope)
        self._of_record = scope[function.__name__]
        self._units: dict[Any, Unit] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Call it (raises TypeError for arguments that compiled code cannot take)."""
        return self.bind(*arguments)()

    def bind(self, *arguments: Any) -> Callable[[], Any]:
        """Lay out arguments once for many calls; a `Record` may stand for its NamedTuple.

        Without a compiler (NUMBA_DISABLE_JIT) it is a call of the function as it is.
        """
        if not HAS_COMPILER:
            return functools.partial(self.py_func, *map(value_of, arguments))
        record = Record(self._arguments(*arguments))
        if record.type not in self._units:  # types are one object each
            modules = {self.__module__, *_modules(record.type)}
            self._units[record.type] = unit(self._of_record, record.type, modules, _OPTIONS)
        return Call(self._units[record.type], record)


def entry(function: Callable[..., Any]) -> Entry:
    """A function of kernels that Python calls."""
    return Entry(function, kernel(function))


def _modules(kind: Any) -> Iterator[str]:
    """Modules of all bodies for a type of NamedTuple and for those inside."""
    yield from BODIES[kind.instance_class]
    for part in kind.types:
        if isinstance(part, types.BaseNamedTuple):
            yield from _modules(part)


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
    bodies: dict[type, Callable[..., None]] = {}

    def body_of(kind: type) -> Callable[..., None]:
        if kind in bodies or has_default:
            return bodies.get(kind, stub)
        known = ", ".join(sorted(each.__name__ for each in bodies)) or "none yet"
        raise TypeError(
            f"{name} has no body for {kind.__name__} (bodies exist for: {known}); "
            f"write one under @{name}.body_for({kind.__name__}), or give the class a method `{name}`; "
            "where there is one, the model must import its module"
        )

    def is_idle(kind: type) -> bool:
        """Whether the stub itself serves a type, and no method of its own."""
        return has_default and kind not in bodies and not hasattr(kind, name)

    def bind(first: Any, *rest: Any) -> Callable[[], Any]:
        """The call with these arguments, to be made again and again."""
        state = value_of(first)
        if not isinstance(state, tuple) and hasattr(state, name):
            return functools.partial(getattr(state, name), *rest)
        body_of(type(state))  # refuses in words what the compiler would refuse in pages
        return compiled.bind(first, *rest)

    @functools.wraps(stub)
    def call(first, *rest):
        return bind(first, *rest)()

    def body_for(kind: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
        def register(body: Callable[..., None]) -> Callable[..., None]:
            bodies[kind] = body
            BODIES[kind].add(body.__module__)
            return body

        return register

    @overload(call, strict=False, jit_options=_OPTIONS)
    def choose(first, *rest):
        target: Any = first.target if isinstance(first, Ref) else first
        kind = getattr(target, "instance_class", None)  # of numba's types only those of NamedTuples have one
        try:
            return kind and body_of(kind)
        except TypeError as error:
            raise TypingError(str(error)) from None

    compiled = Entry(stub, call)
    compiled.py_func = lambda first, *rest: body_of(type(first))(first, *rest)
    call.bind, call.body_for, call.body_of, call.is_idle = bind, body_for, body_of, is_idle  # type: ignore[attr-defined]
    return call
