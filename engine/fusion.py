"""Fusion: the calls of a tick made one function, for runs that last.

`engine.loop.repeat` calls units by their addresses, which costs some nanoseconds a call, and each reads its record
anew. Where a tick takes a hundred nanoseconds that is much, so a loop that has run for a second is made one function:
LLVM's text of its units is linked below a loop that calls them, and optimised again. Where records share an array the
loop says so. It computes the same, to the byte.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir

from engine.reference import WORD, Record, sizes
from engine.unit import Unit, finished, is_kept, kept_or_made

PATIENCE_S = 1.0  # of running in calls, before a tick is fused
here = True  # whether this process fuses; else it takes what others have kept on the disk
POINTER, STATUS = ir.IntType(8).as_pointer(), ir.IntType(32)
TYPE = ir.FunctionType(STATUS, [POINTER.as_pointer(), POINTER.as_pointer(), POINTER])

_fused: dict[str, Unit] = {}
_spent_s: dict[str, float] = {}


class Fusion:
    """The calls of a tick, as one function or on the way to it.

    Parameters
    ----------
    calls
        Units and their records, in order.
    """

    def __init__(self, calls: Sequence[tuple[Unit, Record]]) -> None:
        self._calls = calls
        words = np.concatenate([record.words for _, record in calls])
        _, first, inverse = np.unique(words, return_index=True, return_inverse=True)
        self._same_as = first[inverse].tolist()  # number of the first word that is the same, for every word
        about = repr(([unit.symbol for unit, _ in calls], self._same_as))
        self.name = f"ticks_{hashlib.sha256(about.encode()).hexdigest()[:32]}"

    def unit(self) -> Unit | None:
        """The function, of the same record as `repeat`; None while it is not worth making."""
        if self.name not in _fused:
            if self.name not in _spent_s:
                _spent_s[self.name] = PATIENCE_S if is_kept(self.name) else 0.0
            if _spent_s[self.name] < PATIENCE_S:
                return None
            if not here and not is_kept(self.name):
                _spent_s[self.name] = 0.0  # ask again in a while
                return None
            _fused[self.name] = self.made()
        return _fused[self.name]

    def made(self) -> Unit:
        """The function, made now where it is not kept."""
        return kept_or_made(self.name, lambda: finished(self.name, "int64", self._module()))

    def spent(self, seconds: float) -> None:
        """The calls have run for so long, one by one."""
        _spent_s[self.name] += seconds

    def _module(self) -> Any:
        """LLVM's text of the units and of a loop that calls them."""
        module = llvm.parse_assembly(str(self._loop()))
        for symbol, bitcode in {unit.symbol: unit.bitcode for unit, _ in self._calls}.items():
            module.link_in(llvm.parse_bitcode(bitcode))
            module.get_function(symbol).add_function_attribute("alwaysinline")
        return module

    def _loop(self) -> ir.Module:
        """`for _ in range(ticks)`: make all calls; the number of one that fails, else -1, is the result."""
        module = ir.Module(self.name)
        module.triple = llvm.get_process_triple()
        units = {name: ir.Function(module, TYPE, name) for name in {unit.symbol: None for unit, _ in self._calls}}
        function = ir.Function(module, TYPE, self.name)
        start, head, body, end = (function.append_basic_block(each) for each in ("start", "head", "body", "end"))
        result, exception, record = function.args
        builder = ir.IRBuilder(start)
        ticks, records = _word(builder, record, 3), self._records(builder, _word(builder, record, 0, POINTER))
        scratch, result = builder.alloca(POINTER), builder.bitcast(result, WORD.as_pointer())
        builder.store(WORD(-1), result)
        builder.branch(head)
        builder.position_at_end(head)
        tick = builder.phi(WORD)
        tick.add_incoming(WORD(0), start)
        builder.cbranch(builder.icmp_signed("<", tick, ticks), body, end)
        builder.position_at_end(body)
        for place, (unit, _) in enumerate(self._calls):
            status = builder.call(units[unit.symbol], [scratch, exception, records[place]])
            with builder.if_then(builder.icmp_signed("!=", status, STATUS(0)), likely=False):
                builder.store(WORD(place), result)
                builder.branch(end)
        tick.add_incoming(builder.add(tick, WORD(1)), builder.block)
        builder.branch(head)
        builder.position_at_end(end)
        builder.ret(STATUS(0))
        return module

    def _records(self, builder: ir.IRBuilder, calls: Any) -> list[Any]:
        """Copies of the records, in which words that are the same are one value."""
        values: list[Any] = []
        copies = []
        for place, (_, record) in enumerate(self._calls):
            address = _word(builder, calls, 2 * place + 1, POINTER)
            copy = builder.alloca(POINTER, len(record.words))
            for number, size in enumerate(sizes(record.type)):
                same = self._same_as[len(values)]
                if same < len(values):
                    values.append(values[same])
                else:
                    values.append(_word(builder, address, number, POINTER))
                    if size:
                        values[-1].set_metadata("dereferenceable", builder.module.add_metadata([WORD(size)]))
                builder.store(values[-1], builder.gep(copy, [WORD(number)]))
            copies.append(builder.bitcast(copy, POINTER))
        return copies


def _word(builder: ir.IRBuilder, record: Any, number: int, kind: Any = WORD) -> Any:
    """A word of a record."""
    words = builder.bitcast(record, kind.as_pointer())
    return builder.load(builder.gep(words, [WORD(number)], inbounds=True))
