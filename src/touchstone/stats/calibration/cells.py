"""Rows collapsed to the cells that all their categories make together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.stats.calibration.margins import Codes, Floats, Margin
from touchstone.tallies.limbs import Integers, compiled
from touchstone.tallies.workers import share_work

# Cells are summed in this many parts of the rows, whatever the number of processors, so that sums
# do not depend on it.
PARTS = 8
# Cells that there could be at most without their numbers being made dense first.
MOST_CELLS = 2**20


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Rows collapsed to C cells that hold weight, for M margins.

    - `of_row`: [rows] the number of a row's combination; `place`: [combinations] its cell, or −1
      for one without weight.
    - `levels`: [C, M] the category of each cell in each margin.
    - `weights`: [C] the sum of the weights of its rows.
    """

    of_row: npt.NDArray[np.int32]
    place: Integers
    levels: Integers
    weights: Floats


def collapse(margins: Sequence[Margin], weights: Floats) -> Cells:
    """Sum the weights of the rows of each combination of categories, in one pass.

    Categories are digits of a number with mixed radix, so that no table of rows is sorted.

    Raises TouchstoneError CALIBRATION-02 for a row without category, CALIBRATION-06 for a weight
    that is missing, below 0 or not finite, or when no row has a weight.

    >>> sex = Margin("sex", ("f", "m"), np.array([0, 1, 1]), np.array([1.0, 1.0]))
    >>> cells = collapse([sex], np.array([2.0, 3.0, 4.0]))
    >>> cells.levels.tolist(), cells.weights.tolist()
    ([[0], [1]], [2.0, 7.0])
    """
    radices = [len(margin.labels) for margin in margins]
    possible = int(np.prod([float(one) for one in radices])) if radices else 1
    if possible > MOST_CELLS:
        return _collapse_by_sorting(margins, weights)
    of_row = np.zeros(len(weights), np.int32)
    sums = np.zeros((PARTS, possible))
    bounds = np.linspace(0, len(weights), PARTS + 1).astype(np.int64)
    is_sound = np.ones((PARTS, len(margins) + 1), np.bool_)

    def sum_some(parts: Iterable[int]) -> None:
        for part in parts:
            rows = slice(bounds[part], bounds[part + 1])
            for place, margin in enumerate(margins):
                codes = margin.codes[rows]
                is_sound[part, place] = _append_digit(of_row[rows], codes, radices[place])
            if is_sound[part, : len(margins)].all():
                is_sound[part, -1] = _sum_cells(of_row[rows], weights[rows], sums[part])

    share_work(sum_some, PARTS)
    if not is_sound.all():
        _refuse(margins, weights)
    return _occupied(of_row, sums.sum(axis=0), radices, weights)


def spread_factors(cells: Cells, factors: Floats, weights: Floats) -> Floats:
    """Give each row's weight times the factor of its cell; rows without weight keep 0.

    >>> sex = Margin("sex", ("f", "m"), np.array([0, 1, 1]), np.array([1.0, 1.0]))
    >>> weights = np.array([2.0, 3.0, 4.0])
    >>> spread_factors(collapse([sex], weights), np.array([0.5, 2.0]), weights).tolist()
    [1.0, 6.0, 8.0]
    """
    of_combination = np.append(factors, 0.0)[cells.place]
    found = np.empty(len(weights))
    bounds = np.linspace(0, len(weights), PARTS + 1).astype(np.int64)

    def spread_some(parts: Iterable[int]) -> None:
        for part in parts:
            rows = slice(bounds[part], bounds[part + 1])
            _multiply(cells.of_row[rows], weights[rows], of_combination, found[rows])

    share_work(spread_some, PARTS)
    return found


def cell_of_rows(cells: Cells) -> Integers:
    """Give the cell of each row; −1 for a row in a combination without weight."""
    found: Integers = cells.place[cells.of_row]
    return found


def _occupied(
    of_row: npt.NDArray[np.int32], sums: Floats, radices: Sequence[int], weights: Floats
) -> Cells:
    held = np.flatnonzero(sums > 0)
    if not len(held):
        raise TouchstoneError(
            "CALIBRATION-06",
            where="the weights",
            found=f"{len(weights)} rows, none of which has a weight above 0",
            remedy="Give at least one row a weight.",
        )
    place = np.full(len(sums), -1, np.int64)
    place[held] = np.arange(len(held))
    levels = np.empty((len(held), len(radices)), np.int64)
    rest = held
    for digit in range(len(radices) - 1, -1, -1):
        rest, levels[:, digit] = np.divmod(rest, radices[digit])
    return Cells(of_row, place, levels, sums[held])


def _collapse_by_sorting(margins: Sequence[Margin], weights: Floats) -> Cells:
    """Number only the combinations that occur, where there could be very many."""
    _refuse(margins, weights)
    numbers = np.zeros(len(weights), np.int64)
    found = np.zeros((1, 0), np.int64)
    for margin in margins:
        known, numbers = np.unique(numbers * len(margin.labels) + margin.codes, return_inverse=True)
        above, digit = np.divmod(known, len(margin.labels))
        found = np.column_stack([found[above], digit])
    sums = np.bincount(numbers, weights, len(found)).astype(np.float64)
    cells = _occupied(numbers.astype(np.int32), sums, (), weights)
    return Cells(cells.of_row, cells.place, found[sums > 0], cells.weights)


def _refuse(margins: Sequence[Margin], weights: Floats) -> None:
    """Say which row lacks a category or a weight, when one does."""
    for margin in margins:
        bad = (margin.codes < 0) | (margin.codes >= len(margin.labels))
        if bad.any():
            raise TouchstoneError(
                "CALIBRATION-02",
                where=f"margin {margin.name!r}",
                found=f"{int(bad.sum())} rows without one of its categories, the first of them "
                f"row {int(np.flatnonzero(bad)[0]) + 1}",
                remedy="Give each row a category for which there is a target, or take it out.",
            )
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        raise TouchstoneError(
            "CALIBRATION-06",
            where=f"the weight of row {int(np.flatnonzero(bad)[0]) + 1}",
            found=f"{int(bad.sum())} weights that are missing, below 0 or not finite",
            remedy="Give each row a weight of 0 or more.",
        )


@compiled
def _append_digit(numbers: npt.NDArray[np.int32], codes: Codes, radix: int) -> bool:
    """Append a digit to the number of each row; False when a code is no digit."""
    faults = 0
    for row in range(len(numbers)):
        code = np.int64(codes[row])
        faults += int(code < 0 or code >= radix)
        numbers[row] = numbers[row] * radix + code
    return faults == 0


@compiled
def _sum_cells(numbers: npt.NDArray[np.int32], weights: Floats, sums: Floats) -> bool:
    """Add weights to the sums of their cells; False when one is below 0 or no number."""
    faults = 0
    for row in range(len(numbers)):
        weight = weights[row]
        faults += int(not 0.0 <= weight < np.inf)
        sums[numbers[row]] += weight
    return faults == 0


@compiled
def _multiply(
    numbers: npt.NDArray[np.int32], weights: Floats, factors: Floats, found: Floats
) -> None:
    for row in range(len(numbers)):
        found[row] = weights[row] * factors[numbers[row]]
