"""Small samples for tests: snapshots from plain rows, and the variance by its definition."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pyarrow as pa

from touchstone.tallies.tables import Column, Snapshot


def snapshot_of(rows: Sequence[Mapping[str, Any]], **places: int) -> Snapshot:
    """Make a snapshot of plain rows; a column named in `places` is a number, else text."""
    names = list(rows[0])
    columns = tuple(
        Column(name, "number", places[name]) if name in places else Column(name, "text")
        for name in names
    )
    table = {
        column.name: pa.array([row[column.name] for row in rows], column.arrow_type)
        for column in columns
    }
    return Snapshot(columns, pa.table(table), ())


def variance_by_definition(
    rows: Sequence[Mapping[str, Any]],
    stages: Sequence[tuple[str, str, str | None]],
    residual: Callable[[Mapping[str, Any]], Fraction],
) -> Fraction:
    """Sum the variance of Σ residual over stages as the textbook does, unit by unit.

    `stages` are (stratum, unit, size) columns. Within one unit of a stage, the variance of the
    stages below it is added, times the fraction of the units that was drawn.
    """
    if not stages:
        return Fraction(0)
    (stratum_column, unit_column, size_column), *below = stages
    total = Fraction(0)
    for stratum in sorted({row[stratum_column] for row in rows}):
        inside = [row for row in rows if row[stratum_column] == stratum]
        units = sorted({row[unit_column] for row in inside})
        parts = [[row for row in inside if row[unit_column] == unit] for unit in units]
        n = len(units)
        fraction = Fraction(n, inside[0][size_column]) if size_column else Fraction(0)
        sums = [sum((residual(row) for row in part), Fraction(0)) for part in parts]
        if n > 1:
            mean = sum(sums, Fraction(0)) / n
            spread = sum(((part - mean) ** 2 for part in sums), Fraction(0)) / (n - 1)
            total += (1 - fraction) * n * spread
        total += fraction * sum(
            (variance_by_definition(part, below, residual) for part in parts), Fraction(0)
        )
    return total
