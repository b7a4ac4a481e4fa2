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
from numba.extending import intrinsic

from touchstone.tallies.keys import ABSENT, Bits, is_present
from touchstone.tallies.limbs import Integers, compiled
from touchstone.tallies.unit_layouts import Layout, Places
from touchstone.tallies.workers import share_rows

StoredColumn = tuple[Integers, Bits, int]
PackedRows = npt.NDArray[np.int16] | npt.NDArray[np.int32]

BLOCK_ROWS = 1024
ROWS_AHEAD = 16
NUMBER_BYTES, NUMBERS_PER_LINE = 8, 8
# The flags of LLVM's prefetch: to write or not, how near to keep, memory of numbers (not of code).
TO_READ, TO_WRITE = (0, 2, 1), (1, 3, 1)


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


def _fetch(flags: tuple[int, int, int]) -> Any:
    def declare(_typing: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            number, byte = ir.IntType(32), ir.IntType(8).as_pointer()
            kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
            fetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
            place = builder.inttoptr(arguments[0], byte)
            builder.call(fetch, [place, *(ir.Constant(number, flag) for flag in flags)])
            return context.get_dummy_value()

        return numba.types.none(address), generate

    return intrinsic(declare)


# In compiled code: pointer(address) gives the memory at an address, for numba.carray.
pointer: Any = intrinsic(_pointer)
# In compiled code: these ask for a line of memory before it is needed, which need not exist. Rows
# go to places far apart, so that without it the processor waits for memory most of the time.
fetch_to_read: Any = _fetch(TO_READ)
fetch_to_write: Any = _fetch(TO_WRITE)


@compiled
def _pack_some(
    chosen: tuple[int, int],
    slots: Places,
    columns: tuple[Integers, Integers],
    packed: PackedRows,
) -> None:
    """Copy some rows, by way of a block of them that stays near the processor."""
    first, last = chosen
    addresses = columns[0][:, 0]
    begin, row_bytes = packed.ctypes.data, packed.strides[0]
    block = np.empty((BLOCK_ROWS, packed.shape[1]), packed.dtype)
    for start in range(first, last, BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, last)
        _read_block((start, stop), columns, block)
        for row in range(start, stop):
            if row + ROWS_AHEAD < last:
                place = begin + np.int64(slots[row + ROWS_AHEAD]) * row_bytes
                fetch_to_write(place)
                fetch_to_write(place + row_bytes - 1)
            if row % NUMBERS_PER_LINE == 0:
                for k in range(len(addresses)):
                    fetch_to_read(addresses[k] + (row + BLOCK_ROWS) * NUMBER_BYTES)
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
