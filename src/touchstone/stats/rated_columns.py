"""Means and shares of what raters said, for very many units at once, in floating-point numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from touchstone.stats.figures import normal_quantile, t_quantile
from touchstone.stats.raters import RatedRule
from touchstone.tallies.unit_sums import UnitColumns
from touchstone.tallies.whole_numbers import Numbers, exact_product, largest_of

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
# Why there is no figure, in the order in which `raters` looks; the first stands for none of them.
ROOM = 2**61
REASONS = ("", "too_few_raters", "empty_base", "all_answers_equal", "raters_alike")


@dataclass(frozen=True, eq=False, slots=True)
class RatedColumns:
    """What `raters.mean_of_raters` or `share_of_raters` says of each unit, near to 1e-14 of it.

    `reason`: place in REASONS, 0 where there is a figure; all figures are NaN elsewhere. `value`
    is `numerator`/`denominator` exactly. `size` bounds value and interval ends from above, so
    that each of them is wrong by less than 1e-14 times `size`. Every withheld unit is so by whole
    numbers, hence exactly.
    """

    reason: Places
    n: Places
    freedom: Places
    numerator: Numbers
    denominator: Numbers
    value: Floats
    se: Floats
    n_effective: Floats
    is_share: bool

    def ends(self, confidence: Decimal) -> tuple[Floats, Floats]:
        """Give both ends of every interval: Student's t of a mean, Wilson's of a share."""
        if self.is_share:
            low, high = _wilson_ends(self.value / 100, self.n_effective, confidence)
            return 100 * low, 100 * high
        half = _by_number(self.freedom, lambda df: t_quantile(confidence, df)) * self.se
        return self.value - half, self.value + half

    def size(self, confidence: Decimal) -> Floats:
        """Give a bound of the absolute value of each unit's figures, 1 at least."""
        low, high = self.ends(confidence)
        largest: Floats = np.maximum(np.maximum(np.abs(low), np.abs(high)), 100 * self.is_share)
        return np.maximum(largest, 1)


def rate_columns(sums: UnitColumns, rule: RatedRule, *, is_share: bool) -> RatedColumns:
    """Give the mean of each unit's answers, or the share of yes in percent.

    Formulas and reasons are those of `raters`. Whole numbers stay exact up to one division and
    one root of floating-point numbers, so that few steps round.

    >>> one = [np.array([number]) for number in (4, 4, 4, 10, 30, 30, 10, 4)]
    >>> found = rate_columns(UnitColumns(*one), RatedRule(0, 3, Decimal("0.95")), is_share=False)
    >>> found.value, found.se.round(4)
    (array([2.5]), array([0.6455]))
    """
    w, wy = sums.w, sums.wy
    within = _product(w, sums.wyy) - _product(wy, wy)
    spread = (
        _product(_product(w, w), sums.aa)
        - 2 * _product(_product(w, wy), sums.ab)
        + _product(_product(wy, wy), sums.bb)
    )
    smallest = max(rule.smallest_group, 2)
    conditions = [sums.raters < smallest, w == 0, within == 0, spread == 0]
    reason = np.select([_flags(one) for one in conditions], [1, 2, 3, 4], 0).astype(np.int64)
    has = reason == 0
    raters, n = (_floats(part, has) for part in (sums.raters, sums.n))
    weight, spread_, within_ = (_floats(part, has) for part in (w, spread, within))
    se = np.sqrt(raters / (raters - 1) * spread_) / weight**2
    deff = raters * (n - 1) * spread_ / ((raters - 1) * weight**2 * within_)
    numerator = _product(wy, np.array([100])) if is_share else wy
    denominator = _product(w, np.array([10**rule.places]))
    return RatedColumns(
        reason=reason,
        n=sums.n.astype(np.int64),
        freedom=np.where(has, sums.raters.astype(np.int64) - 1, 1),
        numerator=numerator,
        denominator=denominator,
        value=_floats(numerator, has) / _floats(denominator, has),
        se=100 * se if is_share else se / 10**rule.places,
        n_effective=n / deff,
        is_share=is_share,
    )


def _product(left: Numbers, right: Numbers) -> Numbers:
    """Multiply, with room for four such products to be added up."""
    product = exact_product(left, right)
    return product if largest_of(product) < ROOM else product.astype(object)


def _flags(condition: Numbers) -> npt.NDArray[np.bool_]:
    return condition.astype(np.bool_)


def _floats(numbers: Numbers, has: npt.NDArray[np.bool_]) -> Floats:
    """Give the floating-point number nearest to each whole number, NaN where there is no figure."""
    floats: Floats = np.where(has, numbers, 1).astype(np.float64)
    floats[~has] = np.nan
    return floats


def _by_number(numbers: Places, quantile: Callable[[int], Decimal]) -> Floats:
    """Look up a quantile for each number; each distinct one is worked out once."""
    found, places = np.unique(numbers, return_inverse=True)
    return np.array([float(quantile(number)) for number in found.tolist()])[places]


def _wilson_ends(share: Floats, n: Floats, confidence: Decimal) -> tuple[Floats, Floats]:
    """Give the ends of `intervals.wilson_interval` for columns of shares between 0 and 1."""
    square = float(normal_quantile(confidence)) ** 2
    middle = share + square / (2 * n)
    half = np.sqrt(square * (share * (1 - share) / n + square / (4 * n * n)))
    whole = 1 + square / n
    return (middle - half) / whole, (middle + half) / whole
