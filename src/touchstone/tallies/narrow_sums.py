"""The sums over sampling units of several columns at a time, where every total fits in 64 bits."""

from typing import NamedTuple

import numpy as np

from touchstone.tallies.limbs import Integers, add_product, compiled, total_at
from touchstone.tallies.packed_rows import PackedRows

BLOCK_CELLS = 64


class CellSums(NamedTuple):
    """Sums of cells, as `design_sums.DesignSums` describes them.

    Of V variables and C cells, limbs last: `wy`, `wyy`, `aa`, `ab` are [V, C, limbs], `n` and
    `psus` [V, C], `w` and `bb` [V, C, limbs]; or [1, C] for the last four, where no value is
    empty, so that all variables have the same rows.
    """

    n: Integers
    psus: Integers
    w: Integers
    bb: Integers
    wy: Integers
    wyy: Integers
    aa: Integers
    ab: Integers


class UnitRows(NamedTuple):
    """Rows in the order of units, and units in that of cells.

    `row_starts`: [units + 1] first row of each unit. `cell_starts`: [cells + 1] first unit of
    each cell. `weights`: [rows]. `b`: [units] Σw of each unit.
    """

    row_starts: Integers
    cell_starts: Integers
    weights: Integers
    b: Integers


class _Unit(NamedTuple):
    """Of the unit at hand and each column: Σwy, and Σw and count of rows without a value."""

    a: Integers
    lost_weight: Integers
    lost_rows: Integers


def sum_cells(
    cells: tuple[int, int], rows: UnitRows, packed: PackedRows, places: Integers, sums: CellSums
) -> None:
    """Fill the sums of some cells, from the first to before the last, for the columns packed.

    `places` says where these stand in `sums`; weights and counts are filled where each variable
    has its own. The caller sees to it that Σw·max(1, max|y|²) stays below 2^63, and the squares
    of totals added up over any cell as well, or that `sums` has more limbs for these.
    """
    width = packed.shape[1]
    totals = (BLOCK_CELLS, width)
    squares = totals if sums.aa.shape[-1] == 1 else (*totals, 2)
    shapes = (totals, totals, totals, squares, totals, totals, squares, squares)
    block = CellSums(*(np.empty(shape, np.int64) for shape in shapes))
    unit = _Unit(*np.zeros((3, width), np.int64))
    _sum_blocks(cells, rows, packed, (unit, block), (places, sums))


@compiled
def _sum_blocks(
    cells: tuple[int, int],
    rows: UnitRows,
    packed: PackedRows,
    scratch: tuple[_Unit, CellSums],
    results: tuple[Integers, CellSums],
) -> None:
    """Sum cells some at a time, and put each column's sums where they belong."""
    unit, block = scratch
    places, sums = results
    has_gaps = len(sums.n) == len(sums.wy)
    for start in range(cells[0], cells[1], BLOCK_CELLS):
        stop = min(start + BLOCK_CELLS, cells[1])
        for cell in range(start, stop):
            here = cell - start
            block.wy[here], block.wyy[here], block.aa[here], block.ab[here] = 0, 0, 0, 0
            if has_gaps:
                block.n[here], block.psus[here], block.w[here], block.bb[here] = 0, 0, 0, 0
                _add_units_with_gaps((cell, here), rows, packed, unit, block)
            else:
                _add_units((cell, here), rows, packed, unit.a, block)
        if has_gaps:
            _put_counts((block.n, block.psus), places, (start, stop), (sums.n, sums.psus))
            _put_sums((block.w, block.w), places, (start, stop), (sums.w, sums.w))
            _put_sums((block.bb, block.bb), places, (start, stop), (sums.bb, sums.bb))
        _put_sums((block.wy, block.wyy), places, (start, stop), (sums.wy, sums.wyy))
        _put_sums((block.aa, block.ab), places, (start, stop), (sums.aa, sums.ab))


@compiled
def _add_units(
    at: tuple[int, int], rows: UnitRows, packed: PackedRows, a: Integers, block: CellSums
) -> None:
    """Add up the units of one cell where no value is empty; `at` has the cell, its place in block.

    The weights of its units are then the same for all columns.
    """
    cell, here = at
    wy, wyy, aa, ab = block.wy[here], block.wyy[here], block.aa[here], block.ab[here]
    for number in range(rows.cell_starts[cell], rows.cell_starts[cell + 1]):
        a[:] = 0
        for row in range(rows.row_starts[number], rows.row_starts[number + 1]):
            weight = rows.weights[row]
            for k in range(len(a)):
                product = weight * packed[row, k]
                a[k] += product
                wyy[k] += product * packed[row, k]
        b = rows.b[number]
        for k in range(len(a)):
            wy[k] += a[k]
            add_product(aa, k, a[k], a[k])
            add_product(ab, k, a[k], b)


@compiled
def _add_units_with_gaps(
    at: tuple[int, int], rows: UnitRows, packed: PackedRows, unit: _Unit, block: CellSums
) -> None:
    """Add up the units of one cell, taking from each the rows where a column is empty."""
    cell, here = at
    a, lost_weight, lost_rows = unit
    n, psus, w, wy = block.n[here], block.psus[here], block.w[here], block.wy[here]
    aa, ab, bb = block.aa[here], block.ab[here], block.bb[here]
    for number in range(rows.cell_starts[cell], rows.cell_starts[cell + 1]):
        first, last = rows.row_starts[number], rows.row_starts[number + 1]
        a[:], lost_weight[:], lost_rows[:] = 0, 0, 0
        _add_rows_with_gaps(range(first, last), rows.weights, packed, unit, block.wyy[here])
        for k in range(len(a)):
            b, count = rows.b[number] - lost_weight[k], last - first - lost_rows[k]
            n[k] += count
            psus[k] += count > 0
            w[k] += b
            wy[k] += a[k]
            add_product(aa, k, a[k], a[k])
            add_product(ab, k, a[k], b)
            add_product(bb, k, b, b)


@compiled
def _add_rows_with_gaps(
    chosen: range, weights: Integers, packed: PackedRows, unit: _Unit, wyy: Integers
) -> None:
    a, lost_weight, lost_rows = unit
    empty = np.iinfo(packed.dtype).min
    for row in chosen:
        weight = weights[row]
        for k in range(len(a)):
            is_empty = packed[row, k] == empty
            y = 0 if is_empty else np.int64(packed[row, k])
            a[k] += weight * y
            wyy[k] += weight * y * y
            lost_weight[k] += weight if is_empty else 0
            lost_rows[k] += is_empty


@compiled
def _put_counts(
    block: tuple[Integers, Integers],
    places: Integers,
    cells: tuple[int, int],
    sums: tuple[Integers, Integers],
) -> None:
    """Write two counts of some cells to the places of their columns."""
    for k in range(len(places)):
        for cell in range(cells[0], cells[1]):
            sums[0][places[k], cell] = block[0][cell - cells[0], k]
            sums[1][places[k], cell] = block[1][cell - cells[0], k]


@compiled
def _put_sums(
    block: tuple[Integers, Integers],
    places: Integers,
    cells: tuple[int, int],
    sums: tuple[Integers, Integers],
) -> None:
    """Write two sums of some cells to the places of their columns, in as many limbs as these."""
    first, last = cells
    for k in range(len(places)):
        for kind in range(2):
            target = sums[kind][places[k]]
            for cell in range(first, last):
                number = total_at(block[kind][cell - first], k)
                for limb in range(len(number)):
                    target[cell, limb] = number[limb]
                for limb in range(len(number), target.shape[1]):
                    target[cell, limb] = number[len(number) - 1] >> 63
