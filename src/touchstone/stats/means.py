"""The mean of units that all have a value: as a count of what is, and as draws of what could be."""

from collections.abc import Sequence
from decimal import Decimal

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.stats.figures import EXACT, quotient, square_root
from touchstone.stats.intervals import t_interval


def census_mean(values: Sequence[Decimal]) -> Estimate:
    """Give the mean of all units there are; a census has no sampling error and no width.

    >>> census_mean([Decimal(60), Decimal(80)]).value
    Decimal('70')
    """
    if not values:
        raise ValueError("values must hold at least one number; got none")
    whole, scale = _whole_numbers(values)
    mean = quotient(sum(whole), scale * len(values))
    return Estimate(mean, mean, mean, len(values), "census")


def superpopulation_mean(
    values: Sequence[Decimal], *, confidence: Decimal, smallest: int = 5
) -> Outcome:
    """Give the mean of units seen as draws from all that could have been, with a t interval.

    It answers how such units do in general, not how these did: chance could have made other
    ones. The draws are taken to be independent and alike, without a finite population
    correction, so se² = Σ(y − ȳ)²/(n(n − 1)) with n − 1 degrees of freedom.

    Withheld as `too_few_units` under `smallest` units, and as `all_units_equal` when no two
    differ, as nothing then tells how far others might lie.

    >>> values = [Decimal(value) for value in (1, 2, 3, 4, 5)]
    >>> found = superpopulation_mean(values, confidence=Decimal("0.95"))
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (Decimal('3'), Decimal('1.037'), Decimal('4.963'))
    """
    n = len(values)
    if n < max(smallest, 2):
        return Withheld("too_few_units", (("smallest", str(smallest)),))
    whole, scale = _whole_numbers(values)
    total = sum(whole)
    spread = n * sum(value * value for value in whole) - total * total
    if spread == 0:
        return Withheld("all_units_equal")
    mean = quotient(total, scale * n)
    se = square_root(spread, scale * scale * n * n * (n - 1))
    low, high = t_interval(mean, se, n - 1, confidence=confidence)
    return Estimate(mean, low, high, n, "superpopulation", se, n - 1)


def _whole_numbers(values: Sequence[Decimal]) -> tuple[list[int], int]:
    """Give the values as whole numbers over one power of ten; quicker than fractions, as exact."""
    places = max(0, *(-int(value.as_tuple().exponent) for value in values))
    return [int(value.scaleb(places, EXACT)) for value in values], 10**places
