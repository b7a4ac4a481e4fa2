"""The sums over sampling units of one column at a time, exact in as many limbs as they need."""

import numpy as np

from touchstone.tallies.keys import ABSENT, Bits, is_present
from touchstone.tallies.limbs import (
    Integers,
    compiled,
    put_total,
    total_at,
    wide_add,
    wide_cut,
    wide_multiply,
)
from touchstone.tallies.unit_layouts import Layout, Places


def rows_in_order(layout: Layout) -> Places:
    """Give the row that stands at each slot."""
    order = np.empty(int(layout.row_starts[-1]), np.int32)
    inside = np.flatnonzero(layout.slots != ABSENT)
    order[layout.slots[inside]] = inside
    return order


@compiled
def total_units(
    rows: tuple[Places, Integers],
    starts: tuple[Integers, Integers],
    column: tuple[Integers, Bits, int],
    totals: tuple[Integers, Integers, Integers],
    wyy: Integers,
) -> None:
    """Give A, B and the rows of each unit, and Σwy² of each cell, over rows where y is present.

    `rows` are the row at each slot and the weights in that order, `starts` those of units and
    cells. `totals` and `wyy` come filled with zeros.
    """
    order, weights = rows
    row_starts, cell_starts = starts
    values, bits, first_bit = column
    a, b, present = totals
    for cell in range(len(cell_starts) - 1):
        for unit in range(cell_starts[cell], cell_starts[cell + 1]):
            for slot in range(row_starts[unit], row_starts[unit + 1]):
                row = order[slot]
                if is_present(bits, row + first_bit):
                    weight, y, total = weights[slot], values[row], total_at(a, unit)
                    # Cut to the width of a total, which holds it: cheaper to multiply once more.
                    product = wide_cut(wide_multiply(weight, y), total)
                    put_total(a, unit, wide_add(total, product))
                    put_total(wyy, cell, wide_add(total_at(wyy, cell), wide_multiply(product, y)))
                    put_total(b, unit, wide_add(total_at(b, unit), weight))
                    present[unit] += 1


@compiled
def weigh_units(weights: Integers, row_starts: Integers, b: Integers) -> None:
    """Give Σw of each unit, from weights in the order of slots; `b` comes filled with zeros."""
    for unit in range(len(row_starts) - 1):
        for slot in range(row_starts[unit], row_starts[unit + 1]):
            put_total(b, unit, wide_add(total_at(b, unit), weights[slot]))


@compiled
def square_units(
    cell_starts: Integers,
    totals: tuple[Integers, Integers],
    zero: tuple[int, ...],
    sums: tuple[Integers, Integers, Integers],
) -> None:
    """Add up ΣA, ΣA² and ΣAB over the units of each cell."""
    a, b = totals
    total, squares, products = sums
    for cell in range(len(cell_starts) - 1):
        wy, aa, ab = (0, 0), zero, zero
        for unit in range(cell_starts[cell], cell_starts[cell + 1]):
            of_a = total_at(a, unit)
            wy = wide_add(wy, of_a)
            aa = wide_add(aa, wide_multiply(of_a, of_a))
            ab = wide_add(ab, wide_multiply(of_a, total_at(b, unit)))
        for limb in range(total.shape[-1]):
            total[cell, limb] = wy[limb]
        for limb in range(len(zero)):
            squares[cell, limb], products[cell, limb] = aa[limb], ab[limb]


@compiled
def weigh_cells(
    cell_starts: Integers,
    units: tuple[Integers, Integers],
    zero: tuple[int, ...],
    counts: tuple[Integers, Integers],
    sums: tuple[Integers, Integers],
) -> None:
    """Add up rows, units with a row, Σw and ΣB² over the units of each cell."""
    b, present = units
    n, psus = counts
    total, squares = sums
    for cell in range(len(cell_starts) - 1):
        w, bb, rows, holding = (0, 0), zero, 0, 0
        for unit in range(cell_starts[cell], cell_starts[cell + 1]):
            of_b = total_at(b, unit)
            rows += present[unit]
            holding += present[unit] > 0
            w = wide_add(w, of_b)
            bb = wide_add(bb, wide_multiply(of_b, of_b))
        n[cell], psus[cell] = rows, holding
        for limb in range(total.shape[-1]):
            total[cell, limb] = w[limb]
        for limb in range(len(zero)):
            squares[cell, limb] = bb[limb]
