"""Scores of very many units as columns: floats that know how far they may be from the truth.

What a float cannot decide (a rounding, a bound, a place) is left to the exact scores of
`judgements`; everything else is decided here, and so the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Criterion, Scheme
from touchstone.stats.rated_columns import REASONS, Floats, Places, RatedColumns

Flags = npt.NDArray[np.bool_]
# Floats are wrong by less than 1e-14 of their size (`stats.rated_columns`), and a combination of
# them by little more.
GUARD = 1e-12
LARGEST_WHOLE = 2**53


@dataclass(frozen=True, eq=False)
class SpanColumns:
    """Score and interval of each unit, cut to the scale; NaN where a unit is withheld.

    `guard`: each figure is nearer to its exact one than that, those that were cut are exact.
    `is_near_end`: a figure so near to an end of the scale that the cut is not sure.
    """

    value: Floats
    low: Floats
    high: Floats
    guard: Floats
    is_near_end: Flags

    def near(self, figures: Floats, bound: float) -> Flags:
        """Tell which figures may lie on either side of a bound."""
        return np.asarray(np.abs(figures - bound) <= self.guard)


class ScoreColumns:
    """The criteria of a scheme and what was measured for each, combined to scores."""

    def __init__(self, scheme: Scheme, measured: Sequence[RatedColumns]) -> None:
        self.scheme, self.measured = scheme, measured
        weights = np.array([float(one.weight) for one in scheme.criteria])
        self._weights = weights / weights.sum()

    @cached_property
    def reason(self) -> Places:
        """Give the place in REASONS of the first criterion's that withholds, 0 where none does."""
        reasons = np.stack([one.reason for one in self.measured])
        first = (reasons != 0).argmax(axis=0)
        found: Places = np.take_along_axis(reasons, first[np.newaxis], axis=0)[0]
        return found

    @cached_property
    def n(self) -> tuple[Places, Flags]:
        """Give the fewest answers of a criterion that has a figure, and whether they may be told.

        No count is told of a unit with too few raters.
        """
        reasons = np.stack([one.reason for one in self.measured])
        counts = np.stack([one.n for one in self.measured])
        fewest = np.where(reasons == 0, counts, np.iinfo(np.int64).max).min(axis=0)
        is_told = (reasons == 0).any(axis=0)
        return fewest, is_told & (reasons != REASONS.index("too_few_raters")).all(axis=0)

    def spans(self, confidence: Decimal) -> SpanColumns:
        """Combine the criteria, as `composites.combine` does, and cut the scores to the scale."""
        ends = [one.ends(confidence) for one in self.measured]
        values = [one.value for one in self.measured]
        value = sum(w * own for w, own in zip(self._weights, values, strict=True))
        below = np.zeros(len(value))
        above = np.zeros(len(value))
        for weight, own, (low, high) in zip(self._weights, values, ends, strict=True):
            below += (weight * (own - low)) ** 2
            above += (weight * (high - own)) ** 2
        size = np.maximum.reduce([one.size(confidence) for one in self.measured])
        if len(values) == 1:
            low, high = ends[0]
        else:
            low, high = value - np.sqrt(below), value + np.sqrt(above)
        return self._cut(value, low, high, GUARD * size)

    def _cut(self, value: Floats, low: Floats, high: Floats, guard: Floats) -> SpanColumns:
        lowest, highest = (float(end) for end in (self.scheme.scale.low, self.scheme.scale.high))
        near = np.zeros(len(value), np.bool_)
        for end in (lowest, highest):
            for figures in (value, low, high):
                near |= np.abs(figures - end) <= guard
        value, low, high = (np.clip(figures, lowest, highest) for figures in (value, low, high))
        return SpanColumns(value, low, high, guard, near)


def are_columns_enough(scheme: Scheme, indicators: Mapping[str, Indicator]) -> bool:
    """Tell whether a scheme is of the kind that columns can score.

    Criteria of one level that are means or shares of answers without a target, weighted in an
    arithmetic mean; no comparison groups, caps, vetoes, limiters, quotas, bonuses or deductions.
    """
    limits = (scheme.caps, scheme.vetoes, scheme.limiters, scheme.quotas)
    extras = (scheme.bonuses, scheme.deductions, scheme.comparison, scheme.index)
    several = len(scheme.criteria) > 1
    return (
        not any(limits + extras)
        and not (several and (scheme.missing == "skip" or scheme.aggregation != "arithmetic"))
        and all(_is_plain(one, indicators) for one in scheme.criteria)
    )


def _is_plain(criterion: Criterion, indicators: Mapping[str, Indicator]) -> bool:
    parts = (criterion.target, criterion.otherwise, criterion.scheme, criterion.criteria)
    if any(parts) or criterion.standing or criterion.scaling or criterion.indicator is None:
        return False
    return indicators[criterion.indicator].kind in ("mean", "share")


def rounded_figures(figures: Floats, guard: Floats, places: int) -> tuple[Places, Flags]:
    """Round to so many places, as whole numbers of the last; tell where a half may be near.

    Those doubtful ones are 0 here.

    >>> rounded_figures(np.array([2.344, 2.345]), np.array([1e-12, 1e-12]), 2)
    (array([234,   0]), array([False,  True]))
    """
    scaled = figures * 10.0**places
    distance = np.abs(scaled - np.floor(scaled) - 0.5)
    doubtful = ~(distance > 2 * guard * 10.0**places) | ~(np.abs(scaled) < LARGEST_WHOLE)
    return np.rint(np.where(doubtful, 0, scaled)).astype(np.int64), doubtful
