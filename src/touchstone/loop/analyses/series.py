"""Series out of rows: the value of each period, in order of time."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.stats.forecasts.periods import Periods, equal_steps
from touchstone.stats.snapshot_columns import levels_of, numbers_of, texts_of
from touchstone.stats.weights import weigh_by_fractions

Floats = npt.NDArray[np.float64]
By = Literal["sum", "mean"] | None


class TimedColumns(NamedTuple):
    """Periods in equal steps, and columns by them [periods, columns], NaN where no row has a value.

    `rows` [periods, columns] counts the rows that each value is made of.
    """

    periods: Periods
    values: Floats
    rows: npt.NDArray[np.int64]


def columns_by_period(
    evidence: Evidence, time: str, columns: Sequence[str], *, by: By = None
) -> TimedColumns:
    """Give columns by period: of its one row, or the sum or the mean of all its rows.

    Sums and means are by the design's weight; rows that weigh nothing are left out. A mean is of
    the rows that have a value, a sum must have all or none.

    Raises TouchstoneError FORECAST-01 for a text that is no period, FORECAST-02 for periods that
    are missing, of several kinds, or stand twice without `by`, FORECAST-05 for a sum of a period
    in which a row is without a value.

    >>> import pyarrow as pa
    >>> from touchstone.tallies.tables import Column, Snapshot
    >>> rows = pa.table({"year": ["2002", "2001", "2002"], "y": [5, 4, 6]})
    >>> snapshot = Snapshot((Column("year", "text"), Column("y", "number")), rows, ())
    >>> found = columns_by_period(Evidence(snapshot), "year", ["y"], by="sum")
    >>> found.periods.name(0), found.values.tolist(), found.rows.tolist()
    ('2001', [[4.0], [11.0]], [[1], [2]])
    """
    if by is not None:
        return _put_together(evidence, time, columns, by)
    texts = [text or "" for text in texts_of(evidence.snapshot, time)]
    periods, places = equal_steps(texts, where=evidence.where)
    table = np.column_stack([numbers_of(evidence.snapshot, name) for name in columns])
    values = table[np.argsort(places)]
    return TimedColumns(periods, values, np.isfinite(values).astype(np.int64))


def rest_on_few(
    rows: npt.NDArray[np.int64], evidence: Evidence, *, smallest: int, by: By
) -> Withheld | None:
    """Withhold a series of which a value rests on fewer rows than the smallest group.

    Where each period has one row, that row is a figure already, unless rows are of people.
    """
    counted = by is not None or evidence.of_people
    if counted and ((rows > 0) & (rows < smallest)).any():
        return too_few_rows(smallest)
    return None


def _put_together(
    evidence: Evidence, time: str, columns: Sequence[str], by: Literal["sum", "mean"]
) -> TimedColumns:
    snapshot, design = weigh_by_fractions(evidence.snapshot, evidence.design)
    levels = levels_of(snapshot, time)
    # A row without a period has the code -1, which is no period either.
    names = ("", *levels.names) if (levels.codes < 0).any() else levels.names
    periods, order = equal_steps(names, where=evidence.where)
    places = np.array(order, np.int64)[levels.codes + len(names) - len(levels.names)]
    weights = np.ones(len(places))
    if design.weight is not None:
        weights = numbers_of(snapshot, design.weight)
    values, rows = [], []
    for name in columns:
        cells = numbers_of(snapshot, name)
        known = np.isfinite(cells) & (weights > 0)
        counts = np.bincount(places[known], minlength=periods.count)
        if by == "sum":
            every = np.bincount(places[weights > 0], minlength=periods.count)
            _refuse_gaps(counts, every, periods, where=f"{evidence.where}, column {name!r}")
        values.append(
            np.bincount(places[known], (weights * cells)[known], minlength=periods.count)
            / _divisors(places[known], weights[known], counts, by=by)
        )
        rows.append(counts)
    return TimedColumns(periods, np.column_stack(values), np.column_stack(rows))


def _divisors(
    places: npt.NDArray[np.int64],
    weights: Floats,
    counts: npt.NDArray[np.int64],
    *,
    by: Literal["sum", "mean"],
) -> Floats:
    """Give what the sums of periods are divided by, NaN where there is nothing to sum."""
    under = np.ones(len(counts))
    if by == "mean":
        under = np.bincount(places, weights, minlength=len(counts)).astype(np.float64)
    return np.where(counts > 0, under, np.nan)


def _refuse_gaps(
    counts: npt.NDArray[np.int64],
    every: npt.NDArray[np.int64],
    periods: Periods,
    *,
    where: str,
) -> None:
    partly = np.flatnonzero((counts > 0) & (counts < every))
    if len(partly):
        raise TouchstoneError(
            "FORECAST-05",
            where=where,
            found=f"a row of {periods.name(int(partly[0]))} without a value, which a sum needs",
            remedy="Fill it in, or take the mean.",
        )
