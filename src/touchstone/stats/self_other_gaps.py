"""How far people's view of themselves lies above or below what others say of them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.crossed_effects.cross_products import Floats
from touchstone.stats.crossed_effects.tables import Grouping
from touchstone.stats.model_figures import model_estimate, two_sided_t

FEWEST_RATEES = 2


class SelfOtherGaps(NamedTuple):
    """The gap of each ratee, in the order of the levels, and the mean gap of all who have one."""

    ratees: tuple[Outcome, ...]
    mean: Outcome


def self_other_gaps(
    scores: Floats,
    rater: Grouping,
    ratee: Grouping,
    is_self: npt.NDArray[np.bool_],
    *,
    smallest_group: int = 5,
    confidence: float = 0.95,
) -> SelfOtherGaps:
    """Give each ratee's mean rating of the own self less the mean of the others' means.

    `is_self`: [n] which ratings are of the rater's own self. Of m others the error is that of
    their mean, with m − 1 degrees of freedom; the own view is one person's and has none. The mean
    gap has the error of the mean of independent gaps, a paired comparison with n − 1 degrees of
    freedom. All raters are taken to answer the same items.

    Withheld as `no_self_rating`, as `too_few_raters` below the smallest group, as `raters_alike`
    when the others all have the same mean; the mean gap as `too_few_pairs` and `gaps_alike`.

    >>> from touchstone.stats.crossed_effects.tables import grouping
    >>> names = [("a", "a"), ("b", "a"), ("c", "a"), ("d", "a"), ("b", "b"), ("a", "b")]
    >>> rater, ratee = grouping("by", [r for r, _ in names]), grouping("of", [d for _, d in names])
    >>> scores, own = np.array([5.0, 3, 4, 2, 4, 4]), np.array([r == d for r, d in names])
    >>> found = self_other_gaps(scores, rater, ratee, own, smallest_group=3)
    >>> found.ratees[0].value, round(found.ratees[0].low, 2), found.ratees[1].reason
    (Decimal('2'), Decimal('-0.48'), 'too_few_raters')
    """
    smallest = max(smallest_group, FEWEST_RATEES)
    levels = len(ratee.levels)
    n_own, own = _means(scores[is_self], ratee.codes[is_self], levels)
    others, of_raters = _rater_means(scores[~is_self], rater, ratee, ~is_self)
    m, means = _means(of_raters, others, levels)
    squares = np.bincount(others, weights=(of_raters - means[others]) ** 2, minlength=levels)
    gaps = own - means
    found: list[Outcome] = []
    for place in range(levels):
        withheld = _withheld(int(n_own[place]), int(m[place]), float(squares[place]), smallest)
        se = float(np.sqrt(squares[place] / max(m[place] * (m[place] - 1), 1)))
        found.append(withheld or _gap(float(gaps[place]), se, int(m[place]), confidence))
    paired = (n_own > 0) & (m >= smallest)
    return SelfOtherGaps(tuple(found), _mean_gap(gaps[paired], confidence))


def _means(
    values: Floats, codes: npt.NDArray[np.integer], levels: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    n = np.bincount(codes, minlength=levels)
    return n, np.bincount(codes, weights=values, minlength=levels) / np.maximum(n, 1)


def _rater_means(
    scores: Floats, rater: Grouping, ratee: Grouping, which: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Give the ratee and the mean score of each pair of ratee and rater."""
    raters = len(rater.levels)
    keys = ratee.codes[which].astype(np.int64) * raters + rater.codes[which]
    pairs, places = np.unique(keys, return_inverse=True)
    return pairs // raters, _means(scores, places, len(pairs))[1]


def _withheld(own: int, others: int, squares: float, smallest: int) -> Withheld | None:
    if not own:
        return Withheld("no_self_rating")
    if others < smallest:
        return Withheld("too_few_raters", (("smallest", str(smallest)),))
    return Withheld("raters_alike") if squares == 0 else None


def _mean_gap(gaps: Floats, confidence: float) -> Outcome:
    if len(gaps) < FEWEST_RATEES:
        return Withheld("too_few_pairs", (("smallest", str(FEWEST_RATEES)),))
    se = float(gaps.std(ddof=1) / np.sqrt(len(gaps)))
    if se == 0:
        return Withheld("gaps_alike")
    return _gap(float(gaps.mean()), se, len(gaps), confidence)


def _gap(value: float, se: float, n: int, confidence: float) -> Outcome:
    half = two_sided_t(confidence, n - 1) * se
    return model_estimate(
        value, (value - half, value + half), n=n, method="t", se=se, degrees_of_freedom=n - 1
    )
