"""How far scores tell units apart: what brings the differences, what is error, what would last."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.stats.grade_probabilities import Array
from touchstone.stats.intervals import Interval
from touchstone.stats.lattices import SEED, normal_draws

Groups = NDArray[np.int64]
DRAWS = ((20_000, 200), (200_000, 50))
FEWEST_DRAWS = 10
# Multiples of it, without their whole part, spread evenly over 0 to 1.
GOLDEN = 0.6180339887498949


class Stability(NamedTuple):
    """How far an order of units would last; see `rank_stability`. None where nothing differs."""

    order_holds: float | None
    rank_correlation: float | None
    draws: int


class Variance(NamedTuple):
    """The variance of scores within groups, and the mean of their squared standard errors."""

    between: float
    error: float

    @property
    def error_share(self) -> float | None:
        """The share of the variance that is sampling error, at most 1; None without variance."""
        return min(self.error / self.between, 1.0) if self.between > 0 else None


def variance_shares(points: Array, groups: Groups) -> Array | None:
    """Give the share of each component in the variance of the total, within groups.

    `points`, of shape components × units, add up to the total. Component j has the share
    cov(component j, total)/var(total), so that the shares sum to 1 (Shorrocks 1982). A share below
    0 means that the component runs against the total. None where the totals of a group are equal.

    >>> same = np.zeros(3, dtype=np.int64)
    >>> variance_shares(np.array([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]]), same).tolist()
    [1.0, 0.0]
    """
    centred = np.array([_centred(row, groups) for row in points])
    total = centred.sum(axis=0)
    whole = float(total @ total)
    if whole <= _negligible(points):
        return None
    shares: Array = centred @ total / whole
    return shares


def variance_within(values: Array, errors: Array, groups: Groups) -> Variance:
    """Give the variance of some scores around their group's mean, and that of their errors.

    >>> same = np.zeros(3, dtype=np.int64)
    >>> variance_within(np.array([1.0, 2.0, 3.0]), np.full(3, 0.5), same)
    Variance(between=1.0, error=0.25)
    """
    freedom = len(values) - len(np.unique(groups))
    if freedom < 1:
        return Variance(0.0, 0.0)
    centred = _centred(values, groups)
    between = float(centred @ centred)
    if between <= _negligible(values[None, :]):
        between = 0.0
    return Variance(between / freedom, float(np.mean(errors**2)))


def rank_stability(values: Array, errors: Array, groups: Groups) -> Stability:
    """Say how far the order of units within their groups would last.

    The true values are drawn from what the scores and their standard errors tell by empirical
    Bayes (Efron and Morris 1975): within a group they are normal with the variance of the scores
    less that of the errors. `order_holds` is the probability that of two units of a group with
    unlike scores the higher one is truly higher. `rank_correlation` is that of Spearman between
    the order and the order of a repeat with new errors of the same size, as a mean over all draws.
    Both are 1 for facts. Each draw pairs every unit with another of its group. There are 200 draws
    for up to 20,000 units, and fewer for more.

    >>> facts = rank_stability(np.array([1.0, 2.0]), np.zeros(2), np.zeros(2, dtype=np.int64))
    >>> facts.order_holds, facts.rank_correlation
    (1.0, 1.0)
    """
    groups = np.unique(groups, return_inverse=True)[1].reshape(-1)
    order = np.argsort(groups, kind="stable")
    values, errors, groups = values[order], errors[order], groups[order]
    variance = variance_within(values, errors, groups)
    draws = next((few for most, few in DRAWS if len(values) <= most), FEWEST_DRAWS)
    if variance.between == 0:
        return Stability(None, None, draws)
    true = max(variance.between - variance.error, 0.0)
    if not errors.any():
        return Stability(1.0, 1.0, draws)
    kept = np.divide(true, true + errors**2, out=np.ones_like(errors), where=errors > 0)
    means = values - (1 - kept) * _centred(values, groups)
    own = _centred(_ranks(values, groups), groups)
    pairs = _Pairs(values, groups)
    holds, correlations = [], []
    for draw in range(draws):
        noise = normal_draws(2, len(values), seed=SEED + draw)
        truth = means + np.sqrt(kept) * errors * noise[0]
        repeat = _centred(_ranks(truth + errors * noise[1], groups), groups)
        size = float(np.sqrt((own @ own) * (repeat @ repeat)))
        correlations.append(float(own @ repeat) / size if size else 0.0)
        holds.append(pairs.agreeing(truth, draw))
    told = np.array(holds).sum(axis=0)
    share = float(told[0] / told[1]) if told[1] else None
    return Stability(share, float(np.mean(correlations)), draws)


def levels_apart(intervals: Sequence[Interval]) -> int:
    """Give the largest number of units each of which can be told from each other by its interval.

    The intervals should hold together, as those of `ranks.rank_ranges`. The choice of the interval
    that ends first, again and again, finds the most that do not overlap.

    >>> from decimal import Decimal
    >>> spans = [(Decimal(a), Decimal(b)) for a, b in ((1, 4), (2, 3), (4, 6), (5, 5), (5, 5))]
    >>> levels_apart(spans)
    2
    """
    levels, reached = 0, None
    for low, high in sorted(intervals, key=lambda interval: interval[1]):
        if reached is None or low > reached:
            levels, reached = levels + 1, high
    return levels


def pairs_apart(ranges: Sequence[Sequence[tuple[int, int]]]) -> float | None:
    """Give the share of pairs of units that are told apart, from rank ranges group by group.

    A unit has rank_low − 1 units surely above it and N − rank_high surely below. None without a
    pair.

    >>> pairs_apart([[(1, 2), (1, 2), (3, 3)]])
    0.6666666666666666
    """
    pairs = sum(len(group) * (len(group) - 1) for group in ranges)
    told = sum(low - 1 + len(group) - high for group in ranges for low, high in group)
    return told / pairs if pairs else None


class _Pairs:
    """Pairs of units within groups; each draw pairs every unit with one at another distance."""

    def __init__(self, values: Array, groups: Groups) -> None:
        sizes = np.bincount(groups)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.values = values
        self.size, self.start = sizes[groups], starts[groups]
        self.place = np.arange(len(values)) - self.start

    def agreeing(self, truth: Array, draw: int) -> tuple[int, int]:
        """Count the pairs with unlike values in the order of the truth, and all of them."""
        distance = (draw + 1) * GOLDEN % 1.0
        steps = 1 + (distance * np.maximum(self.size - 1, 1)).astype(np.int64)
        partner = self.start + (self.place + steps) % self.size
        differ = self.values != self.values[partner]
        same = (self.values > self.values[partner]) == (truth > truth[partner])
        return int(np.sum(differ & same)), int(np.sum(differ))


def _ranks(values: Array, groups: Groups) -> Array:
    """Give the rank of each value within its group, equal values the mean of their ranks."""
    order = np.lexsort((values, groups))
    ordered, grouped = values[order], groups[order]
    is_new = np.ones(len(values), dtype=np.bool_)
    is_new[1:] = (ordered[1:] != ordered[:-1]) | (grouped[1:] != grouped[:-1])
    run = np.cumsum(is_new) - 1
    places = np.arange(len(values), dtype=np.float64)
    ranks = np.empty(len(values))
    ranks[order] = (np.bincount(run, places) / np.bincount(run))[run]
    return ranks


def _centred(values: Array, groups: Groups) -> Array:
    """Take the mean of its group from each value."""
    named = np.unique(groups, return_inverse=True)[1].reshape(-1)
    means = np.bincount(named, values) / np.bincount(named)
    return values - means[named]


def _negligible(values: Array) -> float:
    """Give the sum of squares that rounding errors of these values may leave."""
    return float(np.sum((np.abs(values).max(axis=0, initial=0.0) * 1e-10) ** 2))
