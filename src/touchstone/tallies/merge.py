"""Add tallies of parts of the rows: the sum equals the tallies of the whole."""

from collections.abc import Sequence

import pyarrow as pa

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.plans import SUM_TYPE, SUMS, Tallies, sort_cells


def merge_tallies(parts: Sequence[Tallies]) -> Tallies:
    """Add up tallies of the same plan and places, such as those of the cities of a province.

    When no row stands in two parts, the result equals the tallies of all rows together.

    Raises ValueError without parts, TouchstoneError TALLY-06 when plans or places differ and
    TALLY-07 when a sum would no longer fit into 38 digits.
    """
    if not parts:
        raise ValueError("parts must hold at least one Tallies; got none")
    first = parts[0]
    for position, part in enumerate(parts[1:], start=2):
        for name, value in first.as_record().items():
            if part.as_record()[name] != value:
                _refuse_part(position, name, value, part.as_record()[name])
    plan = first.plan
    keys = [*plan.keys, "variable"]
    together = pa.concat_tables([part.cells for part in parts])
    # Wide while adding: Arrow would let a sum of decimal128 run over in silence.
    wide = [together.column(name).cast(pa.decimal256(76, 0)) for name in SUMS]
    together = together.select([*keys, "n"])
    for name, values in zip(SUMS, wide, strict=True):
        together = together.append_column(name, values)
    added = together.group_by(keys).aggregate([(name, "sum") for name in ("n", *SUMS)])
    names = [*keys, *(f"{name}_sum" for name in ("n", *SUMS))]
    cells = added.select(names).rename_columns([*keys, "n", *SUMS])
    return Tallies(
        plan, first.weight_places, first.value_places, sort_cells(_narrowed(cells), plan)
    )


def _narrowed(cells: pa.Table) -> pa.Table:
    for place, name in enumerate(cells.column_names):
        if name in SUMS:
            try:
                values = cells.column(name).cast(SUM_TYPE)
            except pa.ArrowInvalid as fault:
                raise TouchstoneError(
                    "TALLY-07",
                    where=f"tallies, sums {name!r}",
                    found="a sum has more than 38 digits",
                    remedy="Keep fewer decimal places of the values or of the weight.",
                ) from fault
            cells = cells.set_column(place, name, values)
    return cells


def _refuse_part(position: int, name: str, value: object, found: object) -> None:
    raise TouchstoneError(
        "TALLY-06",
        where=f"tallies, part {position}",
        found=f"{name} is {found!r}, in part 1 {value!r}",
        remedy="Tally all parts with the same plan and the same decimal places.",
    )
