"""How many raters are enough: the reliability of a mean by the number of its raters."""

from collections.abc import Callable
from dataclasses import dataclass

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.stats.model_figures import Ends

MOST_RATERS = 100_000
# Value and ends of the reliability of a mean over so many raters.
Curve = Callable[[int], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class RatersNeeded:
    """The smallest number of raters whose mean reaches a target reliability.

    `fewest` and `most` are the numbers at the ends of the reliability's interval; `most` is None
    when no number reaches the target at its lower end.
    """

    target: float
    raters: int
    fewest: int
    most: int | None


def stepped_up(single: float, raters: float) -> float:
    """Give the reliability of the mean of several raters from that of one (Spearman, Brown 1910).

    Assumes that further raters are like those that were studied.

    >>> round(stepped_up(0.3, 5), 4)
    0.6818
    """
    return raters * single / (1 + (raters - 1) * single)


def curve_of_single(single: Estimate) -> Curve:
    """Give the Spearman-Brown curve of the reliability of one rater, with its interval."""
    figures = [float(figure) for figure in (single.value, single.low, single.high)]

    def curve(raters: int) -> tuple[float, float, float]:
        value, low, high = (stepped_up(max(0.0, one), raters) for one in figures)
        return value, low, high

    return curve


def curve_of_study(study: Callable[[int], Outcome]) -> Curve:
    """Give the curve of a study of facets; a coefficient that is withheld counts as 0."""

    def curve(raters: int) -> tuple[float, float, float]:
        found = study(raters)
        if isinstance(found, Withheld):
            return 0.0, 0.0, 0.0
        return float(found.value), float(found.low), float(found.high)

    return curve


def raters_needed(curve: Curve, target: float) -> RatersNeeded | Withheld:
    """Give the smallest number of raters whose mean is as reliable as asked for.

    `curve` rises with the number of raters. Withheld as `target_out_of_reach` when 100,000
    raters do not reach it, as where few items set a ceiling.

    >>> from decimal import Decimal
    >>> single = Estimate(Decimal("0.3"), Decimal("0.2"), Decimal("0.5"), 40, "anova")
    >>> raters_needed(curve_of_single(single), 0.8)
    RatersNeeded(target=0.8, raters=10, fewest=4, most=16)
    """
    if not 0 < target < 1:
        raise ValueError(f"target must lie between 0 and 1; got {target}")
    raters = _smallest(lambda count: curve(count)[0], target)
    most = _smallest(lambda count: curve(count)[1], target)
    fewest = _smallest(lambda count: curve(count)[2], target)
    if raters is None or fewest is None:
        return Withheld("target_out_of_reach", (("target", f"{target:g}"),))
    return RatersNeeded(target, raters, fewest, most)


def reliability_curve(curve: Curve, most: int) -> list[tuple[int, float, Ends]]:
    """List the reliability of means of 1 to `most` raters, with its interval.

    >>> from decimal import Decimal
    >>> single = Estimate(Decimal("0.5"), Decimal("0.2"), Decimal("0.6"), 40, "anova")
    >>> [(count, round(value, 3)) for count, value, _ in reliability_curve(
    ...     curve_of_single(single), 3)]
    [(1, 0.5), (2, 0.667), (3, 0.75)]
    """
    listed = []
    for count in range(1, most + 1):
        value, low, high = curve(count)
        listed.append((count, value, (low, high)))
    return listed


def _smallest(curve: Callable[[int], float], target: float) -> int | None:
    """Find by halving the smallest number that reaches the target."""
    # 0.8 of one rater at 0.5 is four raters, although 4 · 0.5 / 2.5 may fall below by rounding.
    reached = target - 1e-12
    high = 1
    while curve(high) < reached:
        high *= 2
        if high > MOST_RATERS:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if curve(middle) >= reached else (middle, high)
    return high
