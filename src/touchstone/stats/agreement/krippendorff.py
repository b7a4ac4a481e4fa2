"""Krippendorff's alpha: agreement of any number of raters, with ratings missing."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.agreement.choices import DRAWS, Level
from touchstone.stats.agreement.ratings import (
    CodedRatings,
    Floats,
    full_agreement_ends,
    value_counts,
)
from touchstone.stats.model_figures import model_estimate

# More draws than this share without any disagreement to expect tell nothing of the rest.
MOST_EMPTY_DRAWS = 0.05
MOST_CELLS = 2**24


class Pairable(NamedTuple):
    """What ratees with two ratings or more got; ratees with equal counts are one pattern.

    `counts`: [patterns, values]; `sizes`: ratings of each; `times`: how many ratees have it;
    `scale`: the values' scores.
    """

    counts: sparse.csr_array
    sizes: Floats
    times: Floats
    scale: Floats

    @property
    def ratees(self) -> int:
        """The number of ratees."""
        return int(self.times.sum())


# Observed and expected disagreement when each pattern stands so many times.
Disagreement = Callable[[Floats], tuple[float, float]]


def krippendorff_alpha(
    ratings: CodedRatings,
    level: Level,
    *,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = 1,
) -> Outcome:
    """Give Krippendorff's alpha: 1 when raters always agree, 0 when they agree as by chance.

    alpha = 1 − observed / expected disagreement (Krippendorff 2011, "Computing Krippendorff's
    alpha-reliability"); ratings may be missing, ratees with one rating are left out. `level` says
    how two values differ: nominal (they do or not), ordinal (by the ratings between them),
    interval (by their difference), ratio (by their difference over their sum, none below 0).

    The interval is that of `draws` bootstrap samples of ratees (Zapf et al. 2016), which takes
    ratees as independent of each other; the raters are taken as they are. n counts the ratees.
    Cost: one pass over the ratings, then each draw a pass over the distinct patterns of counts.

    When raters agree on every ratee, see `full_agreement_ends`.

    Withheld as `nothing_rated_twice`, `all_answers_equal`, `negative_ratio_scale`, or
    `answers_too_alike` when all ratees got the same, or too many samples hold one value only.

    >>> from touchstone.stats.agreement.ratings import code_ratings
    >>> coded = code_ratings(list("aabbccdd"), list("xyxyxyxy"), [1, 1, 2, 2, 3, 3, 1, 2])
    >>> found = krippendorff_alpha(coded, "nominal")
    >>> round(found.value, 4), found.n, found.method
    (Decimal('0.6667'), 4, 'bootstrap')
    """
    pairable = pairable_ratings(ratings)
    withheld = _withheld(pairable, level)
    if withheld is not None:
        return withheld
    disagreement = DISAGREEMENTS[level](pairable)
    observed, expected = disagreement(pairable.times)
    if observed <= 0:
        ends = full_agreement_ends(pairable.ratees, confidence=confidence)
        return model_estimate(1.0, ends, n=pairable.ratees, method="full_agreement")
    drawn = _drawn_alphas(disagreement, pairable.times, draws=draws, seed=seed)
    if len(drawn) < (1 - MOST_EMPTY_DRAWS) * draws or len(pairable.times) == 1:
        return Withheld("answers_too_alike")
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return model_estimate(
        1 - observed / expected,
        (float(low), float(high)),
        n=pairable.ratees,
        method="bootstrap",
        se=float(drawn.std(ddof=1)),
    )


def pairable_ratings(ratings: CodedRatings) -> Pairable:
    """Keep the ratees that were rated twice or more, and count the patterns of what they got."""
    counts = value_counts(ratings)
    sizes = np.asarray(counts.sum(axis=1))
    counts = sparse.csr_array(counts[sizes >= 2])
    used = np.flatnonzero(np.asarray(counts.sum(axis=0)))
    counts = sparse.csr_array(counts[:, used])
    firsts, times = _patterns(counts)
    scale = ratings.scale[used]
    return Pairable(sparse.csr_array(counts[firsts]), sizes[sizes >= 2][firsts], times, scale)


def _patterns(counts: sparse.csr_array) -> tuple[npt.NDArray[np.int64], Floats]:
    """Give the first ratee of each pattern of counts, and how many have it.

    Patterns are told apart by a sum of random 64-bit numbers, one for each value.
    """
    random = np.random.default_rng(0)
    factors = random.integers(-(2**62), 2**62, counts.shape[1])
    sums = counts.astype(np.int64) @ factors
    _, firsts, times = np.unique(sums, return_index=True, return_counts=True)
    return firsts, times.astype(np.float64)


def _withheld(pairable: Pairable, level: Level) -> Withheld | None:
    if not len(pairable.sizes):
        return Withheld("nothing_rated_twice")
    if level == "ratio" and pairable.scale[0] < 0:
        return Withheld("negative_ratio_scale")
    return Withheld("all_answers_equal") if len(pairable.scale) == 1 else None


def _drawn_alphas(disagreement: Disagreement, times: Floats, *, draws: int, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    ratees = int(times.sum())
    found = []
    for _ in range(draws):
        observed, expected = disagreement(random.multinomial(ratees, times / ratees).astype(float))
        if expected > 0:
            found.append(1 - observed / expected)
    return np.array(found)


def _nominal(pairable: Pairable) -> Disagreement:
    squares = np.asarray(pairable.counts.power(2).sum(axis=1))
    apart = (pairable.sizes**2 - squares) / (pairable.sizes - 1)
    values = sparse.csr_array(pairable.counts.T)

    def disagreement(times: Floats) -> tuple[float, float]:
        n = times @ pairable.sizes
        margins = values @ times
        return float(times @ apart / n), float((n**2 - margins @ margins) / (n * (n - 1)))

    return disagreement


def _interval(pairable: Pairable) -> Disagreement:
    # Differences do not change with the origin; around the middle they keep their digits.
    scale = pairable.scale - pairable.scale.mean()
    sums, squares = pairable.counts @ scale, pairable.counts @ scale**2
    apart = 2 * (pairable.sizes * squares - sums**2) / (pairable.sizes - 1)

    def disagreement(times: Floats) -> tuple[float, float]:
        n = times @ pairable.sizes
        spread = 2 * (n * (times @ squares) - (times @ sums) ** 2)
        return float(times @ apart / n), float(spread / (n * (n - 1)))

    return disagreement


def _ordinal(pairable: Pairable) -> Disagreement:
    """Ratings between two values, their own half counted, are differences of middle ranks."""
    values = sparse.csr_array(pairable.counts.T)

    def disagreement(times: Floats) -> tuple[float, float]:
        margins = values @ times
        ranks = np.cumsum(margins) - margins / 2
        ranks -= ranks.mean()
        return _interval(pairable._replace(scale=ranks))(times)

    return disagreement


def _ratio(pairable: Pairable) -> Disagreement:
    scale = pairable.scale
    sums = scale[:, None] + scale
    differences = np.divide(scale[:, None] - scale, sums, out=np.zeros_like(sums), where=sums > 0)
    table = differences**2
    rows = max(1, MOST_CELLS // len(scale))
    parts = []
    for start in range(0, len(pairable.sizes), rows):
        part = pairable.counts[start : start + rows]
        parts.append(np.asarray(part.multiply(part @ table).sum(axis=1)))
    apart = np.concatenate(parts) / (pairable.sizes - 1)
    values = sparse.csr_array(pairable.counts.T)

    def disagreement(times: Floats) -> tuple[float, float]:
        n = times @ pairable.sizes
        margins = values @ times
        return float(times @ apart / n), float(margins @ table @ margins / (n * (n - 1)))

    return disagreement


DISAGREEMENTS: dict[Level, Callable[[Pairable], Disagreement]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
