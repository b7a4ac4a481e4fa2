"""Evidence with a column for each period, turned into evidence with a row for each."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.periods import PeriodColumn
from touchstone.tallies.tables import Column, Snapshot


class LongRows(NamedTuple):
    """Rows with one period each, and what their columns of row, period and value are called.

    `row` numbers the row that a value came from.
    """

    snapshot: Snapshot
    row: str
    period: str
    value: str


def rows_by_period(
    snapshot: Snapshot, periods: Sequence[PeriodColumn], *, kept: Iterable[str] = ()
) -> LongRows:
    """Give each row once for each period, with the value of the period's column.

    `kept` names other columns that are repeated with their row. Values have as many decimal places
    as the most exact of the columns. Raises TouchstoneError NUMBER-07 where a number is too large
    for that.

    >>> wide = Snapshot((Column("a", "number"), Column("b", "number", 1)),
    ...                 pa.table({"a": [3, 4], "b": [25, None]}), ())
    >>> periods = (PeriodColumn(period="1", column="a"), PeriodColumn(period="2", column="b"))
    >>> found = rows_by_period(wide, periods)
    >>> found.snapshot.rows.select(["row", "value"]).to_pydict()
    {'row': ['0', '1', '0', '1'], 'value': [30, 40, 25, None]}
    """
    names = list(dict.fromkeys(kept))
    row, period, value = (_free(name, names) for name in ("row", "period", "value"))
    count = snapshot.rows.num_rows
    places = max(snapshot.column(one.column).places for one in periods)
    # As texts: numbering texts needs no compiled code, which takes longer to load than to run.
    numbers = pc.cast(pa.array(np.arange(count)), pa.string())
    parts = [
        pa.table(
            {name: snapshot.rows.column(name) for name in names}
            | {
                row: numbers,
                period: pa.repeat(pa.scalar(one.period), count),
                value: _rescaled(snapshot, one.column, places),
            }
        )
        for one in periods
    ]
    columns = (
        *(snapshot.column(name) for name in names),
        Column(row, "text"),
        Column(period, "text"),
        Column(value, "number", places),
    )
    return LongRows(Snapshot(columns, pa.concat_tables(parts), ()), row, period, value)


def _rescaled(snapshot: Snapshot, name: str, places: int) -> pa.ChunkedArray:
    """Give a column of numbers with so many decimal places."""
    cells = snapshot.rows.column(name)
    factor = 10 ** (places - snapshot.column(name).places)
    try:
        return pc.multiply_checked(cells, pa.scalar(factor, pa.int64()))
    except pa.ArrowInvalid as overflow:
        raise TouchstoneError(
            "NUMBER-07",
            where=f"column {name!r}",
            found=f"a number too large to be kept with {places} decimal places",
            remedy="Give the columns of all periods fewer decimal places.",
        ) from overflow


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name
