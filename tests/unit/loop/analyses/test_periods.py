"""Columns for periods become rows for periods, and lose nothing on the way."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.periods import PeriodColumn
from touchstone.loop.analyses.periods import rows_by_period
from touchstone.tallies.tables import Column, Snapshot

PERIODS = tuple(PeriodColumn(period=str(2000 + n), column=f"y{n}") for n in range(3))
cells = st.one_of(st.none(), st.integers(-(10**9), 10**9))


def wide(rows, places=(0, 2, 1)):
    """A snapshot with a name and three columns of numbers."""
    columns = [Column("name", "text"), *(Column(f"y{n}", "number", places[n]) for n in range(3))]
    values = list(zip(*rows, strict=True))
    table = {"name": pa.array([f"u{n}" for n in range(len(rows))], pa.string())}
    table |= {f"y{n}": pa.array(values[n], pa.int64()) for n in range(3)}
    return Snapshot(tuple(columns), pa.table(table), ())


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8))
def test_a_value_of_a_period_is_that_of_its_column(rows):
    """Whatever the decimal places of the columns, and with the gaps that there are."""
    snapshot = wide(rows)
    long = rows_by_period(snapshot, PERIODS, kept=["name"])
    found = {
        (row["name"], int(row["row"]), row["period"]): row["value"]
        and long.snapshot.decimal("value", row["value"])
        for row in long.snapshot.rows.to_pylist()
    }
    expected = {
        (f"u{n}", n, one.period): stored and snapshot.decimal(one.column, stored)
        for n, row in enumerate(rows)
        for one, stored in zip(PERIODS, row, strict=True)
    }
    assert found == expected


def test_a_column_of_the_same_name_keeps_its_own():
    """New columns take other names than those that are kept."""
    snapshot = Snapshot(
        (Column("value", "text"), Column("a", "number"), Column("b", "number")),
        pa.table({"value": ["x"], "a": [1], "b": [2]}),
        (),
    )
    periods = (PeriodColumn(period="1", column="a"), PeriodColumn(period="2", column="b"))
    long = rows_by_period(snapshot, periods, kept=["value", "value"])
    assert long.value == "value_"
    assert long.snapshot.rows.column("value").to_pylist() == ["x", "x"]


def test_a_number_too_large_for_more_decimals_is_refused():
    """No number is made wrong in silence."""
    with pytest.raises(TouchstoneError, match="NUMBER-07"):
        rows_by_period(wide([(10**17, 1, 1)], places=(0, 9, 0)), PERIODS)
    exact = rows_by_period(wide([(10**9, 1, 1)], places=(0, 9, 0)), PERIODS).snapshot
    assert exact.decimal("value", exact.rows.column("value")[0].as_py()) == Decimal(10**9)
