"""Exact numbers made readable: roots, rounding, and the quantiles that intervals need."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from statistics import NormalDist

from scipy import special

# Wide enough for any figure before its last rounding; no trap, so that nothing depends on the
# context of the calling program.
EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
# A number that is rounded once more keeps digits enough for the second rounding to be the only one.
GUARDED = Context(prec=110, rounding=ROUND_HALF_EVEN)
QUANTILE_DIGITS = 12


def quotient(numerator: int, denominator: int) -> Decimal:
    """Divide two whole numbers, to 50 significant digits.

    >>> quotient(1, 8)
    Decimal('0.125')
    """
    return EXACT.divide(Decimal(numerator), Decimal(denominator))


def square_root(numerator: int, denominator: int) -> Decimal:
    """Give the square root of a fraction ≥ 0, to 50 significant digits.

    >>> square_root(9, 16)
    Decimal('0.75')
    """
    if denominator <= 0 or numerator < 0:
        raise ValueError(f"square_root needs a fraction >= 0; got {numerator}/{denominator}")
    return EXACT.sqrt(GUARDED.divide(Decimal(numerator), Decimal(denominator)))


def rounded(value: Decimal, places: int) -> Decimal:
    """Round to so many decimal places, a half to the even neighbour.

    >>> rounded(Decimal("2.345"), 2), rounded(Decimal("-0.001"), 2)
    (Decimal('2.34'), Decimal('0.00'))
    """
    unit = Decimal(1).scaleb(-places)
    wide = Context(prec=max(EXACT.prec, value.adjusted() + places + 2), rounding=ROUND_HALF_EVEN)
    shortened = value.quantize(unit, context=wide)
    return shortened.copy_abs() if shortened.is_zero() else shortened


def significant(value: Decimal, digits: int) -> Decimal:
    """Round to so many significant digits, a half to the even neighbour.

    >>> significant(Decimal("1234.5678"), 6)
    Decimal('1234.57')
    """
    return Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(value)


@cache
def normal_quantile(confidence: Decimal) -> Decimal:
    """Give z such that a standard normal variable lies in ±z with the given confidence.

    Rounded to 12 significant digits, so that it is the same on every machine.

    >>> normal_quantile(Decimal("0.95"))
    Decimal('1.95996398454')
    """
    tail = _upper_tail(confidence)
    return significant(Decimal(-NormalDist().inv_cdf(tail)), QUANTILE_DIGITS)


@cache
def t_quantile(confidence: Decimal, degrees_of_freedom: int) -> Decimal:
    """Give t such that Student's t variable lies in ±t with the given confidence.

    Rounded to 12 significant digits, so that it is the same on every machine.

    >>> t_quantile(Decimal("0.95"), 16)
    Decimal('2.11990529922')
    """
    if degrees_of_freedom < 1:
        raise ValueError(f"degrees_of_freedom must be at least 1; got {degrees_of_freedom}")
    quantile = -float(special.stdtrit(float(degrees_of_freedom), _upper_tail(confidence)))
    return significant(Decimal(quantile), QUANTILE_DIGITS)


def _upper_tail(confidence: Decimal) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1; got {confidence}")
    return float(EXACT.divide(EXACT.subtract(Decimal(1), confidence), Decimal(2)))
