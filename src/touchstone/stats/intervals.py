"""Intervals around a figure: where the true value lies with the stated confidence."""

from decimal import Decimal, localcontext

from touchstone.stats.figures import EXACT, normal_quantile, t_quantile

Interval = tuple[Decimal, Decimal]


def t_interval(
    value: Decimal, se: Decimal, degrees_of_freedom: int, *, confidence: Decimal
) -> Interval:
    """Give the ends of the interval value ± t·se, by Student's t (Student 1908).

    >>> low, high = t_interval(Decimal(10), Decimal(2), 16, confidence=Decimal("0.95"))
    >>> round(low, 4), round(high, 4)
    (Decimal('5.7602'), Decimal('14.2398'))
    """
    if se < 0:
        raise ValueError(f"se must not be negative; got {se}")
    half = EXACT.multiply(t_quantile(confidence, degrees_of_freedom), se)
    return EXACT.subtract(value, half), EXACT.add(value, half)


def normal_interval(value: Decimal, se: Decimal, *, confidence: Decimal) -> Interval:
    """Give the ends of the interval value ± z·se of a normal error.

    >>> low, high = normal_interval(Decimal(10), Decimal(2), confidence=Decimal("0.95"))
    >>> round(low, 4), round(high, 4)
    (Decimal('6.0801'), Decimal('13.9199'))
    """
    if se < 0:
        raise ValueError(f"se must not be negative; got {se}")
    half = EXACT.multiply(normal_quantile(confidence), se)
    return EXACT.subtract(value, half), EXACT.add(value, half)


def wilson_interval(share: Decimal, n_effective: Decimal, *, confidence: Decimal) -> Interval:
    """Give the ends of the interval for a share between 0 and 1 (Wilson 1927).

    `n_effective` is the number of people in a simple random sample that would know as much: n
    for such a sample, n/deff for any other design. The ends never leave 0 to 1, and the interval
    has a width even when everybody gave the same answer.

    >>> low, high = wilson_interval(Decimal("0.75"), Decimal(60), confidence=Decimal("0.95"))
    >>> round(low, 4), round(high, 4)
    (Decimal('0.6277'), Decimal('0.8422'))
    """
    if not (0 <= share <= 1 and n_effective > 0):
        raise ValueError(
            f"wilson_interval needs 0 <= share <= 1 and n_effective > 0; "
            f"got {share=}, {n_effective=}"
        )
    with localcontext(EXACT):
        square = normal_quantile(confidence) ** 2
        middle = share + square / (2 * n_effective)
        inside = share * (1 - share) / n_effective + square / (4 * n_effective**2)
        half = (square * inside).sqrt()
        whole = 1 + square / n_effective
        low, high = (middle - half) / whole, (middle + half) / whole
    # At the ends of the scale the formula gives 0 and 1, its rounded steps only almost.
    return Decimal(0) if share == 0 else low, Decimal(1) if share == 1 else high
