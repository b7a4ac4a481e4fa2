"""Means of single waves: those of the textbook, with their error."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.outcomes import Withheld
from touchstone.stats.changes.wave_changes import WaveSums, wave_mean

answers = st.lists(
    st.tuples(st.integers(1, 9), st.integers(-50, 50)), min_size=2, max_size=12
).filter(lambda rows: len({value for _, value in rows}) > 1)


def sums_of(rows):
    """Sums of pairs of weight and value, added up one by one."""
    powers = [
        (w, w * y, w * w, w * w * y, w * w * y * y) for w, y in ((w, Decimal(y)) for w, y in rows)
    ]
    return WaveSums(len(rows), *(Decimal(sum(column)) for column in zip(*powers, strict=True)))


@given(answers)
@settings(deadline=None, max_examples=at_most(100))
def test_a_mean_of_a_wave_has_the_error_of_linearisation(rows):
    """The weighted mean, and the root of n/(n − 1) Σ (w(y − mean)/Σw)²."""
    found = wave_mean(sums_of(rows))
    weights, values = np.array(rows, float).T
    mean = (weights * values).sum() / weights.sum()
    parts = weights * (values - mean) / weights.sum()
    variance = len(rows) / (len(rows) - 1) * (parts**2).sum()
    assert float(found.value) == pytest.approx(mean, abs=1e-9)
    assert float(found.se) == pytest.approx(variance**0.5, rel=1e-9)
    assert found.low < found.value < found.high
    assert (found.n, found.degrees_of_freedom) == (len(rows), len(rows) - 1)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [([(1, 3)], "too_few_answers"), ([(1, 3), (2, 3)], "all_answers_equal")],
)
def test_a_mean_without_spread_has_a_reason(rows, reason):
    """One answer, or equal ones, tell no error."""
    found = wave_mean(sums_of(rows))
    assert isinstance(found, Withheld)
    assert found.reason == reason


def test_a_wave_without_answers_has_no_mean():
    """There is nothing to divide by."""
    assert wave_mean(WaveSums(0, *[Decimal(0)] * 5)) == Withheld("empty_base")
