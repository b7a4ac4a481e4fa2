"""The sums over sampling units of one column at a time, exact in as many limbs as they need."""

from touchstone.tallies.keys import Bits, is_present
from touchstone.tallies.limbs import (
    Integers,
    compiled,
    put_total,
    total_at,
    wide_add,
    wide_cut,
    wide_multiply,
)
from touchstone.tallies.narrow_sums import Places


@compiled
def spread_weights(rows: tuple[Places, Places, Integers], b: Integers, present: Integers) -> None:
    """Add w to each unit's B, and count its rows."""
    units, _, weights = rows
    for row in range(len(units)):
        unit = units[row]
        present[unit] += 1
        put_total(b, unit, wide_add(total_at(b, unit), weights[row]))


@compiled
def spread_values(
    rows: tuple[Places, Places, Integers],
    column: tuple[Integers, Bits, int],
    totals: tuple[Integers, Integers, Integers],
    wyy: Integers,
) -> None:
    """Add w·y to each unit's A and w·y² to its cell; take rows without y out of B and count."""
    units, cells, weights = rows
    values, bits, first_bit = column
    a, b, present = totals
    for row in range(len(values)):
        unit, cell, weight = units[row], cells[row], weights[row]
        if is_present(bits, row + first_bit):
            total, y = total_at(a, unit), values[row]
            # Cut to the width of a total, which holds it: cheaper to multiply once more.
            product = wide_cut(wide_multiply(weight, y), total)
            put_total(a, unit, wide_add(total, product))
            put_total(wyy, cell, wide_add(total_at(wyy, cell), wide_multiply(product, y)))
        else:
            put_total(b, unit, wide_add(total_at(b, unit), -weight))
            present[unit] -= 1


@compiled
def square_totals(
    cell_starts: Integers,
    totals: tuple[Integers, Integers, Integers],
    zero: tuple[int, ...],
    sums: tuple[Integers, Integers, Integers],
) -> None:
    """Add up counts, totals, squares and products of the units of each cell."""
    a, b, present = totals
    counts, firsts, seconds = sums
    for cell in range(len(cell_starts) - 1):
        n, psus = 0, 0
        w = wy = (0, 0)
        aa = ab = bb = zero
        for unit in range(cell_starts[cell], cell_starts[cell + 1]):
            of_a, of_b = total_at(a, unit), total_at(b, unit)
            n += present[unit]
            psus += present[unit] > 0
            w, wy = wide_add(w, of_b), wide_add(wy, of_a)
            aa = wide_add(aa, wide_multiply(of_a, of_a))
            ab = wide_add(ab, wide_multiply(of_a, of_b))
            bb = wide_add(bb, wide_multiply(of_b, of_b))
        counts[0, cell], counts[1, cell] = n, psus
        for limb in range(2):
            firsts[0, cell, limb], firsts[1, cell, limb] = w[limb], wy[limb]
        for limb in range(len(zero)):
            seconds[0, cell, limb], seconds[1, cell, limb] = aa[limb], ab[limb]
            seconds[2, cell, limb] = bb[limb]
