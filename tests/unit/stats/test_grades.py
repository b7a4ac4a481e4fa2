"""A grade is given when the whole interval lies in its band."""

from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.stats.grades import grade_of


class Band(NamedTuple):
    """A band as a scheme has it."""

    id: str
    start: Decimal


BANDS = [Band("poor", Decimal(0)), Band("good", Decimal(80)), Band("fair", Decimal(60))]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("60", "79.999", "fair"),
        ("60", "80", None),
        ("59.999", "60", None),
        ("80", "80", "good"),
        ("79.999", "79.999", "fair"),
        ("81", "130", "good"),
        ("-5", "3", "poor"),
        ("0", "100", None),
    ],
)
def test_a_grade_is_given_when_the_interval_is_in_one_half_open_band(low, high, expected):
    """The lower bound belongs to the band, the upper one to the next."""
    assert grade_of(Decimal(low), Decimal(high), BANDS) == expected


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True), st.data())
def test_a_grade_is_that_of_every_value_in_the_interval(starts, data):
    """A graded interval has the grade of each value in it; an undecided one has several."""
    bands = [Band(str(start), Decimal(start)) for start in starts]
    low = data.draw(st.integers(-2, 22))
    high = data.draw(st.integers(low, 22))
    inside = {grade_of(Decimal(v), Decimal(v), bands) for v in range(low, high + 1)}
    grade = grade_of(Decimal(low), Decimal(high), bands)
    assert None not in inside
    assert inside == {grade} if grade else len(inside) > 1


def test_a_grade_is_refused_without_bands_or_with_ends_the_wrong_way_round():
    """Both are faults of the program."""
    with pytest.raises(ValueError, match="grade_of"):
        grade_of(Decimal(1), Decimal(1), [])
    with pytest.raises(ValueError, match="grade_of"):
        grade_of(Decimal(2), Decimal(1), BANDS)
