"""NamedTuples by reference: compiled code reads them from records that Python has laid out in memory.

A record is a row of 8-byte words: a number is one word, an array its address and shape, a random generator the
addresses of its functions, and a nested tuple the address of its own record. Compiled code gets one address instead of
some six hundred values. No record changes while compiled code runs, which the compiler is told (`invariant.load`), so
that it need not read an address again after every write to an array.
"""

import hashlib
import struct
from ctypes import c_void_p, cast
from functools import cache
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import register_model

WORD = ir.IntType(64)
BYTES = 8
RNG_WORDS = ("state_address", "state", "fnptr_next_uint64", "fnptr_next_uint32", "fnptr_next_double")


class Ref(types.Type):
    """The address of a record of a NamedTuple type."""

    def __init__(self, target: Any) -> None:
        self.target = target
        digest = hashlib.sha256(str(target).encode()).hexdigest()[:16]
        super().__init__(f"Ref({target.instance_class.__qualname__}.{digest})")

    @property
    def key(self) -> Any:
        """What makes two of them the same type."""
        return self.target


@register_model(Ref)
class _RefModel(models.OpaqueModel):
    pass


@infer_getattr
class _Fields(AttributeTemplate):
    key = Ref

    def generic_resolve(self, ref: Any, name: str) -> Any:  # type: ignore[override]  # numba's is NotImplemented
        if name not in ref.target.fields:
            return None
        field = ref.target.types[ref.target.fields.index(name)]
        return Ref(field) if isinstance(field, types.BaseNamedTuple) else field


def _words_of(kind: types.Type) -> int:
    """Number of words of a field."""
    if isinstance(kind, types.Array):
        return 1 + kind.ndim
    return len(RNG_WORDS) if isinstance(kind, types.NumPyRandomGeneratorType) else 1


def size_of(kind: Any) -> int:
    """Bytes of a record."""
    return BYTES * sum(map(_words_of, kind.types))


@lower_getattr_generic(Ref)
def _read_field(context: Any, builder: Any, ref: Ref, address: Any, name: str) -> Any:
    place = ref.target.fields.index(name)
    first, kind = sum(map(_words_of, ref.target.types[:place])), ref.target.types[place]

    def word(number: int, kind: Any = WORD) -> Any:
        words = builder.bitcast(address, kind.as_pointer())
        read = builder.load(builder.gep(words, [WORD(first + number)], inbounds=True))
        read.set_metadata("invariant.load", builder.module.add_metadata([]))
        return read

    if isinstance(kind, types.BaseNamedTuple):
        inner = word(0, cgutils.voidptr_t)
        inner.set_metadata("dereferenceable", builder.module.add_metadata([WORD(size_of(kind))]))  # to be read ahead
        return inner
    if isinstance(kind, types.Array):
        return _array(context, builder, kind, word)
    if isinstance(kind, types.NumPyRandomGeneratorType):
        return _generator(context, builder, kind, word)
    if kind == types.none:
        return context.get_dummy_value()
    if kind == types.float64:
        return word(0, ir.DoubleType())
    return builder.trunc(word(0), ir.IntType(1)) if kind == types.boolean else word(0)


def _array(context: Any, builder: Any, kind: types.Array, word: Any) -> Any:
    array = context.make_array(kind)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    data = word(0, context.get_data_type(kind.dtype).as_pointer())
    shape = [word(1 + axis) for axis in range(kind.ndim)]
    strides: list[Any] = []
    stride = WORD(size)
    for length in reversed(shape):
        strides.insert(0, stride)
        stride = builder.mul(stride, length)
    context.populate_array(array, data=data, shape=shape, strides=strides, itemsize=WORD(size), meminfo=None)
    return array._getvalue()


def _generator(context: Any, builder: Any, kind: Any, word: Any) -> Any:
    generator = cgutils.create_struct_proxy(kind)(context, builder)
    bits = cgutils.create_struct_proxy(types.NumPyRandomBitGeneratorType("bit_generator"))(context, builder)
    for number, name in enumerate(RNG_WORDS):
        setattr(bits, name, word(number))
    generator.bit_generator = bits._getvalue()
    return generator._getvalue()


# Laying out ------------------------------------------------------------------------------------------------------


@cache
def _array_type(dtype: np.dtype, ndim: int) -> types.Array:
    return types.Array(numba.from_dtype(dtype), ndim, "C")


_TYPES: dict[tuple[Any, ...], Any] = {}


def _tuple_type(kind: type, parts: list[types.Type]) -> Any:
    """Numba's type of a NamedTuple, one object for each, since to compare them takes long."""
    key = (kind, *map(id, parts))
    if key not in _TYPES:
        _TYPES[key] = types.NamedTuple(parts, kind)
    return _TYPES[key]


class Record:
    """A NamedTuple laid out in memory, if there is a compiler to read it; it holds all that its addresses point to.

    Parameters
    ----------
    value
        Arrays (contiguous, writable), numbers, random generators, None, and NamedTuples or records of such.

    Raises
    ------
    TypeError
        For a field of another kind; the message names it.
    """

    def __init__(self, value: Any) -> None:
        self.value = value
        self._held: list[Record] = []
        words: list[int] = []
        parts = [self._lay(part, name, words) for name, part in zip(value._fields, value, strict=True)]
        self.type = _tuple_type(type(value), parts)
        self.words = np.array(words, np.uint64)
        self.address = self.words.ctypes.data

    def _lay(self, part: Any, name: str, words: list[int]) -> Any:
        """Append the words of one field; return its type."""
        if isinstance(part, tuple):
            part = Record(part)
        if isinstance(part, Record):
            self._held.append(part)
            words.append(part.address)
            return part.type
        if isinstance(part, np.ndarray):
            if not (part.flags.c_contiguous and part.flags.writeable and part.flags.aligned):
                raise TypeError(f"{name}: compiled code needs arrays that are contiguous and writable; give it a copy")
            words += (part.__array_interface__["data"][0], *part.shape)
            return _array_type(part.dtype, part.ndim)
        if isinstance(part, np.random.Generator):
            bits = part.bit_generator.ctypes
            functions = (bits.next_uint64, bits.next_uint32, bits.next_double)
            words += (bits.state_address, bits.state.value, *(cast(each, c_void_p).value or 0 for each in functions))
            return types.npy_rng
        if part is None or isinstance(part, bool | np.bool_):
            words.append(int(part or 0))
            return types.none if part is None else types.boolean
        if isinstance(part, int | np.integer):
            words.append(int(part) % 2**64)
            return types.int64
        if isinstance(part, float | np.floating):
            words.append(struct.unpack("<Q", struct.pack("<d", part))[0])
            return types.float64
        known = "arrays, numbers, generators and NamedTuples"
        raise TypeError(f"{name}: compiled code takes {known}, not {type(part).__name__}")


def sizes(kind: Any) -> list[int]:
    """Of each word of a record: bytes of the record to which it leads, 0 where it leads to none."""
    inner = [isinstance(part, types.BaseNamedTuple) for part in kind.types]
    return [size_of(part) if leads else 0 for part, leads in zip(kind.types, inner) for _ in range(_words_of(part))]


def value_of(part: Any) -> Any:
    """What a record holds, or the part itself."""
    return part.value if isinstance(part, Record) else part
