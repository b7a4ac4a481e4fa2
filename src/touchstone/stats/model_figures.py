"""Figures of models: floating-point results made into estimates, never one that is no number."""

import math
from collections.abc import Callable
from decimal import Decimal

from scipy import special

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.figures import significant

# As many as a floating-point number has for sure.
DIGITS = 15
Ends = tuple[float, float]


def decimal_of(figure: float) -> Decimal:
    """Give a floating-point figure as a decimal of 15 significant digits.

    Raises ArithmeticError when it is not finite, as no such figure may be shown.

    >>> decimal_of(0.1 + 0.2)
    Decimal('0.300000000000000')
    """
    if not math.isfinite(figure):
        raise ArithmeticError(f"a figure must be finite; got {figure}")
    return significant(Decimal(float(figure)), DIGITS)


def model_estimate(
    value: float,
    ends: Ends,
    *,
    n: int,
    method: str,
    se: float | None = None,
    degrees_of_freedom: int | None = None,
) -> Estimate:
    """Make an estimate of a model's figure and the ends of its interval.

    >>> model_estimate(0.5, (0.25, 0.75), n=9, method="t").low
    Decimal('0.25')
    """
    low, high = (decimal_of(end) for end in ends)
    error = None if se is None else decimal_of(se)
    return Estimate(decimal_of(value), low, high, n, method, error, degrees_of_freedom)


def two_sided_z(confidence: float) -> float:
    """Give z such that a standard normal variable lies in ±z with the given confidence.

    >>> round(two_sided_z(0.95), 4)
    1.96
    """
    return -float(special.ndtri((1 - confidence) / 2))


def two_sided_t(confidence: float, degrees_of_freedom: float) -> float:
    """Give t such that Student's t variable lies in ±t with the given confidence.

    >>> round(two_sided_t(0.95, 16), 4)
    2.1199
    """
    return -float(special.stdtrit(degrees_of_freedom, (1 - confidence) / 2))


def logit_ends(share: float, se: float, *, confidence: float) -> Ends:
    """Give an interval for a figure between 0 and 1, symmetrical on the logit scale.

    The error of the logit follows from that of the share by the delta method.

    >>> low, high = logit_ends(0.8, 0.05, confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (0.6843, 0.8807)
    """
    half = two_sided_z(confidence) * se / (share * (1 - share))
    middle = float(special.logit(share))
    return float(special.expit(middle - half)), float(special.expit(middle + half))


def separation_of(reliability: float | Withheld) -> float | Withheld:
    """Give the separation of a reliability r, √(r/(1 − r)) (Wright and Masters 1982).

    >>> round(separation_of(0.8), 3)
    2.0
    """
    if isinstance(reliability, Withheld):
        return reliability
    return math.sqrt(reliability / (1 - reliability))


def gradient_of(function: Callable[[list[float]], float], at: list[float]) -> list[float]:
    """Give the slopes of a smooth function by central differences.

    >>> [round(slope, 6) for slope in gradient_of(lambda x: x[0] * x[1], [2.0, 3.0])]
    [3.0, 2.0]
    """
    slopes = []
    for place, value in enumerate(at):
        step = 1e-5 * max(abs(value), 1e-3)
        ends = [[*at[:place], value + move, *at[place + 1 :]] for move in (step, -step)]
        slopes.append((function(ends[0]) - function(ends[1])) / (2 * step))
    return slopes
