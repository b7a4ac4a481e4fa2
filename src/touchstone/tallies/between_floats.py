"""Means, totals and their variances as floating-point numbers, from exact sums in one pass."""

from typing import Any

import numpy as np
import numpy.typing as npt

from touchstone.tallies.between import BetweenTable
from touchstone.tallies.limbs import (
    Integers,
    compiled,
    limbs_at,
    wide_add,
    wide_multiply,
    wide_subtract,
)

Floats = npt.NDArray[np.float64]
# Squares of totals in one limb or two, with room for factors and for sums over strata.
FORESEEN = (4, 5)


def mean_floats(table: BetweenTable) -> tuple[Floats, Floats] | None:
    """Give the means wy/w and their linearised variances, [V, D] each, in the stored values' unit.

    Numerators are worked out exactly, then rounded; so a figure differs from the exact one in
    its last binary places only. NaN where there is no row. None where the sums take more limbs
    than are foreseen, which `BetweenTable.cells` can always do.
    """
    if not _is_narrow(table):
        return None
    found = np.full((2, *table.counts.shape[::2]), np.nan)
    sums = (table.counts, table.firsts, table.seconds[:, :, 0])
    _mean_floats(sums, (0,) * table.seconds.shape[4], float(table.denominator), found)
    return found[0], found[1]


def total_floats(table: BetweenTable) -> tuple[Floats, Floats] | None:
    """Give the totals wy and their variances, [V, D] each, in stored units; None as above."""
    if not _is_narrow(table):
        return None
    found = np.full((2, *table.counts.shape[::2]), np.nan)
    sums = (table.counts, table.firsts, table.seconds[:, 0, 0])
    _total_floats(sums, (0,) * table.seconds.shape[4], float(table.denominator), found)
    return found[0], found[1]


def _is_narrow(table: BetweenTable) -> bool:
    """Tell whether Σw and Σwy take one limb, and squares no more than are foreseen."""
    digits, limbs = table.seconds.shape[2], table.seconds.shape[4]
    low, high = table.firsts[:, :2, :, 0], table.firsts[:, :2, :, 1]
    return digits == 1 and limbs in FORESEEN and bool((high == low >> 63).all())


@compiled
def _mean_floats(
    sums: tuple[Integers, Integers, Integers],
    zero: tuple[int, ...],
    denominator: float,
    found: Floats,
) -> None:
    counts, firsts, seconds = sums
    for v in range(counts.shape[0]):
        for d in range(counts.shape[2]):
            if counts[v, 0, d] == 0:
                continue
            w, wy = firsts[v, 0, d, 0], firsts[v, 1, d, 0]
            aa, ab = limbs_at(seconds[v, 0], d, zero), limbs_at(seconds[v, 1], d, zero)
            bb = limbs_at(seconds[v, 2], d, zero)
            numerator = wide_multiply(aa, wide_multiply(w, w))
            across = wide_multiply(ab, wide_multiply(w, wy))
            numerator = wide_subtract(wide_subtract(numerator, across), across)
            numerator = wide_add(numerator, wide_multiply(bb, wide_multiply(wy, wy)))
            square = float(w) * float(w)
            found[0, v, d] = wy / w
            found[1, v, d] = _to_float(numerator) / (square * square * denominator)


@compiled
def _total_floats(
    sums: tuple[Integers, Integers, Integers],
    zero: tuple[int, ...],
    denominator: float,
    found: Floats,
) -> None:
    counts, firsts, seconds = sums
    for v in range(counts.shape[0]):
        for d in range(counts.shape[2]):
            if counts[v, 0, d]:
                found[0, v, d] = firsts[v, 1, d, 0]
                found[1, v, d] = _to_float(limbs_at(seconds[v], d, zero)) / denominator


@compiled
def _to_float(number: Any) -> float:
    """Give a number of several limbs as a float, its lowest limbs added first."""
    is_negative = number[len(number) - 1] < 0
    total, scale, carry = 0.0, 1.0, np.uint64(1)
    for limb in number:
        part = np.uint64(limb)
        if is_negative:
            part = ~part + carry
            carry = np.uint64(1) if carry and part == np.uint64(0) else np.uint64(0)
        total += float(part) * scale
        scale *= 2.0**64
    return -total if is_negative else total
