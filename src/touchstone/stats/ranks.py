"""Places in a ranking, as ranges: only what the evidence can tell apart is ranked apart."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.stats.figures import EXACT
from touchstone.stats.intervals import Interval, t_interval
from touchstone.stats.model_figures import two_sided_z

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class Score(NamedTuple):
    """A unit's value with its standard error and degrees of freedom.

    `se` is None for an exact fact. `degrees_of_freedom` is None only then, or when `se` is 0.
    """

    value: Decimal
    se: Decimal | None = None
    degrees_of_freedom: int | None = None


def rank_ranges(scores: Sequence[Score], *, confidence: Decimal) -> list[tuple[int, int]]:
    """Give each unit the best and the worst place it may truly have; place 1 is the highest.

    With the given confidence all ranges hold together. Each unit's interval is widened to the
    confidence c^(1/N) over all N compared units (Šidák 1967); then the best place is 1 + the
    units wholly above it, the worst N − the units wholly below it (Klein, Wright and Wieczorek
    2020, "A joint confidence region for an overall ranking of populations"). Units with equal
    facts share their range. The units' estimates are taken to be independent of each other.

    >>> facts = [Score(Decimal(value)) for value in (7, 9, 7)]
    >>> rank_ranges(facts, confidence=Decimal("0.95"))
    [(2, 3), (1, 1), (2, 3)]
    """
    count = len(scores)
    if not count:
        return []
    each = sidak_confidence(confidence, count)
    return place_ranges([_interval(score, each) for score in scores])


def place_ranges(intervals: Sequence[Interval]) -> list[tuple[int, int]]:
    """Give each interval the places it may hold: those above it, and all but those below it.

    >>> place_ranges([(Decimal(1), Decimal(4)), (Decimal(5), Decimal(6)), (Decimal(4), Decimal(4))])
    [(2, 3), (1, 1), (2, 3)]
    """
    count = len(intervals)
    lows = sorted(low for low, _ in intervals)
    highs = sorted(high for _, high in intervals)
    return [
        (1 + count - bisect_right(lows, high), count - bisect_left(highs, low))
        for low, high in intervals
    ]


def sidak_confidence(confidence: Decimal, count: int) -> Decimal:
    """Give the confidence each of so many independent intervals needs for all to hold together.

    >>> round(sidak_confidence(Decimal("0.95"), 2), 6)
    Decimal('0.974679')
    """
    if count < 1 or not 0 < confidence < 1:
        raise ValueError(
            f"sidak_confidence needs 0 < confidence < 1 and count >= 1; got {confidence=}, {count=}"
        )
    return EXACT.power(confidence, EXACT.divide(Decimal(1), Decimal(count)))


def ranks_within(
    subset: Whole, measures: Floats, ses: Floats, *, confidence: float
) -> tuple[Whole, Whole]:
    """Give each measure of a model its best and worst place in its subset, as `rank_ranges` does.

    `subset`: [N] the number of each measure's subset. Normal intervals, vectorised.

    >>> places = ranks_within(
    ...     np.array([0, 0, 1]), np.array([3.0, 9.0, 5.0]), np.full(3, 0.5), confidence=0.95)
    >>> [ends.tolist() for ends in places]
    [[2, 1, 1], [2, 1, 1]]
    """
    low, high = np.ones(len(subset), np.int64), np.ones(len(subset), np.int64)
    order = np.argsort(subset, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(subset[order])) + 1):
        count = len(members)
        width = two_sided_z(confidence ** (1 / max(count, 1))) * ses[members]
        lows, highs = measures[members] - width, measures[members] + width
        low[members] = 1 + count - np.searchsorted(np.sort(lows), highs, side="right")
        high[members] = count - np.searchsorted(np.sort(highs), lows, side="left")
    return low, high


def _interval(score: Score, confidence: Decimal) -> Interval:
    if not score.se:
        return score.value, score.value
    if score.degrees_of_freedom is None:
        raise ValueError(f"degrees_of_freedom must be given with a standard error; got {score!r}")
    return t_interval(score.value, score.se, score.degrees_of_freedom, confidence=confidence)
