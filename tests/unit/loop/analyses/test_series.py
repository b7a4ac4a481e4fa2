"""Series out of rows: one value a period, and nothing of few rows told."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.series import columns_by_period, rest_on_few
from touchstone.loop.freeze import freeze_plain
from touchstone.stats.designs import Design

FEW = Withheld("too_few_rows", (("smallest", "5"),))


def evidence_of(text, *, numbers=("y",), design=None, of_people=False):
    """Freeze a table with periods in the column `t`."""
    raw = read_table(io.BytesIO(text.encode()), where="rows.csv")
    snapshot = freeze_plain(raw, numbers=list(numbers), texts=["t"])
    return Evidence(snapshot, "rows", design or Design(), of_people=of_people)


def test_a_series_has_the_mean_of_the_rows_that_have_a_value():
    """Rows without a value count neither as row nor in the mean; periods stand in order."""
    found = columns_by_period(evidence_of("t,y\n2002,4\n2001,1\n2002,\n2001,2\n"), "t", ["y"],
                              by="mean")  # fmt: skip
    assert found.values.ravel().tolist() == [1.5, 4.0]
    assert found.rows.ravel().tolist() == [2, 1]


def test_a_series_of_a_sample_is_weighted_by_its_design():
    """A sum estimates the total; a row that weighs nothing is left out."""
    text = "t,y,w\n2001,1,2\n2001,4,1\n2001,9,0\n2002,5,1\n"
    sample = evidence_of(text, numbers=("y", "w"), design=Design("w"))
    assert columns_by_period(sample, "t", ["y"], by="sum").values.ravel().tolist() == [6.0, 5.0]
    assert columns_by_period(sample, "t", ["y"], by="mean").values.ravel().tolist() == [2.0, 5.0]


@given(st.lists(st.tuples(st.integers(2000, 2003), st.integers(-99, 99)), max_size=40))
def test_a_series_does_not_depend_on_the_order_of_rows(pairs):
    """Sums and means are of the same rows, however these stand."""
    every = [*((year, 0) for year in range(2000, 2004)), *pairs]
    tables = ["t,y\n" + "".join(f"{t},{y}\n" for t, y in rows) for rows in (every, every[::-1])]
    for by in ("sum", "mean"):
        one, other = (columns_by_period(evidence_of(text), "t", ["y"], by=by) for text in tables)
        assert (one.values == other.values).all()
        assert (one.rows == other.rows).all()


def test_a_series_of_one_row_a_period_has_the_same_values_by_sum_and_mean():
    """Three ways to one series."""
    rows = evidence_of("t,y\n2001,1.5\n2002,2\n2003,\n")
    found = [columns_by_period(rows, "t", ["y"], by=by).values for by in (None, "sum", "mean")]
    assert all(np.array_equal(one, found[0], equal_nan=True) for one in found)


@pytest.mark.parametrize(
    ("text", "by", "code"),
    [
        ("t,y\n2001,1\n2001,2\n", None, "FORECAST-02"),
        ("t,y\n2001,1\n2003,2\n2004,2\n", "mean", "FORECAST-02"),
        ("t,y\nsoon,1\n", "mean", "FORECAST-01"),
        ("t,y\n,1\n2001,2\n", "mean", "FORECAST-01"),
        ("t,y\n2001,1\n2001,\n2002,2\n", "sum", "FORECAST-05"),
    ],
)
def test_a_series_that_rows_do_not_make_is_refused(text, by, code):
    """Two rows without a rule, a missing period, no period at all, a sum with a gap."""
    with pytest.raises(TouchstoneError, match=code):
        columns_by_period(evidence_of(text), "t", ["y"], by=by)


def test_a_value_of_few_rows_is_withheld():
    """Empty periods are not values; one row a period is a figure unless it is of a person."""
    rows = np.array([[5], [4], [0]])
    own, people = evidence_of("t,y\n1,1\n"), evidence_of("t,y\n1,1\n", of_people=True)
    assert rest_on_few(rows, own, smallest=5, by="mean") == FEW
    assert rest_on_few(rows, own, smallest=4, by="mean") is None
    assert rest_on_few(rows, own, smallest=5, by=None) is None
    assert rest_on_few(rows, people, smallest=5, by=None) == FEW
