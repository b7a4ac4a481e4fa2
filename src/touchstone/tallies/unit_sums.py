"""Sums per unit and its raters, from tallies: what the mean of a unit and its error need."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.plans import Tallies
from touchstone.tallies.whole_numbers import Numbers, exact_product, exact_totals, whole_numbers


@dataclass(frozen=True, slots=True)
class UnitSums:
    """Exact sums of one variable, one whole number per unit in each list.

    Write y for the stored integer of a value, w for the stored weight (1 without one), and for
    one rater of a unit A = Σ w·y and B = Σ w over the rater's rows where y is present.
    `n` rows with y, `raters` who have such a row, `w` = Σw = ΣB, `wy` = Σwy = ΣA, `wyy` = Σwy²,
    `aa` = ΣA², `ab` = ΣAB, `bb` = ΣB².
    """

    n: list[int]
    raters: list[int]
    w: list[int]
    wy: list[int]
    wyy: list[int]
    aa: list[int]
    ab: list[int]
    bb: list[int]


class UnitColumns(NamedTuple):
    """The same sums as arrays of whole numbers, one entry per unit; see `UnitSums`."""

    n: Numbers
    raters: Numbers
    w: Numbers
    wy: Numbers
    wyy: Numbers
    aa: Numbers
    ab: Numbers
    bb: Numbers


SUM_NAMES = UnitColumns._fields


def sum_units(tallies: Tallies) -> tuple[tuple[str, ...], dict[str, UnitSums]]:
    """Give the units of tallies by one column, sorted, and per variable their sums.

    As `unit_columns`, in plain lists.
    """
    units, columns = unit_columns(tallies)
    sums = {name: UnitSums(*(part.tolist() for part in own)) for name, own in columns.items()}
    return tuple(units.to_pylist()), sums


def unit_columns(tallies: Tallies) -> tuple[pa.Array, dict[str, UnitColumns]]:
    """Give the units of tallies by one column, sorted, and per variable their sums as arrays.

    The design columns of the plan tell the raters of a unit apart. Without any, and without a
    weight, each row is a rater of its own. Rows without a unit are left out.

    Raises ValueError when the plan has not one column in `by`, or a weight but no raters;
    TouchstoneError TALLY-05 when a row has no rater.
    """
    plan = tallies.plan
    if len(plan.by) != 1 or (plan.weight and not plan.design):
        raise ValueError(f"plan must have one column in by, and raters for a weight; got {plan}")
    cells = tallies.cells
    cells = cells.filter(pc.is_valid(cells.column(plan.by[0])))
    _refuse_absent(cells, plan.keys[1:])
    names = [str(name) for name in cells.column("variable").slice(0, len(plan.values)).to_pylist()]
    if not names:
        empty = [np.zeros(0, np.int64)] * len(SUM_NAMES)
        return pa.array([], pa.string()), {name: UnitColumns(*empty) for name in plan.values}
    units, starts = _runs(cells.column(plan.by[0]).combine_chunks(), len(names))
    wholes = {name: whole_numbers(cells.column(name)) for name in ("n", "w", "wy", "wyy")}
    sums = {}
    for place, name in enumerate(names):
        own = {kind: numbers[place :: len(names)] for kind, numbers in wholes.items()}
        sums[name] = _added_up(own, starts, rows_are_raters=not plan.design)
    return units, sums


def _refuse_absent(cells: pa.Table, names: tuple[str, ...]) -> None:
    for name in names:
        if cells.column(name).null_count:
            raise TouchstoneError(
                "TALLY-05",
                where=f"column {name!r}",
                found="some rows of a unit do not say who gave them",
                remedy="Give each row its rater, or leave the column out of the dataset's raters.",
            )


def _runs(units: pa.Array, width: int) -> tuple[pa.Array, Numbers]:
    """Give the distinct units of sorted cells, and the combination at which each begins."""
    runs = pc.run_end_encode(units)
    ends = np.asarray(runs.run_ends) // width
    return runs.values, np.concatenate([[0], ends[:-1]])


def _added_up(own: dict[str, Numbers], starts: Numbers, *, rows_are_raters: bool) -> UnitColumns:
    n, w, wy, wyy = own["n"], own["w"], own["wy"], own["wyy"]
    if rows_are_raters:
        parts = [n, n, w, wy, wyy, wyy, wy, w]
    else:
        parts = [n, np.minimum(n, 1), w, wy, wyy]
        parts += [exact_product(wy, wy), exact_product(wy, w), exact_product(w, w)]
    return UnitColumns(*(exact_totals(part, starts) for part in parts))
