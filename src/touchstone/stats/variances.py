"""Means and totals with their sampling variance and design effect, as exact fractions."""

from collections.abc import Sequence
from math import lcm
from typing import NamedTuple

from touchstone.tallies.between import BetweenSums

Ratio = tuple[int, int]


class Exact(NamedTuple):
    """A figure and its sampling variance, each as (numerator, denominator)."""

    value: Ratio
    variance: Ratio


def join_stages(parts: Sequence[BetweenSums]) -> BetweenSums:
    """Add the sums between units of several stages, for the variance of all stages together.

    Each stage counts the same rows in other units; its factors g already hold the chance that
    the drawing came so far (Särndal, Swensson and Wretman 1992, result 4.3.1).
    """
    if len(parts) == 1:
        return parts[0]
    denominator = lcm(*(part.denominator for part in parts))
    times = [denominator // part.denominator for part in parts]
    aa, ab, bb = (
        sum(factor * getattr(part, name) for factor, part in zip(times, parts, strict=True))
        for name in ("aa", "ab", "bb")
    )
    return parts[0]._replace(aa=aa, ab=ab, bb=bb, denominator=denominator)


def exact_mean(
    sums: BetweenSums,
    weight_unit: int,  # noqa: ARG001 (alike exact_total)
    value_unit: int,
) -> Exact:
    """Give the weighted mean Σwy/Σw with its linearised variance (Woodruff 1971).

    `value_unit` is the stored integer that stands for 1, 10 to the places; the weight's cancels
    out. The sums must have a weight above 0.
    """
    numerator, denominator = sums.ratio_variance()
    value = (sums.wy, sums.w * value_unit)
    return Exact(value, (numerator, denominator * value_unit * value_unit))


def exact_total(sums: BetweenSums, weight_unit: int, value_unit: int) -> Exact:
    """Give the weighted total Σwy with its variance between units.

    `weight_unit` and `value_unit` are the stored integers that stand for 1.
    """
    numerator, denominator = sums.total_variance()
    unit = weight_unit * value_unit
    return Exact((sums.wy, unit), (numerator, denominator * unit * unit))


def mean_design_effect(sums: BetweenSums, weight_unit: int) -> Ratio | None:
    """Give how many times the variance of a mean is that of simple random sampling.

    None where simple random sampling would have no error, or one row cannot show a spread.
    """
    compared = _simple_variance(sums, weight_unit)
    if compared is None:
        return None
    numerator, denominator = sums.ratio_variance()
    return numerator * compared[1], denominator * compared[0]


def total_design_effect(sums: BetweenSums, weight_unit: int) -> Ratio | None:
    """Give how many times the variance of a total is that of simple random sampling.

    None where simple random sampling would have no error, or one row cannot show a spread.
    """
    compared = _simple_variance(sums, weight_unit)
    if compared is None:
        return None
    numerator, denominator = sums.total_variance()
    return numerator * compared[1], denominator * compared[0] * sums.w * sums.w


def _simple_variance(sums: BetweenSums, weight_unit: int) -> Ratio | None:
    """Give the variance of the mean under simple random sampling, in the stored value's square.

    It is s²/n · (1 − n/N) with s² = n/(n − 1) · Σw(y − ȳ)²/Σw and N = Σw, as the R package
    survey takes it for `deff = TRUE`. Where the weights do not say that the population is larger
    than the sample (N ≤ n, such as no weights at all), it is s²/n, for very many units.
    """
    n, w = sums.n, sums.w
    spread = w * sums.wyy - sums.wy * sums.wy
    if n < 2 or spread == 0:
        return None
    beyond = w - n * weight_unit
    if beyond > 0:
        return spread * beyond, (n - 1) * w * w * w
    return spread, (n - 1) * w * w
