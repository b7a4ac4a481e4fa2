"""The sums over sampling units of several columns at a time, where every total fits in 64 bits."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic

from touchstone.tallies.keys import Bits, is_present
from touchstone.tallies.limbs import Integers, compiled

BLOCK_ROWS = 2048
BLOCK_CELLS = 64
# What is summed of each cell and column, in the order in which blocks of cells hold it.
FIGURES = ("rows", "units", "w", "ww", "wy", "aa", "ab", "wyy")
# Totals of one group of columns take at most this many numbers, so that memory stays bounded.
MOST_TOTALS = 2**23
MOST_COLUMNS = 16
CACHE_LINE = 64
ROWS_AHEAD = 12
# The flags of LLVM's prefetch: for writing, to keep near, memory of numbers (not of code).
TO_WRITE = (1, 3, 1)

Places = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
StoredColumn = tuple[Integers, Bits, int]


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


# In compiled code: fetch_early(array, place) asks for the memory of one row (two lines of it)
# before it is needed. The rows of a domain lie scattered over the table, so that without it the
# processor waits for memory most of the time. The place is an int32 and need not exist.
fetch_early: Any = intrinsic(_fetch_early)


class GroupTotals(NamedTuple):
    """Totals of K columns side by side, so that one row touches memory once for all of them.

    `a`: [units, K] Σwy of each unit. `wyy`: [cells, K]. `lost_weight`, `lost_rows`: [units, K]
    Σw and count of the rows where a column is empty; [0, K] when no column is.
    """

    a: Integers
    wyy: Integers
    lost_weight: Integers
    lost_rows: Integers


def group_size(units: int, columns: int, workers: int) -> int:
    """Give the columns to sum at a time: an equal part for each worker, as memory allows."""
    fair = -(-columns // workers)
    return max(1, min(fair, MOST_COLUMNS, MOST_TOTALS // max(units, 1)))


def spread_group(
    rows: tuple[Places, Places, Integers],
    columns: Sequence[StoredColumn],
    shape: tuple[int, int],
) -> GroupTotals:
    """Sum some columns over units and cells; `shape` has the number of units and of cells.

    `rows` are each row's unit, cell and weight. The caller sees to it that Σw·max(1, max|y|²)
    stays below 2^63.
    """
    width = len(columns)
    has_gaps = any(len(bits) for _, bits, _ in columns)
    lost = (shape[0] if has_gaps else 0, width)
    totals = GroupTotals(
        np.zeros((shape[0], width), np.int64),
        np.zeros((shape[1], width), np.int64),
        np.zeros(lost, np.int64),
        np.zeros(lost, np.int64),
    )
    count = len(rows[0])
    values = np.empty((min(BLOCK_ROWS, count), width), np.int64)
    absent = np.zeros((len(values) if has_gaps else 0, width), np.bool_)
    for start in range(0, count, BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, count)
        for place, column in enumerate(columns):
            values[: stop - start, place] = column[0][start:stop]
            if has_gaps:
                _mark_gaps(column, start, values[: stop - start, place], absent[:, place])
        block = (rows[0][start:stop], rows[1][start:stop], rows[2][start:stop])
        _spread_block(block, values, absent, totals)
    return totals


@compiled
def _mark_gaps(column: StoredColumn, start: int, values: Integers, absent: Flags) -> None:
    """Mark where a column is empty, and put 0 there."""
    _, bits, first_bit = column
    for row in range(len(values)):
        absent[row] = not is_present(bits, start + row + first_bit)
        if absent[row]:
            values[row] = 0


@compiled
def _spread_block(
    rows: tuple[Places, Places, Integers], values: Integers, absent: Flags, totals: GroupTotals
) -> None:
    units, cells, weights = rows
    a, wyy, lost_weight, lost_rows = totals
    for row in range(len(units)):
        unit, cell, weight = units[row], cells[row], weights[row]
        if row + ROWS_AHEAD < len(units):
            fetch_early(a, units[row + ROWS_AHEAD])
            fetch_early(wyy, cells[row + ROWS_AHEAD])
        for k in range(a.shape[1]):
            product = weight * values[row, k]
            a[unit, k] += product
            wyy[cell, k] += product * values[row, k]
        if len(absent):
            for k in range(a.shape[1]):
                if absent[row, k]:
                    lost_weight[unit, k] += weight
                    lost_rows[unit, k] += 1


def are_squares_narrow(totals: GroupTotals, b: Integers, cell_starts: Integers) -> bool:
    """Tell whether the squares of a group's totals, added up over any cell, fit in 64 bits.

    The last unit holds the rows outside every domain, which are in no cell.
    """
    largest = max(_size(totals.a[:-1]), _size(b[:-1]))
    most_units = int(np.diff(cell_starts).max(initial=0))
    return largest * largest * most_units < 2**63


@compiled
def square_group(
    cell_starts: Integers,
    totals: GroupTotals,
    units: tuple[Integers, Integers],
    positions: Integers,
    sums: tuple[Integers, Integers, Integers],
) -> None:
    """Add up counts, totals, squares and products of the units of each cell, for each column.

    `units` are Σw and the rows of each unit, of all columns; `positions` says where the columns
    of the group stand in `sums`: counts [V, 2, C], firsts [V, 3, C, 2], seconds [V, 3, C, limbs].
    """
    width = totals.a.shape[1]
    # Rows, units, Σw, Σw² of a cell; then Σwy, ΣA², ΣAB.
    of_units, of_values = np.empty((4, width), np.int64), np.empty((3, width), np.int64)
    # Cells are put down some at a time, since each column has its own place in memory.
    block = np.empty((width, len(FIGURES), BLOCK_CELLS), np.int64)
    cells = len(cell_starts) - 1
    for start in range(0, cells, BLOCK_CELLS):
        stop = min(start + BLOCK_CELLS, cells)
        for cell in range(start, stop):
            first, last = cell_starts[cell], cell_starts[cell + 1]
            if len(totals.lost_rows):
                _add_with_gaps(range(first, last), totals, units, (of_units, of_values))
            else:
                _add_without_gaps(range(first, last), totals.a, units, (of_units, of_values))
            for k in range(width):
                for figure in range(4):
                    block[k, figure, cell - start] = of_units[figure, k]
                for figure in range(3):
                    block[k, 4 + figure, cell - start] = of_values[figure, k]
                block[k, 7, cell - start] = totals.wyy[cell, k]
        _put_block(block, positions, (start, stop), sums)


@compiled
def _put_block(
    block: Integers,
    positions: Integers,
    cells: tuple[int, int],
    sums: tuple[Integers, Integers, Integers],
) -> None:
    """Write the figures of some cells to the places of their columns."""
    counts, firsts, seconds = sums
    start, stop = cells
    for k in range(len(positions)):
        place, here = positions[k], block[k]
        for cell in range(start, stop):
            counts[place, 0, cell] = here[0, cell - start]
            counts[place, 1, cell] = here[1, cell - start]
        for kind, figure in enumerate((2, 4, 7)):
            for cell in range(start, stop):
                _put_narrow(firsts[place, kind, cell], here[figure, cell - start])
        for kind, figure in enumerate((5, 6, 3)):
            for cell in range(start, stop):
                _put_narrow(seconds[place, kind, cell], here[figure, cell - start])


@compiled
def _add_without_gaps(
    chosen: range,
    a: Integers,
    units: tuple[Integers, Integers],
    added: tuple[Integers, Integers],
) -> None:
    """Add up units where no column is empty, so that weights and counts are the same for all."""
    b, present = units
    of_units, of_values = added
    of_values[:] = 0
    rows, holding, w, bb = 0, 0, 0, 0
    for unit in chosen:
        of_b = b[unit]
        rows += present[unit]
        holding += present[unit] > 0
        w += of_b
        bb += of_b * of_b
        for k in range(a.shape[1]):
            of_values[0, k] += a[unit, k]
            of_values[1, k] += a[unit, k] * a[unit, k]
            of_values[2, k] += a[unit, k] * of_b
    of_units[0], of_units[1], of_units[2], of_units[3] = rows, holding, w, bb


@compiled
def _add_with_gaps(
    chosen: range,
    totals: GroupTotals,
    units: tuple[Integers, Integers],
    added: tuple[Integers, Integers],
) -> None:
    """Add up units, taking from each the rows where a column is empty."""
    b, present = units
    of_units, of_values = added
    of_units[:], of_values[:] = 0, 0
    for unit in chosen:
        for k in range(totals.a.shape[1]):
            of_a = totals.a[unit, k]
            of_b = b[unit] - totals.lost_weight[unit, k]
            rows = present[unit] - totals.lost_rows[unit, k]
            of_units[0, k] += rows
            of_units[1, k] += rows > 0
            of_units[2, k] += of_b
            of_units[3, k] += of_b * of_b
            of_values[0, k] += of_a
            of_values[1, k] += of_a * of_a
            of_values[2, k] += of_a * of_b


@compiled
def _put_narrow(limbs: Integers, number: int) -> None:
    """Write a number of one limb to a place for more, which repeat its sign."""
    limbs[0] = number
    limbs[1:] = number >> 63


def _size(numbers: Integers) -> int:
    return max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))
