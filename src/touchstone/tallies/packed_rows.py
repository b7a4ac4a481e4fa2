"""Some columns of values copied side by side, in the order of sampling units, in few bits.

A row's values then lie in one piece of memory next to those of the other rows of its unit, so that
sums per unit are taken from front to back and never look for a total far away.
"""

from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic

from touchstone.tallies.keys import ABSENT, Bits, is_present
from touchstone.tallies.limbs import Integers, compiled
from touchstone.tallies.unit_layouts import Layout, Places
from touchstone.tallies.workers import share_rows

StoredColumn = tuple[Integers, Bits, int]
PackedRows = npt.NDArray[np.int16] | npt.NDArray[np.int32]

BLOCK_ROWS = 1024
ROWS_AHEAD = 16
CACHE_LINE = 64
# The flags of LLVM's prefetch: for writing, to keep near, memory of numbers (not of code).
TO_WRITE = (1, 3, 1)


def pack_rows(columns: Sequence[StoredColumn], layout: Layout, largest: int) -> PackedRows:
    """Copy columns to [rows in the order of slots, columns], in 16 or 32 bits.

    `largest` is max|y| of them all, below 2^31. An empty place holds the least number of the
    type, which no value is.
    """
    kind = np.int16 if largest < 2**15 else np.int32
    packed = np.empty((int(layout.row_starts[-1]), len(columns)), kind)
    # Compiled code takes any number of columns by their addresses; no bits stand at address 0.
    addresses = np.array(
        [[_address(values), _address(bits) if len(bits) else 0] for values, bits, _ in columns],
        np.int64,
    )
    first_bits = np.array([first_bit for _, _, first_bit in columns], np.int64)

    def pack(rows: slice) -> None:
        _pack_some((rows.start, rows.stop), layout.slots, (addresses, first_bits), packed)

    share_rows(pack, len(layout.slots))
    return packed


def _address(content: npt.NDArray[Any]) -> int:
    return int(content.__array_interface__["data"][0])


def _pointer(_typing: Any, address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())

    return numba.types.voidptr(address), generate


def _fetch_early(_typing: Any, array: Any, place: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        content = context.make_array(signature.args[0])(context, builder, arguments[0])
        number, byte = ir.IntType(32), ir.IntType(8).as_pointer()
        step = cgutils.unpack_tuple(builder, content.strides)[0]
        row = builder.sext(arguments[1], step.type)
        first = builder.gep(builder.bitcast(content.data, byte), [builder.mul(row, step)])
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        for shift in (0, CACHE_LINE):
            at = builder.gep(first, [ir.Constant(step.type, shift)])
            builder.call(fetch, [at, *(ir.Constant(number, flag) for flag in TO_WRITE)])
        return context.get_dummy_value()

    return numba.types.none(array, place), generate


# In compiled code: pointer(address) gives the memory at an address, for numba.carray.
pointer: Any = intrinsic(_pointer)
# In compiled code: fetch_early(array, place) asks for the memory of one row (two lines of it)
# before it is needed. Rows go to places far apart, so that without it the processor waits for
# memory most of the time. The place is an int32 and need not exist.
fetch_early: Any = intrinsic(_fetch_early)


@compiled
def _pack_some(
    chosen: tuple[int, int],
    slots: Places,
    columns: tuple[Integers, Integers],
    packed: PackedRows,
) -> None:
    """Copy some rows, by way of a block of them that stays near the processor."""
    first, last = chosen
    block = np.empty((BLOCK_ROWS, packed.shape[1]), packed.dtype)
    for start in range(first, last, BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, last)
        _read_block((start, stop), columns, block)
        for row in range(start, stop):
            if row + ROWS_AHEAD < last:
                fetch_early(packed, slots[row + ROWS_AHEAD])
            if slots[row] != ABSENT:
                # Without a sign, so that no check for places counted from the end is compiled.
                slot = np.uint32(slots[row])
                for k in range(packed.shape[1]):
                    packed[slot, k] = block[row - start, k]


@compiled
def _read_block(
    chosen: tuple[int, int], columns: tuple[Integers, Integers], block: PackedRows
) -> None:
    """Copy some rows as they follow each other, and mark where a column is empty."""
    addresses, first_bits = columns
    first, last = chosen
    empty = np.iinfo(block.dtype).min
    for k in range(len(addresses)):
        values = numba.carray(pointer(addresses[k, 0]), (last,), np.int64)
        for row in range(first, last):
            block[row - first, k] = values[row]
        if addresses[k, 1]:
            count = (last + first_bits[k]) // 8 + 1
            bits = numba.carray(pointer(addresses[k, 1]), (count,), np.uint8)
            for row in range(first, last):
                if not is_present(bits, row + first_bits[k]):
                    block[row - first, k] = empty
