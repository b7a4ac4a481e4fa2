"""What a fitted model says of each ratee and each rater."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats, Ratings
from touchstone.stats.crossed_effects.fits import Fit
from touchstone.stats.crossed_effects.slopes import part_of
from touchstone.stats.ranks import ranks_within

RATER, RATEE = 0, 1
Whole = npt.NDArray[np.int64]


class Ratees(NamedTuple):
    """One number for each ratee, in the order of the levels.

    `mean`: plain mean. `measure`: what an average rater would have given under average conditions.
    `se`: conditional standard deviation of the ratee's own effect. `subset`: ratees of different
    subsets share no chain of raters. `rank_low`, `rank_high`: best and worst place in the subset.
    """

    n: Whole
    mean: Floats
    measure: Floats
    se: Floats
    subset: Whole
    rank_low: Whole
    rank_high: Whole


class Raters(NamedTuple):
    """One number for each rater, in the order of the levels.

    `leniency`: how far above an average rater's the scores lie. `mean_square`: mean squared
    residual over the residual variance: about 1 for a rater like the others, far more for an
    erratic one.
    """

    n: Whole
    mean: Floats
    leniency: Floats
    se: Floats
    mean_square: Floats


class Effects(NamedTuple):
    """The conditional modes of a group's effects and their conditional standard deviations."""

    modes: Floats
    ses: Floats


def effects_of(found: Fit, group: int) -> Effects:
    """Give a group's effects on the score's scale; all 0 where it has no variance."""
    solved, inverse = found.solved, found.inverse
    products = solved.equations.products
    if found.variances[group] == 0:
        none = np.zeros(len(products.rows_of(group)))
        return Effects(none, none)
    scaled = part_of(products, solved.coefficients, group)[:, 0]
    diagonal = (
        inverse.absorbed_conditional
        if group == products.absorbed
        else inverse.conditional[products.part(group)]
    )
    ratio = solved.equations.ratios[group]
    ses = np.sqrt(diagonal * ratio * found.residual_variance)
    return Effects(scaled * np.sqrt(ratio), ses)


def rate_ratees(
    found: Fit, fixed_mean: float, subset: Whole, *, with_groups: bool, confidence: float
) -> Ratees:
    """Give the ratees' measures, with ranks by simultaneous intervals within each subset."""
    products = found.solved.equations.products
    own = effects_of(found, RATEE)
    measure = fixed_mean + own.modes
    if with_groups:
        measure = measure + _group_effects(found, products)
    n = products.rows_of(RATEE)
    if found.variances[RATEE] == 0:
        low, high = np.ones_like(subset), np.bincount(subset)[subset]
    else:
        low, high = ranks_within(subset, measure, own.ses, confidence=confidence)
    means = products.scores_of(RATEE) / n
    return Ratees(n.astype(np.int64), means, measure, own.ses, subset, low, high)


def _group_effects(found: Fit, products: CrossProducts) -> Floats:
    """Give the mean effect of the groups that each ratee's rows stand in."""
    n = products.rows_of(RATEE)
    total = np.zeros(len(n))
    for group in range(RATEE + 1, len(found.variances)):
        total += (products.pairs(RATEE, group) @ effects_of(found, group).modes) / n
    return total


def rate_raters(found: Fit, ratings: Ratings) -> Raters:
    """Give the raters' leniency and how well their scores fit."""
    products = found.solved.equations.products
    own = effects_of(found, RATER)
    fixed = found.solved.coefficients.rest[products.random_columns :, 0]
    residuals = ratings.scores - ratings.fixed @ fixed
    for group, codes in enumerate(ratings.codes):
        residuals = residuals - effects_of(found, group).modes[codes]
    n = products.rows_of(RATER)
    squares = np.bincount(ratings.codes[RATER], weights=residuals**2, minlength=len(n))
    mean_square = squares / n / found.residual_variance
    means = products.scores_of(RATER) / n
    return Raters(n.astype(np.int64), means, own.modes, own.ses, mean_square)
