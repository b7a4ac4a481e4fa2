"""Many-facet models of rating forms: measures of ratees, corrected for raters and items."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.item_response.models import LOG_FLOOR
from touchstone.stats.item_response.newton import Maximum, maximise
from touchstone.stats.item_response.scales import Floats, Parameter
from touchstone.stats.many_facets.choices import ScaleOf
from touchstone.stats.many_facets.forms import (
    FEWEST,
    Forms,
    FormTable,
    telling_forms,
)
from touchstone.stats.many_facets.likelihood import FacetLikelihood, places_of
from touchstone.stats.many_facets.measures import (
    Element,
    Ratee,
    RateeMeasure,
    rate_elements,
    rate_ratees,
    scale_thresholds,
)
from touchstone.stats.model_figures import separation_of
from touchstone.stats.threads import spared_threads

# A dense factor of more parameters than this takes too long.
MOST_PARAMETERS = 6_000
MOST_ROUNDS = 500
SMALLEST_CHANGE = 1e-5
SMALLEST_VARIANCE = 1e-4
SMALLEST_TOLD = 1e-6


@dataclass(frozen=True, slots=True)
class FacetModel:
    """A fitted many-facet model; logits throughout, but for means and averages.

    `variance`: of ratees' abilities; `rater_variance`: of random raters' severities, None when
    they are fixed. `thresholds`: those of the common scale, none where items or raters have their
    own. `lowest`: the category below the first threshold. `reliability`, `separation`: of ratees'
    measures; `rater_reliability`: the share of the differences between severities that is not
    error. `subsets`: how many parts of the table share no rater and no ratee; figures of
    different parts are not to be compared. `left_out`: ratings by raters, or on items, that
    always give the same.
    """

    log_likelihood: float
    variance: float
    variance_se: float | Withheld
    rater_variance: float | None
    thresholds: tuple[Parameter | Withheld, ...]
    lowest: int
    ratees: tuple[Ratee, ...]
    raters: tuple[Element, ...]
    items: tuple[Element, ...]
    reliability: float | Withheld
    separation: float | Withheld
    rater_reliability: float | Withheld
    rater_separation: float | Withheld
    subsets: int
    left_out: int
    fit: "FacetFit"


class FacetFit(NamedTuple):
    """The likelihood and its maximum, for what is computed from them afterwards."""

    likelihood: FacetLikelihood
    found: Maximum


def fit_many_facets(
    table: FormTable,
    *,
    scale_of: ScaleOf = "common",
    raters: Literal["fixed", "random"] = "fixed",
    confidence: float = 0.95,
) -> FacetModel:
    """Measure ratees by forms of items that raters filled in, fairly to all raters.

    The logit of category k over k − 1 is ability − difficulty of the item − severity of the rater
    − threshold (Linacre 1989, "Many-facet Rasch measurement"); thresholds are common (Andrich
    1978), or of each item (Masters 1982) or rater. Ratees are random, normal with mean 0 and free
    variance, and integrated out (marginal maximum likelihood, as TAM's `tam.mml.mfr`); their
    measures are posterior means, finite for perfect scores too. Severities are fixed and sum to
    0, or with `raters="random"` normal with a variance estimated along (penalised quasi-likelihood,
    Breslow and Clayton 1993: a little too small when raters have few ratings), which suits many
    raters of few ratings each. Ratings are taken to be independent given ability, and who rates
    whom not to depend on it.

    Raters and items whose ratings all stand at one end of the scale have no finite parameter: they
    are left out and withheld. Raises TouchstoneError ITEM-03 when no maximum is found, ITEM-04 when
    too little is left, ITEM-05 for more than 6,000 parameters.

    >>> from touchstone.stats.crossed_effects.tables import grouping
    >>> forms = [(rater, ratee, item) for ratee in "vwxyz" for rater in "ab" for item in "12"]
    >>> columns = [grouping(*one) for one in zip(("rater", "ratee", "item"), zip(*forms))]
    >>> chosen = np.array([0, 1, 0, 0, 1, 1, 0, 1, 2, 1, 1, 0, 2, 2, 1, 2, 1, 2, 1, 1])
    >>> found = fit_many_facets(FormTable(chosen, *columns))
    >>> [round(rater.measure.estimate, 3) for rater in found.raters]
    [-1.482, 1.482]
    >>> [round(ratee.measure.average, 2) for ratee in found.ratees]
    [0.32, 0.81, 1.0, 1.68, 1.19]
    """
    forms = telling_forms(table, scale_of, keep_raters=raters == "random")
    places = places_of(forms)
    if places.size > MOST_PARAMETERS:
        raise TouchstoneError(
            "ITEM-05",
            where=f"column {table.rater.name!r}",
            found=f"the model has {places.size} parameters, and takes at most {MOST_PARAMETERS}",
            remedy="Take the linear model, which takes any number of raters.",
        )
    likelihood = FacetLikelihood(forms, places)
    try:
        with spared_threads(places.size):
            fit = _random_fit(likelihood) if raters == "random" else _fixed_fit(likelihood)
    except ArithmeticError as failure:
        raise TouchstoneError(
            "ITEM-03",
            where=f"columns {table.rater.name!r}, {table.item.name!r}",
            found=f"the model could not be fitted: {failure}",
            remedy="Leave out raters, items or categories with very few ratings.",
        ) from None
    return _model(table, fit, scale_of, confidence)


def _start(forms: Forms, size: int) -> Floats:
    """Start where raters and ratees are alike."""
    start, most = np.zeros(size), int(forms.categories.max())
    n = np.bincount(forms.items, minlength=len(forms.difficulties))
    sums = np.bincount(forms.items, weights=forms.categories, minlength=len(n))
    first = len(forms.severities)
    start[first : first + len(n)] = np.log((most * n - sums + 0.5) / (sums + 0.5)) * (n > 0)
    return start


def _fixed_fit(likelihood: FacetLikelihood) -> FacetFit:
    found = maximise(likelihood, _start(likelihood.forms, likelihood.places.size), floor=LOG_FLOOR)
    covariance = likelihood.without_constraints(found.covariance)
    return FacetFit(likelihood, found._replace(covariance=covariance))


def _random_fit(likelihood: FacetLikelihood) -> FacetFit:
    """Estimate severities given their variance, and the variance given them, in turn.

    The variance is the sum of squares over the number of raters that the ratings, and not the
    variance itself, tell of (Schall 1991).
    """
    at, variance = _start(likelihood.forms, likelihood.places.size), 1.0
    raters = likelihood.places.raters
    for _ in range(MOST_ROUNDS):
        likelihood.precision = 1 / variance
        found = maximise(likelihood, at, floor=LOG_FLOOR)
        at, before = found.parameters, variance
        told = raters - float(np.diagonal(found.covariance)[:raters].sum()) / variance
        squares = float(at[:raters] @ at[:raters])
        variance = max(squares / max(told, SMALLEST_TOLD), SMALLEST_VARIANCE)
        if abs(np.log(variance / before)) < SMALLEST_CHANGE:
            return FacetFit(likelihood, found)
    raise ArithmeticError("the variance of raters does not settle")


def _laplace(fit: FacetFit) -> float:
    """Give the log likelihood, with random raters integrated out by Laplace's approximation."""
    likelihood, found = fit
    if not likelihood.precision:
        return found.value
    raters = likelihood.places.raters
    information = likelihood(found.parameters).information[:raters, :raters]
    determinant = float(np.linalg.slogdet(information / likelihood.precision)[1])
    return found.value - determinant / 2


def _model(table: FormTable, fit: FacetFit, scale_of: ScaleOf, confidence: float) -> FacetModel:
    likelihood, found = fit
    forms = likelihood.forms
    variance = 0.0 if found.at_floor else float(np.exp(2 * found.parameters[-1]))
    alike = Withheld("ratees_alike")
    ratees = rate_ratees(table, likelihood, found, confidence)
    raters = rate_elements(table, likelihood, found, facet="rater", scale_of=scale_of)
    reliability = _reliability(ratees, variance)
    rater_reliability = _rater_reliability(raters)
    return FacetModel(
        log_likelihood=_laplace(fit),
        variance=variance,
        variance_se=alike if found.at_floor else 2 * variance * found.covariance[-1, -1] ** 0.5,
        rater_variance=1 / likelihood.precision if likelihood.precision else None,
        thresholds=scale_thresholds(likelihood, found, 0) if scale_of == "common" else (),
        lowest=forms.lowest,
        ratees=ratees,
        raters=raters,
        items=rate_elements(table, likelihood, found, facet="item", scale_of=scale_of),
        reliability=reliability,
        separation=separation_of(reliability),
        rater_reliability=rater_reliability,
        rater_separation=separation_of(rater_reliability),
        subsets=len(
            {one.measure.subset for one in ratees if isinstance(one.measure, RateeMeasure)}
        ),
        left_out=len(table.categories) - len(forms.places),
        fit=fit,
    )


def _reliability(ratees: tuple[Ratee, ...], variance: float) -> float | Withheld:
    if variance == 0:
        return Withheld("ratees_alike")
    ses = [one.measure.se for one in ratees if isinstance(one.measure, RateeMeasure)]
    return max(float(1 - np.mean(np.square(ses)) / variance), 0.0)


def _rater_reliability(raters: tuple[Element, ...]) -> float | Withheld:
    """Give the share of the variance of severities that is not error (Wright and Masters 1982)."""
    told = np.array([one.measure for one in raters if isinstance(one.measure, Parameter)])
    if len(told) < FEWEST:
        return Withheld("one_rater")
    spread = float(told[:, 0].var(ddof=1))
    if spread == 0:
        return Withheld("raters_alike")
    return max(1 - float((told[:, 1] ** 2).mean()) / spread, 0.0)
