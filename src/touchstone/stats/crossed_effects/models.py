"""Crossed models of ratings: measures of ratees, corrected for who rated them."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.crossed_effects.cross_products import Floats
from touchstone.stats.crossed_effects.fits import Criterion, Fit, fit
from touchstone.stats.crossed_effects.measures import (
    RATEE,
    RATER,
    Ratees,
    Raters,
    rate_ratees,
    rate_raters,
)
from touchstone.stats.crossed_effects.tables import RatingTable, checked_ratings
from touchstone.stats.model_figures import separation_of
from touchstone.stats.rating_networks import connected_subsets

CONSTANT = "(Intercept)"
RESIDUAL = "residual"


class Coefficient(NamedTuple):
    """A fixed effect and its standard error."""

    estimate: float
    se: float


@dataclass(frozen=True, slots=True)
class CrossedModel:
    """A fitted crossed model.

    `criterion`: −2 log likelihood, restricted with REML; withheld when the equations were solved
    in rounds. `variances`: by name of group, that of the residual last. `reliability`: the share of
    the variance of ratees' measures that is not error. `separation`: the ratees' spread over the
    error (Wright and Masters 1982). `subsets`: how many parts of the table share no rater and
    no ratee; measures of different parts compare only if raters came to them by chance.
    """

    criterion: float | Withheld
    variances: dict[str, float]
    fixed: dict[str, Coefficient]
    ratees: Ratees
    raters: Raters
    reliability: float | Withheld
    separation: float | Withheld
    subsets: int


def fit_crossed(
    table: RatingTable,
    *,
    criterion: Criterion = "reml",
    within_groups: bool = False,
    confidence: float = 0.95,
) -> CrossedModel:
    """Fit scores by rater, ratee and groups as crossed random effects, and measure the ratees.

    Score = fixed part + effects of rater, ratee and each group + error, all normal and independent
    of each other; who rates whom is taken not to depend on the effects. Figures equal those of
    R's lme4 (Bates, Mächler, Bolker and Walker 2015). A measure is the fixed part at the average of
    the fixed columns, plus the ratee's conditional mode (Robinson 1991), plus the mean effect of
    the groups its rows stand in, unless `within_groups`. Ranks are those of simultaneous intervals
    (Šidák 1967; Klein, Wright and Wieczorek 2020) within each connected subset.

    Raises TouchstoneError RATE-01 to RATE-05 as `checked_ratings`, RATE-06 when no minimum is
    found.

    >>> from touchstone.stats.crossed_effects.tables import grouping
    >>> scores = np.array([2.0, 4, 3, 3, 5, 4, 1, 2, 2])
    >>> raters, ratees = grouping("rater", list("aaabbbccc")), grouping("ratee", list("xyzxyzxyz"))
    >>> found = fit_crossed(RatingTable(scores, raters, ratees))
    >>> {name: round(variance, 3) for name, variance in found.variances.items()}
    {'rater': 1.333, 'ratee': 0.667, 'residual': 0.111}
    """
    ratings = checked_ratings(table)
    try:
        found = fit(ratings, criterion)
    except ArithmeticError as failure:
        raise TouchstoneError(
            "RATE-06",
            where=", ".join(one.name for one in table.groupings),
            found=f"the variances could not be estimated: {failure}",
            remedy="Leave out groups of few levels, or one of two groups that nearly coincide.",
        ) from None
    fixed = _fixed(table, found)
    subset = connected_subsets(ratings.codes[RATER], ratings.codes[RATEE])
    estimates = np.array([one.estimate for one in fixed.values()])
    ratees = rate_ratees(
        found,
        float(ratings.fixed.mean(axis=0) @ estimates),
        subset,
        with_groups=not within_groups,
        confidence=confidence,
    )
    reliability = _reliability(ratees.se, float(found.variances[RATEE]))
    return CrossedModel(
        Withheld("solved_in_rounds") if found.criterion is None else found.criterion,
        _variances(table, found),
        fixed,
        ratees,
        rate_raters(found, ratings),
        reliability,
        separation_of(reliability),
        int(subset.max()) + 1,
    )


def _variances(table: RatingTable, found: Fit) -> dict[str, float]:
    names = [*(one.name for one in table.groupings), RESIDUAL]
    return dict(zip(names, [*found.variances.tolist(), found.residual_variance], strict=True))


def _fixed(table: RatingTable, found: Fit) -> dict[str, Coefficient]:
    products = found.solved.equations.products
    estimates = found.solved.coefficients.rest[products.random_columns :, 0]
    ses = np.sqrt(np.diagonal(found.inverse.fixed) * found.residual_variance)
    names = [CONSTANT, *(column.name for column in table.fixed)]
    pairs = zip(estimates.tolist(), ses.tolist(), strict=True)
    return {name: Coefficient(*pair) for name, pair in zip(names, pairs, strict=True)}


def _reliability(ses: Floats, variance: float) -> float | Withheld:
    if variance == 0:
        return Withheld("ratees_alike")
    return float(1 - (ses**2).mean() / variance)
