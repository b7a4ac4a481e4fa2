"""Roots, rounding and quantiles are those of the textbook, and the same on every machine."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.stats.figures import (
    normal_quantile,
    quotient,
    rounded,
    significant,
    square_root,
    t_quantile,
)

CONFIDENCE = Decimal("0.95")
wholes = st.integers(0, 10**60)


@given(wholes, st.integers(1, 10**60))
def test_a_root_squared_is_its_fraction_to_49_digits(numerator, denominator):
    """The 50 digits of the root are right."""
    root = square_root(numerator, denominator)
    square = Fraction(root) ** 2
    assert abs(square - Fraction(numerator, denominator)) <= square / 10**49


def test_a_figure_does_not_depend_on_the_caller_s_precision():
    """The decimal context of the calling program plays no part."""
    expected = (quotient(1, 3), square_root(2, 1), rounded(Decimal("1e9") / 7, 2))
    with localcontext(prec=3):
        found = (quotient(1, 3), square_root(2, 1), rounded(Decimal("142857142.857142857"), 2))
        assert (t_quantile(Decimal("0.9"), 3), normal_quantile(Decimal("0.9"))) == (
            Decimal("2.35336343480"),
            Decimal("1.64485362695"),
        )
    assert found == expected


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("2.5", 0, "2"),
        ("3.5", 0, "4"),
        ("-2.5", 0, "-2"),
        ("2.345", 2, "2.34"),
        ("2.3450000001", 2, "2.35"),
        ("-0.004", 2, "0.00"),
        ("1234567890123456789012345678901234567890123456789012345.5", 1, None),
    ],
)
def test_a_half_is_rounded_to_the_even_neighbour(text, places, expected):
    """Rounding is half-even, never negative zero, and does not fail for large numbers."""
    assert str(rounded(Decimal(text), places)) == (text if expected is None else expected)


def test_significant_digits_are_counted_from_the_first_that_is_not_zero():
    """Small and large numbers keep as many digits."""
    assert significant(Decimal("0.00123456"), 3) == Decimal("0.00123")
    assert significant(Decimal("123456"), 3) == Decimal("123000")


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (1, "12.7062047361747"),
        (2, "4.30265272974946"),
        (3, "3.18244630528371"),
        (5, "2.57058183563632"),
        (16, "2.11990529922125"),
        (39, "2.02269092003676"),
        (197, "1.97207903377850"),
        (100_000, "1.95998770753461"),
    ],
)
def test_a_t_quantile_is_that_of_the_table(degrees, expected):
    """The values are those of R's qt(0.975, df), to 12 digits."""
    assert t_quantile(CONFIDENCE, degrees) == significant(Decimal(expected), 12)


def test_a_normal_quantile_is_that_of_the_table():
    """The values are those of R's qnorm, to 12 digits."""
    assert normal_quantile(CONFIDENCE) == Decimal("1.95996398454")
    assert normal_quantile(Decimal("0.9999999")) == Decimal("5.32672388638")


@given(st.integers(1, 500), st.decimals("0.01", "0.999999", places=6))
def test_a_t_quantile_falls_towards_the_normal_one(degrees, confidence):
    """More degrees of freedom make the interval narrower, down to the normal one."""
    quantile = t_quantile(confidence, degrees)
    assert quantile >= t_quantile(confidence, degrees + 1) > 0
    assert quantile > normal_quantile(confidence)


@pytest.mark.parametrize("confidence", ["0", "1", "-0.5", "95"])
def test_a_confidence_outside_0_to_1_is_refused(confidence):
    """95 is not 0.95."""
    for quantile in (
        lambda: normal_quantile(Decimal(confidence)),
        lambda: t_quantile(Decimal(confidence), 3),
    ):
        with pytest.raises(ValueError, match="confidence"):
            quantile()


def test_a_quantile_without_degrees_of_freedom_is_refused():
    """One unit says nothing of the spread."""
    with pytest.raises(ValueError, match="degrees_of_freedom"):
        t_quantile(CONFIDENCE, 0)
    with pytest.raises(ValueError, match="square_root"):
        square_root(-1, 2)
