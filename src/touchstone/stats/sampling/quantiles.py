"""Quantiles of a population, with Woodruff's interval."""

import numpy as np

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.model_figures import two_sided_t
from touchstone.stats.sampling.choices import QuantileRule
from touchstone.stats.sampling.domains import Rule, base_of, census_of, spread_of, t_ends, told
from touchstone.stats.sampling.samples import Floats
from touchstone.stats.sampling.sources import ErrorSource, Term
from touchstone.stats.sampling.statistics import Measure, value_of
from touchstone.tallies.limbs import Integers

# Sums of weights that differ by less of their size are the same sum, rounded.
SAME = 1e-12


def weighted_quantile(
    values: Floats, weights: Floats, share: float, *, rule: QuantileRule = "math"
) -> float:
    """Give the value below or at which a share of the weight lies.

    `math` is the inverse of the distribution function: the smallest value whose cumulated weight
    reaches the share. `school` takes the middle between it and the next value where the share is
    reached exactly, so that the median of an even number of equal weights is the middle of two.
    They are those of the R package survey.

    >>> y, w = np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4)
    >>> weighted_quantile(y, w, 0.5), weighted_quantile(y, w, 0.5, rule="school")
    (2.0, 2.5)
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    aim = share * reached[-1]
    slack = SAME * reached[-1]
    place = min(int(np.searchsorted(reached, aim - slack)), len(order) - 1)
    value = float(values[order[place]])
    if rule == "school" and abs(reached[place] - aim) <= slack and place + 1 < len(order):
        return (value + float(values[order[place + 1]])) / 2
    return value


def quantile_outcome(
    measure: Measure,
    rows: Integers,
    source: ErrorSource,
    rule: Rule,
    *,
    share: float,
    quantile_rule: QuantileRule = "math",
) -> Outcome:
    """Estimate a quantile of the measure's y over some rows, with Woodruff's interval (1952).

    The interval of the share of the population at or below the estimate, share ± t·se, is turned
    back to values by the same rule; the standard error is the interval's width over 2t. So
    `svyquantile` of the R package survey does with `interval.type = "mean"`.

    Withheld as `quantile_beyond_data` where that interval leaves 0 to 1, or where the estimate is
    the largest value, beyond which no answer tells how far it may lie: there are too few answers
    that far out; and for the reasons of `domains.outcome_of`.
    """
    rows = base_of(measure, rows, source.weights)
    if not len(rows):
        return Withheld("empty_base")
    values, weights = measure.y[rows], source.weights[rows]
    value = weighted_quantile(values, weights, share, rule=quantile_rule)
    if source.is_census(rows):
        return census_of(value, len(rows))
    reached = Measure("share", measure.variable, (measure.y <= value).astype(np.float64))
    spread = spread_of(source, rows, [Term(1.0, reached, rows)])
    if isinstance(spread, Withheld):
        return spread
    variance, df = spread
    middle = float(value_of(reached, rows, weights))
    shares = t_ends(middle, variance**0.5, df, confidence=rule.confidence)
    if shares[0] < -SAME or shares[1] > 1 + SAME or middle > 1 - SAME:
        return Withheld("quantile_beyond_data")
    low, high = (weighted_quantile(values, weights, end, rule=quantile_rule) for end in shares)
    se = (high - low) / (2 * two_sided_t(rule.confidence, df))
    return told(value, se, (low, high), n=len(rows), df=df, method="woodruff")
